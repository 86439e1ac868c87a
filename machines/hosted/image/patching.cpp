// A call site is `mov $number, %eax` (or %rax) and the system-call instruction. The first becomes a jump to a stub of the
// site's own, within reach of it, that does the same and enters the kernel; the instruction itself stays, so that a jump to it
// is dispatched.
//
// Left alone are sites where the code does not look like that, or may change: text that the program can write to or shares.
#include "patching.hpp"

#include "fast_entry.hpp"

#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/heap.hpp>

namespace polyabi::hosted {

using reference::address_space;
using reference::region;
namespace machine = reference::machine;

namespace {

/// Code of one site, in a page that the kernel writes and the program executes.
struct stub {
  u8 load_record[7]; ///< lea record(%rip), %rcx
  u8 enter[6];       ///< jmp *entry(%rip)
  u8 padding[3];
  u64 entry;
  call_site record;
  u64 unused;
};
static_assert(sizeof(stub) == 48 && offsetof(stub, entry) == 16 && offsetof(stub, record) == 24);

/// A page of stubs. Shared by a process and its children: they have the same text at the same addresses, and add stubs only.
struct stub_page final : reference::file {
  static constexpr u32 capacity = reference::page_size / sizeof(stub);
  stub* stubs = nullptr;
  u32 used = 0;

  ~stub_page() override { machine::free_pages(stubs, 1); }
  void release() override { reference::heap::destroy(this); }
  u32 mappable(bool) const override { return reference::protections::read | reference::protections::exec; }
  /// A place; `show` puts the page there.
  reference::result<machine::mapping_source> map(u64, u64, u32, bool) override { return machine::mapping_source{}; }
  bool show(u64 address) const {
    return host_call(call::mmap, host_address(address), reference::page_size, host_map::read | host_map::execute,
                     host_map::shared | host_map::fixed, word(shared.arena_descriptor), word(stubs) - arena_base) >= 0;
  }
};

/// What the jump replaces.
struct site {
  u64 start; ///< of the instruction that loads the number
  u64 after; ///< the address behind the system-call instruction
};

/// The page and place of a new stub.
struct stub_place {
  u64 address = 0; ///< the program's
  stub* at = nullptr;
};

bool in_reach(u64 from, u64 to) {
  const i64 distance = static_cast<i64>(to - from);
  constexpr i64 reach = 0x7fff'0000;
  return distance > -reach && distance < reach;
}

/// `mov $number, %eax` is b8 and four bytes, `mov $number, %rax` 48 c7 c0 and four. A REX prefix before b8 makes it another
/// register's.
bool decode(u64 after, u64 number, site& found) {
  u8 code[10];
  if (!machine::copy_in(code, after - sizeof code, sizeof code)) return false;
  if (code[8] != 0x0f || code[9] != 0x05) return false;
  u32 loaded;
  __builtin_memcpy(&loaded, code + 4, sizeof loaded);
  if (loaded != number) return false;
  if (code[3] == 0xb8 && (code[2] & 0xf0) != 0x40) {
    found = {after - 7, after};
    return true;
  }
  if (code[1] == 0x48 && code[2] == 0xc7 && code[3] == 0xc0) {
    found = {after - 9, after};
    return true;
  }
  return false;
}

/// Only text that nobody writes to, neither this process nor another.
bool may_change(const address_space& memory, const site& where) {
  const region* text = memory.find(where.start);
  using namespace reference;
  return text != nullptr && text->start <= where.start && text->end >= where.after &&
         (text->protection & (protections::write | protections::exec)) == protections::exec &&
         (text->flags & map_flags::private_) != 0;
}

stub_place place_in(const region& stubs) {
  auto& page = static_cast<stub_page&>(*stubs.backing());
  const u32 index = page.used++;
  return {stubs.start + index * sizeof(stub), page.stubs + index};
}

/// The kind of an open file without run-time type information: only this file makes such.
bool is_stub_page(const region& r, u64 near) {
  return r.use == region::purpose::call_stubs && in_reach(near, r.start) &&
         static_cast<stub_page&>(*r.backing()).used < stub_page::capacity;
}

stub_place new_stub(address_space& memory, u64 near) {
  for (const region* r = memory.first(); r != nullptr; r = memory.next(*r))
    if (is_stub_page(*r, near)) return place_in(*r);
  auto* page = reference::heap::create<stub_page>();
  if (page == nullptr) return {};
  const reference::ref<reference::file> keeps{page};
  page->stubs = static_cast<stub*>(machine::allocate_pages(1));
  const region* text = memory.find(near);
  const u64 address = memory.find_gap(reference::page_size, address_space::lowest_address, text->start);
  if (page->stubs == nullptr || address == 0 || !in_reach(near, address)) return {};
  using namespace reference;
  constexpr u32 placed = map_flags::shared | map_flags::fixed;
  if (!memory.map(address, page_size, protections::read | protections::exec, placed, keeps, 0, region::purpose::call_stubs))
    return {};
  if (!page->show(address)) {
    (void)memory.unmap(address, page_size);
    return {};
  }
  return place_in(*memory.find(address));
}

void write_stub(stub& to, const site& where, u64 number) {
  to = {{0x48, 0x8d, 0x0d, 0x11, 0, 0, 0},
        {0xff, 0x25, 0x03, 0, 0, 0},
        {0xcc, 0xcc, 0xcc},
        word(image_fast_entry),
        {where.after, number},
        0};
  static_assert(offsetof(stub, record) - 7 == 0x11 && offsetof(stub, entry) - 13 == 0x03);
}

/// Writes the jump. Other threads may be running here: they meet the old instruction, an endless loop of two bytes for a
/// moment, or the new one, never a mixture; all processors are made to look again between the steps (membarrier(2)).
bool write_jump(const site& where, u64 target, bool alone) {
  u8 jump[5] = {0xe9};
  const u32 distance = static_cast<u32>(target - (where.start + sizeof jump));
  __builtin_memcpy(jump + 1, &distance, sizeof distance);
  const u64 first_page = where.start & ~u64{reference::page_size - 1};
  const u64 size = ((where.start + sizeof jump - 1) & ~u64{reference::page_size - 1}) + reference::page_size - first_page;
  constexpr u64 line = 64;
  if (!alone && where.start % line == line - 1) return false;
  if (host_call(call::mprotect, first_page, size, host_map::read | host_map::write | host_map::execute) < 0) return false;
  auto* text = reinterpret_cast<u8*>(where.start);
  if (alone) {
    __builtin_memcpy(text, jump, sizeof jump);
  } else {
    constexpr u64 private_sync_core = 32, register_private_sync_core = 64;
    constexpr u16 loop = 0xfeeb; // jmp to itself
    host_call(call::membarrier, register_private_sync_core);
    __atomic_store_n(reinterpret_cast<u16*>(text), loop, __ATOMIC_SEQ_CST);
    host_call(call::membarrier, private_sync_core);
    __builtin_memcpy(text + 2, jump + 2, 3);
    host_call(call::membarrier, private_sync_core);
    u16 head;
    __builtin_memcpy(&head, jump, sizeof head);
    __atomic_store_n(reinterpret_cast<u16*>(text), head, __ATOMIC_SEQ_CST);
  }
  host_call(call::mprotect, first_page, size, host_map::read | host_map::execute);
  return true;
}

} // namespace

void patch_call_site(machine_state& state, const registers& r, const host_siginfo& info) {
  if (shared.entry != entry_mode::patched || info.machine == audit_arch_i386 || r.cs != selector::user64) return;
  site where{};
  if (!decode(r.rip, r.rax, where)) return;
  const reference::kernel_lock::locked lock;
  reference::process& owner = *state.owner->owner;
  if (owner.memory == nullptr || !may_change(*owner.memory, where)) return;
  const stub_place place = new_stub(*owner.memory, where.start);
  if (place.at == nullptr) return;
  write_stub(*place.at, where, r.rax);
  const bool alone = owner.threads.front() == owner.threads.back();
  if (write_jump(where, place.address, alone)) ++shared.counts.sites;
}

} // namespace polyabi::hosted
