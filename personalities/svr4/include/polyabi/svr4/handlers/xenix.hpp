// XENIX' calls, which SCO, INTERACTIVE and MWC brought to Release 3.
#pragma once

#include <polyabi/svr4/handlers/files.hpp>
#include <polyabi/svr4/handlers/system.hpp>
#include <polyabi/svr4/handlers/time.hpp>
#include <polyabi/svr4/structures/xenix.hpp>

namespace polyabi::svr4::handlers {

/// locking(2): a run of bytes from the position on. 0 unlocks, 1 and 2 lock for writing, 3 and 4 for reading; even ones do not
/// wait.
struct locking {
  using needs = operation_list<op::set_lock>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 descriptor, i32 mode, i64 size) {
    using K = typename Env::kernel;
    if (mode < 0 || mode > 4) return errc::inval;
    native<K, shape::flock> lock{};
    lock.type = static_cast<i16>(mode == 0   ? native_number<K, lock_kind::unlck>
                                 : mode <= 2 ? native_number<K, lock_kind::wrlck>
                                             : native_number<K, lock_kind::rdlck>);
    lock.whence = static_cast<i16>(native_number<K, seek_origin::cur>);
    lock.start = size < 0 ? size : 0;
    lock.len = size < 0 ? -size : size;
    if (auto r = c.perform(op::set_lock{}, descriptor, lock, mode % 2 == 1); !r) return r.error();
    return done{};
  }
};

/// rdchk(2): whether read(2) would not wait.
struct rdchk {
  using needs = operation_list<op::poll>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor) {
    using K = typename Env::kernel;
    native<K, shape::poll_record> record{};
    record.fd = descriptor;
    record.events = static_cast<u16>(native_number<K, poll_event::in>);
    const native<K, shape::timespec> at_once{0, 0};
    auto ready = c.perform(op::poll{}, std::span{&record, 1}, &at_once, no_structure<K, shape::sigset>);
    if (!ready) return ready.error();
    if ((record.revents & native_number<K, poll_event::nval>) != 0) return errc::badf;
    return i64{*ready != 0};
  }
};

/// ftime(2): the zone is the C library's business.
struct ftime {
  using needs = operation_list<op::clock_get>;
  template <class Env>
  static reply<Env> call(context<Env>& c, user_ptr<timeb<typename Env::model>> to) {
    using K = typename Env::kernel;
    native<K, shape::timespec> now{};
    if (auto r = c.perform(op::clock_get{}, native_number<K, clock::realtime>, now); !r) return r.error();
    timeb<typename Env::model> out{};
    out.time = static_cast<i32>(now.sec);
    out.milliseconds = static_cast<u16>(now.nsec / 1'000'000);
    // The structure ends behind its last member, without the rest of its last word.
    constexpr usize size = offset_of<timeb<typename Env::model>, "daylight"> + sizeof out.daylight;
    if (errc e = c.write_bytes(to.address, &out, size); e != errc::none) return e;
    return done{};
  }
};

/// nap(2): sleeps for milliseconds and answers how many they were.
struct nap {
  using needs = operation_list<op::sleep, op::clock_get>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i64 milliseconds) {
    using K = typename Env::kernel;
    if (milliseconds < 0) return errc::inval;
    const i32 clock_used = native_number<K, clock::monotonic>;
    const i64 begun = nanoseconds_of(c, clock_used);
    const native<K, shape::timespec> request{milliseconds / 1000, milliseconds % 1000 * 1'000'000};
    native<K, shape::timespec> remaining{};
    if (auto r = c.perform(op::sleep{}, clock_used, false, request, &remaining); !r) return r.error();
    return (nanoseconds_of(c, clock_used) - begun) / 1'000'000;
  }
};

/// select(2): sets of descriptors as bits of 32-bit words; what is left is what is ready. The timeout stays as it is.
struct select {
  using needs = operation_list<op::poll>;
  static constexpr usize limit = 256;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 count, u64 read_at, u64 write_at, u64 except_at,
                              const native<typename Env::kernel, shape::timeval>* timeout) {
    using K = typename Env::kernel;
    if (count < 0 || static_cast<usize>(count) > limit) return errc::inval;
    const u64 at[3] = {read_at, write_at, except_at};
    const u16 wanted[3] = {static_cast<u16>(native_number<K, poll_event::in>),
                           static_cast<u16>(native_number<K, poll_event::out>),
                           static_cast<u16>(native_number<K, poll_event::pri>)};
    // An end of file can be read, an error as well: as select(2) has it, not as poll(2).
    constexpr auto over = static_cast<u16>(native_number<K, poll_event::hup> | native_number<K, poll_event::err>);
    const u16 counts_as[3] = {static_cast<u16>(wanted[0] | over),
                              static_cast<u16>(wanted[1] | native_number<K, poll_event::err>), wanted[2]};
    const usize words = (static_cast<usize>(count) + 31) / 32;
    typename Env::model::u32 sets[3][limit / 32]{};
    for (usize s = 0; s < 3; ++s)
      if (at[s] != 0)
        if (errc e = c.read_bytes(at[s], sets[s], words * 4); e != errc::none) return e;

    native<K, shape::poll_record> records[limit];
    usize used = 0;
    for (i32 fd = 0; fd < count; ++fd) {
      u16 events = 0;
      for (usize s = 0; s < 3; ++s)
        if ((sets[s][fd / 32] >> (fd % 32) & 1) != 0) events = static_cast<u16>(events | wanted[s]);
      if (events == 0) continue;
      records[used] = {};
      records[used].fd = fd;
      records[used++].events = events;
    }
    native<K, shape::timespec> patience{};
    if (timeout != nullptr) patience = {timeout->sec, timeout->usec * 1000};
    auto ready = c.perform(op::poll{}, std::span{records, used}, timeout != nullptr ? &patience : nullptr,
                           no_structure<K, shape::sigset>);
    if (!ready) return ready.error();

    i64 bits = 0;
    typename Env::model::u32 answers[3][limit / 32]{};
    for (usize i = 0; i < used; ++i) {
      const auto& record = records[i];
      if ((record.revents & native_number<K, poll_event::nval>) != 0) return errc::badf;
      for (usize s = 0; s < 3; ++s) {
        if ((record.events & wanted[s]) == 0 || (record.revents & counts_as[s]) == 0) continue;
        auto& word = answers[s][record.fd / 32];
        word = word | 1u << (record.fd % 32);
        ++bits;
      }
    }
    for (usize s = 0; s < 3; ++s)
      if (at[s] != 0)
        if (errc e = c.write_bytes(at[s], answers[s], words * 4); e != errc::none) return e;
    return bits;
  }
};

/// getgroups(2) and setgroups(2) with ids of 16 bits.
struct old_getgroups {
  using needs = operation_list<op::getgroups>;
  static constexpr usize limit = 32;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 count, user_ptr<typename Env::model::u16> to) {
    u32 groups[limit];
    if (count < 0) return errc::inval;
    auto known = c.perform(op::getgroups{}, std::span<u32>{groups});
    if (!known) return known.error();
    const i32 kept = *known < static_cast<i32>(limit) ? *known : static_cast<i32>(limit);
    if (count == 0) return i64{kept};
    if (kept > count) return errc::inval;
    for (i32 i = 0; i < kept; ++i) {
      const u32 group = groups[i] < 0xffff ? groups[i] : 0xffff;
      if (errc e = c.write(to.at(static_cast<usize>(i)), typename Env::model::u16{static_cast<u16>(group)}); e != errc::none)
        return e;
    }
    return i64{kept};
  }
};
struct old_setgroups {
  using needs = operation_list<op::setgroups>;
  template <class Env>
  static reply<Env> call(context<Env>& c, i32 count, user_ptr<typename Env::model::u16> from) {
    typename Env::model::u16 foreign[old_getgroups::limit];
    u32 groups[old_getgroups::limit];
    if (count < 0 || static_cast<usize>(count) > old_getgroups::limit) return errc::inval;
    const auto n = static_cast<usize>(count);
    if (errc e = c.read_bytes(from.address, foreign, n * sizeof foreign[0]); e != errc::none) return e;
    for (usize i = 0; i < n; ++i) groups[i] = foreign[i];
    if (auto r = c.perform(op::setgroups{}, std::span<const u32>{groups, n}); !r) return r.error();
    return done{};
  }
};

/// sysconf(2): POSIX' names, counted from 0 as Release 3 did.
struct old_sysconf {
  using needs = operation_list<op::get_limit>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 name) {
    using K = typename Env::kernel;
    switch (name) {
    case 0: return i64{5120};        // ARG_MAX
    case 1: return i64{1024};        // CHILD_MAX
    case 2: return i64{clock_ticks}; // CLK_TCK
    case 3: return i64{32};          // NGROUPS_MAX
    case 4: {                        // OPEN_MAX
      native<K, shape::rlimit> limit{};
      if (auto r = c.perform(op::get_limit{}, native_number<K, resource::nofile>, limit); !r) return r.error();
      return static_cast<i64>(limit.cur < 0x7fffffff ? limit.cur : 0x7fffffff);
    }
    case 5: return i64{1};      // JOB_CONTROL
    case 6: return i64{1};      // SAVED_IDS
    case 7: return i64{198808}; // VERSION
    case 11:
    case 34: return i64{page_size}; // PAGESIZE; SCO's number of it
    default: return errc::inval;
    }
  }
};

/// pathconf(2): the same names as SVR4's, counted from 0.
constexpr i32 newer_path_name(i32 name) {
  switch (name) {
  case 6: return 9; // CHOWN_RESTRICTED
  case 7: return 7; // NO_TRUNC
  case 8: return 8; // VDISABLE
  default: return name >= 0 && name < 6 ? name + 1 : -1;
  }
}
struct old_pathconf {
  using needs = pathconf::needs;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, std::string_view path, i32 name) {
    return pathconf::call(c, path, newer_path_name(name));
  }
};
struct old_fpathconf {
  using needs = fpathconf::needs;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 descriptor, i32 name) {
    return fpathconf::call(c, descriptor, newer_path_name(name));
  }
};

/// SCO's names of the system and its licence.
struct sco_names {
  using needs = operation_list<op::system_names, op::system_status>;
  template <class Env>
  static reply<Env> call(context<Env>& c, user_ptr<scoutsname<typename Env::model>> to) {
    using K = typename Env::kernel;
    native<K, shape::system_names> own{};
    native<K, shape::system_status> status{};
    if (auto r = c.perform(op::system_names{}, own); !r) return r.error();
    if (auto r = c.perform(op::system_status{}, status); !r) return r.error();
    const system_identity identity = identity_in_force<Env>(c.thread);
    scoutsname<typename Env::model> out{};
    put_name(out.sysname, identity.sysname.empty() ? name_in(own.nodename) : identity.sysname);
    put_name(out.nodename, name_in(own.nodename));
    put_name(out.release, identity.release);
    put_name(out.kernelid, identity.version);
    put_name(out.machine, identity.machine);
    put_name(out.bustype, "PCI"sv);
    put_name(out.serial, identity.serial);
    put_name(out.users, "2-user"sv);
    out.origin = u16{0xffff};
    out.oem = u16{0xffff};
    out.processors = static_cast<u16>(status.processors);
    if (errc e = c.write(to, out); e != errc::none) return e;
    return done{};
  }
};

} // namespace polyabi::svr4::handlers
