// Shorthand for tests that read and write through descriptors as a guest.
#pragma once

#include "guests.hpp"

#include <polyabi/reference/devices.hpp>

#include <ostream>

namespace polyabi::tests {

struct transfer {
  error failure = error::none;
  std::string text = {};
  bool operator==(const transfer&) const = default;
};
inline std::ostream& operator<<(std::ostream& to, const transfer& t) {
  return to << '"' << t.text << "\" error " << static_cast<int>(t.failure);
}

inline transfer read(guest& g, i32 descriptor, usize size = 4096) {
  const user_bytes part{g.allocate(size), size};
  const auto answer = perform(g, op::read{}, descriptor, user_vector{&part, 1});
  if (!answer) return {answer.error()};
  return {error::none, g.get_text(part.address, static_cast<usize>(*answer))};
}

struct written {
  error failure = error::none;
  i64 size = 0;
  bool operator==(const written&) const = default;
};
inline std::ostream& operator<<(std::ostream& to, const written& w) {
  return to << w.size << " error " << static_cast<int>(w.failure);
}

inline written write(guest& g, i32 descriptor, std::string_view text) {
  const user_bytes part{g.put_text(text), text.size()};
  const auto answer = perform(g, op::write{}, descriptor, user_vector{&part, 1});
  if (!answer) return {answer.error()};
  return {error::none, *answer};
}

inline error close(guest& g, i32 descriptor) {
  return perform(g, op::close{}, descriptor).error();
}

struct pipe_descriptors {
  i32 reader = -1, writer = -1;
};
inline pipe_descriptors make_pipe(guest& g, u32 flags = 0) {
  return g.call([&](reference::thread& t) {
    auto made = polyabi::perform<reference::kernel>(op::pipe{}, t, flags);
    if (!made) return pipe_descriptors{};
    const pipe_descriptors numbers{made->first.number(), made->second.number()};
    polyabi::detail::derived_entry::commit(*made);
    return numbers;
  });
}

/// Runs an operation that answers a new descriptor, and commits it.
template <class Operation, class... Arguments>
reference::result<i32> install(guest& g, Operation operation, Arguments&&... arguments) {
  return g.call([&](reference::thread& t) -> reference::result<i32> {
    auto made = polyabi::perform<reference::kernel>(operation, t, arguments...);
    if (!made) return made.error();
    return polyabi::detail::derived_entry::commit(*made);
  });
}

/// Gives an open file the lowest free number.
inline reference::result<i32> install_file(reference::thread& t, reference::result<reference::ref<reference::file>> opened) {
  const reference::kernel_lock::ensured lock;
  if (!opened) return opened.error();
  const auto number = t.owner->descriptors->reserve(0, reference::open_max);
  if (number) t.owner->descriptors->install(*number, std::move(*opened), 0);
  return number;
}

/// Opens a file of the device file system, or one below its directory pts.
inline reference::result<i32> open_device(guest& g, std::string_view name, u32 flags = reference::open_flags::rdwr) {
  return g.call([&](reference::thread& t) -> reference::result<i32> {
    auto node = reference::device_root()->lookup(name.substr(0, name.find('/')));
    if (node && name.find('/') != name.npos) node = (*node)->lookup(name.substr(name.find('/') + 1));
    if (!node) return node.error();
    return install_file(t, (*node)->open(flags));
  });
}

/// Waits, at most two seconds, until something is so that another guest does.
template <class Condition>
bool eventually(Condition condition) {
  for (int i = 0; i < 400; ++i) {
    {
      const reference::kernel_lock::locked guard;
      if (condition()) return true;
    }
    const struct ::timespec nap { 0, 5'000'000 };
    ::nanosleep(&nap, nullptr);
  }
  return false;
}

} // namespace polyabi::tests
