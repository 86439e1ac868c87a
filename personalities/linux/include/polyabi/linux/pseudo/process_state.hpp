// /proc/PID/stat, statm and status (proc(5)).
#pragma once

#include <polyabi/linux/handlers/capability_sets.hpp>
#include <polyabi/linux/handlers/scheduling.hpp>
#include <polyabi/linux/handlers/seccomp.hpp>
#include <polyabi/linux/pseudo/bit_lists.hpp>
#include <polyabi/linux/pseudo/memory_maps.hpp>
#include <polyabi/linux/pseudo/system_state.hpp>

namespace polyabi::linux_abi::proc {

/// What of a process is in memory. A kernel that does not know shows everything as if it were.
template <class K>
struct memory_in_use {
  u64 resident = 0, of_files = 0;
  static memory_in_use of(const pseudo_context<K>& c, const information<K>& info) {
    memory_in_use used{};
    if constexpr (provides<K, op::memory_use>())
      if (polyabi::perform<K>(op::memory_use{}, c.reader, info.pid, used.resident, used.of_files)) return used;
    used = {info.memory, maps_detail::sizes_of(c).files};
    return used;
  }
};

/// The 52 fields of one line. What a Linux kernel without permission to tell, or without the feature, shows as zero is zero here.
template <class K>
bool process_stat(const pseudo_context<K>& c, text_sink& to) {
  information<K> info{};
  if (!ask(c, info)) return false;
  constexpr u64 randomized = 0x400000; // PF_RANDOMIZE
  constexpr u64 no_limit = ~u64{0};
  to << info.pid << " (" << name_of(info) << ") " << state_letter(info.state);
  for (const i64 v : {i64{info.ppid}, i64{info.pgid}, i64{info.sid}, static_cast<i64>(linux_device_itself<K>(info.terminal)),
                      i64{info.terminal_group}})
    to << ' ' << v;
  to << ' ' << randomized << " 0 0 0 0"; // page faults
  for (const u64 v : {info.utime, info.stime, info.children_utime, info.children_stime}) to << ' ' << ticks(v);
  handlers::scheduling scheduled{};
  if constexpr (provides<K, op::get_scheduling>())
    if (const auto kept = polyabi::perform<K>(op::get_scheduling{}, c.reader, info.pid)) scheduled = handlers::scheduling::of_word(*kept);
  to << ' ' << (scheduled.priority != 0 ? -1 - scheduled.priority : 20 + info.nice) << ' ' << info.nice << ' ' << info.threads << " 0 " << ticks(info.start_time);
  to << ' ' << info.memory << ' ' << pages(memory_in_use<K>::of(c, info).resident) << ' ' << no_limit;
  to << " 0 0 " << info.stack_start << " 0 0"; // code, stack pointer, instruction pointer
  for (const auto* set : {&info.pending, &info.blocked, &info.ignored, &info.caught}) to << ' ' << (linux_signals<K>(*set) & 0x7fffffff);
  to << " 0 0 0 17 0 " << scheduled.priority << ' ' << scheduled.policy << " 0 0 0"; // wchan, swap, exit signal, processor; delays, guests
  to << " 0 0 " << info.break_start; // data
  for (const u64 v : {info.arguments_start, info.arguments_end, info.environment_start, info.environment_end}) to << ' ' << v;
  to << " 0\n";
  return true;
}

template <class K>
bool process_memory_sizes(const pseudo_context<K>& c, text_sink& to) {
  information<K> info{};
  if (!ask(c, info)) return false;
  const maps_detail::sizes of = maps_detail::sizes_of(c);
  const auto used = memory_in_use<K>::of(c, info);
  to << pages(info.memory) << ' ' << pages(used.resident) << ' ' << pages(used.of_files) << ' ' << pages(of.program_text) << " 0 "
     << pages(of.data + of.stack) << " 0\n";
  return true;
}

namespace detail {

using namespace std::string_view_literals; // lengths known without strlen

inline void write_size(text_sink& to, std::string_view label, u64 bytes) {
  to << label << ":\t" << padded{kilobytes(bytes), 8} << " kB\n";
}
inline void write_set(text_sink& to, std::string_view label, u64 bits) { to << label << ":\t" << hex{bits, 16} << '\n'; }

template <class Info>
void write_identity(text_sink& to, const Info& info) {
  to << "Uid:\t" << info.ids.ruid << '\t' << info.ids.euid << '\t' << info.ids.suid << '\t' << info.ids.euid << '\n';
  to << "Gid:\t" << info.ids.rgid << '\t' << info.ids.egid << '\t' << info.ids.sgid << '\t' << info.ids.egid << '\n';
  to << "FDSize:\t" << info.descriptors << '\n';
  to << "Groups:\t";
  for (u32 i = 0; i < info.group_count; ++i) to << info.groups[i] << ' ';
  to << (info.group_count == 0 ? " \n" : "\n");
  to << "NStgid:\t" << info.pid << "\nNSpid:\t" << info.pid << "\nNSpgid:\t" << info.pgid << "\nNSsid:\t" << info.sid << '\n';
}

// Kernels need not have tracing.
template <class Info>
i32 tracer_of(const Info& info) {
  if constexpr (requires { info.tracer; }) return info.tracer;
  else return 0;
}
template <class Info>
bool stands_for_tracer(const Info& info) {
  if constexpr (requires { info.stands; }) return info.stands;
  else return false;
}

template <class Used>
void write_sizes(text_sink& to, u64 memory, const maps_detail::sizes& of, const Used& used) {
  for (const auto label : {"VmPeak"sv, "VmSize"sv}) write_size(to, label, memory);
  for (const auto label : {"VmLck"sv, "VmPin"sv}) write_size(to, label, 0);
  for (const auto label : {"VmHWM"sv, "VmRSS"sv}) write_size(to, label, used.resident);
  write_size(to, "RssAnon", used.resident - used.of_files);
  write_size(to, "RssFile", used.of_files);
  write_size(to, "RssShmem", 0);
  write_size(to, "VmData", of.data);
  write_size(to, "VmStk", of.stack);
  write_size(to, "VmExe", of.program_text);
  write_size(to, "VmLib", of.other_text);
  for (const auto label : {"VmPTE"sv, "VmSwap"sv, "HugetlbPages"sv}) write_size(to, label, 0);
}

/// What a process may not do by its own wish.
template <class K>
void write_filters(text_sink& to, const pseudo_context<K>& c, i32 pid) {
  u32 mode = 0, filters = 0;
  bool no_new_privileges = false;
  if constexpr (K::template provides<service::call_filters>) {
    const typename K::section inside;
    if (const auto* chain = static_cast<const facilities::filter_chain<K>*>(K::call_filter_of(pid)); chain != nullptr) {
      mode = chain->is_strict() ? handlers::seccomp_numbers::mode_strict : handlers::seccomp_numbers::mode_filter;
      filters = chain->is_strict() ? 0 : chain->count();
    }
  }
  if constexpr (provides<K, op::get_word_of>())
    if (const auto modes = polyabi::perform<K>(op::get_word_of{}, c.reader, pid, handlers::process_word::modes))
      no_new_privileges = (*modes & handlers::process_word::no_new_privileges) != 0;
  to << "NoNewPrivs:\t" << u32{no_new_privileges} << "\nSeccomp:\t" << mode << "\nSeccomp_filters:\t" << filters << '\n';
}

/// The processors that it may run on, and the memory nodes that it may use: the one there is, of as many as Debian's kernels count.
template <class K>
void write_allowed(text_sink& to, const pseudo_context<K>& c, i32 pid) {
  constexpr u32 most_processors = 1024, most_nodes = 1024;
  u8 bits[most_processors / 8]{};
  system<K> s{};
  const u32 processors = ask<K>(c, s) && s.processors != 0 ? s.processors : 1;
  bool known = false;
  if constexpr (K::template provides<op::get_affinity>)
    known = static_cast<bool>(polyabi::perform<K>(op::get_affinity{}, c.reader, pid, std::span<unsigned char>{bits}));
  const auto may = [&](u32 number) { return !known || (number < most_processors && (bits[number / 8] >> (number % 8) & 1) != 0); };
  const auto first = [](u32 number) { return number == 0; };
  to << "Cpus_allowed:\t";
  write_mask(to, processors, may);
  to << "Cpus_allowed_list:\t";
  write_list(to, processors, may);
  to << "Mems_allowed:\t";
  write_mask(to, most_nodes, first);
  to << "Mems_allowed_list:\t";
  write_list(to, most_nodes, first);
}

} // namespace detail

template <class K>
bool process_status(const pseudo_context<K>& c, text_sink& to) {
  information<K> info{};
  if (!ask(c, info)) return false;
  to << "Name:\t" << name_of(info) << "\nUmask:\t" << octal{info.umask, 4};
  to << "\nState:\t" << (detail::stands_for_tracer(info) ? "t (tracing stop)"sv : state_name(info.state));
  to << "\nTgid:\t" << info.pid << "\nNgid:\t0\nPid:\t" << info.pid << "\nPPid:\t" << info.ppid;
  to << "\nTracerPid:\t" << detail::tracer_of(info) << '\n';
  detail::write_identity(to, info);
  to << "Kthread:\t0\n";
  if (info.state != process_state::zombie) detail::write_sizes(to, info.memory, maps_detail::sizes_of(c), memory_in_use<K>::of(c, info));
  if (info.state != process_state::zombie) to << "CoreDumping:\t0\nTHP_enabled:\t0\nuntag_mask:\t0x" << hex{~u64{0}, 16} << '\n';
  to << "Threads:\t" << info.threads << "\nSigQ:\t0/";
  native<K, shape::rlimit> queued{};
  (void)ask_limit(c, resource::sigpending, queued);
  to << queued.cur << '\n';
  detail::write_set(to, "SigPnd", linux_signals<K>(info.pending));
  detail::write_set(to, "ShdPnd", linux_signals<K>(info.process_pending));
  detail::write_set(to, "SigBlk", linux_signals<K>(info.blocked));
  detail::write_set(to, "SigIgn", linux_signals<K>(info.ignored));
  detail::write_set(to, "SigCgt", linux_signals<K>(info.caught));
  const auto capabilities = handlers::capability_sets::of<K>(c.reader, c.thread != 0 ? c.thread : info.pid, info.ids.euid);
  detail::write_set(to, "CapInh", capabilities.inheritable);
  detail::write_set(to, "CapPrm", capabilities.permitted);
  detail::write_set(to, "CapEff", capabilities.effective);
  detail::write_set(to, "CapBnd", capabilities.bounding);
  detail::write_set(to, "CapAmb", capabilities.ambient);
  detail::write_filters<K>(to, c, info.pid);
  to << "Speculation_Store_Bypass:\tunknown\nSpeculationIndirectBranch:\tunknown\n";
  detail::write_allowed<K>(to, c, info.pid);
  to << "voluntary_ctxt_switches:\t0\nnonvoluntary_ctxt_switches:\t0\n";
  return true;
}

} // namespace polyabi::linux_abi::proc
