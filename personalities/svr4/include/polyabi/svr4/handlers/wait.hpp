// wait(2) in its two forms, and waitsys(2).
#pragma once

#include <polyabi/svr4/signatures.hpp>
#include <polyabi/svr4/structures/siginfo.hpp>

namespace polyabi::svr4::handlers {

/// wait: pid and status in the registers. The C library's waitpid makes the same call with the parity, zero, sign and overflow
/// flags all set; then there are its arguments: pid, where the library stores the status, and options.
struct wait {
  using needs = operation_list<op::wait>;
  static constexpr u64 marks = 0x4 | 0x40 | 0x80 | 0x800;

  template <class Env>
  static reply<Env, completed> call(context<Env>& c) {
    using K = typename Env::kernel;
    native<K, shape::wait_request> request{};
    request.target = native_number<K, wait_target::all>;
    if ((c.frame.rflags & marks) == marks) {
      typename Env::model::i32 words[3];
      if (errc e = c.read_bytes(static_cast<u32>(c.frame.rsp) + 4u, words, sizeof words); e != errc::none) return e;
      const i32 pid = words[0];
      if (pid > 0) {
        request.target = native_number<K, wait_target::pid>;
        request.id = pid;
      } else if (pid != -1) {
        request.target = native_number<K, wait_target::pgid>;
        request.id = -pid;
      }
      using table = total_flag_table<wait_flags, kernel_map<K, wait_flag>>;
      const auto options = static_cast<u32>(static_cast<i32>(words[2]));
      if (errc e = table::refused(options); e != errc::none) return e;
      request.flags = static_cast<u32>(table::convert(options));
    }
    request.flags |= native_number<K, wait_flag::exited>;
    native<K, shape::wait_report> report{};
    auto pid = c.perform(op::wait{}, request, report);
    if (!pid) return pid.error();
    return completed{static_cast<u32>(*pid), *pid == 0 ? 0 : status_word<K>(report.status)};
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
