// sendfile, splice, tee, vmsplice, copy_file_range: bytes from one open file to another.
#pragma once

#include <polyabi/linux/handlers/common.hpp>

namespace polyabi::linux_abi::handlers {

namespace detail {

/// SPLICE_F_MOVE, NONBLOCK, MORE, GIFT (include/linux/splice.h); only the second one changes what happens.
inline constexpr u32 splice_nonblock = 2, splice_flags = 0xf;

/// Which file a descriptor is of, and what kind.
struct file_identity {
  u64 device = 0, inode = 0;
  u32 type = 0;
  i64 size = 0;
  bool is_same(const file_identity& other) const { return device == other.device && inode == other.inode; }
};
template <class Env>
reply<Env, file_identity> identity_of(context<Env>& c, i32 descriptor) {
  native<typename Env::kernel, shape::stat> status{};
  if (auto r = c.perform(op::fstat{}, descriptor, status); !r) return r.error();
  return file_identity{static_cast<u64>(status.dev), static_cast<u64>(status.ino), mode_type::of(status), static_cast<i64>(status.size)};
}

/// Where a transfer begins: at an offset, or at the descriptor's position.
template <class Env>
reply<Env, i64> beginning(context<Env>& c, i32 descriptor, const i64* offset) {
  using K = typename Env::kernel;
  if (offset != nullptr) return *offset;
  return reply_with<Env>(c.perform(op::seek{}, descriptor, i64{0}, static_cast<i32>(native_number<K, seek_origin::cur>)));
}

/// The type of an open file.
template <class Env>
reply<Env, u32> type_of(context<Env>& c, i32 descriptor) {
  auto file = identity_of(c, descriptor);
  if (!file) return file.error();
  return u32{file->type};
}

/// An offset in the program's memory, read before and written after.
template <class Env, class Number>
struct offset_in_memory {
  u64 at;
  i64 value = 0;
  i64* pointer() { return at != 0 ? &value : nullptr; }
  errc read(context<Env>& c) {
    if (at == 0) return errc::none;
    Number n{};
    if (errc e = c.read(user_ptr<Number>{at}, n); e != errc::none) return e;
    value = static_cast<i64>(n);
    return value < 0 ? errc::inval : errc::none;
  }
  errc write(context<Env>& c) {
    if (at == 0) return errc::none;
    return c.write(user_ptr<Number>{at}, Number{static_cast<typename Number::value_type>(value)});
  }
};

} // namespace detail

/// `Wide`: the offset has 64 bits on every architecture (sendfile64).
template <bool Wide>
struct sendfile {
  using needs = operation_list<op::transfer, op::fstat, op::get_status_flags>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 to, i32 from, u64 offset_at, u64 size) {
    using M = typename Env::model;
    using K = typename Env::kernel;
    detail::offset_in_memory<Env, std::conditional_t<Wide, typename M::i64, typename M::slong>> offset{offset_at};
    if (errc e = offset.read(c); e != errc::none) return e;
    auto source = detail::type_of<Env>(c, from);
    if (!source) return source.error();
    auto target_flags = c.perform(op::get_status_flags{}, to);
    if (!target_flags) return target_flags.error();
    if (*source != mode_type::regular && *source != mode_type::block) return errc::inval;
    if ((*target_flags & native_number<K, open_flag::append>) != 0) return errc::inval;
    if (size > most_at_once) size = most_at_once;
    auto moved = c.perform(op::transfer{}, from, offset.pointer(), to, static_cast<i64*>(nullptr), size, false);
    if (!moved) return moved.error();
    if (errc e = offset.write(c); e != errc::none) return e;
    return *moved;
  }
};

struct splice {
  using needs = operation_list<op::transfer, op::fstat, op::get_status_flags>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 from, u64 from_at, i32 to, u64 to_at, u64 size, u32 flags) {
    using K = typename Env::kernel;
    using number = typename Env::model::i64;
    if (size == 0) return i64{0};
    if ((flags & ~detail::splice_flags) != 0) return errc::inval;
    auto source = detail::type_of<Env>(c, from);
    if (!source) return source.error();
    auto target = detail::type_of<Env>(c, to);
    if (!target) return target.error();
    const bool from_pipe = *source == mode_type::pipe, to_pipe = *target == mode_type::pipe;
    detail::offset_in_memory<Env, number> read_at{from_at}, write_at{to_at};
    if ((from_pipe && from_at != 0) || (to_pipe && to_at != 0)) return errc::spipe;
    if (!from_pipe && !to_pipe) return errc::inval;
    if (errc e = read_at.read(c); e != errc::none) return e;
    if (errc e = write_at.read(c); e != errc::none) return e;
    auto target_flags = c.perform(op::get_status_flags{}, to);
    if (!target_flags) return target_flags.error();
    if (!to_pipe && (*target_flags & native_number<K, open_flag::append>) != 0) return errc::inval;
    if (size > most_at_once) size = most_at_once;
    auto moved = c.perform(op::transfer{}, from, read_at.pointer(), to, write_at.pointer(), size,
                           (flags & detail::splice_nonblock) != 0);
    if (!moved) return moved.error();
    if (errc e = read_at.write(c); e != errc::none) return e;
    if (errc e = write_at.write(c); e != errc::none) return e;
    return *moved;
  }
};

struct tee {
  using needs = operation_list<op::duplicate_bytes>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 from, i32 to, u64 size, u32 flags) {
    if ((flags & ~detail::splice_flags) != 0) return errc::inval;
    if (size == 0) return i64{0};
    return reply_with<Env>(c.perform(op::duplicate_bytes{}, from, to, size, (flags & detail::splice_nonblock) != 0));
  }
};

/// Memory to a pipe, or from one: as writev and readv, for nothing is mapped here.
struct vmsplice {
  using needs = operation_list<op::read, op::write, op::fstat, op::get_status_flags>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, user_vector data, u32 flags) {
    using K = typename Env::kernel;
    if ((flags & ~detail::splice_flags) != 0) return errc::inval;
    auto type = detail::type_of<Env>(c, descriptor);
    if (!type) return type.error();
    if (*type != mode_type::pipe) return errc::badf;
    auto status = c.perform(op::get_status_flags{}, descriptor);
    if (!status) return status.error();
    constexpr u32 access = 3;
    const bool reads = (*status & access) == static_cast<u32>(native_number<K, access_mode::rdonly>);
    return reads ? reply_with<Env>(c.perform(op::read{}, descriptor, data)) : reply_with<Env>(c.perform(op::write{}, descriptor, data));
  }
};

struct copy_file_range {
  using needs = operation_list<op::transfer, op::fstat, op::get_status_flags, op::seek>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 from, u64 from_at, i32 to, u64 to_at, u64 size, u32 flags) {
    using K = typename Env::kernel;
    using number = typename Env::model::i64;
    auto source = detail::identity_of<Env>(c, from);
    if (!source) return source.error();
    auto target = detail::identity_of<Env>(c, to);
    if (!target) return target.error();
    detail::offset_in_memory<Env, number> read_at{from_at}, write_at{to_at};
    if (errc e = read_at.read(c); e != errc::none) return e;
    if (errc e = write_at.read(c); e != errc::none) return e;
    if (flags != 0) return errc::inval;
    if (source->type == mode_type::directory || target->type == mode_type::directory) return errc::isdir;
    if (source->type != mode_type::regular || target->type != mode_type::regular) return errc::inval;
    auto target_flags = c.perform(op::get_status_flags{}, to);
    if (!target_flags) return target_flags.error();
    if ((*target_flags & native_number<K, open_flag::append>) != 0) return errc::badf;
    if (size > most_at_once) size = most_at_once;
    if (source->is_same(*target)) {
      auto first = detail::beginning(c, from, read_at.pointer()), to_first = detail::beginning(c, to, write_at.pointer());
      if (!first) return first.error();
      if (!to_first) return to_first.error();
      const i64 rest = source->size > *first ? source->size - *first : 0;
      const i64 part = static_cast<i64>(size) < rest ? static_cast<i64>(size) : rest;
      if (*to_first < *first + part && *first < *to_first + part) return errc::inval;
      size = static_cast<u64>(part); // what it writes is not read again
    }
    auto moved = c.perform(op::transfer{}, from, read_at.pointer(), to, write_at.pointer(), size, false);
    if (!moved) return moved.error();
    if (errc e = read_at.write(c); e != errc::none) return e;
    if (errc e = write_at.write(c); e != errc::none) return e;
    return *moved;
  }
};

} // namespace polyabi::linux_abi::handlers
