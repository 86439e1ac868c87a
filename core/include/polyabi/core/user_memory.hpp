// User memory as types: addresses that cannot be dereferenced, only read and written through a kernel's copy functions.
#pragma once

#include <polyabi/core/types.hpp>

#include <type_traits>

namespace polyabi {

/// A user address of `T`. `user_ptr<const T>` can be read, `user_ptr<T>` also written; there is no operator*.
/// `T` must be trivially copyable: it is the foreign layout, byte for byte.
template <class T>
struct user_ptr {
  u64 address = 0;

  constexpr explicit operator bool() const { return address != 0; }
  constexpr user_ptr at(usize index) const { return {address + index * sizeof(T)}; }
  constexpr operator user_ptr<const T>() const
    requires(!std::is_const_v<T>)
  {
    return {address};
  }
};

/// A run of user bytes that a call reads or writes. Unchecked until it is copied.
struct user_bytes {
  u64 address = 0;
  u64 size = 0;
};

/// Several runs, already copied in and bounded (iovec). The array lives in kernel memory.
struct user_vector {
  const user_bytes* parts = nullptr;
  usize count = 0;
};

/// A null-terminated user array of user pointers to strings (argv, envp); each pointer is `pointer_size` bytes.
struct user_strings {
  u64 address = 0;
  u8 pointer_size = 8;
};

} // namespace polyabi
