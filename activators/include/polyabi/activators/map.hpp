// Turns a plan into mappings: whole pages of the file, the zeroed rest of the last page, and anonymous pages for the rest.
#pragma once

#include <polyabi/activators/image.hpp>

#include <utility>

namespace polyabi::activators {

/// What maps pages into the new image. Addresses and sizes of the mappings are whole pages and all fixed: they may replace what
/// an earlier request mapped (two segments may share a page). File mappings are private.
/// All of them answer the same type, whose truth is success (`result<>` of a kernel, for example); the first failure is passed
/// on.
template <class M>
concept mapper = requires(M& m, u64 address, u64 size, segment_access access, u64 offset) {
  static_cast<bool>(m.map_file(address, size, access, offset));
  static_cast<bool>(m.map_anonymous(address, size, access));
  static_cast<bool>(m.zero(address, size));              ///< user memory, in a page just mapped writable
  static_cast<bool>(m.copy_file(address, size, offset)); ///< from the file, in pages just mapped writable
  static_cast<bool>(m.protect(address, size, access));   ///< whole pages that are mapped
};

/// The bias that puts the plan's first page at `base` or, for its alignment, at the first possible place above.
/// 0 for an image that is not position independent.
constexpr u64 bias_for(const image_plan& plan, u64 base);

/// The pages [start, end) that the plan takes up with this bias.
struct address_range {
  u64 start = 0, end = 0;
  constexpr u64 size() const { return end - start; }
  constexpr bool overlaps(address_range other) const { return start < other.end && other.start < end; }
};
constexpr address_range pages_of(const image_plan& plan, u64 bias);

/// Whether the image fits user space with this bias.
constexpr bool fits(const image_plan& plan, u64 bias, const address_limits& limits);

/// Where Linux puts things without randomisation, for kernels without an opinion of their own.
constexpr u64 default_program_base(architecture arch) {
  return arch == architecture::x86_64 ? 0x555555554000 : 0x56555000;
}
constexpr u64 default_interpreter_base(architecture arch) {
  return arch == architecture::x86_64 ? 0x7ffff7c00000 : 0xf7c00000;
}

/// Maps every segment of a parsed plan (it has at least one), in order of address. The file must be the one that was parsed.
/// A mapping of size 0 is a request for nothing and succeeds.
template <mapper M>
auto map_image(const image_plan& plan, u64 bias, M& m) -> decltype(m.map_anonymous(u64{}, u64{}, segment_access{}));

} // namespace polyabi::activators

#include <polyabi/activators/detail/map_image.hpp>
