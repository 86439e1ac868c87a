// The network that this kernel sees is the host's.
#include <polyabi/reference/machine_sockets.hpp>

namespace polyabi::reference {

namespace {

template <class T>
result<usize> ask(i64 (*host)(usize, std::span<T>), usize first, std::span<T> out) {
  i64 count = 0;
  {
    const kernel_lock::unlocked while_the_host_works;
    count = host(first, out);
  }
  if (count < 0) return static_cast<error>(-count);
  return static_cast<usize>(count);
}

} // namespace

result<usize> socket_operations::perform(op::interfaces, thread&, usize first, std::span<interface_info> out) {
  return ask(&machine::host::interfaces, first, out);
}
result<usize> socket_operations::perform(op::interface_addresses, thread&, usize first, std::span<interface_address> out) {
  return ask(&machine::host::interface_addresses, first, out);
}
result<usize> socket_operations::perform(op::routes, thread&, usize first, std::span<route_info> out) {
  return ask(&machine::host::routes, first, out);
}

} // namespace polyabi::reference
