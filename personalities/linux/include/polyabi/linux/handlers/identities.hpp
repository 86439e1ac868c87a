// User and group ids. The 16-bit calls of i386 show an id that does not fit as 65534.
#pragma once

#include <polyabi/linux/handlers/common.hpp>

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

/// Real and effective id; the saved one follows the new effective one if the real id is set, or the effective one becomes
/// another than the real one was (setreuid(2)).
template <class Operation, id_of Real>
struct set_two_ids {
  using needs = operation_list<op::get_identity, Operation>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u32 real, u32 effective) {
    constexpr u32 keep = ~u32{0};
    native<typename Env::kernel, shape::identity> ids{};
    if (auto r = c.perform(op::get_identity{}, ids); !r) return r.error();
    constexpr id_of Effective = Real == id_of::real_user ? id_of::effective_user : id_of::effective_group;
    const u32 becomes = effective == keep ? select_id<Effective>(ids) : effective;
    const bool save = real != keep || (effective != keep && effective != select_id<Real>(ids));
    return reply_with<Env>(c.perform(Operation{}, real, effective, save ? becomes : keep));
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

struct setgroups {
  using needs = operation_list<op::setgroups>;
  template <class Env, class T>
  static reply<Env> call(context<Env>& c, i32 size, user_ptr<T> from) {
    if (size < 0 || static_cast<usize>(size) > detail::group_limit) return errc::inval;
    u32 groups[detail::group_limit];
    for (i32 i = 0; i < size; ++i) {
      T id{};
      if (errc e = c.read(from.at(static_cast<usize>(i)), id); e != errc::none) return e;
      groups[i] = id;
    }
    return reply_with<Env>(c.perform(op::setgroups{}, std::span<const u32>{groups, static_cast<usize>(size)}));
  }
};

} // namespace polyabi::linux_abi::handlers
