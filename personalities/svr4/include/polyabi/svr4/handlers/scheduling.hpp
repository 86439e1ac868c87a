// Scheduling classes and processors: priocntl(2), processor_bind(2), processor_info(2). There is one class, the time-sharing one; its
// user priorities are nice values seen from the other side, three steps for each.
#pragma once

#include <polyabi/svr4/process_sets.hpp>
#include <polyabi/svr4/structures/scheduling.hpp>

namespace polyabi::svr4::handlers {

namespace scheduling {

inline constexpr i32 class_id = 1, class_count = 2; ///< TS; the system's own processes have another
inline constexpr std::string_view class_name{"TS", 2};
inline constexpr i32 max_user_priority = 60, steps = 3, no_change = -32768; // TS_NOCHANGE
inline constexpr i32 max_global_priority = 59;

constexpr i32 user_priority(i32 nice) { return nice == 0 ? 0 : -nice * steps; }
constexpr i32 nice_for(i32 priority) {
  const i32 nice = -priority / steps;
  return nice < -20 ? -20 : nice > 19 ? 19 : nice;
}

/// Whom a set means, as get_priority and set_priority take it.
struct target {
  i32 which = 0, who = 0;
};
template <class Env>
errc read_target(context<Env>& c, u64 at, target& to) {
  process_sets::side set{};
  if (errc e = process_sets::read_single(c, user_ptr<procset<typename Env::model>>{at}, set); e != errc::none) return e;
  to.who = set.id == process_sets::myself ? 0 : set.id;
  switch (name_for<wait_targets>(set.type)) {
  case wait_target::pid: to.which = 0; return errc::none;
  case wait_target::pgid: to.which = 1; return errc::none;
  case wait_target::uid: to.which = 2; return errc::none;
  default: c.unsupported("process set", static_cast<u32>(set.id)); return errc::inval;
  }
}

} // namespace scheduling

/// priocntl(2): (processes, command, argument), behind the version of the structures.
struct priocntl {
  using needs = operation_list<op::get_priority, op::set_priority, op::getpid>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, u64 set, i32 command, u64 argument) {
    enum : i32 { get_id, get_information, set_parameters, get_parameters, administer, get_range, do_nice };
    switch (command) {
    case get_id:
    case get_information: return information(c, command == get_id, argument);
    case set_parameters: return set_all(c, set, argument);
    case get_parameters: return parameters(c, set, argument);
    case administer: return errc::perm;
    case get_range: return range(c, argument);
    case do_nice: return nice(c, set, argument);
    default: c.unsupported("command", static_cast<u32>(command)); return errc::inval;
    }
  }

private:
  /// A class by its name or by its number; without an argument, how many there are.
  template <class Env>
  static reply<Env, i64> information(context<Env>& c, bool by_name, u64 at) {
    using namespace scheduling;
    const user_ptr<pcinfo<typename Env::model>> place{at};
    if (!place) return i64{class_count};
    pcinfo<typename Env::model> info{};
    if (errc e = c.read(place, info); e != errc::none) return e;
    usize length = 0;
    while (length < sizeof info.class_name && info.class_name[length] != 0) ++length;
    if (by_name ? std::string_view{info.class_name, length} != class_name : info.class_id != class_id) return errc::inval;
    info = {};
    info.class_id = class_id;
    __builtin_memcpy(info.class_name, class_name.data(), class_name.size());
    info.max_user_priority = static_cast<i16>(max_user_priority);
    if (errc e = c.write(place, info); e != errc::none) return e;
    return i64{class_count};
  }

  template <class Env>
  static reply<Env, i64> set_all(context<Env>& c, u64 set, u64 at) {
    using namespace scheduling;
    target whom;
    pcparms<typename Env::model> wanted{};
    if (errc e = c.read(user_ptr<pcparms<typename Env::model>>{at}, wanted); e != errc::none) return e;
    if (wanted.class_id != class_id) return errc::inval;
    if (errc e = read_target(c, set, whom); e != errc::none) return e;
    const i32 priority = wanted.user_priority == no_change ? wanted.user_limit : wanted.user_priority;
    if (priority == no_change) return i64{0};
    if (priority > max_user_priority || priority < -max_user_priority) return errc::inval;
    return done_by(c, whom, nice_for(priority));
  }

  /// Answers the process that was asked about.
  template <class Env>
  static reply<Env, i64> parameters(context<Env>& c, u64 set, u64 at) {
    using namespace scheduling;
    const user_ptr<pcparms<typename Env::model>> place{at};
    target whom;
    pcparms<typename Env::model> told{};
    constexpr i32 any_class = -1; // PC_CLNULL
    if (errc e = c.read(place, told); e != errc::none) return e;
    if (told.class_id != class_id && told.class_id != any_class) return errc::inval;
    if (errc e = read_target(c, set, whom); e != errc::none) return e;
    auto nice = c.perform(op::get_priority{}, whom.which, whom.who);
    if (!nice) return nice.error();
    auto self = c.perform(op::getpid{});
    if (!self) return self.error();
    told = {};
    told.class_id = class_id;
    told.user_limit = told.user_priority = static_cast<i16>(user_priority(*nice));
    if (errc e = c.write(place, told); e != errc::none) return e;
    return i64{whom.which == 0 && whom.who != 0 ? whom.who : *self};
  }

  template <class Env>
  static reply<Env, i64> range(context<Env>& c, u64 at) {
    using namespace scheduling;
    const user_ptr<pcpri<typename Env::model>> place{at};
    pcpri<typename Env::model> told{};
    if (errc e = c.read(place, told); e != errc::none) return e;
    if (told.class_id != class_id) return errc::inval;
    told.max_priority = static_cast<i16>(max_global_priority);
    told.min_priority = i16{0};
    if (errc e = c.write(place, told); e != errc::none) return e;
    return i64{0};
  }

  /// PC_GETNICE and PC_SETNICE, for getpriority(3C) and setpriority(3C).
  template <class Env>
  static reply<Env, i64> nice(context<Env>& c, u64 set, u64 at) {
    const user_ptr<pcnice<typename Env::model>> place{at};
    scheduling::target whom;
    pcnice<typename Env::model> value{};
    if (errc e = c.read(place, value); e != errc::none) return e;
    if (errc e = scheduling::read_target(c, set, whom); e != errc::none) return e;
    if (value.operation == 1) return done_by(c, whom, value.value);
    if (value.operation != 0) return errc::inval;
    auto now = c.perform(op::get_priority{}, whom.which, whom.who);
    if (!now) return now.error();
    value.value = *now;
    if (errc e = c.write(place, value); e != errc::none) return e;
    return i64{0};
  }

  template <class Env>
  static reply<Env, i64> done_by(context<Env>& c, const scheduling::target& whom, i32 nice) {
    if (auto r = c.perform(op::set_priority{}, whom.which, whom.who, nice); !r) return r.error();
    return i64{0};
  }
};

/// processor_bind(2): nothing is bound, and only that can be asked for or wished.
struct processor_bind {
  using needs = operation_list<>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32, i32, i32 processor, user_ptr<typename Env::model::i32> before) {
    constexpr i32 none = -1, query = -2; // PBIND_NONE, PBIND_QUERY
    if (processor != none && processor != query) {
      c.unsupported("processor", static_cast<u32>(processor));
      return errc::inval;
    }
    if (before)
      if (errc e = c.write(before, typename Env::model::i32{none}); e != errc::none) return e;
    return done{};
  }
};

/// processor_info(2): how fast a processor is is not told.
struct processor_info {
  using needs = operation_list<op::system_status>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 number, user_ptr<processor_information<typename Env::model>> to) {
    native<typename Env::kernel, shape::system_status> status{};
    if (auto r = c.perform(op::system_status{}, status); !r) return r.error();
    if (number < 0 || static_cast<u32>(number) >= static_cast<u32>(status.processors)) return errc::inval;
    processor_information<typename Env::model> told{};
    constexpr i32 online = 2; // P_ONLINE
    told.state = online;
    __builtin_memcpy(told.type, "i386", 5);
    __builtin_memcpy(told.floating_point, "i387 compatible", 16);
    if (errc e = c.write(to, told); e != errc::none) return e;
    return done{};
  }
};

} // namespace polyabi::svr4::handlers
