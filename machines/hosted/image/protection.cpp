#include "protection.hpp"

#include <cstddef>

namespace polyabi::hosted {

static_assert(offsetof(machine_state, closed_rights) == STATE_CLOSED_RIGHTS);
static_assert(u64{1} << STACKS_SHIFT == stack_size * stack_count && arena_base % (u64{1} << STACKS_SHIFT) == 0);
static_assert(stack_size - open_words_size + offsetof(open_words, rax) == OPEN_RAX &&
              stack_size - open_words_size + offsetof(open_words, rcx) == OPEN_RCX &&
              stack_size - open_words_size + offsetof(open_words, rdx) == OPEN_RDX &&
              stack_size - open_words_size + offsetof(open_words, exit_address) == OPEN_EXIT_ADDRESS);

namespace {

bool within(u64 address, const char* from, const char* to) {
  return address >= word(from) && address < word(to);
}

bool use_key(u64 address, u64 size, u32 key) {
  return host_call(call::pkey_mprotect, address, size, host_map::read | host_map::write, key) >= 0;
}

} // namespace

bool open_landing(const machine_state& state) {
  constexpr u32 everybodys = 0;
  return !is_protected() || use_key(landing(state), landing_size(), everybodys);
}

void open_landing_alone(const machine_state& state) {
  if (!is_protected()) return;
  // As many mappings come as go.
  if (!use_key(arena_base, stack_size * stack_count, shared.protection_key) || !open_landing(state))
    reference::machine::panic("the host does not close the kernel's memory");
}

void set_rights(host_context& c, u32 rights) {
  constexpr usize header = 512; // of XSAVE: the first word is XSTATE_BV, of the components that are there
  constexpr u64 rights_component = u64{1} << 9;
  const usize at = shared.rights_offset;
  if (!is_protected() || c.floating_point == nullptr || floating_point_size(c.floating_point) < at + sizeof rights) return;
  u64 present;
  __builtin_memcpy(&present, c.floating_point + header, sizeof present);
  present |= rights_component;
  __builtin_memcpy(c.floating_point + header, &present, sizeof present);
  __builtin_memcpy(c.floating_point + at, &rights, sizeof rights);
}

void open_rights(host_context& c) {
  set_rights(c, 0);
}

const char* entry_of(gate through) {
  const bool wide = through == gate::syscall64;
  if (is_protected()) return wide ? image_protected_entry : image_protected_compat_entry;
  return wide ? image_fast_entry : image_compat_entry;
}

const char* closing_way(u64 instruction) {
  if (within(instruction, image_protected_leave, image_protected_left)) return image_protected_leave;
  if (within(instruction, image_protected_compat_leave, image_protected_compat_left)) return image_protected_compat_leave;
  return nullptr;
}

namespace {

/// The first instructions are the same.
u64 same_instruction(u64 rip, const char* from, const char* to, const char* to_end) {
  const u64 counterpart = word(to) + (rip - word(from));
  return counterpart < word(to_end) ? counterpart : word(to_end);
}

} // namespace

void undo_opening(const machine_state& state, host_context& c) {
  if (within(c.rip, image_protected_opening, image_protected_opened)) {
    const open_words& kept = open_words_of(state);
    c.rax = kept.rax;
    c.rdx = kept.rdx;
    c.rcx = c.r11;
  } else if (within(c.rip, image_protected_compat_opening, image_protected_compat_opened)) {
    c.rcx = c.r12;
    c.rdx = c.r13;
  }
  if (within(c.rip, image_protected_entry, image_protected_entry_end))
    c.rip = same_instruction(c.rip, image_protected_entry, image_fast_entry, image_fast_packed);
  else if (within(c.rip, image_protected_compat_entry, image_protected_compat_entry_end))
    c.rip = same_instruction(c.rip, image_protected_compat_entry, image_compat_entry, image_compat_packed);
}

} // namespace polyabi::hosted
