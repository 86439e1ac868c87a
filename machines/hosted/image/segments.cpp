// Segments of the user's: bases of FS and GS, 32-bit thread-local descriptors, and code and data segments with a base.
#include "fast_entry.hpp"

#include <polyabi/core/process_tracing.hpp>

namespace polyabi::reference::machine {

using namespace hosted;

// arch_prctl's numbers, for processors or hosts without the fsgsbase instructions (asm/prctl.h).
void set_segment_base(u32 which, u64 base) {
  if (base >= kernel_base) return;
  if (machine_state* state = own_state(); which == 1 && state != nullptr) {
    state->user_has_gs_base = base != 0;
    if (base == 0 && shared.has_fsgsbase) return settle_gs_base(*state);
  }
  if (!shared.has_fsgsbase)
    host_call(call::arch_prctl, which == 0 ? 0x1002 : 0x1001, base);
  else if (which == 0)
    asm volatile("wrfsbase %0" : : "r"(base));
  else
    asm volatile("wrgsbase %0" : : "r"(base));
}

u64 segment_base(u32 which) {
  u64 base = 0;
  if (const machine_state* state = own_state(); which == 1 && state != nullptr && !state->user_has_gs_base) return 0;
  if (!shared.has_fsgsbase)
    host_call(call::arch_prctl, which == 0 ? 0x1003 : 0x1004, word(&base));
  else if (which == 0)
    asm volatile("rdfsbase %0" : "=r"(base));
  else
    asm volatile("rdgsbase %0" : "=r"(base));
  return base;
}

namespace {

/// struct user_desc of asm/ldt.h; the flags word has its bit fields' layout.
struct user_descriptor {
  u32 entry, base, limit, flags;
};
/// read_exec_only and seg_not_present: what Linux takes for an empty entry.
constexpr u32 empty_entry = 8 | 32;

/// The 32-bit calls take a 32-bit address: the descriptor goes through a page low in the user's space, mapped for the moment.
i64 call_with_descriptor(u32 number, user_descriptor& descriptor) {
  const i64 page = host_call(call::mmap, 0, page_size, host_map::read | host_map::write,
                             host_map::private_ | host_map::anonymous | host_map::low_2_gib, word(-1), 0);
  if (page < 0) return page;
  auto* copy = reinterpret_cast<volatile user_descriptor*>(page);
  copy->entry = descriptor.entry;
  copy->base = descriptor.base;
  copy->limit = descriptor.limit;
  copy->flags = descriptor.flags;
  const i64 result = image_call_32(number, static_cast<u32>(page));
  descriptor.entry = copy->entry;
  descriptor.base = copy->base;
  descriptor.limit = copy->limit;
  descriptor.flags = copy->flags;
  host_call(call::munmap, static_cast<u64>(page), page_size);
  return result;
}

} // namespace

// Bases are linear addresses to the processor; to the program they are its own.
i32 set_thread_area(i32 entry, u32 base, u32 limit, u32 flags) {
  user_descriptor descriptor{static_cast<u32>(entry), static_cast<u32>(host_address(base)), limit, flags};
  return call_with_descriptor(call::set_thread_area_32, descriptor) == 0 ? static_cast<i32>(descriptor.entry) : -1;
}

void clear_thread_areas() {
  for (u32 i = 0; i < thread_segments::area_count; ++i) {
    user_descriptor descriptor{thread_segments::first_area + i, 0, 0, empty_entry};
    call_with_descriptor(call::set_thread_area_32, descriptor);
  }
}

bool get_thread_area(i32 entry, u32& base, u32& limit, u32& flags) {
  user_descriptor descriptor{static_cast<u32>(entry), 0, 0, 0};
  if (call_with_descriptor(call::get_thread_area_32, descriptor) != 0) return false;
  base = descriptor.base - static_cast<u32>(host_address(0));
  limit = descriptor.limit;
  flags = descriptor.flags;
  return true;
}

// A program that is linked at the very bottom of its space cannot lie there: the host keeps page zero, and more, from ordinary
// users. It gets a code and a data segment of its own in the local descriptor table, as System V on the 386 had them (USER_CS
// and USER_DS of sys/seg.h are these selectors), and with a base. The processor adds it to every address that the program uses,
// and `host_address` to every one that the kernel is given.

namespace {

constexpr u32 code_entry = 2, data_entry = 3;
constexpr u16 selector_of(u32 entry) {
  return static_cast<u16>(entry << 3 | 7);
} // in the local table, for users
static_assert(selector_of(code_entry) == selector::based_code && selector_of(data_entry) == selector::based_data);

/// modify_ldt(2)'s functions that read the table and set an entry; the table's sizes.
constexpr u64 read_table = 0, write_entry = 0x11;
constexpr usize entry_size = 8, table_size = 8192 * entry_size;
/// Bits of user_desc: 32-bit code or data, the kind, a limit in pages; and an empty entry.
constexpr u32 is_32_bit_segment = 1, is_data = 0 << 1, is_code = 2 << 1, limit_in_pages = 16, usable = 64;

bool write_descriptor(const user_descriptor& descriptor) {
  return static_cast<i32>(host_call(call::modify_ldt, write_entry, word(&descriptor), sizeof descriptor)) == 0;
}

} // namespace

// Entries of the program's own. To the host, too, the table is the process', and a child process gets a copy.

namespace {

bool is_of_machine(u32 entry) {
  return own_state()->user_base != 0 && (entry == code_entry || entry == data_entry);
}

} // namespace

u16 set_segment(u32 entry, u32 base, u32 limit, u32 flags) {
  if (is_of_machine(entry)) return static_cast<u16>(error::inval);
  const user_descriptor descriptor{entry, base + static_cast<u32>(host_address(0)), limit, flags};
  const i64 done = static_cast<i32>(host_call(call::modify_ldt, write_entry, word(&descriptor), sizeof descriptor));
  return done < 0 ? error_of_host(done) : u16{0};
}

usize segments(std::span<u8> to) {
  const i64 size = static_cast<i32>(host_call(call::modify_ldt, read_table, word(to.data()), to.size()));
  for (i64 i = 0; i < size; ++i)
    if (to[static_cast<usize>(i)] != 0) return static_cast<usize>(size);
  return 0; // to the host the table stays when it has been emptied
}

void clear_segments() {
  u8 first[entry_size];
  if (static_cast<i32>(host_call(call::modify_ldt, read_table, word(first), sizeof first)) <= 0) return; // as of most programs
  const i64 at = host_call(call::mmap, 0, table_size, host_map::read | host_map::write,
                           host_map::private_ | host_map::anonymous, word(-1), 0);
  if (at < 0) return;
  const auto* entries = reinterpret_cast<const u64*>(at);
  const usize filled = segments({reinterpret_cast<u8*>(at), table_size}) / entry_size;
  for (u32 entry = 0; entry < filled; ++entry)
    if (entries[entry] != 0 && !is_of_machine(entry)) (void)write_descriptor({entry, 0, 0, empty_entry});
  host_call(call::munmap, static_cast<u64>(at), table_size);
}

bool start_at_zero(bool needed) {
  machine_state& state = *own_state();
  if (!needed && state.user_base == 0) return true;
  state.user_base = needed ? based_user_start : 0;
  if (!needed) return write_descriptor({code_entry, 0, 0, empty_entry}) && write_descriptor({data_entry, 0, 0, empty_entry});
  constexpr u32 limit = static_cast<u32>(based_user_end / page_size - 1), kind = is_32_bit_segment | limit_in_pages | usable;
  const u32 base = static_cast<u32>(based_user_start);
  return write_descriptor({code_entry, base, limit, kind | is_code}) &&
         write_descriptor({data_entry, base, limit, kind | is_data});
}

user_selectors selectors(bool is_32_bit) {
  if (own_state()->user_base != 0) return {selector::based_code, selector::based_data};
  return {is_32_bit ? selector::user32 : selector::user64, selector::data};
}

} // namespace polyabi::reference::machine
