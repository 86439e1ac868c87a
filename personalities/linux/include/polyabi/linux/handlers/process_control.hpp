// prctl, personality and capabilities.
#pragma once

#include <polyabi/linux/handlers/processes.hpp>
#include <polyabi/linux/handlers/robust_lists.hpp>
#include <polyabi/linux/handlers/seccomp.hpp>

namespace polyabi::linux_abi::handlers {

/// PR_* (include/uapi/linux/prctl.h).
namespace prctl_options {
inline constexpr i32 set_pdeathsig = 1, get_pdeathsig = 2, get_dumpable = 3, set_dumpable = 4, get_keepcaps = 7,
                     set_keepcaps = 8, get_timing = 13, set_name = 15, get_name = 16, get_seccomp = 21, set_seccomp = 22, capbset_read = 23,
                     capbset_drop = 24, get_securebits = 27, set_timerslack = 29, get_timerslack = 30, set_child_subreaper = 36,
                     get_child_subreaper = 37, set_no_new_privs = 38, get_no_new_privs = 39, get_thp_disable = 42, cap_ambient = 47, set_ptracer = 0x59616d61;
} // namespace prctl_options

struct prctl {
  using needs = operation_list<op::set_process_name, op::get_process_name, op::process_words, op::get_parent_death_signal,
                               op::set_parent_death_signal, op::get_inspectable, op::set_inspectable, op::get_adopts_orphans,
                               op::set_adopts_orphans>;
  template <class Env>
  static reply<Env, u64> call(context<Env>& c, i32 option, u64 second, u64 third, u64 fourth, u64 fifth) {
    using namespace prctl_options;
    switch (option) {
    case set_name: {
      char name[16];
      const i64 length = Env::kernel::copy_in_string(c.thread, name, second, sizeof name);
      if (length == -1) return errc::fault;
      auto r = c.perform(op::set_process_name{}, std::string_view{name, length < 0 ? 15 : static_cast<usize>(length)});
      if (!r) return r.error();
      return u64{0};
    }
    case get_name: {
      auto name = c.perform(op::get_process_name{});
      if (!name) return name.error();
      char text[16]{};
      for (usize i = 0; i < 15 && i < name->size(); ++i) text[i] = (*name)[i];
      if (errc e = c.write_bytes(second, text, sizeof text); e != errc::none) return e;
      return u64{0};
    }
    case set_pdeathsig: {
      const i32 number = second == 0 ? 0 : second > 64 ? -1 : signal_from_linux<typename Env::kernel>(static_cast<i32>(second));
      if (number < 0 || (number == 0 && second != 0)) return errc::inval;
      if (auto r = c.perform(op::set_parent_death_signal{}, number); !r) return r.error();
      return u64{0};
    }
    case get_pdeathsig: {
      auto kept = c.perform(op::get_parent_death_signal{});
      if (!kept) return kept.error();
      return tell_number(c, second, *kept == 0 ? 0 : signal_to_linux<typename Env::kernel>(*kept));
    }
    case get_dumpable: {
      auto may = c.perform(op::get_inspectable{});
      if (!may) return may.error();
      return u64{*may};
    }
    case set_dumpable:
      if (second > 1) return errc::inval;
      if (auto r = c.perform(op::set_inspectable{}, second == 1); !r) return r.error();
      return u64{0};
    case get_keepcaps: return u64{0};
    case set_keepcaps: return flag_of_one_bit<Env>(second);
    case get_timing: return u64{0};
    case get_seccomp: return u64{seccomp::mode_of<Env>(c.thread)};
    case set_seccomp: return seccomp::set_mode<Env>(c, second, third);
    case capbset_read: return capability<Env>(second, 1);
    case capbset_drop: return errc::perm;
    case get_securebits: return u64{0};
    case cap_ambient: return ambient_set<Env>(second, third, fourth, fifth);
    case set_timerslack: return u64{0};
    case get_timerslack: return u64{50'000};
    case get_thp_disable: return u64{0};
    case set_child_subreaper:
      if (auto r = c.perform(op::set_adopts_orphans{}, second != 0); !r) return r.error();
      return u64{0};
    case get_child_subreaper: {
      auto does = c.perform(op::get_adopts_orphans{});
      if (!does) return does.error();
      return tell_number(c, second, *does);
    }
    case set_ptracer: return errc::inval; // of a security module that is not there
    case set_no_new_privs: {
      if (second != 1 || third != 0 || fourth != 0 || fifth != 0) return errc::inval;
      auto words = c.perform(op::process_words{});
      if (!words) return words.error();
      (*words)[process_word::modes] |= process_word::no_new_privileges;
      return u64{0};
    }
    case get_no_new_privs: {
      if ((second | third | fourth | fifth) != 0) return errc::inval;
      auto words = c.perform(op::process_words{});
      if (!words) return words.error();
      return u64{((*words)[process_word::modes] & process_word::no_new_privileges) != 0};
    }
    default: c.unsupported("option", static_cast<u32>(option)); return errc::inval;
    }
  }

private:
  template <class Env>
  static reply<Env, u64> tell_number(context<Env>& c, u64 at, i32 number) {
    if (errc e = c.write_bytes(at, &number, sizeof number); e != errc::none) return e;
    return u64{0};
  }
  template <class Env>
  static reply<Env, u64> flag_of_one_bit(u64 value) {
    if (value > 1) return errc::inval;
    return u64{0};
  }
  /// The ambient set is empty: what is not inheritable cannot be put into it.
  template <class Env>
  static reply<Env, u64> ambient_set(u64 what, u64 number, u64 fourth, u64 fifth) {
    constexpr u64 is_set = 1, raise = 2, lower = 3, clear_all = 4; // PR_CAP_AMBIENT_*
    if (what == clear_all) return (number | fourth | fifth) != 0 ? reply<Env, u64>{errc::inval} : reply<Env, u64>{u64{0}};
    if ((fourth | fifth) != 0 || what < is_set || what > lower) return errc::inval;
    return what == raise ? number > 40 ? reply<Env, u64>{errc::inval} : reply<Env, u64>{errc::perm} : capability<Env>(number, 0);
  }
  template <class Env>
  static reply<Env, u64> capability(u64 number, u64 answer) {
    if (number > 40) return errc::inval;
    return answer;
  }
};

/// The execution domain is kept and told; only "show this" changes something (uname's machine with PER_LINUX32).
struct personality {
  using needs = operation_list<op::process_words>;
  template <class Env>
  static reply<Env, u64> call(context<Env>& c, u64 wanted) {
    auto words = c.perform(op::process_words{});
    if (!words) return words.error();
    u64& modes = (*words)[process_word::modes];
    const u64 old = modes & 0xffffffff;
    const u64 domain = wanted & 0xffffffff;
    if (domain != 0xffffffff) {
      if ((domain & ~u64{8}) != 0) c.unsupported("domain", domain); // PER_LINUX and PER_LINUX32 are what there is
      modes = (modes & ~u64{0xffffffff}) | domain;
    }
    return old;
  }
};

namespace detail {
inline constexpr u32 capability_versions[] = {0x19980330, 0x20071026, 0x20080522};

/// How many data records a version has, 0 for an unknown one.
constexpr usize capability_records(u32 version) {
  return version == capability_versions[0] ? 1 : version == capability_versions[1] || version == capability_versions[2] ? 2 : 0;
}

/// An unknown version is told the one we prefer; that is no error for who only asked.
template <class Env>
errc prefer_version(context<Env>& c, user_ptr<capability_header<typename Env::model>> at,
                    capability_header<typename Env::model> header, u64 data) {
  header.version = capability_versions[2];
  if (errc e = c.write(at, header); e != errc::none) return e;
  return data == 0 ? errc::none : errc::inval;
}
} // namespace detail

/// The administrator has every capability and nobody else has any.
struct capget {
  using needs = operation_list<op::get_identity>;
  template <class Env>
  static reply<Env> call(context<Env>& c, user_ptr<capability_header<typename Env::model>> at, u64 data) {
    using M = typename Env::model;
    capability_header<M> header{};
    if (errc e = c.read(at, header); e != errc::none) return e;
    const usize records = detail::capability_records(header.version);
    if (records == 0 || data == 0) {
      if (errc e = detail::prefer_version(c, at, header, records == 0 ? data : 0); e != errc::none) return e;
      return done{};
    }
    native<typename Env::kernel, shape::identity> ids{};
    if (auto r = c.perform(op::get_identity{}, ids); !r) return r.error();
    const u64 all = ids.euid == 0 ? 0x1ffffffffff : 0;
    for (usize i = 0; i < records; ++i) {
      const auto half = static_cast<u32>(all >> (32 * i));
      const capability_data<M> record{half, half, 0};
      if (errc e = c.write(user_ptr<capability_data<M>>{data}.at(i), record); e != errc::none) return e;
    }
    return done{};
  }
};

/// Giving up capabilities is accepted and has no effect; asking for one that is not there is refused.
struct capset {
  using needs = operation_list<op::get_identity>;
  template <class Env>
  static reply<Env> call(context<Env>& c, user_ptr<capability_header<typename Env::model>> at, u64 data) {
    using M = typename Env::model;
    capability_header<M> header{};
    if (errc e = c.read(at, header); e != errc::none) return e;
    const usize records = detail::capability_records(header.version);
    if (records == 0) {
      if (errc e = detail::prefer_version(c, at, header, data); e != errc::none) return e;
      return errc::inval;
    }
    native<typename Env::kernel, shape::identity> ids{};
    if (auto r = c.perform(op::get_identity{}, ids); !r) return r.error();
    u32 wanted = 0;
    for (usize i = 0; i < records; ++i) {
      capability_data<M> record{};
      if (errc e = c.read(user_ptr<const capability_data<M>>{data}.at(i), record); e != errc::none) return e;
      wanted |= record.effective | record.permitted;
    }
    if (ids.euid != 0) {
      if (wanted != 0) return errc::perm;
    } else {
      c.unsupported("capabilities", wanted);
    }
    return done{};
  }
};

} // namespace polyabi::linux_abi::handlers
