// A call site is an instruction that moves or computes something, usually `mov $number, %eax`, and the one that enters the
// kernel: `syscall`, `int $0x80`, `lcall $7, $0`. The first becomes a jump to a stub of the site's own, that does the same and
// enters the kernel; the system-call instruction itself stays, so that a jump to it is dispatched. A jump is five bytes. Where
// the instruction is shorter, the jump's last bytes are those that stand there anyway, and the stub lies where they lead: 1.2 GiB
// up for `xor %eax, %eax; syscall; cmp ...`. One instruction is replaced, never two, and none is cut: nothing can jump into the
// middle.
//
// Left alone are sites where the code before is not understood, or may change: text that the program can write to or shares.
#include "patching.hpp"

#include "fast_entry.hpp"
#include "instructions.hpp"
#include "protection.hpp"

#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/heap.hpp>

namespace polyabi::hosted {

using reference::address_space;
using reference::region;
namespace machine = reference::machine;

namespace {

constexpr u32 jump_size = 5;

/// A page of stubs. Shared by a process and its children: they have the same text at the same addresses, and add stubs only.
struct stub_page final : reference::file {
  static constexpr u32 capacity = reference::page_size / stub::size;
  stub* stubs = nullptr;
  u64 used = 0; ///< a bit for each

  ~stub_page() override { machine::free_pages(stubs, 1); }
  void release() override { reference::heap::destroy(this); }
  u32 mappable(bool) const override { return reference::protections::read | reference::protections::exec; }
  reference::result<machine::mapping_source> map(u64 offset, u64, u32, bool) override {
    return machine::mapping_source{machine::backing::host_file, true, shared.arena_descriptor, word(stubs) - arena_base + offset};
  }
};
static_assert(stub_page::capacity == 64);

/// Addresses, both included.
struct range {
  u64 lowest = 1, highest = 0;
  bool empty() const { return lowest > highest; }
};

/// What is known of a site: where it is, its instructions, and where its stub may lie.
struct site : call_site {
  static constexpr usize longest_instruction = 15;
  u8 code[longest_instruction + longest_gate]; ///< from the start, with what follows
  range targets;
};

/// The page and place of a new stub.
struct stub_place {
  u64 address = 0; ///< the program's
  stub* at = nullptr;
};

/// Where the jump can lead if its bytes behind the instruction are those that are there. The addresses of 32-bit code have 32
/// bits, and all are in reach.
range targets_of(const site& s) {
  constexpr u64 reach = 0x7fff'0000, all_of_32 = 0xffff'ffff;
  const u64 base = s.start() + jump_size;
  if (s.length >= jump_size) {
    if (s.is_32_bit()) return {0, all_of_32};
    return {base > reach ? base - reach : 0, base + reach};
  }
  i32 distance = 0;
  __builtin_memcpy(&distance, s.code + 1, sizeof distance);
  const u32 free_bits = (s.length - 1) * 8;
  u64 lowest = base + static_cast<u64>(i64{distance} >> free_bits << free_bits);
  if (s.is_32_bit()) lowest &= all_of_32;
  return {lowest, lowest + (u64{1} << free_bits) - 1};
}

/// Only text that nobody writes to, neither this process nor another.
bool may_change(const region& text) {
  using namespace reference;
  return (text.protection & (protections::write | protections::exec)) == protections::exec &&
         (text.flags & map_flags::private_) != 0;
}

/// What a stub has behind the moved instruction: see write_stub.
constexpr usize far_jump_size = 7, entering_size = 13;

/// Bytes of an instruction for which a stub has room.
u32 longest_moved(const call_site& where) {
  return static_cast<u32>(sizeof stub::code - entering_size - (where.is_32_bit() ? far_jump_size : 0));
}

/// The instruction before the one that ends at `after`.
bool decode(const region& text, u64 after, gate through, site& found) {
  constexpr u64 window = 96;
  u8 before[window];
  found.after = after;
  found.through = through;
  const u64 call = found.call();
  if (call - window < text.start || call + longest_gate > text.end || !machine::copy_in(before, call - window, window))
    return false;
  const instruction last = last_instruction(before, found.is_32_bit() ? code_kind::bits32 : code_kind::bits64);
  if (!last.movable || last.length > longest_moved(found)) return false;
  found.length = last.length;
  found.far_call = {static_cast<u32>(call), selector::user32};
  if (!machine::copy_in(found.code, found.start(), last.length + longest_gate)) return false;
  found.targets = targets_of(found);
  return gate_at(std::span<const u8, longest_gate>{found.code + last.length, longest_gate}, found.is_32_bit()) == through;
}

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
    if (r->use != region::purpose::call_stubs) continue; // only this file makes such
    if (const stub_place found = place_in(*r, wanted); found.at != nullptr) return found;
  }
  const u64 address = find_page(memory, text_start, wanted);
  if (address == 0) return {};
  auto* page = reference::heap::create<stub_page>();
  if (page == nullptr) return {};
  const reference::ref<reference::file> keeps{page};
  page->stubs = static_cast<stub*>(machine::allocate_pages(1));
  if (page->stubs == nullptr) return {};
  using namespace reference;
  constexpr u32 placed = map_flags::shared | map_flags::fixed;
  if (!memory.map(address, page_size, protections::read | protections::exec, placed, keeps, 0, region::purpose::call_stubs))
    return {};
  return place_in(*memory.find(address), wanted);
}

void write_stub(stub& to, const site& where, u64 address) {
  to = {{}, word(entry_of(where.through)), where};
  __builtin_memset(to.code, 0xcc, sizeof to.code);
  u32 at = where.length;
  const auto put = [&to, &at]<class Value>(const Value& value) {
    __builtin_memcpy(to.code + at, &value, sizeof value);
    at += static_cast<u32>(sizeof value);
  };
  const auto put_distance = [&](usize target) { put(static_cast<u32>(target) - at - 4); };
  struct opcode {
    u8 bytes[3];
  };
  constexpr opcode load_address_into_rcx{{0x48, 0x8d, 0x0d}}, load_address_into_r11{{0x4c, 0x8d, 0x1d}};
  constexpr u8 jump_far = 0xea;
  constexpr u16 jump_through = 0x25ff;
  __builtin_memcpy(to.code, where.code, where.length);
  if (where.is_32_bit()) {
    put(jump_far);
    put(static_cast<u32>(address) + at + 4 + 2);
    put(selector::user64);
  }
  put(where.is_32_bit() ? load_address_into_r11 : load_address_into_rcx);
  put_distance(offsetof(stub, record));
  put(jump_through);
  put_distance(offsetof(stub, entry));
}

/// How much of a site's instruction a jump replaces: the rest is there already, or is never reached.
usize replaced(const call_site& where) {
  return where.length < jump_size ? where.length : jump_size;
}

/// The jump of a site to its stub.
struct jump_code {
  u8 bytes[jump_size] = {0xe9};
  jump_code(const call_site& where, u64 target) {
    const u32 distance = static_cast<u32>(target - (where.start() + jump_size));
    __builtin_memcpy(bytes + 1, &distance, sizeof distance);
  }
};

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
  enum class finding : u8 { is_new, seen, left_alone };

  finding look(u64 site, i32 process) {
    const usize index = index_of(site, process);
    u64& entry = entries_[index];
    const u64 key = key_of(site, process);
    if (entry == (key | 1)) return finding::left_alone;
    if (entry != key) times_[index] = 0;
    entry = key;
    constexpr u8 enough = 10;
    return ++times_[index] < enough ? finding::is_new : finding::seen;
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

bool patch(reference::process& owner, u64 after, gate through, call_counts& counts) {
  if (owner.memory == nullptr) return false;
  const region* text = owner.memory->find(after - instruction_length(through));
  site where{};
  if (text == nullptr || !may_change(*text)) return false;
  {
    const reference::others_may_run while_it_reads{*owner.memory};
    if (!decode(*text, after, through, where)) return false;
  }
  const stub_place place = new_stub(*owner.memory, text->start, where.targets);
  if (place.at == nullptr) return false;
  write_stub(*place.at, where, place.address);
  if (!write_code(where, *owner.memory->find(where.start()), jump_code{where, place.address}.bytes, reference::runs_alone(owner))) return false;
  ++(where.length < jump_size ? counts.short_sites : counts.sites);
  return true;
}

} // namespace

void patch_call_site(thread& caller, const registers& r, gate through) {
  if (shared.entry != entry_mode::patched || r.cs != (through == gate::syscall64 ? selector::user64 : selector::user32)) return;
  reference::process& owner = *caller.owner;
  if (seen.look(r.rip, owner.id) != seen_sites::finding::seen) return;
  const reference::kernel_lock::locked lock;
  if (owner.traced_threads != 0) return; // a tracer sees the text as it is
  if (!patch(owner, r.rip, through, shared.counts)) seen.leave_alone(r.rip, owner.id);
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
      const jump_code jump{of.record, r->start + index * stub::size};
      u8 there[jump_size];
      const region* text = owner.memory->find(of.record.start());
      if (text != nullptr && copy_in(there, of.record.start(), sizeof there) &&
          __builtin_memcmp(there, jump.bytes, sizeof there) == 0)
        (void)write_code(of.record, *text, of.code, reference::runs_alone(owner));
    }
  }
}

} // namespace polyabi::reference::machine
