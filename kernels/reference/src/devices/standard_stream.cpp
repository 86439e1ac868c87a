// Where the first program's standard streams come from.
#include <polyabi/reference/devices.hpp>
#include <polyabi/reference/interrupt.hpp>
#include <polyabi/reference/terminal.hpp>

namespace polyabi::reference {

ref<file> standard_stream(u32 which, const boot_options& options) {
  const i32 descriptor = machine::host::standard(which);
  if (descriptor < 0) return nullptr;
  if (!options.console_is_terminal || !machine::host::is_terminal(descriptor)) return host_stream(descriptor);
  terminal* t = console();
  const ref<vnode> root = device_root();
  if (t == nullptr || !root) return nullptr;
  auto node = root->lookup("console");
  if (!node) return nullptr;
  auto opened = open_terminal(ref<terminal>{t}, std::move(*node), open_flags::rdwr);
  return opened ? std::move(*opened) : nullptr;
}

} // namespace polyabi::reference
