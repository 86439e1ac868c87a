// null(4), zero(4), full(4), random(4).
#include <devices/character_devices.hpp>

#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/signals.hpp>
#include <polyabi/reference/text_writer.hpp>
#include <polyabi/reference/user_transfer.hpp>

namespace polyabi::reference {

namespace {

/// Fills what the user gave, piece by piece; between two pieces a signal may end it.
template <class Piece>
result<i64> fill(user_writer& to, usize piece_size, Piece piece) {
  while (to.remaining() != 0) {
    const usize size = to.remaining() < piece_size ? static_cast<usize>(to.remaining()) : piece_size;
    if (!piece(to, size)) {
      if (to.transferred() == 0) return error::fault;
      break;
    }
    if (signals::must_act(current_thread())) break;
  }
  return static_cast<i64>(to.transferred());
}

bool random_piece(user_writer& to, usize size) {
  char chunk[1024];
  machine::random(chunk, size);
  return to.write(chunk, size);
}

bool zero_piece(user_writer& to, usize size) {
  return to.fill(0, size);
}

struct memory_device_file final : file {
  memory_device kind = memory_device::null;
  std::string_view name; ///< of the device file, in static memory

  void release() override { heap::destroy(this); }

  result<i64> read(user_vector into, const i64*) override {
    user_writer to{into};
    switch (kind) {
    case memory_device::null: return 0;
    case memory_device::random: return fill(to, 1024, random_piece);
    default: return fill(to, 64 * 1024, zero_piece);
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
  /// The numbers may be waited for where there are not enough of them, the others never.
  bool has_readiness() const override { return kind == memory_device::random; }
  usize describe(char* to, usize limit) override { return text_writer{to, limit}.add("/dev/").add(name).size(); }
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
