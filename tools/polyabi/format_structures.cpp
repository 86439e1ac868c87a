#include "format_structures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>

namespace polyabi::tool {

namespace {

/// How strace shows a structure: the prefix of its members, which of them and in which order (all if the list is empty),
/// whether
/// "..." stands for the rest.
struct structure_style {
  std::string_view name, prefix;
  std::vector<std::string_view> shown{};
  bool cut = false;
};

const structure_style styles[] = {
    {"timespec", "tv_"},
    {"timespec64", "tv_"},
    {"timeval", "tv_"},
    {"time_of_day", "tv_"},
    {"stat_time", "tv_"},
    {"statx_time", "tv_"},
    {"itimerval", "it_"},
    {"timezone", "tz_"},
    {"utimbuf", ""},
    {"tms", "tms_"},
    {"rusage", "ru_", {"utime", "stime"}, true},
    {"rlimit", "rlim_"},
    {"rlimit64", "rlim_"},
    {"old_rlimit", "rlim_"},
    {"winsize", "ws_"},
    {"flock", "l_", {"type", "whence", "start", "len"}},
    {"flock64", "l_", {"type", "whence", "start", "len"}},
    {"pollfd", ""},
    {"stat", "st_"},
    {"stat64", "st_"},
    {"old_stat", "st_"},
    {"statx", "stx_", {"mask", "attributes", "mode", "size"}, true},
    {"statfs", "f_", {"type", "bsize", "blocks", "bfree", "bavail", "files", "ffree", "fsid", "namelen", "frsize", "flags"}},
    {"statfs64", "f_", {"type", "bsize", "blocks", "bfree", "bavail", "files", "ffree", "fsid", "namelen", "frsize", "flags"}},
    {"statvfs", "f_"},
    {"statvfs64", "f_"},
    {"sigaction", "sa_", {"handler", "mask", "flags", "restorer"}},
    {"old_sigaction", "sa_", {"handler", "mask", "flags", "restorer"}},
    {"sigstack", "ss_", {"sp", "flags", "size"}},
    {"sysinfo", ""},
    {"sched_param", "sched_"},
    {"ucred", ""},
    {"sock_timeval", "tv_"},
    {"tcp_info", "tcpi_", {"state", "ca_state", "retransmits", "probes", "backoff", "options"}, true},
};

const structure_style* style_of(std::string_view name) {
  const auto found = std::find_if(std::begin(styles), std::end(styles), [&](const auto& s) { return s.name == name; });
  return found == std::end(styles) ? nullptr : found;
}

/// The last name of a type, without namespaces and template arguments.
std::string_view plain_name(std::string_view type) {
  type = type.substr(0, type.find('<'));
  if (const auto colon = type.rfind("::"); colon != type.npos) type.remove_prefix(colon + 2);
  return type;
}

const field_text* find(const std::vector<field_text>& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const field_text& f) { return f.name == name; });
  return found == fields.end() ? nullptr : &*found;
}
u64 number(const std::vector<field_text>& fields, std::string_view name) {
  const field_text* f = find(fields, name);
  return f == nullptr ? 0 : f->number;
}

/// A limit: multiples of a KiB as a product.
std::string limit_text(const field_text& f, bool wide) {
  if (f.number == ~u64{0} || f.number == 0xffffffff) return wide ? "RLIM64_INFINITY" : "RLIM_INFINITY";
  if (f.number > 1024 && f.number % 1024 == 0) return fmt::format("{}*1024", f.number / 1024);
  return f.text;
}

std::string handler_text(u64 value) {
  return value == 0 ? "SIG_DFL" : value == 1 ? "SIG_IGN" : fmt::format("{:#x}", value);
}

/// What a member of this structure is beyond its type; empty to leave it out.
std::optional<std::string> special_text(std::string_view structure, const field_text& f, const std::vector<field_text>& all) {
  if (f.name == "handler") return handler_text(f.number);
  // Without its flag the member means nothing.
  if (f.name == "restorer") {
    const field_text* flags = find(all, "flags");
    if (flags == nullptr || flags->text.find("SA_RESTORER") == std::string::npos) return std::nullopt;
    return address_text(f.number);
  }
  if (f.name == "sp" || f.name == "base") return address_text(f.number);
  if (f.name == "mode") return typed_mode_text(f.number);
  if (structure == "rlimit64") return limit_text(f, true);
  if (structure == "rlimit" || structure == "old_rlimit") return limit_text(f, false);
  if (structure == "winsize" || structure == "pollfd") return f.text;
  if (structure.starts_with("statfs") && f.name == "fsid") {
    const auto half = [](u64 n) { return n == 0 ? std::string{"0"} : fmt::format("{:#x}", n); };
    return fmt::format("{{val=[{}, {}]}}", half(f.number & 0xffffffff), half(f.number >> 32));
  }
  if (structure == "statx" && f.name == "mask") return statx_mask_text(f.number);
  if (structure == "statx" && f.name == "attributes" && f.number == 0) return "0";
  return f.text;
}

/// Terminal modes as strace lists them in short: the speed, then the modes that are set, in lower case.
std::string terminal_text(const std::vector<field_text>& all) {
  constexpr std::string_view speeds[] = {"B0",   "B50",   "B75",   "B110",  "B134",  "B150",  "B200",   "B300",
                                         "B600", "B1200", "B1800", "B2400", "B4800", "B9600", "B19200", "B38400"};
  constexpr std::string_view fast[] = {"B57600", "B115200", "B230400", "B460800", "B500000", "B576000", "B921600", "B1000000"};
  const u64 code = number(all, "cflag") & 0x100f;
  std::string text{code < 16 ? speeds[code] : code - 0x1001 < std::size(fast) ? fast[code - 0x1001] : "BOTHER"};
  const auto shown = [&](std::string_view member, std::string_view mode, std::string_view as) {
    const field_text* f = find(all, member);
    if (f == nullptr) return;
    const std::string padded = fmt::format("|{}|", f->text);
    text += ' ';
    if (padded.find(fmt::format("|{}|", mode)) == std::string::npos) text += '-';
    text += as;
  };
  shown("oflag", "OPOST", "opost");
  shown("lflag", "ISIG", "isig");
  shown("lflag", "ICANON", "icanon");
  shown("lflag", "ECHO", "echo");
  return fmt::format("{{{} ...}}", text);
}

/// stat as strace shows it in short: the type decides whether a size or a device number follows.
std::string stat_text(const std::vector<field_text>& all) {
  const u64 type = number(all, "mode") & 0170000;
  const bool is_device = type == 0020000 || type == 0060000;
  const field_text* second = find(all, is_device ? "rdev" : "size");
  return fmt::format("{{st_mode={}, st_{}={}, ...}}", typed_mode_text(number(all, "mode")), is_device ? "rdev" : "size",
                     second == nullptr ? "0" : second->text);
}

} // namespace

std::string structure_text(std::string_view type, std::vector<field_text> fields) {
  const std::string_view structure = plain_name(type);
  if (structure.starts_with("timespec")) { // of utimensat: times that are none
    if (number(fields, "nsec") == 0x3fffffff) return "UTIME_NOW";
    if (number(fields, "nsec") == 0x3ffffffe) return "UTIME_OMIT";
  }
  if (structure == "termios" || structure == "termios2" || structure == "termio") return terminal_text(fields);
  if (structure == "stat" || structure == "stat64" || structure == "old_stat") return stat_text(fields);
  const structure_style* style = style_of(structure);
  std::vector<const field_text*> shown;
  if (style == nullptr || style->shown.empty())
    for (const field_text& f : fields) shown.push_back(&f);
  else
    for (const std::string_view name : style->shown)
      if (const field_text* f = find(fields, name); f != nullptr) shown.push_back(f);
  std::string text;
  for (const field_text* f : shown) {
    const std::optional<std::string> value = special_text(structure, *f, fields);
    if (!value) continue;
    if (!text.empty()) text += ", ";
    text += fmt::format("{}{}={}", style == nullptr ? "" : style->prefix, f->name, *value);
  }
  if (structure.ends_with("_pair") || structure.ends_with("_pair64")) { // of times: an array in C
    text.clear();
    for (const field_text& f : fields) text += fmt::format("{}{}", text.empty() ? "" : ", ", f.text);
    return fmt::format("[{}]", text);
  }
  return fmt::format("{{{}{}}}", text, style != nullptr && style->cut ? ", ..." : "");
}

std::string statx_mask_text(u64 mask) {
  constexpr named_value names[] = {{0xfff, "STATX_ALL"},    {0x7ff, "STATX_BASIC_STATS"}, {1, "STATX_TYPE"},
                                   {2, "STATX_MODE"},       {4, "STATX_NLINK"},           {8, "STATX_UID"},
                                   {0x10, "STATX_GID"},     {0x20, "STATX_ATIME"},        {0x40, "STATX_MTIME"},
                                   {0x80, "STATX_CTIME"},   {0x100, "STATX_INO"},         {0x200, "STATX_SIZE"},
                                   {0x400, "STATX_BLOCKS"}, {0x800, "STATX_BTIME"},       {0x1000, "STATX_MNT_ID"}};
  return named_bits(names, mask);
}

std::string signal_set_text(const std::vector<i32>& numbers, i32 highest, std::string (*name)(i32)) {
  // A set of more than half of all signals is shown by those it lacks.
  const bool inverted = numbers.size() > static_cast<usize>(highest) / 2;
  std::string text = inverted ? "~[" : "[";
  const usize start = text.size();
  for (i32 n = 1; n <= highest; ++n) {
    const bool present = std::find(numbers.begin(), numbers.end(), n) != numbers.end();
    if (present == inverted) continue;
    if (text.size() > start) text += ' ';
    text += name(n);
  }
  return text + ']';
}

std::string readable_type(std::string_view type) {
  std::string text;
  for (usize i = 0; i < type.size();) {
    usize end = i;
    const auto is_part = [&](usize at) {
      const char c = type[at];
      return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || (c == ':' && at + 1 < type.size());
    };
    while (end < type.size() && is_part(end)) ++end;
    std::string_view word = type.substr(i, end - i);
    if (const auto colon = word.rfind("::"); colon != word.npos) word.remove_prefix(colon + 2);
    text += word;
    if (end == i) text += type[end++];
    i = end;
  }
  return text;
}

} // namespace polyabi::tool
