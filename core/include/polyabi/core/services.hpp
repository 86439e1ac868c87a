// What a kernel offers, beside its operations, to the library's own implementations of calls (facilities/): open files whose
// behaviour is the library's, sleeping and waking, readiness of other files, timers, memory shared between processes, the ends of
// processes, and signals. A kernel lists the services it has among its operations (`operation_list<service::custom_files, ...>`),
// and calls that a facility builds from them are `emulated` on it.
//
// State that a facility shares between threads is guarded by the kernel's section: `const typename K::section inside;`. A
// section is left while a thread sleeps in it (`K::sleep`), and is never held over a copy of user memory.
#pragma once

#include <polyabi/core/kernel.hpp>
#include <polyabi/core/member_types.hpp>
#include <polyabi/core/waiting.hpp>

#include <concepts>

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

  const void* kind() const { return kind_; }

protected:
  ~custom_file() = default; // `closed` knows the whole type

private:
  const void* kind_;
};

/// The facility's file behind an open file, or null if it is another kind of file.
template <class T, class K>
T* custom_file_of(typename K::file& opened) {
  custom_file<K>* custom = K::custom_of(opened);
  return custom != nullptr && custom->kind() == &T::kind_mark ? static_cast<T*>(custom) : nullptr;
}

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
    { K::watch_places } -> std::convertible_to<usize>;
    { K::file_of(t, 0) } -> std::same_as<answer<K, typename K::file_ref>>;
    { K::custom_of(f) } -> std::same_as<custom_file<K>*>;
    // Takes the custom file over, whatever the answer.
    { K::make_descriptor(t, custom, flags, flags) } -> std::same_as<answer<K, typename K::new_descriptor>>;
    // As make_descriptor, without a descriptor: a file that another one keeps.
    { K::make_file(custom, flags) } -> std::same_as<answer<K, typename K::file_ref>>;
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
/// `exclusive` watches of a queue, one that does is enough.
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

/// Being told of the end of processes: `gone`, inside the section, when the process has ended but its number is not free yet.
/// The observer's `kind` tells facilities their own from others'.
struct process_ends {
  template <class K>
  static constexpr bool present = requires(typename K::thread& t, typename K::process_observer& observer, const void* kind) {
    K::observe_process(t, observer); // the caller's process
    { K::process_observer_of(t, kind) } -> std::same_as<typename K::process_observer*>;
    observer.leave();
    observer.gone = +[](typename K::process_observer&) {};
    observer.kind = kind;
  };
};

/// Sending signals with values, inside the section; to nobody if the process is gone.
struct signals {
  template <class K>
  static constexpr bool present = requires(i32 process, const native<K, shape::siginfo>& info) {
    K::queue_signal(process, info);
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
