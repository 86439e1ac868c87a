// fcntl and fcntl64.
#pragma once

#include <polyabi/core/file_services.hpp>
#include <polyabi/facilities/directory_notice.hpp>
#include <polyabi/linux/fcntl_commands.hpp>
#include <polyabi/linux/handlers/memory_files.hpp>
#include <polyabi/linux/handlers/signalled_files.hpp>
#include <polyabi/linux/structures/files.hpp>

namespace polyabi::linux_abi::handlers {

/// `Wide` is fcntl64 of i386, which also knows flock64.
template <bool Wide>
struct basic_fcntl {
  using needs = operation_list<op::dup, op::get_descriptor_flags, op::set_descriptor_flags, op::get_status_flags,
                               op::set_status_flags, op::get_lock, op::set_lock, op::get_pipe_size, op::set_pipe_size>;

  template <class Env>
  static reply<Env, fcntl_answer<typename Env::kernel>> call(context<Env>& c, i32 descriptor, i32 command, u64 argument) {
    using K = typename Env::kernel;
    using M = typename Env::model;
    using namespace fcntl_commands;
    if (!is_for_paths(command)) {
      auto flags = c.perform(op::get_status_flags{}, descriptor);
      if (!flags) return flags.error();
      if constexpr (native_number<K, open_flag::path> != 0)
        if ((*flags & native_number<K, open_flag::path>) != 0) return errc::badf;
    }
    switch (command) {
    case dupfd: return duplicate(c, descriptor, argument, 0);
    case dupfd_cloexec: return duplicate(c, descriptor, argument, native_number<typename Env::kernel, fd_flag::cloexec>);
    case getfd: {
      auto flags = c.perform(op::get_descriptor_flags{}, descriptor);
      if (!flags) return flags.error();
      return number<K>(static_cast<i64>(shown_flag_table<kernel_map<K, fd_flag>, fd_flags>::convert(*flags)));
    }
    case setfd: {
      const u64 flags = flag_table<fd_flags, kernel_map<K, fd_flag>>::convert(argument);
      return nothing<Env>(c.perform(op::set_descriptor_flags{}, descriptor, static_cast<u32>(flags)));
    }
    case getfl: {
      auto flags = c.perform(op::get_status_flags{}, descriptor);
      if (!flags) return flags.error();
      u64 shown = shown_flag_table<kernel_map<K, open_flag>, open_flags>::convert(*flags);
      if constexpr (M::word_size == 4) shown &= ~open_bits<open_flag::largefile>; // it is set on whatever a 64-bit process opens
      return number<K>(static_cast<i64>(shown));
    }
    case setfl: {
      using table = total_flag_table<open_flags, kernel_map<K, open_flag>>;
      const u32 flags = static_cast<u32>(table::convert(static_cast<u32>(argument)));
      if (auto set = c.perform(op::set_status_flags{}, descriptor, flags); !set) return set.error();
      // Files that are always ready have the flag and signal nobody.
      (void)tell_by_signals(c, descriptor, (flags & native_number<K, open_flag::async>) != 0);
      return number<K>(0);
    }
    case getlk: return get_lock<linux_abi::flock<M>>(c, descriptor, argument);
    case setlk: return set_lock<linux_abi::flock<M>>(c, descriptor, argument, false);
    case setlkw: return set_lock<linux_abi::flock<M>>(c, descriptor, argument, true);
    case getlk64:
    case setlk64:
    case setlkw64:
      if constexpr (Wide) {
        if (command == getlk64) return get_lock<flock64<M>>(c, descriptor, argument);
        return set_lock<flock64<M>>(c, descriptor, argument, command == setlkw64);
      }
      break;
    case ofd_getlk:
    case ofd_setlk:
    case ofd_setlkw:
      if constexpr (M::word_size == 8) return own_lock<linux_abi::flock<M>>(c, descriptor, command, argument);
      else if constexpr (Wide) return own_lock<flock64<M>>(c, descriptor, command, argument);
      break;
    case setown: return told<Env>(set_file_owner(c, descriptor, static_cast<i32>(argument)));
    case getown: return told<Env>(file_owner(c, descriptor));
    case setown_ex: {
      linux_abi::f_owner_ex<M> owner{};
      if (errc e = c.read(user_ptr<linux_abi::f_owner_ex<M>>{user_word<Env>(argument)}, owner); e != errc::none) return e;
      if (owner.type < owner.thread || owner.type > owner.group) return errc::inval;
      if (owner.id < 0) return errc::srch;
      // A thread's signals are its process', whose first thread alone can be named.
      return told<Env>(set_file_owner(c, descriptor, owner.type == owner.group ? -owner.id : i32{owner.id}));
    }
    case getown_ex: {
      auto id = file_owner(c, descriptor);
      if (!id) return id.error();
      linux_abi::f_owner_ex<M> owner{};
      owner.type = *id < 0 ? owner.group : *id > 0 ? owner.process : owner.thread;
      owner.id = static_cast<i32>(*id < 0 ? -*id : *id);
      if (errc e = c.write(user_ptr<linux_abi::f_owner_ex<M>>{user_word<Env>(argument)}, owner); e != errc::none) return e;
      return number<K>(0);
    }
    case setsig: return told<Env>(set_file_signal(c, descriptor, user_word<Env>(argument)));
    case getsig: return told<Env>(file_signal(c, descriptor));
    case notify: return notified(c, descriptor, static_cast<u32>(argument));
    case getlease: return open_number(c, descriptor, no_lease);
    case setlease: return leased(c, descriptor, user_word<Env>(argument));
    case dupfd_query: return same_file(c, descriptor, static_cast<i32>(argument));
    case getpipe_sz: return sized<Env>(c.perform(op::get_pipe_size{}, descriptor));
    case setpipe_sz: return sized<Env>(c.perform(op::set_pipe_size{}, descriptor, u64{static_cast<u32>(argument)}));
    case fcntl_commands::get_seals: return told<Env>(handlers::get_seals(c, descriptor));
    case fcntl_commands::add_seals: return told<Env>(handlers::add_seals(c, descriptor, static_cast<u32>(argument)));
    default: break;
    }
    if (auto open = c.perform(op::get_descriptor_flags{}, descriptor); !open) return open.error();
    c.unsupported("command", static_cast<u32>(command));
    return errc::inval;
  }

private:
  static constexpr i32 no_lease = 2; ///< F_UNLCK, the last of the three

  /// What can be asked of a descriptor that stands for a path alone (fs/fcntl.c, check_fcntl_cmd).
  static constexpr bool is_for_paths(i32 command) {
    using namespace fcntl_commands;
    return command == dupfd || command == dupfd_cloexec || command == dupfd_query || command == getfd || command == setfd ||
           command == getfl;
  }

  /// F_OFD_*: locks that are the open file's.
  template <class Flock, class Env>
  static reply<Env, fcntl_answer<typename Env::kernel>> own_lock(context<Env>& c, i32 descriptor, i32 command, u64 argument) {
    using K = typename Env::kernel;
    using namespace fcntl_commands;
    if constexpr (provides<K, service::file_owned_locks>()) {
      const user_ptr<Flock> at{user_word<Env>(argument)};
      native<K, shape::flock> lock{};
      if (errc e = c.read_native(at, lock); e != errc::none) return e;
      if (lock.pid != 0) return errc::inval;
      if (command != ofd_getlk) {
        auto set = K::set_file_lock(c.thread, descriptor, lock, command == ofd_setlkw);
        if (failed_with<K>(set, errc::acces)) return errc::again;
        return nothing<Env>(set);
      }
      if (auto r = K::get_file_lock(c.thread, descriptor, lock); !r) return r.error();
      if (errc e = c.write_foreign(at, lock); e != errc::none) return e;
      return number<K>(0);
    } else {
      c.unsupported("command", static_cast<u32>(command));
      return errc::inval;
    }
  }

  /// F_SETLEASE: as if somebody else had the file open, whom nobody could ask to close it.
  template <class Env>
  static reply<Env, fcntl_answer<typename Env::kernel>> leased(context<Env>& c, i32 descriptor, u64 kind) {
    native<typename Env::kernel, shape::stat> status{};
    if (auto r = c.perform(op::fstat{}, descriptor, status); !r) return r.error();
    if (kind > u64{no_lease} || mode_type::of(status) != mode_type::regular) return errc::inval;
    if (kind != u64{no_lease}) c.unsupported("lease", kind);
    return errc::again;
  }

  /// F_DUPFD_QUERY: whether two descriptors are of one open file.
  template <class Env>
  static reply<Env, fcntl_answer<typename Env::kernel>> same_file(context<Env>& c, i32 descriptor, i32 other) {
    using K = typename Env::kernel;
    if constexpr (provides<K, op::compare_objects>()) {
      auto self = c.perform(op::getpid{});
      if (!self) return self.error();
      auto order = c.perform(op::compare_objects{}, *self, *self, process_part::open_file, descriptor, other);
      if (!order) return order.error();
      return number<K>(*order == 0);
    } else {
      return errc::inval;
    }
  }

  /// F_NOTIFY of directories.
  template <class Env>
  static reply<Env, fcntl_answer<typename Env::kernel>> notified(context<Env>& c, i32 descriptor, u32 argument) {
    using K = typename Env::kernel;
    if constexpr (polyabi::detail::provides_all<K, facilities::directory_notice_services>::value()) {
      // DN_* (include/uapi/linux/fcntl.h).
      constexpr struct {
        u32 bit, events;
      } kinds[] = {{1, vnode_events<vnode_event::accessed>},
                   {2, vnode_events<vnode_event::modified>},
                   {4, vnode_events<vnode_event::created, vnode_event::moved_to>},
                   {8, vnode_events<vnode_event::deleted, vnode_event::moved_from>},
                   {0x10, vnode_events<vnode_event::moved_from>},
                   {0x20, vnode_events<vnode_event::attributes>}};
      constexpr u32 multishot = 0x80000000;
      u32 events = 0;
      for (const auto& kind : kinds)
        if ((argument & kind.bit) != 0) events |= kind.events;
      const auto self = c.perform(op::getpid{});
      if (!self) return self.error();
      const typename K::section inside;
      auto file = K::file_of(c.thread, descriptor);
      if (!file) return file.error();
      return nothing<Env>(
          facilities::directory_notice<K>::ask(c.thread, **file, *self, descriptor, events, (argument & multishot) != 0));
    } else {
      return errc::inval;
    }
  }
  template <class K>
  static fcntl_answer<K> number(i64 value) {
    return fcntl_answer<K>{value};
  }
  template <class Env>
  static reply<Env, fcntl_answer<typename Env::kernel>> told(const reply<Env, i64>& answered) {
    if (!answered) return answered.error();
    return number<typename Env::kernel>(*answered);
  }
  template <class Env, class Answer>
  static reply<Env, fcntl_answer<typename Env::kernel>> nothing(Answer&& answered) {
    if (!answered) return answered.error();
    return number<typename Env::kernel>(0);
  }
  template <class Env>
  static reply<Env, fcntl_answer<typename Env::kernel>> duplicate(context<Env>& c, i32 descriptor, u64 minimum, u32 flags) {
    using K = typename Env::kernel;
    const auto lowest = static_cast<i64>(user_word<Env>(minimum));
    if (lowest < 0 || lowest > 0x7fffffff) return errc::inval;
    auto made = c.perform(op::dup{}, descriptor, static_cast<i32>(lowest), flags);
    if (!made) return made.error();
    return fcntl_answer<K>{static_cast<typename K::new_descriptor&&>(*made)};
  }
  template <class Flock, class Env>
  static reply<Env, fcntl_answer<typename Env::kernel>> get_lock(context<Env>& c, i32 descriptor, u64 argument) {
    native<typename Env::kernel, shape::flock> lock{};
    const user_ptr<Flock> at{user_word<Env>(argument)};
    if (errc e = c.read_native(at, lock); e != errc::none) return e;
    if (auto r = c.perform(op::get_lock{}, descriptor, lock); !r) return r.error();
    if (errc e = c.write_foreign(at, lock); e != errc::none) return e;
    return number<typename Env::kernel>(0);
  }
  template <class Flock, class Env>
  static reply<Env, fcntl_answer<typename Env::kernel>> set_lock(context<Env>& c, i32 descriptor, u64 argument, bool wait) {
    native<typename Env::kernel, shape::flock> lock{};
    if (errc e = c.read_native(user_ptr<Flock>{user_word<Env>(argument)}, lock); e != errc::none) return e;
    auto r = c.perform(op::set_lock{}, descriptor, lock, wait);
    // POSIX allows EACCES for a lock that is taken; Linux answers EAGAIN.
    if (failed_with<typename Env::kernel>(r, errc::acces)) return errc::again;
    return nothing<Env>(r);
  }
  /// A fixed answer for a descriptor that is open.
  template <class Env>
  static reply<Env, fcntl_answer<typename Env::kernel>> open_number(context<Env>& c, i32 descriptor, i64 value) {
    if (auto open = c.perform(op::get_descriptor_flags{}, descriptor); !open) return open.error();
    return number<typename Env::kernel>(value);
  }
  template <class Env, class Answer>
  static reply<Env, fcntl_answer<typename Env::kernel>> sized(Answer&& answered) {
    if (!answered) return answered.error();
    return number<typename Env::kernel>(*answered);
  }
};

using fcntl = basic_fcntl<false>;
using fcntl64 = basic_fcntl<true>;

} // namespace polyabi::linux_abi::handlers
