// acl(2) and facl(2) where files have no more than their mode bits: lists of the four entries that every file has (sys/acl.h).
#pragma once

#include <polyabi/svr4/signatures.hpp>
#include <polyabi/svr4/structures/file.hpp>

namespace polyabi::svr4::handlers {

namespace access_lists {

enum command : i32 { get = 1, set, count }; // GETACL, SETACL, GETACLCNT; those of NFSv4's lists (ACE_*) stand behind
enum entry_type : i32 { owner = 1, group = 4, mask = 0x10, others = 0x20 }; // USER_OBJ, GROUP_OBJ, CLASS_OBJ, OTHER_OBJ

inline constexpr i32 entries = 4;

/// The work of both calls, over what gives the file's state and what changes its mode.
template <class Env, class State, class Change>
reply<Env, i64> perform(context<Env>& c, i32 what, i32 room, u64 at, State state, Change change) {
  using K = typename Env::kernel;
  const user_ptr<aclent<typename Env::model>> place{at};
  native<K, shape::stat> now{};
  if (auto r = state(now); !r) return r.error();
  switch (what) {
  case count: return i64{entries};
  case get: {
    if (room < entries) return errc::nospc;
    const u32 mode = static_cast<u32>(now.mode);
    const auto entry = [](entry_type type, u32 id, u32 bits) {
      aclent<typename Env::model> e{};
      e.type = type;
      e.id = id;
      e.permissions = static_cast<u16>(bits & 7);
      return e;
    };
    const aclent<typename Env::model> all[entries] = {entry(owner, now.uid, mode >> 6), entry(group, now.gid, mode >> 3),
                                                      entry(mask, 0, mode >> 3), entry(others, 0, mode)};
    if (errc e = c.write_bytes(at, all, sizeof all); e != errc::none) return e;
    return i64{entries};
  }
  case set: {
    // Without the mask, which is the group's permissions then.
    if (room < entries - 1) return errc::inval;
    u32 bits[3]{}, class_bits = 7, seen = 0;
    for (i32 i = 0; i < room; ++i) {
      aclent<typename Env::model> given{};
      if (i >= entries) return errc::notsup;
      if (errc e = c.read(place.at(static_cast<usize>(i)), given); e != errc::none) return e;
      const i32 type = given.type;
      const u32 permissions = given.permissions;
      if (permissions > 7 || (seen & static_cast<u32>(type)) != 0) return errc::inval;
      if (type == owner) bits[0] = permissions;
      else if (type == group) bits[1] = permissions;
      else if (type == others) bits[2] = permissions;
      else if (type == mask) class_bits = permissions;
      else {
        c.unsupported("entry", static_cast<u32>(type)); // of a user or group by name, or a default
        return errc::notsup;
      }
      seen |= static_cast<u32>(type);
    }
    constexpr u32 needed = static_cast<u32>(owner) | static_cast<u32>(group) | static_cast<u32>(others);
    if ((seen & needed) != needed) return errc::inval;
    const u32 special = static_cast<u32>(now.mode) & 07000;
    if (auto r = change(special | bits[0] << 6 | (bits[1] & class_bits) << 3 | bits[2]); !r) return r.error();
    return i64{0};
  }
  default: c.unsupported("command", static_cast<u32>(what)); return errc::nosys;
  }
}

} // namespace access_lists

struct acl {
  using needs = operation_list<op::stat, op::chmod>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, std::string_view path, i32 command, i32 room, u64 at) {
    using K = typename Env::kernel;
    return access_lists::perform<Env>(
        c, command, room, at,
        [&](auto& now) { return c.perform(op::stat{}, K::current_directory, path, u32{0}, now); },
        [&](u32 mode) { return c.perform(op::chmod{}, K::current_directory, path, mode, u32{0}); });
  }
};

struct facl {
  using needs = operation_list<op::fstat, op::fchmod>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, i32 command, i32 room, u64 at) {
    return access_lists::perform<Env>(
        c, command, room, at, [&](auto& now) { return c.perform(op::fstat{}, descriptor, now); },
        [&](u32 mode) { return c.perform(op::fchmod{}, descriptor, mode); });
  }
};

} // namespace polyabi::svr4::handlers
