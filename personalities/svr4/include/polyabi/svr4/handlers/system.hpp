// The system about itself: uname, utssys, systeminfo, sysconfig, sysi86 and their like.
#pragma once

#include <polyabi/svr4/signatures.hpp>
#include <polyabi/svr4/structures/system.hpp>
#include <polyabi/svr4/variant.hpp>

namespace polyabi::svr4 {

namespace handlers {

/// Copies a name into a zeroed field, cut to leave room for its NUL.
template <usize N>
constexpr void put_name(char (&to)[N], std::string_view name) {
  const usize size = name.size() < N - 1 ? name.size() : N - 1;
  for (usize i = 0; i < size; ++i) to[i] = name[i];
}

/// A name of the kernel's, up to its NUL.
template <usize N>
constexpr std::string_view name_in(const char (&from)[N]) {
  usize size = 0;
  while (size < N && from[size] != '\0') ++size;
  return {from, size};
}

template <class Env, template <class> class Names>
errc write_names(context<Env>& c, u64 to, const native<typename Env::kernel, shape::system_names>& own) {
  const system_identity identity = identity_in_force<Env>(c.thread);
  Names<typename Env::model> out{};
  put_name(out.sysname, identity.sysname.empty() ? name_in(own.nodename) : identity.sysname);
  put_name(out.nodename, name_in(own.nodename));
  put_name(out.release, identity.release);
  put_name(out.version, identity.version);
  put_name(out.machine, identity.machine);
  return c.write(user_ptr<Names<typename Env::model>>{to}, out);
}

struct uname {
  using needs = operation_list<op::system_names>;
  template <class Env>
  static reply<Env> call(context<Env>& c, user_ptr<utsname<typename Env::model>> to) {
    native<typename Env::kernel, shape::system_names> own{};
    if (auto r = c.perform(op::system_names{}, own); !r) return r.error();
    if (errc e = write_names<Env, utsname>(c, to.address, own); e != errc::none) return e;
    return done{};
  }
};

/// utssys(2): the third argument chooses. 0 uname with short names, 2 ustat, 3 fusers.
struct utssys {
  using needs = operation_list<op::system_names>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, u64 to, u32 device, i32 what) {
    switch (what) {
    case 0: {
      native<typename Env::kernel, shape::system_names> own{};
      if (auto r = c.perform(op::system_names{}, own); !r) return r.error();
      if (errc e = write_names<Env, old_utsname>(c, to, own); e != errc::none) return e;
      return i64{1};
    }
    case 2: // file systems are not found by device number
      c.unsupported("ustat"sv, device);
      return errc::inval;
    default: c.unsupported("function"sv, static_cast<u32>(what)); return errc::inval;
    }
  }
};

/// systeminfo(2): writes a name, cut if need be, and answers the room that all of it takes with its NUL.
struct systeminfo {
  using needs = operation_list<op::system_names, op::set_host_name>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 command, u64 to, i64 size) {
    using K = typename Env::kernel;
    native<K, shape::system_names> own{};
    if (auto r = c.perform(op::system_names{}, own); !r) return r.error();
    const system_identity identity = identity_in_force<Env>(c.thread);
    constexpr bool is_wide = Env::model::word_size == 8;
    constexpr std::string_view wide_architecture = "amd64";
    switch (command) {
    case 1: return put(c, identity.sysname.empty() ? name_in(own.nodename) : identity.sysname, to, size);
    case 2: return put(c, name_in(own.nodename), to, size);
    case 3: return put(c, identity.release, to, size);
    case 4: return put(c, identity.version, to, size);
    case 5: return put(c, identity.machine, to, size);
    case 517: // SI_ARCHITECTURE_64
      if (!is_wide) return errc::inval;
      return put(c, wide_architecture, to, size);
    case 518: // SI_ARCHITECTURE_K
    case 519: // SI_ARCHITECTURE_NATIVE
      return put(c, is_wide ? wide_architecture : identity.architecture, to, size);
    case 6:
    case 516: // SI_ARCHITECTURE, SI_ARCHITECTURE_32
      return put(c, identity.architecture, to, size);
    case 7: return put(c, identity.serial, to, size);
    case 8: return put(c, identity.provider, to, size);
    case 9: return put(c, name_in(own.domain), to, size);
    case 258: { // SI_SET_HOSTNAME
      char name[64];
      if (size < 0) return errc::inval;
      const i64 length = K::copy_in_string(c.thread, name, to, sizeof name);
      if (length < 0) return length == -1 ? errc::fault : errc::inval;
      if (auto r = c.perform(op::set_host_name{}, std::string_view{name, static_cast<usize>(length)}); !r) return r.error();
      return length + 1;
    }
    case 513: return put(c, identity.machine, to, size);                                                  // SI_PLATFORM
    case 514: return put(c, "pentium_pro+mmx pentium_pro pentium+mmx pentium i486 i386 i86"sv, to, size); // SI_ISALIST
    default: return errc::inval;
    }
  }

private:
  template <class Env>
  static reply<Env, i64> put(context<Env>& c, std::string_view text, u64 to, i64 size) {
    if (size < 0) return errc::inval;
    if (size > 0) {
      const usize room = static_cast<usize>(size) - 1;
      const usize take = text.size() < room ? text.size() : room;
      const char nul = '\0';
      if (errc e = c.write_bytes(to, text.data(), take); e != errc::none) return e;
      if (errc e = c.write_bytes(to + take, &nul, 1); e != errc::none) return e;
    }
    return static_cast<i64>(text.size() + 1);
  }
};

/// sysconfig(2): _CONFIG_* of sys/sysconfig.h.
struct sysconfig {
  using needs = operation_list<op::get_limit, op::system_status>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i32 what) {
    using K = typename Env::kernel;
    native<K, shape::system_status> status{};
    if (auto r = c.perform(op::system_status{}, status); !r) return r.error();
    constexpr u64 page = page_size;
    switch (what) {
    case 2: return i64{32};   // NGROUPS
    case 3: return i64{1024}; // CHILD_MAX
    case 4: {                 // OPEN_FILES
      native<K, shape::rlimit> limit{};
      if (auto r = c.perform(op::get_limit{}, native_number<K, resource::nofile>, limit); !r) return r.error();
      return static_cast<i64>(limit.cur < 0x7fffffff ? limit.cur : 0x7fffffff);
    }
    case 5: return i64{199506};                               // POSIX_VER
    case 6: return static_cast<i64>(page);                    // PAGESIZE
    case 7: return i64{clock_ticks};                          // CLK_TCK
    case 8: return i64{3};                                    // XOPEN_VER
    case 10: return i64{clock_ticks};                         // PROF_TCK
    case 11:                                                  // NPROC_CONF
    case 12:                                                  // NPROC_ONLN
    case 44: return i64{status.processors};                   // NPROC_MAX
    case 13: return i64{4096};                                // AIO_LISTIO_MAX
    case 16: return i64{0x7fffffff};                          // DELAYTIMER_MAX
    case 19: return i64{8};                                   // RTSIG_MAX
    case 22: return i64{32};                                  // SIGQUEUE_MAX
    case 23: return i64{41};                                  // SIGRT_MIN
    case 24: return i64{48};                                  // SIGRT_MAX
    case 25: return i64{32};                                  // TIMER_MAX
    case 26: return static_cast<i64>(status.totalram / page); // PHYS_PAGES
    case 27: return static_cast<i64>(status.freeram / page);  // AVPHYS_PAGES
    case 42: return i64{30000};                               // MAXPID
    case 43: return i64{7};                                   // STACK_PROT
    case 45: return static_cast<i64>(status.processors) - 1;  // CPUID_MAX
    case 46: return i64{20};                                  // SYMLOOP_MAX
    default: return errc::inval;
    }
  }
};

/// getloadavg(2): three numbers with eight bits of fraction.
struct getloadavg {
  using needs = operation_list<op::system_status>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, user_ptr<typename Env::model::i32> to, i32 count) {
    native<typename Env::kernel, shape::system_status> status{};
    if (auto r = c.perform(op::system_status{}, status); !r) return r.error();
    if (count < 0) return errc::inval;
    if (count > 3) count = 3;
    for (usize i = 0; i < static_cast<usize>(count); ++i) {
      const typename Env::model::i32 load{static_cast<i32>(status.loads[i] >> 8)};
      if (errc e = c.write(to.at(i), load); e != errc::none) return e;
    }
    return i64{count};
  }
};

/// getpagesizes(2): there is one.
struct getpagesizes {
  using needs = operation_list<>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c, user_ptr<typename Env::model::u32> to, i32 count) {
    if (count < 0 || (count == 0 && to)) return errc::inval;
    if (to)
      if (errc e = c.write(to, typename Env::model::u32{u32{page_size}}); e != errc::none) return e;
    return i64{1};
  }
};

/// sysi86(SI86FPHW): what does floating point; 3 is a 387 or better.
struct floating_point_kind {
  using needs = operation_list<>;
  template <class Env>
  static reply<Env> call(context<Env>& c, user_ptr<typename Env::model::i32> to) {
    if (errc e = c.write(to, typename Env::model::i32{3}); e != errc::none) return e;
    return done{};
  }
};
/// sysi86(SI86MEM): bytes of memory.
struct memory_size {
  using needs = operation_list<op::system_status>;
  template <class Env>
  static reply<Env, i64> call(context<Env>& c) {
    native<typename Env::kernel, shape::system_status> status{};
    if (auto r = c.perform(op::system_status{}, status); !r) return r.error();
    return static_cast<i64>(status.totalram < 0x7ffff000 ? status.totalram : 0x7ffff000);
  }
};

/// brk(2): the address is the new break, or ENOMEM. Memory is given by the page, and a program may ask for what is left of the
/// page in which its data end, before any that a kernel gives for the break.
struct brk {
  using needs = operation_list<op::set_break>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 address) {
    constexpr u64 page = page_size;
    const u64 wanted = (address + page - 1) / page * page;
    auto now = c.perform(op::set_break{}, wanted);
    if (!now) return now.error();
    if (address != 0 && *now != wanted) return errc::nomem;
    return done{};
  }
};

/// memcntl(2): MC_SYNC writes back; advice and locks change nothing that a program could notice.
struct memcntl {
  using needs = operation_list<op::sync_memory>;
  template <class Env>
  static reply<Env> call(context<Env>& c, u64 address, u64 size, i32 command) {
    switch (command) {
    case 1: // MC_SYNC
      if (auto r = c.perform(op::sync_memory{}, address, size, native_number<typename Env::kernel, sync_flag::sync>); !r)
        return r.error();
      return done{};
    case 2: // MC_LOCK
    case 3: // MC_UNLOCK
    case 5: // MC_LOCKAS
    case 6: // MC_UNLOCKAS
      c.unsupported("faked"sv, static_cast<u32>(command));
      return done{};
    case 4: // MC_ADVISE
    case 7: // MC_HAT_ADVISE
      return done{};
    default: return errc::inval;
    }
  }
};

} // namespace handlers
} // namespace polyabi::svr4
