// The C++ side of fast_entry.S: what a fast call does, where a host signal found it, and the floating-point state, which stays
// in the processor during a fast call until somebody asks for it.
#include "fast_entry.hpp"

#include "protection.hpp"
#include "selectors.hpp"

#include <cstddef>

namespace polyabi::hosted {

namespace trap = reference::trap;

static_assert(PAGE_SIZE == reference::page_size);
static_assert(STACK_SIZE == stack_size && STACKS_START == arena_base && STACK_COUNT == stack_count);
static_assert(offsetof(machine_state, in_kernel) == STATE_IN_KERNEL && offsetof(machine_state, attention) == STATE_ATTENTION &&
              offsetof(machine_state, user_stack) == STATE_USER_STACK &&
              offsetof(machine_state, exit_address) == STATE_EXIT_ADDRESS &&
              offsetof(machine_state, call_stack) == STATE_CALL_STACK && offsetof(machine_state, call) == FRAME_AT);
static_assert(offsetof(registers, rax) == REG_RAX && offsetof(registers, rbx) == REG_RBX &&
              offsetof(registers, rcx) == REG_RCX && offsetof(registers, rdx) == REG_RDX &&
              offsetof(registers, rsi) == REG_RSI && offsetof(registers, rdi) == REG_RDI &&
              offsetof(registers, rbp) == REG_RBP && offsetof(registers, rsp) == REG_RSP && offsetof(registers, r8) == REG_R8 &&
              offsetof(registers, r9) == REG_R9 && offsetof(registers, r10) == REG_R10 && offsetof(registers, r11) == REG_R11 &&
              offsetof(registers, r12) == REG_R12 && offsetof(registers, r13) == REG_R13 &&
              offsetof(registers, r14) == REG_R14 && offsetof(registers, r15) == REG_R15);
static_assert(offsetof(registers, rip) == REG_RIP && offsetof(registers, rflags) == REG_RFLAGS &&
              offsetof(registers, cs) == REG_CS && offsetof(registers, ds) == REG_DS && offsetof(registers, gs) == REG_DS + 6 &&
              offsetof(registers, trap_number) == REG_TRAP && offsetof(registers, fault_address) == REG_FAULT_ADDRESS &&
              offsetof(registers, fpu) == REG_FPU && offsetof(registers, fpu_size) == REG_FPU_SIZE &&
              offsetof(registers, fpu_changed) == REG_FPU_SIZE + 4 && offsetof(registers, save_floating_point) == REG_SAVE_FPU);
static_assert(offsetof(call_site, after) == SITE_AFTER && offsetof(call_site, far_call) == SITE_CALL);
static_assert(selector::user32 == USER_CODE_32);
static_assert(static_cast<u8>(way_back::context) == BY_CONTEXT && static_cast<u8>(way_back::jump) == BY_JUMP &&
              static_cast<u8>(way_back::far_jump) == BY_FAR_JUMP &&
              static_cast<u8>(way_back::closing_jump) == BY_CLOSING_JUMP &&
              static_cast<u8>(way_back::closing_far_jump) == BY_CLOSING_FAR_JUMP);

namespace {

/// What a return by a jump leaves alone is as the user is to have it.
way_back back_to(const registers& r, const machine_state& state) {
  if ((r.rflags & ~u64{ARITHMETIC_FLAGS}) != ORDINARY_FLAGS || r.fpu_changed || state.fresh_floating_point)
    return way_back::context;
  if (r.cs == selector::user64)
    return state.user_has_gs_base ? way_back::context : is_protected() ? way_back::closing_jump : way_back::jump;
  const bool is_flat = r.cs == selector::user32 && r.ss == selector::data;
  if (!is_flat || selectors_of(r) != loaded_selectors()) return way_back::context;
  return is_protected() ? way_back::closing_far_jump : way_back::far_jump;
}

bool within(u64 address, const char* from, const char* to) {
  return address >= word(from) && address < word(to);
}

/// The state that `fninit` and the default MXCSR leave, in an area without anything but it (Intel's manual, volume 1, 13.6).
void make_initial(u8* area) {
  __builtin_memset(area, 0, shared.floating_point_size);
  constexpr u16 control_word = 0x37f;
  constexpr u32 mxcsr = 0x1f80, all_mxcsr_bits = 0xffff;
  __builtin_memcpy(area, &control_word, sizeof control_word);
  __builtin_memcpy(area + 24, &mxcsr, sizeof mxcsr);
  __builtin_memcpy(area + 28, &all_mxcsr_bits, sizeof all_mxcsr_bits);
}

/// As the host's signal frames have it, so that its rt_sigreturn takes it (asm/sigcontext.h: struct _fpx_sw_bytes).
void describe_area(u8* area) {
  struct {
    u32 magic, extended_size;
    u64 features;
    u32 state_size, padding[7];
  } software{0x46505853, shared.floating_point_size + 4, shared.floating_point_features, shared.floating_point_size, {}};
  static_assert(sizeof software == 48);
  __builtin_memcpy(area + 464, &software, sizeof software);
  constexpr u32 end_magic = 0x46505845;
  __builtin_memcpy(area + shared.floating_point_size, &end_magic, sizeof end_magic);
}

} // namespace

extern "C" {

way_back image_fast_call(registers& r, machine_state& state) {
  state.context = nullptr;
  state.fresh_floating_point = false;
  ++shared.counts.fast;
  trap::system_call(*state.owner, r, gate::syscall64);
  return back_to(r, state);
}

way_back image_compat_call(registers& r, machine_state& state, const call_site& site) {
  state.context = nullptr;
  state.fresh_floating_point = false;
  ++shared.counts.fast;
  r.r8 = r.r9 = r.r10 = r.r11 = r.r12 = r.r13 = r.r14 = r.r15 = 0;
  r.rip = site.after;
  r.cs = selector::user32;
  r.ss = selector::data;
  set_selectors(r, loaded_selectors());
  r.trap_number = r.trap_error = 0;
  r.fault_address = 0;
  r.fpu = nullptr;
  r.fpu_size = 0;
  r.fpu_changed = false;
  r.save_floating_point = image_save_floating_point;
  trap::system_call(*state.owner, r, site.through);
  return back_to(r, state);
}

way_back image_fast_attention(registers& r, machine_state& state) {
  trap::attention(*state.owner, r);
  return back_to(r, state);
}

void image_save_floating_point(registers& r) {
  const machine_state& state = *own_state();
  auto* area = reinterpret_cast<u8*>(floating_point_area(state));
  if (state.fresh_floating_point) {
    make_initial(area);
  } else {
    __builtin_memset(area + 512, 0, 64); // XSAVE leaves most of its header alone
    asm volatile("xsave64 (%0)" : : "r"(area), "a"(~0u), "d"(~0u) : "memory");
  }
  describe_area(area);
  r.fpu = area;
  r.fpu_size = shared.floating_point_size + 4;
}

host_context* image_make_context(registers& r, machine_state& state) {
  host_context* context = context_place(state);
  *context = {};
  context->stack = alternate_stack(state);
  if (!state.fresh_floating_point) context->floating_point = static_cast<u8*>(r.floating_point());
  store(*context, r, state);
  return context;
}
}

bool begin_again(machine_state& state, host_context& c) {
  if (within(c.rip, image_fast_leave, image_fast_left)) {
    c.rip = word(image_fast_leave);
  } else if (within(c.rip, image_compat_leave, image_compat_left)) {
    c.rip = word(image_compat_leave);
  } else if (within(c.rip, image_context_leave, image_context_left)) {
    c.rip = word(image_leave_by_context);
  } else if (const char* const closing = closing_way(c.rip)) {
    c.rip = word(closing);
  } else {
    return false;
  }
  open_rights(c);
  c.rbx = word(&state);
  state.in_kernel = true;
  return true;
}

namespace {

/// The call's number, from where fast_entry.S has it; and whether the user's flags are in rax.
struct packed_number {
  u64 number;
  bool flags_saved;
};

u64 unpacked(u64 number_and_flags) {
  return static_cast<u64>(static_cast<i64>(number_and_flags) >> 16);
}

packed_number number_on_the_way_in(const host_context& c) {
  if (c.rip < word(image_fast_number_kept)) return {c.rax, false};
  if (c.rip < word(image_fast_number_shifted)) return {c.r11, false};
  if (c.rip < word(image_fast_packed)) return {unpacked(c.r11), true};
  return {unpacked(c.rax), true};
}

packed_number number_on_the_way_back(const host_context& c) {
  if (c.rip < word(image_fast_refused_unpacked)) return {unpacked(c.rax), true};
  if (c.rip < word(image_fast_refused_late)) return {c.r11, true};
  if (c.rip < word(image_fast_refused_whole)) return {c.r11, false};
  return {c.rax, false};
}

/// The arithmetic flags from what LAHF and SETO have left in ah and al; or from al after the addition that sets the overflow
/// flag: 0x7f or 0x80.
u64 with_flags(u64 rflags, u64 saved) {
  const u64 low = saved & 0xff, overflow = low == 1 || low == 0x80 ? 0x800 : 0;
  return (rflags & ~u64{ARITHMETIC_FLAGS}) | (saved >> 8 & 0xd5) | overflow;
}

/// The instruction that enters the kernel, which stands where it was.
void go_to_call(host_context& c, const call_site& site) {
  c.rip = site.call();
  c.cs = site.is_32_bit() ? selector::user32 : selector::user64;
}

/// A 32-bit user, from compat_entry.S.
void undo_compat_entry(const machine_state& state, host_context& c) {
  const bool entering = within(c.rip, image_compat_entry, image_compat_entered);
  if (!entering && !within(c.rip, image_compat_refused, image_compat_end)) return;
  if (entering && c.rip >= word(image_compat_stack_left)) c.rsp = c.r14;
  if (entering && c.rip >= word(image_compat_saved)) {
    const registers& saved = state.call;
    c.rbx = saved.rbx;
    c.rdx = saved.rdx;
    c.rsi = saved.rsi;
    c.rdi = saved.rdi;
  }
  if (c.rip >= word(image_compat_packed)) c.rflags = with_flags(c.rflags, c.r9);
  if (c.rip != word(image_compat_entry)) c.rax = c.r10;
  go_to_call(c, *reinterpret_cast<const call_site*>(c.r11));
}

} // namespace

void undo_entry(machine_state& state, host_context& c) {
  undo_opening(state, c);
  undo_compat_entry(state, c);
  const bool entering = within(c.rip, image_fast_entry, image_fast_entered);
  if (!entering && !within(c.rip, image_fast_refused, image_fast_end)) return;
  const call_site site = reinterpret_cast<const call_site*>(c.rcx)->at(c.rcx);
  if (entering && c.rip >= word(image_fast_stack_left)) {
    c.rsp = state.user_stack;
    if (c.rip >= word(image_fast_saved)) {
      const registers& saved = state.call;
      c.rbx = saved.rbx;
      c.rdx = saved.rdx;
      c.rsi = saved.rsi;
      c.rdi = saved.rdi;
    }
  }
  const packed_number found = entering ? number_on_the_way_in(c) : number_on_the_way_back(c);
  if (found.flags_saved) c.rflags = with_flags(c.rflags, c.rax);
  c.rax = found.number;
  go_to_call(c, site);
}

namespace {

/// The stub at an address of the user's.
bool read_stub(stub& to, u64 address) {
  return address % stub::size == 0 && reference::machine::copy_in(&to, address, sizeof to) &&
         (to.entry == word(entry_of(gate::syscall64)) || to.entry == word(entry_of(gate::int80)));
}

/// A thread that is at the jump in the gap.
void leave_detour(host_context& c) {
  struct [[gnu::packed]] {
    u8 opcode;
    i32 distance;
  } jump;
  static_assert(sizeof jump == jump_size);
  stub there;
  if (c.cs != selector::user64 || !reference::machine::copy_in(&jump, c.rip, sizeof jump) || jump.opcode != jump_opcode) return;
  const u64 target = c.rip + sizeof jump + static_cast<u64>(i64{jump.distance});
  if (!read_stub(there, target)) return;
  const call_site site = there.site(target);
  if (site.detour != 0 && site.detour_at() == c.rip) c.rip = site.start();
}

} // namespace

void leave_stub(host_context& c) {
  stub here;
  const u64 start = c.rip & ~u64{stub::size - 1};
  if (c.cs != selector::user64 && c.cs != selector::user32) return;
  if (!read_stub(here, start) || c.rip - start >= sizeof here.code) return leave_detour(c);
  const bool is_first = c.rip == start;
  const call_site site = here.site(start);
  go_to_call(c, site);
  if (is_first) c.rip = site.start();
}

void settle_gs_base(machine_state& state) {
  if (shared.has_fsgsbase && !state.user_has_gs_base) asm volatile("wrgsbase %0" : : "r"(word(&state)));
}

} // namespace polyabi::hosted
