// Socket addresses, by hand.
#include "calls.hpp"

namespace bench::by_hand {
namespace {

struct linux_sockaddr_in {
  u16 family;
  u8 port[2], address[4], padding[8];
};
struct linux_sockaddr_in6 {
  u16 family;
  u8 port[2], flowinfo[4], address[16];
  u32 scope_id;
};
struct linux_sockaddr_nl {
  u16 family, padding;
  u32 pid, groups;
};
using address = socket_address<kernel>;
constexpr usize longest = 128;
namespace families = reference::address_families;

template <class Native>
Native& begin(address& to, i32 family, usize size) {
  auto& made = *::new (to.bytes) Native{};
  made.family = static_cast<u8>(family);
  made.len = static_cast<u8>(size);
  to.size = size;
  return made;
}

int read_address(u64 at, u64 size, address& to) {
  unsigned char bytes[longest]{};
  if (size > longest) return -22;
  if (!copy_in(bytes, at, size)) return -14;
  if (size < 2) return -22;
  u16 family;
  std::memcpy(&family, bytes, sizeof family);
  switch (family) {
  case 0: begin<reference::sockaddr>(to, families::unspec, sizeof(reference::sockaddr)); return 0;
  case 1: {
    if (size > 110) return -22;
    usize length = size - 2;
    if (length != 0 && bytes[2] != 0) length = strnlen(reinterpret_cast<char*>(bytes) + 2, length);
    auto& made = begin<reference::sockaddr_un>(to, families::local, 2 + length);
    std::memcpy(made.path, bytes + 2, length);
    return 0;
  }
  case 2: {
    linux_sockaddr_in in;
    if (size < sizeof in) return -22;
    std::memcpy(&in, bytes, sizeof in);
    auto& made = begin<reference::sockaddr_in>(to, families::inet, sizeof(reference::sockaddr_in));
    std::memcpy(made.port, in.port, sizeof in.port);
    std::memcpy(made.address, in.address, sizeof in.address);
    return 0;
  }
  case 10: {
    linux_sockaddr_in6 in{};
    if (size < 24) return -22;
    std::memcpy(&in, bytes, size < sizeof in ? size : sizeof in);
    auto& made = begin<reference::sockaddr_in6>(to, families::inet6, sizeof(reference::sockaddr_in6));
    std::memcpy(made.port, in.port, sizeof in.port);
    std::memcpy(made.flowinfo, in.flowinfo, sizeof in.flowinfo);
    std::memcpy(made.address, in.address, sizeof in.address);
    made.scope_id = in.scope_id;
    return 0;
  }
  case 16: {
    linux_sockaddr_nl in;
    if (size < sizeof in) return -22;
    std::memcpy(&in, bytes, sizeof in);
    auto& made = begin<reference::sockaddr_nl>(to, families::netlink, sizeof(reference::sockaddr_nl));
    made.pid = in.pid;
    made.groups = in.groups;
    return 0;
  }
  default: return -97;
  }
}

usize write_address(const address& from, unsigned char* to) {
  switch (from.family()) {
  case families::local: {
    const auto& native = from.as<shape::local_address>();
    const u16 family = 1;
    const usize length = from.size - 2;
    std::memcpy(to, &family, sizeof family);
    std::memcpy(to + 2, native.path, length);
    if (length == 0 || native.path[0] == 0) return 2 + length;
    to[2 + length] = 0;
    return 3 + length;
  }
  case families::inet: {
    const auto& native = from.as<shape::internet_address>();
    linux_sockaddr_in out{};
    out.family = 2;
    std::memcpy(out.port, native.port, sizeof out.port);
    std::memcpy(out.address, native.address, sizeof out.address);
    std::memcpy(to, &out, sizeof out);
    return sizeof out;
  }
  case families::inet6: {
    const auto& native = from.as<shape::internet6_address>();
    linux_sockaddr_in6 out{};
    out.family = 10;
    std::memcpy(out.port, native.port, sizeof out.port);
    std::memcpy(out.flowinfo, native.flowinfo, sizeof out.flowinfo);
    std::memcpy(out.address, native.address, sizeof out.address);
    out.scope_id = native.scope_id;
    std::memcpy(to, &out, sizeof out);
    return sizeof out;
  }
  case families::netlink: {
    const auto& native = from.as<shape::netlink_address>();
    const linux_sockaddr_nl out{16, 0, native.pid, native.groups};
    std::memcpy(to, &out, sizeof out);
    return sizeof out;
  }
  default: return 0;
  }
}

} // namespace

long bind(thread& t, registers& r) {
  address given;
  if (int failed = read_address(r.rsi, static_cast<u32>(r.rdx), given); failed != 0) return failed;
  auto answer = bench::bind(t, static_cast<i32>(r.rdi), given);
  if (!answer) return -linux_errno(answer.error());
  return 0;
}

long getsockname(thread& t, registers& r) {
  address name;
  auto answer = bench::socket_name(t, static_cast<i32>(r.rdi), name);
  if (!answer) return -linux_errno(answer.error());
  i32 room;
  if (!copy_in(&room, r.rdx, sizeof room)) return -14;
  if (room < 0) return -22;
  unsigned char bytes[longest]{};
  const auto size = static_cast<i32>(write_address(name, bytes));
  if (!copy_out(r.rsi, bytes, static_cast<usize>(size < room ? size : room))) return -14;
  return copy_out(r.rdx, &size, sizeof size) ? 0 : -14;
}

} // namespace bench::by_hand
