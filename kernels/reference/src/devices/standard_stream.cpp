// Where the first program's open files come from.
#include <files/host_vnode.hpp>

#include <polyabi/reference/devices.hpp>
#include <polyabi/reference/interrupt.hpp>
#include <polyabi/reference/terminal.hpp>

namespace polyabi::reference {

namespace {

/// The host's null device: the kernel's own has a name that programs can look up.
bool is_host_null(i32 descriptor) {
  stat known{};
  if (machine::host::attributes_of(descriptor, known) < 0) return false;
  return (known.mode & file_modes::type_mask) == file_modes::chr && known.rdev == device_numbers::null;
}

ref<file> open_device(std::string_view name, u32 access) {
  const ref<vnode> root = device_root();
  if (!root) return nullptr;
  auto node = root->lookup(name);
  if (!node) return nullptr;
  auto opened = (*node)->open(access | open_flags::largefile);
  return opened ? std::move(*opened) : nullptr;
}

} // namespace

ref<file> inherited_stream(i32 descriptor, bool owned, const boot_options& options) {
  if (is_host_null(descriptor)) return open_device("null", access_by_transfers(descriptor));
  if (!options.console_is_terminal || !machine::host::is_terminal(descriptor)) return host_stream(descriptor, owned);
  terminal* t = console();
  const ref<vnode> root = device_root();
  if (t == nullptr || !root) return nullptr;
  auto node = root->lookup("console");
  if (!node) return nullptr;
  auto opened = open_terminal(ref<terminal>{t}, std::move(*node), open_flags::rdwr | open_flags::largefile);
  return opened ? std::move(*opened) : nullptr;
}

ref<file> standard_stream(u32 which, const boot_options& options) {
  const i32 descriptor = machine::host::standard(which);
  return descriptor < 0 ? nullptr : inherited_stream(descriptor, false, options);
}

} // namespace polyabi::reference
