// A whole personality, tested without its system: a process of it on the reference kernel and the simulated machine. Calls are
// made by name; number, arguments and answer go where the personality's trap convention has them, and enter the kernel as a
// trap would.
//
//   testing::program_of<tiny::personality, tiny::machine> program;
//   const auto opened = program.call<"find">(program.text("/dev/zero"), 1);
//   if (opened.failed) std::printf("tiny's error %d\n", opened.error);
//
// The tree is empty but for /dev and /proc, in memory; `simulated::configure({"/a/directory"})` before the first program makes
// a host directory its root.
#pragma once

#include <polyabi/core/instantiate.hpp>
#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/interrupt.hpp>
#include <polyabi/reference/mount.hpp>
#include <polyabi/simulated/machine.hpp>

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

namespace polyabi::testing {

/// What a call has left in the registers.
struct call_outcome {
  bool failed = false;
  i32 error = 0; ///< the personality's number
  u64 value = 0, second = 0;
  bool operator==(const call_outcome&) const = default;
};

namespace detail {

/// The tree of all programs: there while any of them is.
class shared_tree {
public:
  shared_tree() {
    const reference::kernel_lock::locked lock;
    if (users++ == 0 && !reference::mount_all({})) throw std::runtime_error{"the tree cannot be mounted"};
  }
  ~shared_tree() {
    const reference::kernel_lock::locked lock;
    if (--users == 0) reference::mounts::clear();
  }
  shared_tree(const shared_tree&) = delete;
  shared_tree& operator=(const shared_tree&) = delete;

private:
  static inline usize users = 0;
};

/// The number of a call by its name, `absent` without one.
template <class Table, usize Column>
consteval i32 number_by_name(std::string_view name) {
  for (usize i = 0; i < Table::size; ++i)
    if (Table::names[i] == name && Table::template numbers<Column>[i] != absent) return Table::template numbers<Column>[i];
  return absent;
}

} // namespace detail

template <class Personality, class Architecture>
class program_of {
public:
  using environment_type = environment<Personality, Architecture, reference::kernel>;
  using model = typename Architecture::model;
  static constexpr auto& convention = Architecture::convention;

  program_of() {
    reference::process& self = process_->process();
    {
      const reference::kernel_lock::locked lock;
      self.personality = &abi_of<environment_type>;
      self.paths->root = self.paths->current = {{}, reference::mounts::root()};
      self.paths->umask = 022;
      if (!Personality::emulation_root.empty()) reference::namei::enter_emulation(*self.paths, Personality::emulation_root);
      self.memory = reference::address_space::make(model::word_size == 4);
    }
    constexpr usize stack_size = 64 * 1024;
    process_->user_registers().rsp = process_->allocate(stack_size) + stack_size - 256;
  }
  ~program_of() {
    const reference::kernel_lock::locked lock;
    reference::process& self = process_->process();
    *self.paths = {};
    if (self.descriptors) self.descriptors->close_all();
  }

  /// Makes a call of the table, by name. Arguments are words, as the convention takes them: a 64-bit number is two on a 32-bit
  /// architecture, low word first.
  template <fixed_string Name, class... Words>
  call_outcome call(Words... words) {
    constexpr i32 number = detail::number_by_name<typename Personality::syscalls, Architecture::column>(Name.view());
    static_assert(number != absent, "the personality has no call of this name on this architecture");
    return call_number(static_cast<u32>(number), words...);
  }
  /// The same by number, also of calls that the table does not have.
  template <class... Words>
  call_outcome call_number(u32 number, Words... words) {
    static_assert(sizeof...(words) <= argument_limit, "the convention passes fewer arguments");
    registers& r = process_->user_registers();
    r.*convention.number = number;
    const std::array<u64, sizeof...(words)> all{static_cast<u64>(words)...};
    for (usize i = 0; i < all.size(); ++i) put_argument(r, i, all[i]);
    process_->system_call(through);
    return outcome_of(r);
  }

  /// The instruction that programs enter the kernel with.
  gate through = !Architecture::brand.gates.empty() ? Architecture::brand.gates[0]
                 : model::word_size == 8            ? gate::syscall64
                                                    : gate::int80;

  /// The process beneath: registers, faults, signals.
  simulated::guest& guest() { return *process_; }

  // --- its memory
  u64 text(std::string_view s) { return process_->put_text(s); }
  template <class T>
  u64 put(const T& value) {
    return process_->put(value);
  }
  template <class T>
  T get(u64 address) {
    return process_->template get<T>(address);
  }
  u64 room(usize size) { return process_->allocate(size); }
  std::string get_text(u64 address, usize size) { return process_->get_text(address, size); }

private:
  static constexpr usize argument_limit =
      convention.stack_arguments
          ? 16
          : static_cast<usize>(std::ranges::count_if(convention.arguments, [](auto place) { return place != nullptr; }));

  void put_argument(registers& r, usize index, u64 value) {
    if constexpr (convention.stack_arguments) // above the return address
      process_->write(r.rsp + (index + 1) * model::word_size, &value, model::word_size);
    else
      r.*convention.arguments[index] = value;
  }

  static call_outcome outcome_of(const registers& r) {
    u64 value = r.*convention.result;
    if constexpr (model::word_size == 4) value = static_cast<u32>(value);
    if constexpr (convention.errors == error_style::carry) {
      if ((r.rflags & carry_flag) != 0) return {true, static_cast<i32>(value), 0, 0};
      return {false, 0, value, r.*convention.second};
    } else {
      const i64 number = model::word_size == 4 ? static_cast<i32>(static_cast<u32>(value)) : static_cast<i64>(value);
      constexpr i64 largest_error = 4095;
      if (number < 0 && number >= -largest_error) return {true, static_cast<i32>(-number), 0, 0};
      return {false, 0, value, 0};
    }
  }

  detail::shared_tree tree_;
  simulated::fresh_process process_;
};

} // namespace polyabi::testing
