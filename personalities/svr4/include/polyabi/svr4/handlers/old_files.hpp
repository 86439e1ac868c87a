// Files as programs of Release 3 know them: directories that are read like files.
#pragma once

#include <polyabi/svr4/handlers/files.hpp>

namespace polyabi::svr4::handlers {

/// read(2). A directory's contents are entries of 16 bytes: an inode number and a name of up to 14 characters, cut if need be.
/// Its position counts in the kernel's own units: it can be remembered and gone back to.
struct old_read {
  using needs = operation_list<op::read, op::read_directory>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, user_vector into) {
    using K = typename Env::kernel;
    auto count = c.perform(op::read{}, descriptor, into);
    if (count) return *count;
    constexpr auto is_directory = static_cast<typename K::error>(number_for<kernel_map<K, errc>>(errc::isdir));
    if (count.error() != is_directory) return count.error();
    if (into.parts[0].size < record<Env>::largest) return errc::inval;
    return read_records<Env, record<Env>>(c, descriptor, into.parts[0]);
  }

private:
  template <class Env>
  struct record {
    static constexpr usize largest = 16, name_size = 14;
    static errc make(const directory_entry& entry, u64 room, unsigned char* to, usize& size) {
      if (room < largest) return errc::inval;
      clear_end(to, largest);
      const typename Env::model::u16 inode{static_cast<u16>(entry.inode)};
      const typename Env::model::u16 some_inode{u16{1}}; // 0 would mean that the entry is empty
      __builtin_memcpy(to, inode == 0 ? &some_inode : &inode, sizeof inode);
      __builtin_memcpy(to + sizeof inode, entry.name.data(), entry.name.size() < name_size ? entry.name.size() : name_size);
      size = largest;
      return errc::none;
    }
  };
};

} // namespace polyabi::svr4::handlers
