// A kernel of nothing but what signal frames need: user memory is a byte array, masks and stacks are remembered.
// Its numbers and structures are the reference kernel's.
#pragma once

#include <polyabi/linux/signal_frame.hpp>
#include <polyabi/reference/maps.hpp>
#include <polyabi/reference/structs.hpp>

#include <cstring>
#include <optional>
#include <vector>

namespace signal_test {

using namespace polyabi;

inline constexpr u64 memory_base = 0x10000;
inline constexpr u64 memory_size = 0x10000;

struct thread {
  std::vector<unsigned char> memory = std::vector<unsigned char>(memory_size);
  reference::sigset mask{};
  reference::sigstack alternate{0, 0, reference::sigstack_flags::disable};
  std::vector<reference::sigaction> actions = std::vector<reference::sigaction>(reference::signals::count + 1);
  std::optional<i32> killed_by;

  unsigned char* at(u64 address, usize size) {
    if (address < memory_base || size > memory_size || address - memory_base > memory_size - size) return nullptr;
    return memory.data() + (address - memory_base);
  }
};

template <class T = void>
using result = basic_result<T, reference::error>;

struct signals {
  static result<> perform(op::return_from_handler, thread& t, const reference::sigset& mask) {
    t.mask = mask;
    return {};
  }
  static result<> perform(op::set_mask, thread& t, i32 how, const reference::sigset* set, reference::sigset* old) {
    if (old != nullptr) *old = t.mask;
    for (usize i = 0; i < 2 && set != nullptr; ++i)
      if (how == reference::sigmask_hows::unblock) t.mask.bits[i] &= ~set->bits[i];
    return {};
  }
  static result<> perform(op::set_action, thread& t, i32 signo, const reference::sigaction* action, reference::sigaction* old) {
    auto& own = t.actions[static_cast<usize>(signo)];
    if (old != nullptr) *old = own;
    if (action != nullptr) own = *action;
    return {};
  }
  static result<> perform(op::alternate_stack, thread& t, const reference::sigstack* stack, reference::sigstack* old) {
    if (old != nullptr) *old = t.alternate;
    if (stack != nullptr) t.alternate = *stack;
    return {};
  }
  static result<> perform(op::kill_thread, thread& t, i32, i32, i32 signo) {
    t.killed_by = signo;
    return {};
  }
  static result<i32> perform(op::getpid, thread&) { return 1; }
  static result<i32> perform(op::gettid, thread&) { return 1; }
  using provides = operation_list<op::return_from_handler, op::set_mask, op::set_action, op::alternate_stack, op::kill_thread,
                                  op::getpid, op::gettid>;
};

struct kernel : kernel_of<signals> {
  using thread = signal_test::thread;
  using error = reference::error;
  using new_descriptor = int;
  using new_descriptor_pair = int;
  using new_child = int;
  template <class Name>
  using map = typename reference::detail::map_for<Name>::type;
  template <class Shape>
  using native = typename reference::detail::native_for<Shape>::type;
  static constexpr i32 current_directory = -100;

  static bool copy_in(thread& t, void* to, u64 from, usize size) {
    const unsigned char* p = t.at(from, size);
    if (p != nullptr) std::memcpy(to, p, size);
    return p != nullptr;
  }
  static bool copy_out(thread& t, u64 to, const void* from, usize size) {
    unsigned char* p = t.at(to, size);
    if (p != nullptr) std::memcpy(p, from, size);
    return p != nullptr;
  }
  static void unsupported(thread&, const unsupported_report&) {}
};

struct personality {
  static constexpr std::string_view name = "linux";
};
struct x86_64 {
  using model = lp64;
};
struct i386 {
  using model = ilp32_i386;
};
template <class A>
using env = environment<personality, A, kernel>;

} // namespace signal_test
