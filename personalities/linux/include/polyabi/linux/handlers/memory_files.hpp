// memfd_create, and the seals that fcntl sets.
#pragma once

#include <polyabi/core/memory_files.hpp>
#include <polyabi/linux/handlers/common.hpp>

namespace polyabi::linux_abi {

/// F_SEAL_* (include/uapi/linux/fcntl.h).
struct seals : flag_map<file_seal> {
  static constexpr auto rows =
      std::to_array<flag_row>({bit(file_seal::seal, 1), bit(file_seal::shrink, 2), bit(file_seal::grow, 4), bit(file_seal::write, 8),
                               bit(file_seal::future_write, 0x10), bit(file_seal::exec, 0x20)});
};
static_assert(checked<seals>);

namespace handlers {

/// MFD_* (include/uapi/linux/memfd.h).
namespace memory_file_flags {
inline constexpr u32 cloexec = 1, allow_sealing = 2, hugetlb = 4, noexec_seal = 8, exec = 16,
                     all = cloexec | allow_sealing | noexec_seal | exec;
}

struct memfd_create {
  using needs = operation_list<service::memory_files>;
  static constexpr support level = support::emulated;
  static constexpr usize longest_name = 249;
  template <class Env>
  static reply<Env, typename Env::kernel::new_descriptor> call(context<Env>& c, std::string_view name, u32 flags) {
    using K = typename Env::kernel;
    using namespace memory_file_flags;
    if ((flags & hugetlb) != 0) {
      c.unsupported("flags", flags);
      return errc::nosys; // as without huge pages
    }
    if ((flags & ~all) != 0 || (flags & (exec | noexec_seal)) == (exec | noexec_seal)) return errc::inval;
    u32 sealed = (flags & allow_sealing) != 0 ? 0 : file_seals<file_seal::seal>;
    if ((flags & noexec_seal) != 0) sealed = file_seals<file_seal::exec>;
    constexpr std::string_view before = "/memfd:", after = " (deleted)";
    char label[before.size() + longest_name + after.size()];
    usize size = 0;
    for (const std::string_view part : {before, name, after})
      for (const char one : part) label[size++] = one;
    auto made = K::make_memory_file(c.thread, std::string_view{label, size}, (flags & noexec_seal) != 0 ? 0666u : 0777u, sealed,
                                    (flags & cloexec) != 0 ? native_number<K, fd_flag::cloexec> : 0);
    if (!made) return made.error();
    return std::move(*made);
  }
};

template <class Env>
reply<Env, i64> get_seals(context<Env>& c, i32 descriptor) {
  using K = typename Env::kernel;
  if constexpr (provides<K, service::memory_files>()) {
    const auto found = K::seals_of(c.thread, descriptor);
    if (!found) return found.error();
    return static_cast<i64>(shown_flag_table<file_seal_bits, seals>::convert(*found));
  } else {
    return errc::inval;
  }
}
template <class Env>
reply<Env, i64> add_seals(context<Env>& c, i32 descriptor, u64 given) {
  using K = typename Env::kernel;
  using table = total_flag_table<seals, file_seal_bits>;
  if (table::refused(given) != errc::none) return table::refused(given);
  if constexpr (provides<K, service::memory_files>()) {
    if (const auto added = K::add_seals(c.thread, descriptor, static_cast<u32>(table::convert(given))); !added) return added.error();
    return i64{0};
  } else {
    return errc::inval;
  }
}

} // namespace handlers

} // namespace polyabi::linux_abi
