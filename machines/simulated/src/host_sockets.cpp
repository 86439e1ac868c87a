// The host's sockets, through ordinary system calls. Users' memory lies elsewhere: data takes a detour.
#include "state.hpp"

#include <polyabi/linux_host/network.hpp>
#include <polyabi/linux_host/sockets.hpp>
#include <polyabi/reference/host_readiness.hpp>
#include <polyabi/reference/machine_waiting.hpp>

#include <cerrno>
#include <string>
#include <unistd.h>

namespace polyabi::reference::machine::host {

namespace {

struct library_calls {
  template <class... Words>
  static i64 call(i64 number, Words... words) {
    const i64 answer = ::syscall(number, static_cast<u64>(words)...);
    return answer < 0 ? -i64{errno} : answer;
  }
};
using sockets = host_sockets<library_calls>;
using network = host_network<library_calls>;

constexpr i64 minus(error e) { return -i64{static_cast<u16>(e)}; }

/// Memory of the program's own for the data of a message, if a part of it is a user's.
class detour {
public:
  explicit detour(user_vector parts) : parts_{parts} {
    for (usize i = 0; i < parts.count; ++i) {
      users_ |= parts.parts[i].address < simulated::user_limit;
      size_ += parts.parts[i].size;
    }
    if (!users_) return;
    memory_.resize(size_);
    one_ = {reinterpret_cast<std::uintptr_t>(memory_.data()), size_};
  }
  user_vector vector() const { return users_ ? user_vector{&one_, 1} : parts_; }
  bool fill() {
    return each([](void* own, u64 users, usize size) { return copy_in(own, users, size); }, size_);
  }
  bool empty(usize size) {
    return each([](void* own, u64 users, usize piece) { return copy_out(users, own, piece); }, size);
  }

private:
  template <class Move>
  bool each(Move move, usize limit) {
    usize done = 0;
    for (usize i = 0; users_ && i < parts_.count && done < limit; ++i) {
      const usize piece = std::min(static_cast<usize>(parts_.parts[i].size), limit - done);
      if (!move(memory_.data() + done, parts_.parts[i].address, piece)) return false;
      done += piece;
    }
    return true;
  }

  user_vector parts_;
  bool users_ = false;
  usize size_ = 0;
  std::string memory_;
  user_bytes one_{};
};

} // namespace

i32 socket(i32 family, i32 type, i32 protocol) {
  return static_cast<i32>(sockets::socket(family, type, protocol));
}
i64 bind(i32 descriptor, const socket_address<kernel>& a) {
  return sockets::bind(descriptor, a);
}
i64 connect(i32 descriptor, const socket_address<kernel>& a) {
  return sockets::connect(descriptor, a);
}
i64 connect_local(i32 descriptor, i32 file) {
  return sockets::connect_local(descriptor, file);
}
i64 listen(i32 descriptor, i32 backlog) {
  return sockets::listen(descriptor, backlog);
}
i32 accept(i32 descriptor, socket_address<kernel>& from) {
  return static_cast<i32>(sockets::accept(descriptor, from));
}
i64 send(i32 descriptor, const outgoing_message<kernel>& m, u32 flags) {
  detour data{m.data};
  if (!data.fill()) return minus(error::fault);
  outgoing_message<kernel> own = m;
  own.data = data.vector();
  return sockets::send(descriptor, own, flags);
}
i64 receive(i32 descriptor, incoming_message<kernel>& m, u32 flags) {
  detour data{m.data};
  const user_vector users = std::exchange(m.data, data.vector());
  const i64 size = sockets::receive(descriptor, m, flags);
  m.data = users;
  if (size > 0 && !data.empty(static_cast<usize>(size))) return minus(error::fault);
  return size;
}
/// The host's sockets do not block here: they are asked when they are ready.
i64 receive_waiting(i32 descriptor, incoming_message<kernel>& m, u32 flags, const u32* word, u32 expected) {
  while (__atomic_load_n(word, __ATOMIC_ACQUIRE) == expected) {
    constexpr u32 bits = host_readiness::readable | host_readiness::failed | host_readiness::hung_up;
    wait_at_descriptor(const_cast<u32*>(word), expected, ~u64{0}, descriptor, bits);
    const i64 size = receive(descriptor, m, flags);
    if (size != minus(error::again)) return size;
  }
  return minus(error::intr);
}
i64 let_block(i32, bool) {
  return 0;
}
i64 shutdown(i32 descriptor, i32 how) {
  return sockets::shutdown(descriptor, how);
}
i64 socket_name(i32 descriptor, socket_address<kernel>& out) {
  return sockets::socket_name(descriptor, out);
}
i64 peer_name(i32 descriptor, socket_address<kernel>& out) {
  return sockets::peer_name(descriptor, out);
}
i64 set_option(i32 descriptor, i32 level, i32 option, std::span<const unsigned char> value) {
  return sockets::set_option(descriptor, level, option, value);
}
i64 get_option(i32 descriptor, i32 level, i32 option, std::span<unsigned char> value) {
  return sockets::get_option(descriptor, level, option, value);
}
i64 unsent(i32 descriptor) {
  return sockets::unsent(descriptor);
}
i64 at_mark(i32 descriptor) {
  return sockets::at_mark(descriptor);
}
i64 interfaces(usize first, std::span<interface_info> out) {
  return network::interfaces(first, out);
}
i64 interface_addresses(usize first, std::span<interface_address> out) {
  return network::interface_addresses(first, out);
}
i64 routes(usize first, std::span<route_info> out) {
  return network::routes(first, out);
}

} // namespace polyabi::reference::machine::host
