// The personalities that are joined with the reference kernel, in the order in which their brands are asked. Each (personality,
// architecture) is instantiated in a source file of its own beside this one, so that its compile cost stays its own.
#include <polyabi/reference/interrupt.hpp>
#include <polyabi/reference/kernel.hpp>

#include <iterator>

namespace polyabi::joined {

extern const abi<reference::kernel> linux_x86_64, linux_i386, svr4_i386, svr4_amd64, native_x86_64;
extern const abi<reference::kernel> svr4_solaris, svr4_unixware, svr4_openserver, svr4_interactive, svr4_coherent, svr4_ibcs2;

namespace {

constexpr const abi<reference::kernel>* all[] = {
#ifdef POLYABI_JOINS_NATIVE_X86_64
    &native_x86_64,
#endif
#ifdef POLYABI_JOINS_SVR4_I386
    &svr4_i386,     &svr4_solaris, &svr4_unixware, &svr4_openserver, &svr4_interactive, &svr4_coherent, &svr4_ibcs2,
#endif
#ifdef POLYABI_JOINS_LINUX_X86_64
    &linux_x86_64,
#endif
#ifdef POLYABI_JOINS_LINUX_I386
    &linux_i386,
#endif
#ifdef POLYABI_JOINS_SVR4_AMD64
    &svr4_amd64, // behind Linux, whose gate it shares
#endif
    nullptr, // an array is never empty
};

} // namespace

} // namespace polyabi::joined

namespace polyabi::reference {

std::span<const abi<kernel>* const> linked_personalities() {
  return {joined::all, std::size(joined::all) - 1};
}

} // namespace polyabi::reference
