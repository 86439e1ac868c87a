// Counters: /proc/PID/io, and /proc/vmstat, interrupts and softirqs (proc(5)). What is counted below, by the host, is not told here:
// those are zero.
#pragma once

#include <polyabi/linux/handlers/timer_slack.hpp>
#include <polyabi/linux/pseudo/system_state.hpp>

namespace polyabi::linux_abi::proc {

template <class K>
bool process_transfers(const pseudo_context<K>& c, text_sink& to) {
  information<K> info{};
  if (!ask(c, info)) return false;
  for (const std::string_view name : {"rchar", "wchar", "syscr", "syscw", "read_bytes", "write_bytes", "cancelled_write_bytes"})
    to << name << ": 0\n";
  return true;
}

template <class K>
bool timer_slack(const pseudo_context<K>& c, text_sink& to) {
  to << handlers::timer_slack::of<K>(c.reader, c.process) << '\n';
  return true;
}

template <class K>
bool memory_statistics(const pseudo_context<K>& c, text_sink& to) {
  system<K> s{};
  if (!ask<K>(c, s)) return false;
  const u64 cached = s.available > s.freeram ? s.available - s.freeram : 0;
  struct row {
    std::string_view name;
    u64 value = 0;
  };
  const row rows[] = {
      {"nr_free_pages", pages(s.freeram)}, {"nr_inactive_anon"}, {"nr_active_anon"}, {"nr_inactive_file"},
      {"nr_active_file", pages(cached)}, {"nr_unevictable"}, {"nr_mlock"}, {"nr_slab_reclaimable"}, {"nr_slab_unreclaimable"},
      {"nr_anon_pages"}, {"nr_mapped"}, {"nr_file_pages", pages(cached)}, {"nr_dirty"}, {"nr_writeback"}, {"nr_shmem", pages(s.sharedram)},
      {"nr_kernel_stack"}, {"nr_page_table_pages"}, {"pgpgin"}, {"pgpgout"}, {"pswpin"}, {"pswpout"}, {"pgalloc_normal"}, {"pgfree"},
      {"pgactivate"}, {"pgdeactivate"}, {"pgfault"}, {"pgmajfault"}, {"oom_kill"},
  };
  for (const row& r : rows) to << r.name << ' ' << r.value << '\n';
  return true;
}

namespace detail {

/// A column for each processor.
template <class K>
bool write_processors(const pseudo_context<K>& c, text_sink& to, usize indent, u64& count) {
  system<K> s{};
  if (!ask<K>(c, s)) return false;
  count = s.processors != 0 ? s.processors : 1;
  to.fill(indent);
  for (u64 i = 0; i < count; ++i) {
    char name[16];
    text_sink column{name};
    column << "CPU" << i;
    to << left{column.text(), 11};
  }
  to << '\n';
  return true;
}

} // namespace detail

/// No device of the kernel interrupts a processor of its own.
template <class K>
bool interrupts(const pseudo_context<K>& c, text_sink& to) {
  u64 processors = 0;
  return detail::write_processors(c, to, 11, processors);
}

template <class K>
bool soft_interrupts(const pseudo_context<K>& c, text_sink& to) {
  u64 processors = 0;
  if (!detail::write_processors(c, to, 20, processors)) return false;
  for (const std::string_view name : {"HI", "TIMER", "NET_TX", "NET_RX", "BLOCK", "IRQ_POLL", "TASKLET", "SCHED", "HRTIMER", "RCU"}) {
    to.fill(12 - name.size()) << name << ':';
    for (u64 i = 0; i < processors; ++i) to << padded{0, 11};
    to << '\n';
  }
  return true;
}

} // namespace polyabi::linux_abi::proc
