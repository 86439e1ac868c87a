#include "value_flow.hpp"

#include <deque>
#include <set>

namespace polyabi::check {

namespace {

constexpr usize most_steps = 200'000;

std::optional<u8> index_of(ZydisRegister r, bool wide) {
  const ZydisRegister whole =
      ZydisRegisterGetLargestEnclosing(wide ? ZYDIS_MACHINE_MODE_LONG_64 : ZYDIS_MACHINE_MODE_LEGACY_32, r);
  const ZyanI8 id = ZydisRegisterGetId(whole);
  const ZydisRegisterClass kind = ZydisRegisterGetClass(whole);
  if ((kind != ZYDIS_REGCLASS_GPR64 && kind != ZYDIS_REGCLASS_GPR32) || id < 0 || id >= register_count) return {};
  return static_cast<u8>(id);
}

constexpr bool is_conditional_move(ZydisMnemonic m) {
  return m >= ZYDIS_MNEMONIC_CMOVB && m <= ZYDIS_MNEMONIC_CMOVZ;
}

constexpr u64 low_bits(u16 bits) {
  return bits >= 64 ? ~u64{0} : (u64{1} << bits) - 1;
}

} // namespace

const value* stack_words::find(i64 offset) const {
  const auto at = std::lower_bound(words_.begin(), words_.end(), offset, [](const word& w, i64 o) { return w.offset < o; });
  return at != words_.end() && at->offset == offset ? &at->what : nullptr;
}

void stack_words::set(i64 offset, const value& what) {
  const auto at = std::lower_bound(words_.begin(), words_.end(), offset, [](const word& w, i64 o) { return w.offset < o; });
  if (at != words_.end() && at->offset == offset)
    at->what = what;
  else
    words_.insert(at, {offset, what});
}

bool stack_words::join(const stack_words& other) {
  bool changed = false;
  for (word& mine : words_) {
    const value* theirs = other.find(mine.offset);
    const value both = theirs == nullptr ? value::unknown() : mine.what.joined(*theirs);
    changed = changed || !(both == mine.what);
    mine.what = both;
  }
  for (const word& theirs : other.words_)
    if (find(theirs.offset) == nullptr) { // only the other way has written it
      set(theirs.offset, value::unknown());
      changed = true;
    }
  return changed;
}

bool machine_values::join(const machine_values& other) {
  if (!reached) {
    *this = other;
    reached = true;
    return true;
  }
  bool changed = false;
  for (usize i = 0; i < register_count; ++i) {
    const value both = registers[i].joined(other.registers[i]);
    changed = changed || !(both == registers[i]);
    registers[i] = both;
  }
  if (stack.join(other.stack)) changed = true;
  return changed;
}

value machine_values::stack_word(i64 offset, usize word_size) const {
  const value& top = registers[stack_pointer];
  if (top.what() != value::kind::stack) return value::unknown();
  const i64 at = top.offset() + offset;
  if (const value* known = stack.find(at)) return *known;
  return at >= static_cast<i64>(word_size) ? value::on_stack(at) : value::unknown();
}

value_flow::value_flow(const elf_image& image, const function_range& range, bool is_go)
    : image_{image}, is_go_{is_go}, wide_{image.arch() == architecture::x86_64}, word_{wide_ ? 8 : 4} {
  decode(range);
  if (steps_.empty()) return;
  find_blocks(range);
  run();
}

void value_flow::decode(const function_range& range) {
  decoder decode{image_, true};
  for (u64 at = range.start; at < range.end && steps_.size() < most_steps;) {
    step s;
    if (!decode(at, s.what)) {
      ++at;
      continue;
    }
    ZydisDecodedOperand all[ZYDIS_MAX_OPERAND_COUNT];
    s.mnemonic = decode.raw().mnemonic;
    s.first_operand = static_cast<u32>(operands_.size());
    if (decode.operands(all)) {
      s.operand_count = decode.raw().operand_count;
      s.visible_count = decode.raw().operand_count_visible;
      operands_.insert(operands_.end(), all, all + s.operand_count);
    }
    steps_.push_back(s);
    at = s.what.end();
  }
}

void value_flow::find_blocks(const function_range& range) {
  std::set<u64> leaders{steps_.front().what.address};
  for (const step& s : steps_) {
    const bool ends = s.what.kind == instruction_kind::jump || s.what.kind == instruction_kind::conditional ||
                      s.what.kind == instruction_kind::back;
    if (ends) leaders.insert(s.what.end());
    if (s.what.kind != instruction_kind::call && s.what.has_target && s.what.target >= range.start && s.what.target < range.end)
      leaders.insert(s.what.target);
  }
  std::map<u64, u32> block_at;
  for (u32 i = 0; i < steps_.size(); ++i) {
    if (i == 0 || leaders.contains(steps_[i].what.address)) {
      block_at.emplace(steps_[i].what.address, static_cast<u32>(blocks_.size()));
      blocks_.emplace_back().first = i;
    }
    blocks_.back().last = i + 1;
  }
  for (u32 b = 0; b < blocks_.size(); ++b) {
    const instruction& last = steps_[blocks_[b].last - 1].what;
    const auto lead_to = [&](u32 to) {
      blocks_[b].next.push_back(to);
      blocks_[to].has_predecessor = true;
    };
    const bool jumps = last.kind == instruction_kind::jump || last.kind == instruction_kind::conditional;
    if (jumps && last.has_target) {
      if (const auto to = block_at.find(last.target); to != block_at.end()) lead_to(to->second);
    } else if (jumps) {
      blocks_[b].leaves_indirectly = true;
    }
    const bool falls_through = last.kind != instruction_kind::jump && last.kind != instruction_kind::back;
    if (falls_through && b + 1 < blocks_.size()) lead_to(b + 1);
  }
}

bool value_flow::is_padding(const block& b) const {
  for (u32 i = b.first; i < b.last; ++i) {
    const step& s = steps_[i];
    if (s.mnemonic == ZYDIS_MNEMONIC_NOP || s.mnemonic == ZYDIS_MNEMONIC_INT3) continue;
    // i386 has longer ones: lea 0(%esi), %esi; mov %esi, %esi.
    if (s.visible_count != 2 || operand(s, 0).type != ZYDIS_OPERAND_TYPE_REGISTER) return false;
    const ZydisDecodedOperand& from = operand(s, 1);
    const ZydisRegister to = operand(s, 0).reg.value;
    const bool is_long_lea = s.mnemonic == ZYDIS_MNEMONIC_LEA && from.mem.base == to && from.mem.disp.value == 0 &&
                             from.mem.index == ZYDIS_REGISTER_NONE;
    const bool is_move = s.mnemonic == ZYDIS_MNEMONIC_MOV && from.type == ZYDIS_OPERAND_TYPE_REGISTER && from.reg.value == to;
    if (!is_long_lea && !is_move) return false;
  }
  return true;
}

void value_flow::propagate(std::vector<u32> first) {
  std::deque<u32> work{first.begin(), first.end()};
  while (!work.empty()) {
    const u32 b = work.front();
    work.pop_front();
    machine_values now = blocks_[b].start;
    for (u32 i = blocks_[b].first; i < blocks_[b].last; ++i) apply(steps_[i], now);
    for (const u32 next : blocks_[b].next)
      if (blocks_[next].start.join(now)) work.push_back(next);
  }
}

void value_flow::run() {
  machine_values entry;
  entry.reached = true;
  for (u8 r = 0; r < register_count; ++r) entry.registers[r] = value::in_register(r);
  entry.registers[stack_pointer] = value::stack_address(0);
  blocks_.front().start = entry;
  propagate({0});
  // What is left is reached through jump tables: with what is known where a jump leaves for somewhere.
  machine_values anywhere;
  for (const block& b : blocks_) {
    if (!b.leaves_indirectly || !b.start.reached) continue;
    machine_values now = b.start;
    for (u32 i = b.first; i < b.last; ++i) apply(steps_[i], now);
    anywhere.join(now);
  }
  if (!anywhere.reached) {
    for (value& r : anywhere.registers) r = value::unknown();
    anywhere.registers[stack_pointer] =
        value::stack_address(-(i64{1} << 40)); // somewhere: its words are relative to each other
    anywhere.reached = true;
  }
  for (const bool only_without_predecessor : {true, false})
    for (u32 b = 0; b < blocks_.size(); ++b)
      if (!blocks_[b].start.reached && !is_padding(blocks_[b]) && !(only_without_predecessor && blocks_[b].has_predecessor)) {
        blocks_[b].start = anywhere;
        propagate({b});
      }
}

const machine_values* value_flow::before(u64 address) const {
  if (const auto known = asked_.find(address); known != asked_.end()) return &known->second;
  auto after = std::upper_bound(blocks_.begin(), blocks_.end(), address,
                                [&](u64 a, const block& b) { return a < steps_[b.first].what.address; });
  if (after == blocks_.begin()) return nullptr;
  --after;
  if (!after->start.reached) return nullptr;
  machine_values now = after->start;
  for (u32 i = after->first; i < after->last; ++i) {
    if (steps_[i].what.address == address) return &(asked_[address] = std::move(now));
    apply(steps_[i], now);
  }
  return nullptr;
}

value value_flow::narrowed(const value& v, u16 bits) const {
  if (bits >= static_cast<u16>(word_ * 8)) return v;
  if (bits == 32 && !v.is_constant()) return v; // an argument's lower half still says where it comes from
  return v.mapped([&](u64 n) { return n & low_bits(bits); });
}

value value_flow::address_of(const ZydisDecodedOperand& o, const machine_values& now, u64 next_address) const {
  const auto distance = static_cast<u64>(o.mem.disp.has_displacement ? o.mem.disp.value : 0);
  if (o.mem.segment == ZYDIS_REGISTER_FS || o.mem.segment == ZYDIS_REGISTER_GS) return value::unknown();
  value base = value::constant(0);
  if (o.mem.base == ZYDIS_REGISTER_RIP)
    base = value::constant(next_address);
  else if (o.mem.base != ZYDIS_REGISTER_NONE)
    if (const auto index = index_of(o.mem.base, wide_)) base = now.registers[*index];
  if (o.mem.index != ZYDIS_REGISTER_NONE) {
    const auto index = index_of(o.mem.index, wide_);
    const value& by = index ? now.registers[*index] : base;
    if (!by.is_constant() || by.numbers().size() != 1) return value::unknown();
    return base.mapped([&](u64 n) { return n + by.numbers()[0] * o.mem.scale + distance; });
  }
  if (base.what() == value::kind::stack) return value::stack_address(base.offset() + static_cast<i64>(distance));
  if (base.is_argument() && distance == 0) return base;
  const u64 mask = wide_ ? ~u64{0} : 0xffffffff;
  return base.mapped([&](u64 n) { return (n + distance) & mask; });
}

value value_flow::read(const ZydisDecodedOperand& o, const machine_values& now, u64 next_address) const {
  switch (o.type) {
  case ZYDIS_OPERAND_TYPE_IMMEDIATE:
    return value::constant((o.imm.is_signed ? static_cast<u64>(o.imm.value.s) : o.imm.value.u) &
                           (wide_ ? ~u64{0} : 0xffffffff));
  case ZYDIS_OPERAND_TYPE_REGISTER: {
    const auto index = index_of(o.reg.value, wide_);
    if (!index) return value::unknown();
    const bool is_high_byte = o.reg.value >= ZYDIS_REGISTER_AH && o.reg.value <= ZYDIS_REGISTER_BH;
    return is_high_byte ? value::unknown() : narrowed(now.registers[*index], o.size);
  }
  case ZYDIS_OPERAND_TYPE_MEMORY: {
    const value address = address_of(o, now, next_address);
    if (address.what() != value::kind::stack || o.size < 32) return value::unknown();
    if (const value* known = now.stack.find(address.offset())) return narrowed(*known, o.size);
    return address.offset() >= word_ ? value::on_stack(address.offset()) : value::unknown();
  }
  default: return value::unknown();
  }
}

void value_flow::write(const ZydisDecodedOperand& o, const value& what, machine_values& now, u64 next_address) const {
  if (o.type == ZYDIS_OPERAND_TYPE_REGISTER) {
    const auto index = index_of(o.reg.value, wide_);
    if (index) now.registers[*index] = o.size >= 32 ? narrowed(what, o.size) : value::unknown();
  } else if (o.type == ZYDIS_OPERAND_TYPE_MEMORY) {
    const value address = address_of(o, now, next_address);
    if (address.what() == value::kind::stack)
      now.stack.set(address.offset(), o.size >= 32 ? narrowed(what, o.size) : value::unknown());
  }
}

void value_flow::push(const value& what, machine_values& now) const {
  value& top = now.registers[stack_pointer];
  if (top.what() != value::kind::stack) return;
  top = value::stack_address(top.offset() - word_);
  now.stack.set(top.offset(), what);
}

value value_flow::pop(machine_values& now) const {
  value& top = now.registers[stack_pointer];
  if (top.what() != value::kind::stack) return value::unknown();
  const i64 at = top.offset();
  top = value::stack_address(at + word_);
  const value* known = now.stack.find(at);
  return known == nullptr ? value::unknown() : *known;
}

void value_flow::apply_arithmetic(const step& s, machine_values& now) const {
  const ZydisDecodedOperand& to = operand(s, 0);
  const u64 next = s.what.end();
  const value left = read(to, now, next);
  const value right = s.visible_count > 1 ? read(operand(s, 1), now, next) : value::constant(1);
  const bool one = right.is_constant() && right.numbers().size() == 1;
  const u64 by = one ? right.numbers()[0] : 0;
  const bool same_register = s.visible_count > 1 && to.type == ZYDIS_OPERAND_TYPE_REGISTER &&
                             operand(s, 1).type == ZYDIS_OPERAND_TYPE_REGISTER && to.reg.value == operand(s, 1).reg.value;
  value result = value::unknown();
  switch (s.mnemonic) {
  case ZYDIS_MNEMONIC_XOR:
  case ZYDIS_MNEMONIC_SUB:
    if (same_register)
      result = value::constant(0);
    else if (s.mnemonic == ZYDIS_MNEMONIC_SUB && left.what() == value::kind::stack && one)
      result = value::stack_address(left.offset() - static_cast<i64>(wide_ ? by : static_cast<u64>(static_cast<i32>(by))));
    else if (one)
      result = left.mapped([&](u64 n) { return s.mnemonic == ZYDIS_MNEMONIC_SUB ? n - by : n ^ by; });
    break;
  case ZYDIS_MNEMONIC_ADD:
    if (left.what() == value::kind::stack && one)
      result = value::stack_address(left.offset() + static_cast<i64>(wide_ ? by : static_cast<u64>(static_cast<i32>(by))));
    else if (one)
      result = left.mapped([&](u64 n) { return n + by; });
    break;
  case ZYDIS_MNEMONIC_INC: result = left.mapped([](u64 n) { return n + 1; }); break;
  case ZYDIS_MNEMONIC_DEC: result = left.mapped([](u64 n) { return n - 1; }); break;
  case ZYDIS_MNEMONIC_NEG: result = left.mapped([](u64 n) { return ~n + 1; }); break;
  case ZYDIS_MNEMONIC_NOT: result = left.mapped([](u64 n) { return ~n; }); break;
  case ZYDIS_MNEMONIC_AND:
    if (left.what() == value::kind::stack) // aligns the stack
      result = value::stack_address(left.offset() & ~i64{15});
    else if (one)
      result = by == 0 ? value::constant(0) : left.mapped([&](u64 n) { return n & by; });
    break;
  case ZYDIS_MNEMONIC_OR:
    if (one) result = by == ~u64{0} ? right : left.mapped([&](u64 n) { return n | by; });
    break;
  case ZYDIS_MNEMONIC_SHL:
    if (one && by < 64) result = left.mapped([&](u64 n) { return n << by; });
    break;
  default: break;
  }
  write(to, result, now, next);
}

/// `mov (%esp), %REG; ret`: how position-independent code of i386 learns where it is. The register.
std::optional<u8> value_flow::program_counter_thunk(const instruction& call) const {
  if (wide_ || !call.has_target) return {};
  const auto code = image_.bytes_at(call.target);
  if (code.size() < 4 || code[0] != 0x8b || (code[1] & 0xc7) != 0x04 || code[2] != 0x24 || code[3] != 0xc3) return {};
  return static_cast<u8>(code[1] >> 3 & 7);
}

void value_flow::apply(const step& s, machine_values& now) const {
  const u64 next = s.what.end();
  const auto set = [&](std::initializer_list<u8> all, const value& to) {
    for (const u8 r : all) now.registers[r] = to;
  };
  const auto forget = [&](std::initializer_list<u8> all) { set(all, value::unknown()); };
  switch (s.mnemonic) {
  case ZYDIS_MNEMONIC_NOP:
  case ZYDIS_MNEMONIC_ENDBR32:
  case ZYDIS_MNEMONIC_ENDBR64:
  case ZYDIS_MNEMONIC_CMP:
  case ZYDIS_MNEMONIC_TEST: return;
  case ZYDIS_MNEMONIC_MOV:
  case ZYDIS_MNEMONIC_MOVZX:
    if (s.visible_count == 2) write(operand(s, 0), read(operand(s, 1), now, next), now, next);
    return;
  case ZYDIS_MNEMONIC_MOVSX:
  case ZYDIS_MNEMONIC_MOVSXD: {
    const u16 bits = operand(s, 1).size;
    const value from = read(operand(s, 1), now, next);
    const value extended = from.mapped([&](u64 n) {
      const u64 sign = u64{1} << (bits - 1);
      return ((n & low_bits(bits)) ^ sign) - sign;
    });
    write(operand(s, 0), bits == 32 && from.is_argument() ? from : extended, now, next);
    return;
  }
  case ZYDIS_MNEMONIC_CDQE:
    now.registers[0] = now.registers[0].is_argument() ? now.registers[0] : now.registers[0].mapped([](u64 n) {
      return static_cast<u64>(static_cast<i64>(static_cast<i32>(n)));
    });
    return;
  case ZYDIS_MNEMONIC_LEA: write(operand(s, 0), address_of(operand(s, 1), now, next), now, next); return;
  case ZYDIS_MNEMONIC_PUSH: push(read(operand(s, 0), now, next), now); return;
  case ZYDIS_MNEMONIC_POP: {
    const value top = pop(now);
    write(operand(s, 0), top, now, next);
    return;
  }
  case ZYDIS_MNEMONIC_LEAVE:
    now.registers[stack_pointer] = now.registers[frame_pointer];
    now.registers[frame_pointer] = pop(now);
    return;
  case ZYDIS_MNEMONIC_XCHG: {
    const value first = read(operand(s, 0), now, next), second = read(operand(s, 1), now, next);
    write(operand(s, 0), second, now, next);
    write(operand(s, 1), first, now, next);
    return;
  }
  case ZYDIS_MNEMONIC_CALL:
    if (s.what.kind == instruction_kind::kernel_entry) break;
    if (s.what.has_target && s.what.target == next) { // where am I?
      push(value::constant(next), now);
      return;
    }
    if (const auto r = program_counter_thunk(s.what)) {
      now.registers[*r] = value::constant(next);
      return;
    }
    // The answer is not known. What else a call does not preserve nobody reads before it is written anew: another way to the
    // same place may know it, where this call does not come back.
    forget({0, 2});
    if (is_go_) {
      forget({1, 3, 6, 7, 8, 9, 10, 11}); // answers as well
      set({5, 12, 13, 14, 15}, {});
    } else {
      set({1}, {});
      if (wide_) set({6, 7, 8, 9, 10, 11}, {});
    }
    return;
  case ZYDIS_MNEMONIC_ADD:
  case ZYDIS_MNEMONIC_SUB:
  case ZYDIS_MNEMONIC_XOR:
  case ZYDIS_MNEMONIC_AND:
  case ZYDIS_MNEMONIC_OR:
  case ZYDIS_MNEMONIC_SHL:
  case ZYDIS_MNEMONIC_INC:
  case ZYDIS_MNEMONIC_DEC:
  case ZYDIS_MNEMONIC_NEG:
  case ZYDIS_MNEMONIC_NOT: apply_arithmetic(s, now); return;
  default: break;
  }
  if (s.what.kind == instruction_kind::kernel_entry) {
    forget({0});
    if (s.what.gate == entry_gate::syscall) forget({1, 11});
    if (s.what.gate == entry_gate::lcall7 || s.what.gate == entry_gate::lcall27) forget({2});
    return;
  }
  if (is_conditional_move(s.mnemonic) && s.visible_count == 2) {
    write(operand(s, 0), read(operand(s, 0), now, next).joined(read(operand(s, 1), now, next)), now, next);
    return;
  }
  for (usize i = 0; i < s.operand_count; ++i) {
    const ZydisDecodedOperand& o = operand(s, i);
    if ((o.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0) write(o, value::unknown(), now, next);
  }
}

} // namespace polyabi::check
