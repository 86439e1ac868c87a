// Shorthand for tests that make calls as a guest.
#pragma once

#include "catch.hpp"

#include <polyabi/reference/kernel.hpp>
#include <polyabi/reference/signals.hpp>
#include <polyabi/simulated/machine.hpp>

namespace polyabi::tests {

using reference::error;
using simulated::guest;

/// An operation as a system call of the guest. Arguments are taken by reference: results can be written to them.
template <class Operation, class... Arguments>
auto perform(guest& g, Operation operation, Arguments&&... arguments) {
  return g.call([&](reference::thread& t) { return polyabi::perform<reference::kernel>(operation, t, arguments...); });
}

/// Forks a child that runs `program` and then exits with 0; answers its id.
inline i32 fork(guest& parent, std::function<void(guest&)> program, bool share_memory = false) {
  parent.child_program = std::move(program);
  i32 id = 0;
  parent.system_call([&](reference::thread& t) {
    auto child = polyabi::perform<reference::kernel>(op::fork{}, t, share_memory);
    if (child) id = detail::derived_entry::commit(*child);
  });
  return id;
}

/// A thread of the guest's process that runs `program`; answers its id.
inline i32 start_thread(guest& g, std::function<void(guest&)> program) {
  g.child_program = [program = std::move(program)](guest& self) {
    program(self);
    (void)perform(self, op::exit_thread{}, 0);
  };
  i32 id = 0;
  g.system_call([&](reference::thread& t) {
    auto made = polyabi::perform<reference::kernel>(op::create_thread{}, t);
    if (made) id = detail::derived_entry::commit(*made);
  });
  return id;
}

struct waited {
  error failure = error::none;
  i32 id = 0, status = 0;
};
inline waited wait_for(guest& g, i32 id = 0, u32 flags = 0) {
  const reference::wait_request request{id == 0 ? reference::wait_targets::all : reference::wait_targets::pid, id, flags};
  reference::wait_report report{};
  const auto answer = perform(g, op::wait{}, request, report);
  if (!answer) return {answer.error()};
  return {error::none, *answer, report.status};
}

inline reference::sigaction handler_at(u64 address, u32 flags = 0) {
  return {address, 0, flags, {}};
}

inline error set_handler(guest& g, i32 signo, u64 address, u32 flags = 0) {
  const auto action = handler_at(address, flags);
  const reference::sigaction* given = &action;
  reference::sigaction* old = nullptr;
  return perform(g, op::set_action{}, signo, given, old).error();
}

inline error send(guest& from, i32 pid, i32 signo) {
  return perform(from, op::kill{}, pid, signo).error();
}

inline error change_mask(guest& g, i32 how, std::initializer_list<i32> signos) {
  reference::sigset set{};
  for (const i32 signo : signos) set.add(signo);
  const reference::sigset* given = &set;
  reference::sigset* old = nullptr;
  return perform(g, op::set_mask{}, how, given, old).error();
}

inline void sleep_for(guest& g, i64 milliseconds) {
  const reference::timespec request{milliseconds / 1000, milliseconds % 1000 * 1'000'000};
  reference::timespec* none = nullptr;
  (void)perform(g, op::sleep{}, reference::clocks::monotonic, false, request, none);
}

} // namespace polyabi::tests
