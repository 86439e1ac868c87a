// /proc/PID/oom_score_adj and its relatives, and coredump_filter (proc(5), core(5)): kept for the process and its children.
#pragma once

#include <polyabi/core/number_text.hpp>
#include <polyabi/linux/handlers/capability_sets.hpp>
#include <polyabi/linux/pseudo/common.hpp>

namespace polyabi::linux_abi::proc {

namespace detail {

/// The older scale: -17 never, 15 first.
inline constexpr i64 never = -17, first = 15, score_never = -1000, score_first = 1000;

} // namespace detail

template <class K>
bool memory_score_adjustment(const pseudo_context<K>& c, text_sink& to) {
  to << handlers::process_tuning::of<K>(c.reader, c.process).memory_score << '\n';
  return true;
}
template <class K>
bool old_memory_score_adjustment(const pseudo_context<K>& c, text_sink& to) {
  const i64 score = handlers::process_tuning::of<K>(c.reader, c.process).memory_score;
  const i64 scaled = score * -detail::never / detail::score_first;
  to << (score == detail::score_first || scaled > detail::first ? detail::first : scaled) << '\n';
  return true;
}

/// How likely the process is to be ended when memory is short (oom_badness of mm/oom_kill.c in its effect).
template <class K>
bool memory_score(const pseudo_context<K>& c, text_sink& to) {
  information<K> info{};
  native<K, shape::system_status> status{};
  if (!ask(c, info) || !polyabi::perform<K>(op::system_status{}, c.reader, status)) return false;
  const i64 score = handlers::process_tuning::of<K>(c.reader, c.process).memory_score,
            total = static_cast<i64>(pages(status.totalram));
  const i64 used = total != 0 ? static_cast<i64>(pages(info.memory)) * 1000 / total : 0;
  to << (score == detail::score_never ? i64{0} : (1000 + used + score) * 2 / 3) << '\n';
  return true;
}

namespace detail {

/// Only the administrator takes a process from below what the administrator gave it.
template <class K>
errc store_memory_score(const pseudo_context<K>& c, i64 score, bool old_scale) {
  auto tuning = handlers::process_tuning::of<K>(c.reader, c.process);
  bool privileged = false;
  if constexpr (provides<K, op::get_identity>())
    privileged = handlers::capability_sets::of<K>(c.reader).may(handlers::capability::sys_resource);
  if (score < (old_scale ? tuning.memory_score : tuning.least_memory_score) && !privileged) return errc::acces;
  tuning.memory_score = static_cast<i16>(score);
  if (privileged && !old_scale) tuning.least_memory_score = tuning.memory_score;
  return tuning.template keep<K>(c.reader, c.process);
}

} // namespace detail

template <class K>
errc set_memory_score_adjustment(const pseudo_context<K>& c, std::string_view text) {
  i64 score = 0;
  if (!parse_integer(text, score) || score < detail::score_never || score > detail::score_first) return errc::inval;
  return detail::store_memory_score(c, score, false);
}
template <class K>
errc set_old_memory_score_adjustment(const pseudo_context<K>& c, std::string_view text) {
  i64 old = 0;
  if (!parse_integer(text, old) || old < detail::never || old > detail::first) return errc::inval;
  return detail::store_memory_score(c, old == detail::first ? detail::score_first : old * detail::score_first / -detail::never,
                                    true);
}

template <class K>
bool core_filter(const pseudo_context<K>& c, text_sink& to) {
  to << hex{handlers::process_tuning::of<K>(c.reader, c.process).core_filter, 8} << '\n';
  return true;
}
template <class K>
errc set_core_filter(const pseudo_context<K>& c, std::string_view text) {
  constexpr u32 kinds = 0x1ff;
  i64 filter = 0;
  if (!parse_integer(text, filter) || filter < 0) return errc::inval;
  auto tuning = handlers::process_tuning::of<K>(c.reader, c.process);
  tuning.core_filter = static_cast<u32>(filter) & kinds;
  return tuning.template keep<K>(c.reader, c.process);
}

} // namespace polyabi::linux_abi::proc
