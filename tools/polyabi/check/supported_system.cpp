#include "supported_system.hpp"

namespace polyabi::check {

const supported_call* supported_call::find_selected(u64 selector_value) const {
  const u64 wanted = selector_value & selector_mask;
  for (const supported_call& one : selected)
    if (one.number == wanted) return &one;
  return nullptr;
}

const supported_call* supported_system::find(u64 number) const {
  const auto found =
      std::lower_bound(calls.begin(), calls.end(), number, [](const supported_call& c, u64 n) { return c.number < n; });
  return found != calls.end() && found->number == number ? &*found : nullptr;
}

call_interest supported_system::interest() const {
  call_interest result;
  result.convention = convention;
  result.is_gate = [all = gates](entry_gate g) { return std::find(all.begin(), all.end(), g) != all.end(); };
  result.arguments = [this](u64 number) {
    const supported_call* call = find(number);
    u32 words = 0;
    if (call == nullptr) return words;
    if (call->selector >= 0) words |= 1u << call->selector;
    for (const judged_argument& a : call->arguments) words |= 1u << a.word;
    return words;
  };
  return result;
}

} // namespace polyabi::check
