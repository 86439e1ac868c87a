// Reads an ELF executable into a plan of what to map where. Nothing of a file is believed: every size, offset and count is
// bounded and every sum is checked before it is used.
#pragma once

#include <polyabi/activators/image.hpp>

namespace polyabi::activators {

/// Reads a little-endian ELF32 i386 or ELF64 x86-64 executable or shared object into `plan`.
/// `errc::noexec`: not such a file, or a broken one. `errc::inval`: it asks for what cannot be (interpreter, addresses).
/// A file that ends too early is `errc::noexec` as well. `plan` is unspecified after an error.
template <byte_reader Reader>
verdict parse_elf(Reader& reader, image_plan& plan);

/// The same with a kernel's own user space in place of `default_limits`. A null `limits` means those.
template <byte_reader Reader>
verdict parse_elf(Reader& reader, image_plan& plan, const address_limits* limits);

} // namespace polyabi::activators

#include <polyabi/activators/detail/parse_elf.hpp>
