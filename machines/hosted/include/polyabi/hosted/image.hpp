// What the tool and the kernel image agree on: where the image lies, and the block of state that every process of the system
// sees. The tool loads the image; nothing else of it is linked together, so that the image's code (general registers only, no
// TLS) never merges with the tool's.
#pragma once

#include <polyabi/core/types.hpp>

namespace polyabi::reference {
struct boot_options;
struct unsupported_record;
struct termios;
struct winsize;
} // namespace polyabi::reference

namespace polyabi::hosted {

// The kernel lies as high as it can, since user addresses end where it begins: below the 16 GiB where Linux puts a stack and 4 GiB
// that this may grow into. The rest of a process, libraries above all, Linux puts somewhere below the stack: see `make_room`.
inline constexpr u64 kernel_base = 0x7ff8'0000'0000; ///< text and data: within 2 GiB, for code relative to the instruction
inline constexpr u64 arena_base = 0x7ff9'0000'0000;
inline constexpr u64 arena_size = u64{8} << 30;            ///< sparse: only touched pages cost memory
inline constexpr u64 host_library_base = 0x7ffb'0001'0000; ///< the host's vDSO, with its data, in guests
inline constexpr u64 kernel_end = 0x7ffb'0010'0000;
inline constexpr u64 host_user_end = 0x7fff'ffff'f000;

// Programs linked at address 0 lie between these, 1 MiB being above what any host keeps for itself (vm.mmap_min_addr).
inline constexpr u64 based_user_start = 0x100000,
                     based_user_end = 0xc0000000; ///< host address of 0; end in the program's addresses

/// The host's large pages: the kernel's data is mapped in whole ones, and its text begins at one (`image/kernel.ld`).
inline constexpr u64 large_page_size = 2 << 20;
constexpr u64 whole_large_pages(u64 size) {
  return (size + large_page_size - 1) & ~(large_page_size - 1);
}

/// Kernel stacks come first in the arena, aligned to their size: a thread is found by masking its stack pointer.
inline constexpr usize stack_size = 128 * 1024;
inline constexpr usize stack_count = 4096;
inline constexpr u64 pages_base = arena_base + stack_size * stack_count;
inline constexpr usize page_count = (arena_base + arena_size - pages_base) / 4096;

/// A message of the front end to the watchdog, through a pipe.
enum class request : u32 { signal, resize, console, resume, type, end };
struct request_message {
  request kind;
  u32 first, second; ///< signal: native number. resize: rows, columns. console: whether to read it. type: a character
};

/// A kernel's last words: filled by the process that panics, printed by the front end once the terminal is as it was.
struct panic_report {
  u32 present;
  i32 host_process;
  char why[512];
  u64 registers[18]; ///< rax rbx rcx rdx rsi rdi rbp rsp r8..r15 rip rflags
  bool has_registers;
  u64 fault_address;
  u64 backtrace[32];
};

/// Bytes from the kernel to the front end: the kernel writes under its lock and waits when it is full, nothing is lost.
struct ring {
  u32 written, read; ///< bytes, modulo 2^32; futex words
  u32 capacity;      ///< a power of two; 0: nobody listens
  u8* data;          ///< in the kernel's data
};

inline constexpr u32 trace_capacity = 1 << 20;

/// How system calls enter the kernel.
enum class entry_mode : u8 {
  dispatch, ///< by the host's Syscall User Dispatch, always
  patched,  ///< by a jump, from the first time a call site is seen, if it can be changed
};

/// Calls by how they came in. Counted without locks: nearly right.
struct call_counts {
  u64 dispatched, fast;
  u64 sites;       ///< that were changed, by a jump that the instruction before has room for
  u64 short_sites; ///< and by one that ends in bytes that were there already
  u64 shared_texts; ///< mappings of text that were replaced by a copy with its sites changed
};

/// A mapping.
struct address_range {
  u64 start, end;
};

/// Functions of the host's vDSO that guests and the kernel use: they take and answer what the host's calls do.
enum class host_function : u8 { clock_gettime, gettimeofday, time, getcpu, count_ };

/// State that the kernel side, the watchdog and the front end share.
struct shared_state {
  i32 front_end, watchdog;               ///< host process ids
  i32 arena_descriptor, data_descriptor; ///< memory files of the arena and of the kernel's data
  i32 text_descriptor;                   ///< and of its text and constants in large pages, which processes change to; 0: there is none
  u64 large_data, large_text;            ///< bytes in large pages, which the host counts as each process' own
  i32 timer_descriptor;                  ///< a timerfd
  i32 watch_descriptor;                  ///< an epoll of host files
  i32 notice_descriptor;                 ///< an eventfd that wakes the watchdog to look at this block
  i32 ready_descriptor;                  ///< a pipe that tells the watchdog of watches that are ready at once: cookies
  i32 root_descriptor, log_descriptor;
  u32 standard_streams; ///< which of the three the user has open: bit 0 is standard input
  i32 inherited[256];   ///< other descriptors that the first program gets
  u32 inherited_count;
  i32 console_output;     ///< -1: no console
  bool console_may_block; ///< it is not the kernel's own: a write of more than there is room for waits
  u32 console_waits;      ///< output waits until the console takes it
  u64 console_device;     ///< device number of the console's terminal, 0 without
  u64 boot_time;
  u64 host_functions[static_cast<usize>(host_function::count_)]; ///< addresses in guests; 0: the host has none
  address_range host_library;          ///< the host's vDSO, with its data, in guests; 0: there is none
  address_range host_library_parts[4]; ///< its mappings in the watchdog
  u32 host_library_part_count;
  bool has_fsgsbase, has_32_bit;
  u32 floating_point_size;     ///< bytes of an XSAVE area with all that the host has enabled
  u64 floating_point_features; ///< XCR0
  entry_mode entry;
  u32 protection_key; ///< of the kernel's memory, which is closed while users run; 0: it is open
  u32 closed_rights;  ///< PKRU of a thread that runs a user; 0 without a key
  u32 rights_offset;  ///< of PKRU in an XSAVE area
  call_counts counts;
  u32 first_stopped; ///< the first program has stopped
  i32 first_status;  ///< its wait status once it has ended, -1 before
  u32 ended_threads; ///< how many ever, of those that are not their process' first
  u32 guest_count;   ///< threads of guests that are there, as last counted
  u32 boot_error;    ///< why the first program could not start: a kernel error number
  u32 ending;        ///< no new processes
  u32 group_count, groups[256];
  u32 user, group;
  char host_name[65];
  panic_report panic;
  ring trace;
};

/// The first program.
struct program_request {
  const char* const* candidates; ///< paths to try in order
  usize candidate_count;
  const char* const* arguments;
  usize argument_count;
  const char* const* environment;
  usize environment_count;
};

inline constexpr u64 image_magic = 0x31696261796c6f70; // "polyabi1"

/// At the beginning of the image: what the tool calls in it. All of it is called by the watchdog but `initialise`.
struct image_header {
  u64 magic;
  shared_state* shared;
  u64 text_start, text_end;
  u64 constants_end; ///< of what comes before the text, from `kernel_base`
  /// Runs the constructors of the image's globals. Once, by the front end.
  void (*initialise)();
  /// Boots the kernel and lets the first program go. 0, or a kernel error number.
  u32 (*boot)(const reference::boot_options&, const program_request&);
  /// Makes faults of the watchdog's own kernel code panics.
  void (*guard_watchdog)();
  /// Host process `pid`, a child of the watchdog, has ended.
  void (*reaped)(i32 pid, bool for_a_fault);
  /// Sends SIGKILL to every host process of a guest.
  void (*kill_all)();
  /// Looks at shared state after a notice.
  void (*noticed)();
  void (*timer)();
  void (*console_input)(const char* text, usize size);
  void (*console_writable)();
  void (*console_resized)(u16 rows, u16 columns);
  void (*console_hangup)();
  void (*host_ready)(u64 cookie, u32 bits);
  void (*host_watches)();
  void (*signal_first_process)(i32 signal_number);
  /// Name of the personality at `index`, null at the end.
  const char* (*personality_name)(usize index, usize& length);
  /// Name and architecture of the linked personality at `index`, as trace records count them; null at the end.
  const char* (*linked_personality)(usize index, usize& length, u32& arch);
  /// What programs asked for and did not get; called by the front end once the system has ended.
  const reference::unsupported_record* (*unsupported_at)(usize index);
  u32 (*unsupported_lost)();
  /// Called by the watchdog's kernel code while it waits for the kernel's lock.
  void (**while_waiting)();
};

} // namespace polyabi::hosted
