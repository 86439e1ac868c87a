// Primitives of the Transport Provider Interface: their fields, with what the words mean as data.
#include "format.hpp"
#include "format_svr4.hpp"

#include <polyabi/core/c_name.hpp>
#include <polyabi/facilities/streams/tpi/primitives.hpp>
#include <polyabi/facilities/streams/tpi/state_machine.hpp>
#include <polyabi/svr4/errors.hpp>

#include <fmt/format.h>

namespace polyabi {
/// Their enumerators are the whole names.
template <>
inline constexpr std::string_view c_prefix<streams::tpi::primitive> = "";
template <>
inline constexpr std::string_view c_prefix<streams::tpi::state> = "TS_";
template <>
inline constexpr std::string_view c_prefix<streams::tpi::tli_error> = "T";
} // namespace polyabi

namespace polyabi::tool::svr4_formats {

namespace {

namespace tpi = polyabi::streams::tpi;

std::string number_text(u32 value) {
  return std::to_string(static_cast<i32>(value));
}
/// One of an enumeration's names, or the number.
template <class Name>
std::string enumerator_text(u32 value) {
  const std::string_view name = value < static_cast<u32>(Name::count_) ? c_name(static_cast<Name>(value)) : "?";
  return name == "?" || name.find('(') != name.npos ? number_text(value) : std::string{name};
}
std::string tli_error_text(u32 value) {
  return value == 0 ? "0" : enumerator_text<tpi::tli_error>(value);
}
/// A number of System V's.
std::string error_text(u32 value) {
  const errc name = polyabi::detail::name_of<svr4::errors>(static_cast<i32>(value));
  return value == 0 || name == errc::none ? number_text(value) : std::string{c_name(name)};
}
std::string service_text(u32 value) {
  switch (value) {
  case tpi::service_type::connection: return "T_COTS";
  case tpi::service_type::connection_orderly: return "T_COTS_ORD";
  case tpi::service_type::connectionless: return "T_CLTS";
  default: return number_text(value);
  }
}
std::string size_text(u32 value) {
  return value == tpi::any_size ? "T_INFINITE" : value == tpi::no_size ? "T_INVALID" : number_text(value);
}
constexpr named_bit provider_flags[] = {{tpi::provider_flag::send_zero, "SENDZERO"}, {tpi::provider_flag::xpg4, "XPG4_1"}};
std::string provider_text(u32 value) {
  return bits_text(value, provider_flags);
}
constexpr named_bit management_flags[] = {
    {tpi::option_management::negotiate, "T_NEGOTIATE"},     {tpi::option_management::check, "T_CHECK"},
    {tpi::option_management::fallback, "T_DEFAULT"},        {tpi::option_management::success, "T_SUCCESS"},
    {tpi::option_management::failed, "T_FAILURE"},          {tpi::option_management::current, "T_CURRENT"},
    {tpi::option_management::partial, "T_PARTSUCCESS"},     {tpi::option_management::read_only, "T_READONLY"},
    {tpi::option_management::not_supported, "T_NOTSUPPORT"}};
std::string management_text(u32 value) {
  return bits_text(value, management_flags);
}
constexpr named_bit capability_bits[] = {{tpi::capability::info, "TC1_INFO"},
                                         {tpi::capability::acceptor_id, "TC1_ACCEPTOR_ID"}};
std::string capability_text(u32 value) {
  return bits_text(value, capability_bits);
}

/// What a field's number says, by the field's name.
constexpr struct {
  std::string_view field;
  std::string (*format)(u32);
} meanings[] = {{"correct_prim", &enumerator_text<tpi::primitive>},
                {"error_prim", &enumerator_text<tpi::primitive>},
                {"current_state", &enumerator_text<tpi::state>},
                {"tli_error", &tli_error_text},
                {"unix_error", &error_text},
                {"discon_reason", &error_text},
                {"error_type", &error_text},
                {"serv_type", &service_text},
                {"provider_flag", &provider_text},
                {"mgmt_flags", &management_text},
                {"cap_bits", &capability_text},
                {"tsdu_size", &size_text},
                {"etsdu_size", &size_text},
                {"cdata_size", &size_text},
                {"ddata_size", &size_text},
                {"addr_size", &size_text},
                {"opt_size", &size_text},
                {"tidu_size", &size_text}};
std::string field_text(std::string_view field, u32 value) {
  for (const auto& m : meanings)
    if (m.field == field) return m.format(value);
  return number_text(value);
}

/// An address of the Internet's transports, or bytes.
std::string bytes_text(std::string_view bytes) {
  constexpr usize size_of_sockaddr_in = 16;
  const auto at = [&](usize i) { return static_cast<u8>(bytes[i]); };
  if (bytes.size() == size_of_sockaddr_in && at(0) == 2 && at(1) == 0)
    return fmt::format("{{AF_INET, {}.{}.{}.{}:{}}}", at(4), at(5), at(6), at(7), at(2) << 8 | at(3));
  return quoted(bytes, bytes.size());
}

/// Fields of a structure behind its type. A length and an offset that lead to bytes of the message are these bytes.
template <class Structure>
void add_fields(std::string& text, const Structure& value, std::string_view message) {
  std::string_view run;
  u32 length = 0;
  for_each_field<Structure>([&](auto field) {
    using one = decltype(field);
    constexpr std::string_view name = one::name;
    if constexpr (std::is_same_v<field_type<one>, u32>) {
      const u32 word = value.*one::member;
      if (name == "type") return;
      if (name.ends_with("_length")) {
        run = name.substr(0, name.size() - 7);
        length = word;
      } else if (name.ends_with("_offset") && !run.empty()) {
        if (length == 0)
          text += fmt::format(", {}=\"\"", run);
        else if (word <= message.size() && length <= message.size() - word)
          text += fmt::format(", {}={}", run, bytes_text(message.substr(word, length)));
        else
          text += fmt::format(", {0}_length={1}, {0}_offset={2}", run, number_text(length), number_text(word));
        run = {};
      } else {
        text += fmt::format(", {}={}", name, field_text(name, word));
      }
    } else {
      text += fmt::format(", {}={{T_INFO_ACK", name);
      add_fields(text, value.*one::member, message);
      text += "}";
    }
  });
}

} // namespace

std::string control_text(std::string_view bytes, u64 whole) {
  u32 type = 0;
  if (bytes.size() < sizeof type) return quoted(bytes, whole);
  std::memcpy(&type, bytes.data(), sizeof type);
  const auto id = static_cast<tpi::primitive>(type);
  std::string text;
  tpi::with_structure(id, [&]<class Structure>() {
    if (bytes.size() < sizeof(Structure)) return;
    Structure value;
    std::memcpy(&value, bytes.data(), sizeof value);
    text = "{" + std::string{c_name(id)};
    add_fields(text, value, bytes);
    text += "}";
  });
  return text.empty() ? quoted(bytes, whole) : text;
}

} // namespace polyabi::tool::svr4_formats
