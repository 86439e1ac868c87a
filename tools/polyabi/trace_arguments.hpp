// The formatters of arguments. What only depends on words and bytes is an ordinary function; what depends on a map or a
// structure is a template over it. `argument_traits<Env, Tag>` chooses by the tag of the signature.
#pragma once

#include "format_structures.hpp"
#include "trace_description.hpp"

#include <polyabi/core/ioctl_table.hpp>

namespace polyabi::tool {

// --- plain words
std::string signed_argument(const argument&);   ///< an int: a descriptor, an id
std::string unsigned_argument(const argument&); ///< an unsigned int
std::string signed_word(const argument&);       ///< a long
std::string unsigned_word(const argument&);     ///< an unsigned long, in decimal: a size
std::string hex_word(const argument&);
std::string address_argument(const argument&);
std::string mode_argument(const argument&);
std::string id_argument(const argument&);   ///< a user or group id; -1 is shown as such
std::string wide_argument(const argument&); ///< 64 bits in one or two words, signed
std::string wide_unsigned(const argument&);

// --- memory
std::string text_argument(const argument&);
std::string bytes_in_argument(const argument&); ///< "bytes", size
std::string bytes_out_argument(const argument&);
std::string vector_in_argument(const argument&); ///< [{iov_base="x", iov_len=1}], 1
std::string vector_out_argument(const argument&);
std::string strings_argument(const argument&);   ///< ["ls", "/"]
std::string variables_argument(const argument&); ///< 0x7ffe... /* 3 vars */
std::string pair_argument(const argument&);      ///< [3, 4]
/// The bytes to be shown of what a structure pointer points to: after the call if it has ended well, before it otherwise.
const captured* pointed(const argument&, bool written);

// --- by the personality's types
template <class Map>
std::string flags_argument(const argument& a) {
  const u64 bits = static_cast<u32>(a.value());
  if constexpr (std::is_same_v<typename Map::name_type, protection>)
    if (bits == 0) return "PROT_NONE";
  if constexpr (std::is_same_v<typename Map::name_type, access_check>)
    if (bits == 0) return "F_OK";
  return flag_names(Map::rows, bits);
}

template <class Map>
std::string one_of_argument(const argument& a) {
  return number_name<Map>(a.number());
}

template <class Map>
std::string signal_argument(const argument& a) {
  const i32 n = a.number();
  if constexpr (polyabi::detail::has_realtime<Map>)
    if (n >= Map::realtime_first && n <= Map::realtime_last) return "SIG" + detail::signal_short_name<Map>(n);
  return number_name<Map>(n);
}

template <i32 CurrentDirectory>
std::string directory_argument(const argument& a) {
  return a.number() == CurrentDirectory ? "AT_FDCWD" : signed_argument(a);
}

template <class S, bool Written>
std::string structure_argument(const argument& a) {
  const captured* memory = pointed(a, Written);
  std::string text = memory == nullptr ? std::string{} : structure_value_of<S>(memory->bytes);
  return text.empty() ? address_argument(a) : text;
}

/// A plain number in memory, as an array of one.
template <class T, bool Written>
std::string pointed_number(const argument& a) {
  std::string text = structure_argument<T, Written>(a);
  return pointed(a, Written) == nullptr ? text : "[" + text + "]";
}

/// open's mode counts if the flags before it ask for a new file.
template <class Flags>
std::string creation_mode(const argument& a) {
  const u64 flags = a.in.words[a.word - 1];
  for (const flag_row& r : Flags::rows)
    if (r.kind == flag_class::bit && (r.name == as_any(open_flag::creat) || r.name == as_any(open_flag::tmpfile)) &&
        (flags & r.mask) == r.mask)
      return mode_argument(a);
  return {};
}

// --- from tag to formatter
struct argument_choice {
  argument_format format = &address_argument;
  bool written = false;
};

template <class Env, class Tag>
inline constexpr argument_choice argument_traits{[] {
  using namespace arguments;
  if constexpr (requires { typename Tag::traced_as; })
    return argument_traits<Env, typename Tag::traced_as>;
  else if constexpr (std::is_base_of_v<file_mode, Tag>)
    return argument_choice{&mode_argument};
  else if constexpr (std::is_base_of_v<user_id, Tag> || std::is_base_of_v<group_id, Tag>)
    return argument_choice{&id_argument};
  else if constexpr (std::is_base_of_v<address, Tag>)
    return argument_choice{&address_argument};
  else if constexpr (std::is_base_of_v<size, Tag>)
    return argument_choice{&unsigned_word};
  else if constexpr (std::is_base_of_v<ulong, Tag>)
    return argument_choice{&hex_word};
  else if constexpr (std::is_base_of_v<slong, Tag>)
    return argument_choice{&signed_word};
  else if constexpr (std::is_base_of_v<offset_halves, Tag>)
    return argument_choice{&wide_argument};
  else if constexpr (std::is_base_of_v<number<i32>, Tag>)
    return argument_choice{&signed_argument};
  else if constexpr (std::is_base_of_v<number<u32>, Tag>)
    return argument_choice{&unsigned_argument};
  else if constexpr (std::is_base_of_v<number<i64>, Tag>)
    return argument_choice{&wide_argument};
  else if constexpr (std::is_base_of_v<number<u64>, Tag>)
    return argument_choice{&wide_unsigned};
  else if constexpr (std::is_base_of_v<unused, Tag>)
    return argument_choice{&hex_word};
  else if constexpr (std::is_base_of_v<directory, Tag>)
    return argument_choice{&directory_argument<Env::personality::current_directory>};
  else if constexpr (std::is_base_of_v<signal_number, Tag>)
    return argument_choice{&signal_argument<typename Env::personality::signals>};
  else if constexpr (std::is_base_of_v<path, Tag> || std::is_base_of_v<path_or_null, Tag>)
    return argument_choice{&text_argument};
  else if constexpr (std::is_base_of_v<bytes_in, Tag> || std::is_base_of_v<buffer_in, Tag>)
    return argument_choice{&bytes_in_argument};
  else if constexpr (std::is_base_of_v<bytes_out, Tag> || std::is_base_of_v<buffer_out, Tag>)
    return argument_choice{&bytes_out_argument, true};
  else if constexpr (std::is_base_of_v<vector_in, Tag>)
    return argument_choice{&vector_in_argument};
  else if constexpr (std::is_base_of_v<vector_out, Tag>)
    return argument_choice{&vector_out_argument, true};
  else if constexpr (std::is_base_of_v<strings, Tag>)
    return argument_choice{&strings_argument};
  else if constexpr (std::is_base_of_v<store_pair, Tag>)
    return argument_choice{&pair_argument, true};
  else
    return argument_choice{};
}()};
template <class Env, class Map>
inline constexpr argument_choice argument_traits<Env, arguments::flags<Map>>{&flags_argument<Map>};
template <class Env, class Map>
inline constexpr argument_choice argument_traits<Env, arguments::one_of<Map>>{&one_of_argument<Map>};
template <class Env, usize L, errc E>
inline constexpr argument_choice argument_traits<Env, arguments::string<L, E>>{&text_argument};
template <class Env, template <class> class S>
inline constexpr argument_choice argument_traits<Env, arguments::out<S>>{&structure_argument<S<typename Env::model>, true>,
                                                                         true};
template <class Env, template <class> class S>
inline constexpr argument_choice argument_traits<Env, arguments::out_or_null<S>>{
    &structure_argument<S<typename Env::model>, true>, true};
template <class Env, template <class> class S>
inline constexpr argument_choice argument_traits<Env, arguments::inout<S>>{&structure_argument<S<typename Env::model>, true>,
                                                                           true};
template <class Env, template <class> class S>
inline constexpr argument_choice argument_traits<Env, arguments::pointer<S>>{&structure_argument<S<typename Env::model>, true>,
                                                                             true};
template <class Env, template <class> class S>
inline constexpr argument_choice argument_traits<Env, arguments::message_in<S>>{&address_argument, true};
template <class Env, template <class> class S>
inline constexpr argument_choice argument_traits<Env, arguments::messages_in<S>>{&address_argument, true};
template <class Env, template <class> class S>
inline constexpr argument_choice argument_traits<Env, arguments::messages_out<S>>{&address_argument, true};
template <class Env>
inline constexpr argument_choice argument_traits<Env, arguments::socket_address_out>{&address_argument, true};
template <class Env, template <class> class S>
inline constexpr argument_choice argument_traits<Env, arguments::pointer_out<S>>{
    &structure_argument<S<typename Env::model>, true>, true};
template <class Env, template <class> class S>
inline constexpr argument_choice argument_traits<Env, arguments::pointer_in<S>>{
    &structure_argument<S<typename Env::model>, false>};
template <class Env, template <class> class S>
inline constexpr argument_choice argument_traits<Env, arguments::in<S>>{&structure_argument<S<typename Env::model>, false>};
template <class Env, template <class> class S>
inline constexpr argument_choice argument_traits<Env, arguments::in_or_null<S>>{
    &structure_argument<S<typename Env::model>, false>};
template <class Env, class T>
inline constexpr argument_choice argument_traits<Env, arguments::scalars<T>>{&pointed_number<T, true>, true};
template <class Env, class T>
inline constexpr argument_choice argument_traits<Env, arguments::store_result<T>>{&pointed_number<T, true>, true};
template <class Env, class T>
requires std::is_integral_v<T>
inline constexpr argument_choice argument_traits<Env, arguments::address_of<T>>{&pointed_number<T, true>, true};
template <class Env, class T>
inline constexpr argument_choice argument_traits<Env, arguments::value_at<T>>{&pointed_number<T, false>};

} // namespace polyabi::tool
