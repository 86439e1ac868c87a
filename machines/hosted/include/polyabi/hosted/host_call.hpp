// A system call of the host, without the C library: nothing of it is touched, not even errno.
#pragma once

#include <polyabi/core/types.hpp>

namespace polyabi::hosted {

/// What the host answers: a negative error number if it is between -4095 and -1.
inline i64 host_call(i64 number, u64 a = 0, u64 b = 0, u64 c = 0, u64 d = 0, u64 e = 0, u64 f = 0) {
  register u64 r10 asm("r10") = d;
  register u64 r8 asm("r8") = e;
  register u64 r9 asm("r9") = f;
  i64 result;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  return result;
}

inline u64 word(const void* pointer) {
  return reinterpret_cast<u64>(pointer);
}
inline u64 word(i32 number) {
  return static_cast<u64>(static_cast<i64>(number));
}

} // namespace polyabi::hosted
