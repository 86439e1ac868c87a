// Streams: messages, options, ioctls of modules.
#include "format_structures.hpp"
#include "format_svr4.hpp"
#include "trace_arguments.hpp"

#include <polyabi/facilities/streams/modules/timod.hpp>
#include <polyabi/svr4/structures/streams.hpp>

#include <fmt/format.h>

namespace polyabi::tool::svr4_formats {

namespace {

namespace ss = polyabi::streams;
using model = ilp32_i386;
using part = svr4::strbuf<model>;

template <class T>
std::optional<T> structure_in(const captured* memory) {
  if (memory == nullptr || memory->bytes.size() < sizeof(T)) return {};
  T value;
  std::memcpy(&value, memory->bytes.data(), sizeof value);
  return value;
}

// --- messages

/// One part: its length, and what it is. `control` looks for a primitive in it.
std::string part_text(const std::optional<part>& p, const captured* bytes, bool control, bool filled) {
  if (!p) return {};
  std::string text = "{";
  if (filled) text += fmt::format("maxlen={}, ", i32{p->maxlen});
  text += fmt::format("len={}", i32{p->len});
  if (i32{p->len} > 0 && bytes != nullptr)
    text += ", buf=" + (control ? control_text(bytes->bytes, bytes->whole) : quoted(bytes->bytes, bytes->whole));
  return text + "}";
}
template <bool Control, bool Filled>
std::string message_part(const argument& a) {
  if (a.value() == 0) return "NULL";
  const captured* memory = pointed(a, Filled);
  const std::string text = part_text(structure_in<part>(memory), Filled ? a.after(1) : a.before(1), Control, Filled);
  return text.empty() ? address_text(a.value()) : text;
}

std::string hipri(const argument& a) {
  return a.number() == 1 ? "RS_HIPRI" : std::to_string(a.number());
}
std::string filled_hipri(const argument& a) {
  const auto value = structure_in<model::i32>(pointed(a, true));
  return !value ? address_text(a.value()) : i32{*value} == 1 ? "[RS_HIPRI]" : fmt::format("[{}]", i32{*value});
}
constexpr named_bit message_flags[] = {{1, "MSG_HIPRI"}, {2, "MSG_ANY"}, {4, "MSG_BAND"}};
std::string message_flag(const argument& a) {
  return bits_text(static_cast<u32>(a.value()), message_flags);
}
std::string filled_message_flag(const argument& a) {
  const auto value = structure_in<model::i32>(pointed(a, true));
  return value ? "[" + bits_text(static_cast<u32>(i32{*value}), message_flags) + "]" : address_text(a.value());
}
std::string more_result(const call_view& view) {
  constexpr named_bit more[] = {{1, "MORECTL"}, {2, "MOREDATA"}};
  return view.result() == 0 ? "0" : fmt::format("{} ({})", view.result(), bits_text(static_cast<u32>(view.result()), more));
}

// --- I_STR and its like

struct command_name {
  u32 command;
  std::string_view name;
};
constexpr command_name commands[] = {
    {ss::timod_command::get_info, "TI_GETINFO"},
    {ss::timod_command::manage_options, "TI_OPTMGMT"},
    {ss::timod_command::bind, "TI_BIND"},
    {ss::timod_command::unbind, "TI_UNBIND"},
    {ss::timod_command::get_own_name, "TI_GETMYNAME"},
    {ss::timod_command::get_peer_name, "TI_GETPEERNAME"},
    {ss::timod_command::sync, "TI_SYNC"},
    {ss::timod_command::get_addresses, "TI_GETADDRS"},
    {ss::timod_command::capability, "TI_CAPABILITY"},
};
std::string stream_ioctl(const argument& a) {
  using structure = svr4::strioctl<model>;
  const captured* memory = a.in.failed() || a.in.leave == nullptr ? a.before() : a.after();
  const auto s = structure_in<structure>(memory);
  if (!s) return address_text(a.value());
  const auto command = static_cast<u32>(i32{s->cmd});
  std::string name = fmt::format("{:#x}", command);
  bool known = false;
  for (const command_name& c : commands)
    if (c.command == command) name = c.name, known = true;
  const auto data = [&](const captured* bytes) {
    if (bytes == nullptr) return std::string{"NULL"};
    return known ? control_text(bytes->bytes, bytes->whole) : quoted(bytes->bytes, bytes->whole);
  };
  std::string text =
      fmt::format("{{ic_cmd={}, ic_timout={}, ic_len={}, ic_dp={}", name, i32{s->timout}, i32{s->len}, data(a.before(1)));
  if (!a.in.failed() && a.after(1) != nullptr) text += " => " + data(a.after(1));
  return text + "}";
}
std::string descriptor_insert(const argument& a) {
  const auto s = structure_in<svr4::strfdinsert<model>>(a.before());
  if (!s) return address_text(a.value());
  return fmt::format("{{ctlbuf={}, databuf={}, flags={}, fildes={}, offset={}}}",
                     part_text(s->ctlbuf, a.before(1), true, false), part_text(s->databuf, a.before(2), false, false),
                     i32{s->flags}, i32{s->fildes}, i32{s->offset});
}
std::string peek(const argument& a) {
  const auto s = structure_in<svr4::strpeek<model>>(pointed(a, true));
  if (!s || a.in.result() != 1) return address_text(a.value());
  return fmt::format("{{ctlbuf={}, databuf={}, flags={}}}", part_text(s->ctlbuf, a.after(1), true, true),
                     part_text(s->databuf, a.after(2), false, true), i32{s->flags} == 1 ? "RS_HIPRI" : "0");
}

// --- options

constexpr named_bit events[] = {{0x1, "S_INPUT"},    {0x2, "S_HIPRI"},    {0x4, "S_OUTPUT"},  {0x8, "S_MSG"},
                                {0x10, "S_ERROR"},   {0x20, "S_HANGUP"},  {0x40, "S_RDNORM"}, {0x80, "S_RDBAND"},
                                {0x100, "S_WRBAND"}, {0x200, "S_BANDURG"}};
constexpr named_bit read_options[] = {{1, "RMSGD"}, {2, "RMSGN"}, {4, "RPROTDAT"}, {8, "RPROTDIS"}, {0x10, "RPROTNORM"}};
constexpr named_bit write_options[] = {{1, "SNDZERO"}, {2, "SNDPIPE"}};
constexpr named_bit error_options[] = {{1, "RERRNORM"}, {2, "RERRNONPERSIST"}, {4, "WERRNORM"}, {8, "WERRNONPERSIST"}};
constexpr named_bit flushes[] = {{3, "FLUSHRW"}, {1, "FLUSHR"}, {2, "FLUSHW"}};
constexpr named_bit marks[] = {{1, "ANYMARK"}, {2, "LASTMARK"}};

template <const auto& Names>
std::string option(const argument& a) {
  const bool of_read = static_cast<const void*>(&Names) == static_cast<const void*>(&read_options);
  return bits_text(static_cast<u32>(a.value()), Names, of_read ? "RNORM" : "0");
}
template <const auto& Names>
std::string filled_option(const argument& a) {
  const auto value = structure_in<model::i32>(pointed(a, true));
  return value ? "[" + bits_text(static_cast<u32>(i32{*value}), Names, "0") + "]" : address_text(a.value());
}

constexpr refinement arguments[] = {
    {"getmsg", 1, &message_part<true, true>, true},
    {"getmsg", 2, &message_part<false, true>, true},
    {"getmsg", 3, &filled_hipri, true},
    {"getpmsg", 1, &message_part<true, true>, true},
    {"getpmsg", 2, &message_part<false, true>, true},
    {"getpmsg", 4, &filled_message_flag, true},
    {"putmsg", 1, &message_part<true, false>},
    {"putmsg", 2, &message_part<false, false>},
    {"putmsg", 3, &hipri},
    {"putpmsg", 1, &message_part<true, false>},
    {"putpmsg", 2, &message_part<false, false>},
    {"putpmsg", 4, &message_flag},
    {"I_STR", 1, &stream_ioctl, true},
    {"I_FDINSERT", 1, &descriptor_insert},
    {"I_PEEK", 1, &peek, true},
    {"I_SETSIG", 1, &option<events>},
    {"I_GETSIG", 1, &filled_option<events>, true},
    {"I_SRDOPT", 1, &option<read_options>},
    {"I_GRDOPT", 1, &filled_option<read_options>, true},
    {"I_SWROPT", 1, &option<write_options>},
    {"I_GWROPT", 1, &filled_option<write_options>, true},
    {"I_SERROPT", 1, &option<error_options>},
    {"I_GERROPT", 1, &filled_option<error_options>, true},
    {"I_FLUSH", 1, &option<flushes>},
    {"I_ATMARK", 1, &option<marks>},
};
constexpr result_refinement results[] = {{"getmsg", &more_result}, {"getpmsg", &more_result}};

} // namespace

std::string bits_text(u32 bits, std::span<const named_bit> names, std::string_view none) {
  std::string text;
  for (const named_bit& n : names)
    if ((bits & n.bit) == n.bit) {
      text += (text.empty() ? "" : "|") + std::string{n.name};
      bits &= ~n.bit;
    }
  if (bits != 0) text += fmt::format("{}{:#x}", text.empty() ? "" : "|", bits);
  return text.empty() ? std::string{none} : text;
}

std::span<const refinement> stream_arguments() {
  return arguments;
}
std::span<const result_refinement> stream_results() {
  return results;
}
refinements all() {
  return {stream_arguments(), stream_results()};
}

} // namespace polyabi::tool::svr4_formats
