// The system-call table of Solaris and illumos on amd64, from the rows of i386's: the numbers are the same (sys/syscall.h), and so are
// the calls but for what 64-bit programs need no second form of. Where illumos has given an old number to a new call, 64-bit programs
// have that one.
#pragma once

#include <polyabi/svr4/syscalls.hpp>

namespace polyabi::svr4 {

// clang-format off
namespace table {

/// The numbers at which 64-bit programs have the very same call.
inline constexpr i32 same_in_64_bits[] = {
    1, 3, 4, 5, 6, 8, 9, 10, 12, 13, 15, 16, 17, 19, 20, 23, 24, 27, 29, 33, 34, 36, 37, 39, 41, 42, 43, 46, 47, 55, 58, 59, 60, 61,
    62, 63, 75, 77, 79, 80, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 100, 103, 104, 105, 107, 108, 113, 114, 115, 116, 117, 118, 119,
    120, 121, 122, 130, 131, 134, 135, 136, 137, 139, 141, 143, 144, 145, 146, 147, 148, 149, 150, 154, 156, 157, 158, 159, 160, 161,
    162, 163, 164, 165, 166, 167, 168, 169, 170, 171, 172, 173, 174, 181, 183, 190, 191, 192, 193, 199, 202, 203, 206, 210, 211, 212,
    229, 250, 251, 252};

consteval bool is_same_in_64_bits(i32 number) {
  for (const i32 n : same_in_64_bits)
    if (n == number) return true;
  return false;
}

template <class Row>
struct in_64_bits;
template <at Numbers, fixed_string Name, class Signature, class Target>
struct in_64_bits<call<Numbers, Name, Signature, Target>> {
  using type = call<at{is_same_in_64_bits(Numbers.column[0]) ? Numbers.column[0] : absent}, Name, Signature, Target>;
};
template <class Rows>
struct rows_in_64_bits;
template <class... Rows>
struct rows_in_64_bits<row_list<Rows...>> {
  using type = syscall_table<typename in_64_bits<Rows>::type...>;
};

using calls_of_64_bits = syscall_table<
    call<at{7}, "linkat", status(directory, path, directory, path, flags<at_flags>), op::link>,
    call<at{11}, "symlinkat", status(path, directory, path), op::symlink>,
    call<at{18}, "stat", status(here, path, given<at_flag::none>, out<stat>), op::stat>,
    call<at{22}, "readlinkat", count(directory, path, bytes_out), op::readlink>,
    call<at{28}, "fstat", status(fd, out<stat>), op::fstat>,
    call<at{45}, "faccessat", status(directory, path, flags<access_checks>, flags<at_flags>), op::access>,
    call<at{54}, "ioctl", count(fd, ioctl_request, address), ioctl_of<requests::ioctls_of_64_bits>>,
    call<at{56}, "fchownat", status(directory, path, user_id, group_id, flags<at_flags>), op::chown>,
    call<at{64}, "renameat", status(directory, path, directory, path), op::rename>,
    call<at{65}, "unlinkat", status(directory, path, flags<at_flags>), op::unlink>,
    call<at{66}, "fstatat", status(directory, path, pointer<stat>, flags<at_flags>), handlers::stat_at<stat>>,
    call<at{68}, "openat", new_fd(directory, path, flags<open_flags>, file_mode), op::open>,
    call<at{81}, "getdents", count(fd, records_out), handlers::getdents64>,
    call<at{88}, "lstat", status(here, path, given<at_flag::symlink_nofollow>, out<stat>), op::stat>,
    call<at{101}, "fchmodat", status(directory, path, file_mode, flags<at_flags>), op::chmod>,
    call<at{102}, "mkdirat", status(directory, path, file_mode), op::mkdir>,
    call<at{128}, "setrlimit", status(one_of<resources>, in<rlimit64>), op::set_limit>,
    call<at{129}, "getrlimit", status(one_of<resources>, out<rlimit64>), op::get_limit>,
    call<at{142}, "forksys", count(int_, uint_), families::forksys>>;

struct amd64_syscalls : named<amd64_syscalls, concatenate<rows_in_64_bits<syscalls::rows>::type, calls_of_64_bits>> {};

} // namespace table
// clang-format on

} // namespace polyabi::svr4
