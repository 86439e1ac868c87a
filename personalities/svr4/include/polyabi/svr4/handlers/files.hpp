// Directory entries, polling, sizes and names of file systems, limits of paths.
#pragma once

#include <polyabi/core/directory_records.hpp>
#include <polyabi/svr4/signatures.hpp>
#include <polyabi/svr4/structures/file.hpp>

namespace polyabi::svr4::handlers {

/// getdents(2): `Entry` is the head of a record. Cookies and inode numbers lose bits in the small form; a record never has
/// inode 0, which would mean that it is empty.
template <class Head>
struct directory_record {
  static constexpr usize largest = Head::name_at + 256 + Head::alignment;
  static errc make(const directory_entry& entry, u64 room, unsigned char* record, usize& size) {
    const usize wanted = (Head::name_at + entry.name.size() + Head::alignment) / Head::alignment * Head::alignment;
    if (wanted > room || entry.name.size() > 255) return errc::inval;
    Head h{};
    h.inode = static_cast<typename decltype(h.inode)::value_type>(entry.inode);
    if (h.inode == 0) h.inode = 1;
    h.next = static_cast<typename decltype(h.next)::value_type>(entry.next);
    h.record_size = static_cast<u16>(wanted);
    clear_end(record, wanted);
    __builtin_memcpy(record, &h, Head::name_at);
    __builtin_memcpy(record + Head::name_at, entry.name.data(), entry.name.size());
    size = wanted;
    return errc::none;
  }
};

/// What op::read_directory has written, as an answer.
template <class Env, class Record>
reply<Env, i64> read_records(context<Env>& c, i32 descriptor, user_bytes to) {
  directory_writer<Env, Record> writer{c, to.address, to.size};
  if (auto r = c.perform(op::read_directory{}, descriptor, writer.visitor()); !r) return r.error();
  if (writer.used == 0 && writer.failed != errc::none) return writer.failed;
  return static_cast<i64>(writer.used);
}

template <template <class> class Entry>
struct read_entries {
  using needs = operation_list<op::read_directory>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, user_bytes to) {
    return read_records<Env, directory_record<Entry<typename Env::model>>>(c, descriptor, to);
  }
};
using getdents = read_entries<dirent>;
using getdents64 = read_entries<dirent64>;

/// fsat(2)'s fstatat has its flags behind the structure.
template <template <class> class Stat>
struct stat_at {
  using needs = operation_list<op::stat>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 directory, std::string_view path, user_ptr<Stat<typename Env::model>> to,
                         u32 at_flags) {
    native<typename Env::kernel, shape::stat> own{};
    if (auto r = c.perform(op::stat{}, directory, path, at_flags, own); !r) return r.error();
    if (errc e = c.write_foreign(to, own); e != errc::none) return e;
    return done{};
  }
};

/// poll(2): the timeout is in milliseconds, negative for ever.
struct poll {
  using needs = operation_list<op::poll>;
  static constexpr usize limit = 256;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, user_ptr<pollfd<typename Env::model>> records, u32 count, i32 timeout) {
    using K = typename Env::kernel;
    const native<K, shape::timespec> patience{timeout / 1000, i64{timeout % 1000} * 1'000'000};
    return wait_for(c, records, count, timeout < 0 ? nullptr : &patience, no_structure<K, shape::sigset>);
  }

  template <class Env>
  static reply<Env, i64> wait_for(context<Env>& c, user_ptr<pollfd<typename Env::model>> records, u32 count,
                                  const native<typename Env::kernel, shape::timespec>* timeout,
                                  const native<typename Env::kernel, shape::sigset>* mask) {
    using K = typename Env::kernel;
    using foreign = pollfd<typename Env::model>;
    if (count > limit) return errc::inval;
    native<K, shape::poll_record> own[limit];
    for (usize i = 0; i < count; ++i) {
      own[i] = {};
      if (errc e = c.read_native(user_ptr<const foreign>{records.at(i).address}, own[i]); e != errc::none) return e;
    }
    auto ready = c.perform(op::poll{}, std::span{own, count}, timeout, mask);
    if (!ready) return ready.error();
    // Only the answers are written: the rest belongs to the program.
    for (usize i = 0; i < count; ++i) {
      foreign answer{};
      if (errc e = to_foreign<K>(own[i], answer); e != errc::none) return e;
      const u64 at = records.at(i).address + offset_of<foreign, "revents">;
      if (errc e = c.write_bytes(at, &answer.revents, sizeof answer.revents); e != errc::none) return e;
    }
    return i64{*ready};
  }
};

/// pollsys(2): with a timeout of any resolution, and a mask for the wait.
struct pollsys {
  using needs = operation_list<op::poll>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, user_ptr<pollfd<typename Env::model>> records, u32 count,
                              const native<typename Env::kernel, shape::timespec>* timeout,
                              const native<typename Env::kernel, shape::sigset>* mask) {
    return poll::wait_for(c, records, count, timeout, mask);
  }
};

/// SVR3's statfs(2): (path, buffer, its size, file system type), in blocks of 512 bytes.
struct statfs_call {
  template <class Env>
  static errc write(context<Env>& c, const native<typename Env::kernel, shape::statfs>& from, u64 to, i32 size) {
    using foreign = statfs<typename Env::model>;
    if (size < 0 || static_cast<usize>(size) > sizeof(foreign)) return errc::inval;
    foreign out{};
    const auto small = [](u64 n) { return static_cast<i32>(n < 0x7fffffff ? n : 0x7fffffff); };
    const u64 unit = from.frsize != 0 ? from.frsize : from.bsize;
    out.bsize = small(from.bsize);
    out.frsize = from.frsize == from.bsize ? 0 : small(from.frsize);
    out.blocks = small(from.blocks * (unit / 512));
    out.bfree = small(from.bfree * (unit / 512));
    out.files = small(from.files);
    out.ffree = small(from.ffree);
    return c.write_bytes(to, &out, static_cast<usize>(size));
  }
};
struct statfs_path : statfs_call {
  using needs = operation_list<op::statfs>;
  template <class Env>
  static reply<Env> call(context<Env>& c, std::string_view path, user_bytes to, i32) {
    native<typename Env::kernel, shape::statfs> own{};
    if (auto r = c.perform(op::statfs{}, path, own); !r) return r.error();
    if (errc e = write(c, own, to.address, static_cast<i32>(to.size)); e != errc::none) return e;
    return done{};
  }
};
struct statfs_descriptor : statfs_call {
  using needs = operation_list<op::fstatfs>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, user_bytes to, i32) {
    native<typename Env::kernel, shape::statfs> own{};
    if (auto r = c.perform(op::fstatfs{}, descriptor, own); !r) return r.error();
    if (errc e = write(c, own, to.address, static_cast<i32>(to.size)); e != errc::none) return e;
    return done{};
  }
};

/// The names of sysfs(2)'s file system types; 0 is no type.
inline constexpr std::string_view file_system_types[] = {"ufs", "tmpfs", "proc", "fd"};

/// sysfs(GETFSIND, name): the index of a type.
struct type_index {
  using needs = operation_list<>;
  template <class Env>
  static reply<Env, i64> call(context<Env>&, std::string_view name) {
    for (usize i = 0; i < std::size(file_system_types); ++i)
      if (file_system_types[i] == name) return static_cast<i64>(i + 1);
    return errc::inval;
  }
};
/// sysfs(GETFSTYP, index, buffer): its name.
struct type_name {
  using needs = operation_list<>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u32 index, u64 to) {
    if (index == 0 || index > std::size(file_system_types)) return errc::inval;
    const std::string_view name = file_system_types[index - 1];
    char text[16]{};
    __builtin_memcpy(text, name.data(), name.size());
    if (errc e = c.write_bytes(to, text, name.size() + 1); e != errc::none) return e;
    return done{};
  }
};
/// sysfs(GETNFSTYP): how many there are.
struct type_count {
  using needs = operation_list<>;
  template <class Env>
  static reply<Env, i64> call(context<Env>&) {
    return static_cast<i64>(std::size(file_system_types));
  }
};

/// _PC_*.
template <class Env>
reply<Env, i64> path_limit(i32 name) {
  switch (name) {
  case 1: return i64{32767}; // LINK_MAX
  case 2: return i64{256};   // MAX_CANON
  case 3: return i64{512};   // MAX_INPUT
  case 4: return i64{255};   // NAME_MAX
  case 5: return i64{1024};  // PATH_MAX
  case 6: return i64{5120};  // PIPE_BUF
  case 7: return i64{1};     // NO_TRUNC
  case 8: return i64{0};     // VDISABLE
  case 9: return i64{1};     // CHOWN_RESTRICTED
  case 67: return i64{64};   // FILESIZEBITS
  default: return errc::inval;
  }
}
struct pathconf {
  using needs = operation_list<op::stat>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, std::string_view path, i32 name) {
    native<typename Env::kernel, shape::stat> there{};
    if (auto r = c.perform(op::stat{}, Env::kernel::current_directory, path, u32{0}, there); !r) return r.error();
    return path_limit<Env>(name);
  }
};
struct fpathconf {
  using needs = operation_list<op::get_descriptor_flags>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, i32 name) {
    if (auto r = c.perform(op::get_descriptor_flags{}, descriptor); !r) return r.error();
    return path_limit<Env>(name);
  }
};

/// F_CHKFL: any flags will do.
struct descriptor_check {
  using needs = operation_list<op::get_descriptor_flags>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor) {
    if (auto r = c.perform(op::get_descriptor_flags{}, descriptor); !r) return r.error();
    return done{};
  }
};

/// F_FREESP with length 0: the file ends where the lock record starts. Holes in the middle are refused.
template <template <class> class Lock>
struct free_space {
  using needs = operation_list<op::fstat, op::seek, op::ftruncate>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, user_ptr<Lock<typename Env::model>> from) {
    using K = typename Env::kernel;
    Lock<typename Env::model> lock;
    if (errc e = c.read(from, lock); e != errc::none) return e;
    if (lock.len != 0) return errc::inval;
    i64 start = lock.start;
    if (lock.whence.raw == 1) {
      auto at = c.perform(op::seek{}, descriptor, i64{0}, native_number<K, seek_origin::cur>);
      if (!at) return at.error();
      start += *at;
    } else if (lock.whence.raw == 2) {
      native<K, shape::stat> now{};
      if (auto r = c.perform(op::fstat{}, descriptor, now); !r) return r.error();
      start += now.size;
    } else if (lock.whence.raw != 0) {
      return errc::inval;
    }
    if (auto r = c.perform(op::ftruncate{}, descriptor, start); !r) return r.error();
    return done{};
  }
};

} // namespace polyabi::svr4::handlers
