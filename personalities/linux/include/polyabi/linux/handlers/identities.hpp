// User and group ids. The 16-bit calls of i386 show an id that does not fit as 65534.
#pragma once

#include <polyabi/linux/handlers/capability_sets.hpp>

namespace polyabi::linux_abi::handlers {

namespace detail {
constexpr u16 narrow_id(u32 id) {
  return id > 0xffff && id != ~u32{0} ? u16{65534} : static_cast<u16>(id);
}

template <class T>
constexpr T id_as(u32 id) {
  if constexpr (sizeof(T) == 2)
    return narrow_id(id);
  else
    return id;
}

enum class id_of { real_user, effective_user, saved_user, real_group, effective_group, saved_group };

template <id_of Which, class Identity>
constexpr u32 select_id(const Identity& ids) {
  switch (Which) {
  case id_of::real_user: return ids.ruid;
  case id_of::effective_user: return ids.euid;
  case id_of::saved_user: return ids.suid;
  case id_of::real_group: return ids.rgid;
  case id_of::effective_group: return ids.egid;
  case id_of::saved_group: return ids.sgid;
  }
  return 0;
}

template <id_of Which, class T>
struct get_id {
  using needs = operation_list<op::get_identity>;
  template <class Env>
  static reply<Env, u64> call(context<Env>& c) {
    native<typename Env::kernel, shape::identity> ids{};
    if (auto r = c.perform(op::get_identity{}, ids); !r) return r.error();
    return u64{id_as<T>(select_id<Which>(ids))};
  }
};

template <id_of Real, id_of Effective, id_of Saved>
struct get_three_ids {
  using needs = operation_list<op::get_identity>;
  template <class Env, class T>
  static reply<Env> call(context<Env>& c, user_ptr<T> real, user_ptr<T> effective, user_ptr<T> saved) {
    native<typename Env::kernel, shape::identity> ids{};
    if (auto r = c.perform(op::get_identity{}, ids); !r) return r.error();
    if (errc e = c.write(real, id_as<T>(select_id<Real>(ids))); e != errc::none) return e;
    if (errc e = c.write(effective, id_as<T>(select_id<Effective>(ids))); e != errc::none) return e;
    if (errc e = c.write(saved, id_as<T>(select_id<Saved>(ids))); e != errc::none) return e;
    return done{};
  }
};

inline constexpr u32 keep_id = ~u32{0};

/// Three ids of a kind become others. What becomes of the capabilities follows the users.
template <class Operation, id_of Real, class Env>
reply<Env> change_ids(context<Env>& c, bool permitted, u32 real, u32 effective, u32 saved) {
  using K = typename Env::kernel;
  if (!permitted) return errc::perm;
  if constexpr (Real == id_of::real_user) {
    native<K, shape::identity> before{}, now{};
    if (auto r = c.perform(op::get_identity{}, before); !r) return r.error();
    auto sets = capability_sets::of<K>(c.thread);
    if (auto r = c.perform(Operation{}, real, effective, saved); !r) return r.error();
    if (auto r = c.perform(op::get_identity{}, now); !r) return r.error();
    sets.users_changed(before, now);
    (void)sets.template keep<K>(c.thread);
    return done{};
  } else {
    return reply_with<Env>(c.perform(Operation{}, real, effective, saved));
  }
}

/// The ids of a kind that a caller has, and whether it may take any (CAP_SETUID, CAP_SETGID).
template <id_of Real>
struct own_ids {
  static constexpr bool is_user = Real == id_of::real_user;
  u32 real = 0, effective = 0, saved = 0;
  bool any = false;

  template <class Env>
  errc ask(context<Env>& c) {
    native<typename Env::kernel, shape::identity> ids{};
    if (auto r = c.perform(op::get_identity{}, ids); !r) return errc::perm;
    real = select_id<Real>(ids);
    effective = select_id<is_user ? id_of::effective_user : id_of::effective_group>(ids);
    saved = select_id<is_user ? id_of::saved_user : id_of::saved_group>(ids);
    any = has_capability(c, is_user ? capability::setuid : capability::setgid);
    return errc::none;
  }
  bool has(u32 id) const { return id == keep_id || id == real || id == effective || id == saved; }
};

/// All three for who may take any, and else the effective one alone (setuid(2)).
template <class Operation, id_of Real>
struct set_id {
  using needs = operation_list<op::get_identity, Operation>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u32 id) {
    own_ids<Real> own;
    if (errc e = own.ask(c); e != errc::none) return e;
    if (id == keep_id) return errc::inval;
    if (own.any) return change_ids<Operation, Real>(c, true, id, id, id);
    return change_ids<Operation, Real>(c, id == own.real || id == own.saved, keep_id, id, keep_id);
  }
};

/// Real and effective id; the saved one follows the new effective one if the real id is set, or the effective one becomes
/// another than the real one was (setreuid(2)).
template <class Operation, id_of Real>
struct set_two_ids {
  using needs = operation_list<op::get_identity, Operation>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u32 real, u32 effective) {
    own_ids<Real> own;
    if (errc e = own.ask(c); e != errc::none) return e;
    const bool real_is_own = real == keep_id || real == own.real || real == own.effective;
    const u32 becomes = effective == keep_id ? own.effective : effective;
    const bool save = real != keep_id || (effective != keep_id && effective != own.real);
    return change_ids<Operation, Real>(c, own.any || (real_is_own && own.has(effective)), real, effective, save ? becomes : keep_id);
  }
};

template <class Operation, id_of Real>
struct set_three_ids {
  using needs = operation_list<op::get_identity, Operation>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u32 real, u32 effective, u32 saved) {
    own_ids<Real> own;
    if (errc e = own.ask(c); e != errc::none) return e;
    return change_ids<Operation, Real>(c, own.any || (own.has(real) && own.has(effective) && own.has(saved)), real, effective, saved);
  }
};

/// The ids used for files are the effective ones here: setting answers what was in force, and changes nothing else.
template <id_of Effective>
struct set_file_id {
  using needs = operation_list<op::get_identity>;
  template <class Env>
  static reply<Env, u64> call(context<Env>& c, u32 wanted) {
    native<typename Env::kernel, shape::identity> ids{};
    if (auto r = c.perform(op::get_identity{}, ids); !r) return r.error();
    const u32 now = select_id<Effective>(ids);
    if (wanted != now && wanted != ~u32{0}) c.unsupported("id", wanted);
    return u64{now};
  }
};
inline constexpr usize group_limit = 1024;
} // namespace detail

using getuid = detail::get_id<detail::id_of::real_user, u32>;
using geteuid = detail::get_id<detail::id_of::effective_user, u32>;
using getgid = detail::get_id<detail::id_of::real_group, u32>;
using getegid = detail::get_id<detail::id_of::effective_group, u32>;
using getuid16 = detail::get_id<detail::id_of::real_user, u16>;
using geteuid16 = detail::get_id<detail::id_of::effective_user, u16>;
using getgid16 = detail::get_id<detail::id_of::real_group, u16>;
using getegid16 = detail::get_id<detail::id_of::effective_group, u16>;
using getresuid = detail::get_three_ids<detail::id_of::real_user, detail::id_of::effective_user, detail::id_of::saved_user>;
using getresgid = detail::get_three_ids<detail::id_of::real_group, detail::id_of::effective_group, detail::id_of::saved_group>;
using setuid = detail::set_id<op::setresuid, detail::id_of::real_user>;
using setgid = detail::set_id<op::setresgid, detail::id_of::real_group>;
using setresuid = detail::set_three_ids<op::setresuid, detail::id_of::real_user>;
using setresgid = detail::set_three_ids<op::setresgid, detail::id_of::real_group>;
using setreuid = detail::set_two_ids<op::setresuid, detail::id_of::real_user>;
using setregid = detail::set_two_ids<op::setresgid, detail::id_of::real_group>;
using setfsuid = detail::set_file_id<detail::id_of::effective_user>;
using setfsgid = detail::set_file_id<detail::id_of::effective_group>;

struct getgroups {
  using needs = operation_list<op::getgroups>;
  template <class Env, class T>
  static reply<Env, i64> call(context<Env>& c, i32 size, user_ptr<T> into) {
    if (size < 0) return errc::inval;
    u32 groups[detail::group_limit];
    auto count = c.perform(op::getgroups{}, std::span<u32>{groups});
    if (!count) return count.error();
    if (size == 0) return i64{*count};
    if (*count > size || static_cast<usize>(*count) > detail::group_limit) return errc::inval;
    for (i32 i = 0; i < *count; ++i)
      if (errc e = c.write(into.at(static_cast<usize>(i)), detail::id_as<T>(groups[i])); e != errc::none) return e;
    return i64{*count};
  }
};

/// They are told in order, as Linux keeps them.
struct setgroups {
  using needs = operation_list<op::setgroups, op::get_identity>;
  template <class Env, class T>
  static reply<Env> call(context<Env>& c, i32 size, user_ptr<T> from) {
    if (!has_capability(c, capability::setgid)) return errc::perm;
    if (size < 0 || static_cast<usize>(size) > detail::group_limit) return errc::inval;
    u32 groups[detail::group_limit];
    for (i32 i = 0; i < size; ++i) {
      T id{};
      if (errc e = c.read(from.at(static_cast<usize>(i)), id); e != errc::none) return e;
      i32 at = i;
      for (; at > 0 && groups[at - 1] > id; --at) groups[at] = groups[at - 1];
      groups[at] = id;
    }
    return reply_with<Env>(c.perform(op::setgroups{}, std::span<const u32>{groups, static_cast<usize>(size)}));
  }
};

} // namespace polyabi::linux_abi::handlers
