// /proc and /sys as Linux programs see them: the tables. One entry, one formatter; proc(5) says what each is.
#pragma once

#include <polyabi/core/syscall_table.hpp>
#include <polyabi/linux/core_name.hpp>
#include <polyabi/linux/pseudo/counters.hpp>
#include <polyabi/linux/pseudo/descriptor_files.hpp>
#include <polyabi/linux/pseudo/interprocess.hpp>
#include <polyabi/linux/pseudo/memory_maps.hpp>
#include <polyabi/linux/pseudo/network.hpp>
#include <polyabi/linux/pseudo/network_counters.hpp>
#include <polyabi/linux/pseudo/process_state.hpp>
#include <polyabi/linux/pseudo/process_texts.hpp>
#include <polyabi/linux/pseudo/process_tuning.hpp>
#include <polyabi/linux/pseudo/processor_tree.hpp>
#include <polyabi/linux/pseudo/settings.hpp>
#include <polyabi/linux/pseudo/sockets.hpp>
#include <polyabi/linux/pseudo/surroundings.hpp>
#include <polyabi/linux/pseudo/system_state.hpp>

namespace polyabi::linux_abi {

template <class K>
struct pseudo_files {
  using entry = pseudo_entry<K>;

  static constexpr entry descriptor_link[] = {pseudo::object<K>("", process_object::descriptor)};
  static constexpr entry descriptor_file[] = {pseudo::file<K>("", &proc::descriptor_information<K>)};
  static constexpr entry descriptor_links[] = {pseudo::each_descriptor<K>(descriptor_link)};
  static constexpr entry descriptor_files[] = {pseudo::each_descriptor<K>(descriptor_file)};

  static constexpr auto version4 = address_family::inet, version6 = address_family::inet6;
  static constexpr entry network_files[] = {
      pseudo::file<K>("dev", &proc::network_devices<K>),
      pseudo::file<K>("icmp", &proc::datagram_sockets<K, version4, proc::detail::icmp_layout, false>),
      pseudo::file<K>("icmp6", &proc::datagram_sockets<K, version6, proc::detail::icmp6_layout, false>),
      pseudo::file<K>("if_inet6", &proc::network_addresses<K>),
      pseudo::file<K>("ipv6_route", &proc::network_routes6<K>),
      pseudo::file<K>("netlink", &proc::netlink_sockets<K>),
      pseudo::file<K>("netstat", &proc::more_network_counters<K>),
      pseudo::file<K>("packet", &proc::constant_text<K, proc::detail::headers::packet>),
      pseudo::file<K>("protocols", &proc::socket_protocols<K>),
      pseudo::file<K>("raw", &proc::raw_sockets<K, version4, proc::detail::raw_layout>),
      pseudo::file<K>("raw6", &proc::raw_sockets<K, version6, proc::detail::raw6_layout>),
      pseudo::file<K>("route", &proc::network_routes<K>),
      pseudo::file<K>("snmp", &proc::network_counters<K>),
      pseudo::file<K>("sockstat", &proc::socket_statistics<K>),
      pseudo::file<K>("sockstat6", &proc::socket_statistics6<K>),
      pseudo::file<K>("tcp", &proc::tcp_sockets<K, version4, proc::detail::tcp_layout>),
      pseudo::file<K>("tcp6", &proc::tcp_sockets<K, version6, proc::detail::tcp6_layout>),
      pseudo::file<K>("udp", &proc::datagram_sockets<K, version4, proc::detail::udp_layout, true>),
      pseudo::file<K>("udp6", &proc::datagram_sockets<K, version6, proc::detail::udp6_layout, true>),
      pseudo::file<K>("unix", &proc::local_sockets<K>),
  };

  /// What threads show as well; each shows its process.
  static constexpr entry of_thread[] = {
      pseudo::file<K>("auxv", &proc::auxiliary_vector<K>, 0400),
      pseudo::file<K>("cgroup", &proc::constant_text<K, proc::texts::control_groups>),
      pseudo::file<K>("cmdline", &proc::command_line<K>),
      pseudo::writable<K>("comm", &proc::process_name<K>, &proc::set_process_name<K>),
      pseudo::object<K>("cwd", process_object::current_directory),
      pseudo::file<K>("environ", &proc::environment_strings<K>, 0400),
      pseudo::object<K>("exe", process_object::executable),
      pseudo::directory<K>("fd", descriptor_links, 0500),
      pseudo::directory<K>("fdinfo", descriptor_files),
      pseudo::file<K>("gid_map", &proc::constant_text<K, proc::texts::all_ids>),
      pseudo::file<K>("io", &proc::process_transfers<K>, 0400),
      pseudo::file<K>("limits", &proc::process_limits<K>),
      pseudo::file<K>("loginuid", &proc::constant_text<K, proc::texts::no_login>),
      pseudo::file<K>("maps", &proc::process_maps<K>),
      pseudo::memory<K>("mem"),
      pseudo::mounts<K>("mountinfo", &proc::mount_information<K>),
      pseudo::mounts<K>("mounts", &proc::mounts<K>),
      pseudo::directory<K>("net", network_files, 0555),
      pseudo::directory<K>("ns", proc::namespace_files<K>::all, 0511),
      pseudo::writable<K>("oom_adj", &proc::old_memory_score_adjustment<K>, &proc::set_old_memory_score_adjustment<K>),
      pseudo::file<K>("oom_score", &proc::memory_score<K>),
      pseudo::writable<K>("oom_score_adj", &proc::memory_score_adjustment<K>, &proc::set_memory_score_adjustment<K>),
      pseudo::object<K>("root", process_object::root_directory),
      pseudo::file<K>("sessionid", &proc::constant_text<K, proc::texts::no_login>),
      pseudo::file<K>("setgroups", &proc::constant_text<K, proc::texts::allow>),
      pseudo::file<K>("smaps", &proc::process_map_sizes<K>),
      pseudo::file<K>("smaps_rollup", &proc::process_map_total<K>),
      pseudo::file<K>("stat", &proc::process_stat<K>),
      pseudo::file<K>("statm", &proc::process_memory_sizes<K>),
      pseudo::file<K>("status", &proc::process_status<K>),
      pseudo::file<K>("uid_map", &proc::constant_text<K, proc::texts::all_ids>),
      pseudo::file<K>("wchan", &proc::constant_text<K, proc::texts::no_wait>),
  };
  static constexpr entry of_thread_alone[] = {pseudo::file<K>("children", &proc::children<K>)};
  static constexpr auto of_each_thread = pseudo::joined<K>(of_thread_alone, of_thread);
  static constexpr entry threads[] = {pseudo::each_thread<K>(of_each_thread)};
  static constexpr entry of_process_alone[] = {
      pseudo::writable<K>("coredump_filter", &proc::core_filter<K>, &proc::set_core_filter<K>),
      pseudo::file<K>("mountstats", &proc::mount_statistics<K>, 0400),
      pseudo::directory<K>("task", threads),
      pseudo::file<K>("timerslack_ns", &proc::timer_slack<K>, 0444),
  };
  static constexpr auto of_process = pseudo::joined<K>(of_thread, of_process_alone);

  static constexpr entry random_settings[] = {
      pseudo::file<K>("boot_id", &proc::boot_identity<K>),
      pseudo::file<K>("entropy_avail", &proc::constant_setting<K, 256>),
      pseudo::file<K>("poolsize", &proc::constant_setting<K, 256>),
      pseudo::file<K>("uuid", &proc::new_identity<K>),
  };
  static constexpr entry key_settings[] = {
      pseudo::file<K>("maxbytes", &proc::constant_setting<K, 20000>),
      pseudo::file<K>("maxkeys", &proc::constant_setting<K, 200>),
  };
  static constexpr entry kernel_settings[] = {
      pseudo::file<K>("cap_last_cap", &proc::constant_setting<K, 40>),
      pseudo::writable<K>("core_pattern", &core_images::shown_setting<K, core_images::pattern_setting, core_images::usual_pattern>,
                          &core_images::store_setting<K, core_images::pattern_setting>),
      pseudo::writable<K>("core_uses_pid", &core_images::shown_setting<K, core_images::pid_setting, core_images::no_pid>,
                          &core_images::store_setting<K, core_images::pid_setting>),
      pseudo::file<K>("domainname", &proc::domain_name<K>),
      pseudo::writable<K>("hostname", &proc::host_name<K>, &proc::set_host_name<K>),
      pseudo::directory<K>("keys", key_settings),
      pseudo::file<K>("msgmax", &proc::ipc_limit<K, &system_v::limits::msgmax>),
      pseudo::file<K>("msgmnb", &proc::ipc_limit<K, &system_v::limits::msgmnb>),
      pseudo::file<K>("msgmni", &proc::ipc_limit<K, &system_v::limits::msgmni>),
      pseudo::file<K>("ngroups_max", &proc::constant_setting<K, 65536>),
      pseudo::file<K>("osrelease", &proc::system_release<K>),
      pseudo::file<K>("ostype", &proc::system_type<K>),
      pseudo::file<K>("overflowgid", &proc::constant_setting<K, 65534>),
      pseudo::file<K>("overflowuid", &proc::constant_setting<K, 65534>),
      pseudo::file<K>("pid_max", &proc::constant_setting<K, 32768>),
      pseudo::directory<K>("random", random_settings),
      pseudo::file<K>("randomize_va_space", &proc::constant_setting<K, 0>),
      pseudo::file<K>("sem", &proc::semaphore_limits<K>),
      pseudo::file<K>("shmall", &proc::ipc_limit<K, &system_v::limits::shmall>),
      pseudo::file<K>("shmmax", &proc::ipc_limit<K, &system_v::limits::shmmax>),
      pseudo::file<K>("shmmni", &proc::ipc_limit<K, &system_v::limits::shmmni>),
      pseudo::file<K>("tainted", &proc::constant_setting<K, 0>),
      pseudo::file<K>("threads-max", &proc::constant_setting<K, 32768>),
      pseudo::file<K>("version", &proc::system_version<K>),
  };
  static constexpr entry watch_settings[] = {
      pseudo::file<K>("max_queued_events", &proc::started_setting<K, proc::texts::watch_events, 16384>),
      pseudo::file<K>("max_user_instances", &proc::started_setting<K, proc::texts::watch_instances, 128>),
      pseudo::file<K>("max_user_watches", &proc::started_setting<K, proc::texts::watches, 1048576>),
  };
  static constexpr entry queue_settings[] = {
      pseudo::file<K>("msg_default", &proc::constant_setting<K, 10>),
      pseudo::file<K>("msg_max", &proc::started_setting<K, proc::texts::queue_messages, 10>),
      pseudo::file<K>("msgsize_default", &proc::constant_setting<K, 8192>),
      pseudo::file<K>("msgsize_max", &proc::started_setting<K, proc::texts::queue_size, 8192>),
      pseudo::file<K>("queues_max", &proc::started_setting<K, proc::texts::queues, 256>),
  };
  static constexpr entry file_settings[] = {
      pseudo::file<K>("dir-notify-enable", &proc::constant_setting<K, 1>),
      pseudo::file<K>("file-max", &proc::constant_setting<K, 65536>),
      pseudo::directory<K>("inotify", watch_settings),
      pseudo::directory<K>("mqueue", queue_settings),
      pseudo::file<K>("nr_open", &proc::constant_setting<K, 1048576>),
      pseudo::file<K>("pipe-max-size", &proc::constant_setting<K, 65536>),
  };
  static constexpr entry memory_settings[] = {
      pseudo::file<K>("max_map_count", &proc::constant_setting<K, 65530>),
      pseudo::file<K>("mmap_min_addr", &proc::constant_setting<K, 65536>),
      pseudo::file<K>("overcommit_memory", &proc::constant_setting<K, 0>),
      pseudo::file<K>("overcommit_ratio", &proc::constant_setting<K, 50>),
      pseudo::file<K>("swappiness", &proc::constant_setting<K, 60>),
  };
  static constexpr entry core_network_settings[] = {pseudo::file<K>("somaxconn", &proc::constant_setting<K, 4096>)};
  static constexpr entry network_settings[] = {pseudo::directory<K>("core", core_network_settings)};
  static constexpr entry settings[] = {
      pseudo::directory<K>("fs", file_settings),
      pseudo::directory<K>("kernel", kernel_settings),
      pseudo::directory<K>("net", network_settings),
      pseudo::directory<K>("vm", memory_settings),
  };

  static constexpr entry interprocess_files[] = {
      pseudo::file<K>("msg", &proc::message_queues<K>),
      pseudo::file<K>("sem", &proc::semaphore_sets<K>),
      pseudo::file<K>("shm", &proc::memory_segments<K>),
  };

  static constexpr entry proc_entries[] = {
      pseudo::file<K>("cmdline", &proc::constant_text<K, proc::texts::command_line>),
      pseudo::file<K>("cpuinfo", &proc::processors<K>),
      pseudo::file<K>("devices", &proc::devices<K>),
      pseudo::file<K>("diskstats", &proc::constant_text<K, proc::texts::nothing>),
      pseudo::file<K>("filesystems", &proc::file_systems<K>),
      pseudo::file<K>("interrupts", &proc::interrupts<K>),
      pseudo::file<K>("loadavg", &proc::load_average<K>),
      pseudo::file<K>("meminfo", &proc::memory_information<K>),
      pseudo::file<K>("modules", &proc::constant_text<K, proc::texts::nothing>),
      pseudo::file<K>("locks", &proc::file_locks<K>),
      pseudo::link<K>("mounts", &proc::link_to_own_mounts<K>),
      pseudo::link<K>("net", &proc::link_to_own_network<K>),
      pseudo::file<K>("partitions", &proc::constant_text<K, proc::texts::no_partitions>),
      pseudo::link<K>("self", &proc::own_process<K>),
      pseudo::file<K>("softirqs", &proc::soft_interrupts<K>),
      pseudo::file<K>("stat", &proc::statistics<K>),
      pseudo::file<K>("swaps", &proc::constant_text<K, proc::texts::no_swap>),
      pseudo::directory<K>("sys", settings),
      pseudo::directory<K>("sysvipc", interprocess_files),
      pseudo::link<K>("thread-self", &proc::own_thread<K>),
      pseudo::file<K>("uptime", &proc::uptime<K>),
      pseudo::file<K>("version", &proc::version<K>),
      pseudo::file<K>("vmstat", &proc::memory_statistics<K>),
      pseudo::each_process<K>(of_process),
  };
  static constexpr pseudo_tree<K> proc_tree{"proc", proc_entries};

  static constexpr entry system_devices[] = {
      pseudo::directory<K>("cpu", proc::processor_files<K>::all),
      pseudo::directory<K>("node", proc::processor_files<K>::nodes),
  };
  static constexpr entry devices[] = {pseudo::directory<K>("system", system_devices)};
  static constexpr std::span<const entry> none{};
  static constexpr entry devices_by_number[] = {pseudo::directory<K>("block", none), pseudo::directory<K>("char", none)};
  static constexpr entry sys_entries[] = {
      pseudo::directory<K>("block", none),
      pseudo::directory<K>("dev", devices_by_number),
      pseudo::directory<K>("devices", devices),
  };
  static constexpr pseudo_tree<K> sys_tree{"sysfs", sys_entries};

  static const pseudo_mount<K> all[2];
};
template <class K>
constinit const pseudo_mount<K> pseudo_files<K>::all[2] = {{"/proc", &proc_tree}, {"/sys", &sys_tree}};

/// What is mounted under the emulation root: nothing on a kernel that cannot tell.
template <class K>
constexpr std::span<const pseudo_mount<K>> pseudo_mounts() {
  if constexpr (polyabi::detail::provides_all<K, proc::needs>::value()) return pseudo_files<K>::all;
  else return {};
}

} // namespace polyabi::linux_abi
