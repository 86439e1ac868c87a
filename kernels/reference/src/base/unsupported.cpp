// The funnel of what programs asked for and did not get: one record and one line of the log for each thing, so that a loop does
// not fill them. No lock is needed, and none may be taken: it is called from anywhere.
#include <polyabi/reference/kernel.hpp>
#include <polyabi/reference/machine.hpp>
#include <polyabi/reference/unsupported.hpp>

namespace polyabi::reference {

namespace {

/// A place is taken by its hash, filled, and then said to be ready.
struct place {
  u64 hash = 0;
  u32 ready = 0;
  unsupported_record record;
};
constinit place places[unsupported_capacity]; // zero from the start: a constructor would bring all of it into memory
u32 next_order = 0, lost = 0;

u64 mix(u64 hash, std::string_view text) {
  for (char c : text) hash = (hash ^ static_cast<u8>(c)) * 0x100000001b3;
  return hash;
}

/// The place of a hash, and whether it is new; null if all are taken by others.
place* find_place(u64 hash, bool& is_new) {
  for (usize probe = 0; probe < unsupported_capacity; ++probe) {
    place& candidate = places[(hash + probe) % unsupported_capacity];
    u64 seen = 0;
    is_new = __atomic_compare_exchange_n(&candidate.hash, &seen, hash, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    if (is_new || seen == hash) return &candidate;
  }
  return nullptr;
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

std::string_view name_of(const thread& caller) {
  if (caller.owner == nullptr) return {};
  usize size = 0;
  while (size < sizeof caller.owner->name && caller.owner->name[size] != '\0') ++size;
  return {caller.owner->name, size};
}

void log(const unsupported_report& report, std::string_view program) {
  line text;
  text.add(report.personality);
  text.add(": ");
  text.add(report.call);
  text.add(": unsupported ");
  text.add(report.what);
  text.add(" ");
  text.add_hexadecimal(report.value);
  if (!program.empty()) {
    text.add(" (");
    text.add(program);
    text.add(")");
  }
  machine::log({text.text, text.size});
}

} // namespace

void kernel::unsupported(thread& caller, const unsupported_report& report) {
  if (!log_unsupported) return;
  const std::string_view program = name_of(caller);
  u64 hash = mix(mix(mix(mix(0xcbf29ce484222325, report.personality), report.call), report.what), program);
  hash = (hash ^ report.value) * 0x100000001b3;
  bool is_new = false;
  place* at = find_place(hash == 0 ? 1 : hash, is_new);
  if (at == nullptr) {
    __atomic_fetch_add(&lost, 1, __ATOMIC_RELAXED);
    return;
  }
  __atomic_fetch_add(&at->record.count, 1, __ATOMIC_RELAXED);
  if (!is_new) return;
  at->record.value = report.value;
  at->record.personality = report.personality;
  at->record.call = report.call;
  at->record.what = report.what;
  for (usize i = 0; i < program.size() && i + 1 < sizeof at->record.program; ++i) at->record.program[i] = program[i];
  at->record.order = __atomic_fetch_add(&next_order, 1, __ATOMIC_RELAXED);
  __atomic_store_n(&at->ready, 1, __ATOMIC_RELEASE);
  log(report, program);
}

const unsupported_record* unsupported_at(usize index) {
  const bool is_any = __atomic_load_n(&next_order, __ATOMIC_RELAXED) != 0; // or nothing of them has been brought into memory
  if (!is_any || index >= unsupported_capacity || __atomic_load_n(&places[index].ready, __ATOMIC_ACQUIRE) == 0) return nullptr;
  return &places[index].record;
}

u32 unsupported_lost() {
  return __atomic_load_n(&lost, __ATOMIC_RELAXED);
}

} // namespace polyabi::reference
