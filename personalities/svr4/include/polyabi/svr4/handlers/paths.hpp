// fchroot(2) and resolvepath(2).
#pragma once

#include <polyabi/core/reply_with.hpp>
#include <polyabi/core/socket_services.hpp>
#include <polyabi/svr4/signatures.hpp>

namespace polyabi::svr4::handlers {

struct fchroot {
  using needs = operation_list<op::chroot, op::process_path, op::getpid, op::fstat>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor) {
    using K = typename Env::kernel;
    native<K, shape::stat> state{};
    if (auto r = c.perform(op::fstat{}, descriptor, state); !r) return r.error();
    auto self = c.perform(op::getpid{});
    if (!self) return self.error();
    char path[1024];
    auto length = c.perform(op::process_path{}, *self, process_object::descriptor, descriptor, std::span<char>{path});
    if (!length) return length.error();
    if (*length <= 0 || static_cast<usize>(*length) > sizeof path || path[0] != '/') return errc::notdir;
    if (auto r = c.perform(op::chroot{}, std::string_view{path, static_cast<usize>(*length)}); !r) return r.error();
    return done{};
  }
};

/// resolvepath(2): a path without symbolic links, without "." and without ".." but at its beginning. It may stay relative. Answers
/// its length; there is no NUL.
struct resolvepath {
  // Links are read to the kernel's own memory.
  using needs = operation_list<op::readlink, op::stat, service::sockets>;

  template <class Env>
  static reply<Env, i64> call(context<Env>& c, std::string_view path, user_bytes into) {
    using K = typename Env::kernel;
    walk w;
    if (path.empty()) return errc::noent;
    if (!w.put_before(path)) return errc::nametoolong;
    for (i32 links = 0; w.next();) {
      const std::string_view name = w.component();
      if (name == std::string_view{".", 1}) continue;
      if (name == std::string_view{"..", 2}) {
        if (!w.go_up()) return errc::nametoolong;
        continue;
      }
      const usize before = w.length;
      if (!w.add(name)) return errc::nametoolong;
      char link[limit];
      auto size = read_link<Env>(c, w.so_far(), link);
      if (size) {
        if (++links > most_links) return errc::loop;
        w.length = before;
        if (!w.put_before({link, static_cast<usize>(*size)})) return errc::nametoolong;
      } else if (!failed_with<K>(size, errc::inval)) { // which is what other files than links answer
        return size.error();
      }
    }
    native<K, shape::stat> state{};
    const std::string_view found = w.so_far();
    if (auto r = c.perform(op::stat{}, K::current_directory, found, u32{0}, state); !r) return r.error();
    const usize told = found.size() < into.size ? found.size() : into.size;
    if (errc e = c.write_bytes(into.address, found.data(), told); e != errc::none) return e;
    return static_cast<i64>(told);
  }

private:
  static constexpr usize limit = 1024; // PATH_MAX
  static constexpr i32 most_links = 20; // MAXSYMLINKS

  /// What is resolved, and behind it what is not yet.
  struct walk {
    char done[limit], rest[limit];
    usize length = 0, rest_begin = limit, component_end = limit;

    std::string_view so_far() const { return length == 0 ? std::string_view{".", 1} : std::string_view{done, length}; }
    std::string_view component() const { return last_; }

    /// An absolute one begins again.
    bool put_before(std::string_view path) {
      if (path.size() + 1 > rest_begin) return false;
      if (rest_begin < limit) rest[--rest_begin] = '/';
      rest_begin -= path.size();
      __builtin_memcpy(rest + rest_begin, path.data(), path.size());
      if (!path.empty() && path[0] == '/') {
        done[0] = '/';
        length = 1;
      }
      return true;
    }
    /// Takes a component off the rest.
    bool next() {
      while (rest_begin < limit && rest[rest_begin] == '/') ++rest_begin;
      if (rest_begin == limit) return false;
      usize end = rest_begin;
      while (end < limit && rest[end] != '/') ++end;
      const usize size = end - rest_begin;
      __builtin_memcpy(name_, rest + rest_begin, size);
      last_ = {name_, size};
      rest_begin = end;
      return true;
    }
    bool add(std::string_view name) {
      const bool needs_slash = length != 0 && done[length - 1] != '/';
      if (length + needs_slash + name.size() > limit) return false;
      if (needs_slash) done[length++] = '/';
      __builtin_memcpy(done + length, name.data(), name.size());
      length += name.size();
      return true;
    }
    bool go_up() {
      if (length == 1 && done[0] == '/') return true;
      usize at = length;
      while (at > 0 && done[at - 1] != '/') --at;
      if (length == 0 || (length - at == 2 && done[at] == '.' && done[at + 1] == '.')) return add({"..", 2});
      length = at > 1 ? at - 1 : at;
      return true;
    }

  private:
    char name_[limit];
    std::string_view last_;
  };

  template <class Env>
  static auto read_link(context<Env>& c, std::string_view path, char (&to)[limit]) {
    const typename Env::kernel::kernel_transfer own_memory;
    return c.perform(op::readlink{}, Env::kernel::current_directory, path, user_bytes{reinterpret_cast<u64>(to), limit});
  }
};

} // namespace polyabi::svr4::handlers
