// New streams as open files: what opens of the clone devices make, and of names that pipes are attached to.
#pragma once

#include <polyabi/facilities/streams/drivers/internet.hpp>
#include <polyabi/facilities/streams/drivers/loopback.hpp>
#include <polyabi/facilities/streams/passing.hpp>

namespace polyabi::streams {

/// A stream over a new driver.
template <class K, class Driver, class... Arguments>
outcome<K, stream_ref<K>> make_stream(Arguments&&... arguments) {
  auto* driver = create<K, Driver>(static_cast<Arguments&&>(arguments)...);
  stream<K>* made = driver != nullptr ? stream<K>::make(*driver) : nullptr;
  if (made == nullptr) return errc::nosr;
  return stream_ref<K>{made};
}

/// An open of one of the loopback transports: an endpoint of its own for each.
template <class K, const loopback_transport& Transport>
answer<K, typename K::file_ref> open_loopback(typename K::thread&, u32 status_flags) {
  const inside<K> section;
  auto made = make_stream<K, loopback_endpoint<K>>(Transport);
  if (!made) return kernel_error<K>(made.error());
  return make_stream_file<K>(std::move(*made), status_flags);
}

/// An open of one of the Internet's.
template <class K, const internet_transport& Transport>
answer<K, typename K::file_ref> open_internet(typename K::thread&, u32 status_flags) {
  const inside<K> section;
  auto made = make_stream<K, internet_endpoint<K>>(Transport);
  if (!made) return kernel_error<K>(made.error());
  return make_stream_file<K>(std::move(*made), status_flags);
}
/// What a kernel has to have for that, beside what streams need.
template <class K>
constexpr bool has_internet() {
  return provides<K, service::sockets>() && provides<K, service::readiness>() && provides<K, service::pending_signals>();
}

template <class K>
answer<K, typename K::file_ref> stream_file<K>::reopened(typename K::thread& caller, u32 status_flags) {
  native<K, shape::identity> who{};
  (void)polyabi::perform<K>(op::get_identity{}, caller, who);
  const inside<K> section;
  stream_ref<K> opened = of_;
  if (of_->takes_connections) {
    auto made = connect_through(caller, *of_, who.euid, who.egid);
    if (!made) return kernel_error<K>(made.error());
    opened = std::move(*made);
  }
  return make_stream_file<K>(std::move(opened), status_flags);
}

} // namespace polyabi::streams
