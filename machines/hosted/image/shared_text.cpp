// Most programs end before any of their call sites has been used often enough to be changed; and what a process changes it has
// a page of its own for, which each fork copies with all its text. But the next process does the same calls. So what processes
// call from is noted by file, and when these calls have cost as much, the kernel makes a copy of that text, in a memory file of
// the host's, with the sites changed. The process that calls, and who maps the file's text from then on, has the copy, and far
// from it, always at the same distance, the stubs.
//
// A copy is never changed. Sites that are found later are each process' own affair (patching.cpp), until there are enough of
// them for another copy, which who maps the text from then on has. All are given up when the file has changed; who has one mapped
// keeps it.
#include "shared_text.hpp"

#include "call_sites.hpp"

#include <polyabi/reference/file_state.hpp>

namespace polyabi::hosted {

using reference::address_space;
using reference::process;
using reference::region;
using reference::stat;
namespace machine = reference::machine;

namespace {

constexpr u64 most_text = 4 << 20;
/// A copy is made when the calls that it would have served have cost about as much as it does. The host copies a page in the time of a
/// dispatched call; but where so many calls come together, as many mostly follow.
constexpr u32 calls_for_any = 24; ///< for what there is to do besides: the memory file, the stubs, the sites
constexpr u32 pages_for_call = 2;
constexpr u64 little_text = 256 << 10; ///< which is copied for sites that one process has called from; more, for those with two users

/// What is known of one mapping of a file: its text.
struct text {
  static constexpr u32 most_sites = 96;
  struct noted_site {
    u32 after; ///< in the text
    u8 users;
  };

  u32 calls, wanted_calls; ///< that a copy would have served: since the last one, and until there is one
  u32 enough_users;        ///< so many processes have called from a site that is worth a copy
  u32 new_sites;           ///< that have come to be since the last copy, which did not know them
  u32 site_count;
  noted_site sites[most_sites];
  u32 copied_sites; ///< of them the last copy knew
  i32 copy; ///< a memory object, if there are stubs
  stub_page* stubs;
  i64 distance; ///< of the stubs from the text
  bool is_useless;
  reference::file_state state; ///< when it was copied

  bool is_copied() const { return stubs != nullptr; }
};

/// A mapping of a file. `size` 0: none.
struct place {
  u64 device, inode, offset, size;
  static place of(const region& r) { return of(*r.backing()->node, r.offset, r.size()); }
  static place of(const reference::vnode& node, u64 offset, u64 size) { return {node.device(), node.inode(), offset, size}; }
  bool operator==(const place&) const = default;
};

constexpr u32 text_count = 64;
constinit place places[text_count]{};
constinit text texts[text_count]{};
u32 next_to_go = 0;
u32 copies_made = 0;

void forget_copy(text& of) {
  if (!of.is_copied()) return;
  machine::object::destroy(of.copy);
  (void)reference::ref<stub_page>::adopt(of.stubs);
  of.stubs = nullptr;
}

void give_up(u32 index) {
  forget_copy(texts[index]);
  texts[index] = {};
  places[index] = {};
}

/// The place's index, `text_count` if nothing is known of it.
u32 find(const place& wanted) {
  u32 index = 0;
  while (index < text_count && !(places[index] == wanted)) ++index;
  return index;
}

u32 find_or_make(const place& wanted) {
  if (const u32 known = find(wanted); known != text_count) return known;
  u32 index = find({});
  if (index == text_count) index = next_to_go++ % text_count;
  give_up(index);
  places[index] = wanted;
  text& of = texts[index];
  of.wanted_calls = calls_for_any + static_cast<u32>(wanted.size / reference::page_size) / pages_for_call;
  of.enough_users = wanted.size <= little_text ? 1 : 2;
  return index;
}

/// Whether what is mapped from there is the host's file itself, and not too much of it to be copied.
bool is_of_file(const machine::mapping_source& source, u64 offset, u64 size) {
  return source.kind == machine::backing::host_file && !source.shared && source.offset == offset && size <= most_text;
}

/// The host's descriptor of the file that this is text of, as it is in the file; negative if it is something else.
i32 file_of(const region& r) {
  using namespace reference;
  constexpr u32 peculiar =
      region_marks::was_writable | region_marks::locked | region_marks::not_in_children | region_marks::sealed;
  if (!may_change(r) || (r.marks & peculiar) != 0 || !r.backing() || !r.backing()->node) return -1;
  const auto source = r.backing()->map(r.offset, r.size(), r.protection, false);
  return source && is_of_file(*source, r.offset, r.size()) ? source->handle : -1;
}

/// Who calls often counts as all who are needed: what it has changed is a page of its own, which each of its forks copies.
void note(text& of, u32 after, u32 calls, bool often) {
  of.calls += calls;
  for (u32 i = 0; i < of.site_count; ++i) {
    if (of.sites[i].after != after) continue;
    if (of.sites[i].users >= of.enough_users || (calls != 1 && !often)) return;
    of.sites[i].users = static_cast<u8>(often ? of.enough_users : of.sites[i].users + 1u);
    if (of.sites[i].users == of.enough_users && i >= of.copied_sites) ++of.new_sites;
    return;
  }
  if (of.site_count == text::most_sites) return;
  const auto users = static_cast<u8>(often ? of.enough_users : 1);
  of.sites[of.site_count++] = {after, users};
  if (users == of.enough_users) ++of.new_sites;
}

/// Far from what programs ask to lie beside their text, and near enough for a jump: above libraries, where room is kept for the
/// stack (exec/load.cpp), below programs, or closely below those that lie at the bottom.
i64 place_for_stubs(u32 index, u64 start, u64 end_of_memory) {
  constexpr i64 far = 1 << 30, near = 1 << 16;
  const i64 own = i64{index} * i64{reference::page_size};
  if (start < u64{far} + text_count * reference::page_size) return -near - own;
  return start < end_of_memory / 4 * 3 ? -far - own : far + own;
}

/// The text as the file has it, in a memory object: the host copies it from one to the other.
bool copy_text(const place& from, i32 file, i32 copy) {
  if (machine::object::resize(copy, from.size) < 0) return false;
  i64 at = static_cast<i64>(from.offset);
  for (u64 rest = from.size; rest != 0;) {
    const i64 sent = host_call(call::sendfile, word(copy), word(file), word(&at), rest);
    if (sent < 0) return false;
    if (sent == 0) break; // the file's end
    rest -= static_cast<u64>(sent);
  }
  return true;
}

/// A copy that is being changed: it is mapped at `start`.
struct changed_text {
  i32 copy;
  u64 start, size;

  bool read(std::span<u8> to, u64 at) const {
    return at < size && to.size() <= size - at && machine::object::read(copy, word(to.data()), to.size(), at) == static_cast<i64>(to.size());
  }
  bool write(std::span<const u8> code, u64 address) const {
    return machine::object::write(copy, word(code.data()), code.size(), address - start) == static_cast<i64>(code.size());
  }
};

/// Puts the jump to the stub of a site that is too short for it into a gap nearby.
bool make_detour(const changed_text& text, site& where, u64 stub_address) {
  constexpr u64 around = 256, alignment = 16;
  const u64 at = (where.start() - text.start) & ~(alignment - 1);
  u8 code[2 * around];
  if (where.length < short_jump_size || at < around || !text.read(code, at - around)) return false;
  const u64 first = text.start + at - around;
  const usize gap = find_gap(code, where.start() - first, jump_size);
  if (gap == sizeof code) return false;
  where.detour = static_cast<i8>(static_cast<i64>(first + gap - where.start()) - short_jump_size);
  return where.detour != 0 && text.write(jump_code{where.detour_at(), stub_address}.bytes, where.detour_at());
}

/// Changes what has been noted, in a copy of the text that is mapped at `start`. How many sites that were.
u32 change_sites(const text& of, u64 start, u64 size, i32 copy, stub_page& stubs) {
  const changed_text text{copy, start, size};
  u32 changed = 0;
  for (u32 i = 0; i < of.site_count && changed < stub_page::capacity; ++i) {
    const u64 after = of.sites[i].after, call = after - instruction_length(gate::syscall64);
    if (call < site_window || call + longest_gate > size) continue;
    u8 around[site_code_size];
    site found;
    if (!text.read(around, call - site_window) || !look_at_site(around, start + after, gate::syscall64, found)) continue;
    const u64 stub_address = start + static_cast<u64>(of.distance) + changed * stub::size;
    if (found.length < jump_size) {
      if (!make_detour(text, found, stub_address)) continue;
    } else if (stub_address < found.targets.lowest || stub_address > found.targets.highest) {
      continue;
    }
    const site_jump jump{found, stub_address};
    if (!text.write(std::span{jump.bytes}.first(replaced(found)), found.start())) break;
    write_stub(stubs.stubs[changed], found, stub_address);
    stubs.used |= u64{1} << changed++;
  }
  stubs.is_closed = true;
  return changed;
}

void make_copy(process& owner, const region& r, i32 file, u32 index) {
  text& of = texts[index];
  of.is_useless = true; // unless all goes well
  stat now{};
  if (!r.backing()->node->attributes(now)) return;
  const reference::file_state state{now};
  if (of.is_copied() && of.state != state) return give_up(index);
  const place from = places[index];
  text noted = of; // that which is mapped meanwhile has the stubs of the last copy, at their distance
  noted.distance = place_for_stubs(index, r.start, owner.memory->limit());
  const u64 start = r.start;
  auto stubs = stub_page::make();
  const i32 copy = stubs ? machine::object::create() : -1;
  if (copy < 0) return;
  u32 changed = 0;
  {
    const reference::others_may_run while_it_copies{*owner.memory};
    if (copy_text(from, file, copy)) changed = change_sites(noted, start, from.size, copy, *stubs);
  }
  if (changed == 0 || !(places[index] == from) || of.stubs != noted.stubs) return machine::object::destroy(copy); // given up meanwhile
  shared.counts.sites += changed;
  forget_copy(of);
  of.is_useless = false;
  of.copy = copy;
  of.stubs = stubs.leak();
  of.distance = noted.distance;
  of.state = state;
  of.copied_sites = noted.site_count;
  of.new_sites = 0;
  for (u32 i = of.copied_sites; i < of.site_count; ++i) of.new_sites += of.sites[i].users >= of.enough_users ? 1 : 0;
  of.calls = 0;
  ++copies_made;
}

/// The copy of a text that the process has at `start`, or is about to have, after its stubs have become part of the process.
/// Negative: there is none, or it has it.
i32 copy_for(process& owner, reference::vnode& node, u64 start, u64 offset, u64 size) {
  const u32 index = find(place::of(node, offset, size));
  if (index == text_count || !texts[index].is_copied()) return -1;
  text& of = texts[index];
  address_space& memory = *owner.memory;
  const u64 stubs_at = start + static_cast<u64>(of.distance);
  if (const region* there = memory.find(stubs_at); there != nullptr && there->backing().get() == of.stubs) return -1;
  stat now{};
  if (!node.attributes(now) || of.state != reference::file_state{now}) {
    give_up(index);
    return -1;
  }
  const reference::ref<stub_page> stubs{of.stubs};
  if (!memory.is_free(stubs_at, stubs_at + reference::page_size) || !stubs->show(memory, stubs_at)) return -1;
  // Others may have made another copy meanwhile: these stubs are not its own.
  return of.stubs == stubs.get() ? of.copy : -1;
}

/// Gives the process the copy of this text, if there is one.
void map_copy(process& owner, const region& r) {
  if (file_of(r) < 0) return;
  const u64 start = r.start, size = r.size();
  const u32 protection = r.protection;
  const i32 copy = copy_for(owner, *r.backing()->node, start, r.offset, size);
  if (copy >= 0 && machine::map(start, size, protection, {machine::backing::object, false, copy, 0}) == 0) ++shared.counts.shared_texts;
}

/// Whether its mappings may be exchanged for others.
bool may_have_copies(const process& of) {
  return shared.entry == entry_mode::patched && of.traced_threads == 0 && of.memory != nullptr && !of.memory->is_32_bit() &&
         runs_alone(of);
}

} // namespace

void note_call_site(process& owner, u64 after, u32 calls, bool often) {
  if (!may_have_copies(owner)) return;
  const region* r = owner.memory->find(after - instruction_length(gate::syscall64));
  const i32 file = r != nullptr ? file_of(*r) : -1;
  if (file < 0) return;
  const u32 index = find_or_make(place::of(*r));
  text& of = texts[index];
  if (of.is_useless) return;
  note(of, static_cast<u32>(after - r->start), calls, often);
  if (of.calls < of.wanted_calls || of.new_sites == 0) return;
  const u64 start = r->start;
  make_copy(owner, *r, file, index);
  if (const region* own = owner.memory->find(start)) map_copy(owner, *own); // others may have run meanwhile
}

} // namespace polyabi::hosted

namespace polyabi::reference::machine {

using namespace hosted;

mapping_source text_source(process& owner, u64 start, u64 size, const file& text, u64 offset, const mapping_source& source) {
  if (!is_of_file(source, offset, size) || !text.node || !may_have_copies(owner)) return source;
  const i32 copy = copy_for(owner, *text.node, start, offset, size);
  if (copy < 0) return source;
  ++shared.counts.shared_texts;
  return {backing::object, false, copy, 0};
}

/// Gives it the copies that have been made since it mapped its text. Its child's stubs are then known as its own are.
void memory_to_be_copied(process& owner) {
  u32& known = own_state()->copies_known;
  if (known == copies_made || !may_have_copies(owner)) return;
  known = copies_made;
  for (const region* r = owner.memory->first(); r != nullptr; r = owner.memory->next(*r)) map_copy(owner, *r);
}

} // namespace polyabi::reference::machine
