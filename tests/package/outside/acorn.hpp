// A personality that nobody in polyabi knows: 32-bit, big numbers of its own, arguments on the stack, errors by the carry flag.
#pragma once

#include <polyabi/core/instantiate.hpp>

namespace acorn {

using namespace polyabi;
using namespace polyabi::arguments;

struct errors : number_map<errc> {
  static constexpr auto rows = std::to_array<row>(
      {{errc::perm, 101}, {errc::noent, 102}, {errc::badf, 103}, {errc::inval, 104}, {errc::fault, 105}, {errc::nosys, 106},
       {errc::io, 107}, {errc::again, 108}, {errc::nomem, 109}});
};
static_assert(checked<errors>);

struct signals : number_map<signal> {
  static constexpr bool others_are_absent = true;
  static constexpr auto rows = std::to_array<row>({{signal::kill, 1}, {signal::term, 2}, {signal::usr1, 3}});
};

struct open_flags : flag_map<open_flag> {
  static constexpr auto rows = std::to_array<flag_row>({choice(access_mode::rdonly, 3, 0), choice(access_mode::wronly, 3, 1),
                                                        choice(access_mode::rdwr, 3, 2), bit(open_flag::creat, 0x80)});
};
static_assert(checked<open_flags>);

template <class M>
struct file_entry {
  typename M::u32 size;
  typename M::u32 mode;
  typename M::u32 nlink;
  using shape = shape::stat;
  POLYABI_FIELDS(file_entry, size, mode, nlink)
};
static_assert(layout<file_entry<ilp32_i386>, 12>);

struct personality {
  static constexpr std::string_view name = "acorn";
  static constexpr std::string_view emulation_root = "";
  static constexpr i32 current_directory = -1;
  using errors = acorn::errors;
  using signals = acorn::signals;
  using syscalls =
      syscall_table<call<0x10, "OS_Find", new_fd(here, path, flags<open_flags>, file_mode), op::open>,
                    call<0x11, "OS_Shut", status(fd), op::close>, call<0x12, "OS_Get", count(fd, buffer_out), op::read>,
                    call<0x13, "OS_Put", count(fd, buffer_in), op::write>,
                    call<0x14, "OS_Info", status(fd, out<file_entry>), op::fstat>, call<0x15, "OS_Who", count(), op::getpid>,
                    call<0x16, "OS_Tell", status(pid, signal_number), op::kill>>;
};

struct machine {
  using model = ilp32_i386;
  static constexpr usize column = 0;
  static constexpr architecture arch = architecture::i386;
  static constexpr std::string_view platform = "acorn";
  static constexpr brand_rules brand{};
  static constexpr trap_convention convention{.number = &registers::rax,
                                              .stack_arguments = true,
                                              .result = &registers::rax,
                                              .second = &registers::rdx,
                                              .errors = error_style::carry};
};

} // namespace acorn
