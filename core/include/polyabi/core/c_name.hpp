// Printed names, derived from the vocabulary's enumerators: errc::again is "EAGAIN". For tools and tests, not for kernels.
#pragma once

#include <polyabi/core/socket_vocabulary.hpp>
#include <polyabi/core/vocabulary.hpp>

#include <array>
#include <string_view>
#include <utility>

namespace polyabi {

/// The prefix of the traditional C name.
template <class Name>
inline constexpr std::string_view c_prefix = "";
template <> inline constexpr std::string_view c_prefix<errc> = "E";
template <> inline constexpr std::string_view c_prefix<signal> = "SIG";
template <> inline constexpr std::string_view c_prefix<file_type> = "S_IF";
template <> inline constexpr std::string_view c_prefix<access_mode> = "O_";
template <> inline constexpr std::string_view c_prefix<open_flag> = "O_";
template <> inline constexpr std::string_view c_prefix<at_flag> = "AT_";
template <> inline constexpr std::string_view c_prefix<fd_flag> = "FD_";
template <> inline constexpr std::string_view c_prefix<seek_origin> = "SEEK_";
template <> inline constexpr std::string_view c_prefix<protection> = "PROT_";
template <> inline constexpr std::string_view c_prefix<map_flag> = "MAP_";
template <> inline constexpr std::string_view c_prefix<remap_flag> = "MREMAP_";
template <> inline constexpr std::string_view c_prefix<memory_advice> = "MADV_";
template <> inline constexpr std::string_view c_prefix<sync_flag> = "MS_";
template <> inline constexpr std::string_view c_prefix<lock_flag> = "MCL_";
template <> inline constexpr std::string_view c_prefix<barrier_command> = "MEMBARRIER_CMD_";
template <> inline constexpr std::string_view c_prefix<poll_event> = "POLL";
template <> inline constexpr std::string_view c_prefix<sigaction_flag> = "SA_";
template <> inline constexpr std::string_view c_prefix<sigmask_how> = "SIG_";
template <> inline constexpr std::string_view c_prefix<sigstack_flag> = "SS_";
template <> inline constexpr std::string_view c_prefix<wait_flag> = "W";
template <> inline constexpr std::string_view c_prefix<wait_target> = "P_";
template <> inline constexpr std::string_view c_prefix<resource> = "RLIMIT_";
template <> inline constexpr std::string_view c_prefix<clock> = "CLOCK_";
template <> inline constexpr std::string_view c_prefix<interval_timer> = "ITIMER_";
template <> inline constexpr std::string_view c_prefix<lock_kind> = "F_";
template <> inline constexpr std::string_view c_prefix<usage_of> = "RUSAGE_";
template <> inline constexpr std::string_view c_prefix<set_attributes_when> = "TCSA";
template <> inline constexpr std::string_view c_prefix<flush_queue> = "TC";
template <> inline constexpr std::string_view c_prefix<flow_action> = "TC";
template <> inline constexpr std::string_view c_prefix<address_family> = "AF_";
template <> inline constexpr std::string_view c_prefix<socket_type> = "SOCK_";
template <> inline constexpr std::string_view c_prefix<socket_flag> = "SOCK_";
template <> inline constexpr std::string_view c_prefix<message_flag> = "MSG_";
template <> inline constexpr std::string_view c_prefix<shutdown_how> = "SHUT_";
template <> inline constexpr std::string_view c_prefix<option_level> = "SOL_";
template <> inline constexpr std::string_view c_prefix<socket_option> = "SO_";
template <> inline constexpr std::string_view c_prefix<ip_option> = "IP_";
template <> inline constexpr std::string_view c_prefix<ipv6_option> = "IPV6_";
template <> inline constexpr std::string_view c_prefix<tcp_option> = "TCP_";
template <> inline constexpr std::string_view c_prefix<udp_option> = "UDP_";
template <> inline constexpr std::string_view c_prefix<netlink_option> = "NETLINK_";
template <> inline constexpr std::string_view c_prefix<socket_control> = "SCM_";
template <> inline constexpr std::string_view c_prefix<interface_flag> = "IFF_";
template <> inline constexpr std::string_view c_prefix<tunnel_flag> = "IFF_";
template <> inline constexpr std::string_view c_prefix<raw_option> = "";

namespace detail {

template <class Name, Name Value>
consteval auto enumerator() {
  std::string_view text = __PRETTY_FUNCTION__; // "... Value = polyabi::errc::again]" with both compilers
  text.remove_suffix(text.size() - text.find_last_of(']'));
  if (auto semicolon = text.find_last_of(';'); semicolon != text.npos && text.find("Value", semicolon) == text.npos)
    text = text.substr(0, semicolon);
  auto colon = text.rfind("::");
  text.remove_prefix(colon == text.npos ? text.rfind(' ') + 1 : colon + 2);
  struct { char text[48]{}; usize size = 0; } out;
  for (char c : c_prefix<Name>) out.text[out.size++] = c;
  if (!text.empty() && text.back() == '_') text.remove_suffix(1);
  for (char c : text) out.text[out.size++] = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

template <class Name, Name Value>
inline constexpr auto enumerator_text = enumerator<Name, Value>();

template <class Name, usize... I>
consteval auto enumerator_names(std::index_sequence<I...>) {
  return std::array<std::string_view, sizeof...(I)>{
      std::string_view{enumerator_text<Name, Name{I}>.text, enumerator_text<Name, Name{I}>.size}...};
}

template <class Name>
inline constexpr auto names = enumerator_names<Name>(std::make_index_sequence<static_cast<usize>(Name::count_)>{});

} // namespace detail

/// "EAGAIN" for errc::again.
template <class Name>
constexpr std::string_view c_name(Name value) {
  return static_cast<usize>(value) < detail::names<Name>.size() ? detail::names<Name>[static_cast<usize>(value)] : "?";
}

} // namespace polyabi
