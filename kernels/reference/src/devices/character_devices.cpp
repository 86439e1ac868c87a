// null(4), zero(4), full(4), random(4).
#include <devices/character_devices.hpp>

#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/user_transfer.hpp>

namespace polyabi::reference {

namespace {

result<i64> fill_randomly(user_writer& to) {
  char chunk[256];
  while (to.remaining() != 0) {
    const usize size = to.remaining() < sizeof chunk ? static_cast<usize>(to.remaining()) : sizeof chunk;
    machine::random(chunk, size);
    if (!to.write(chunk, size)) {
      if (to.transferred() == 0) return error::fault;
      break;
    }
  }
  return static_cast<i64>(to.transferred());
}

result<i64> fill_with_zeroes(user_writer& to) {
  if (!to.fill(0, to.remaining()) && to.transferred() == 0) return error::fault;
  return static_cast<i64>(to.transferred());
}

struct memory_device_file final : file {
  memory_device kind = memory_device::null;
  std::string_view name; ///< of the device file, in static memory

  void release() override { heap::destroy(this); }

  result<i64> read(user_vector into, const i64*) override {
    user_writer to{into};
    switch (kind) {
    case memory_device::null: return 0;
    case memory_device::random: return fill_randomly(to);
    default: return fill_with_zeroes(to);
    }
  }
  result<i64> write(user_vector from, const i64*) override {
    const u64 size = user_cursor{from}.remaining();
    if (kind == memory_device::full && size != 0) return error::nospc;
    return static_cast<i64>(size);
  }
  /// The position has no meaning and stays where it is.
  result<i64> seek(i64, i32) override { return 0; }
  result<machine::mapping_source> map(u64, u64, u32, bool shared) override {
    if (kind != memory_device::zero) return error::nodev;
    machine::mapping_source source;
    source.shared = shared;
    return source;
  }
  usize describe(char* to, usize limit) override {
    constexpr std::string_view folder = "/dev/";
    const usize size = folder.copy(to, limit);
    return size + name.copy(to + size, limit - size);
  }
};

} // namespace

result<ref<file>> open_memory_device(memory_device kind, ref<vnode> node, std::string_view name, u32 flags) {
  auto* opened = heap::create<memory_device_file>();
  if (opened == nullptr) return error::nomem;
  opened->kind = kind;
  opened->name = name;
  opened->node = std::move(node);
  opened->flags = flags;
  return ref<file>{opened};
}

} // namespace polyabi::reference
