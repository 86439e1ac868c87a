// A call site is an instruction that moves or computes something, usually `mov $number, %eax`, and the one that enters the
// kernel: `syscall`, `int $0x80`, `lcall $7, $0`. The first becomes a jump to a stub of the site's own, that does the same and
// enters the kernel; the system-call instruction itself stays, so that a jump to it is dispatched. A jump is five bytes. Where
// the instruction is shorter, the jump's last bytes are those that stand there anyway, and the stub lies where they lead: 1.2
// GiB up for `xor %eax, %eax; syscall; cmp ...`; or, in text that many processes share (shared_text.cpp), it is a jump of two bytes to
// one of five in a gap nearby (gaps.hpp). One instruction is replaced, never two, and none is cut: nothing can jump into the middle.
//
// Left alone are sites where the code before is not understood, or may change: text that the program can write to or shares.
#include "call_sites.hpp"

#include "instructions.hpp"
#include "protection.hpp"

namespace polyabi::hosted {

using reference::region;
namespace machine = reference::machine;

reference::ref<stub_page> stub_page::make() {
  auto* page = reference::heap::create<stub_page>();
  if (page == nullptr) return {};
  const auto made = reference::ref<stub_page>{page};
  page->stubs = static_cast<stub*>(machine::allocate_pages(1));
  if (page->stubs == nullptr) return nullptr;
  __builtin_memset(static_cast<void*>(page->stubs), 0, reference::page_size); // programs see it
  return made;
}

bool stub_page::show(reference::address_space& memory, u64 address) {
  using namespace reference;
  constexpr u32 placed = map_flags::shared | map_flags::fixed;
  return static_cast<bool>(memory.map(address, page_size, protections::read | protections::exec, placed, ref<file>{this}, 0,
                                      region::purpose::call_stubs));
}

bool may_change(const region& text) {
  using namespace reference;
  return (text.protection & (protections::write | protections::exec)) == protections::exec &&
         (text.flags & map_flags::private_) != 0;
}

namespace {

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

/// What a stub has behind the moved instruction: see write_stub.
constexpr usize far_jump_size = 7, entering_size = 13;

/// Bytes of an instruction for which a stub has room.
u32 longest_moved(const call_site& where) {
  return static_cast<u32>(sizeof stub::code - entering_size - (where.is_32_bit() ? far_jump_size : 0));
}

} // namespace

bool look_at_site(std::span<const u8, site_code_size> code, u64 after, gate through, site& found) {
  found.after = after;
  found.through = through;
  const instruction last =
      last_instruction(code.first<site_window>(), found.is_32_bit() ? code_kind::bits32 : code_kind::bits64);
  if (!last.movable || last.length > longest_moved(found)) return false;
  found.length = last.length;
  found.far_call = {static_cast<u32>(found.call()), selector::user32};
  __builtin_memcpy(found.code, code.data() + site_window - last.length, last.length + longest_gate);
  found.targets = targets_of(found);
  return gate_at(code.last<longest_gate>(), found.is_32_bit()) == through;
}

void write_stub(stub& to, const site& where, u64 address) {
  to = {{}, word(entry_of(where.through)), where};
  if (!where.is_32_bit()) to.record.after -= address + offsetof(stub, record);
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

} // namespace polyabi::hosted
