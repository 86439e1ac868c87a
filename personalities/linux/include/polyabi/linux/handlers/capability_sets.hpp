// The sets of capabilities that a thread has, and what becomes of them (capabilities(7), security/commoncap.c in its effect). They
// are kept for each thread and obey Linux' rules; what a capability is needed for is asked of them here where Linux' calls decide,
// and the kernel below is told what they come to as privileges of its own.
#pragma once

#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/handlers/kept_words.hpp>

namespace polyabi::linux_abi::handlers {

/// CAP_* (include/uapi/linux/capability.h), those that something here asks for.
namespace capability {
inline constexpr u64 setgid = 6, setuid = 7, setpcap = 8, sys_admin = 21, sys_nice = 23, sys_resource = 24, wake_alarm = 35, last = 40;
inline constexpr u64 all = (u64{1} << (last + 1)) - 1;

} // namespace capability

/// What a kernel's own privileges are called here. Capabilities that it knows nothing of are Linux' own business.
struct capability_bits : flag_map<privilege> {
  static constexpr auto of = [](privilege name, u64 number) { return bit(name, u64{1} << number); };
  static constexpr auto unknown = unknown_bits::ignore;
  static constexpr auto rows = std::to_array<flag_row>({
      of(privilege::change_owner, 0), of(privilege::pass_permissions, 1), of(privilege::read_anything, 2), of(privilege::act_as_owner, 3),
      of(privilege::keep_set_id, 4), of(privilege::signal_anyone, 5), of(privilege::set_groups, capability::setgid),
      of(privilege::set_users, capability::setuid), of(privilege::low_ports, 10), of(privilege::network, 12), of(privilege::raw_sockets, 13),
      of(privilege::lock_memory, 14), of(privilege::change_root, 18), of(privilege::inspect, 19), of(privilege::administer, capability::sys_admin),
      of(privilege::priorities, capability::sys_nice), of(privilege::exceed_limits, capability::sys_resource), of(privilege::clocks, 25),
      of(privilege::terminals, 26), of(privilege::make_devices, 27),
  });
};
static_assert(checked<capability_bits>);

/// SECBIT_* (include/uapi/linux/securebits.h); the bit above each locks it.
namespace secure_bit {
inline constexpr u32 noroot = 1, no_setuid_fixup = 4, keep_caps = 0x10, no_ambient_raise = 0x40;
inline constexpr u32 all = noroot | no_setuid_fixup | keep_caps | no_ambient_raise, locks = all << 1;
} // namespace secure_bit

struct capability_sets {
  u64 effective = 0, permitted = 0, inheritable = 0, bounding = capability::all, ambient = 0;
  u32 secure_bits = 0;

  constexpr bool may(u64 which) const { return (effective >> which & 1) != 0; }

  /// Those of a thread that has not been given others: the superuser has all, and nobody else has any.
  static constexpr capability_sets of_user(u32 effective_user) {
    const u64 own = effective_user == 0 ? capability::all : 0;
    return {own, own};
  }
  static constexpr capability_sets of_words(std::span<const u64> words, u32 effective_user) {
    using namespace inherited_word;
    if ((words[security] & sets_are_kept) == 0) return of_user(effective_user);
    return {words[effective_set], words[permitted_set], words[inheritable_set], words[bounding_set], words[ambient_set],
            static_cast<u32>(words[security]) & 0xff};
  }
  constexpr void keep(std::span<u64> words) const {
    using namespace inherited_word;
    words[effective_set] = effective;
    words[permitted_set] = permitted;
    words[inheritable_set] = inheritable;
    words[bounding_set] = bounding;
    words[ambient_set] = ambient;
    words[security] = (words[security] & ~u64{0xff}) | sets_are_kept | secure_bits;
  }

  /// The caller's.
  template <class K>
  [[gnu::noinline]] static capability_sets of(typename K::thread& caller) {
    native<K, shape::identity> ids{};
    if (!polyabi::perform<K>(op::get_identity{}, caller, ids)) return of_user(~u32{0});
    if constexpr (provides<K, op::inherited_words>())
      if (const auto words = polyabi::perform<K>(op::inherited_words{}, caller)) return of_words(*words, ids.euid);
    return of_user(ids.euid);
  }
  /// Another thread's, whose user is known.
  template <class K>
  static capability_sets of(typename K::thread& caller, i32 thread, u32 effective_user) {
    if constexpr (provides<K, op::get_inherited_words>()) {
      u64 words[inherited_word::count]{};
      if (polyabi::perform<K>(op::get_inherited_words{}, caller, thread, std::span<u64>{words})) return of_words(words, effective_user);
    }
    return of_user(effective_user);
  }
  /// Becomes the caller's. EPERM on a kernel that keeps none.
  template <class K>
  errc keep(typename K::thread& caller) const {
    if constexpr (provides<K, op::inherited_words>())
      if (auto words = polyabi::perform<K>(op::inherited_words{}, caller)) {
        keep(*words);
        if constexpr (provides<K, op::set_privileges>())
          return polyabi::perform<K>(op::set_privileges{}, caller, native_privileges<K>()) ? errc::none : errc::perm;
        return errc::none;
      }
    return errc::perm;
  }

  /// What may be done, as the kernel has it. Sets are a thread's, privileges a process': those of its thread that changed last.
  template <class K>
  constexpr u32 native_privileges() const {
    return static_cast<u32>(flag_table<capability_bits, kernel_map<K, privilege>>::convert(effective));
  }

  /// What users that a call has changed make of them (cap_emulate_setxuid).
  template <class Identity>
  constexpr void users_changed(const Identity& before, const Identity& now) {
    if ((secure_bits & secure_bit::no_setuid_fixup) != 0) return;
    const bool was_root = before.ruid == 0 || before.euid == 0 || before.suid == 0;
    if (was_root && now.ruid != 0 && now.euid != 0 && now.suid != 0) {
      if ((secure_bits & secure_bit::keep_caps) == 0) permitted = effective = 0;
      ambient = 0;
    }
    if (before.euid == 0 && now.euid != 0) effective = 0;
    if (before.euid != 0 && now.euid == 0) effective = permitted;
  }
  /// Of a new image. No file here has capabilities or changes the user (cap_bprm_creds_from_file).
  template <class Identity>
  constexpr void image_changed(const Identity& ids) {
    const bool roots_count = (secure_bits & secure_bit::noroot) == 0;
    permitted = roots_count && (ids.ruid == 0 || ids.euid == 0) ? bounding | inheritable : 0;
    permitted |= ambient;
    effective = roots_count && ids.euid == 0 ? permitted : ambient;
    secure_bits &= ~secure_bit::keep_caps;
  }
};

/// Whether the caller has a capability.
template <class Env>
bool has_capability(context<Env>& c, u64 which) {
  return capability_sets::of<typename Env::kernel>(c.thread).may(which);
}

} // namespace polyabi::linux_abi::handlers
