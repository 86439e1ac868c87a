// Device numbers of the host and of the kernel.
#include "host_vnode.hpp"

#include <polyabi/reference/device_numbers.hpp>

namespace polyabi::reference {

namespace {

/// A number as a Linux host puts it together (makedev(3)).
constexpr u64 host_number(u64 major, u64 minor) {
  return ((major & 0xfffff000) << 32) | ((major & 0xfff) << 8) | ((minor & 0xffffff00) << 12) | (minor & 0xff);
}
constexpr u32 host_major(u64 d) { return static_cast<u32>(((d >> 32) & 0xfffff000) | ((d >> 8) & 0xfff)); }
constexpr u32 host_minor(u64 d) { return static_cast<u32>(((d >> 12) & 0xffffff00) | (d & 0xff)); }

/// Devices that both have; the host's are those of Linux' Documentation/admin-guide/devices.txt.
constexpr struct {
  u64 host, kernel;
} common[] = {
    {host_number(1, 3), device_numbers::null},    {host_number(1, 5), device_numbers::zero},
    {host_number(1, 7), device_numbers::full},    {host_number(1, 8), device_numbers::random},
    {host_number(1, 9), device_numbers::urandom}, {host_number(5, 0), device_numbers::tty},
    {host_number(5, 1), device_numbers::console}, {host_number(5, 2), device_numbers::ptmx},
};
constexpr u32 host_slave_major = 136;

} // namespace

u64 device_of_host(u64 number) { return make_device(host_major(number), host_minor(number)); }

u64 node_of_host(u64 number) {
  for (const auto& both : common) {
    if (both.host == number) return both.kernel;
  }
  if (host_major(number) == host_slave_major) return make_device(device_numbers::slave_major, host_minor(number));
  return device_of_host(number);
}

u64 node_for_host(u64 number) {
  for (const auto& both : common) {
    if (both.kernel == number) return both.host;
  }
  const u32 major = device_major(number);
  return host_number(major == device_numbers::slave_major ? host_slave_major : major, device_minor(number));
}

} // namespace polyabi::reference
