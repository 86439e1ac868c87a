// What the system says of itself.
#pragma once

#include <polyabi/linux/handlers/process_control.hpp>
#include <polyabi/linux/system_identity.hpp>

namespace polyabi::linux_abi::handlers {

namespace detail {

/// The strings of a uname structure, in its order, as far as it has them.
template <class Env>
struct system_strings {
  native<typename Env::kernel, shape::system_names> names{};
  std::string_view text[6];

  reply<Env> find(context<Env>& c) {
    if (auto r = c.perform(op::system_names{}, names); !r) return r.error();
    text[0] = system_identity::name;
    text[1] = kept(names.nodename);
    text[2] = system_identity::release<typename Env::kernel>(c.thread);
    text[3] = system_identity::version<typename Env::kernel>(c.thread);
    text[4] = machine(c);
    text[5] = kept(names.domain);
    return done{};
  }

private:
  template <usize N>
  static std::string_view kept(const char (&text)[N]) {
    usize size = 0;
    while (size < N && text[size] != 0) ++size;
    return {text, size};
  }
  /// As on Linux of 64 bits, which i386 programs also see for what it is.
  /// That of a 64-bit system, for 32-bit programs too, unless linux32(8) asks for the other.
  static std::string_view machine(context<Env>& c) {
    constexpr u64 show_32_bit = 8; // PER_LINUX32
    auto words = c.perform(op::process_words{});
    return words && ((*words)[process_word::modes] & 0xff) == show_32_bit ? "i686" : "x86_64";
  }
};

template <class Layout>
struct basic_uname {
  using needs = operation_list<op::system_names, op::process_words>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 into) {
    system_strings<Env> strings;
    if (auto r = strings.find(c); !r) return r.error();
    Layout all{};
    for (usize i = 0; i < sizeof all.text / sizeof all.text[0]; ++i)
      for (usize k = 0; k + 1 < sizeof all.text[0] && k < strings.text[i].size(); ++k) all.text[i][k] = strings.text[i][k];
    if (errc e = c.write_bytes(into, &all, sizeof all); e != errc::none) return e;
    return done{};
  }
};

} // namespace detail

using uname = detail::basic_uname<utsname>;
using olduname = detail::basic_uname<old_utsname>;
using oldolduname = detail::basic_uname<oldold_utsname>;

struct sethostname {
  using needs = operation_list<op::set_host_name>;
  template <class Env>
  static reply<Env> call(context<Env>& c, user_bytes name) {
    if (!has_capability(c, capability::sys_admin)) return errc::perm;
    char text[64];
    if (name.size > sizeof text) return errc::inval;
    if (errc e = c.read_bytes(name.address, text, name.size); e != errc::none) return e;
    return reply_with<Env>(c.perform(op::set_host_name{}, std::string_view{text, name.size}));
  }
};

struct getrandom {
  using needs = operation_list<op::random>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, user_bytes into, u32 flags) {
    constexpr u32 nonblock = 1, random = 2, insecure = 4;
    if ((flags & ~(nonblock | random | insecure)) != 0 || (flags & (random | insecure)) == (random | insecure))
      return errc::inval;
    return reply_with<Env>(c.perform(op::random{}, into));
  }
};

} // namespace polyabi::linux_abi::handlers
