// Sockets: addresses, messages and options as strace shows them.
#include "format_linux.hpp"
#include "trace_arguments.hpp"

#include <polyabi/core/c_name.hpp>
#include <polyabi/linux/socket_options.hpp>

#include <fmt/format.h>

#include <arpa/inet.h>

namespace polyabi::tool::linux_formats {

namespace {

namespace lx = linux_abi;

/// What of a structure is at hand; the rest is zero.
template <class T>
T beginning_of(std::string_view bytes) {
  T value{};
  std::memcpy(&value, bytes.data(), std::min(bytes.size(), sizeof value));
  return value;
}

// --- numbers

std::string family_argument(const argument& a) {
  return number_name<lx::address_families>(a.number());
}

std::string type_argument(const argument& a) {
  const u32 bits = static_cast<u32>(a.value());
  const std::string flags = flag_names(lx::socket_flags::rows, bits & ~lx::socket_types::mask);
  const std::string type = number_name<lx::socket_types>(bits & lx::socket_types::mask);
  return (bits & ~lx::socket_types::mask) == 0 ? type : type + "|" + flags;
}

/// IPPROTO_* of include/uapi/linux/in.h, NETLINK_* of netlink.h.
std::string protocol_argument(const argument& a) {
  constexpr named_value internet[] = {{0, "IPPROTO_IP"},     {1, "IPPROTO_ICMP"},  {2, "IPPROTO_IGMP"},     {4, "IPPROTO_IPIP"},
                                      {6, "IPPROTO_TCP"},    {17, "IPPROTO_UDP"},  {33, "IPPROTO_DCCP"},    {41, "IPPROTO_IPV6"},
                                      {47, "IPPROTO_GRE"},   {50, "IPPROTO_ESP"},  {58, "IPPROTO_ICMPV6"},  {132, "IPPROTO_SCTP"},
                                      {136, "IPPROTO_UDPLITE"}, {255, "IPPROTO_RAW"}, {262, "IPPROTO_MPTCP"}};
  constexpr named_value netlink[] = {{0, "NETLINK_ROUTE"},         {2, "NETLINK_USERSOCK"}, {4, "NETLINK_SOCK_DIAG"},
                                     {9, "NETLINK_AUDIT"},         {12, "NETLINK_NETFILTER"}, {15, "NETLINK_KOBJECT_UEVENT"},
                                     {16, "NETLINK_GENERIC"},      {21, "NETLINK_CRYPTO"}};
  switch (name_for<lx::address_families>(static_cast<i32>(a.in.words[0]))) {
  case address_family::inet:
  case address_family::inet6: return named_number(internet, a.value());
  case address_family::netlink: return named_number(netlink, a.value());
  default: return signed_argument(a);
  }
}

// --- addresses

std::string path_text(std::string_view path) {
  if (path.empty()) return {};
  if (path[0] == '\0') return fmt::format(", sun_path=@{}", quoted(path.substr(1), path.size() - 1, path.size()));
  return fmt::format(", sun_path={}", quoted_text(path.substr(0, path.find('\0'))));
}

u32 number_in_network_order(const u8* bytes, usize count) {
  u32 number = 0;
  for (usize i = 0; i < count; ++i) number = number << 8 | bytes[i];
  return number;
}

std::string address_of_bytes(std::string_view bytes) {
  if (bytes.size() < 2) return quoted(bytes, bytes.size());
  const i32 family = beginning_of<lx::sockaddr<lp64>>(bytes).family.raw;
  const std::string name = number_name<lx::address_families>(family);
  char text[INET6_ADDRSTRLEN] = "";
  switch (name_for<lx::address_families>(family)) {
  case address_family::unix_: return fmt::format("{{sa_family={}{}}}", name, path_text(bytes.substr(2)));
  case address_family::inet: {
    if (bytes.size() < sizeof(lx::sockaddr_in<lp64>)) break;
    const auto in = beginning_of<lx::sockaddr_in<lp64>>(bytes);
    return fmt::format("{{sa_family={}, sin_port=htons({}), sin_addr=inet_addr(\"{}\")}}", name, number_in_network_order(in.port, 2),
                       inet_ntop(AF_INET, in.address, text, sizeof text));
  }
  case address_family::inet6: {
    if (bytes.size() < lx::sockaddr_in6<lp64>::first_size) break;
    const auto in = beginning_of<lx::sockaddr_in6<lp64>>(bytes);
    return fmt::format("{{sa_family={}, sin6_port=htons({}), sin6_flowinfo=htonl({}), inet_pton(AF_INET6, \"{}\", &sin6_addr), "
                       "sin6_scope_id={}}}",
                       name, number_in_network_order(in.port, 2), number_in_network_order(in.flowinfo, 4),
                       inet_ntop(AF_INET6, in.address, text, sizeof text), static_cast<u32>(in.scope_id));
  }
  case address_family::netlink: {
    if (bytes.size() < sizeof(lx::sockaddr_nl<lp64>)) break;
    const auto nl = beginning_of<lx::sockaddr_nl<lp64>>(bytes);
    return fmt::format("{{sa_family={}, nl_pid={}, nl_groups={:08x}}}", name, static_cast<u32>(nl.pid), static_cast<u32>(nl.groups));
  }
  default: break;
  }
  return fmt::format("{{sa_family={}, sa_data={}}}", name, quoted(bytes.substr(2), bytes.size() - 2));
}

/// Two words: the address, and how long it is.
std::string address_in(const argument& a) {
  const captured* memory = a.before();
  return fmt::format("{}, {}", memory == nullptr ? address_text(a.value()) : address_of_bytes(memory->bytes),
                     static_cast<i32>(a.value(1)));
}

/// What a pointer to a length held before and holds now.
std::string length_behind(const call_view& view, u8 word) {
  const captured *before = view.before(word), *after = view.after(word);
  if (before == nullptr) return address_text(view.words[word]);
  const i32 given = beginning_of<i32>(before->bytes), told = after == nullptr ? given : beginning_of<i32>(after->bytes);
  return view.failed() || given == told ? fmt::format("[{}]", given) : fmt::format("[{} => {}]", given, told);
}

std::string address_out(const argument& a) {
  const captured* memory = a.in.failed() ? nullptr : a.after();
  std::string text = address_text(a.value());
  if (memory != nullptr) {
    // No more was written than there was room for.
    const captured* room = a.in.before(static_cast<u8>(a.word + 1));
    const usize limit = room == nullptr ? memory->bytes.size() : static_cast<u32>(beginning_of<i32>(room->bytes));
    text = address_of_bytes(memory->bytes.substr(0, limit));
  }
  return fmt::format("{}, {}", text, length_behind(a.in, static_cast<u8>(a.word + 1)));
}

// --- options

/// An option as its table has it, and how its value is shown: as that of 64-bit or of 32-bit programs.
struct known_option {
  i32 level, number;
  std::string_view name;
  std::string (*value)(std::string_view bytes, bool wide) = nullptr;
};

std::string integer_value(std::string_view bytes, bool) {
  if (bytes.size() < sizeof(i32)) return quoted(bytes, bytes.size());
  return fmt::format("[{}]", beginning_of<i32>(bytes));
}
template <class Map>
std::string named_value_of(std::string_view bytes, bool) {
  if (bytes.size() < sizeof(i32)) return quoted(bytes, bytes.size());
  const i32 number = beginning_of<i32>(bytes);
  return fmt::format("[{}]", number == 0 ? "0" : number_name<Map>(number));
}
std::string bytes_value(std::string_view bytes, bool) {
  return quoted(bytes, bytes.size());
}
template <template <class> class S>
std::string structure_of(std::string_view bytes, bool wide) {
  const std::string text = wide ? structure_value_of<S<lp64>>(bytes) : structure_value_of<S<ilp32_i386>>(bytes);
  return text.empty() ? quoted(bytes, bytes.size()) : text;
}

std::string linger_value(std::string_view bytes, bool) {
  if (bytes.size() < sizeof(lx::linger<lp64>)) return quoted(bytes, bytes.size());
  const auto value = beginning_of<lx::linger<lp64>>(bytes);
  return fmt::format("{{l_onoff={}, l_linger={}}}", static_cast<i32>(value.onoff), static_cast<i32>(value.seconds));
}

template <class Value>
inline constexpr auto value_format = &integer_value;
template <>
inline constexpr auto value_format<option_values::structure<lx::linger>> = &linger_value;
template <>
inline constexpr auto value_format<option_values::bytes> = &bytes_value;
template <class Map>
inline constexpr auto value_format<option_values::one_of<Map>> = &named_value_of<Map>;
template <template <class> class S, template <class> class... Shorter>
inline constexpr auto value_format<option_values::structure<S, Shorter...>> = &structure_of<S>;

template <i32 Level, class Row>
constexpr known_option option_of() {
  if constexpr (requires { typename Row::value; }) return {Level, Row::number, Row::name, value_format<typename Row::value>};
  else return {Level, Row::number, Row::name, &integer_value};
}
template <i32 Number, option_level Level, class... Options>
void collect(std::vector<known_option>& to, option_group<Number, Level, Options...>) {
  (to.push_back(option_of<Number, Options>()), ...);
}
template <class... Groups>
std::vector<known_option> all_of(option_table<Groups...>) {
  std::vector<known_option> all;
  (collect(all, Groups{}), ...);
  return all;
}

const known_option* find_option(const std::vector<known_option>& all, i32 level, i32 number) {
  for (const known_option& o : all)
    if (o.level == level && o.number == number) return &o;
  return nullptr;
}
const known_option* find_option(i32 level, i32 number) {
  static const std::vector<known_option> all = all_of(lx::option_tables::options{});
  return find_option(all, level, number);
}

constexpr named_value levels[] = {{0, "SOL_IP"},     {1, "SOL_SOCKET"}, {6, "SOL_TCP"},        {17, "SOL_UDP"},
                                  {41, "SOL_IPV6"},  {58, "SOL_ICMPV6"}, {136, "SOL_UDPLITE"}, {255, "SOL_RAW"},
                                  {263, "SOL_PACKET"}, {270, "SOL_NETLINK"}};

std::string level_argument(const argument& a) {
  return named_number(levels, static_cast<u32>(a.value()));
}
std::string option_argument(const argument& a) {
  const known_option* o = find_option(static_cast<i32>(a.in.words[1]), a.number());
  return o == nullptr ? fmt::format("{:#x}", static_cast<u32>(a.value())) : std::string{o->name};
}
std::string option_value(const argument& a, const captured* memory, usize limit) {
  if (memory == nullptr) return address_text(a.value());
  const std::string_view bytes = memory->bytes.substr(0, limit);
  const known_option* o = find_option(static_cast<i32>(a.in.words[1]), static_cast<i32>(a.in.words[2]));
  return o == nullptr ? quoted(bytes, bytes.size()) : o->value(bytes, a.in.abi->word_size == 8);
}
std::string value_set(const argument& a) {
  return option_value(a, a.before(), std::string_view::npos);
}
std::string value_got(const argument& a) {
  return option_value(a, a.in.failed() ? nullptr : a.after(), std::string_view::npos);
}
std::string value_length(const argument& a) {
  return length_behind(a.in, a.word);
}

// --- messages

template <class M>
std::string control_items(std::string_view bytes) {
  static const std::vector<known_option> all = all_of(lx::option_tables::controls{});
  using head = lx::cmsghdr<M>;
  std::string text;
  while (bytes.size() >= sizeof(head)) {
    const head h = beginning_of<head>(bytes);
    const usize whole = static_cast<usize>(static_cast<typename M::ulong::value_type>(h.len));
    if (whole < sizeof h || whole > bytes.size()) break;
    const std::string_view value = bytes.substr(sizeof h, whole - sizeof h);
    const known_option* known = find_option(all, h.level, h.type);
    std::string shown;
    if (h.level == 1 && h.type == 1) { // SCM_RIGHTS
      for (usize i = 0; i + sizeof(i32) <= value.size(); i += sizeof(i32))
        shown += fmt::format("{}{}", i == 0 ? "" : ", ", beginning_of<i32>(value.substr(i)));
      shown = "[" + shown + "]";
    } else {
      shown = known == nullptr ? quoted(value, value.size()) : known->value(value, M::word_size == 8);
    }
    text += fmt::format("{}{{cmsg_len={}, cmsg_level={}, cmsg_type={}, cmsg_data={}}}", text.empty() ? "" : ", ", whole,
                        named_number(levels, static_cast<u32>(static_cast<i32>(h.level))),
                        known == nullptr ? fmt::format("{:#x}", static_cast<u32>(static_cast<i32>(h.type))) : std::string{known->name},
                        shown);
    const usize step = head::aligned(whole);
    bytes.remove_prefix(std::min(step, bytes.size()));
  }
  return text;
}

/// One message: `part` is where its blobs begin, `received` says that it was filled by the call.
template <class M>
std::string message_text(const call_view& view, u8 word, u8 part, bool received) {
  const auto blob = [&](u8 which) {
    const u8 at = static_cast<u8>(part + which);
    return received ? view.after(word, at) : view.before(word, at);
  };
  const captured* header_bytes = blob(message_part::header);
  if (header_bytes == nullptr) return {};
  const auto header = beginning_of<lx::msghdr<M>>(header_bytes->bytes);
  const captured* given_bytes = view.before(word, static_cast<u8>(part + message_part::header));
  const i32 given = given_bytes == nullptr ? 0 : static_cast<i32>(beginning_of<lx::msghdr<M>>(given_bytes->bytes).namelen);
  const auto word_of = [](auto value) { return static_cast<u64>(static_cast<typename M::ulong::value_type>(value)); };

  std::string text = "{msg_name=";
  const captured* name = blob(message_part::name);
  text += word_of(header.name) == 0 ? "NULL" : name == nullptr ? address_text(word_of(header.name)) : address_of_bytes(name->bytes);
  text += received && given != header.namelen ? fmt::format(", msg_namelen={} => {}", given, static_cast<i32>(header.namelen))
                                              : fmt::format(", msg_namelen={}", static_cast<i32>(header.namelen));
  text += ", msg_iov=[";
  for (u8 i = 0; i < message_part::data_limit; ++i) {
    const captured* data = blob(static_cast<u8>(message_part::data + i));
    if (data == nullptr) break;
    text += fmt::format("{}{{iov_base={}, iov_len={}}}", i == 0 ? "" : ", ", quoted(data->bytes, data->bytes.size()), data->whole);
  }
  text += fmt::format("], msg_iovlen={}", word_of(header.iovlen));
  const captured* control = blob(message_part::control);
  if (word_of(header.control) != 0 && control != nullptr && !control->bytes.empty())
    text += fmt::format(", msg_control=[{}]", control_items<M>(control->bytes));
  return text + fmt::format(", msg_controllen={}, msg_flags={}}}", word_of(header.controllen),
                            flag_names(lx::message_flags::rows, static_cast<u32>(header.flags)));
}

std::string one_message(const argument& a, bool received) {
  const bool use_after = received && a.in.leave != nullptr && !a.in.failed();
  if (received && !use_after) return address_argument(a);
  const std::string text = a.in.abi->word_size == 8 ? message_text<lp64>(a.in, a.word, 0, use_after)
                                                    : message_text<ilp32_i386>(a.in, a.word, 0, use_after);
  return text.empty() ? address_argument(a) : text;
}
std::string message_sent(const argument& a) {
  return one_message(a, false);
}
std::string message_received(const argument& a) {
  return one_message(a, true);
}

template <class M>
std::string messages_text(const argument& a, bool received) {
  std::string text;
  for (i64 i = 0; i < a.in.result() && (i + 1) * message_part::count < words_part; ++i) {
    const u8 part = static_cast<u8>(i * message_part::count);
    const captured* header = a.after(part);
    if (header == nullptr) break;
    const auto one = beginning_of<lx::mmsghdr<M>>(header->bytes);
    text += fmt::format("{}{{msg_hdr={}, msg_len={}}}", text.empty() ? "" : ", ", message_text<M>(a.in, a.word, part, received),
                        static_cast<u32>(one.len));
  }
  return "[" + text + "]";
}
std::string many_messages(const argument& a, bool received) {
  if (a.in.failed()) return address_argument(a);
  return a.in.abi->word_size == 8 ? messages_text<lp64>(a, received) : messages_text<ilp32_i386>(a, received);
}
std::string messages_sent(const argument& a) {
  return many_messages(a, false);
}
std::string messages_received(const argument& a) {
  return many_messages(a, true);
}

std::string how_argument(const argument& a) {
  return number_name<lx::shutdown_hows>(a.number());
}

constexpr refinement arguments[] = {
    {"socket", 0, &family_argument},
    {"socket", 1, &type_argument},
    {"socket", 2, &protocol_argument},
    {"socketpair", 0, &family_argument},
    {"socketpair", 1, &type_argument},
    {"socketpair", 2, &protocol_argument},
    {"bind", 1, &address_in},
    {"connect", 1, &address_in},
    {"accept", 1, &address_out, true},
    {"accept4", 1, &address_out, true},
    {"getsockname", 1, &address_out, true},
    {"getpeername", 1, &address_out, true},
    {"sendto", 4, &address_in},
    {"recvfrom", 4, &address_out, true},
    {"shutdown", 1, &how_argument},
    {"setsockopt", 1, &level_argument},
    {"setsockopt", 2, &option_argument},
    {"setsockopt", 3, &value_set},
    {"getsockopt", 1, &level_argument},
    {"getsockopt", 2, &option_argument},
    {"getsockopt", 3, &value_got, true},
    {"getsockopt", 4, &value_length, true},
    {"sendmsg", 1, &message_sent},
    {"recvmsg", 1, &message_received, true},
    {"sendmmsg", 1, &messages_sent, true},
    {"recvmmsg", 1, &messages_received, true},
    {"recvmmsg_time64", 1, &messages_received, true},
};

} // namespace

std::span<const refinement> socket_arguments() {
  return arguments;
}

} // namespace polyabi::tool::linux_formats
