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
    writer<Env> state{c, into.parts[0].address, into.parts[0].size};
    if (state.room < record_size) return errc::inval;
    if (auto r = c.perform(op::read_directory{}, descriptor, directory_visitor{&writer<Env>::visit, &state}); !r)
      return r.error();
    if (state.used == 0 && state.failed != errc::none) return state.failed;
    return static_cast<i64>(state.used);
  }

private:
  static constexpr usize record_size = 16, name_size = 14;
  template <class Env>
  struct writer {
    context<Env>& c;
    u64 address, room;
    u64 used = 0;
    errc failed = errc::none;

    static bool visit(void* state, const directory_entry& entry) { return static_cast<writer*>(state)->put(entry); }
    bool put(const directory_entry& entry) {
      if (room - used < record_size) return false;
      u8 record[record_size]{};
      const typename Env::model::u16 inode{static_cast<u16>(entry.inode)};
      const typename Env::model::u16 some_inode{u16{1}}; // 0 would mean that the entry is empty
      __builtin_memcpy(record, inode == 0 ? &some_inode : &inode, sizeof inode);
      __builtin_memcpy(record + sizeof inode, entry.name.data(), entry.name.size() < name_size ? entry.name.size() : name_size);
      failed = c.write_bytes(address + used, record, sizeof record);
      if (failed != errc::none) return false;
      used += sizeof record;
      return true;
    }
  };
};

} // namespace polyabi::svr4::handlers
