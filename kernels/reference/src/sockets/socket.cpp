// What a socket does if its kind says nothing else: refuse.
#include <polyabi/reference/kernel.hpp>

namespace polyabi::reference {

namespace {
/// Above what inodes of sockets never are elsewhere: netstat(8) takes "socket:[7]" for none.
constinit u64 last_number = 1000;
}

socket::socket(i32 of_family, i32 of_type, i32 of_protocol)
    : family{of_family}, type{of_type}, protocol{of_protocol}, number{++last_number} {}

result<> socket::bind(const socket_address<kernel>&) {
  return error::opnotsupp;
}
result<> socket::connect(const socket_address<kernel>&, bool, ref<socket>&) {
  return error::opnotsupp;
}
result<> socket::listen(i32) {
  return error::opnotsupp;
}
result<ref<socket>> socket::accept(bool, socket_address<kernel>&) {
  return error::opnotsupp;
}
result<i64> socket::send(const outgoing_message<kernel>&, u32) {
  return error::opnotsupp;
}
result<i64> socket::receive(incoming_message<kernel>&, u32) {
  return error::opnotsupp;
}
result<> socket::shutdown(i32) {
  return error::opnotsupp;
}
result<> socket::name(socket_address<kernel>&) {
  return error::opnotsupp;
}
result<> socket::peer_name(socket_address<kernel>&) {
  return error::notconn;
}
result<> socket::set_option(i32, i32, std::span<const unsigned char>) {
  return error::noprotoopt;
}
result<usize> socket::get_option(i32, i32, std::span<unsigned char>) {
  return error::noprotoopt;
}
result<i32> socket::bytes_readable() {
  return error::inval;
}
result<i32> socket::unsent() {
  return error::inval;
}
result<i32> socket::at_mark() {
  return error::inval;
}

} // namespace polyabi::reference
