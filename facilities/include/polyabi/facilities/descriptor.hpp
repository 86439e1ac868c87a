// Descriptors for the files of facilities.
#pragma once

#include <polyabi/core/dispatch.hpp>
#include <polyabi/core/services.hpp>

namespace polyabi::facilities {

/// What `custom_file::describe` answers for a text that is always the same.
inline usize copy_text(std::string_view text, char* to, usize room) {
  const usize size = text.size() < room ? text.size() : room;
  __builtin_memcpy(to, text.data(), size);
  return size;
}

/// A descriptor of a facility's file, which it takes over; for reading and writing unless `Mode` says otherwise.
template <class Env, access_mode Mode = access_mode::rdwr>
reply<Env, typename Env::kernel::new_descriptor> give_descriptor(context<Env>& c, custom_file<typename Env::kernel>& file,
                                                                 bool nonblocking, bool close_on_exec) {
  using K = typename Env::kernel;
  const u32 status = static_cast<u32>(native_number<K, Mode>) | (nonblocking ? native_number<K, open_flag::nonblock> : 0);
  auto made = K::make_descriptor(c.thread, file, status, close_on_exec ? native_number<K, fd_flag::cloexec> : 0);
  if (!made) return made.error();
  return std::move(*made);
}

} // namespace polyabi::facilities
