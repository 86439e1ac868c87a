// Reading directories: records of variable length, packed into the program's buffer one by one.
#pragma once

#include <polyabi/core/directory_records.hpp>
#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/structures/files.hpp>

namespace polyabi::linux_abi::handlers {

namespace detail {

/// `Entry` is dirent or dirent64.
template <class Entry, usize Word>
struct directory_record {
  static constexpr usize largest = Entry::name_at + 256 + 16;
  static errc make(const directory_entry& entry, u64 room, unsigned char* record, usize& size) {
    constexpr bool has_type = has_field<Entry>("type");
    constexpr usize alignment = has_type ? 8 : Word;
    // The name's NUL, and in the old form a byte for the type.
    const usize wanted = (Entry::name_at + entry.name.size() + (has_type ? 1 : 2) + alignment - 1) / alignment * alignment;
    if (wanted > room) return errc::inval;   // not even one entry fits
    if (wanted > largest) return errc::none; // no file system has such names
    Entry head{};
    using inode = typename field_type<field_named<Entry, "ino">>::value_type;
    using position = typename field_type<field_named<Entry, "next">>::value_type;
    if (static_cast<u64>(static_cast<inode>(entry.inode)) != entry.inode ||
        static_cast<i64>(static_cast<position>(entry.next)) != entry.next)
      return errc::overflow;
    head.ino = static_cast<inode>(entry.inode);
    head.next = static_cast<position>(entry.next);
    head.reclen = static_cast<u16>(wanted);
    if constexpr (has_type) head.type = entry.type;
    clear_end(record, wanted);
    __builtin_memcpy(record, &head, Entry::name_at);
    __builtin_memcpy(record + Entry::name_at, entry.name.data(), entry.name.size());
    if constexpr (!has_type) record[wanted - 1] = entry.type;
    size = wanted;
    return errc::none;
  }
};

template <template <class> class Entry>
struct read_entries {
  using needs = operation_list<op::read_directory>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, user_bytes into) {
    into.size = static_cast<u32>(into.size);
    using model = typename Env::model;
    directory_writer<Env, directory_record<Entry<model>, model::word_size>> writer{c, into.address, into.size};
    auto r = c.perform(op::read_directory{}, descriptor, writer.visitor());
    if (writer.used > 0) return static_cast<i64>(writer.used);
    if (!r) return r.error();
    if (writer.failed != errc::none) return writer.failed;
    return i64{0};
  }
};

} // namespace detail

using getdents = detail::read_entries<dirent>;
using getdents64 = detail::read_entries<dirent64>;

/// One entry a call, answered as 1.
struct old_readdir {
  using needs = operation_list<op::read_directory>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, u64 into, u32) {
    using entry_type = old_dirent<typename Env::model>;
    struct state {
      context<Env>& c;
      u64 into;
      bool taken = false;
      errc failed = errc::none;
      static bool visit(void* self, const directory_entry& entry) { return static_cast<state*>(self)->add(entry); }
      bool add(const directory_entry& entry) {
        if (taken) return false;
        unsigned char record[entry_type::name_at + 256]{};
        if (entry.name.size() >= 256) return true;
        using word = typename Env::model::ulong::value_type;
        entry_type head{static_cast<word>(entry.inode), static_cast<word>(entry.next), static_cast<u16>(entry.name.size())};
        __builtin_memcpy(record, &head, entry_type::name_at);
        __builtin_memcpy(record + entry_type::name_at, entry.name.data(), entry.name.size());
        failed = c.write_bytes(into, record, entry_type::name_at + entry.name.size() + 1);
        taken = failed == errc::none;
        return taken;
      }
    } one{c, into};
    auto r = c.perform(op::read_directory{}, descriptor, directory_visitor{&state::visit, &one});
    if (one.taken) return i64{1};
    if (!r) return r.error();
    if (one.failed != errc::none) return one.failed;
    return i64{0};
  }
};

} // namespace polyabi::linux_abi::handlers
