#include "format.hpp"

#include <polyabi/core/c_name.hpp>
#include <polyabi/linux/errors.hpp>

#include <fmt/format.h>

#include <bit>
#include <cstring>
#include <vector>

namespace polyabi::tool {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// One byte; an octal escape is as short as what follows it allows.
void append_escaped(std::string& to, char c, char next) {
  switch (c) {
  case '"': to += "\\\""; return;
  case '\\': to += "\\\\"; return;
  case '\n': to += "\\n"; return;
  case '\t': to += "\\t"; return;
  case '\r': to += "\\r"; return;
  case '\v': to += "\\v"; return;
  case '\f': to += "\\f"; return;
  default: break;
  }
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= ' ' && byte < 0x7f)
    to += c;
  else
    to += is_digit(next) ? fmt::format("\\{:03o}", byte) : fmt::format("\\{:o}", byte);
}

std::string escaped(std::string_view bytes) {
  std::string text = "\"";
  for (usize i = 0; i < bytes.size(); ++i) append_escaped(text, bytes[i], i + 1 < bytes.size() ? bytes[i + 1] : '\0');
  return text + '"';
}

} // namespace

std::string quoted(std::string_view bytes, u64 whole, usize limit) {
  const std::string_view shown = bytes.substr(0, limit);
  return escaped(shown) + (whole > shown.size() ? "..." : "");
}

std::string quoted_text(std::string_view text, bool complete) {
  return escaped(text) + (complete ? "" : "...");
}

std::string address_text(u64 value) {
  return value == 0 ? "NULL" : fmt::format("{:#x}", value);
}

std::string mode_text(u64 value) {
  return value == 0 ? "000" : fmt::format("0{:02o}", value);
}

std::string typed_mode_text(u64 value) {
  constexpr named_value types[] = {{0010000, "S_IFIFO"}, {0020000, "S_IFCHR"}, {0040000, "S_IFDIR"}, {0060000, "S_IFBLK"},
                                   {0100000, "S_IFREG"}, {0120000, "S_IFLNK"}, {0140000, "S_IFSOCK"}};
  constexpr named_value set_bits[] = {{04000, "S_ISUID"}, {02000, "S_ISGID"}, {01000, "S_ISVTX"}};
  std::string text;
  for (const named_value& type : types)
    if ((value & 0170000) == type.value) text = fmt::format("{}|", type.name);
  for (const named_value& bit : set_bits)
    if ((value & bit.value) != 0) text += fmt::format("{}|", bit.name);
  return text + mode_text(value & (text.empty() ? 0777777 : 0777));
}

std::string named_bits(std::span<const named_value> names, u64 bits, std::string_view none) {
  if (bits == 0) return std::string{none};
  // Wide values take their bits away from narrow ones, but names appear in the order of the list.
  std::vector<bool> present(names.size());
  u64 left = bits;
  for (const bool wide : {true, false})
    for (usize i = 0; i < names.size(); ++i) {
      const u64 value = names[i].value;
      if (value == 0 || (std::popcount(value) > 1) != wide || (left & value) != value) continue;
      present[i] = true;
      left &= ~value;
    }
  std::string text;
  for (usize i = 0; i < names.size(); ++i)
    if (present[i]) text += fmt::format("{}{}", text.empty() ? "" : "|", names[i].name);
  if (left != 0) text += fmt::format("{}{:#x}", text.empty() ? "" : "|", left);
  return text;
}

std::string named_number(std::span<const named_value> names, u64 value) {
  for (const named_value& n : names)
    if (n.value == value) return std::string{n.name};
  return fmt::format("{:#x}", value);
}

std::string flag_names(std::span<const flag_row> rows, u64 bits) {
  std::string text;
  u64 left = bits, fields = 0;
  const auto add = [&](std::string_view name) { text += fmt::format("{}{}", text.empty() ? "" : "|", name); };
  for (const flag_row& r : rows) {
    if (r.kind != flag_class::choice || (fields & r.mask) != 0 || (bits & r.mask) != r.value) continue;
    fields |= r.mask;
    left &= ~r.mask;
    add(name_of(r.name));
  }
  std::vector<named_value> names;
  for (const flag_row& r : rows)
    if (r.kind == flag_class::bit) names.push_back({r.mask, name_of(r.name)});
  if (left != 0) add(named_bits(names, left));
  return text.empty() ? "0" : text;
}

namespace {

template <class Name>
bool name_in(any_name name, std::string_view& found) {
  if (name.family != polyabi::detail::family_of<Name>()) return false;
  found = c_name(static_cast<Name>(name.value));
  return true;
}
template <class... Names>
std::string_view name_in_any(any_name name) {
  std::string_view found = "?";
  (void)(name_in<Names>(name, found) || ...);
  return found;
}

} // namespace

std::string_view name_of(any_name name) {
  return printed_name(
      name_in_any<errc, signal, file_type, access_mode, open_flag, at_flag, fd_flag, access_check, seek_origin, protection,
                  map_flag, poll_event, sigaction_flag, sigmask_how, sigstack_flag, signal_code, wait_flag, wait_target,
                  resource, clock, interval_timer, lock_kind, usage_of, input_mode, output_mode, control_mode, character_size,
                  local_mode, control_character, set_attributes_when, flush_queue, flow_action, address_family, socket_type,
                  socket_flag, message_flag, shutdown_how, option_level, interface_flag>(name));
}

std::string_view printed_name(std::string_view name) {
  constexpr std::pair<std::string_view, std::string_view> others[] = {
      {"MAP_LOW32", "MAP_32BIT"}, {"AT_NO_AUTOMOUNT", "AT_NO_AUTOMOUNT"}, {"WNOTHREAD", "__WNOTHREAD"}, {"WALL", "__WALL"},
      {"WCLONE", "__WCLONE"},     {"O_NEITHER", "O_ACCMODE"},   {"CLOCK_VIRTUAL_", "CLOCK_VIRTUAL"},    {"WUNTRACED", "WSTOPPED"},
  };
  for (const auto& [ours, theirs] : others)
    if (name == ours) return theirs;
  return name;
}

std::string error_message(errc name) {
  // The host's texts serve every personality.
  const i32 number = polyabi::detail::number_or_nearest<linux_abi::errors>(name);
  return number == no_number ? "unknown error" : std::strerror(number);
}

} // namespace polyabi::tool
