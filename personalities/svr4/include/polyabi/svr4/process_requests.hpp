// The older flavour of /proc: requests on the directory of a process (sys/old_procfs.h: 'q'). Those that ask are here; those that trace
// and change a process are not.
#pragma once

#include <polyabi/core/ioctl_table.hpp>
#include <polyabi/svr4/pseudo/process.hpp>
#include <polyabi/svr4/signatures.hpp>

namespace polyabi::svr4 {

namespace handlers {

/// What each of them asks of a kernel: /proc's own needs, and whose directory a descriptor is.
struct process_request {
  using needs = operation_list<op::process_info, op::process_text, op::process_path, op::next_region, op::clock_get, op::getpid,
                               op::system_status, op::get_status_flags, op::kill>;

  /// The process whose directory a descriptor is: ENOTTY for any other file.
  template <class Env>
  static reply<Env, i32> process_of(context<Env>& c, i32 descriptor) {
    constexpr std::string_view above{"/proc/", 6};
    char text[32];
    auto flags = c.perform(op::get_status_flags{}, descriptor);
    if (!flags) return flags.error();
    auto own = c.perform(op::getpid{});
    if (!own) return own.error();
    auto size = c.perform(op::process_path{}, *own, process_object::descriptor, descriptor, std::span<char>{text});
    if (!size || static_cast<usize>(*size) > sizeof text) return errc::notty;
    const std::string_view path{text, static_cast<usize>(*size)};
    if (path.size() <= above.size() || path.substr(0, above.size()) != above) return errc::notty;
    i32 process = 0;
    for (const char digit : path.substr(above.size())) {
      if (digit < '0' || digit > '9' || process > 100'000'000) return errc::notty;
      process = process * 10 + (digit - '0');
    }
    return process;
  }
  template <class Env>
  static reply<Env, native<typename Env::kernel, shape::process_info>> ask(context<Env>& c, i32 descriptor) {
    auto process = process_of(c, descriptor);
    if (!process) return process.error();
    native<typename Env::kernel, shape::process_info> info{};
    if (!c.perform(op::process_info{}, *process, info)) return errc::noent; // ended since it was opened
    return info;
  }
};

/// PIOCPSINFO.
struct process_information : process_request {
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, user_ptr<prpsinfo<typename Env::model>> to) {
    using K = typename Env::kernel;
    auto process = process_of(c, descriptor);
    if (!process) return process.error();
    psinfo<ilp32_i386> now{};
    if (!proc::about_process(pseudo_context<K>{c.thread, *process}, now)) return errc::noent;
    prpsinfo<typename Env::model> out{};
    out.state = now.lwp.state;
    out.sname = now.lwp.sname;
    out.zomb = now.lwp.state == lwp_state::zombie;
    out.nice = now.lwp.nice;
    out.uid = now.uid;
    out.gid = now.gid;
    out.pid = now.pid;
    out.ppid = now.ppid;
    out.pgrp = now.pgid;
    out.sid = now.sid;
    out.bysize = out.byrssize = u32{now.size} * 1024;
    out.size = out.rssize = static_cast<i32>(u32{now.size} / 4);
    out.start = now.start;
    out.time = now.time;
    out.ctime = now.ctime;
    out.pri = now.lwp.pri;
    out.lttydev = now.ttydev;
    out.ottydev = u16{0xffff};
    proc::copy_name(out.clname, {now.lwp.clname, sizeof now.lwp.clname});
    proc::copy_name(out.fname, {now.fname, sizeof now.fname});
    proc::copy_name(out.psargs, {now.psargs, sizeof now.psargs});
    out.argc = now.argc;
    out.argv = now.argv;
    out.envp = now.envp;
    out.wstat = now.wstat;
    out.euid = now.euid;
    out.egid = now.egid;
    out.dmodel = now.dmodel;
    if (errc e = c.write(to, out); e != errc::none) return e;
    return done{};
  }
};

/// PIOCCRED.
struct process_credentials : process_request {
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, user_ptr<old_prcred<typename Env::model>> to) {
    auto info = ask(c, descriptor);
    if (!info) return info.error();
    old_prcred<typename Env::model> out{};
    out.euid = info->ids.euid;
    out.ruid = info->ids.ruid;
    out.suid = info->ids.suid;
    out.egid = info->ids.egid;
    out.rgid = info->ids.rgid;
    out.sgid = info->ids.sgid;
    out.ngroups = info->group_count;
    if (errc e = c.write(to, out); e != errc::none) return e;
    return done{};
  }
};
/// PIOCGROUPS: as many as PIOCCRED has told.
struct process_groups : process_request {
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, user_ptr<typename Env::model::u32> to) {
    auto info = ask(c, descriptor);
    if (!info) return info.error();
    for (u32 i = 0; i < info->group_count; ++i)
      if (errc e = c.write(to.at(i), typename Env::model::u32{info->groups[i]}); e != errc::none) return e;
    return done{};
  }
};

/// PIOCGHOLD: the signals that are blocked.
struct process_mask : process_request {
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, user_ptr<sigset<typename Env::model>> to) {
    auto info = ask(c, descriptor);
    if (!info) return info.error();
    sigset<typename Env::model> out{};
    if (errc e = out.template from_native<typename Env::kernel>(info->blocked); e != errc::none) return e;
    if (errc e = c.write(to, out); e != errc::none) return e;
    return done{};
  }
};
/// PIOCMAXSIG: the highest signal.
struct highest_signal : process_request {
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, user_ptr<typename Env::model::i32> to) {
    if (auto process = process_of(c, descriptor); !process) return process.error();
    if (errc e = c.write(to, typename Env::model::i32{signals::realtime_last}); e != errc::none) return e;
    return done{};
  }
};
/// PIOCKILL: sends the signal whose number is there.
struct process_kill : process_request {
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, i32 number) {
    auto process = process_of(c, descriptor);
    if (!process) return process.error();
    const i32 own = number == 0 ? 0 : number_table<signals, kernel_map<typename Env::kernel, signal>>::convert(number);
    if (own < 0) return errc::inval;
    if (auto r = c.perform(op::kill{}, *process, own); !r) return r.error();
    return done{};
  }
};

} // namespace handlers

// clang-format off
namespace requests {

using namespace arguments;

consteval u32 process_group(u32 number) { return u32{'q'} << 8 | number; }

using process_ioctls = ioctl_table<errc::notty,
    request<process_group(8), "PIOCKILL", status(fd, value_at<ilp32_i386::i32>), handlers::process_kill>,
    request<process_group(10), "PIOCGHOLD", status(fd, pointer<sigset>), handlers::process_mask>,
    request<process_group(12), "PIOCMAXSIG", status(fd, scalars<ilp32_i386::i32>), handlers::highest_signal>,
    request<process_group(30), "PIOCPSINFO", status(fd, pointer<prpsinfo>), handlers::process_information>,
    request<process_group(34), "PIOCCRED", status(fd, pointer<old_prcred>), handlers::process_credentials>,
    request<process_group(35), "PIOCGROUPS", status(fd, scalars<ilp32_i386::u32>), handlers::process_groups>>;

} // namespace requests
// clang-format on

} // namespace polyabi::svr4
