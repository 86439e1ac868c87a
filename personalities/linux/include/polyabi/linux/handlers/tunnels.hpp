// Requests of the tunnel device (Documentation/networking/tuntap.rst).
#pragma once

#include <polyabi/linux/handlers/interfaces.hpp>
#include <polyabi/linux/structures/tunnel.hpp>

namespace polyabi::linux_abi::handlers {

struct tunnel_attach {
  using needs = operation_list<op::tunnel_attach>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, u64 argument) {
    using K = typename Env::kernel;
    const user_ptr<ifreq<typename Env::model>> at{argument};
    using flags = total_flag_table<tunnel_flags, kernel_map<K, tunnel_flag>>;
    ifreq<typename Env::model> request{};
    if (errc e = c.read(at, request); e != errc::none) return e;
    u16 bits = 0;
    __builtin_memcpy(&bits, request.value, sizeof bits);
    if (errc e = flags::refused(bits); e != errc::none) {
      c.unsupported("flags", bits);
      return e;
    }
    native<K, shape::tunnel_info> tunnel{};
    static_assert(sizeof tunnel.name == sizeof request.name);
    __builtin_memcpy(tunnel.name, request.name, sizeof request.name);
    tunnel.flags = static_cast<u32>(flags::convert(bits)) & ~native_number<K, tunnel_flag::persist>;
    if (auto attached = c.perform(op::tunnel_attach{}, descriptor, tunnel); !attached) return attached.error();
    __builtin_memcpy(request.name, tunnel.name, sizeof request.name);
    if (errc e = c.write(at, request); e != errc::none) return e;
    return done{};
  }
};

struct tunnel_get {
  using needs = operation_list<op::tunnel_get>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, u64 argument) {
    using K = typename Env::kernel;
    const user_ptr<ifreq<typename Env::model>> at{argument};
    native<K, shape::tunnel_info> tunnel{};
    if (auto told = c.perform(op::tunnel_get{}, descriptor, tunnel); !told) return told.error();
    ifreq<typename Env::model> request{};
    __builtin_memcpy(request.name, tunnel.name, sizeof request.name);
    const u16 bits = static_cast<u16>(flag_table<kernel_map<K, tunnel_flag>, tunnel_flags>::convert(tunnel.flags));
    __builtin_memcpy(request.value, &bits, sizeof bits);
    if (errc e = c.write(at, request); e != errc::none) return e;
    return done{};
  }
};

/// What may be asked for: all that is not refused.
struct tunnel_features {
  using needs = operation_list<op::tunnel_attach>;
  template <class Env>
  static reply<Env, u32> call(context<Env>&, i32) {
    constexpr u32 tun = 1, one_queue = 0x2000, no_pi = 0x1000;
    return tun | no_pi | one_queue;
  }
};

template <tunnel_setting Setting>
struct tunnel_set {
  using needs = operation_list<op::tunnel_set>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, u32 value) {
    return reply_with<Env>(c.perform(op::tunnel_set{}, descriptor, Setting, value));
  }
};

/// Packets come as they are: nothing is left for the program to complete.
struct tunnel_offload {
  using needs = operation_list<op::tunnel_get>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, u32 features) {
    native<typename Env::kernel, shape::tunnel_info> tunnel{};
    if (auto told = c.perform(op::tunnel_get{}, descriptor, tunnel); !told) return told.error();
    if (features == 0) return done{};
    return errc::inval;
  }
};

} // namespace polyabi::linux_abi::handlers
