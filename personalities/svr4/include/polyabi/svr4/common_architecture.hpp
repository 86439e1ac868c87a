// What System V's architectures have in common.
#pragma once

#include <polyabi/core/instantiate.hpp>
#include <polyabi/svr4/brand.hpp>
#include <polyabi/svr4/devices.hpp>
#include <polyabi/svr4/ioctls.hpp>
#include <polyabi/svr4/variant.hpp>

namespace polyabi::svr4 {

struct common_architecture {
  using ioctl_encoding = svr4::ioctl_encoding;

  /// fork(2) answers the parent's id and 1 to the child.
  template <class Env>
  static void child_registers(context<Env>& c, registers& child) {
    auto parent = c.perform(op::getpid{});
    child.rax = parent ? static_cast<u32>(*parent) : 0;
    child.rdx = 1;
    child.rflags &= ~carry_flag;
  }

  /// The number that a variant has shown for an error.
  template <class Env>
  static i32 error_shown(typename Env::kernel::thread& thread, i32 number) {
    const std::span<const u8> own = variant_in_force<Env>(thread).errors;
    const auto index = static_cast<usize>(static_cast<u32>(number));
    return index < own.size() && own[index] != 0 ? own[index] : number;
  }

  /// The 2006 kernel's order (exec/elf/elf.c), without what only Solaris' own linker asks for.
  static usize auxiliary_vector(const image_start& start, std::span<auxiliary_entry> to) {
    enum : u64 {
      phdr = 3,
      phent,
      phnum,
      pagesz,
      base,
      flags,
      entry,
      sun_uid = 2000,
      sun_ruid,
      sun_gid,
      sun_rgid,
      sun_platform = 2008,
      sun_hwcap,
      sun_execname = 2014,
      sun_auxflags = 2017
    };
    const auxiliary_entry all[] = {{sun_platform, start.platform},
                                   {sun_execname, start.file_name},
                                   {phdr, start.program_headers},
                                   {phent, start.program_header_size},
                                   {phnum, start.program_header_count},
                                   {entry, start.entry},
                                   {base, start.interpreter_base},
                                   {flags, 0},
                                   {pagesz, page_size},
                                   {sun_uid, start.effective_user},
                                   {sun_ruid, start.user},
                                   {sun_gid, start.effective_group},
                                   {sun_rgid, start.group},
                                   {sun_auxflags, start.secure ? u64{1} : u64{0}},
                                   {sun_hwcap, 0}};
    usize n = 0;
    for (const auxiliary_entry& e : all) {
      if (n == to.size()) break;
      if (start.program_headers == 0 && e.type >= phdr && e.type <= phnum) continue;
      to[n++] = e;
    }
    return n;
  }

  template <class K>
  static constexpr std::span<const pseudo_mount<K>> pseudo_mounts() {
    return svr4::pseudo_mounts<K>();
  }
};

} // namespace polyabi::svr4
