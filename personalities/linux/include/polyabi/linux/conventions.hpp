// Which registers carry a system call (arch/x86/entry).
#pragma once

#include <polyabi/core/environment.hpp>

namespace polyabi::linux_abi {

/// AUDIT_ARCH_* (linux/audit.h).
namespace audit_architectures {
inline constexpr u32 x86_64 = 0xc000003e, i386 = 0x40000003;
}

namespace conventions {

inline constexpr trap_convention x86_64{
    .number = &registers::rax,
    .arguments = {&registers::rdi, &registers::rsi, &registers::rdx, &registers::r10, &registers::r8, &registers::r9},
    .result = &registers::rax,
    .second = &registers::rdx,
    .errors = error_style::negative,
};
inline constexpr trap_convention i386{
    .number = &registers::rax,
    .arguments = {&registers::rbx, &registers::rcx, &registers::rdx, &registers::rsi, &registers::rdi, &registers::rbp},
    .result = &registers::rax,
    .second = &registers::rdx,
    .errors = error_style::negative,
};

} // namespace conventions

} // namespace polyabi::linux_abi
