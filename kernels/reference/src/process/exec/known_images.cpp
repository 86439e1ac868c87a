#include "known_images.hpp"

#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/machine.hpp>

namespace polyabi::reference::exec {

namespace {

struct known {
  file_state state;
  image_role role = image_role::library;
  ref<image_description> description;
};

constexpr u32 known_count = 16;
constinit known images[known_count]{};
constinit u32 next_to_go = 0;

/// File systems keep times in ticks of up to two seconds (FAT).
bool has_settled(const file_state& state) {
  constexpr i64 longest_tick = 2, nanoseconds = 1'000'000'000;
  return static_cast<i64>(machine::real_time() / nanoseconds) - state.changed.seconds > longest_tick;
}

} // namespace

void image_description::release() {
  heap::destroy(this);
}

ref<image_description> known_image(const file_state& state, image_role role) {
  for (const known& each : images)
    if (each.description && each.role == role && each.state == state) return each.description;
  return {};
}

void remember_image(const file_state& state, image_role role, const ref<image_description>& description) {
  if (role == image_role::library || !has_settled(state)) return;
  known& place = images[next_to_go++ % known_count];
  place = {state, role, description};
}

void forget_images() {
  for (known& each : images) each = {};
}

} // namespace polyabi::reference::exec
