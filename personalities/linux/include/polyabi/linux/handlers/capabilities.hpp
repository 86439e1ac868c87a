// capget, capset and what prctl has of capabilities.
#pragma once

#include <polyabi/linux/handlers/capability_sets.hpp>
#include <polyabi/linux/structures/processes.hpp>

namespace polyabi::linux_abi::handlers {

namespace detail {
inline constexpr u32 capability_versions[] = {0x19980330, 0x20071026, 0x20080522};

/// How many data records a version has, 0 for an unknown one.
constexpr usize capability_records(u32 version) {
  return version == capability_versions[0] ? 1 : version == capability_versions[1] || version == capability_versions[2] ? 2 : 0;
}

/// Whom is asked about, and in how many records. An unknown version, without any, is told the one we prefer.
struct capability_request {
  i32 id = 0;
  usize records = 0;

  template <class Env>
  errc read(context<Env>& c, user_ptr<capability_header<typename Env::model>> at) {
    capability_header<typename Env::model> header{};
    if (errc e = c.read(at, header); e != errc::none) return e;
    id = header.pid;
    records = capability_records(header.version);
    if (records != 0) return errc::none;
    header.version = capability_versions[2];
    return c.write(at, header);
  }
};
} // namespace detail

struct capget {
  using needs = operation_list<op::get_identity, op::gettid>;
  template <class Env>
  static reply<Env> call(context<Env>& c, user_ptr<capability_header<typename Env::model>> at, u64 data) {
    using M = typename Env::model;
    detail::capability_request asked;
    if (errc e = asked.read(c, at); e != errc::none) return e;
    if (data == 0) return done{}; // who only asks for the version
    if (asked.records == 0) return errc::inval;
    capability_sets sets;
    if (errc e = find(c, asked.id, sets); e != errc::none) return e;
    for (usize i = 0; i < asked.records; ++i) {
      const auto half = [i](u64 set) { return static_cast<u32>(set >> (32 * i)); };
      const capability_data<M> record{half(sets.effective), half(sets.permitted), half(sets.inheritable)};
      if (errc e = c.write(user_ptr<capability_data<M>>{data}.at(i), record); e != errc::none) return e;
    }
    return done{};
  }

private:
  template <class Env>
  static errc find(context<Env>& c, i32 id, capability_sets& to) {
    using K = typename Env::kernel;
    if (id < 0) return errc::inval;
    const auto own = c.perform(op::gettid{});
    if (id == 0 || (own && *own == id)) {
      to = capability_sets::of<K>(c.thread);
      return errc::none;
    }
    if constexpr (provides<K, op::get_inherited_words>() && provides<K, op::process_info>()) {
      u64 words[inherited_word::count]{};
      if (!c.perform(op::get_inherited_words{}, id, std::span<u64>{words})) return errc::srch;
      native<K, shape::process_info> of{};
      (void)c.perform(op::process_info{}, id, of); // of a thread that is not its process' first nothing is told: it has kept sets
      to = capability_sets::of_words(words, of.ids.euid);
      return errc::none;
    } else {
      return errc::srch;
    }
  }
};

/// Only the caller's own.
struct capset {
  using needs = operation_list<op::get_identity, op::gettid>;
  template <class Env>
  static reply<Env> call(context<Env>& c, user_ptr<capability_header<typename Env::model>> at, u64 data) {
    using M = typename Env::model;
    detail::capability_request asked;
    if (errc e = asked.read(c, at); e != errc::none) return e;
    if (asked.records == 0) return errc::inval;
    const auto own = c.perform(op::gettid{});
    if (!own) return own.error();
    if (asked.id != 0 && asked.id != *own) return errc::perm;
    capability_sets wanted{};
    for (usize i = 0; i < asked.records; ++i) {
      capability_data<M> record{};
      if (errc e = c.read(user_ptr<const capability_data<M>>{data}.at(i), record); e != errc::none) return e;
      wanted.effective |= u64{record.effective} << (32 * i);
      wanted.permitted |= u64{record.permitted} << (32 * i);
      wanted.inheritable |= u64{record.inheritable} << (32 * i);
    }
    using K = typename Env::kernel;
    auto sets = capability_sets::of<K>(c.thread);
    if (!change(sets, wanted)) return errc::perm;
    if (errc e = sets.template keep<K>(c.thread); e != errc::none) return e;
    return done{};
  }

private:
  static constexpr bool change(capability_sets& now, const capability_sets& wanted) {
    const u64 effective = wanted.effective & capability::all, permitted = wanted.permitted & capability::all,
              inheritable = wanted.inheritable & capability::all;
    const auto is_within = [](u64 set, u64 other) { return (set & ~other) == 0; };
    if (!now.may(capability::setpcap) && !is_within(inheritable, now.inheritable | now.permitted)) return false;
    if (!is_within(inheritable, now.inheritable | now.bounding)) return false;
    if (!is_within(permitted, now.permitted) || !is_within(effective, permitted)) return false;
    now.effective = effective;
    now.permitted = permitted;
    now.inheritable = inheritable;
    now.ambient &= permitted & inheritable;
    return true;
  }
};

/// PR_CAPBSET_*, PR_CAP_AMBIENT, PR_*_KEEPCAPS and PR_*_SECUREBITS.
template <class Env>
struct capability_control {
  using K = typename Env::kernel;
  context<Env>& c;

  reply<Env, u64> bounding_has(u64 number) {
    if (number > capability::last) return errc::inval;
    return sets().bounding >> number & 1;
  }
  reply<Env, u64> drop_bounding(u64 number) {
    auto now = sets();
    if (!now.may(capability::setpcap)) return errc::perm;
    if (number > capability::last) return errc::inval;
    now.bounding &= ~(u64{1} << number);
    return kept(now);
  }
  reply<Env, u64> keeps_permitted() { return u64{(sets().secure_bits & secure_bit::keep_caps) != 0}; }
  reply<Env, u64> keep_permitted(u64 value) {
    if (value > 1) return errc::inval;
    auto now = sets();
    if ((now.secure_bits & secure_bit::keep_caps << 1) != 0) return errc::perm;
    now.secure_bits = (now.secure_bits & ~secure_bit::keep_caps) | (value != 0 ? secure_bit::keep_caps : 0);
    return kept(now);
  }
  reply<Env, u64> secure_bits() { return u64{sets().secure_bits}; }
  /// What is locked stays as it is, and locked.
  reply<Env, u64> set_secure_bits(u64 wanted) {
    using namespace secure_bit;
    auto now = sets();
    const u32 old = now.secure_bits;
    if (((old & locks) >> 1 & (old ^ wanted)) != 0 || (old & locks & ~wanted) != 0 || (wanted & ~u64{all | locks}) != 0 ||
        !now.may(capability::setpcap))
      return errc::perm;
    now.secure_bits = static_cast<u32>(wanted);
    return kept(now);
  }
  reply<Env, u64> ambient(u64 what, u64 number, u64 fourth, u64 fifth) {
    constexpr u64 is_set = 1, raise = 2, lower = 3, clear_all = 4; // PR_CAP_AMBIENT_*
    auto now = sets();
    if (what == clear_all) {
      if ((number | fourth | fifth) != 0) return errc::inval;
      now.ambient = 0;
      return kept(now);
    }
    if (number > capability::last || (fourth | fifth) != 0) return errc::inval;
    const u64 bit = u64{1} << number;
    switch (what) {
    case is_set: return u64{(now.ambient & bit) != 0};
    case raise:
      if ((now.permitted & now.inheritable & bit) == 0 || (now.secure_bits & secure_bit::no_ambient_raise) != 0) return errc::perm;
      now.ambient |= bit;
      return kept(now);
    case lower: now.ambient &= ~bit; return kept(now);
    default: return errc::inval;
    }
  }

private:
  capability_sets sets() { return capability_sets::of<K>(c.thread); }
  reply<Env, u64> kept(const capability_sets& now) {
    if (errc e = now.template keep<K>(c.thread); e != errc::none) return e;
    return u64{0};
  }
};

/// A new image begins with other sets.
struct exec {
  using needs = operation_list<op::exec, op::get_identity>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 directory, std::string_view path, user_strings arguments, user_strings environment,
                         u32 flags) {
    using K = typename Env::kernel;
    auto sets = capability_sets::of<K>(c.thread);
    if (auto r = c.perform(op::exec{}, directory, path, arguments, environment, flags); !r) return r.error();
    native<K, shape::identity> ids{};
    if (c.perform(op::get_identity{}, ids)) {
      sets.image_changed(ids);
      (void)sets.template keep<K>(c.thread);
    }
    return done{};
  }
};

} // namespace polyabi::linux_abi::handlers
