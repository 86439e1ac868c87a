// /proc and /sys as Linux programs see them: the tables. One entry, one formatter; proc(5) says what each is.
#pragma once

#include <polyabi/core/syscall_table.hpp>
#include <polyabi/linux/pseudo/interprocess.hpp>
#include <polyabi/linux/pseudo/network.hpp>
#include <polyabi/linux/pseudo/process_state.hpp>
#include <polyabi/linux/pseudo/process_texts.hpp>
#include <polyabi/linux/pseudo/processors.hpp>
#include <polyabi/linux/pseudo/settings.hpp>
#include <polyabi/linux/pseudo/system_state.hpp>

namespace polyabi::linux_abi {

template <class K>
struct pseudo_files {
  using entry = pseudo_entry<K>;

  static constexpr entry descriptor_link[] = {pseudo::object<K>("", process_object::descriptor)};
  static constexpr entry descriptor_file[] = {pseudo::file<K>("", &proc::descriptor_information<K>)};
  static constexpr entry descriptor_links[] = {pseudo::each_descriptor<K>(descriptor_link)};
  static constexpr entry descriptor_files[] = {pseudo::each_descriptor<K>(descriptor_file)};

  static constexpr entry network_files[] = {
      pseudo::file<K>("dev", &proc::network_devices<K>),
      pseudo::file<K>("route", &proc::network_routes<K>),
  };

  /// What threads show as well; each shows its process.
  static constexpr entry of_thread[] = {
      pseudo::file<K>("cmdline", &proc::command_line<K>),
      pseudo::writable<K>("comm", &proc::process_name<K>, &proc::set_process_name<K>),
      pseudo::object<K>("cwd", process_object::current_directory),
      pseudo::file<K>("environ", &proc::environment_strings<K>, 0400),
      pseudo::object<K>("exe", process_object::executable),
      pseudo::directory<K>("fd", descriptor_links, 0500),
      pseudo::directory<K>("fdinfo", descriptor_files),
      pseudo::file<K>("limits", &proc::process_limits<K>),
      pseudo::file<K>("maps", &proc::process_maps<K>),
      pseudo::memory<K>("mem"),
      pseudo::file<K>("mounts", &proc::mounts<K>),
      pseudo::directory<K>("net", network_files, 0555),
      pseudo::object<K>("root", process_object::root_directory),
      pseudo::file<K>("stat", &proc::process_stat<K>),
      pseudo::file<K>("statm", &proc::process_memory_sizes<K>),
      pseudo::file<K>("status", &proc::process_status<K>),
  };
  static constexpr entry threads[] = {pseudo::each_thread<K>(of_thread)};
  static constexpr entry of_process[] = {
      of_thread[0],  of_thread[1], of_thread[2], of_thread[3],  of_thread[4],  of_thread[5],
      of_thread[6],  of_thread[7], of_thread[8], of_thread[9],  of_thread[10], of_thread[11],
      of_thread[12], of_thread[13], of_thread[14], of_thread[15], pseudo::directory<K>("task", threads),
  };

  static constexpr entry random_settings[] = {
      pseudo::file<K>("boot_id", &proc::boot_identity<K>),
      pseudo::file<K>("entropy_avail", &proc::constant_setting<K, 256>),
      pseudo::file<K>("poolsize", &proc::constant_setting<K, 256>),
  };
  static constexpr entry kernel_settings[] = {
      pseudo::file<K>("cap_last_cap", &proc::constant_setting<K, 40>),
      pseudo::file<K>("domainname", &proc::domain_name<K>),
      pseudo::writable<K>("hostname", &proc::host_name<K>, &proc::set_host_name<K>),
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
      pseudo::file<K>("threads-max", &proc::constant_setting<K, 32768>),
      pseudo::file<K>("version", &proc::system_version<K>),
  };
  static constexpr entry file_settings[] = {
      pseudo::file<K>("file-max", &proc::constant_setting<K, 65536>),
      pseudo::file<K>("nr_open", &proc::constant_setting<K, 1048576>),
      pseudo::file<K>("pipe-max-size", &proc::constant_setting<K, 65536>),
  };
  static constexpr entry memory_settings[] = {
      pseudo::file<K>("max_map_count", &proc::constant_setting<K, 65530>),
      pseudo::file<K>("mmap_min_addr", &proc::constant_setting<K, 65536>),
      pseudo::file<K>("overcommit_memory", &proc::constant_setting<K, 0>),
  };
  static constexpr entry settings[] = {
      pseudo::directory<K>("fs", file_settings),
      pseudo::directory<K>("kernel", kernel_settings),
      pseudo::directory<K>("vm", memory_settings),
  };

  static constexpr entry interprocess_files[] = {
      pseudo::file<K>("msg", &proc::message_queues<K>),
      pseudo::file<K>("sem", &proc::semaphore_sets<K>),
      pseudo::file<K>("shm", &proc::memory_segments<K>),
  };

  static constexpr entry proc_entries[] = {
      pseudo::file<K>("cpuinfo", &proc::processors<K>),
      pseudo::file<K>("filesystems", &proc::file_systems<K>),
      pseudo::file<K>("loadavg", &proc::load_average<K>),
      pseudo::file<K>("meminfo", &proc::memory_information<K>),
      pseudo::link<K>("mounts", &proc::link_to_own_mounts<K>),
      pseudo::link<K>("net", &proc::link_to_own_network<K>),
      pseudo::link<K>("self", &proc::own_process<K>),
      pseudo::file<K>("stat", &proc::statistics<K>),
      pseudo::directory<K>("sys", settings),
      pseudo::directory<K>("sysvipc", interprocess_files),
      pseudo::link<K>("thread-self", &proc::own_thread<K>),
      pseudo::file<K>("uptime", &proc::uptime<K>),
      pseudo::file<K>("version", &proc::version<K>),
      pseudo::each_process<K>(of_process),
  };
  static constexpr pseudo_tree<K> proc_tree{"proc", proc_entries};

  static constexpr entry processor_entries[] = {
      pseudo::file<K>("kernel_max", &proc::constant_setting<K, 8191>),
      pseudo::file<K>("offline", &proc::no_processor<K>),
      pseudo::file<K>("online", &proc::processor_list<K>),
      pseudo::file<K>("possible", &proc::processor_list<K>),
      pseudo::file<K>("present", &proc::processor_list<K>),
  };
  static constexpr entry system_devices[] = {pseudo::directory<K>("cpu", processor_entries)};
  static constexpr entry devices[] = {pseudo::directory<K>("system", system_devices)};
  static constexpr entry sys_entries[] = {pseudo::directory<K>("devices", devices)};
  static constexpr pseudo_tree<K> sys_tree{"sysfs", sys_entries};

  static constexpr pseudo_mount<K> all[] = {{"/proc", &proc_tree}, {"/sys", &sys_tree}};
};

/// What is mounted under the emulation root: nothing on a kernel that cannot tell.
template <class K>
constexpr std::span<const pseudo_mount<K>> pseudo_mounts() {
  if constexpr (polyabi::detail::provides_all<K, proc::needs>::value()) return pseudo_files<K>::all;
  else return {};
}

} // namespace polyabi::linux_abi
