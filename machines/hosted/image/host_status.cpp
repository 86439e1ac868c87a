// How the host is: its memory, its loads, its processors.
#include "state.hpp"

#include <polyabi/linux/structures/processes.hpp>

namespace polyabi::reference::machine::host {

using namespace hosted;

namespace {

/// The number after `name` in /proc/meminfo, in bytes (the file counts in KiB).
u64 memory_row(std::string_view text, std::string_view name) {
  const auto at = text.find(name);
  if (at == std::string_view::npos) return 0;
  usize i = at + name.size();
  while (i < text.size() && text[i] == ' ') ++i;
  u64 value = 0;
  for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) value = value * 10 + static_cast<u64>(text[i] - '0');
  return value * 1024;
}

/// MemAvailable, or what else is known. It takes the host ten times as long as all the rest of a status, and programs that look at that
/// ask for little more than how much memory there is: what it has said lately will do.
u64 available_memory(u64 otherwise) {
  constexpr u64 lately = 50'000'000;
  static u64 known = 0, asked_at = 0;
  const u64 now = monotonic_time();
  if (const u64 seen = __atomic_load_n(&known, __ATOMIC_RELAXED); seen != 0 && now - __atomic_load_n(&asked_at, __ATOMIC_RELAXED) < lately)
    return seen;
  char text[1024];
  const i64 file = host_call(call::openat, host_at::working_directory, word("/proc/meminfo"), host_open::cloexec, 0);
  if (file < 0) return otherwise;
  const i64 size = host_call(call::read, static_cast<u64>(file), word(text), sizeof text);
  host_call(call::close, static_cast<u64>(file));
  const u64 available = size > 0 ? memory_row({text, static_cast<usize>(size)}, "MemAvailable:") : 0;
  if (available == 0) return otherwise;
  __atomic_store_n(&known, available, __ATOMIC_RELAXED);
  __atomic_store_n(&asked_at, now, __ATOMIC_RELAXED);
  return available;
}

} // namespace

void status(memory_status& to) {
  linux_abi::sysinfo<lp64> info{};
  to = {};
  if (host_call(call::sysinfo, word(&info)) < 0) return;
  const u64 unit = info.mem_unit;
  to.total = info.totalram * unit;
  to.free = info.freeram * unit;
  to.available = available_memory(to.free);
  to.shared = info.sharedram * unit;
  to.buffers = info.bufferram * unit;
  to.swap_total = info.totalswap * unit;
  to.swap_free = info.freeswap * unit;
  for (usize i = 0; i < 3; ++i) to.load[i] = info.loads[i]; // 16.16 fixed point already
  u64 mask[16]{};
  // The watchdog's: no guest changes it.
  const i64 bytes = host_call(call::sched_getaffinity, word(shared.watchdog), sizeof mask, word(mask));
  for (i64 i = 0; i < bytes / 8; ++i) to.processors += static_cast<u32>(__builtin_popcountll(mask[i]));
  if (to.processors == 0) to.processors = 1;
}

} // namespace polyabi::reference::machine::host
