// The log of what programs asked for and did not get: one line for each thing, so that a loop does not fill it.
#include <polyabi/reference/kernel.hpp>
#include <polyabi/reference/machine.hpp>

namespace polyabi::reference {

namespace {

/// Hashes of what has been logged. When it is full, nothing more is logged.
constexpr usize capacity = 512;
u64 logged[capacity];

u64 mix(u64 hash, std::string_view text) {
  for (char c : text) hash = (hash ^ static_cast<u8>(c)) * 0x100000001b3;
  return hash;
}

/// True the first time.
bool note(u64 hash) {
  for (usize probe = 0; probe < capacity; ++probe) {
    u64& place = logged[(hash + probe) % capacity];
    u64 seen = 0;
    if (__atomic_compare_exchange_n(&place, &seen, hash, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) return true;
    if (seen == hash) return false;
  }
  return false;
}

/// A line under construction; what does not fit is cut.
struct line {
  char text[160];
  usize size = 0;
  void add(std::string_view part) {
    for (char c : part)
      if (size < sizeof text) text[size++] = c;
  }
  void add_hexadecimal(u64 value) {
    add("0x");
    int shift = 60;
    while (shift > 0 && (value >> shift) == 0) shift -= 4;
    for (; shift >= 0; shift -= 4) {
      const char digit = "0123456789abcdef"[value >> shift & 15];
      add({&digit, 1});
    }
  }
};

} // namespace

void kernel::unsupported(thread& caller, const unsupported_report& report) {
  if (!log_unsupported) return;
  u64 hash = mix(mix(mix(0xcbf29ce484222325, report.personality), report.call), report.what);
  hash = (hash ^ report.value) * 0x100000001b3;
  if (!note(hash == 0 ? 1 : hash)) return;
  line text;
  text.add(report.personality);
  text.add(": ");
  text.add(report.call);
  text.add(": unsupported ");
  text.add(report.what);
  text.add(" ");
  text.add_hexadecimal(report.value);
  if (caller.owner != nullptr) {
    text.add(" (");
    text.add(caller.owner->name);
    text.add(")");
  }
  machine::log({text.text, text.size});
}

} // namespace polyabi::reference
