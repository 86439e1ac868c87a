// /proc/PID/maps, smaps and smaps_rollup (proc_pid_maps(5)).
#pragma once

#include <polyabi/linux/flags.hpp>
#include <polyabi/linux/pseudo/common.hpp>

namespace polyabi::linux_abi::proc {

template <class K>
using region = native<K, shape::region_info>;

namespace maps_detail {

struct permissions {
  bool read, write, exec;
};
template <class K>
permissions permissions_of(const region<K>& r) {
  const auto has = [&](u32 bits) { return (r.protection & bits) != 0; };
  return {has(native_number<K, protection::read>), has(native_number<K, protection::write>), has(native_number<K, protection::exec>)};
}
template <class K>
bool is_shared(const region<K>& r) {
  return (flag_table<kernel_map<K, map_flag>, map_flags>::convert(r.flags) & 1) != 0;
}

/// The line of one mapping; the name begins in column 73.
template <class K>
void write_line(text_sink& to, const region<K>& r, std::string_view path) {
  constexpr usize name_column = 73;
  const usize begin = to.needed();
  const permissions may = permissions_of<K>(r);
  to << hex{r.start, 8} << '-' << hex{r.end, 8} << ' ';
  to << (may.read ? 'r' : '-') << (may.write ? 'w' : '-') << (may.exec ? 'x' : '-') << (is_shared<K>(r) ? 's' : 'p')
     << ' ';
  const u64 on = linux_device<K>(r.device);
  to << hex{r.offset, 8} << ' ' << hex{major_of(on), 2} << ':' << hex{minor_of(on), 2} << ' ' << r.inode << ' ';
  const std::string_view name = r.purpose == region_purpose::heap ? "[heap]" : r.purpose == region_purpose::stack ? "[stack]" : path;
  if (!name.empty()) {
    const usize written = to.needed() - begin;
    to.fill(written < name_column ? name_column - written : 0);
    write_escaped(to, name, "\n");
  }
  to << '\n';
}

/// Calls `visit(region, path)` with each mapping; false if there is no such process.
template <class K, class Visit>
bool each(const pseudo_context<K>& c, Visit visit) {
  char path[4096];
  region<K> r{};
  for (u64 at = 0;; at = r.end) {
    const auto found = polyabi::perform<K>(op::next_region{}, c.reader, c.process, at, r, std::span<char>{path});
    if (!found) return false;
    if (!*found) return true;
    visit(r, std::string_view{path, r.path_size});
  }
}

/// What is known of memory: the kernel does not know which pages are there, and shows all of them as if they were.
struct sizes {
  u64 all = 0, anonymous = 0, shared = 0, files = 0;
  u64 stack = 0, data = 0;             ///< private and writable
  u64 program_text = 0, other_text = 0; ///< executable mappings of the first file that has one, and of others
  u64 program = 0;                     ///< that file's inode
  template <class K>
  void add(const region<K>& r) {
    const u64 size = r.end - r.start;
    all += size;
    if (r.inode == 0) anonymous += size;
    if (is_shared<K>(r)) shared += size;
    if (r.inode != 0) files += size;
    const permissions may = permissions_of<K>(r);
    if (r.purpose == region_purpose::stack) stack += size;
    else if (may.write && !is_shared<K>(r)) data += size;
    if (!may.exec || r.inode == 0) return;
    if (program == 0) program = r.inode;
    (r.inode == program ? program_text : other_text) += size;
  }
};
/// Of all mappings of a process; nothing if there is none.
template <class K>
sizes sizes_of(const pseudo_context<K>& c) {
  sizes sum;
  (void)each(c, [&](const region<K>& r, std::string_view) { sum.add<K>(r); });
  return sum;
}
inline void row(text_sink& to, std::string_view name, u64 bytes) {
  to << name << ':';
  to.fill(name.size() < 15 ? 15 - name.size() : 0);
  to << padded{kilobytes(bytes), 8} << " kB\n";
}
inline void write_rows(text_sink& to, const sizes& s, bool rolled_up) {
  row(to, "Rss", s.all);
  row(to, "Pss", s.all);
  row(to, "Pss_Dirty", s.anonymous);
  if (rolled_up) {
    row(to, "Pss_Anon", s.anonymous);
    row(to, "Pss_File", s.files);
    row(to, "Pss_Shmem", 0);
  }
  row(to, "Shared_Clean", 0);
  row(to, "Shared_Dirty", s.shared);
  row(to, "Private_Clean", s.all - s.shared > s.anonymous ? s.all - s.shared - s.anonymous : 0);
  row(to, "Private_Dirty", s.all - s.shared < s.anonymous ? s.all - s.shared : s.anonymous);
  row(to, "Referenced", s.all);
  row(to, "Anonymous", s.anonymous);
  for (const std::string_view none : {std::string_view{"KSM", 3}, std::string_view{"LazyFree", 8}, std::string_view{"AnonHugePages", 13},
                                      std::string_view{"ShmemPmdMapped", 14}, std::string_view{"FilePmdMapped", 13},
                                      std::string_view{"Shared_Hugetlb", 14}, std::string_view{"Private_Hugetlb", 15},
                                      std::string_view{"Swap", 4}, std::string_view{"SwapPss", 7}, std::string_view{"Locked", 6}})
    row(to, none, 0);
}

} // namespace maps_detail

template <class K>
bool process_maps(const pseudo_context<K>& c, text_sink& to) {
  return maps_detail::each(c, [&](const region<K>& r, std::string_view path) { maps_detail::write_line<K>(to, r, path); });
}

template <class K>
bool process_map_sizes(const pseudo_context<K>& c, text_sink& to) {
  return maps_detail::each(c, [&](const region<K>& r, std::string_view path) {
    maps_detail::write_line<K>(to, r, path);
    maps_detail::row(to, "Size", r.end - r.start);
    maps_detail::row(to, "KernelPageSize", page_size);
    maps_detail::row(to, "MMUPageSize", page_size);
    maps_detail::sizes s;
    s.add<K>(r);
    maps_detail::write_rows(to, s, false);
    const auto may = maps_detail::permissions_of<K>(r);
    to << "THPeligible:           0\nVmFlags:" << (may.read ? " rd" : "") << (may.write ? " wr" : "")
       << (may.exec ? " ex" : "") << (maps_detail::is_shared<K>(r) ? " sh" : "") << " mr mw me \n";
  });
}

template <class K>
bool process_map_total(const pseudo_context<K>& c, text_sink& to) {
  maps_detail::sizes s;
  u64 start = 0, end = 0;
  if (!maps_detail::each(c, [&](const region<K>& r, std::string_view) {
        if (end == 0) start = r.start;
        end = r.end;
        s.add<K>(r);
      }))
    return false;
  region<K> whole{};
  whole.start = start;
  whole.end = end;
  maps_detail::write_line<K>(to, whole, "[rollup]");
  maps_detail::write_rows(to, s, true);
  return true;
}

} // namespace polyabi::linux_abi::proc
