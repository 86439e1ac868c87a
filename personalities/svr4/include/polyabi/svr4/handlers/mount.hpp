// mount(2) and umount(2), as far as they are fattach(3C) and fdetach(3C): a name that stands for an open stream. File systems
// are the administrator's.
#pragma once

#include <polyabi/svr4/handlers/messages.hpp>

namespace polyabi::svr4::handlers {

/// (special, directory, flags, type, data, its size, ...): the type is "namefs", and the data names a descriptor.
struct mount {
  using needs = operation_list<service::custom_files, service::attachment, op::get_status_flags, op::terminal_get_window,
                               op::pseudo_terminal_number, service::readiness, service::timers, service::signals>;
  static constexpr support level = support::emulated;
  static constexpr i32 with_data = 4; ///< MS_DATA: there are six arguments

  template <class Env>
  static reply<Env> call(context<Env>& c, u64, std::string_view path, i32 flags, u64 type_at, u64 data_at, i32 size) {
    using K = typename Env::kernel;
    constexpr std::string_view namefs = "namefs";
    char type[16];
    if ((flags & with_data) == 0 ||
        K::copy_in_string(c.thread, type, type_at, sizeof type) != static_cast<i64>(namefs.size()) ||
        std::string_view{type, namefs.size()} != namefs)
      return errc::perm;
    namefd<typename Env::model> given;
    if (size != static_cast<i32>(sizeof given)) return errc::inval;
    if (errc e = c.read(user_ptr<namefd<typename Env::model>>{data_at}, given); e != errc::none) return e;
    auto s = held_stream<Env>::of(c, given.fd, errc::inval);
    if (!s) return s.error();
    if (s->is_terminal()) return errc::inval;
    if (auto r = K::attach(c.thread, path, s->file()); !r) return r.error();
    return done{};
  }
};

/// EPERM for anything but such a name.
struct unmount {
  using needs = operation_list<service::attachment>;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env> call(context<Env>& c, std::string_view path) {
    auto r = Env::kernel::detach(c.thread, path);
    if (!r) return r.error();
    return done{};
  }
};

} // namespace polyabi::svr4::handlers
