// A made-up ABI, "tiny": ten calls, its own error numbers, one structure. All that an author writes is in this file.
#pragma once

#include <polyabi/core/instantiate.hpp>

namespace tiny {

using namespace polyabi;
using namespace polyabi::arguments;

// Error numbers: one row states both directions. Names without a row become the nearest one that has: EXDEV becomes EINVAL. Where
// tiny knows better than that, `nearest` says so.
struct errors : number_map<errc> {
  static constexpr auto rows = std::to_array<row>({
      {errc::perm, 1}, {errc::noent, 2}, {errc::badf, 3}, {errc::inval, 4}, {errc::again, 5}, {errc::nosys, 6}, {errc::fault, 7},
      {errc::io, 8}, {errc::nomem, 9}, {errc::range, 10}, nearest(errc::exist, 1),
  });
};
static_assert(checked<errors>);

struct signals : number_map<signal> {
  static constexpr bool others_are_absent = true; // tiny programs cannot handle them, and die of them
  static constexpr auto rows = std::to_array<row>({{signal::kill, 1}, {signal::term, 2}});
};

// Flags: every bit is in one class. Bit 16 asks for speed, which nobody can notice.
struct open_flags : flag_map<open_flag> {
  static constexpr auto rows = std::to_array<flag_row>({
      choice(access_mode::rdonly, 3, 1), choice(access_mode::wronly, 3, 2), choice(access_mode::rdwr, 3, 3),
      bit(open_flag::creat, 4), bit(open_flag::trunc, 8), hint(16),
  });
};
static_assert(checked<open_flags>);

// The structure: big-endian, so that translating it is real work.
template <class M>
struct info {
  be<u32> size;
  be<u32> mode;
  be<u64> ino;
  using shape = shape::stat;
  POLYABI_FIELDS(info, size, mode, ino)
};
static_assert(layout<info<lp64>, 16> && at_offset<info<lp64>, "ino", 8>);

// A call whose meaning differs from every operation gets a function: tiny's `double` answers twice its argument.
struct doubled {
  using needs = operation_list<>;
  template <class Env>
  static reply<Env, i64> call(context<Env>&, i64 value) {
    if (value > 1'000'000) return errc::range;
    return 2 * value;
  }
};

struct personality {
  static constexpr std::string_view name = "tiny";
  static constexpr std::string_view emulation_root = "/compat/tiny";
  static constexpr i32 current_directory = -1;
  using errors = tiny::errors;
  using signals = tiny::signals;
  using syscalls = syscall_table<
      call<1, "leave", status(int_), op::exit>,
      call<2, "get", count(fd, buffer_out), op::read>,
      call<3, "put", count(fd, buffer_in), op::write>,
      call<4, "find", new_fd(here, path, flags<open_flags>, file_mode), op::open>,
      call<5, "drop", status(fd), op::close>,
      call<6, "look", status(fd, out<info>), op::fstat>,
      call<7, "who", count(), op::getpid>,
      call<8, "double", count(slong), doubled>,
      call<9, "halt", status(), refused<errc::perm, "only the operator halts a tiny system">>,
      call<10, "paint", status(int_)>>;
};

struct machine {
  using model = lp64;
  static constexpr usize column = 0;
  static constexpr architecture arch = architecture::x86_64;
  static constexpr std::string_view platform = "tiny";
  static constexpr brand_rules brand{};
  static constexpr trap_convention convention{
      .number = &registers::rax, .arguments = {&registers::rdi, &registers::rsi, &registers::rdx, &registers::rcx},
      .result = &registers::rax, .second = &registers::rdx, .errors = error_style::carry};
};

} // namespace tiny
