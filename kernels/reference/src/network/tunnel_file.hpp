// The tunnel device: its open files.
#pragma once

#include <network/interface.hpp>
#include <polyabi/reference/file.hpp>

namespace polyabi::reference::network {

/// What a program reads is what was sent through its interface; what it writes has come in.
class tunnel_file final : public file {
public:
  explicit tunnel_file(ref<vnode> of) { node = std::move(of); }
  ~tunnel_file() override;
  void release() override { heap::destroy(this); }

  result<i64> read(user_vector into, const i64* offset) override;
  result<i64> write(user_vector from, const i64* offset) override;
  result<i64> seek(i64, i32) override { return error::spipe; }
  u16 poll(u16 events, waiter* place) override;
  bool has_readiness() const override { return true; }
  tunnel_file* as_tunnel() override { return this; }
  usize describe(char* to, usize limit) override;

  result<> attach(tunnel_info&);
  result<> tell(tunnel_info&) const;
  result<> set(tunnel_setting, u32 value);

private:
  bool nonblocking() const { return (flags & open_flags::nonblock) != 0; }
  result<> detached() const;

  ref<interface> of_;
};

result<ref<file>> open_tunnel(ref<vnode> node, u32 flags);

} // namespace polyabi::reference::network
