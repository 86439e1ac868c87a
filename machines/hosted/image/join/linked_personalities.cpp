// The personalities of this image, in the order in which brands are asked. Each (personality, architecture) is instantiated in a
// source file of its own beside this one.
#include <polyabi/reference/interrupt.hpp>
#include <polyabi/reference/kernel.hpp>

namespace polyabi::reference {

#if POLYABI_HAS_LINUX
extern const abi<kernel> linux_x86_64, linux_i386;
#endif
#if POLYABI_HAS_SVR4
extern const abi<kernel> svr4_i386;
#endif
#if POLYABI_HAS_NATIVE
extern const abi<kernel> native_x86_64;
#endif

namespace {

constexpr const abi<kernel>* linked[] = {
#if POLYABI_HAS_NATIVE
    &native_x86_64,
#endif
#if POLYABI_HAS_SVR4
    &svr4_i386,
#endif
#if POLYABI_HAS_LINUX
    &linux_x86_64, &linux_i386,
#endif
    nullptr, // an array is never empty
};

} // namespace

std::span<const abi<kernel>* const> linked_personalities() { return {linked, std::size(linked) - 1}; }

} // namespace polyabi::reference
