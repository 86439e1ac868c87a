// Implementation of map.hpp.
#pragma once

namespace polyabi::activators {

namespace detail {

template <mapper M>
using mapper_answer = decltype(std::declval<M&>().map_anonymous(u64{}, u64{}, segment_access{}));

/// A segment that lies in the file so that it cannot be mapped. Its first page may hold the end of the one before, which stays.
template <mapper M>
mapper_answer<M> copy_segment(const segment& part, u64 bias, u64 mapped_end, M& m) {
  constexpr segment_access everything{true, true, true};
  const u64 start = part.address + bias, end_page = page_ceiling(start + part.memory_size);
  const u64 first_page = page_floor(start) < mapped_end ? mapped_end : page_floor(start);
  const u64 own_size = end_page > first_page ? end_page - first_page : 0;
  mapper_answer<M> prepared = m.map_anonymous(first_page, own_size, everything);
  if (prepared && first_page > page_floor(start)) prepared = m.protect(page_floor(start), page_size, everything);
  if (prepared && part.file_size != 0) prepared = m.copy_file(start, part.file_size, part.offset);
  if (prepared && own_size != 0 && part.access != everything) prepared = m.protect(first_page, own_size, part.access);
  return prepared;
}

/// One segment; pages below `mapped_end` hold earlier segments already. Addresses were bounded by the parser and the bias by
/// `fits`: none of these sums wraps.
template <mapper M>
mapper_answer<M> map_segment(const segment& part, u64 bias, u64 mapped_end, M& m) {
  if (part.copied) return copy_segment(part, bias, mapped_end, m);
  const u64 start = part.address + bias;
  const u64 end = start + part.memory_size;
  const u64 end_page = page_ceiling(end);

  if (part.file_size == 0) {
    // It may begin in the last page of the segment before, which must keep its contents.
    const u64 first_page = page_floor(start) < mapped_end ? mapped_end : page_floor(start);
    if (first_page > start && part.access.write) {
      const u64 zero_end = end < first_page ? end : first_page;
      mapper_answer<M> zeroed = m.zero(start, zero_end - start);
      if (!zeroed || end_page <= first_page) return zeroed;
    }
    return m.map_anonymous(first_page, end_page > first_page ? end_page - first_page : 0, part.access);
  }

  const u64 file_end = start + part.file_size;
  const u64 file_end_page = page_ceiling(file_end);
  mapper_answer<M> mapped =
      m.map_file(page_floor(start), file_end_page - page_floor(start), part.access, page_floor(part.offset));
  if (!mapped) return mapped;
  // The rest of the last page holds what follows in the file. Where nobody can write, Linux leaves it so as well (padzero).
  if (part.memory_size > part.file_size && part.access.write && file_end_page > file_end) {
    mapper_answer<M> zeroed = m.zero(file_end, file_end_page - file_end);
    if (!zeroed) return zeroed;
  }
  if (end_page > file_end_page) return m.map_anonymous(file_end_page, end_page - file_end_page, part.access);
  return mapped;
}

} // namespace detail

constexpr u64 bias_for(const image_plan& plan, u64 base) {
  if (!plan.position_independent) return 0;
  const u64 mask = plan.alignment - 1;
  const u64 first = plan.load_start & ~mask;
  return ((base + mask) & ~mask) - first;
}

constexpr address_range pages_of(const image_plan& plan, u64 bias) {
  return {detail::page_floor(plan.load_start + bias), detail::page_ceiling(plan.load_end + bias)};
}

constexpr bool fits(const image_plan& plan, u64 bias, const address_limits& limits) {
  const address_range pages = pages_of(plan, bias);
  return pages.start < pages.end && pages.start >= limits.lowest && pages.end <= limits.end;
}

template <mapper M>
auto map_image(const image_plan& plan, u64 bias, M& m) -> decltype(m.map_anonymous(u64{}, u64{}, segment_access{})) {
  const std::span<const segment> parts = plan.segments();
  u64 mapped_end = 0;
  for (usize i = 0;; ++i) {
    auto mapped = detail::map_segment(parts[i], bias, mapped_end, m);
    if (!mapped || i + 1 == parts.size()) return mapped;
    mapped_end = detail::page_ceiling(parts[i].end() + bias);
  }
}

} // namespace polyabi::activators
