// Waiting for descriptors: poll and select.
#include "format_linux.hpp"
#include "trace_arguments.hpp"

#include <polyabi/linux/flags.hpp>
#include <polyabi/linux/structures/files.hpp>
#include <polyabi/linux/structures/time.hpp>

#include <fmt/format.h>

namespace polyabi::tool::linux_formats {

namespace {

namespace lx = linux_abi;

std::vector<lx::pollfd<lp64>> records_of(const captured* memory) {
  std::vector<lx::pollfd<lp64>> all(memory == nullptr ? 0 : memory->bytes.size() / sizeof(lx::pollfd<lp64>));
  if (!all.empty()) std::memcpy(all.data(), memory->bytes.data(), all.size() * sizeof all[0]);
  return all;
}

std::string poll_records(const argument& a) {
  const captured* memory = a.before();
  if (memory == nullptr) return static_cast<u32>(a.value(1)) == 0 && a.value() != 0 ? "[]" : address_argument(a);
  std::string text;
  for (const auto& one : records_of(memory)) {
    text += text.empty() ? "" : ", ";
    if (one.fd < 0)
      text += fmt::format("{{fd={}}}", static_cast<i32>(one.fd));
    else
      text += fmt::format("{{fd={}, events={}}}", static_cast<i32>(one.fd),
                          flag_names(lx::poll_events::rows, static_cast<u16>(one.events.raw)));
  }
  return fmt::format("[{}{}]", text, memory->whole > memory->bytes.size() ? ", ..." : "");
}

std::string poll_result(const call_view& view) {
  if (view.result() == 0) return "0 (Timeout)";
  std::string text;
  for (const auto& one : records_of(view.after(0))) {
    const u16 events = static_cast<u16>(one.revents.raw);
    if (events == 0) continue;
    text += fmt::format("{}{{fd={}, revents={}}}", text.empty() ? "" : ", ", static_cast<i32>(one.fd),
                        flag_names(lx::poll_events::rows, events));
  }
  return fmt::format("{} ([{}])", view.result(), text);
}

std::string set_text(const captured* memory, u64 count) {
  std::string text = "[";
  for (u64 n = 0; memory != nullptr && n < count && n / 8 < memory->bytes.size(); ++n)
    if ((static_cast<u8>(memory->bytes[n / 8]) >> (n % 8) & 1) != 0) text += fmt::format("{}{}", text.size() > 1 ? " " : "", n);
  return text + "]";
}

std::string descriptor_set(const argument& a) {
  return a.value() == 0          ? "NULL"
         : a.before() == nullptr ? address_argument(a)
                                 : set_text(a.before(), static_cast<u32>(a.in.words[0]));
}

std::string select_result(const call_view& view) {
  if (view.result() == 0) return "0 (Timeout)";
  constexpr std::string_view names[] = {"in", "out", "except"};
  std::string text;
  for (u8 i = 0; i < 3; ++i) {
    const std::string set = set_text(view.after(static_cast<u8>(i + 1)), static_cast<u32>(view.words[0]));
    if (view.words[i + 1] != 0 && set != "[]") text += fmt::format("{}{} {}", text.empty() ? "" : ", ", names[i], set);
  }
  return fmt::format("{} ({})", view.result(), text);
}

/// The time that select is given, not what it leaves of it.
template <class S32, class S64>
std::string time_before(const argument& a) {
  const captured* memory = a.before();
  if (memory == nullptr) return address_argument(a);
  return a.in.abi->word_size == 8 ? structure_value_of<S64>(memory->bytes) : structure_value_of<S32>(memory->bytes);
}
constexpr argument_format interval = &time_before<lx::timeval<ilp32_i386>, lx::timeval<lp64>>;
constexpr argument_format precise_interval = &time_before<lx::timespec<ilp32_i386>, lx::timespec<lp64>>;
constexpr argument_format wide_interval = &time_before<lx::timespec64<ilp32_i386>, lx::timespec64<lp64>>;

/// What was left of a sleep is written only if a signal ended it.
std::string remainder(const argument& a) {
  return address_argument(a);
}

std::string sleep_flags(const argument& a) {
  return a.value() == 1 ? "TIMER_ABSTIME" : hex_word(a);
}

constexpr refinement arguments[] = {
    {"poll", 0, &poll_records},
    {"ppoll", 0, &poll_records},
    {"ppoll_time64", 0, &poll_records},
    {"ppoll", 2, precise_interval},
    {"ppoll_time64", 2, wide_interval},
    {"select", 1, &descriptor_set},
    {"select", 2, &descriptor_set},
    {"select", 3, &descriptor_set},
    {"select", 4, interval},
    {"_newselect", 1, &descriptor_set},
    {"_newselect", 2, &descriptor_set},
    {"_newselect", 3, &descriptor_set},
    {"_newselect", 4, interval},
    {"pselect6", 1, &descriptor_set},
    {"pselect6", 2, &descriptor_set},
    {"pselect6", 3, &descriptor_set},
    {"pselect6", 4, precise_interval},
    {"pselect6_time64", 1, &descriptor_set},
    {"pselect6_time64", 2, &descriptor_set},
    {"pselect6_time64", 3, &descriptor_set},
    {"pselect6_time64", 4, wide_interval},
    {"nanosleep", 1, &remainder},
    {"clock_nanosleep", 1, &sleep_flags},
    {"clock_nanosleep", 3, &remainder},
    {"clock_nanosleep_time64", 1, &sleep_flags},
    {"clock_nanosleep_time64", 3, &remainder},
};
constexpr result_refinement results[] = {
    {"poll", &poll_result},
    {"ppoll", &poll_result},
    {"ppoll_time64", &poll_result},
    {"select", &select_result},
    {"_newselect", &select_result},
    {"pselect6", &select_result},
    {"pselect6_time64", &select_result},
};

} // namespace

std::span<const refinement> waiting_arguments() {
  return arguments;
}
std::span<const result_refinement> waiting_results() {
  return results;
}

} // namespace polyabi::tool::linux_formats
