// On which nodes memory lies (mbind(2), set_mempolicy(2)), on a machine with one node: policies are checked, and kept for the thread
// (its children begin without one); all of them mean node 0.
#pragma once

#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/handlers/pidfd.hpp>
#include <polyabi/linux/handlers/robust_lists.hpp>

namespace polyabi::linux_abi::handlers {

/// MPOL_* (include/uapi/linux/mempolicy.h).
namespace memory_policy {
inline constexpr u32 default_ = 0, preferred = 1, bind = 2, interleave = 3, local = 4, preferred_many = 5, modes = 6;
inline constexpr u32 mode_flags = 0xe000; ///< MPOL_F_STATIC_NODES, MPOL_F_RELATIVE_NODES, MPOL_F_NUMA_BALANCING
inline constexpr u64 of_node = 1, of_address = 2, allowed = 4; ///< of get_mempolicy
inline constexpr u64 most_nodes = page_size * 8;

/// Looks at a set of nodes: EINVAL for one that has others than node 0, as all others do not exist.
template <class Env>
errc read_nodes(context<Env>& c, u64 at, u64 limit, bool& has_node_0) {
  has_node_0 = false;
  const u64 bits = limit - 1; // `limit` counts one more than it says
  if (at == 0 || bits == 0) return errc::none;
  if (bits > most_nodes) return errc::inval;
  using word = typename Env::model::ulong;
  constexpr u64 word_bits = sizeof(word) * 8;
  for (u64 first = 0; first < bits; first += word_bits) {
    word part{};
    if (errc e = c.read(user_ptr<word>{user_word<Env>(at) + first / 8}, part); e != errc::none) return e;
    u64 nodes = part;
    if (bits - first < word_bits) nodes &= (u64{1} << (bits - first)) - 1;
    if (first == 0) {
      has_node_0 = (nodes & 1) != 0;
      nodes &= ~u64{1};
    }
    if (nodes != 0) return errc::inval;
  }
  return errc::none;
}

/// Whether a mode may go with these nodes.
constexpr errc check(u32 mode, bool has_node_0) {
  const u32 plain = mode & ~mode_flags;
  if (plain >= modes) return errc::inval;
  const bool wants_none = plain == default_ || plain == local;
  if (wants_none) return has_node_0 ? errc::inval : errc::none;
  return has_node_0 || plain == preferred ? errc::none : errc::inval;
}

/// Answers a set of nodes with node 0 alone, or empty.
template <class Env>
errc write_nodes(context<Env>& c, u64 at, u64 limit, bool node_0) {
  using word = typename Env::model::ulong;
  constexpr u64 word_bits = sizeof(word) * 8;
  if (at == 0) return errc::none;
  if (limit == 0 || limit > most_nodes) return errc::inval;
  for (u64 first = 0; first < limit; first += word_bits) {
    const word part{static_cast<typename word::value_type>(first == 0 && node_0)};
    if (errc e = c.write(user_ptr<word>{user_word<Env>(at) + first / 8}, part); e != errc::none) return e;
  }
  return errc::none;
}
} // namespace memory_policy

struct set_mempolicy {
  using needs = operation_list<op::thread_words>;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 mode, u64 nodes, u64 limit) {
    bool node_0 = false;
    if (errc e = memory_policy::read_nodes(c, nodes, limit, node_0); e != errc::none) return e;
    if (errc e = memory_policy::check(static_cast<u32>(mode), node_0); e != errc::none) return e;
    auto words = c.perform(op::thread_words{});
    if (!words) return words.error();
    (*words)[thread_word::memory_policy] = static_cast<u32>(mode) | u64{node_0} << 32;
    return done{};
  }
};

struct get_mempolicy {
  using needs = operation_list<op::thread_words, op::memory_residency>;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 mode_at, u64 nodes, u64 limit, u64 address, u64 flags) {
    using namespace memory_policy;
    if ((flags & ~(of_node | of_address | allowed)) != 0) return errc::inval;
    if ((flags & allowed) != 0) {
      if ((flags & (of_node | of_address)) != 0) return errc::inval;
      if (errc e = tell_mode(c, mode_at, 0); e != errc::none) return e;
      if (errc e = write_nodes(c, nodes, limit, true); e != errc::none) return e;
      return done{};
    }
    if ((flags & of_address) == 0 && address != 0) return errc::inval;
    auto words = c.perform(op::thread_words{});
    if (!words) return words.error();
    const u64 kept = (flags & of_address) != 0 ? 0 : (*words)[thread_word::memory_policy];
    if ((flags & of_node) != 0) {
      // The node of a page, or the next one to be taken from when interleaving.
      if ((flags & of_address) == 0 && (kept & 0xffff & ~u64{mode_flags}) != interleave) return errc::inval;
      if (errc e = tell_mode(c, mode_at, 0); e != errc::none) return e;
    } else if (errc e = tell_mode(c, mode_at, static_cast<u32>(kept)); e != errc::none) {
      return e;
    }
    if (errc e = write_nodes(c, nodes, limit, kept >> 32 != 0); e != errc::none) return e;
    return done{};
  }

private:
  template <class Env>
  static errc tell_mode(context<Env>& c, u64 at, u32 mode) {
    if (at == 0) return errc::none;
    return c.write(user_ptr<typename Env::model::u32>{user_word<Env>(at)}, typename Env::model::u32{mode});
  }
};

/// The policy of a range: checked, and kept nowhere, for every policy puts its pages where they are.
struct mbind {
  using needs = operation_list<>;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 start, u64 size, u64 mode, u64 nodes, u64 limit, u32 flags) {
    constexpr u32 strict = 1, move = 2, move_all = 4;
    if ((flags & ~(strict | move | move_all)) != 0 || start % page_size != 0) return errc::inval;
    if (start + size < start) return errc::inval;
    bool node_0 = false;
    if (errc e = memory_policy::read_nodes(c, nodes, limit, node_0); e != errc::none) return e;
    if (errc e = memory_policy::check(static_cast<u32>(mode), node_0); e != errc::none) return e;
    return done{};
  }
};

/// Pages stay on the only node; none is left where it was not to be.
struct migrate_pages {
  using needs = operation_list<op::getpgid>;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 pid, u64 limit, u64 from, u64 to) {
    bool ignored = false, target = false;
    if (errc e = memory_policy::read_nodes(c, from, limit, ignored); e != errc::none) return e;
    if (errc e = memory_policy::read_nodes(c, to, limit, target); e != errc::none) return e;
    if (auto there = c.perform(op::getpgid{}, pid); !there) return there.error();
    if (!target) return errc::inval;
    return i64{0};
  }
};

/// Tells of each page that it is on node 0, or that it is not there.
struct move_pages {
  using needs = operation_list<op::getpid, op::next_region>;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 pid, u64 count, u64 pages, u64 nodes, u64 statuses, i32 flags) {
    using K = typename Env::kernel;
    using word = typename Env::model::ulong;
    using i32_of = typename Env::model::i32;
    constexpr i32 move = 2, move_all = 4, no_entry = -2, bad_address = -14;
    if ((flags & ~(move | move_all)) != 0) return errc::inval;
    if ((flags & move_all) != 0) return errc::perm;
    auto self = c.perform(op::getpid{});
    if (!self) return self.error();
    for (u64 i = 0; i < count; ++i) {
      word page{};
      if (errc e = c.read(user_ptr<word>{user_word<Env>(pages) + i * sizeof page}, page); e != errc::none) return e;
      if (nodes != 0) {
        i32_of node{};
        if (errc e = c.read(user_ptr<i32_of>{user_word<Env>(nodes) + i * sizeof node}, node); e != errc::none) return e;
        if (node != 0) return errc::nodev;
      }
      native<K, shape::region_info> region{};
      char path[1];
      auto found = c.perform(op::next_region{}, pid != 0 ? pid : *self, u64{page}, region, std::span<char>{path, 0});
      if (!found) return found.error();
      i32 status = bad_address;
      if (*found && region.start <= u64{page}) status = is_there(c, pid == 0 || pid == *self, page) ? 0 : no_entry;
      if (errc e = c.write(user_ptr<i32_of>{user_word<Env>(statuses) + i * sizeof(i32_of)}, i32_of{status}); e != errc::none) return e;
    }
    return i64{0};
  }

private:
  /// Of another process' pages it is not known which are in memory; they count as being there.
  template <class Env>
  static bool is_there(context<Env>& c, bool own, u64 page) {
    if (!own) return true;
    char byte;
    return c.read_bytes(page, &byte, sizeof byte) == errc::none;
  }
};

/// The node nearest to a range: there is one.
struct set_mempolicy_home_node {
  using needs = operation_list<>;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env> call(context<Env>&, u64 start, u64 size, u64 node, u64 flags) {
    if (flags != 0 || node != 0 || start % page_size != 0 || start + size < start) return errc::inval;
    return done{};
  }
};

} // namespace polyabi::linux_abi::handlers
