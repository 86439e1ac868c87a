// The calls whose arguments are arrays, or need a place in user memory to report to.
#pragma once

#include <polyabi/core/directory_records.hpp>
#include <polyabi/core/dispatch.hpp>

namespace polyabi::native_abi::handlers {

/// One record of `read_directory`: its head, then the name with its NUL, padded to 8 bytes.
struct directory_record {
  u64 inode;
  i64 next;
  u16 size;
  u8 type, name_size;
};

struct read_directory {
  using needs = operation_list<op::read_directory>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, user_bytes to) {
    directory_writer<Env, record> writer{c, to.address, to.size};
    if (auto r = c.perform(op::read_directory{}, descriptor, writer.visitor()); !r) return r.error();
    if (writer.used == 0 && writer.failed != errc::none) return writer.failed;
    return static_cast<i64>(writer.used);
  }

private:
  struct record {
    static constexpr usize name_at = 20, largest = name_at + 264;
    static errc make(const directory_entry& entry, u64 room, unsigned char* to, usize& size) {
      const usize wanted = (name_at + entry.name.size() + 1 + 7) / 8 * 8;
      if (wanted > room || entry.name.size() > 255) return errc::inval;
      const directory_record head{entry.inode, entry.next, static_cast<u16>(wanted), entry.type,
                                  static_cast<u8>(entry.name.size())};
      clear_end(to, wanted);
      __builtin_memcpy(to, &head, name_at);
      __builtin_memcpy(to + name_at, entry.name.data(), entry.name.size());
      size = wanted;
      return errc::none;
    }
  };
};

struct poll {
  using needs = operation_list<op::poll>;
  static constexpr usize limit = 256;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, u64 records, u32 count,
                              const native<typename Env::kernel, shape::timespec>* timeout,
                              const native<typename Env::kernel, shape::sigset>* mask) {
    native<typename Env::kernel, shape::poll_record> own[limit];
    if (count > limit) return errc::inval;
    if (errc e = c.read_bytes(records, own, count * sizeof own[0]); e != errc::none) return e;
    auto ready = c.perform(op::poll{}, std::span{own, count}, timeout, mask);
    if (!ready) return ready.error();
    if (errc e = c.write_bytes(records, own, count * sizeof own[0]); e != errc::none) return e;
    return i64{*ready};
  }
};

inline constexpr usize group_limit = 32;

struct getgroups {
  using needs = operation_list<op::getgroups>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, u64 to, u32 room) {
    u32 groups[group_limit];
    auto known = c.perform(op::getgroups{}, std::span<u32>{groups});
    if (!known) return known.error();
    if (room == 0) return i64{*known};
    if (static_cast<u32>(*known) > room) return errc::inval;
    if (errc e = c.write_bytes(to, groups, static_cast<usize>(*known) * sizeof groups[0]); e != errc::none) return e;
    return i64{*known};
  }
};
struct setgroups {
  using needs = operation_list<op::setgroups>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 from, u32 count) {
    u32 groups[group_limit];
    if (count > group_limit) return errc::inval;
    if (errc e = c.read_bytes(from, groups, count * sizeof groups[0]); e != errc::none) return e;
    if (auto r = c.perform(op::setgroups{}, std::span<const u32>{groups, count}); !r) return r.error();
    return done{};
  }
};

/// exit takes the low eight bits.
struct exit {
  using needs = operation_list<op::exit>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 status) {
    if (auto r = c.perform(op::exit{}, status & 0xff); !r) return r.error();
    return done{};
  }
};

/// A truth value in a word.
template <class Operation>
struct with_truth {
  using needs = operation_list<Operation>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, i32 truth) {
    if (auto r = c.perform(Operation{}, descriptor, truth != 0); !r) return r.error();
    return done{};
  }
};

} // namespace polyabi::native_abi::handlers
