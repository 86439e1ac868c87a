// What the reference kernel asks of the machine that carries its users. Each machine (simulated, hosted, bare) defines these
// functions; the kernel is linked with one of them. None of them allocates kernel memory or takes a kernel lock.
#pragma once

#include <polyabi/core/file_space.hpp>
#include <polyabi/core/operations.hpp>
#include <polyabi/core/personality.hpp>
#include <polyabi/core/registers.hpp>
#include <polyabi/core/restartable_sequences.hpp>
#include <polyabi/core/types.hpp>

#include <span>
#include <string_view>

namespace polyabi::reference {
class address_space;
struct file;
struct thread;
struct process;
struct region;
struct stat;

/// What a rename does with the new name: takes it from whoever has it, wants it free, or gives the old one for it.
enum class renaming : u8 { replace, to_free, exchange };
} // namespace polyabi::reference

namespace polyabi::reference::machine {

// --- user memory of the calling thread's process. Every function checks the address; false means a fault.
[[nodiscard]] bool copy_in(void* to, u64 from, usize size);
[[nodiscard]] bool copy_out(u64 to, const void* from, usize size);
[[nodiscard]] bool fill_out(u64 to, u8 value, usize size);
/// Copies a string with its NUL. Answers its length without NUL, -1 on a fault, -2 if no NUL within `limit` bytes.
[[nodiscard]] i64 copy_in_string(char* to, u64 from, usize limit);
/// Atomic compare-and-exchange of a user word; `seen` receives the old value. False on a fault.
[[nodiscard]] bool exchange_user_word(u64 address, u32 expected, u32 desired, u32& seen);
/// First address that no user may map.
u64 user_limit(bool is_32_bit);
/// Selectors of user code and data, stack included, in the calling thread's user space.
struct user_selectors {
  u16 code, data;
};
user_selectors selectors(bool is_32_bit);

// --- the calling thread
/// The kernel thread in whose context this code runs; null in an interrupt.
thread* current();
/// Sleeps while `*word == expected`, until woken, the deadline (monotonic ns; ~0 for none) or a spurious wakeup. The word may
/// be shared between processes.
void wait_on(u32* word, u32 expected, u64 deadline);
void wake(u32* word, u32 count);
/// Gives the processor to somebody else.
void yield();
/// The processor that it runs on, and that one's memory node.
void processor(u32& number, u32& node);
/// The processors that a thread may run on (see op::get_affinity): answers how many bytes there were to tell, or 0 if they do not fit.
usize affinity(const thread&, std::span<u8> out);
[[nodiscard]] u16 set_affinity(const thread&, std::span<const u8> processors);
/// From here on, or no longer, the calling thread is told of its processor in this memory and gives up the sequence of instructions it
/// is in whenever it does not run for a moment (restartable_sequences.hpp). Its copy in a new process of its own is told as well.
/// ENOSYS: the machine does not know when that is.
[[nodiscard]] u16 tell_of_processor(const sequence_area&, bool tells);
/// In this area the thread is in no sequence any more.
void leave_sequence(u64 area);
/// Makes a thread that runs user code enter the kernel soon (to look at its signals). Harmless if it is in the kernel.
void interrupt(thread&);

// --- life of processes and threads. A `thread` carries `machine_state`, which belongs to the machine.
/// Prepares `child`, in a new process, to resume with `registers` (and a copy of the parent's floating-point state). With
/// `share_memory` it runs in the parent's address space until it calls `detach_memory`. False if the host refuses. The kernel lock may be
/// given back meanwhile, if the parent has no other thread.
[[nodiscard]] bool create_process(thread& parent, thread& child, const registers&, bool share_memory);
/// A thread in the caller's process.
[[nodiscard]] bool create_thread(thread& parent, thread& child, const registers&);
/// Lets a created thread run. Not called if the creation is rolled back; then `destroy` is.
void start(thread& child);
void destroy(thread& never_started);
/// Ends the calling thread, and its process with its last thread. The kernel has dropped all its own state but `thread`,
/// which the machine releases with `release_thread` when nothing runs on its stack any more.
[[noreturn]] void end_thread(thread&);
/// A process that shares its parent's memory (vfork) gets an empty address space of its own. Called by exec.
[[nodiscard]] bool detach_memory(thread&);
/// The calling process has waited until a child no longer shares its memory.
void memory_is_back();
/// Processor time of the thread's process, user and system, in ns.
void processor_time(const process&, u64& user, u64& system);
/// What the machine has counted of the calling thread, or of all threads of its process, those that have ended included.
struct work_counts {
  u64 largest = 0; ///< KiB that were in memory at most
  u64 minor_faults = 0, major_faults = 0, blocks_read = 0, blocks_written = 0, waits = 0, preemptions = 0;
  void add(const work_counts& other) {
    if (other.largest > largest) largest = other.largest;
    minor_faults += other.minor_faults;
    major_faults += other.major_faults;
    blocks_read += other.blocks_read;
    blocks_written += other.blocks_written;
    waits += other.waits;
    preemptions += other.preemptions;
  }
};
struct work_done : work_counts {
  u64 user = 0, system = 0; ///< ns of processor time
};
[[nodiscard]] work_done own_work(bool of_thread);
/// Nanoseconds of processor time that the calling thread has used.
[[nodiscard]] u64 own_processor_time();
/// Bytes of a process that are in memory, and those of them that are of files. False if that is not known.
[[nodiscard]] bool memory_in_use(const process&, u64& resident, u64& of_files);

// --- address space of the calling thread's process. Addresses and sizes are whole pages. Protections are bits 1 read, 2 write,
// 4 execute. Answers are host-neutral: 0, or a kernel error number (`error` in numbers.hpp) as an integer.
enum class backing : u8 { anonymous, host_file, object };
struct mapping_source {
  backing kind = backing::anonymous;
  bool shared = false;
  i32 handle = -1; ///< host_file: its descriptor; object: what `object::create` answered
  u64 offset = 0;  ///< into it
};
[[nodiscard]] u16 map(u64 address, u64 size, u32 protection, const mapping_source&);
/// Part of a file is about to be mapped for the calling process, its own, to be executed and not to be written: `source`, or a better
/// copy that the machine has.
[[nodiscard]] mapping_source text_source(process&, u64 address, u64 size, const file&, u64 offset, const mapping_source& source);
/// All of the process' memory is about to be copied for a child: the last moment at which the machine may change what is mapped.
void memory_to_be_copied(process&);
[[nodiscard]] u16 unmap(u64 address, u64 size);
[[nodiscard]] u16 protect(u64 address, u64 size, u32 protection);
/// Moves pages to `new_address` (which is free, or the old one), growing or shrinking. `keep`: the old place stays mapped, and
/// empty if it was private. `duplicate`: pages that are shared are at the new place too; `size` is 0.
enum class remapping : u8 { move, keep, duplicate };
[[nodiscard]] u16 remap(u64 address, u64 size, u64 new_address, u64 new_size, remapping = remapping::move);
/// Pages of one shared mapping show its source from `offset` on.
[[nodiscard]] u16 show(u64 address, u64 size, u64 offset);
enum class advice : u8 {
  discard,            ///< what is private is as it was when it was mapped
  release,            ///< the same, or stays as it is: private anonymous pages
  remove,             ///< what is shared reads as zeros, for everybody
  not_in_children,    ///< a new process does not have them
  in_children,        ///< it does
  zero_in_children,   ///< it has them, and they are zero: private anonymous pages
  copied_in_children, ///< as they are
  bring_in,           ///< as if each page were read
  bring_in_to_write,  ///< as if each page were written to
};
[[nodiscard]] u16 advise(u64 address, u64 size, advice);
[[nodiscard]] u16 sync(u64 address, u64 size);
/// For each page, whether it is in memory, in bit 0.
[[nodiscard]] u16 resident(u64 address, u64 size, u8* to);
/// Memory of any process. False on a fault.
[[nodiscard]] bool copy_from(const process&, void* to, u64 from, usize size);
[[nodiscard]] bool copy_to(const process&, u64 to, const void* from, usize size);
/// The same for a debugger, which may also write to private pages that are not writable.
[[nodiscard]] bool copy_to_text(const process&, u64 to, const void* from, usize size);
/// Undoes what the machine has changed in the text of the calling thread's process, and leaves it alone while one of its threads is
/// traced. Under the kernel lock.
void restore_text();
/// A barrier of this kind (`barriers` in numbers.hpp) in every thread that it concerns, or the registration for one.
[[nodiscard]] u16 barrier(i32 kind);
/// Maps the library that the machine has for new images of this personality's, in the calling thread's process: calls that need
/// no kernel, or the quickest way into it. Under the kernel lock.
struct system_library {
  u64 start = 0; ///< where it is; 0: there is none
  u64 entry = 0; ///< of a function that makes a system call, 0 without one
  handler_returns returns;
};
[[nodiscard]] system_library map_system_library(address_space&, std::string_view personality, architecture);
/// Removes every user mapping.
void unmap_all();
/// Whether the 32-bit image that is about to be built in the calling thread's process needs page zero. A machine whose host
/// refuses that page gives code and data segments a base; all addresses that it takes and gives are the program's own. False if
/// it cannot.
[[nodiscard]] bool start_at_zero(bool needed);
/// Segment bases of the calling thread. `which`: 0 FS, 1 GS.
void set_segment_base(u32 which, u64 base);
u64 segment_base(u32 which);
/// A 32-bit thread-local descriptor: answers the selector's GDT entry number, or -1. `entry` -1 asks for a free one.
i32 set_thread_area(i32 entry, u32 base, u32 limit, u32 flags);
/// All of them are free again.
void clear_thread_areas();
bool get_thread_area(i32 entry, u32& base, u32& limit, u32& flags);
/// The descriptor table of the thread's process: see op::set_segment.
[[nodiscard]] u16 set_segment(u32 entry, u32 base, u32 limit, u32 flags);
/// Answers how many bytes were filled.
usize segments(std::span<u8> to);
void clear_segments();

// --- memory objects: bytes that may be mapped into several processes, and read and written by the kernel. Of any size and sparse:
// what was never written reads as zeros and costs nothing. A user who touches mapped pages behind the end gets a bus error.
// Negative answers are kernel error numbers.
namespace object {
/// Empty.
i32 create();
/// Mappings keep what they show.
void destroy(i32 handle);
i64 resize(i32 handle, u64 size);
/// As `host::read` and `host::write`. A write behind the end makes the object longer.
i64 read(i32 handle, u64 address, usize size, u64 offset);
i64 write(i32 handle, u64 address, usize size, u64 offset);
/// The bytes read as zeros and cost nothing any more.
i64 release(i32 handle, u64 offset, u64 size);
/// The bytes will not fail for want of memory. Does not make the object longer.
i64 reserve(i32 handle, u64 offset, u64 size);
/// Where the first byte at or behind `offset` is that was written, or the first that was not. ENXIO if there is none.
i64 find(i32 handle, u64 offset, bool written);
u64 stored(i32 handle); ///< bytes of memory that it costs
} // namespace object

// --- kernel memory: whole pages from the machine's store, the same address in every process, with anything in them. Null if exhausted.
void* allocate_pages(usize count);
void free_pages(void*, usize count);

// --- time, randomness, log
u64 monotonic_time(); ///< ns
u64 real_time();      ///< ns since 1970
u64 boot_time();      ///< monotonic ns at which the system was started, for uptime
/// Asks for `interrupt::timer()` (see interrupt.hpp) at this monotonic time; ~0 cancels. One timer: the earliest deadline.
void set_timer(u64 deadline);
void random(void* to, usize size);
void log(std::string_view line);
/// Hands a trace record, in two parts, to whoever reads the trace. Waits while the reader is behind; nothing if nobody reads.
void trace(const void* head, usize head_size, const void* rest, usize rest_size);
/// Prints a report and ends every process of the system.
[[noreturn]] void panic(std::string_view why);

// --- the console, if the machine has one: input arrives as `interrupt::console_input`
/// Shows what the device takes without waiting and answers how much: if that is not all, `interrupt::console_writable` follows.
usize console_write(const char* text, usize size);

// --- the host's files, if the machine has a host. Negative answers are kernel error numbers, already translated.
// All paths are relative to a host descriptor, one component, never followed if they are links.
namespace host {
struct file_system {
  u64 type, block_size, fragment_size, blocks, free_blocks, available_blocks, files, free_files, name_limit, flags;
  u64 id[2];
};
/// Bits of `how`.
namespace open_how {
inline constexpr u32 read = 1, write = 2, append = 4, create = 8, exclusive = 16, truncate = 32, directory = 64,
                     path_only = 128, nonblock = 256, sync = 512, follow = 1024,
                     unnamed = 2048; ///< in the directory of this name
}
i32 root();              ///< descriptor of the host directory that is the root mount
i32 standard(u32 which); ///< host descriptors of the three standard streams, or -1
/// Other host descriptors that the first program gets, under the same numbers.
std::span<const i32> inherited();
i32 open(i32 directory, const char* name, u32 how, u32 mode);
i32 reopen(i32 descriptor, u32 how); ///< a path_only descriptor for real
i32 duplicate(i32 descriptor);
/// `descriptor` becomes what `by` is, which is closed. Whatever goes on at it goes on with what it was. Negative: it stays that.
i64 exchange(i32 descriptor, i32 by);
void close(i32 descriptor);
/// Whether it is a regular file or a block device, of one that is open for reading: asking that costs less than half of asking for attributes.
bool is_bytes(i32 descriptor);
/// Device numbers are put together as the kernel's are; a device that both have has the kernel's own.
i64 attributes_of(i32 descriptor, stat&); ///< of the descriptor itself (also path_only)
i64 attributes_of_but_birth(i32 descriptor, stat&); ///< without the time of birth
i64 attributes_at(i32 directory, const char* name, stat&);
i64 statistics(i32 descriptor, file_system&);
/// Reads and writes kernel or user memory directly; a faulting user address answers EFAULT. offset -1: the file's own position.
i64 read(i32 descriptor, u64 address, usize size, i64 offset);
i64 write(i32 descriptor, u64 address, usize size, i64 offset);
/// At the end of the file, whose own position is there afterwards if it `moves`, and else stays.
i64 append(i32 descriptor, u64 address, usize size, bool moves);
i64 seek(i32 descriptor, i64 offset, i32 origin);           ///< origin 0 set, 1 current, 2 end, 3 data, 4 hole
i64 read_entries(i32 descriptor, void* buffer, usize size); ///< the host's getdents64 records
i64 read_link(i32 descriptor, char* to, usize size);        ///< of a path_only descriptor of a link
i64 make_directory(i32 directory, const char* name, u32 mode);
i64 make_node(i32 directory, const char* name, u32 mode, u64 device);
i64 make_link(i32 descriptor, i32 directory, const char* name); ///< hard link to a path_only descriptor
i64 make_symbolic_link(const char* target, i32 directory, const char* name);
i64 remove(i32 directory, const char* name, bool is_directory);
i64 rename(i32 directory, const char* name, i32 new_directory, const char* new_name, renaming);
i64 change_mode(i32 descriptor, u32 mode); ///< works on path_only descriptors
i64 change_owner(i32 descriptor, u32 user, u32 group);
/// nanoseconds may be `time_now` or `time_omit`.
inline constexpr u32 time_now = 0x3fffffff, time_omit = 0x3ffffffe;
i64 change_times(i32 descriptor, i64 access_seconds, u32 access_nanoseconds, i64 modify_seconds, u32 modify_nanoseconds);
i64 truncate(i32 descriptor, u64 size);
i64 change_space(i32 descriptor, space_change, i64 offset, i64 size);
i64 sync(i32 descriptor);
/// Extended attributes, also of path_only descriptors. Sizes are answered; a size of 0 only asks.
i64 get_attribute(i32 descriptor, const char* name, void* to, usize size);
/// Of the file that stands under this name, also if that is a link.
i64 get_attribute_at(i32 directory, const char* file, const char* name, void* to, usize size);
i64 set_attribute(i32 descriptor, const char* name, const void* value, usize size, attribute_rule);
i64 list_attributes(i32 descriptor, char* to, usize size);
i64 remove_attribute(i32 descriptor, const char* name);
/// Bits 1 readable, 2 writable, 4 error, 8 hang-up, 16 urgent data, 32 the peer writes no more, now.
u32 readiness(i32 descriptor);
/// Asks for one `interrupt::host_ready(cookie, bits)` when any of these bits holds; with `every_time`, for one whenever one begins to
/// hold, or what it stands for has grown.
inline constexpr u32 every_time = 0x100;
void watch(i32 descriptor, u32 bits, u64 cookie);
void unwatch(i32 descriptor);
/// What there is to be told of watched descriptors, now and not when the machine comes to it; each is told once, here or by
/// `interrupt::host_ready`. Answers how many. Under the kernel lock: a machine whose `interrupt::host_watches` takes them under it, too, has none on its way
/// then. One that tells by itself answers 0.
struct watched_event {
  u64 cookie;
  u32 bits;
};
usize take_watched(std::span<watched_event> into);
/// Passes an ioctl of a host device on (terminal sizes and the like are not among them): FIONREAD.
i64 bytes_readable(i32 descriptor);
bool is_terminal(i32 descriptor); ///< the console's own terminal
void identity(u32& user, u32& group);
std::span<const u32> groups();
std::string_view host_name();
struct memory_status {
  u64 total, free, available, shared, buffers, swap_total, swap_free;
  u64 load[3];
  u32 processors;
};
void status(memory_status&); ///< loads are 16.16 fixed point
} // namespace host

} // namespace polyabi::reference::machine
