// Files in memory without a name (memfd_create), and seals.
#include "memory_vnode.hpp"

#include <polyabi/reference/kernel.hpp>
#include <polyabi/reference/settings.hpp>

#include <cstring>

namespace polyabi::reference {

namespace {

/// All files without a name are of one mount. Bounded by the setting `memfd.size`; else as any mount of memory.
memory_mount* nameless_files() {
  static constinit memory_mount* mount = nullptr;
  if (mount == nullptr && (mount = memory_vnode::make_mount(settings::find("memfd.size"))) != nullptr)
    ++mount->vnodes; // stays without files
  return mount;
}

/// The file in memory behind a descriptor. Those that were opened for their path alone are none.
result<ref<file>> memory_file_of(thread& caller, i32 descriptor) {
  auto found = caller.owner->descriptors->get(descriptor);
  if (!found) return found;
  const ref<vnode>& node = (*found)->node;
  if (((*found)->flags & open_flags::path) != 0) return error::badf;
  if (!node || node->type != file_modes::reg || !node->is_in_memory()) return error::inval;
  return found;
}

} // namespace

result<new_descriptor> memory_file_services::make_memory_file(thread& caller, std::string_view label, u32 mode, u32 seals,
                                                              u32 descriptor_flags) {
  const kernel_lock::ensured lock;
  memory_mount* mount = nameless_files();
  if (mount == nullptr) return error::nomem;
  const credentials& who = caller.owner->identity;
  ref<memory_vnode> made{heap::create<memory_vnode>(*mount, file_modes::reg | mode, who.euid, who.egid)};
  if (!made || !made->set_label(label)) return error::nomem;
  made->seals = seals;
  auto opened = made->open(open_flags::rdwr | open_flags::largefile);
  if (!opened) return opened.error();
  return service_functions::give_descriptor(caller, std::move(*opened), descriptor_flags);
}

result<u32> memory_file_services::seals_of(thread& caller, i32 descriptor) {
  const kernel_lock::locked lock;
  const auto found = memory_file_of(caller, descriptor);
  if (!found) return found.error();
  return static_cast<memory_vnode&>(*(*found)->node).seals;
}

result<> memory_file_services::add_seals(thread& caller, i32 descriptor, u32 seals) {
  const kernel_lock::locked lock;
  const auto found = memory_file_of(caller, descriptor);
  if (!found) return found.error();
  auto& node = static_cast<memory_vnode&>(*(*found)->node);
  if (!open_flags::writes((*found)->flags)) return error::perm;
  constexpr u32 writing = file_seals<file_seal::write>;
  // Those who write at the moment have begun before it was sealed.
  const claim::holder alone{node.bytes.writing};
  if ((node.seals & file_seals<file_seal::seal>) != 0) return error::perm;
  if ((seals & writing) != 0 && (node.seals & writing) == 0 && node.writable_mappings != 0) return error::busy;
  constexpr u32 all_writing = file_seals<file_seal::shrink, file_seal::grow, file_seal::write, file_seal::future_write>;
  // What may be executed and is to stay that way is not to be changed either.
  if ((seals & file_seals<file_seal::exec>) != 0 && node.is_executable()) seals |= all_writing;
  node.seals |= seals;
  return {};
}

} // namespace polyabi::reference
