// Priorities for input and output (ioprio_set(2)): kept, inherited and told. Nothing is scheduled by them, as on a machine whose
// disks have no such scheduler.
#pragma once

#include <polyabi/linux/handlers/capability_sets.hpp>

namespace polyabi::linux_abi::handlers {

/// include/uapi/linux/ioprio.h: a class above thirteen bits of data, whose lowest three are the level.
namespace io_priority {
inline constexpr i32 none = 0, real_time = 1, best_effort = 2, idle = 3;
inline constexpr u32 class_shift = 13, class_mask = 7, levels = 8, normal_level = 4;

constexpr i32 class_of(u32 word) {
  return static_cast<i32>(word >> class_shift & class_mask);
}
constexpr u32 level_of(u32 word) {
  return word & (levels - 1);
}
/// No class counts as best effort. The smaller class is the better one, and the smaller level in it.
constexpr u32 better(u32 one, u32 other) {
  const auto rank = [](u32 word) { return class_of(word) == none ? u32{best_effort} << class_shift | normal_level : word; };
  return rank(one) <= rank(other) ? one : other;
}
/// IOPRIO_WHO_*: numbered from 1, and the kernel's from 0.
inline constexpr i32 first_who = 1;
} // namespace io_priority

struct ioprio_set {
  using needs = operation_list<op::set_io_priority, op::get_identity>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 which, i32 who, i32 value) {
    using namespace io_priority;
    const u32 word = static_cast<u32>(value) & 0xffff;
    switch (class_of(word)) {
    case real_time:
      if (!has_capability(c, capability::sys_nice) && !has_capability(c, capability::sys_admin)) return errc::perm;
      break;
    case best_effort:
    case idle: break;
    case none:
      if (level_of(word) != 0) return errc::inval;
      break;
    default: return errc::inval;
    }
    return reply_with<Env>(c.perform(op::set_io_priority{}, which - first_who, who, word));
  }
};

struct ioprio_get {
  using needs = operation_list<op::get_io_priority>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 which, i32 who) {
    auto word = c.perform(op::get_io_priority{}, which - io_priority::first_who, who, &io_priority::better);
    if (!word) return word.error();
    return static_cast<i64>(*word);
  }
};

} // namespace polyabi::linux_abi::handlers
