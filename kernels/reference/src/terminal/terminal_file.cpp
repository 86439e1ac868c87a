// Open files of the program's side of a terminal.
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/terminal.hpp>

namespace polyabi::reference {

namespace {

struct terminal_file final : file {
  ref<terminal> device;

  ~terminal_file() override {
    if (--device->open_files == 0) device->last_close();
  }
  void release() override { heap::destroy(this); }

  bool nonblocking() const { return (flags & open_flags::nonblock) != 0; }
  result<i64> read(user_vector into, const i64* offset) override {
    if (offset != nullptr) return error::spipe;
    return device->read(into, nonblocking());
  }
  result<i64> write(user_vector from, const i64* offset) override {
    if (offset != nullptr) return error::spipe;
    return device->write(from, nonblocking());
  }
  u16 poll(u16 events, waiter* place) override { return device->poll(events, place); }
  result<i32> bytes_readable() override { return static_cast<i32>(device->line.bytes_readable()); }
  terminal* as_terminal() override { return device.get(); }
  usize describe(char* to, usize limit) override { return device->describe(to, limit); }
};

} // namespace

result<ref<file>> open_terminal(ref<terminal> device, ref<vnode> node, u32 flags) {
  auto* opened = heap::create<terminal_file>();
  if (opened == nullptr) return error::nomem;
  ++device->open_files;
  opened->device = std::move(device);
  opened->node = std::move(node);
  opened->flags = flags;
  return ref<file>{opened};
}

} // namespace polyabi::reference
