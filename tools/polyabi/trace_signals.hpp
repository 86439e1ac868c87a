// Signals in a trace: the reference kernel records its own numbers, a personality names them.
#pragma once

#include "format_structures.hpp"

#include <polyabi/reference/maps.hpp>
#include <polyabi/reference/structs.hpp>

namespace polyabi::tool {

/// "{si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=2, ...}" with the signal already named; `status` names the signal in
/// si_status.
std::string siginfo_text(const reference::siginfo&, const std::string& signal, const std::string& status);

template <class P>
std::string native_signal_name(i32 native) {
  using signals = typename P::signals;
  using kernel_signals = typename reference::detail::map_for<polyabi::signal>::type;
  const i32 number = number_table<kernel_signals, signals>::convert(native);
  if constexpr (polyabi::detail::has_realtime<signals>)
    if (number >= signals::realtime_first && number <= signals::realtime_last)
      return "SIG" + detail::signal_short_name<signals>(number);
  return number == no_number ? std::to_string(native) : number_name<signals>(number);
}

template <class P>
std::string native_siginfo(std::string_view bytes) {
  reference::siginfo info;
  if (bytes.size() < sizeof info) return "{}";
  std::memcpy(&info, bytes.data(), sizeof info);
  return siginfo_text(info, native_signal_name<P>(info.signo), native_signal_name<P>(info.status));
}

} // namespace polyabi::tool
