// What a kernel offers, beside its operations, to the library's own implementations of calls (facilities/): open files whose
// behaviour is the library's, sleeping and waking, readiness of other files, timers, memory shared between processes, the ends of
// processes, words of user memory, and signals. A kernel lists the services it has among its operations (`operation_list<service::custom_files, ...>`),
// and calls that a facility builds from them are `emulated` on it.
//
// State that a facility shares between threads is guarded by the kernel's section: `const typename K::section inside;`. A
// section is left while a thread sleeps in it (`K::sleep`), and is never held over a copy of user memory.
#pragma once

#include <polyabi/core/kernel.hpp>
#include <polyabi/core/member_types.hpp>
#include <polyabi/core/vnode_events.hpp>
#include <polyabi/core/waiting.hpp>

#include <concepts>
#include <span>

namespace polyabi {

/// The kernel's number of an error name, as an operation answers it.
template <class K, errc Name>
inline constexpr auto error_of = static_cast<typename K::error>(native_number<K, Name>);

namespace detail {
struct no_memory_object {};
template <class K>
struct memory_object_of {
  using type = no_memory_object;
};
template <class K>
  requires requires { typename K::memory_object; }
struct memory_object_of<K> {
  using type = typename K::memory_object;
};
} // namespace detail

/// An open file that a facility gives its behaviour; the kernel has a file object of its own around it. All flags and events
/// are the kernel's. `kind` tells facilities their own files from others: the address of a constant of theirs.
template <class K>
class custom_file {
public:
  using kernel = K;
  explicit constexpr custom_file(const void* kind) : kind_{kind} {}
  custom_file(const custom_file&) = delete;
  custom_file& operator=(const custom_file&) = delete;

  /// Outside the section. `status_flags` are the open file's at the moment (nonblock). The file has no position: pread and pwrite
  /// are refused by the kernel.
  virtual answer<K, i64> read(typename K::thread&, user_vector, u32 /*status_flags*/) { return error_of<K, errc::inval>; }
  virtual answer<K, i64> write(typename K::thread&, user_vector, u32 /*status_flags*/) { return error_of<K, errc::inval>; }
  /// Inside the section, which it does not leave. Which of `events` hold, with errors and hang-ups whenever they do. If `places` is not null, it points
  /// to `K::watch_places` watches, with which to enter the queues that will be woken, whether or not an event holds now:
  /// `queue.enter(places[0])`.
  virtual u16 poll(u16 events, typename K::watch* places) = 0;
  /// Whether it can be polled at all (epoll answers EPERM otherwise).
  virtual bool has_readiness() const { return true; }
  /// Inside the section. The last reference is gone: frees itself.
  virtual void closed() = 0;
  /// Whether lseek is accepted, although there is no position, or refused (ESPIPE).
  virtual bool accepts_seek() const { return false; }
  /// Inside the section. How many bytes could be read (FIONREAD).
  virtual answer<K, i32> bytes_readable() { return error_of<K, errc::notty>; }
  /// What /proc/PID/fd shows: "anon_inode:[eventfd]". Answers the length, at most `limit`.
  virtual usize describe(char* /*to*/, usize /*limit*/) const { return 0; }
  /// The type and permissions that fstat answers (native mode bits), and the size.
  virtual u32 mode() const { return 0600; }
  virtual i64 size() const { return 0; }
  /// The bytes that mappings of it show; null if it cannot be mapped.
  virtual typename detail::memory_object_of<K>::type* memory() { return nullptr; }
  /// Inside the section. One mapping more or less shows it, by the doing of this process (0: nobody's).
  virtual void mapped(i32 /*process*/) {}
  virtual void unmapped(i32 /*process*/) {}
  /// Inside the section. This process has closed a descriptor of it; there may be others.
  virtual void descriptor_closed(i32 /*process*/) {}
  /// Outside the section. Another open file, for an open of a name that this one is attached to (`service::attachment`).
  virtual answer<K, typename K::file_ref> reopened(typename K::thread&, u32 /*status_flags*/) { return error_of<K, errc::nxio>; }

  const void* kind() const { return kind_; }

protected:
  ~custom_file() = default; // `closed` knows the whole type

private:
  const void* kind_;
};

/// The facility's file behind an open file, or null if it is another kind of file.
template <class T>
T* custom_file_of(typename T::kernel::file& opened) {
  custom_file<typename T::kernel>* custom = T::kernel::custom_of(opened);
  return custom != nullptr && custom->kind() == &T::kind_mark ? static_cast<T*>(custom) : nullptr;
}

/// A word of user memory by what is behind it: the same wherever it is mapped. Each kernel fills it as it likes.
struct user_word_key {
  u64 space = 0, object = 0, offset = 0;
  bool operator==(const user_word_key&) const = default;
  constexpr u64 hash() const {
    constexpr u64 spread = 0x9e3779b97f4a7c15;
    return ((space * spread ^ object) * spread ^ offset) * spread >> 32;
  }
};

/// A mapping of an open file, as `K::mapping_from` tells it. Neighbours are told one by one.
template <class K>
struct file_mapping {
  u64 start = 0, end = 0, offset = 0;
  typename K::file_ref file;
};

namespace service {

/// Open files of facilities, kernel memory, and sleeping.
struct custom_files {
  template <class K>
  static constexpr bool present = requires(typename K::thread& t, typename K::file& f, custom_file<K>& custom,
                                           typename K::wait_queue& queue, typename K::watch& place, u32 flags, void* memory,
                                           usize size) {
    typename K::section;
    typename K::outside_section; // leaves it for a scope, to copy user memory
    { K::watch_places } -> std::convertible_to<usize>;
    // Inside the section. EBADF for a file that was opened for its path alone, too.
    { K::file_of(t, 0) } -> std::same_as<answer<K, typename K::file_ref>>;
    { K::status_flags(f) } -> std::same_as<u32>; // access mode, nonblock, ...
    { K::custom_of(f) } -> std::same_as<custom_file<K>*>;
    // Takes the custom file over, whatever the answer.
    { K::make_descriptor(t, custom, flags, flags) } -> std::same_as<answer<K, typename K::new_descriptor>>;
    // As make_descriptor, without a descriptor: a file that another one keeps.
    { K::make_file(custom, flags) } -> std::same_as<answer<K, typename K::file_ref>>;
    // A descriptor of a file that there is.
    { K::give_descriptor(t, K::file_of(t, 0), flags) } -> std::same_as<answer<K, typename K::new_descriptor>>;
    { K::sleep(t, queue, no_deadline) } -> std::same_as<wakeup>;
    queue.enter(place);
    queue.wake_all();
    queue.wake_all(u16{}); // the events that the wakeup is about
    queue.wake_one();
    { queue.empty() } -> std::same_as<bool>;
    { K::allocate(size) } -> std::same_as<void*>;
    K::deallocate(memory, size);
  };
};

/// Being told of the readiness of any open file, and of its end. `K::watch` calls `notify` at every wakeup, inside the section,
/// with the events that the wakeup is about (all, if nobody knows); it answers whether it did something about it. Of the
/// `exclusive` watches of a queue, one that does is enough. Where wakeups may be on their way, from a host, there is also
/// `K::settle_readiness()`, inside the section: it ends when all are there.
struct readiness {
  template <class K>
  static constexpr bool present = requires(typename K::file& f, typename K::watch& place, typename K::file_observer& observer,
                                           u16 events) {
    { K::poll_file(f, events, &place) } -> std::same_as<u16>; // inside the section
    { K::has_readiness(f) } -> std::same_as<bool>;
    place.leave();
    place.notify = +[](typename K::watch&, u16) { return true; };
    place.exclusive = true;
    place.owner = static_cast<void*>(nullptr); // whose watch it is, for `notify`
    K::observe(f, observer);
    { K::next_observer(f, &observer) } -> std::same_as<typename K::file_observer*>; // null: the first one; null at the end
    observer.leave();
    observer.gone = +[](typename K::file_observer&) {};
  };
};

/// Callbacks at a time of the monotonic clock, inside the section.
struct timers {
  template <class K>
  static constexpr bool present = requires(typename K::deadline& timer) {
    { K::monotonic_time() } -> std::same_as<u64>;
    { K::real_time() } -> std::same_as<u64>;
    K::arm(timer, no_deadline); // `no_deadline` disarms
    timer.expired = +[](typename K::deadline&, u64 /*due*/) {};
  };
};

/// Memory that lies in no file system and that processes map: the `memory()` of a facility's file.
struct shared_memory {
  template <class K>
  static constexpr bool present = requires(typename K::thread& t, typename K::memory_object& object, typename K::file_ref file,
                                           file_mapping<K>& mapping, u64 address, u32 flags) {
    { object.resize(address) } -> std::same_as<answer<K>>; // new bytes are zero
    { object.stored() } -> std::same_as<u64>;               // bytes of memory that it costs
    // As op::map, of a file that needs no descriptor.
    { K::map_file(t, file, address, address, flags, flags, address) } -> std::same_as<answer<K, u64>>;
    { K::unmap(t, address, address) } -> std::same_as<answer<K>>;
    // The caller's mapping of a file that begins at `address` or is the first above it; false at the end.
    { K::mapping_from(t, address, mapping) } -> std::same_as<bool>;
  };
};

/// The signal mask of the calling thread for the length of a call: `set_mask_for_call` before it sleeps, and `end_mask_for_call`
/// unless a signal has ended it, which is then handled under the mask of the call. Inside the section.
struct call_masks {
  template <class K>
  static constexpr bool present = requires(typename K::thread& t, const native<K, shape::sigset>& mask) {
    K::set_mask_for_call(t, mask);
    K::end_mask_for_call(t);
  };
};

/// The signals that are pending for the calling thread and its process. Inside the section.
struct pending_signals {
  template <class K>
  static constexpr bool present = requires(typename K::thread& t, const native<K, shape::sigset>& set,
                                           native<K, shape::siginfo>& info) {
    { K::caller() } -> std::same_as<typename K::thread&>; // the calling thread, for `custom_file::poll`
    { K::is_pending(t, set) } -> std::same_as<bool>;
    // False if none of the set is.
    { K::take_signal(t, set, info) } -> std::same_as<bool>;
    // Woken whenever a signal begins to be pending for a thread of the process. Goes with the process.
    { K::signals_arrived(t) } -> std::same_as<typename K::wait_queue&>;
  };
};

/// Signals that lie in what sends them, and are pending at most once: timers. Inside the section.
struct signal_sources {
  template <class K>
  static constexpr bool present = requires(typename K::thread& t, typename K::process& p, typename K::signal_source& source) {
    { K::process_of(t) } -> std::same_as<typename K::process&>;
    { K::has_thread(p, 0) } -> std::same_as<bool>;
    // To a thread of the process, or (0) to the process. False if it is not pending now: ignored, no such thread, or it was before.
    { K::raise(p, 0, source) } -> std::same_as<bool>;
    { K::is_raised(source) } -> std::same_as<bool>;
    { source.info } -> std::same_as<native<K, shape::siginfo>&>;
    // When it is pending no more: taken, with the details that its taker will see, or (null) dropped.
    source.left = +[](typename K::signal_source&, native<K, shape::siginfo>*) {};
    K::withdraw(p, source);
  };
};

/// Processor time, in nanoseconds, that a process or (not 0) one of its threads has used; of a thread that is not there, 0. Inside
/// the section.
struct processor_times {
  template <class K>
  static constexpr bool present = requires(typename K::process& p, i32 thread) {
    { K::processor_time(p, thread) } -> std::same_as<u64>;
  };
};

/// What a facility keeps for a process. Inside the section. `ended` is called once, when the process has ended but its number is not
/// free yet, and frees the object; `executed`, if it is not null, when it becomes another program, and frees it as well. `kind` tells
/// facilities their own from others'.
struct process_attachments {
  template <class K>
  static constexpr bool present = requires(typename K::thread& t, typename K::process& p, typename K::process_attachment& attachment,
                                           const void* kind) {
    { K::process_of(t) } -> std::same_as<typename K::process&>;
    attachment.kind = kind;
    attachment.ended = attachment.executed = +[](typename K::process_attachment&) {};
    K::attach(p, attachment);
    { K::attachment_of(p, kind) } -> std::same_as<typename K::process_attachment*>;
  };
};

/// Words of user memory as threads meet at them, and the ends of threads.
struct user_words {
  template <class K>
  static constexpr bool present = requires(typename K::thread& t, u64 address, bool shared, u32 value, u32& seen, i32 number) {
    // Inside the section. EINVAL for an address that is no word's, EFAULT if nothing is there. Not `shared`: the caller's own.
    { K::word_key(t, address, shared) } -> std::same_as<answer<K, user_word_key>>;
    // Outside: becomes `value` if it is as expected; `seen` is what it was. False on a fault.
    { K::exchange_user_word(t, address, value, value, seen) } -> std::same_as<bool>;
    // Inside: a function for the end of a thread, called outside the section by the thread itself, which still has its memory; also
    // when it becomes another program. One that is there stays. False if there is no thread of this number.
    { K::at_thread_end(number, +[](typename K::thread&) {}) } -> std::same_as<bool>;
    // Called inside the section when the kernel has zeroed a word of a thread that ended (op::set_clear_on_exit).
    K::word_cleared = +[](typename K::thread&, u64) {};
  };
};

/// Threads of the caller's process that stand still until they are let go on. One does before it returns to user code, or begins;
/// in a sleep that signals can end, where it is, and the sleep goes on afterwards. Signals for it wait. Inside the section.
struct thread_suspension {
  template <class K>
  static constexpr bool present = requires(typename K::thread& t, i32 number) {
    { K::suspend_thread(t, number) } -> std::same_as<bool>; // false: there is no such thread
    { K::resume_thread(t, number) } -> std::same_as<bool>;
    { K::is_suspended(t, number) } -> std::same_as<bool>; // it stands
    // Woken when a thread of the process has come to stand, and when one has ended.
    { K::threads_changed(t) } -> std::same_as<typename K::wait_queue&>;
  };
};

/// Filters that judge the calls of a thread before they are made: an object of a facility's, at most one for a thread. Threads and
/// processes that it makes have it too, and it outlives exec.
struct call_filters {
  template <class K>
  static constexpr bool present = requires(typename K::thread& t, typename K::call_filter& filter, i32 number,
                                           const native<K, shape::siginfo>& info) {
    // Of the calling thread: also outside the section. Null: none.
    { K::call_filter_of(t) } -> std::same_as<typename K::call_filter*>;
    // Inside the section. One reference more to this one, one less to the former.
    K::set_call_filter(t, filter);
    { filter.references } -> std::same_as<u32&>;
    filter.released = +[](typename K::call_filter&) {}; // the last reference is gone: frees itself
    { K::call_filter_of(number) } -> std::same_as<typename K::call_filter*>; // of any thread
    K::for_each_thread(t, [](typename K::thread&, i32 /*number*/) {});     // of the caller's process
    // Inside the section: to the caller, which cannot block or ignore it, and with `fatal` not catch it either.
    K::force_signal(t, info, true);
    K::end_thread(t, number); // the caller ends; the last one's process as if killed by this signal
  };
};

/// Processes by something that stays the same after they have ended. Inside the section.
struct process_handles {
  template <class K>
  static constexpr bool present = requires(typename K::thread& t, typename K::process_ref& of, typename K::file& file, i32 number,
                                           const native<K, shape::siginfo>* info) {
    { K::find_process(t, number) } -> std::same_as<answer<K, typename K::process_ref>>;
    // 0 once it has been waited for.
    { K::id_of(of) } -> std::same_as<i32>;
    { K::is_caller(t, of) } -> std::same_as<bool>;
    { K::has_ended(of) } -> std::same_as<bool>;
    // Woken when it ends, and when it has been waited for. Lives as long as the reference.
    { K::end_of(of) } -> std::same_as<typename K::wait_queue&>;
    // As kill and sigqueue do; null info: kill.
    { K::signal_process(t, of, number, info) } -> std::same_as<answer<K>>;
    // The process that an open file stands for (a directory of /proc). EBADF for others.
    { K::process_of_file(t, file) } -> std::same_as<answer<K, typename K::process_ref>>;
    // An open file of it, if the caller may look into it.
    { K::file_of_process(t, of, number) } -> std::same_as<answer<K, typename K::file_ref>>;
  };
};

/// Being told what happens to files and in directories. Inside the section.
struct vnode_watches {
  template <class K>
  static constexpr bool present = requires(typename K::thread& t, std::string_view path, bool flag, typename K::file& file,
                                           typename K::node_ref& node,
                                           typename K::node_ref (&nodes)[2], typename K::node_watch& watch) {
    // The file of a path that the caller may read, following a link at its end or not; ENOTDIR if it has to be a directory and
    // is none. A directory that is two in one (union directories) answers both.
    { K::find_watchable(t, path, flag, flag, nodes) } -> std::same_as<answer<K>>;
    // The same of an open directory. ENOTDIR.
    { K::nodes_of_directory(file, nodes) } -> std::same_as<answer<K>>;
    { K::is_directory(node) } -> std::same_as<bool>;
    // The file stays the same object while it is watched, but need not be held.
    K::watch_node(*node, watch);
    { K::next_node_watch(*node, &watch) } -> std::same_as<typename K::node_watch*>; // null: the first one; null at the end
    watch.owner = static_cast<void*>(nullptr);
    watch.happened = +[](typename K::node_watch&, const vnode_report&) {};
    // The file has gone, and the watch has left it.
    watch.gone = +[](typename K::node_watch&) {};
    watch.leave();
  };
};

/// Signals that a facility sends. Inside the section.
struct signals {
  template <class K>
  static constexpr bool present = requires(typename K::thread& t, typename K::signal_target target, i32 id,
                                           const native<K, shape::siginfo>& info) {
    // Whom to send to: a process for as long as it lives, or a group. By id as kill(2) has it, below 0 for a group: ESRCH, EPERM.
    { K::signal_target_of(t) } -> std::same_as<typename K::signal_target>;
    { K::find_signal_target(t, id) } -> std::same_as<answer<K, typename K::signal_target>>;
    { target == target } -> std::same_as<bool>;
    { K::signal(target, info) } -> std::same_as<bool>; // false: it is gone
    K::signal_caller(t, info);                         // the thread itself: SIGPIPE
    K::queue_signal(id, info);                         // a process with a value; to nobody if it is gone
  };
};

/// Names of files that stand for an open file of a facility, from outside the section: opens of the name are the facility's
/// (`custom_file::reopened`).
struct attachment {
  template <class K>
  static constexpr bool present = requires(typename K::thread& t, typename K::file_ref file, std::string_view path) {
    // The caller owns the file of that name and may write to it, or is privileged. EBUSY if something is attached already.
    { K::attach(t, path, file) } -> std::same_as<answer<K>>;
    { K::detach(t, path) } -> std::same_as<answer<K>>; // EINVAL if nothing is
  };
};

} // namespace service

/// Whether a word of a facility's own flags has the one called `Name`.
template <auto Name>
constexpr bool has_flag(u32 flags) {
  return (flags & native_number<void, Name>) != 0;
}

/// A new object in kernel memory, or null.
template <class K, class T, class... Arguments>
[[nodiscard]] T* create(Arguments&&... arguments) {
  void* memory = K::allocate(sizeof(T));
  return memory != nullptr ? ::new (memory) T{static_cast<Arguments&&>(arguments)...} : nullptr;
}
template <class K, class T>
void destroy(T* object) {
  if (object == nullptr) return;
  object->~T();
  K::deallocate(object, sizeof(T));
}

/// An array in kernel memory for the length of a call. Empty if there is no memory.
template <class K, class T>
class kernel_array {
public:
  explicit kernel_array(usize count)
      : memory_{count != 0 ? static_cast<T*>(K::allocate(count * sizeof(T))) : nullptr}, count_{memory_ != nullptr ? count : 0} {
    for (usize i = 0; i < count_; ++i) ::new (&memory_[i]) T{};
  }
  ~kernel_array() {
    for (usize i = count_; i-- > 0;) memory_[i].~T();
    if (memory_ != nullptr) K::deallocate(memory_, count_ * sizeof(T));
  }
  kernel_array(const kernel_array&) = delete;
  kernel_array& operator=(const kernel_array&) = delete;
  explicit operator bool() const { return memory_ != nullptr; }
  T* data() const { return memory_; }
  std::span<T> all() const { return {memory_, count_}; }

private:
  T* memory_;
  usize count_;
};

/// A position in a user vector that is being filled or read, outside the section.
template <class K>
class transfer_cursor {
public:
  transfer_cursor(typename K::thread& thread, user_vector vector) : thread_{thread}, vector_{vector} {
    for (usize i = 0; i < vector.count; ++i) remaining_ += vector.parts[i].size;
  }
  u64 remaining() const { return remaining_; }
  u64 transferred() const { return transferred_; }
  /// `size` is at most `remaining()`. False on a fault.
  [[nodiscard]] bool write(const void* from, usize size) {
    return each_part(size, [&](u64 at, usize done, usize piece) {
      return K::copy_out(thread_, at, static_cast<const char*>(from) + done, piece);
    });
  }
  [[nodiscard]] bool read(void* to, usize size) {
    return each_part(
        size, [&](u64 at, usize done, usize piece) { return K::copy_in(thread_, static_cast<char*>(to) + done, at, piece); });
  }

private:
  template <class Move>
  bool each_part(usize size, Move move) {
    for (usize done = 0; done < size;) {
      const user_bytes& part = vector_.parts[part_];
      if (offset_ == part.size) {
        ++part_;
        offset_ = 0;
        continue;
      }
      const u64 rest = part.size - offset_;
      const usize piece = size - done < rest ? size - done : static_cast<usize>(rest);
      if (!move(part.address + offset_, done, piece)) return false;
      done += piece;
      offset_ += piece;
      remaining_ -= piece;
      transferred_ += piece;
    }
    return true;
  }

  typename K::thread& thread_;
  user_vector vector_;
  usize part_ = 0;
  u64 offset_ = 0, remaining_ = 0, transferred_ = 0;
};

} // namespace polyabi
