// What a fresh Linux image finds: its auxiliary vector and registers (fs/binfmt_elf.c in its effect, getauxval(3)).
#pragma once

#include <polyabi/linux/brand.hpp>
#include <polyabi/linux/signal_frame/common.hpp>

namespace polyabi::linux_abi {

/// AT_* (linux/auxvec.h).
namespace auxiliary {
inline constexpr u64 phdr = 3, phent = 4, phnum = 5, pagesz = 6, base = 7, flags = 8, entry = 9, uid = 11, euid = 12, gid = 13,
                     egid = 14, platform = 15, hwcap = 16, clktck = 17, secure = 23, random = 25, hwcap2 = 26, execfn = 31,
                     sysinfo = 32, sysinfo_ehdr = 33, minsigstksz = 51;
} // namespace auxiliary

/// Most stack that a frame of this size can take beyond what the handler itself needs.
constexpr u64 largest_frame(usize frame, u32 fpu_size) {
  // MINSIGSTKSZ of the headers where the size is not known, as on processors without XSAVE.
  const u64 all = frame + fpu_size + 63 + 15;
  return all < 2048 ? 2048 : (all + 15) & ~u64{15};
}

/// In the order of Linux, which `LD_SHOW_AUXV=1` prints.
constexpr usize auxiliary_vector(const image_start& start, u64 smallest_signal_stack, std::span<auxiliary_entry> out) {
  const auxiliary_entry all[] = {
      {auxiliary::sysinfo, start.system_entry},
      {auxiliary::sysinfo_ehdr, start.system_library},
      {auxiliary::minsigstksz, smallest_signal_stack},
      {auxiliary::hwcap, start.hardware_capabilities},
      {auxiliary::pagesz, page_size},
      {auxiliary::clktck, 100},
      {auxiliary::phdr, start.program_headers},
      {auxiliary::phent, start.program_header_size},
      {auxiliary::phnum, start.program_header_count},
      {auxiliary::base, start.interpreter_base},
      {auxiliary::flags, 0},
      {auxiliary::entry, start.entry},
      {auxiliary::uid, start.user},
      {auxiliary::euid, start.effective_user},
      {auxiliary::gid, start.group},
      {auxiliary::egid, start.effective_group},
      {auxiliary::secure, start.secure ? u64{1} : u64{0}},
      {auxiliary::random, start.random},
      {auxiliary::hwcap2, start.more_hardware_capabilities},
      {auxiliary::execfn, start.file_name},
      {auxiliary::platform, start.platform},
  };
  usize count = 0;
  for (const auxiliary_entry& e : all) {
    const bool may_be_missing =
        e.type == auxiliary::platform || e.type == auxiliary::sysinfo || e.type == auxiliary::sysinfo_ehdr;
    if (may_be_missing && e.value == 0) continue;
    if (count < out.size()) out[count++] = e;
  }
  return count;
}

constexpr usize auxiliary_vector_x86_64(const image_start& start, std::span<auxiliary_entry> out) {
  return auxiliary_vector(start, largest_frame(sizeof(rt_frame_x86_64), start.fpu_size), out);
}
constexpr usize auxiliary_vector_i386(const image_start& start, std::span<auxiliary_entry> out) {
  return auxiliary_vector(start, largest_frame(sizeof(frame_i386) + sizeof(old_floating_point), start.fpu_size), out);
}

/// All registers but the instruction and stack pointer are zero (rdx of i386 in particular: no function for atexit).
constexpr void clear_registers(registers& r) {
  r.rax = r.rbx = r.rcx = r.rdx = r.rsi = r.rdi = r.rbp = 0;
  r.r8 = r.r9 = r.r10 = r.r11 = r.r12 = r.r13 = r.r14 = r.r15 = 0;
  r.rflags = 0x202;
  r.fs = r.gs = 0;
  r.ss = frames::data;
}
constexpr void initial_registers_x86_64(registers& r) {
  clear_registers(r);
  r.cs = frames::code64;
  r.ds = r.es = 0;
}
constexpr void initial_registers_i386(registers& r) {
  clear_registers(r);
  r.cs = frames::code32;
  r.ds = r.es = frames::data;
}

} // namespace polyabi::linux_abi
