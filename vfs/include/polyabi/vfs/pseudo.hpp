// Pseudo files: a tree like /proc stated as tables of typed entries. One entry, one formatter.
//
//   constexpr pseudo_entry<K> process_entries[] = {
//       pseudo::file<K>("cmdline", &command_line<K>),
//       pseudo::object<K>("exe", process_object::executable),
//       pseudo::directory<K>("fd", descriptor_entries),
//   };
//   constexpr pseudo_entry<K> proc_entries[] = {
//       pseudo::file<K>("uptime", &uptime<K>),
//       pseudo::link<K>("self", &own_id<K>),
//       pseudo::each_process<K>(process_entries),
//   };
//   constexpr pseudo_tree<K> proc{"proc", proc_entries};
//
// A formatter asks the kernel's operations (op::process_info and its neighbours) and writes text. The kernel's pseudo file system
// runs it once at open: a reader sees one consistent text, however it reads.
#pragma once

#include <polyabi/core/personality.hpp>
#include <polyabi/core/vocabulary.hpp>
#include <polyabi/vfs/text_sink.hpp>

#include <array>

namespace polyabi {

/// Of what a formatter speaks.
template <class K>
struct pseudo_context {
  typename K::thread& reader; ///< who looks: the caller of the operations
  i32 process = 0;            ///< below `each_process`: its id
  i32 thread = 0;             ///< below `each_thread`: its id
  i32 descriptor = -1;        ///< below `each_descriptor`
  i32 number = 0, outer = 0;  ///< below `each_number`: which; and which of the directory around that one
};

enum class pseudo_kind : u8 {
  file,
  link,            ///< to a path that the formatter writes
  object,          ///< a link to an object of the process itself, whatever its name is now
  directory,
  each_process,    ///< stands for one directory a process, named by its id
  each_thread,     ///< the same for the threads of the process
  each_descriptor, ///< stands for one entry a descriptor of the process, named by its number
  each_number,     ///< stands for so many directories, named by the row's name and a number from 0 on
  device,          ///< a character device whose opens are a facility's
  memory,          ///< a file whose bytes are the process' memory: positions are addresses
};

namespace detail {
/// What opening a device answers; a kernel without the services of facilities has no devices.
template <class K>
struct opened_device {
  using type = void;
};
template <class K>
  requires requires { typename K::file_ref; }
struct opened_device<K> {
  using type = answer<K, typename K::file_ref>;
};
} // namespace detail

template <class K>
struct pseudo_entry {
  pseudo_kind kind;
  std::string_view name; ///< empty for the `each` kinds, but of `each_number` what comes before the number
  u16 mode;              ///< permission bits
  /// Writes the content or the link's target. False: what it speaks of is gone (ESRCH).
  bool (*format)(const pseudo_context<K>&, vfs::text_sink&) = nullptr;
  /// Takes what a user wrote, if the file can be written.
  errc (*store)(const pseudo_context<K>&, std::string_view text) = nullptr;
  process_object object{};
  std::span<const pseudo_entry> entries{}; ///< of a directory; of `each_descriptor` the one entry, whose name is not used
  /// The owner is the process' effective user, not the superuser.
  bool owned_by_process = false;
  /// Of a device: makes the open file. Called without the kernel's locks; `status_flags` are open(2)'s.
  typename detail::opened_device<K>::type (*open)(typename K::thread&, u32 status_flags) = nullptr;
  u64 number = 0; ///< of a device: the kernel's device number
  /// Of `each_number`: how many there are. Null: as many as processors. Asks the kernel nothing.
  u32 (*count)() = nullptr;
  bool is_of_mounts = false; ///< of a file: it can be waited for, until the mounts change
};

/// The declaration in core/personality.hpp.
template <class K>
struct pseudo_tree {
  std::string_view type; ///< as listings of mounts call it: "proc", "sysfs"
  std::span<const pseudo_entry<K>> entries;
  /// Whether a directory of the same name in the other root shows as well: its names are seen beside these.
  bool merges = false;
};

namespace pseudo {

template <class K>
using formatter = bool (*)(const pseudo_context<K>&, vfs::text_sink&);
template <class K>
using storer = errc (*)(const pseudo_context<K>&, std::string_view);
template <class K>
using table = std::span<const pseudo_entry<K>>;

template <class K>
constexpr pseudo_entry<K> file(std::string_view name, formatter<K> format, u16 mode = 0444) {
  return {pseudo_kind::file, name, mode, format};
}
/// A listing of mounts.
template <class K>
constexpr pseudo_entry<K> mounts(std::string_view name, formatter<K> format) {
  pseudo_entry<K> entry = file<K>(name, format);
  entry.is_of_mounts = true;
  return entry;
}
template <class K>
constexpr pseudo_entry<K> writable(std::string_view name, formatter<K> format, storer<K> store, u16 mode = 0644) {
  return {pseudo_kind::file, name, mode, format, store};
}
template <class K>
constexpr pseudo_entry<K> memory(std::string_view name) {
  return {pseudo_kind::memory, name, 0600};
}
template <class K>
constexpr pseudo_entry<K> link(std::string_view name, formatter<K> target) {
  return {pseudo_kind::link, name, 0777, target};
}
template <class K>
constexpr pseudo_entry<K> object(std::string_view name, process_object which) {
  return {pseudo_kind::object, name, 0777, nullptr, nullptr, which};
}
template <class K>
constexpr pseudo_entry<K> directory(std::string_view name, table<K> entries, u16 mode = 0555) {
  return {pseudo_kind::directory, name, mode, nullptr, nullptr, {}, entries};
}
template <class K>
constexpr pseudo_entry<K> each_process(table<K> entries) {
  return {pseudo_kind::each_process, {}, 0555, nullptr, nullptr, {}, entries, true};
}
template <class K>
constexpr pseudo_entry<K> each_thread(table<K> entries) {
  return {pseudo_kind::each_thread, {}, 0555, nullptr, nullptr, {}, entries, true};
}
/// `entry` is a table of one: how each descriptor looks (`object` or `file`).
template <class K>
constexpr pseudo_entry<K> each_descriptor(table<K> entry) {
  return {pseudo_kind::each_descriptor, {}, 0500, nullptr, nullptr, {}, entry, true};
}

template <class K>
constexpr pseudo_entry<K> each_number(std::string_view prefix, table<K> entries, u32 (*count)() = nullptr) {
  return {pseudo_kind::each_number, prefix, 0555, nullptr, nullptr, {}, entries, false, nullptr, 0, count};
}

template <class K>
using opener = answer<K, typename K::file_ref> (*)(typename K::thread&, u32);
template <class K>
constexpr pseudo_entry<K> device(std::string_view name, u64 number, opener<K> open, u16 mode = 0666) {
  return {pseudo_kind::device, name, mode, nullptr, nullptr, {}, {}, false, open, number};
}

/// Two tables as one.
template <class K, usize N, usize M>
constexpr std::array<pseudo_entry<K>, N + M> joined(const pseudo_entry<K> (&first)[N], const pseudo_entry<K> (&second)[M]) {
  std::array<pseudo_entry<K>, N + M> all{};
  for (usize i = 0; i < N; ++i) all[i] = first[i];
  for (usize i = 0; i < M; ++i) all[N + i] = second[i];
  return all;
}

} // namespace pseudo

} // namespace polyabi
