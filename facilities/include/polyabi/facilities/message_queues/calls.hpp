// What is done with message queues, for any personality.
#pragma once

#include <polyabi/facilities/message_queues/queue.hpp>

namespace polyabi::facilities::message_queues {

using needs = operation_list<service::custom_files, service::timers, service::signals, service::process_attachments,
                             op::get_identity, op::getgroups, op::getpid, op::setting, op::get_limit, op::umask,
                             op::get_status_flags, op::set_status_flags>;

/// How a queue is opened.
struct opening {
  bool create = false, exclusive = false, reads = false, writes = false;
  u32 mode = 0;
  const attributes* wanted = nullptr; ///< null: as many and as large as usual
};

template <class K>
basic_result<custom_file<K>*, errc> open(const caller& who, const limits& most, u64 byte_limit, std::string_view name,
                                         const opening& how) {
  const typename K::section inside;
  queue<K>* found = queues<K>::find(name);
  if (found != nullptr) {
    if (how.create && how.exclusive) return errc::exist;
    if (!who.may(found->perm, (how.reads ? 0444u : 0) | (how.writes ? 0222u : 0))) return errc::acces;
  } else {
    if (!how.create) return errc::noent;
    attributes size{most.default_messages, most.default_size};
    if (how.wanted != nullptr) size = *how.wanted;
    const bool privileged = who.is_superuser();
    if (size.messages == 0 || size.size == 0 || size.messages > (privileged ? limits::most_messages : most.messages) ||
        size.size > (privileged ? limits::largest : most.size))
      return errc::inval;
    if (queues<K>::count >= most.queues && !privileged) return errc::nospc;
    queue<K>* made = create<K, queue<K>>();
    if (made == nullptr) return errc::nomem;
    __builtin_memcpy(made->name, name.data(), name.size());
    made->name_size = name.size();
    made->perm = system_v::new_permission(who, 0, how.mode);
    made->most = size;
    const u64 used = queues<K>::cost_of(who.user);
    if (made->cost() > byte_limit || used > byte_limit - made->cost()) {
      destroy<K>(made);
      return errc::mfile;
    }
    queues<K>::all.push_back(*made);
    ++queues<K>::count;
    found = made;
  }
  auto* opened = polyabi::create<K, queue_file<K>>(*found);
  if (opened == nullptr) return errc::nomem;
  return opened;
}

/// The owner's or the superuser's. Those who have it open keep it.
template <class K>
errc unlink(const caller& who, std::string_view name) {
  const typename K::section inside;
  queue<K>* found = queues<K>::find(name);
  if (found == nullptr) return errc::noent;
  if (who.user != found->perm.uid && !who.is_superuser()) return errc::perm;
  queues<K>::remove_name(*found);
  return errc::none;
}

/// A queue in use by a call: held for its length.
template <class K>
class used_queue {
public:
  /// Inside the section. EBADF for other files, and for a queue that was not opened for this.
  static basic_result<used_queue, errc> of(typename K::thread& caller, i32 descriptor, access_mode other_way) {
    auto opened = K::file_of(caller, descriptor);
    if (!opened) return errc::badf;
    auto* file = custom_file_of<queue_file<K>>(**opened);
    if (file == nullptr) return errc::badf;
    const u32 flags = K::status_flags(**opened);
    constexpr auto modes = static_cast<u32>(native_number<K, access_mode::rdonly> | native_number<K, access_mode::wronly> |
                                            native_number<K, access_mode::rdwr>);
    if (other_way != access_mode::none && (flags & modes) == static_cast<u32>(mode_number(other_way))) return errc::badf;
    used_queue made;
    made.file = std::move(*opened);
    made.to = &file->of();
    made.nonblocking = (flags & native_number<K, open_flag::nonblock>) != 0;
    return made;
  }
  typename K::file_ref file;
  queue<K>* to = nullptr;
  bool nonblocking = false;

private:
  static constexpr i32 mode_number(access_mode m) {
    return static_cast<i32>(m == access_mode::rdonly ? native_number<K, access_mode::rdonly>
                                                     : native_number<K, access_mode::wronly>);
  }
};

template <class K>
using outcome = basic_result<void, either_error<K>>;

/// Waits in a line until somebody has done what it waits for.
template <class K, class Line>
outcome<K> wait_in(typename K::thread& thread, Line& line, waiter<K>& place, u64 until) {
  line.push_back(place);
  while (!place.done) {
    const wakeup why = K::sleep(thread, place.woken, until);
    if (place.done || why == wakeup::woken) continue;
    line.remove(place);
    if (why == wakeup::timed_out) return errc::timedout;
    return K::restart_call;
  }
  return {};
}

/// `copy_in(bytes)` fills the message, outside the section.
template <class K, class CopyIn>
outcome<K> send(typename K::thread& thread, const caller& who, i32 descriptor, usize size, u32 priority, u64 until, CopyIn copy_in) {
  if (priority >= priorities) return errc::inval;
  {
    const typename K::section inside;
    const auto used = used_queue<K>::of(thread, descriptor, access_mode::rdonly);
    if (!used) return used.error();
    if (size > used->to->most.size) return errc::msgsize;
  }
  auto made = owned_message<K>::make(priority, size);
  if (!made) return errc::nomem;
  if (errc e = copy_in(made->bytes()); e != errc::none) return e;
  const typename K::section inside;
  const auto used = used_queue<K>::of(thread, descriptor, access_mode::rdonly);
  if (!used) return used.error();
  queue<K>& q = *used->to;
  if (size > q.most.size) return errc::msgsize;
  if (q.count < q.most.messages) {
    q.put(std::move(made), who);
    return {};
  }
  if (used->nonblocking) return errc::again;
  waiter<K> place{.carried = std::move(made)};
  return wait_in<K>(thread, q.senders, place, until);
}

template <class K>
basic_result<owned_message<K>, either_error<K>> receive(typename K::thread& thread, const caller& who, i32 descriptor, u64 room,
                                                        u64 until) {
  const typename K::section inside;
  const auto used = used_queue<K>::of(thread, descriptor, access_mode::wronly);
  if (!used) return used.error();
  queue<K>& q = *used->to;
  if (room < q.most.size) return errc::msgsize;
  if (q.count != 0) return q.take(who);
  if (used->nonblocking) return errc::again;
  waiter<K> place{};
  if (auto waited = wait_in<K>(thread, q.receivers, place, until); !waited) return waited.error();
  return std::move(place.carried);
}

/// Null: nobody is told any more, if it was the caller's wish. EBUSY if somebody is told already.
template <class K>
errc notify(typename K::thread& thread, const caller& who, i32 descriptor, const notice<K>* wanted) {
  const typename K::section inside;
  const auto used = used_queue<K>::of(thread, descriptor, access_mode::none);
  if (!used) return used.error();
  queue<K>& q = *used->to;
  if (wanted == nullptr) {
    if (q.told.process == who.process) q.tell_nobody();
    return errc::none;
  }
  if (q.told.process != 0) return errc::busy;
  q.told = *wanted;
  q.told.process = who.process;
  q.told_to = K::signal_target_of(thread);
  return errc::none;
}

template <class K>
errc get_attributes(typename K::thread& thread, i32 descriptor, attributes& to, bool& nonblocking) {
  const typename K::section inside;
  const auto used = used_queue<K>::of(thread, descriptor, access_mode::none);
  if (!used) return used.error();
  to = used->to->most;
  to.waiting = used->to->count;
  nonblocking = used->nonblocking;
  return errc::none;
}

} // namespace polyabi::facilities::message_queues
