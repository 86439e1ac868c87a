// Shorthand for tests of the library's facilities over the reference kernel.
#pragma once

#include "descriptors.hpp"

#include <polyabi/core/services.hpp>

namespace polyabi::tests {

/// Gives a facility's file a descriptor.
inline i32 install_custom(guest& g, custom_file<reference::kernel>& custom, u32 status = 0) {
  return g.call([&](reference::thread& t) {
    auto made = reference::kernel::make_descriptor(t, custom, reference::open_flags::rdwr | status, 0);
    return made ? polyabi::detail::derived_entry::commit(*made) : -1;
  });
}

/// Poll events of a descriptor now.
inline u16 poll_now(guest& g, i32 descriptor, u16 events = 0xffff) {
  return g.call([&](reference::thread& t) {
    const reference::kernel_lock::locked inside;
    auto f = t.owner->descriptors->get(descriptor);
    return f ? (*f)->poll(events, nullptr) : u16{0xffff};
  });
}

/// Works inside the kernel, as a call of the guest, with the facility behind a descriptor.
template <class T, class Work>
auto with_custom(guest& g, i32 descriptor, Work work) {
  return g.call([&](reference::thread& t) {
    const reference::kernel_lock::locked inside;
    auto f = t.owner->descriptors->get(descriptor);
    return work(*custom_file_of<T>(**f));
  });
}

} // namespace polyabi::tests
