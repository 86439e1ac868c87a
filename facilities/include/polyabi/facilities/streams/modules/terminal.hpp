// ptem, ldterm and ttcompat: what makes a terminal of a line. A kernel's terminal is one already: it edits, echoes, and answers
// every terminal ioctl, the old ones as well. So the modules are in the stream for those who look, and do nothing of their own.
#pragma once

#include <polyabi/facilities/streams/stream.hpp>

namespace polyabi::streams {

/// The name of a driver that is a kernel's terminal.
inline constexpr std::string_view terminal_driver = "pts";

template <class K>
class terminal_module : public stream_module<K> {
public:
  using stream_module<K>::stream_module;
  /// There is nothing to edit a line with over anything but a terminal.
  errc opened() override { return this->head->driver->name() == terminal_driver ? errc::none : errc::nxio; }

protected:
  ~terminal_module() = default;
};

template <class K>
struct ptem final : terminal_module<K> {
  ptem() : terminal_module<K>{"ptem"sv} {}
  void release() override { destroy<K>(this); }
};
template <class K>
struct ldterm final : terminal_module<K> {
  ldterm() : terminal_module<K>{"ldterm"sv} {}
  void release() override { destroy<K>(this); }
};
template <class K>
struct ttcompat final : terminal_module<K> {
  ttcompat() : terminal_module<K>{"ttcompat"sv} {}
  void release() override { destroy<K>(this); }
};

} // namespace polyabi::streams
