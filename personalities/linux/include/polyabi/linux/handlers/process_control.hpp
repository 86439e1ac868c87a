// prctl and personality.
#pragma once

#include <polyabi/linux/handlers/capabilities.hpp>
#include <polyabi/linux/handlers/processes.hpp>
#include <polyabi/linux/handlers/robust_lists.hpp>
#include <polyabi/linux/handlers/seccomp.hpp>
#include <polyabi/linux/handlers/timer_slack.hpp>

namespace polyabi::linux_abi::handlers {

/// PR_* (include/uapi/linux/prctl.h).
namespace prctl_options {
inline constexpr i32 set_pdeathsig = 1, get_pdeathsig = 2, get_dumpable = 3, set_dumpable = 4, get_keepcaps = 7,
                     set_keepcaps = 8, get_timing = 13, set_name = 15, get_name = 16, get_seccomp = 21, set_seccomp = 22, capbset_read = 23,
                     capbset_drop = 24, get_securebits = 27, set_securebits = 28, set_timerslack = 29, get_timerslack = 30, set_child_subreaper = 36,
                     get_child_subreaper = 37, set_no_new_privs = 38, get_no_new_privs = 39, get_thp_disable = 42, cap_ambient = 47, set_ptracer = 0x59616d61;
} // namespace prctl_options

struct prctl {
  using needs = operation_list<op::set_process_name, op::get_process_name, op::process_words, op::get_parent_death_signal,
                               op::set_parent_death_signal, op::get_inspectable, op::set_inspectable, op::get_adopts_orphans,
                               op::set_adopts_orphans>;
  template <class Env>
  static reply<Env, u64> call(context<Env>& c, i32 option, u64 second, u64 third, u64 fourth, u64 fifth) {
    using namespace prctl_options;
    switch (option) {
    case set_name: {
      char name[16];
      const i64 length = Env::kernel::copy_in_string(c.thread, name, second, sizeof name);
      if (length == -1) return errc::fault;
      auto r = c.perform(op::set_process_name{}, std::string_view{name, length < 0 ? 15 : static_cast<usize>(length)});
      if (!r) return r.error();
      return u64{0};
    }
    case get_name: {
      auto name = c.perform(op::get_process_name{});
      if (!name) return name.error();
      char text[16]{};
      for (usize i = 0; i < 15 && i < name->size(); ++i) text[i] = (*name)[i];
      if (errc e = c.write_bytes(second, text, sizeof text); e != errc::none) return e;
      return u64{0};
    }
    case set_pdeathsig: {
      const i32 number = second == 0 ? 0 : second > 64 ? -1 : signal_from_linux<typename Env::kernel>(static_cast<i32>(second));
      if (number < 0 || (number == 0 && second != 0)) return errc::inval;
      if (auto r = c.perform(op::set_parent_death_signal{}, number); !r) return r.error();
      return u64{0};
    }
    case get_pdeathsig: {
      auto kept = c.perform(op::get_parent_death_signal{});
      if (!kept) return kept.error();
      return tell_number(c, second, *kept == 0 ? 0 : signal_to_linux<typename Env::kernel>(*kept));
    }
    case get_dumpable: {
      auto may = c.perform(op::get_inspectable{});
      if (!may) return may.error();
      return u64{*may};
    }
    case set_dumpable:
      if (second > 1) return errc::inval;
      if (auto r = c.perform(op::set_inspectable{}, second == 1); !r) return r.error();
      return u64{0};
    case get_keepcaps: return capability_control<Env>{c}.keeps_permitted();
    case set_keepcaps: return capability_control<Env>{c}.keep_permitted(second);
    case get_timing: return u64{0};
    case get_seccomp: return u64{seccomp::mode_of<Env>(c.thread)};
    case set_seccomp: return seccomp::set_mode<Env>(c, second, third);
    case capbset_read: return capability_control<Env>{c}.bounding_has(second);
    case capbset_drop: return capability_control<Env>{c}.drop_bounding(second);
    case get_securebits: return capability_control<Env>{c}.secure_bits();
    case set_securebits: return capability_control<Env>{c}.set_secure_bits(second);
    case cap_ambient: return capability_control<Env>{c}.ambient(second, third, fourth, fifth);
    case set_timerslack: return timer_slack::set(c, second);
    case get_timerslack: return timer_slack::of<typename Env::kernel>(c.thread);
    case get_thp_disable: return u64{0};
    case set_child_subreaper:
      if (auto r = c.perform(op::set_adopts_orphans{}, second != 0); !r) return r.error();
      return u64{0};
    case get_child_subreaper: {
      auto does = c.perform(op::get_adopts_orphans{});
      if (!does) return does.error();
      return tell_number(c, second, *does);
    }
    case set_ptracer: return errc::inval; // of a security module that is not there
    case set_no_new_privs: {
      if (second != 1 || third != 0 || fourth != 0 || fifth != 0) return errc::inval;
      auto words = c.perform(op::process_words{});
      if (!words) return words.error();
      (*words)[process_word::modes] |= process_word::no_new_privileges;
      return u64{0};
    }
    case get_no_new_privs: {
      if ((second | third | fourth | fifth) != 0) return errc::inval;
      auto words = c.perform(op::process_words{});
      if (!words) return words.error();
      return u64{((*words)[process_word::modes] & process_word::no_new_privileges) != 0};
    }
    default: c.unsupported("option", static_cast<u32>(option)); return errc::inval;
    }
  }

private:
  template <class Env>
  static reply<Env, u64> tell_number(context<Env>& c, u64 at, i32 number) {
    if (errc e = c.write_bytes(at, &number, sizeof number); e != errc::none) return e;
    return u64{0};
  }
};

/// The execution domain is kept and told; only "show this" changes something (uname's machine with PER_LINUX32).
struct personality {
  using needs = operation_list<op::process_words>;
  template <class Env>
  static reply<Env, u64> call(context<Env>& c, u64 wanted) {
    auto words = c.perform(op::process_words{});
    if (!words) return words.error();
    u64& modes = (*words)[process_word::modes];
    const u64 old = modes & 0xffffffff;
    const u64 domain = wanted & 0xffffffff;
    if (domain != 0xffffffff) {
      if ((domain & ~u64{8}) != 0) c.unsupported("domain", domain); // PER_LINUX and PER_LINUX32 are what there is
      modes = (modes & ~u64{0xffffffff}) | domain;
    }
    return old;
  }
};

} // namespace polyabi::linux_abi::handlers
