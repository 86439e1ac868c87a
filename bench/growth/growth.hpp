// Things that grow, and a call that has nothing to do with how large they are.
#pragma once

#include <span>
#include <string_view>

namespace bench {

struct growing {
  std::string_view name;
  std::span<const int> sizes;
  void (*run)(int size, int turns);
};

/// Tables, over the smallest kernel (tables.cpp).
std::span<const growing> growing_tables();
/// What a running system has, over the reference kernel (system.cpp).
std::span<const growing> growing_system();

} // namespace bench
