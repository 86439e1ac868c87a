// A personality as a kernel sees it: one constant object for each (personality, architecture, kernel).
#pragma once

#include <polyabi/core/operations.hpp>
#include <polyabi/core/registers.hpp>

#include <span>
#include <string_view>

namespace polyabi {

/// The instruction set and data model of a user image.
enum class architecture : u8 { x86_64, i386 };

/// One element of the auxiliary vector, before its width is chosen.
struct auxiliary_entry {
  u64 type;
  u64 value;
};

/// What the auxiliary vector of a new image can speak of. Addresses are the user's.
struct image_start {
  u64 program_headers = 0; ///< address of the program headers in memory, 0 if they are in no segment
  u32 program_header_size = 0, program_header_count = 0;
  u64 entry = 0;            ///< the program's own entry point, not the interpreter's
  u64 interpreter_base = 0; ///< load address of the interpreter, 0 without one
  u64 system_library = 0;   ///< of the ELF image that the machine adds (a vDSO), 0 without one
  u64 system_entry = 0;     ///< of a function in it that makes a system call, 0 without one
  u64 random = 0;           ///< address of 16 random bytes
  u64 platform = 0;         ///< address of the platform string
  u64 file_name = 0;        ///< address of the path given to exec
  u32 user = 0, effective_user = 0, group = 0, effective_group = 0;
  bool secure = false;                                           ///< set-id execution
  u64 hardware_capabilities = 0, more_hardware_capabilities = 0; ///< AT_HWCAP: CPUID 1 EDX on x86; AT_HWCAP2
  u32 fpu_size = 0;                                              ///< bytes of `registers::fpu` in a signal frame, 0 if unknown
};

/// Which images of a format a system takes for its own.
enum class image_claim : u8 {
  none,   ///< it has no such format
  marked, ///< those that a mark gives to it
  all,
};

/// How images of this personality are recognised. Every row is a fact about executables, not about a program.
struct brand_rules {
  std::span<const u8> os_abi{};                     ///< EI_OSABI values that are conclusive
  std::span<const std::string_view> note_owners{};  ///< owners of ABI-tag notes (type 1), e.g. "GNU" with OS 0
  std::span<const std::string_view> interpreters{}; ///< PT_INTERP paths
  std::string_view old_brand{};                     ///< string at e_ident[8], or empty
  std::span<const std::string_view> comments{};     ///< beginnings of .comment strings
  std::span<const gate> gates{};                    ///< kernel-entry instructions in static images without any other mark
  u32 gnu_note_system = 0;                          ///< the OS number wanted of a note of owner "GNU": 0 Linux, 2 Solaris
  image_claim coff = image_claim::none;             ///< to COFF executables
  std::span<const u32> coff_text{};                 ///< where its linker lets the text of COFF executables begin
};

/// Code of the machine's (see `image_start::system_library`) that handlers return to, for systems where they need no code of the
/// program's; user addresses, 0 without it.
struct handler_returns {
  u64 plain = 0;        ///< of a handler that gets the signal's number
  u64 with_details = 0; ///< of one that gets a siginfo
};

/// A signal about to be delivered to a handler.
template <class K>
struct signal_delivery {
  native<K, shape::siginfo> info;     ///< native numbers
  native<K, shape::sigaction> action; ///< native flags; handler and restorer are user addresses
  native<K, shape::sigset> old_mask;  ///< to be restored by sigreturn
  native<K, shape::sigstack> stack;   ///< the alternate stack as configured
  u64 stack_pointer;                  ///< where to build: the user's, or the top of the alternate stack
  handler_returns returns{};
};

/// A tree of pseudo files that a personality wants to see somewhere (`/proc`): opaque here, read by `vfs/`.
template <class K>
struct pseudo_tree;

/// Rows that a vendor's variant of a personality lays over the personality's own: see overlay.hpp.
template <class K>
struct overlay_rows;

template <class K>
struct pseudo_mount {
  std::string_view where;
  const pseudo_tree<K>* tree;
};

/// The constant description of one personality on one architecture for kernel `K`.
template <class K>
struct abi {
  std::string_view name; ///< "linux"; of a vendor's variant "svr4:unixware"
  architecture arch;
  std::string_view platform;       ///< AT_PLATFORM: "x86_64", "i686"
  std::string_view emulation_root; ///< "/compat/linux"; empty for none
  brand_rules brand;

  /// Decodes, dispatches and answers one system call: reads and writes `registers`.
  void (*system_call)(typename K::thread&, registers&, gate);
  /// Builds the handler's frame on the user stack and points the registers at the handler. False if the stack cannot be
  /// written.
  bool (*deliver_signal)(typename K::thread&, registers&, const signal_delivery<K>&);
  /// A signal ends the calling thread's process, and may leave an image of it (core(5)); called outside the kernel's section, while all
  /// other threads of the process stand still. Whether there is one now. Null: this system leaves none.
  bool (*leave_core)(typename K::thread&, const native<K, shape::siginfo>&);
  /// Fills the auxiliary vector without its terminator; answers how many entries.
  usize (*auxiliary_vector)(const image_start&, std::span<auxiliary_entry>);
  /// Registers of a fresh image beyond instruction and stack pointer (both already set).
  void (*initial_registers)(registers&);

  std::span<const pseudo_mount<K>> pseudo_mounts;

  /// Of a variant: its rows, and what its personality wants to know of it. Null: none.
  const overlay_rows<K>* overlay = nullptr;
  const void* variant = nullptr;
  /// The setting that chooses the release which programs see, as "linux.osrelease"; empty: there is none.
  std::string_view release_setting{};
  /// Who runs scripts that begin with a colon; empty: nobody, they are ENOEXEC.
  std::string_view colon_script_shell{};
};

} // namespace polyabi
