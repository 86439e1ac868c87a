// How the system names itself to Linux programs: uname(2) and /proc/sys/kernel say the same.
#pragma once

#include <polyabi/core/setting.hpp>

namespace polyabi::linux_abi::system_identity {

inline constexpr std::string_view name = "Linux";

/// `--set linux.osrelease=5.10.0`: programs that ask for a newer kernel than this refuse to start, and calls that came later are
/// not there (history.hpp).
inline constexpr std::string_view release_setting = "linux.osrelease";
template <class K>
std::string_view release(typename K::thread& caller) {
  return setting_or<K>(caller, release_setting, "6.1.0");
}
template <class K>
std::string_view version(typename K::thread& caller) {
  return setting_or<K>(caller, "linux.version", "#1 SMP PREEMPT_DYNAMIC polyabi 0.1.0");
}

} // namespace polyabi::linux_abi::system_identity
