// Resources that a call makes (descriptors, children) are reserved by the operation and installed by the derived entry, after
// everything that can fail has been done. Nobody else can install: it takes a right that only the derived entries have.
#pragma once

namespace polyabi {

namespace detail {
struct derived_entry;
}

/// The right to install a reserved resource: a parameter of every `commit`.
class commit_right {
  explicit constexpr commit_right() = default;
  friend struct detail::derived_entry;
};

namespace detail {
/// Where rights come from: the result tags of arguments.hpp.
struct derived_entry {
  template <class Reservation>
  static constexpr auto commit(Reservation& reservation) {
    static_assert(requires { reservation.commit(commit_right{}); },
                  "new_fd, child and their kin need a reservation with commit(commit_right): an operation must not install itself");
    return reservation.commit(commit_right{});
  }
};
} // namespace detail

} // namespace polyabi
