// Memory calls that are more than an operation.
#pragma once

#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/memory_flags.hpp>
#include <polyabi/linux/structures/files.hpp>

namespace polyabi::linux_abi::handlers {

/// i386's first mmap takes its arguments from memory, and the offset in bytes.
struct old_mmap {
  using needs = operation_list<op::map>;
  template <class Env>
  static reply<Env, u64> call(context<Env>& c, user_ptr<mmap_arguments<typename Env::model>> at) {
    using K = typename Env::kernel;
    mmap_arguments<typename Env::model> a{};
    if (errc e = c.read(at, a); e != errc::none) return e;
    if (a.position % page_size != 0) return errc::inval;
    using protections = total_flag_table<map_protections, kernel_map<K, protection>>;
    using flags = total_flag_table<map_flags, kernel_map<K, map_flag>>;
    if (errc e = mmap_flags::refused(a.flags); e != errc::none) return e;
    if (errc e = flags::refused(a.flags); e != errc::none) return e;
    return reply_with<Env>(c.perform(op::map{}, u64{a.address}, u64{a.size},
                                     static_cast<u32>(protections::convert(a.protection)),
                                     static_cast<u32>(flags::convert(a.flags)),
                                     static_cast<i32>(static_cast<u32>(a.descriptor)), i64{static_cast<u32>(a.position)}));
  }
};

/// The protection has to be 0, and flags but MAP_NONBLOCK mean nothing.
struct remap_file_pages {
  using needs = operation_list<op::remap_file>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 address, u64 size, u64 protection, u64 page, u64) {
    if (protection != 0 || page >= u64{1} << 52) return errc::inval;
    return reply_with<Env>(c.perform(op::remap_file{}, address, size, page * page_size));
  }
};

/// Without flags, or with MCL_ONFAULT alone, it would lock nothing.
struct mlockall {
  using needs = operation_list<op::lock_all_memory>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u32 flags) {
    using K = typename Env::kernel;
    if ((flags & (native_number<K, lock_flag::current> | native_number<K, lock_flag::future>)) == 0) return errc::inval;
    return reply_with<Env>(c.perform(op::lock_all_memory{}, flags));
  }
};

/// Keys of a processor without protection keys: -1 is the ordinary mprotect, and 0 is every page's.
struct pkey_mprotect {
  using needs = operation_list<op::protect>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 address, u64 size, u32 protection, i32 key) {
    if (key != -1 && key != 0) return errc::inval;
    return reply_with<Env>(c.perform(op::protect{}, address, size, protection));
  }
};
struct pkey_alloc {
  using needs = operation_list<>;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, i64> call(context<Env>&, u32 flags, u64 rights) {
    constexpr u64 disable_access = 1, disable_write = 2;
    if (flags != 0 || (rights & ~(disable_access | disable_write)) != 0) return errc::inval;
    return errc::nospc;
  }
};

struct mseal {
  using needs = operation_list<op::seal_memory>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 address, u64 size, u64 flags) {
    if (flags != 0) return errc::inval;
    return reply_with<Env>(c.perform(op::seal_memory{}, address, size));
  }
};

struct membarrier {
  using needs = operation_list<op::memory_barrier>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 command, u32 flags, i32) {
    using table = number_table<barrier_commands, kernel_map<typename Env::kernel, barrier_command>>;
    if (flags != 0) return errc::inval;
    if (command == 0) { // MEMBARRIER_CMD_QUERY
      i64 all = 0;
      for (const auto& r : barrier_commands::rows)
        if (table::convert(r.number) != table::absent) all |= r.number;
      return all;
    }
    const i32 native = table::convert(command);
    if (native == table::absent) return errc::inval;
    if (auto r = c.perform(op::memory_barrier{}, native); !r) return r.error();
    return i64{0};
  }
};

/// process_vm_readv and process_vm_writev; `Operation` says which.
template <class Operation>
struct process_vm {
  using needs = operation_list<Operation>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 pid, user_vector here, user_vector there, u64 flags) {
    if (flags != 0) return errc::inval;
    return reply_with<Env>(c.perform(Operation{}, pid, here, there));
  }
};

} // namespace polyabi::linux_abi::handlers
