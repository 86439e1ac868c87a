// The segment registers that hold data. The host saves none of them for a signal: they stay the user's while the kernel runs.
#pragma once

#include <polyabi/core/registers.hpp>

namespace polyabi::hosted {

struct data_selectors {
  u16 ds, es, fs, gs;
  bool operator==(const data_selectors&) const = default;
};

/// As the processor has them.
inline data_selectors loaded_selectors() {
  data_selectors now;
  asm volatile("mov %%ds, %0\n\tmov %%es, %1\n\tmov %%fs, %2\n\tmov %%gs, %3"
               : "=r"(now.ds), "=r"(now.es), "=r"(now.fs), "=r"(now.gs));
  return now;
}

/// As a user is to have them.
inline data_selectors selectors_of(const registers& r) {
  return {r.ds, r.es, r.fs, r.gs};
}

inline void set_selectors(registers& r, const data_selectors& to) {
  r.ds = to.ds;
  r.es = to.es;
  r.fs = to.fs;
  r.gs = to.gs;
}

} // namespace polyabi::hosted
