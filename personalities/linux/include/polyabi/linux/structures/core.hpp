// Parts of a core file (linux/elfcore.h, asm/elf.h; the file format itself: System V gABI, chapters 4 and 5).
#pragma once

#include <polyabi/core/fields.hpp>
#include <polyabi/linux/structures/tracing.hpp>

namespace polyabi::linux_abi {

/// struct elf_prstatus
template <class M>
struct core_status {
  using general = std::conditional_t<M::word_size == 8, user_registers_x86_64, user_registers_i386>;
  struct time {
    typename M::slong seconds, microseconds;
  };
  typename M::i32 signo, code, error;
  typename M::u16 current_signal;
  typename M::ulong pending, held;
  typename M::i32 pid, ppid, pgrp, sid;
  time user, system, children_user, children_system;
  general registers;
  typename M::i32 has_floating_point;
  POLYABI_FIELDS(core_status, signo, code, error, current_signal, pending, held, pid, ppid, pgrp, sid, registers,
                 has_floating_point)
};
static_assert(sizeof(core_status<lp64>) == 336 && sizeof(core_status<ilp32_i386>) == 144);

/// struct elf_prpsinfo. i386's has 16 bits for each id.
template <class M>
struct core_process {
  using id = std::conditional_t<M::word_size == 8, typename M::u32, typename M::u16>;
  typename M::u8 state, state_name, zombie, nice;
  typename M::ulong flags;
  id uid, gid;
  typename M::i32 pid, ppid, pgrp, sid;
  char name[16], arguments[80];
  POLYABI_FIELDS(core_process, state, state_name, zombie, nice, flags, uid, gid, pid, ppid, pgrp, sid, name, arguments)
};
static_assert(sizeof(core_process<lp64>) == 136 && sizeof(core_process<ilp32_i386>) == 124);

/// Elf64_Ehdr, Elf32_Ehdr
template <class M>
struct elf_header {
  unsigned char ident[16];
  typename M::u16 type, machine;
  typename M::u32 version;
  typename M::ulong entry, program_headers, section_headers;
  typename M::u32 flags;
  typename M::u16 size, program_header_size, program_header_count, section_header_size, section_header_count, names;
  POLYABI_FIELDS(elf_header, ident, type, machine, version, entry, program_headers, section_headers, flags, size,
                 program_header_size, program_header_count, section_header_size, section_header_count, names)
};
static_assert(sizeof(elf_header<lp64>) == 64 && sizeof(elf_header<ilp32_i386>) == 52);

struct elf_program_header_64 {
  using M = lp64;
  M::u32 type, flags;
  M::u64 offset, address, physical, file_size, memory_size, alignment;
  POLYABI_FIELDS(elf_program_header_64, type, flags, offset, address, physical, file_size, memory_size, alignment)
};
struct elf_program_header_32 {
  using M = ilp32_i386;
  M::u32 type, offset, address, physical, file_size, memory_size, flags, alignment;
  POLYABI_FIELDS(elf_program_header_32, type, offset, address, physical, file_size, memory_size, flags, alignment)
};
static_assert(sizeof(elf_program_header_64) == 56 && sizeof(elf_program_header_32) == 32);

/// NT_* (linux/elf.h). Sets of registers have the numbers of PTRACE_GETREGSET.
namespace core_notes {
inline constexpr u32 status = 1, process = 3, auxiliary_vector = 6, thread_areas = 0x200, details = 0x53494749,
                     files = 0x46494c45;
}

} // namespace polyabi::linux_abi
