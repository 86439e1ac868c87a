// What a machine calls in the kernel: entries from user code, and interrupts. Each takes the kernel lock itself.
#pragma once

#include <polyabi/reference/process.hpp>

namespace polyabi::reference {

/// Where the personalities linked into this kernel are: defined by the one file that joins them (a machine's or a test's).
/// The first one whose brand rules match wins; see activators/brand.hpp for the order.
std::span<const abi<kernel>* const> linked_personalities();

namespace trap {
/// A system call of the calling thread. On return the registers are what the user is to continue with (signals are handled).
void system_call(thread&, registers&, gate);
/// Whether the instruction is a way into the kernel for the thread's personality. What is none is a fault.
bool is_gate(const thread&, gate);
/// A processor fault in user code: becomes a signal. `signal_number` and `code` are native.
void user_fault(thread&, registers&, i32 signal_number, i32 code, u64 address);
/// The machine's answer to `machine::interrupt`: nothing but signals to look at.
void attention(thread&, registers&);
/// First kernel code of a new process or thread, before it enters user code with `registers`.
void first_return(thread&, registers&);
} // namespace trap

namespace interrupt {
void timer();                                     ///< the deadline of machine::set_timer has passed
void console_input(const char* text, usize size); ///< typed characters
void console_writable();                          ///< more can be shown, see machine::console_write
void console_resized(u16 rows, u16 columns);
void console_hangup();
void host_ready(u64 cookie, u32 bits); ///< see machine::host::watch
void host_watches();                   ///< there is something for machine::host::take_watched
/// Frees a thread that has called `machine::end_thread`, when nothing runs on its stack any more.
void release_thread(thread&);
/// The host process of this kernel process died without `end_thread` (kill -9 from outside): a panic if it held the lock,
/// otherwise the process ends as if killed.
void lost_process(thread&, i32 signal_number);
/// A signal from outside for the first process.
void signal_first_process(i32 signal_number);
} // namespace interrupt

/// What the system boots with.
struct boot_options {
  std::string_view host_root = "/";
  /// Host directory that appears at each personality's emulation root; empty for none.
  struct emulation {
    std::string_view personality, directory;
  };
  std::span<const emulation> emulations;
  std::string_view personality;       ///< explicit choice for the first program, or empty
  std::string_view fallback_brand;    ///< personality of images without any mark, or empty
  std::string_view working_directory; ///< a path in the reference kernel's tree
  u32 umask = 022;                    ///< file mode bits that the first program's files do not get
  bool console_is_terminal = false;   ///< standard streams that are the host terminal become /dev/console
  winsize window{};
  termios console_attributes{}; ///< the host terminal's own, translated by the machine
  bool trace = false;
  /// Settings of personalities, as `linux.osrelease`, `6.1.0`.
  struct setting {
    std::string_view name, value;
  };
  std::span<const setting> settings;
};

/// Mounts the file systems, makes process 1, and prepares the first program as process 2, whose only thread is answered, ready
/// for `machine::start`-like treatment by the caller: it begins in `trap::first_return`. Strings are kernel or tool memory.
result<thread*> boot(const boot_options&);
/// Called in the first program's own context (its address space), before `trap::first_return`: loads the program.
result<> boot_program(thread&, registers&, std::string_view path, std::span<const std::string_view> arguments,
                      std::span<const std::string_view> environment);
/// The wait status word of the first program once it has ended; -1 before.
i32 first_program_status();

} // namespace polyabi::reference
