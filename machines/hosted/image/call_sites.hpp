// Call sites, and what is written for them: a stub, and the jump to it.
#pragma once

#include "fast_entry.hpp"
#include "gaps.hpp"

#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/heap.hpp>

namespace polyabi::hosted {

/// A page of stubs. Shared by a process and its children, which have the same text at the same addresses, and add stubs only;
/// or by all that have a copy of some text (shared_text.hpp).
struct stub_page final : reference::file {
  static constexpr u32 capacity = reference::page_size / stub::size;
  stub* stubs = nullptr;
  u64 used = 0;           ///< a bit for each
  bool is_closed = false; ///< nothing is added any more

  /// Null if there is no memory.
  static reference::ref<stub_page> make();
  ~stub_page() override {
    if (stubs != nullptr) reference::machine::free_pages(stubs, 1);
  }
  void release() override { reference::heap::destroy(this); }
  u32 mappable(bool) const override { return reference::protections::read | reference::protections::exec; }
  reference::result<reference::machine::mapping_source> map(u64 offset, u64, u32, bool) override {
    return reference::machine::mapping_source{reference::machine::backing::host_file, true, shared.arena_descriptor,
                                              word(stubs) - arena_base + offset};
  }
  /// Makes it part of a process, at this address.
  bool show(reference::address_space&, u64 address);
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

/// What is looked at of a site: so much code before the entering instruction, and that.
inline constexpr u64 site_window = code_window, site_code_size = site_window + longest_gate;

/// The site whose entering instruction ends at `after`, from the code around it. False if it is none that can be changed.
bool look_at_site(std::span<const u8, site_code_size> code, u64 after, gate through, site& found);

/// Only text that nobody writes to, neither this process nor another.
bool may_change(const reference::region& text);

/// `address`: where the stub is to a program.
void write_stub(stub& to, const site& where, u64 address);

/// How much of a site's instruction a jump replaces: the rest is there already, or is never reached.
inline usize replaced(const call_site& where) {
  return where.detour != 0 ? short_jump_size : where.length < jump_size ? where.length : jump_size;
}

/// A jump of five bytes, which stands at `from`.
struct jump_code {
  u8 bytes[jump_size] = {jump_opcode};
  jump_code(u64 from, u64 target) {
    const u32 distance = static_cast<u32>(target - (from + jump_size));
    __builtin_memcpy(bytes + 1, &distance, sizeof distance);
  }
};

/// The jump at a site whose stub is at `stub_address`.
struct site_jump : jump_code {
  usize size = jump_size; ///< of what is at the site, also where its end was there before
  site_jump(const call_site& where, u64 stub_address) : jump_code{where.start(), stub_address} {
    if (where.detour == 0) return;
    size = short_jump_size;
    bytes[0] = short_jump_opcode;
    bytes[1] = static_cast<u8>(where.detour);
  }
};

} // namespace polyabi::hosted
