// Restartable sequences: what the call checks (kernel/rseq.c); the rest is the machine's.
#pragma once

#include <polyabi/core/restartable_sequences.hpp>
#include <polyabi/linux/handlers/common.hpp>

namespace polyabi::linux_abi::handlers {

struct rseq {
  using needs = operation_list<service::restartable_sequences>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 address, u32 size, i32 flags, u32 signature) {
    using K = typename Env::kernel;
    constexpr i32 unregister = 1;
    const sequence_area now = K::sequences_of(c.thread);
    if (flags != 0 && flags != unregister) return errc::inval;
    if (flags == unregister || now.address != 0) {
      if (now.address == 0 || now.address != address || now.size != size) return errc::inval;
      if (now.signature != signature) return errc::perm;
      if (flags != unregister) return errc::busy;
      return answered(c, {});
    }
    if (size < sequence_area_size || address % sequence_area_size != 0) return errc::inval;
    if (address == 0 || address >= user_end<Env> || size > user_end<Env> - address) return errc::fault;
    return answered(c, {address, size, signature});
  }

private:
  template <class Env>
  static reply<Env> answered(context<Env>& c, const sequence_area& area) {
    auto r = Env::kernel::set_sequences(c.thread, area);
    if (!r) return r.error();
    return done{};
  }
};

} // namespace polyabi::linux_abi::handlers
