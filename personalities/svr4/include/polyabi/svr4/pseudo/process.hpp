// /proc as System V has it (proc(4)): each file of a process holds one structure, made when it is opened. What the kernel does not
// account for is zero. `lwp` has the first LWP alone, and `sigact` tells the caller's own actions. There is no `ctl` or `auxv`. The
// older flavour's requests, on the directory of a process, are in process_requests.hpp.
#pragma once

#include <polyabi/svr4/process_flags.hpp>
#include <polyabi/svr4/structures/process.hpp>
#include <polyabi/vfs/pseudo.hpp>

namespace polyabi::svr4::proc {

using vfs::text_sink;
using M = ilp32_i386;

/// What /proc asks of a kernel. One that lacks any of it has none.
using needs = operation_list<op::process_info, op::process_text, op::process_path, op::next_region, op::clock_get, op::getpid,
                             op::set_action, op::system_status>;

template <class K>
using information = native<K, shape::process_info>;

template <class K>
bool ask(const pseudo_context<K>& c, information<K>& out) {
  return static_cast<bool>(polyabi::perform<K>(op::process_info{}, c.reader, c.process, out));
}

/// The bytes of a structure.
template <class S>
bool put(text_sink& to, const S& structure) {
  to << std::string_view{reinterpret_cast<const char*>(&structure), sizeof structure};
  return true;
}
/// Cut where it does not fit, and at a NUL.
template <usize N>
constexpr void copy_name(char (&to)[N], std::string_view name) {
  const usize size = name.size() < N - 1 ? name.size() : N - 1;
  for (usize i = 0; i < size && name[i] != '\0'; ++i) to[i] = name[i];
}
constexpr timespec<M> moment(u64 nanoseconds) {
  timespec<M> t{};
  t.sec = static_cast<i32>(nanoseconds / 1'000'000'000);
  t.nsec = static_cast<i32>(nanoseconds % 1'000'000'000);
  return t;
}
constexpr u64 since(u64 earlier, u64 now) {
  return now > earlier ? now - earlier : 0;
}
/// How long the system has been running: what the times of processes are counted from.
template <class K>
u64 uptime(const pseudo_context<K>& c) {
  native<K, shape::system_status> status{};
  return polyabi::perform<K>(op::system_status{}, c.reader, status) ? status.uptime : 0;
}
/// When the process was started, from the epoch.
template <class K>
u64 started(const pseudo_context<K>& c, const information<K>& info) {
  native<K, shape::timespec> time{};
  if (!polyabi::perform<K>(op::clock_get{}, c.reader, native_number<K, clock::realtime>, time)) return 0;
  return static_cast<u64>(time.sec) * 1'000'000'000 + static_cast<u64>(time.nsec) - since(info.start_time, uptime(c));
}

template <class K>
lwpsinfo<M> about_lwp(const pseudo_context<K>& c, const information<K>& info) {
  lwpsinfo<M> out{};
  out.lwpid = 1;
  const bool zombie = info.state == process_state::zombie, stopped = info.state == process_state::stopped,
             sleeping = info.state == process_state::sleeping;
  out.state = zombie ? lwp_state::zombie : stopped ? lwp_state::stopped : sleeping ? lwp_state::sleeping : lwp_state::runnable;
  out.sname = zombie ? 'Z' : stopped ? 'T' : sleeping ? 'S' : 'R';
  out.nice = static_cast<u8>(info.nice + 20);
  out.pri = 59 - info.nice;
  out.start = moment(started(c, info));
  out.time = moment(info.utime + info.stime);
  copy_name(out.clname, std::string_view{"TS", 2});
  out.bindpro = out.bindpset = -1;
  return out;
}

/// False if there is no such process.
template <class K>
bool about_process(const pseudo_context<K>& c, psinfo<M>& out) {
  information<K> info{};
  if (!ask(c, info)) return false;
  out.nlwp = info.state == process_state::zombie ? 0 : info.threads;
  out.pid = info.pid;
  out.ppid = info.ppid;
  out.pgid = info.pgid;
  out.sid = info.sid;
  out.uid = info.ids.ruid;
  out.euid = info.ids.euid;
  out.gid = info.ids.rgid;
  out.egid = info.ids.egid;
  out.size = out.rssize = static_cast<u32>(info.memory / 1024);
  out.ttydev = ~u32{0};
  if (info.terminal != 0) {
    device_word<M::u32, device_codec> device{};
    if (device.template from_native<K>(info.terminal) == errc::none) out.ttydev = device.raw;
  }
  out.start = moment(started(c, info));
  out.time = moment(info.utime + info.stime);
  out.ctime = moment(info.children_utime + info.children_stime);
  copy_name(out.fname, {info.name, sizeof info.name});
  char text[4096];
  const auto size = polyabi::perform<K>(op::process_text{}, c.reader, c.process, process_text::arguments, std::span<char>{text});
  if (size) {
    const usize all = static_cast<usize>(*size);
    i32 count = 0;
    for (usize i = 0; i < all; ++i)
      if (text[i] == '\0') {
        ++count;
        text[i] = ' ';
      }
    copy_name(out.psargs, {text, all > 0 ? all - 1 : 0});
    out.argc = count;
    // As exec(2) leaves the stack: the count, the arguments' addresses, a null pointer, the environment's.
    if (info.stack_start != 0) {
      out.argv = static_cast<u32>(info.stack_start + 4);
      out.envp = static_cast<u32>(info.stack_start + 4 + 4 * (static_cast<u32>(count) + 1));
    }
  }
  if (info.state == process_state::zombie)
    out.wstat = static_cast<i32>(status_word<K>(info.exit_status));
  out.dmodel = model_ilp32;
  out.lwp = about_lwp(c, info);
  return true;
}
template <class K>
bool process_information(const pseudo_context<K>& c, text_sink& to) {
  psinfo<M> out{};
  return about_process(c, out) && put(to, out);
}

template <class K>
bool lwp_information(const pseudo_context<K>& c, text_sink& to) {
  information<K> info{};
  return ask(c, info) && put(to, about_lwp(c, info));
}

template <class K>
lwpstatus<M> status_of_lwp(const information<K>& info) {
  lwpstatus<M> out{};
  const bool stopped = info.state == process_state::stopped;
  out.flags = stopped ? status_flag::stopped : info.state == process_state::sleeping ? status_flag::asleep : 0u;
  out.lwpid = 1;
  out.why = static_cast<i16>(stopped ? why_job_control : 0);
  (void)out.lwppend.template from_native<K>(info.pending);
  (void)out.lwphold.template from_native<K>(info.blocked);
  copy_name(out.clname, std::string_view{"TS", 2});
  out.utime = moment(info.utime);
  out.stime = moment(info.stime);
  out.reg[static_cast<usize>(greg::eip)] = static_cast<u32>(info.instruction_pointer);
  out.reg[static_cast<usize>(greg::uesp)] = static_cast<u32>(info.stack_pointer);
  return out;
}
template <class K>
bool lwp_status(const pseudo_context<K>& c, text_sink& to) {
  information<K> info{};
  return ask(c, info) && put(to, status_of_lwp<K>(info));
}

template <class K>
bool process_status_file(const pseudo_context<K>& c, text_sink& to) {
  information<K> info{};
  if (!ask(c, info)) return false;
  pstatus<M> out{};
  out.lwp = status_of_lwp<K>(info);
  out.flags = out.lwp.flags;
  out.nlwp = info.threads;
  out.pid = info.pid;
  out.ppid = info.ppid;
  out.pgid = info.pgid;
  out.sid = info.sid;
  (void)out.sigpend.template from_native<K>(info.process_pending);
  out.brkbase = static_cast<u32>(info.break_start);
  out.brksize = static_cast<u32>(info.break_end - info.break_start);
  native<K, shape::region_info> region{};
  char path[4096];
  for (u64 at = 0;; at = region.end) {
    const auto found = polyabi::perform<K>(op::next_region{}, c.reader, c.process, at, region, std::span<char>{path});
    if (!found || !*found) break;
    if (region.purpose != region_purpose::stack) continue;
    out.stkbase = static_cast<u32>(region.start);
    out.stksize = static_cast<u32>(region.end - region.start);
  }
  out.utime = moment(info.utime);
  out.stime = moment(info.stime);
  out.cutime = moment(info.children_utime);
  out.cstime = moment(info.children_stime);
  out.dmodel = model_ilp32;
  return put(to, out);
}

template <class K>
bool credentials(const pseudo_context<K>& c, text_sink& to) {
  information<K> info{};
  if (!ask(c, info)) return false;
  prcred<M> out{};
  out.euid = info.ids.euid;
  out.ruid = info.ids.ruid;
  out.suid = info.ids.suid;
  out.egid = info.ids.egid;
  out.rgid = info.ids.rgid;
  out.sgid = info.ids.sgid;
  out.ngroups = static_cast<i32>(info.group_count);
  if (info.group_count > 0) out.groups[0] = info.groups[0];
  put(to, out);
  for (u32 i = 1; i < info.group_count; ++i) put(to, M::u32{info.groups[i]});
  return true;
}

template <class K>
bool usage(const pseudo_context<K>& c, text_sink& to) {
  information<K> info{};
  if (!ask(c, info)) return false;
  prusage<M> out{};
  const u64 at = uptime(c);
  out.count = info.threads;
  out.tstamp = moment(at);
  out.create = moment(info.start_time);
  out.rtime = moment(since(info.start_time, at));
  out.utime = moment(info.utime);
  out.stime = moment(info.stime);
  return put(to, out);
}

template <class K>
bool memory_map(const pseudo_context<K>& c, text_sink& to) {
  char path[4096], image[4096];
  const auto image_size =
      polyabi::perform<K>(op::process_path{}, c.reader, c.process, process_object::executable, i32{-1}, std::span<char>{image});
  native<K, shape::region_info> region{};
  for (u64 at = 0;; at = region.end) {
    const auto found = polyabi::perform<K>(op::next_region{}, c.reader, c.process, at, region, std::span<char>{path});
    if (!found) return false;
    if (!*found) return true;
    prmap<M> out{};
    out.vaddr = static_cast<u32>(region.start);
    out.size = static_cast<u32>(region.end - region.start);
    out.offset = static_cast<i64>(region.offset);
    u32 flags = 0;
    if ((region.protection & native_number<K, protection::read>) != 0) flags |= map_mark::read;
    if ((region.protection & native_number<K, protection::write>) != 0) flags |= map_mark::write;
    if ((region.protection & native_number<K, protection::exec>) != 0) flags |= map_mark::exec;
    if ((region.flags & native_number<K, map_flag::shared>) != 0) flags |= map_mark::shared;
    if (region.purpose == region_purpose::heap) flags |= map_mark::break_ | map_mark::anonymous;
    if (region.purpose == region_purpose::stack) flags |= map_mark::stack | map_mark::anonymous;
    if (region.purpose == region_purpose::anonymous) flags |= map_mark::anonymous;
    if (image_size && region.path_size != 0 &&
        std::string_view{image, static_cast<usize>(*image_size)} == std::string_view{path, region.path_size})
      copy_name(out.mapname, std::string_view{"a.out", 5});
    out.mflags = flags;
    out.pagesize = page_size;
    out.shmid = -1;
    put(to, out);
  }
}

/// One structure a signal, from 1 on. Only the caller's own are told.
template <class K>
bool signal_actions(const pseudo_context<K>& c, text_sink& to) {
  const auto own = polyabi::perform<K>(op::getpid{}, c.reader);
  if (!own || *own != c.process) return false;
  for (i32 n = 1; n <= signals::realtime_last; ++n) {
    sigaction<M> out{};
    native<K, shape::sigaction> known{};
    const i32 number = number_table<signals, kernel_map<K, signal>>::convert(n);
    const native<K, shape::sigaction>* const unchanged = nullptr;
    if (number > 0 && polyabi::perform<K>(op::set_action{}, c.reader, number, unchanged, &known))
      (void)to_foreign<K>(known, out);
    put(to, out);
  }
  return true;
}

template <class K>
bool own_process(const pseudo_context<K>& c, text_sink& to) {
  const auto own = polyabi::perform<K>(op::getpid{}, c.reader);
  if (!own) return false;
  to << *own;
  return true;
}

template <class K>
struct files {
  using entry = pseudo_entry<K>;
  static constexpr entry of_lwp[] = {
      pseudo::file<K>("lwpsinfo", &lwp_information<K>),
      pseudo::file<K>("lwpstatus", &lwp_status<K>, 0400),
      pseudo::file<K>("lwpusage", &usage<K>),
  };
  static constexpr entry lwps[] = {pseudo::directory<K>("1", of_lwp)};
  static constexpr entry image[] = {pseudo::object<K>("a.out", process_object::executable)};
  static constexpr entry paths[] = {
      pseudo::object<K>("a.out", process_object::executable),
      pseudo::object<K>("cwd", process_object::current_directory),
      pseudo::object<K>("root", process_object::root_directory),
  };
  static constexpr entry descriptor[] = {pseudo::object<K>("", process_object::descriptor)};
  static constexpr entry descriptors[] = {pseudo::each_descriptor<K>(descriptor)};
  static constexpr entry of_process[] = {
      pseudo::memory<K>("as"),
      pseudo::file<K>("cred", &credentials<K>, 0400),
      pseudo::object<K>("cwd", process_object::current_directory),
      pseudo::directory<K>("fd", descriptors, 0500),
      pseudo::directory<K>("lwp", lwps),
      pseudo::file<K>("map", &memory_map<K>, 0400),
      pseudo::directory<K>("object", image, 0500),
      pseudo::directory<K>("path", paths, 0500),
      pseudo::file<K>("psinfo", &process_information<K>),
      pseudo::file<K>("rmap", &memory_map<K>, 0400),
      pseudo::object<K>("root", process_object::root_directory),
      pseudo::file<K>("sigact", &signal_actions<K>, 0400),
      pseudo::file<K>("status", &process_status_file<K>, 0400),
      pseudo::file<K>("usage", &usage<K>),
  };
  static constexpr entry entries[] = {pseudo::link<K>("self", &own_process<K>), pseudo::each_process<K>(of_process)};
  static constexpr pseudo_tree<K> tree{"proc", entries};
};

} // namespace polyabi::svr4::proc
