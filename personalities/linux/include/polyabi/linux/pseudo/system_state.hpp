// /proc/meminfo, uptime, loadavg, stat, version and filesystems (proc(5)).
#pragma once

#include <polyabi/linux/pseudo/common.hpp>

namespace polyabi::linux_abi::proc {

template <class K>
using system = native<K, shape::system_status>;

template <class K>
bool ask(const pseudo_context<K>& c, system<K>& out) {
  return static_cast<bool>(polyabi::perform<K>(op::system_status{}, c.reader, out));
}

/// The lines that tools add up; the kernel has no caches of its own to speak of.
template <class K>
bool memory_information(const pseudo_context<K>& c, text_sink& to) {
  system<K> s{};
  if (!ask<K>(c, s)) return false;
  const u64 reclaimable = s.available > s.freeram ? s.available - s.freeram : 0;
  const u64 cached = reclaimable > s.bufferram ? reclaimable - s.bufferram : 0;
  struct row {
    std::string_view name;
    u64 bytes = 0;
  };
  const row rows[] = {
      {"MemTotal", s.totalram}, {"MemFree", s.freeram}, {"MemAvailable", s.available}, {"Buffers", s.bufferram}, {"Cached", cached},
      {"SwapCached"}, {"Active", cached}, {"Inactive"}, {"Active(anon)"}, {"Inactive(anon)"}, {"Active(file)", cached},
      {"Inactive(file)"}, {"Unevictable"}, {"Mlocked"}, {"SwapTotal", s.totalswap}, {"SwapFree", s.freeswap}, {"Dirty"}, {"Writeback"},
      {"AnonPages"}, {"Mapped"}, {"Shmem", s.sharedram}, {"KReclaimable"}, {"Slab"}, {"SReclaimable"}, {"SUnreclaim"}, {"KernelStack"},
      {"PageTables"}, {"SecPageTables"}, {"NFS_Unstable"}, {"Bounce"}, {"WritebackTmp"}, {"CommitLimit", s.totalram / 2},
      {"Committed_AS"}, {"VmallocTotal", u64{34359738367} << 10}, {"VmallocUsed"}, {"VmallocChunk"}, {"Percpu"}, {"AnonHugePages"},
      {"ShmemHugePages"}, {"ShmemPmdMapped"}, {"FileHugePages"}, {"FilePmdMapped"},
  };
  const auto write = [&](const row& r) {
    to << r.name << ':';
    to.fill(r.name.size() < 15 ? 15 - r.name.size() : 0);
    to << padded{kilobytes(r.bytes), 8} << " kB\n";
  };
  for (const row& r : rows) write(r);
  for (const std::string_view name : {"HugePages_Total", "HugePages_Free", "HugePages_Rsvd", "HugePages_Surp"}) {
    to << name << ':';
    to.fill(15 - name.size()) << padded{0, 8} << '\n';
  }
  constexpr u64 huge_page = 2 << 20;
  for (const row& r : {row{"Hugepagesize", huge_page}, row{"Hugetlb"}, row{"DirectMap4k", s.totalram}, row{"DirectMap2M"}, row{"DirectMap1G"}})
    write(r);
  return true;
}

/// Seconds since the start, and those that all processors together were idle.
template <class K>
bool uptime(const pseudo_context<K>& c, text_sink& to) {
  system<K> s{};
  if (!ask<K>(c, s)) return false;
  write_seconds(to, s.uptime);
  to << ' ';
  write_seconds(to, s.uptime * s.processors);
  to << '\n';
  return true;
}

template <class K>
bool load_average(const pseudo_context<K>& c, text_sink& to) {
  system<K> s{};
  if (!ask<K>(c, s)) return false;
  for (const u64 load : s.loads) to << (load >> 16) << '.' << padded{(load & 0xffff) * 100 >> 16, 2, '0'} << ' ';
  to << s.running << '/' << s.procs << ' ' << s.last_pid << '\n';
  return true;
}

/// Times of the processes that are there; what is not theirs was idle.
template <class K>
bool statistics(const pseudo_context<K>& c, text_sink& to) {
  system<K> s{};
  if (!ask<K>(c, s)) return false;
  u64 user = 0, in_kernel = 0;
  for (i32 pid = 0;;) {
    const auto next = polyabi::perform<K>(op::next_process{}, c.reader, pid);
    if (!next || *next == 0) break;
    pid = *next;
    information<K> info{};
    if (!polyabi::perform<K>(op::process_info{}, c.reader, pid, info)) continue;
    user += info.utime;
    in_kernel += info.stime;
  }
  const u64 processors = s.processors != 0 ? s.processors : 1;
  const u64 all = ticks(s.uptime) * processors, used = ticks(user) + ticks(in_kernel);
  const auto line = [&](u64 share) {
    to << ticks(user) / share << " 0 " << ticks(in_kernel) / share << ' ' << (all > used ? all - used : 0) / share
       << " 0 0 0 0 0 0\n";
  };
  to << "cpu  ";
  line(1);
  for (u64 i = 0; i < processors; ++i) {
    to << "cpu" << i << ' ';
    line(processors);
  }
  native<K, shape::timespec> now{};
  const i32 clock_number = number_for<kernel_map<K, clock>>(clock::realtime);
  if (!polyabi::perform<K>(op::clock_get{}, c.reader, clock_number, now)) return false;
  const u64 started = static_cast<u64>(now.sec) - s.uptime / 1'000'000'000;
  to << "intr 0\nctxt 0\nbtime " << started << "\nprocesses " << s.last_pid << "\nprocs_running " << s.running
     << "\nprocs_blocked 0\n";
  return true;
}

template <class K>
bool version(const pseudo_context<K>& c, text_sink& to) {
  to << system_identity::name << " version " << system_identity::release<K>(c.reader) << " (polyabi@polyabi) (polyabi 0.1.0) "
     << system_identity::version<K>(c.reader) << '\n';
  return true;
}

template <class K>
bool file_systems(const pseudo_context<K>&, text_sink& to) {
  to << "nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\nnodev\tdevtmpfs\nnodev\tpipefs\nnodev\tdevpts\nnodev\thostfs\n";
  return true;
}

/// The drivers' major numbers, of the devices that the kernel has.
template <class K>
bool devices(const pseudo_context<K>&, text_sink& to) {
  constexpr struct {
    u32 major;
    std::string_view name;
  } drivers[] = {{1, "mem"}, {5, "/dev/tty"}, {5, "/dev/console"}, {5, "/dev/ptmx"}, {136, "pts"}};
  to << "Character devices:\n";
  for (const auto& d : drivers) to << padded{d.major, 3} << ' ' << d.name << '\n';
  to << "\nBlock devices:\n";
  return true;
}

/// A link: who looks.
template <class K>
bool own_process(const pseudo_context<K>& c, text_sink& to) {
  const auto id = polyabi::perform<K>(op::getpid{}, c.reader);
  if (!id) return false;
  to << *id;
  return true;
}
template <class K>
bool own_thread(const pseudo_context<K>& c, text_sink& to) {
  const auto id = polyabi::perform<K>(op::getpid{}, c.reader);
  const auto thread = polyabi::perform<K>(op::gettid{}, c.reader);
  if (!id || !thread) return false;
  to << *id << "/task/" << *thread;
  return true;
}
template <class K>
bool link_to_own_mounts(const pseudo_context<K>&, text_sink& to) {
  to << "self/mounts";
  return true;
}

} // namespace polyabi::linux_abi::proc
