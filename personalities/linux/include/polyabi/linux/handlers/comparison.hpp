// kcmp(2): whether two processes have something in common.
#pragma once

#include <polyabi/facilities/interest/calls.hpp>
#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/structures/files.hpp>

namespace polyabi::linux_abi::handlers {

struct kcmp {
  using needs = operation_list<op::compare_objects>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 one, i32 other, i32 type, u64 first, u64 second) {
    if (type < 0 || type >= types) return errc::inval;
    auto order = c.perform(op::compare_objects{}, one, other, part_of(type), static_cast<i32>(first), static_cast<i32>(second));
    if (!order) return order.error();
    if (type == epoll_target) return with_watched(c, one, other, static_cast<i32>(first), user_word<Env>(second));
    return *order == 0 ? i64{0} : *order < 0 ? i64{1} : i64{2};
  }

private:
  using services_of_watched = operation_list<service::custom_files, service::readiness, service::process_handles>;

  /// An open file of one process with that behind a record of the other's list (epoll).
  template <class Env>
  static reply<Env, i64> with_watched(context<Env>& c, i32 one, i32 other, i32 descriptor, u64 at) {
    using K = typename Env::kernel;
    kcmp_epoll_slot<typename Env::model> slot{};
    if (errc e = c.read(user_ptr<const kcmp_epoll_slot<typename Env::model>>{at}, slot); e != errc::none) return e;
    if constexpr (polyabi::detail::provides_all<K, services_of_watched>::value()) {
      using answered = answer<K, i64>;
      return reply_with<Env>([&]() -> answered {
        const typename K::section inside;
        auto process = K::find_process(c.thread, one);
        if (!process) return process.error();
        auto file = K::file_of_process(c.thread, *process, descriptor);
        if (!file) return file.error();
        auto watching = K::find_process(c.thread, other);
        if (!watching) return watching.error();
        auto list = K::file_of_process(c.thread, *watching, static_cast<i32>(slot.efd));
        if (!list) return list.error();
        auto watched = facilities::watched_file<K>(**list, static_cast<i32>(slot.tfd), slot.toff);
        if (!watched) return watched.error();
        const typename K::file* given = &**file;
        return given == *watched ? i64{0} : given < *watched ? i64{1} : i64{2};
      }());
    } else {
      c.unsupported("type", static_cast<u32>(epoll_target));
      return errc::opnotsupp;
    }
  }

  /// enum kcmp_type (include/uapi/linux/kcmp.h). Working directory, actions, input and output contexts and undo lists are one for
  /// all threads of a process, and no other's.
  static constexpr i32 file = 0, memory = 1, descriptors = 2, epoll_target = 7, types = 8;
  static constexpr process_part part_of(i32 type) {
    switch (type) {
    case file: return process_part::open_file;
    case memory: return process_part::memory;
    case descriptors: return process_part::descriptors;
    default: return process_part::process;
    }
  }
};

} // namespace polyabi::linux_abi::handlers
