// System V Release 4 programs of i386 on the reference kernel.
#include "svr4.hpp"

#include <polyabi/svr4/variants/all.hpp>

namespace polyabi::joined {

extern const abi<reference::kernel> svr4_i386;
constinit const abi<reference::kernel> svr4_i386 = abi_of<svr4::on<reference::kernel>>;

// Vendors' variants: here, since they share all that is compiled for the personality.
template <class V>
inline constexpr abi<reference::kernel> variant = svr4::variant_abi<reference::kernel, V>;
extern const abi<reference::kernel> svr4_solaris, svr4_unixware, svr4_openserver, svr4_interactive, svr4_coherent, svr4_ibcs2;
constinit const abi<reference::kernel> svr4_solaris = variant<svr4::variants::solaris>;
constinit const abi<reference::kernel> svr4_unixware = variant<svr4::variants::unixware>;
constinit const abi<reference::kernel> svr4_openserver = variant<svr4::variants::openserver>;
constinit const abi<reference::kernel> svr4_interactive = variant<svr4::variants::interactive>;
constinit const abi<reference::kernel> svr4_coherent = variant<svr4::variants::coherent>;
constinit const abi<reference::kernel> svr4_ibcs2 = variant<svr4::variants::ibcs2>;

} // namespace polyabi::joined
