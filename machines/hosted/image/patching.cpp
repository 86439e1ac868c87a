// Turning call sites into jumps (call_sites.cpp), in the memory of one process: that of a site which is called often.
#include "patching.hpp"

#include "call_sites.hpp"
#include "protection.hpp"
#include "shared_text.hpp"

namespace polyabi::hosted {

using reference::address_space;
using reference::region;
namespace machine = reference::machine;

namespace {

/// The page and place of a new stub.
struct stub_place {
  u64 address = 0; ///< the program's
  stub* at = nullptr;
};

/// A stub of this page in `wanted`, if there is one free.
stub_place place_in(const region& stubs, range wanted) {
  auto& page = static_cast<stub_page&>(*stubs.backing());
  for (u32 index = 0; index < stub_page::capacity; ++index) {
    const u64 address = stubs.start + index * stub::size;
    if ((page.used >> index & 1) != 0 || address < wanted.lowest || address > wanted.highest) continue;
    page.used |= u64{1} << index;
    return {address, page.stubs + index};
  }
  return {};
}

/// A free page with room for a stub in `wanted`: below the text if that will do, since there is room.
u64 find_page(const address_space& memory, u64 text_start, range wanted) {
  const u64 end = memory.limit() - reference::page_size;
  u64 floor = (wanted.lowest + stub::size - 1) & ~u64{stub::size - 1};
  u64 ceiling = wanted.highest < end ? wanted.highest : end;
  if (floor > ceiling) return 0;
  if (floor < text_start && text_start < ceiling) ceiling = text_start - 1;
  floor = reference::page_round_down(floor < address_space::lowest_address ? address_space::lowest_address : floor);
  return memory.find_gap(reference::page_size, floor, reference::page_round_down(ceiling) + reference::page_size);
}

stub_place new_stub(address_space& memory, u64 text_start, range wanted) {
  for (const region* r = memory.first(); r != nullptr; r = memory.next(*r)) {
    if (r->use != region::purpose::call_stubs || static_cast<const stub_page&>(*r->backing()).is_closed) continue;
    if (const stub_place found = place_in(*r, wanted); found.at != nullptr) return found;
  }
  const u64 address = find_page(memory, text_start, wanted);
  if (address == 0) return {};
  const auto page = stub_page::make();
  if (!page || !page->show(memory, address)) return {};
  return place_in(*memory.find(address), wanted);
}

/// Writes a jump, or what was there before it. Other threads may be running here: they meet the old instruction, an endless
/// loop of two bytes for a moment, or the new one, never a mixture; all processors are made to look again between the steps
/// (membarrier(2)).
bool write_code(const call_site& where, const region& text_region, const u8* code, bool alone) {
  const u64 start = where.start();
  const usize size = replaced(where);
  if (alone) {
    const reference::others_may_run while_it_copies{*reference::current_process().memory};
    if (machine::copy_to_text(reference::current_process(), start, code, size)) return true;
  }
  // All of the text at once, where that is not much: the host keeps it in one piece then, which every fork copies.
  constexpr u64 much = 32 << 20;
  const bool whole = text_region.size() <= much;
  const u64 first_page = whole ? text_region.start : reference::page_round_down(start);
  const u64 pages = (whole ? text_region.end : reference::page_round_up(start + size)) - first_page;
  constexpr u64 line = 64;
  if (!alone && start % line == line - 1) return false;
  if (host_call(call::mprotect, first_page, pages, host_map::read | host_map::write | host_map::execute) < 0) return false;
  auto* text = reinterpret_cast<u8*>(start);
  if (alone || size == 1) {
    __builtin_memcpy(text, code, size);
  } else {
    constexpr u16 loop = 0xfeeb; // jmp to itself
    host_call(call::membarrier, host_barrier::register_private_sync_core);
    __atomic_store_n(reinterpret_cast<u16*>(text), loop, __ATOMIC_SEQ_CST);
    host_call(call::membarrier, host_barrier::private_sync_core);
    __builtin_memcpy(text + 2, code + 2, size - 2);
    host_call(call::membarrier, host_barrier::private_sync_core);
    u16 head;
    __builtin_memcpy(&head, code, sizeof head);
    __atomic_store_n(reinterpret_cast<u16*>(text), head, __ATOMIC_SEQ_CST);
  }
  host_call(call::mprotect, first_page, pages, host_map::read | host_map::execute);
  return true;
}

/// Sites that have been dispatched: a few times, so that those of programs that end soon cost nothing more, or found to be such
/// as are left alone. Changing one costs about as much as dispatching it so often. Lossy, without locks.
class seen_sites {
public:
  enum class finding : u8 { is_new, is_used, is_rare, seen, left_alone };
  static constexpr u8 used = 4, enough = 10; ///< times

  finding look(u64 site, i32 process) {
    const usize index = index_of(site, process);
    u64& entry = entries_[index];
    const u64 key = key_of(site, process);
    if (entry == (key | 1)) return finding::left_alone;
    if (entry != key) times_[index] = 0;
    entry = key;
    if (times_[index] < enough) ++times_[index];
    switch (times_[index]) {
    case 1: return finding::is_new;
    case used: return finding::is_used;
    case enough: return finding::seen;
    default: return finding::is_rare;
    }
  }
  void leave_alone(u64 site, i32 process) { entries_[index_of(site, process)] = key_of(site, process) | 1; }

private:
  static constexpr u32 bits = 12;
  u64 entries_[1 << bits];
  u8 times_[1 << bits];

  static u64 key_of(u64 site, i32 process) { return (site ^ static_cast<u64>(process) << 40) << 1; }
  static usize index_of(u64 site, i32 process) { return key_of(site, process) * 0x9e37'79b9'7f4a'7c15 >> (64 - bits); }
};
constinit seen_sites seen{};

/// The site that ends at `after`, from the process' memory.
bool read_site(const region& text, u64 after, gate through, site& found) {
  const u64 call = after - instruction_length(through);
  u8 code[site_code_size];
  return call - site_window >= text.start && call + longest_gate <= text.end &&
         machine::copy_in(code, call - site_window, sizeof code) && look_at_site(code, after, through, found);
}

bool patch(reference::process& owner, u64 after, gate through, call_counts& counts) {
  if (owner.memory == nullptr) return false;
  const region* text = owner.memory->find(after - instruction_length(through));
  site where{};
  if (text == nullptr || !may_change(*text)) return false;
  {
    const reference::others_may_run while_it_reads{*owner.memory};
    if (!read_site(*text, after, through, where)) return false;
  }
  const stub_place place = new_stub(*owner.memory, text->start, where.targets);
  if (place.at == nullptr) return false;
  write_stub(*place.at, where, place.address);
  if (!write_code(where, *owner.memory->find(where.start()), site_jump{where, place.address}.bytes, reference::runs_alone(owner))) return false;
  ++(where.length < jump_size ? counts.short_sites : counts.sites);
  return true;
}

} // namespace

void patch_call_site(thread& caller, const registers& r, gate through) {
  if (shared.entry != entry_mode::patched || r.cs != (through == gate::syscall64 ? selector::user64 : selector::user32)) return;
  reference::process& owner = *caller.owner;
  using finding = seen_sites::finding;
  const finding found = seen.look(r.rip, owner.id);
  const bool is_noted = through == gate::syscall64;
  if (found == finding::left_alone || found == finding::is_rare || (found != finding::seen && !is_noted)) return;
  const reference::kernel_lock::locked lock;
  if (owner.traced_threads != 0) return; // a tracer sees the text as it is
  if (found == finding::is_new) return note_call_site(owner, r.rip, 1);
  if (found == finding::is_used) return note_call_site(owner, r.rip, seen_sites::used - 1);
  if (!patch(owner, r.rip, through, shared.counts)) seen.leave_alone(r.rip, owner.id);
  else if (is_noted) note_call_site(owner, r.rip, seen_sites::enough - seen_sites::used, true);
}

} // namespace polyabi::hosted

namespace polyabi::reference::machine {

using namespace hosted;

/// Stubs stay: a thread may be in one. A child may have added stubs for sites that are no jumps here.
void restore_text() {
  process& owner = current_process();
  if (owner.memory == nullptr) return;
  for (const region* r = owner.memory->first(); r != nullptr; r = owner.memory->next(*r)) {
    if (r->use != region::purpose::call_stubs) continue;
    const auto& page = static_cast<const stub_page&>(*r->backing());
    for (u32 index = 0; index < stub_page::capacity; ++index) {
      if ((page.used >> index & 1) == 0) continue;
      const stub& of = page.stubs[index];
      const u64 address = r->start + index * stub::size;
      const call_site site = of.site(address);
      const site_jump jump{site, address};
      u8 there[jump_size];
      const region* text = owner.memory->find(site.start());
      if (text != nullptr && copy_in(there, site.start(), jump.size) && __builtin_memcmp(there, jump.bytes, jump.size) == 0)
        (void)write_code(site, *text, of.code, runs_alone(owner));
    }
  }
}

} // namespace polyabi::reference::machine
