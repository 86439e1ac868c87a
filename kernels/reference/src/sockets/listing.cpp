// The sockets of all processes, for listings.
#include <polyabi/reference/kernel.hpp>

namespace polyabi::reference {

namespace {

void describe(socket& s, const process& owner, u32 references, socket_info& out) {
  out = {};
  out.family = s.family;
  out.type = s.type;
  out.protocol = s.protocol;
  out.number = s.number;
  out.user = owner.identity.euid;
  out.references = references;
  i32 listens = 0;
  const auto asked = s.get_option(option_levels::socket, socket_options::acceptconn,
                                  {reinterpret_cast<unsigned char*>(&listens), sizeof listens});
  if (asked && listens != 0) out.state = socket_state::listening;
  const auto or_none = [](const result<i32>& size) { return size ? *size : 0; };
  out.queued = or_none(s.bytes_readable());
  out.unsent = or_none(s.unsent());
}

} // namespace

result<bool> socket_operations::perform(op::socket_of_index, thread&, usize index, socket_info& out,
                                        socket_address<kernel>& name, socket_address<kernel>& peer) {
  static constinit u64 counts = 0;
  const u64 this_count = ++counts;
  for (process* p = process_table::next(0); p != nullptr; p = process_table::next(p->id)) {
    if (!p->descriptors) continue;
    for (i32 number = 0; number < p->descriptors->size(); ++number) {
      const auto opened = p->descriptors->get(number);
      if (!opened || !(*opened)->is_socket) continue;
      const ref<socket> s = static_cast<socket_file&>(**opened).of;
      if (std::exchange(s->counted_by, this_count) == this_count || index-- != 0) continue;
      describe(*s, *p, (*opened)->references - 1, out);
      name = peer = {};
      if (!s->name(name)) name = {};
      if (s->peer_name(peer))
        out.state = socket_state::connected;
      else
        peer = {};
      return true;
    }
  }
  return false;
}

} // namespace polyabi::reference
