// ioctl(2) of a stream that its modules answer: I_STR, and the modules themselves: I_PUSH, I_POP, I_LOOK, I_FIND, I_LIST.
#pragma once

#include <polyabi/facilities/streams/registry.hpp>
#include <polyabi/facilities/streams/waiting.hpp>

namespace polyabi::streams {

/// How long I_STR waits if it does not say, and for ever.
inline constexpr i32 default_ioctl_seconds = 15, endless_ioctl = -1;

/// Sends an M_IOCTL down and waits for its answer: one at a time in a stream. ETIME, ENXIO on a hang-up. Inside the section.
template <class K>
outcome<K, message_ptr<K>> ask_modules(typename K::thread& caller, stream<K>& s, message_ptr<K> request, i32 seconds) {
  const u64 until =
      seconds < 0 ? no_deadline
                  : K::monotonic_time() + u64{static_cast<u32>(seconds == 0 ? default_ioctl_seconds : seconds)} * 1'000'000'000;
  while (s.in_control) {
    switch (sleep<K>(caller, s.control_done, until)) {
    case wakeup::interrupted: return errc::intr;
    case wakeup::timed_out: return errc::time;
    default: break;
    }
  }
  if (s.hung_up) return errc::nxio;
  if (s.write_error != errc::none) return s.take_write_error();
  s.in_control = true;
  request->ioctl.id = ++s.control_id;
  s.control_answer = nullptr;
  s.send_down(std::move(request));
  errc failed = errc::none;
  while (!s.control_answer && failed == errc::none) {
    const wakeup why = sleep<K>(caller, s.control_done, until);
    if (s.control_answer) break;
    if (s.hung_up)
      failed = errc::nxio;
    else if (s.read_error != errc::none)
      failed = s.read_error;
    else if (why == wakeup::interrupted)
      failed = errc::intr;
    else if (why == wakeup::timed_out)
      failed = errc::time;
  }
  s.in_control = false;
  ++s.control_id; // a late answer is nobody's
  s.control_done.wake_all();
  if (failed != errc::none) return failed;
  return std::move(s.control_answer);
}

/// I_STR: `request` has the command and its data. Answers the value of the ioctl; the message has what the modules gave back.
template <class K>
outcome<K, message_ptr<K>> stream_ioctl(typename K::thread& caller, stream<K>& s, u32 command, std::span<const u8> data,
                                        i32 seconds) {
  message_ptr<K> request = message<K>::make(message_type::ioctl, 0, data.size(), false, true);
  if (!request) return errc::nosr;
  request->ioctl.command = command;
  if (!data.empty()) __builtin_memcpy(request->data().data(), data.data(), data.size());
  const inside<K> section;
  auto answered = ask_modules(caller, s, std::move(request), seconds);
  if (!answered) return answered.error();
  if ((*answered)->type == message_type::iocnak) {
    const errc e = (*answered)->ioctl.error;
    return e != errc::none ? e : errc::inval;
  }
  return std::move(*answered);
}

/// I_PUSH. EINVAL for a name that is no module's, ENXIO on a hang-up.
template <class K>
outcome<K> push_module(stream<K>& s, std::string_view name) {
  const inside<K> section;
  const module_row<K>* row = find_module<K>(name);
  if (row == nullptr) return errc::inval;
  if (s.hung_up) return errc::nxio;
  if (s.write_error != errc::none) return s.take_write_error();
  if (s.module_count() >= module_limit) return errc::inval;
  stream_module<K>* made = row->make();
  if (made == nullptr) return errc::nosr;
  if (const errc e = s.push(*made); e != errc::none) return e;
  return {};
}

/// I_POP. EINVAL without a module, EPERM for one that is anchored.
template <class K>
outcome<K> pop_module(stream<K>& s, bool privileged) {
  const inside<K> section;
  if (s.hung_up) return errc::nxio;
  const u32 count = s.module_count();
  if (count == 0) return errc::inval;
  if (count <= s.anchor && !privileged) return errc::perm;
  const errc e = s.pop();
  if (e == errc::none && s.anchor >= count) s.anchor = count - 1;
  if (e != errc::none) return e;
  return {};
}

/// I_LOOK: the name of the uppermost module. EINVAL without one.
template <class K>
outcome<K, std::string_view> look_at_module(stream<K>& s) {
  const inside<K> section;
  if (s.top() == s.driver) return errc::inval;
  return s.top()->name();
}

/// I_FIND: whether a module is in the stream. EINVAL for a name that is no module's.
template <class K>
outcome<K, i32> find_in_stream(stream<K>& s, std::string_view name) {
  const inside<K> section;
  if (find_module<K>(name) == nullptr) return errc::inval;
  return s.has_module(name) ? 1 : 0;
}

/// I_LIST: how many modules there are with the driver; their names from above go to `names` as far as they fit.
template <class K>
u32 list_modules(stream<K>& s, std::span<std::string_view> names) {
  const inside<K> section;
  u32 count = 0;
  for (stream_module<K>* m = s.top(); m != nullptr; m = s.next_module(*m), ++count)
    if (count < names.size()) names[count] = m->name();
  return count;
}

} // namespace polyabi::streams
