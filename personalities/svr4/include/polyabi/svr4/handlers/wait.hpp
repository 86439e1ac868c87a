// wait(2) in its two forms, and waitsys(2).
#pragma once

#include <polyabi/svr4/signatures.hpp>
#include <polyabi/svr4/structures/siginfo.hpp>

namespace polyabi::svr4::handlers {

/// Whom waitpid(2) waits for, and how.
template <class K, class Options>
errc waitpid_request(i32 pid, u32 options, native<K, shape::wait_request>& request) {
  request.target = native_number<K, wait_target::all>;
  if (pid > 0) {
    request.target = native_number<K, wait_target::pid>;
    request.id = pid;
  } else if (pid != -1) {
    request.target = native_number<K, wait_target::pgid>;
    request.id = -pid;
  }
  using table = total_flag_table<Options, kernel_map<K, wait_flag>>;
  if (errc e = table::refused(options); e != errc::none) return e;
  request.flags = static_cast<u32>(table::convert(options)) | native_number<K, wait_flag::exited>;
  return errc::none;
}

/// wait: pid and status in the registers. The C library's waitpid makes the same call with the parity, zero, sign and overflow
/// flags all set; then there are its arguments: pid, where the library stores the status, and options.
template <class Signals, class Options = wait_flags>
struct wait_with {
  using needs = operation_list<op::wait>;
  static constexpr u64 marks = 0x4 | 0x40 | 0x80 | 0x800;

  template <class Env>
  static reply<Env, completed> call(context<Env>& c) {
    using K = typename Env::kernel;
    typename Env::model::i32 words[3]{-1, 0, 0};
    if ((c.frame.rflags & marks) == marks)
      if (errc e = c.read_bytes(static_cast<u32>(c.frame.rsp) + 4u, words, sizeof words); e != errc::none) return e;
    native<K, shape::wait_request> request{};
    if (errc e = waitpid_request<K, Options>(words[0], static_cast<u32>(i32{words[2]}), request); e != errc::none) return e;
    native<K, shape::wait_report> report{};
    auto pid = c.perform(op::wait{}, request, report);
    if (!pid) return pid.error();
    return completed{static_cast<u32>(*pid), *pid == 0 ? 0 : status_word<K, Signals>(report.status)};
  }
};
using wait = wait_with<signals>;

/// waitpid(2) as a call of its own, which stores the status.
template <class Signals, class Options = wait_flags>
struct waitpid_with {
  using needs = operation_list<op::wait>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 pid, user_ptr<typename Env::model::i32> to, i32 options) {
    using K = typename Env::kernel;
    native<K, shape::wait_request> request{};
    if (errc e = waitpid_request<K, Options>(pid, static_cast<u32>(options), request); e != errc::none) return e;
    native<K, shape::wait_report> report{};
    auto found = c.perform(op::wait{}, request, report);
    if (!found) return found.error();
    if (to && *found != 0) {
      const typename Env::model::i32 status{static_cast<i32>(status_word<K, Signals>(report.status))};
      if (errc e = c.write(to, status); e != errc::none) return e;
    }
    return i64{*found};
  }
};

/// waitid(2)'s call.
struct waitsys {
  using needs = operation_list<op::wait>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 target, i32 id, user_ptr<siginfo<typename Env::model>> to, u32 options) {
    using K = typename Env::kernel;
    native<K, shape::wait_request> request{};
    constexpr u32 any_event = native_number<K, wait_flag::exited> | native_number<K, wait_flag::trapped> |
                              native_number<K, wait_flag::untraced> | native_number<K, wait_flag::continued>;
    if ((options & any_event) == 0) return errc::inval;
    request.target = target;
    request.id = id;
    request.flags = options;
    native<K, shape::wait_report> report{};
    auto pid = c.perform(op::wait{}, request, report);
    if (!pid) return pid.error();
    siginfo<typename Env::model> info{};
    if (*pid != 0) info.template from_report<K>(report);
    if (errc e = c.write(to, info); e != errc::none) return e;
    return done{};
  }
};

} // namespace polyabi::svr4::handlers
