// Watched memory without the processor's debug registers, which a machine may not have to give: a thread that watches takes one
// step at a time, and what it watches is looked at after each. Intel's manual, volume 3, 18.2 describes the registers. Reading
// cannot be seen that way: what watches for it watches for writing.
#include "links.hpp"

#include <polyabi/reference/machine.hpp>

namespace polyabi::reference::tracees::detail {

namespace {

bool is_enabled(const tracee& of, u32 which) {
  return (of.debug_registers[7] >> (which * 2) & 3) != 0;
}
u64 kind_of(const tracee& of, u32 which) {
  return of.debug_registers[7] >> (16 + which * 4) & 3;
}
usize size_of(const tracee& of, u32 which) {
  constexpr usize sizes[] = {1, 2, 8, 4};
  return sizes[of.debug_registers[7] >> (18 + which * 4) & 3];
}

} // namespace

bool watches(const tracee& of) {
  return (of.debug_registers[7] & 0xff) != 0;
}

bool look_at_watched(tracee& of, const registers& frame) {
  bool reached = false;
  for (u32 which = 0; which < 4; ++which) {
    if (!is_enabled(of, which)) continue;
    bool here = false;
    if (kind_of(of, which) == 0) {
      here = frame.rip == of.debug_registers[which];
    } else {
      u64 now = 0;
      if (!machine::copy_from(*of.group, &now, of.debug_registers[which], size_of(of, which))) continue;
      here = now != of.watched[which];
      of.watched[which] = now;
    }
    if (here) of.debug_registers[6] |= u64{1} << which;
    reached |= here;
  }
  return reached;
}

} // namespace polyabi::reference::tracees::detail
