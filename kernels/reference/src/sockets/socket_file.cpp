// The open files of sockets, whatever their family.
#include <polyabi/reference/device_numbers.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/kernel.hpp>
#include <polyabi/reference/signals.hpp>
#include <polyabi/reference/text_writer.hpp>
#include <polyabi/reference/user_transfer.hpp>

namespace polyabi::reference {

socket_file::socket_file(ref<socket> s) : of{std::move(s)} {
  is_socket = true;
  kept.begin(file_modes::sock | 0777, current_process().identity, {}); // it has no times until they are set
}

socket_file::~socket_file() {
  if (of) of->closed();
}
void socket_file::release() {
  heap::destroy(this);
}

result<i64> socket_file::read(user_vector into, const i64* offset) {
  if (offset != nullptr) return error::spipe;
  const auto size = total_size(into);
  if (!size) return size.error();
  if (*size == 0) return 0;
  incoming_message<kernel> message{into};
  return receive_from(*this, message, 0);
}

result<i64> socket_file::write(user_vector from, const i64* offset) {
  if (offset != nullptr) return error::spipe;
  outgoing_message<kernel> message{from};
  return send_to(*this, message, 0);
}

result<i64> socket_file::write_now(user_vector from) {
  outgoing_message<kernel> message{from};
  return send_to(*this, message, message_flags::dontwait);
}

result<> socket_file::attributes(stat& out) {
  out = kept.shown();
  out.dev = file_system_ids::sockets;
  out.ino = of->number;
  out.nlink = 1;
  out.blksize = page_size;
  return {};
}

usize socket_file::describe(char* to, usize limit) {
  return text_writer{to, limit}.add("socket:[").add_number(of->number).add(']').size();
}

result<ref<file>> open_socket(ref<socket> of, u32 flags) {
  auto* opened = heap::create<socket_file>(std::move(of));
  if (opened == nullptr) return error::nomem;
  opened->flags = open_flags::rdwr | flags;
  return ref<file>{opened};
}

result<socket_file*> socket_of(file& f) {
  if (!f.is_socket) return error::notsock;
  return static_cast<socket_file*>(&f);
}

result<i64> send_to(socket_file& f, const outgoing_message<kernel>& message, u32 flags) {
  if (f.nonblocking()) flags |= message_flags::dontwait;
  const ref<socket> to = f.of;
  auto sent = to->send(message, flags);
  if (sent.error() == error::pipe && (flags & message_flags::nosignal) == 0 && to->pipe_signal())
    signals::send(current_thread(), signals::from_kernel(signals::pipe));
  return sent;
}

result<i64> receive_from(socket_file& f, incoming_message<kernel>& message, u32 flags) {
  if (f.nonblocking()) flags |= message_flags::dontwait;
  const ref<socket> from = f.of;
  return from->receive(message, flags);
}

} // namespace polyabi::reference
