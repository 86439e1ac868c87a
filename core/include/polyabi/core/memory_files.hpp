// What a kernel offers beside services.hpp: files in memory without a name, and seals on files in memory.
#pragma once

#include <polyabi/core/services.hpp>

namespace polyabi {

/// What may not be done to a file any more (F_SEAL_*).
enum class file_seal : u8 { none, seal, shrink, grow, write, future_write, exec, count_ };
struct file_seal_bits : flag_map<file_seal> {
  static constexpr auto rows = std::to_array<flag_row>({bit(file_seal::seal, 1), bit(file_seal::shrink, 2), bit(file_seal::grow, 4),
                                                        bit(file_seal::write, 8), bit(file_seal::future_write, 16),
                                                        bit(file_seal::exec, 32)});
};
file_seal_bits library_map(file_seal);
template <file_seal... Names>
inline constexpr u32 file_seals = (u32{0} | ... | native_number<void, Names>);

namespace service {

/// A file without a name, open for reading and writing, and seals of whatever files can be sealed. Outside the section.
struct memory_files {
  template <class K>
  static constexpr bool present = requires(typename K::thread& t, std::string_view label, u32 bits, i32 descriptor) {
    // Of these permissions and seals. The label is what listings show.
    { K::make_memory_file(t, label, bits, bits, bits) } -> std::same_as<answer<K, typename K::new_descriptor>>;
    // EINVAL for files that cannot be sealed.
    { K::seals_of(t, descriptor) } -> std::same_as<answer<K, u32>>;
    // EPERM if the file is not open for writing or no seal may be added, EBUSY if somebody could write through a mapping.
    { K::add_seals(t, descriptor, bits) } -> std::same_as<answer<K>>;
  };
};

} // namespace service

} // namespace polyabi
