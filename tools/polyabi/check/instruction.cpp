#include "instruction.hpp"

namespace polyabi::check {

std::string_view gate_name(entry_gate gate) {
  switch (gate) {
  case entry_gate::none: return "";
  case entry_gate::syscall: return "syscall";
  case entry_gate::sysenter: return "sysenter";
  case entry_gate::int80: return "int $0x80";
  case entry_gate::vsyscall_gs: return "call *%gs:0x10";
  case entry_gate::lcall7: return "lcall $7,$0";
  case entry_gate::lcall27: return "lcall $0x27,$0";
  case entry_gate::lcall0f: return "lcall $0xf,$0";
  case entry_gate::int91: return "int $0x91";
  case entry_gate::intd2: return "int $0xd2";
  }
  return "";
}

decoder::decoder(const elf_image& image, bool with_operands) : image_{image} {
  const bool wide = image.arch() == architecture::x86_64;
  ZydisDecoderInit(&decoder_, wide ? ZYDIS_MACHINE_MODE_LONG_64 : ZYDIS_MACHINE_MODE_LEGACY_32,
                   wide ? ZYDIS_STACK_WIDTH_64 : ZYDIS_STACK_WIDTH_32);
  ZydisDecoderEnableMode(&decoder_, ZYDIS_DECODER_MODE_MINIMAL, with_operands ? ZYAN_FALSE : ZYAN_TRUE);
}

namespace {

entry_gate interrupt_gate(u64 vector) {
  switch (vector) {
  case 0x80: return entry_gate::int80;
  case 0x91: return entry_gate::int91;
  case 0xd2: return entry_gate::intd2;
  default: return entry_gate::none;
  }
}

bool has_prefix(const ZydisDecodedInstruction& raw, u8 prefix) {
  for (u8 i = 0; i < raw.raw.prefix_count; ++i)
    if (raw.raw.prefixes[i].value == prefix) return true;
  return false;
}

/// The segment prefix is gs, and the operand the constant address 0x10: where glibc keeps the entry of the vDSO for i386.
bool is_vsyscall(const ZydisDecodedInstruction& raw) {
  constexpr u8 gs = 0x65;
  return has_prefix(raw, gs) && raw.raw.modrm.mod == 0 && raw.raw.modrm.rm == 5 && raw.raw.disp.value == 0x10;
}

} // namespace

bool decoder::operator()(u64 address, instruction& to) {
  if (range_ == nullptr || !range_->contains(address)) range_ = image_.range_of(address);
  if (range_ == nullptr || address - range_->address >= range_->bytes.size()) return false;
  const auto bytes = range_->bytes.subspan(address - range_->address);
  if (ZYAN_FAILED(ZydisDecoderDecodeInstruction(&decoder_, &context_, bytes.data(), bytes.size(), &raw_))) return false;
  const bool wide = image_.arch() == architecture::x86_64;
  to = {};
  to.address = address;
  to.length = raw_.length;
  const u64 mask = wide ? ~u64{0} : 0xffffffff;

  if (raw_.raw.imm[0].size != 0) {
    to.immediate = raw_.raw.imm[0].is_signed ? static_cast<u64>(raw_.raw.imm[0].value.s) : raw_.raw.imm[0].value.u;
    if (raw_.raw.imm[0].is_relative) {
      to.has_target = true;
      to.target = (to.end() + to.immediate) & mask;
    } else {
      to.has_immediate = true;
    }
  }
  if ((raw_.attributes & ZYDIS_ATTRIB_HAS_MODRM) != 0 && raw_.raw.modrm.mod != 3 && raw_.raw.disp.size >= 32) {
    const bool no_base = raw_.raw.modrm.mod == 0 && raw_.raw.modrm.rm == 5;
    const auto distance = static_cast<u64>(raw_.raw.disp.value);
    to.has_memory = true;
    to.memory = (wide && no_base ? to.end() + distance : distance) & mask;
    to.memory_is_relative = !no_base && !(raw_.raw.modrm.rm == 4 && raw_.raw.sib.base == 5 && raw_.raw.modrm.mod == 0);
  } else if ((raw_.attributes & ZYDIS_ATTRIB_HAS_MODRM) == 0 && raw_.raw.disp.size >= 32) {
    to.has_memory = true; // mov between the accumulator and an address
    to.memory = static_cast<u64>(raw_.raw.disp.value) & mask;
  }

  switch (raw_.mnemonic) {
  case ZYDIS_MNEMONIC_CALL:
    to.kind = instruction_kind::call;
    if (raw_.raw.imm[1].size != 0) { // far
      const u64 selector = raw_.raw.imm[1].value.u;
      to.gate = !to.has_immediate  ? entry_gate::none
                : selector == 7    ? entry_gate::lcall7
                : selector == 0x27 ? entry_gate::lcall27
                : selector == 0xf  ? entry_gate::lcall0f
                                   : entry_gate::none;
      if (to.gate != entry_gate::none) to.kind = instruction_kind::kernel_entry;
      to.has_target = false;
    } else if (!wide && is_vsyscall(raw_)) {
      to.kind = instruction_kind::kernel_entry;
      to.gate = entry_gate::vsyscall_gs;
    } else {
      to.through_memory = !to.has_target && to.has_memory;
    }
    break;
  case ZYDIS_MNEMONIC_JMP:
    to.kind = instruction_kind::jump;
    to.through_memory = !to.has_target && to.has_memory;
    break;
  case ZYDIS_MNEMONIC_RET:
  case ZYDIS_MNEMONIC_IRET:
  case ZYDIS_MNEMONIC_IRETD:
  case ZYDIS_MNEMONIC_IRETQ: to.kind = instruction_kind::back; break;
  case ZYDIS_MNEMONIC_SYSCALL:
    to.kind = instruction_kind::kernel_entry;
    to.gate = entry_gate::syscall;
    break;
  case ZYDIS_MNEMONIC_SYSENTER:
    to.kind = instruction_kind::kernel_entry;
    to.gate = entry_gate::sysenter;
    break;
  case ZYDIS_MNEMONIC_INT:
    to.gate = interrupt_gate(raw_.raw.imm[0].value.u & 0xff);
    to.kind = to.gate == entry_gate::none ? instruction_kind::trap : instruction_kind::kernel_entry;
    break;
  case ZYDIS_MNEMONIC_HLT:
  case ZYDIS_MNEMONIC_UD0:
  case ZYDIS_MNEMONIC_UD1:
  case ZYDIS_MNEMONIC_UD2: to.kind = instruction_kind::trap; break;
  default:
    if (to.has_target) to.kind = instruction_kind::conditional;
    break;
  }
  return true;
}

bool decoder::operands(ZydisDecodedOperand (&to)[ZYDIS_MAX_OPERAND_COUNT]) const {
  return ZYAN_SUCCESS(ZydisDecoderDecodeOperands(&decoder_, &context_, &raw_, to, raw_.operand_count));
}

} // namespace polyabi::check
