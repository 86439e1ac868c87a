// A kernel's own ABI, as a personality: its programs run beside foreign ones, and nothing is translated for them.
#pragma once

#include <polyabi/core/instantiate.hpp>
#include <polyabi/native/syscalls.hpp>

namespace polyabi::native_abi {

/// How a kernel's own programs are known: an ABI-tag note of this owner, or this EI_OSABI.
inline constexpr u8 os_abi[] = {0x50};
inline constexpr std::string_view note_owners[] = {"polyabi"};
inline constexpr brand_rules images{.os_abi = os_abi, .note_owners = note_owners, .old_brand = "polyabi"};

template <class K>
struct personality {
  static constexpr std::string_view name = "native";
  using errors = kernel_map<K, errc>;
  using signals = kernel_map<K, signal>;
  static constexpr i32 current_directory = K::current_directory;
  using syscalls = typename tables<K>::syscalls;
  static constexpr std::string_view emulation_root = "";

  static_assert(translates_nothing<K>, "a map of this kernel does not lead back to itself");
};

/// `syscall` with six arguments in registers; errors by the carry flag, as 4.4BSD's.
struct x86_64 {
  using model = lp64;
  static constexpr usize column = 0;
  static constexpr architecture arch = architecture::x86_64;
  static constexpr std::string_view platform = "x86_64";
  static constexpr const brand_rules& brand = images;
  static constexpr trap_convention convention{
      .number = &registers::rax,
      .arguments = {&registers::rdi, &registers::rsi, &registers::rdx, &registers::r10, &registers::r8, &registers::r9},
      .result = &registers::rax,
      .second = &registers::rdx,
      .errors = error_style::carry};

  template <class Env>
  static void child_registers(context<Env>&, registers& child) {
    child.rax = child.rdx = 0;
    child.rflags &= ~carry_flag;
  }

  template <class Env>
  static bool deliver_signal(typename Env::kernel::thread& thread, registers& frame,
                             const signal_delivery<typename Env::kernel>& what) {
    return build_signal_frame<Env>(thread, frame, what);
  }

  /// The System V ABI's types; 11 to 14 are the ids.
  static usize auxiliary_vector(const image_start& start, std::span<auxiliary_entry> to) {
    enum : u64 {
      phdr = 3,
      phent,
      phnum,
      pagesz,
      base,
      flags,
      entry,
      uid = 11,
      euid,
      gid,
      egid,
      secure = 23,
      random = 25,
      execfn = 31
    };
    const auxiliary_entry all[] = {{phdr, start.program_headers},
                                   {phent, start.program_header_size},
                                   {phnum, start.program_header_count},
                                   {pagesz, page_size},
                                   {base, start.interpreter_base},
                                   {flags, 0},
                                   {entry, start.entry},
                                   {uid, start.user},
                                   {euid, start.effective_user},
                                   {gid, start.group},
                                   {egid, start.effective_group},
                                   {secure, start.secure ? u64{1} : u64{0}},
                                   {random, start.random},
                                   {execfn, start.file_name}};
    usize n = 0;
    for (const auxiliary_entry& e : all)
      if (n < to.size()) to[n++] = e;
    return n;
  }

  static void initial_registers(registers& r) {
    r.rax = r.rbx = r.rcx = r.rdx = r.rsi = r.rdi = r.rbp = 0;
    r.r8 = r.r9 = r.r10 = r.r11 = r.r12 = r.r13 = r.r14 = r.r15 = 0;
    r.rflags = 0x202;
  }

  template <class K>
  static constexpr std::span<const pseudo_mount<K>> pseudo_mounts() {
    return {};
  }
};

/// This personality over kernel `K`: `abi_of<native_abi::on<K>>`.
template <class K>
using on = environment<personality<K>, x86_64, K>;

} // namespace polyabi::native_abi
