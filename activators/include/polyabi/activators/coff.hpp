// Reads a COFF executable of the 386 (System V Release 3, iBCS2) or a shared library of such programs into a plan. As with ELF,
// nothing of the file is believed.
#pragma once

#include <polyabi/activators/coff_format.hpp>
#include <polyabi/activators/image.hpp>

namespace polyabi::activators {

/// Whether a program or a shared library is wanted.
enum class coff_role : u8 { program, library };

/// `errc::noexec`: not such a file, or a broken one. `errc::inval`: it asks for addresses that cannot be. `errc::libexec`: a
/// shared library where a program is wanted; `errc::libbad`: no shared library where one is wanted; `errc::libscn`: a broken
/// .lib section; `errc::libmax`: too many libraries. `plan` is unspecified after an error.
///
/// Programs of this format are linked at the very bottom of user space: `load_start` is below the first page's end, and the
/// page has to be there.
template <byte_reader Reader>
verdict parse_coff(Reader& reader, image_plan& plan, coff_role role = coff_role::program);

/// Calls `visit(std::string_view path)` for each shared library until it answers false.
template <class Visit>
constexpr void each_library(const image_plan& plan, Visit visit);

} // namespace polyabi::activators

#include <polyabi/activators/detail/parse_coff.hpp>
