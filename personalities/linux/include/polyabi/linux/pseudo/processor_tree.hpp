// /sys/devices/system/cpu/cpuN and node/nodeN: how processors lie together, and their caches (Documentation/ABI/testing/
// sysfs-devices-system-cpu). All processors are of one kind, numbered as their APIC ids are; there is one memory node.
#pragma once

#include <polyabi/linux/pseudo/bit_lists.hpp>
#include <polyabi/linux/pseudo/processors.hpp>
#include <polyabi/linux/pseudo/settings.hpp>

namespace polyabi::linux_abi::proc {

namespace processor {

/// So many processors from `first` on.
struct group {
  u32 first, count;
};
/// Those around one whose numbers differ in the lowest bits alone.
inline group around(u32 number, u32 width, u32 processors) {
  const u32 first = number / width * width;
  return {first, first + width <= processors ? width : processors - first};
}
constexpr u32 round_up_to_power(u32 value) {
  u32 power = 1;
  while (power < value) power *= 2;
  return power;
}
/// How many numbers a core and a package have (CPUID's leaf 11).
struct widths {
  u32 core = 1, package = 1;
};
inline widths topology() {
  widths w;
  if (ask(0).eax < 11) return w;
  for (u32 level = 0; level < 8; ++level) {
    const leaf l = ask(11, level);
    const u32 kind = l.ecx >> 8 & 255, width = u32{1} << (l.eax & 31);
    if (kind == 0) break;
    if (kind == 1) w.core = width;
    w.package = width;
  }
  return w;
}

inline void write_list(text_sink& to, group g) {
  proc::write_list(to, g.first + g.count, [&](u32 number) { return number >= g.first; });
}
inline void write_mask(text_sink& to, group g, u32 processors) {
  proc::write_mask(to, processors, [&](u32 number) { return number >= g.first && number - g.first < g.count; });
}

template <class K>
u32 count(const pseudo_context<K>& c) {
  system<K> s{};
  return proc::ask<K>(c, s) && s.processors != 0 ? s.processors : 1;
}

} // namespace processor

/// Which processors a file of topology/ speaks of.
enum class processor_group : u8 { core, package };

namespace processor {
template <processor_group Which, class K>
group of(const pseudo_context<K>& c) {
  const widths w = topology();
  return around(static_cast<u32>(c.number), Which == processor_group::core ? w.core : w.package, count(c));
}
template <class K>
group sharing(const pseudo_context<K>& c) {
  const cache one = cache_at(static_cast<u32>(c.number));
  return around(static_cast<u32>(c.outer), round_up_to_power(one.sharing), count(c));
}
} // namespace processor

template <class K, processor_group Which>
bool topology_list(const pseudo_context<K>& c, text_sink& to) {
  processor::write_list(to, processor::of<Which>(c));
  return true;
}
template <class K, processor_group Which>
bool topology_mask(const pseudo_context<K>& c, text_sink& to) {
  processor::write_mask(to, processor::of<Which>(c), processor::count(c));
  return true;
}
/// The core's number in its package.
template <class K>
bool topology_core(const pseudo_context<K>& c, text_sink& to) {
  const processor::widths w = processor::topology();
  to << static_cast<u32>(c.number) % w.package / w.core << '\n';
  return true;
}
template <class K>
bool topology_package(const pseudo_context<K>& c, text_sink& to) {
  to << static_cast<u32>(c.number) / processor::topology().package << '\n';
  return true;
}

/// A number of a cache.
template <class K, u32 processor::cache::*Member>
bool cache_number(const pseudo_context<K>& c, text_sink& to) {
  to << processor::cache_at(static_cast<u32>(c.number)).*Member << '\n';
  return true;
}
template <class K>
bool cache_size(const pseudo_context<K>& c, text_sink& to) {
  to << kilobytes(processor::cache_at(static_cast<u32>(c.number)).size()) << "K\n";
  return true;
}
template <class K>
bool cache_type(const pseudo_context<K>& c, text_sink& to) {
  constexpr std::string_view names[] = {"", "Data", "Instruction", "Unified"};
  to << names[processor::cache_at(static_cast<u32>(c.number)).kind & 3] << '\n';
  return true;
}
template <class K>
bool cache_id(const pseudo_context<K>& c, text_sink& to) {
  to << processor::sharing(c).first / processor::round_up_to_power(processor::cache_at(static_cast<u32>(c.number)).sharing) << '\n';
  return true;
}
template <class K>
bool cache_sharing_list(const pseudo_context<K>& c, text_sink& to) {
  processor::write_list(to, processor::sharing(c));
  return true;
}
template <class K>
bool cache_sharing_mask(const pseudo_context<K>& c, text_sink& to) {
  processor::write_mask(to, processor::sharing(c), processor::count(c));
  return true;
}

/// Of the one memory node.
template <class K>
bool node_mask(const pseudo_context<K>& c, text_sink& to) {
  processor::write_mask(to, {0, processor::count(c)}, processor::count(c));
  return true;
}
inline u32 one_node() {
  return 1;
}

template <class K>
struct processor_files {
  using entry = pseudo_entry<K>;

  static constexpr entry topology[] = {
      pseudo::file<K>("core_cpus", &topology_mask<K, processor_group::core>),
      pseudo::file<K>("core_cpus_list", &topology_list<K, processor_group::core>),
      pseudo::file<K>("core_id", &topology_core<K>),
      pseudo::file<K>("core_siblings", &topology_mask<K, processor_group::package>),
      pseudo::file<K>("core_siblings_list", &topology_list<K, processor_group::package>),
      pseudo::file<K>("die_cpus", &topology_mask<K, processor_group::package>),
      pseudo::file<K>("die_cpus_list", &topology_list<K, processor_group::package>),
      pseudo::file<K>("die_id", &constant_setting<K, 0>),
      pseudo::file<K>("package_cpus", &topology_mask<K, processor_group::package>),
      pseudo::file<K>("package_cpus_list", &topology_list<K, processor_group::package>),
      pseudo::file<K>("physical_package_id", &topology_package<K>),
      pseudo::file<K>("thread_siblings", &topology_mask<K, processor_group::core>),
      pseudo::file<K>("thread_siblings_list", &topology_list<K, processor_group::core>),
  };
  static constexpr entry cache[] = {
      pseudo::file<K>("coherency_line_size", &cache_number<K, &processor::cache::line>),
      pseudo::file<K>("id", &cache_id<K>),
      pseudo::file<K>("level", &cache_number<K, &processor::cache::level>),
      pseudo::file<K>("number_of_sets", &cache_number<K, &processor::cache::sets>),
      pseudo::file<K>("physical_line_partition", &cache_number<K, &processor::cache::partitions>),
      pseudo::file<K>("shared_cpu_list", &cache_sharing_list<K>),
      pseudo::file<K>("shared_cpu_map", &cache_sharing_mask<K>),
      pseudo::file<K>("size", &cache_size<K>),
      pseudo::file<K>("type", &cache_type<K>),
      pseudo::file<K>("ways_of_associativity", &cache_number<K, &processor::cache::ways>),
  };
  static constexpr entry caches[] = {pseudo::each_number<K>("index", cache, &processor::cache_count)};
  static constexpr entry one[] = {
      pseudo::directory<K>("cache", caches),
      pseudo::directory<K>("topology", topology),
  };
  static constexpr entry all[] = {
      pseudo::each_number<K>("cpu", one),
      pseudo::file<K>("isolated", &no_processor<K>),
      pseudo::file<K>("kernel_max", &constant_setting<K, 8191>),
      pseudo::file<K>("offline", &no_processor<K>),
      pseudo::file<K>("online", &processor_list<K>),
      pseudo::file<K>("possible", &processor_list<K>),
      pseudo::file<K>("present", &processor_list<K>),
  };

  static constexpr entry node[] = {
      pseudo::file<K>("cpulist", &processor_list<K>),
      pseudo::file<K>("cpumap", &node_mask<K>),
      pseudo::file<K>("distance", &constant_setting<K, 10>),
  };
  static constexpr entry nodes[] = {
      pseudo::file<K>("has_cpu", &constant_setting<K, 0>),
      pseudo::file<K>("has_memory", &constant_setting<K, 0>),
      pseudo::file<K>("has_normal_memory", &constant_setting<K, 0>),
      pseudo::each_number<K>("node", node, &one_node),
      pseudo::file<K>("online", &constant_setting<K, 0>),
      pseudo::file<K>("possible", &constant_setting<K, 0>),
  };
};

} // namespace polyabi::linux_abi::proc
