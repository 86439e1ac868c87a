// wait4, waitpid and waitid.
#pragma once

#include <polyabi/facilities/process_file.hpp>
#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/structures/processes.hpp>
#include <polyabi/linux/structures/signals.hpp>
#include <polyabi/linux/tracing_numbers.hpp>

namespace polyabi::linux_abi::handlers {

namespace detail {

/// What a wait status word says, apart.
struct ended {
  enum class how : u8 { exited, killed, dumped, stopped, continued } way;
  i32 value; ///< exit code or native signal number
  trace_event event = trace_event::none;
};
/// 4.4BSD's words, which every kernel here uses: exited code << 8, killed signal (with 0x80 a core), stopped signal << 8 |
/// 0x7f (with an event of a tracee above it), continued 0x..ff.
constexpr ended take_apart(i32 status) {
  const i32 low = status & 0xff;
  if (low == 0xff) return {ended::how::continued, 0};
  if (low == 0x7f) return {ended::how::stopped, status >> 8 & 0xff, static_cast<trace_event>(status >> trace_event_shift)};
  if (low == 0) return {ended::how::exited, status >> 8 & 0xff};
  return {(low & 0x80) != 0 ? ended::how::dumped : ended::how::killed, low & 0x7f};
}

/// The signal of a stop, with what ptrace(2) puts above it.
template <class K>
constexpr i32 stop_to_linux(const ended& e) {
  constexpr i32 marked = 0x80;
  const i32 number = signal_to_linux<K>(e.value);
  if (e.event == trace_event::none) return number;
  return e.event == trace_event::system_call ? number | marked : number | static_cast<i32>(trace_event_number(e.event) << 8);
}

/// The same word with Linux' signal numbers; a continued child is 0xffff.
template <class K>
constexpr i32 status_to_linux(i32 status) {
  const ended e = take_apart(status);
  switch (e.way) {
  case ended::how::exited: return status & 0xff00;
  case ended::how::killed: return signal_to_linux<K>(e.value);
  case ended::how::dumped: return signal_to_linux<K>(e.value) | 0x80;
  case ended::how::stopped: return stop_to_linux<K>(e) << 8 | 0x7f;
  case ended::how::continued: return 0xffff;
  }
  return 0;
}

/// Whom a pid argument of wait4 means.
template <class Env>
errc select_children(context<Env>& c, i32 pid, native<typename Env::kernel, shape::wait_request>& request) {
  if (pid == -1) {
    request.target = native_number<typename Env::kernel, wait_target::all>;
    request.id = 0;
  } else if (pid > 0) {
    request.target = native_number<typename Env::kernel, wait_target::pid>;
    request.id = pid;
  } else if (pid == 0) {
    auto group = c.perform(op::getpgid{}, 0);
    if (!group) return errc::srch;
    request.target = native_number<typename Env::kernel, wait_target::pgid>;
    request.id = *group;
  } else {
    if (pid == static_cast<i32>(0x80000000)) return errc::srch;
    request.target = native_number<typename Env::kernel, wait_target::pgid>;
    request.id = -pid;
  }
  return errc::none;
}

} // namespace detail

struct wait4 {
  using needs = operation_list<op::wait, op::getpgid>;
  template <class Env>
  static reply<Env, i32> call(context<Env>& c, i32 pid, user_ptr<i32> status, u32 flags,
                              user_ptr<rusage<typename Env::model>> usage) {
    using K = typename Env::kernel;
    native<K, shape::wait_request> request{};
    native<K, shape::wait_report> report{};
    if (errc e = detail::select_children(c, pid, request); e != errc::none) return e;
    request.flags = flags | native_number<typename Env::kernel, wait_flag::exited>;
    auto found = c.perform(op::wait{}, request, report);
    if (!found) return found.error();
    if (*found == 0) return 0;
    if (status)
      if (errc e = c.write(status, detail::status_to_linux<K>(report.status)); e != errc::none) return e;
    if (usage)
      if (errc e = c.write_foreign(usage, report.usage); e != errc::none) return e;
    return *found;
  }
};

struct waitpid : wait4 {
  template <class Env>
  static reply<Env, i32> call(context<Env>& c, i32 pid, user_ptr<i32> status, u32 flags) {
    return wait4::call(c, pid, status, flags, user_ptr<rusage<typename Env::model>>{});
  }
};

struct waitid {
  using needs = operation_list<op::wait, op::getpgid>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 which, i32 id, user_ptr<siginfo<typename Env::model>> info, u32 flags,
                         user_ptr<rusage<typename Env::model>> usage) {
    using K = typename Env::kernel;
    const u32 any = native_number<typename Env::kernel, wait_flag::exited> | native_number<typename Env::kernel, wait_flag::untraced> |
                    native_number<typename Env::kernel, wait_flag::continued>;
    if ((flags & any) == 0) return errc::inval;
    native<K, shape::wait_request> request{};
    native<K, shape::wait_report> report{};
    errc bad = errc::none;
    bool nonblocking = false;
    const wait_target target = name_for<wait_targets>(which);
    switch (target) {
    case wait_target::all: bad = detail::select_children(c, -1, request); break;
    case wait_target::pid: bad = id > 0 ? detail::select_children(c, id, request) : errc::inval; break;
    case wait_target::pgid: bad = id >= 0 ? detail::select_children(c, -id, request) : errc::inval; break;
    case wait_target::pidfd: bad = select_process(c, id, request, nonblocking); break;
    default: bad = errc::inval;
    }
    // Group 1 as a pid argument would mean every child.
    if (target == wait_target::pgid && id == 1) {
      request.target = native_number<typename Env::kernel, wait_target::pgid>;
      request.id = 1;
    }
    if (bad != errc::none) return bad;
    request.flags = flags | (nonblocking ? u32{native_number<K, wait_flag::nohang>} : 0);
    auto found = c.perform(op::wait{}, request, report);
    if (!found) return found.error();
    if (nonblocking && *found == 0 && (flags & native_number<K, wait_flag::nohang>) == 0) return errc::again;
    if (usage && *found != 0)
      if (errc e = c.write_foreign(usage, report.usage); e != errc::none) return e;
    if (!info) return done{};
    if (*found == 0) {
      const siginfo<typename Env::model> nothing{};
      if (errc e = c.write(info, nothing); e != errc::none) return e;
      return done{};
    }
    native<K, shape::siginfo> told{};
    const detail::ended end = detail::take_apart(report.status);
    told.signo = native_number<typename Env::kernel, signal::chld>;
    told.pid = *found;
    told.uid = report.uid;
    told.status = end.way == detail::ended::how::continued ? native_number<typename Env::kernel, signal::cont> : end.value;
    switch (end.way) {
    case detail::ended::how::exited: told.code = native_number<typename Env::kernel, signal_code::cld_exited>; break;
    case detail::ended::how::killed: told.code = native_number<typename Env::kernel, signal_code::cld_killed>; break;
    case detail::ended::how::dumped: told.code = native_number<typename Env::kernel, signal_code::cld_dumped>; break;
    case detail::ended::how::stopped: told.code = native_number<typename Env::kernel, signal_code::cld_stopped>; break;
    case detail::ended::how::continued: told.code = native_number<typename Env::kernel, signal_code::cld_continued>; break;
    }
    if (errc e = c.write_foreign(info, told); e != errc::none) return e;
    return done{};
  }

private:
  /// The process behind a descriptor. One that waits for nobody does not wait here either.
  template <class Env>
  static errc select_process(context<Env>& c, i32 descriptor, native<typename Env::kernel, shape::wait_request>& request,
                             bool& nonblocking) {
    using K = typename Env::kernel;
    if (descriptor < 0) return errc::inval;
    if constexpr (provides<K, service::process_handles>()) {
      auto id = facilities::with_process_of<K>(c.thread, descriptor, [&](const auto& file, u32 status_flags) -> answer<K, i32> {
        nonblocking = (status_flags & native_number<K, open_flag::nonblock>) != 0;
        return K::id_of(file.process());
      });
      if (!id) return errc::badf;
      if (*id == 0) return errc::child;
      request.target = native_number<K, wait_target::pid>;
      request.id = *id;
      return errc::none;
    } else {
      return errc::badf; // no descriptor here is a process
    }
  }
};

} // namespace polyabi::linux_abi::handlers
