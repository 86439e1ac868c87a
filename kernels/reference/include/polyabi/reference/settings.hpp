// Settings of personalities that the system was started with, and what the system gives itself at its start.
#pragma once

#include <polyabi/reference/interrupt.hpp>

namespace polyabi::reference::settings {

/// Keeps copies. Settings that do not fit are left out: false. Also makes `boot_id`, 32 hexadecimal digits.
bool keep(std::span<const boot_options::setting>);
/// Gives one a value. False: it does not fit.
bool set(std::string_view name, std::string_view value);
/// Empty if it was not given.
std::string_view find(std::string_view name);
/// A number of bytes: "67108864", "64M". 0 if it is none.
u64 size(std::string_view text);

} // namespace polyabi::reference::settings
