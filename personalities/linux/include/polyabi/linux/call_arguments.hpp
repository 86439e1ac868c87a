// Argument and result tags that only Linux' calls need, beside those of core/arguments.hpp.
#pragma once

#include <polyabi/core/arguments.hpp>
#include <polyabi/linux/mode_types.hpp>
#include <polyabi/linux/structures/devices.hpp>

namespace polyabi::linux_abi {

/// A size that has to have one value, as a check of the structure's version: no value for the operation.
template <u64 Wanted>
struct must_be : arguments::takes<1> {
  using traced_as = arguments::size;
  template <class Env>
  struct decoder {
    errc decode(context<Env>&, const u64* w) {
      const u64 given = arguments::unsigned_word<Env>(w[0]);
      return given == Wanted ? errc::none : errc::inval;
    }
  };
};
/// The size of a signal mask.
struct sigset_size : must_be<8> {};

/// As `sigset_size`, but checked by nobody where the mask before it is null.
struct sigset_size_if_present : arguments::takes<1> {
  using traced_as = arguments::size;
  template <class Env>
  struct decoder {
    static constexpr u64 value(const u64* w) { return arguments::unsigned_word<Env>(w[0]); }
  };
};

/// A user or group id of i386's first calls: 16 bits, of which -1 means "leave it".
struct id16 : arguments::takes<1> {
  using traced_as = arguments::user_id;
  template <class Env>
  struct decoder {
    static constexpr u32 value(const u64* w) {
      const u16 id = static_cast<u16>(w[0]);
      return id == 0xffff ? ~u32{0} : id;
    }
  };
};

/// A device number, as mknod takes it.
struct device_number : arguments::takes<1> {
  template <class Env>
  struct decoder {
    static constexpr u64 value(const u64* w) {
      u32 major = 0, minor = 0;
      device_codec::decode(static_cast<u32>(w[0]), major, minor);
      return special_device_to_native<typename Env::kernel, device_codec>(major, minor);
    }
  };
};

/// A file offset in pages of 4096 bytes (mmap2).
struct page_offset : arguments::takes<1> {
  template <class Env>
  struct decoder {
    static constexpr i64 value(const u64* w) { return static_cast<i64>(u64{static_cast<u32>(w[0])} << 12); }
  };
};

/// A mode of mknod: without a type it is a regular file.
struct node_mode : arguments::takes<1> {
  template <class Env>
  struct decoder {
    static constexpr u32 value(const u64* w) {
      const u32 mode = static_cast<u32>(w[0]) & 0xffff;
      return (mode & mode_type::mask) == 0 ? mode | mode_type::regular : mode;
    }
  };
};

/// An exit status: the low eight bits.
struct exit_status : arguments::takes<1> {
  using traced_as = arguments::int_;
  template <class Env>
  struct decoder {
    static constexpr i32 value(const u64* w) { return static_cast<i32>(w[0] & 0xff); }
  };
};

/// A path, or a null pointer, which means the directory descriptor itself (utimensat).
struct path_if_present {
  bool present;
  std::string_view text;
};
struct nullable_path : arguments::takes<1> {
  using traced_as = arguments::path_or_null;
  template <class Env>
  struct decoder : arguments::path::decoder<Env> {
    bool present;
    errc decode(context<Env>& c, const u64* w) {
      present = w[0] != 0;
      return present ? arguments::path::decoder<Env>::decode(c, w) : errc::none;
    }
    path_if_present value() const {
      return {present, present ? std::string_view{*this->lent, this->length} : std::string_view{}};
    }
  };
};

/// No path: the call is about the descriptor before it.
struct no_path : arguments::takes<0> {
  template <class Env>
  struct decoder {
    static constexpr std::string_view value() { return {}; }
  };
};

/// The name of an extended attribute.
struct attribute_name : arguments::string<256, errc::range> {};

/// XATTR_CREATE, XATTR_REPLACE (include/uapi/linux/xattr.h), or neither.
struct attribute_flags : arguments::takes<1> {
  using traced_as = arguments::int_;
  template <class Env>
  struct decoder {
    attribute_rule value_;
    errc decode(context<Env>& c, const u64* w) {
      switch (static_cast<u32>(w[0])) {
      case 0: value_ = attribute_rule::any; return errc::none;
      case 1: value_ = attribute_rule::is_absent; return errc::none;
      case 2: value_ = attribute_rule::is_present; return errc::none;
      case 3: c.unsupported("flags", w[0]); return errc::inval; // both contradict each other
      default: return errc::inval;
      }
    }
    constexpr attribute_rule value() const { return value_; }
  };
};

/// MAX_RW_COUNT (include/linux/fs.h): one call moves no more bytes.
inline constexpr u64 most_at_once = 0x7ffff000;

namespace detail {
template <class Tag>
struct cut_to_most : arguments::takes<2> {
  using traced_as = Tag;
  template <class Env>
  struct decoder : Tag::template decoder<Env> {
    void decode(context<Env>& c, const u64* w) {
      const u64 size = arguments::unsigned_word<Env>(w[1]), pair[2] = {w[0], size < most_at_once ? size : most_at_once};
      Tag::template decoder<Env>::decode(c, pair);
    }
  };
};
} // namespace detail

/// Buffers that are cut to that before anybody looks at them (import_single_range of lib/iov_iter.c).
struct cut_buffer_in : detail::cut_to_most<arguments::buffer_in> {};
struct cut_buffer_out : detail::cut_to_most<arguments::buffer_out> {};
struct cut_bytes_out : detail::cut_to_most<arguments::bytes_out> {};

/// A buffer of readlink: its size is a signed C int and may not be 0.
struct link_buffer : arguments::takes<2> {
  using traced_as = arguments::bytes_out;
  template <class Env>
  struct decoder : arguments::bytes::decoder<Env> {
    errc decode(context<Env>& c, const u64* w) {
      if (static_cast<i32>(w[1]) <= 0) return errc::inval;
      const u64 pair[2] = {w[0], static_cast<u32>(w[1])};
      arguments::bytes::decoder<Env>::decode(c, pair);
      return errc::none;
    }
  };
};

/// A word that some commands of fcntl and prctl take as an address; the tracer looks at the memory there.
struct command_argument : arguments::ulong {
  using traced_as = arguments::address_of<char[32]>;
};
struct name_argument : arguments::ulong {
  using traced_as = arguments::address_of<char[16]>;
};

/// The descriptor sets of select.
struct fd_set {
  u64 bits[16];
};

/// What fcntl answers: a number, or for F_DUPFD a reserved descriptor.
template <class K>
struct fcntl_answer {
  i64 value = 0;
  bool duplicated = false;
  typename K::new_descriptor reserved{};
  fcntl_answer() = default;
  fcntl_answer(i64 number) : value{number} {}
  fcntl_answer(typename K::new_descriptor&& descriptor)
      : duplicated{true}, reserved{static_cast<typename K::new_descriptor&&>(descriptor)} {}
};
struct fcntl_result {
  template <class Env, class T>
  static arguments::completed complete(context<Env>& c, T& answered) {
    if (answered.duplicated) return arguments::new_fd::complete<Env>(c, answered.reserved);
    return {static_cast<u64>(answered.value)};
  }
};

} // namespace polyabi::linux_abi
