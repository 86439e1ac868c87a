// Open files in messages: I_SENDFD, I_RECVFD, and opens of a pipe's name that make a pipe of their own (connld).
#pragma once

#include <polyabi/facilities/streams/drivers/pipe.hpp>

namespace polyabi::streams {

/// A message with an open file. EAGAIN if there is no room. Inside the section.
template <class K>
outcome<K> send_file(stream<K>& s, typename K::file_ref file, u32 user, u32 group) {
  if (!s.writing.room_beyond(0)) return errc::again;
  message_ptr<K> m = message<K>::make_bare(message_type::passfp);
  if (!m) return errc::again;
  m->passed = std::move(file);
  m->sender_user = user;
  m->sender_group = group;
  s.send_down(std::move(m));
  return {};
}

/// I_SENDFD: an open file goes to the other end of a pipe. EINVAL if this is no pipe, ENXIO if nobody is there, EAGAIN if it is
/// full.
template <class K>
outcome<K> send_file(typename K::thread& caller, stream<K>& s, i32 descriptor, u32 user, u32 group) {
  const inside<K> section;
  if (!s.is_pipe) return errc::inval;
  if (s.hung_up || other_end(s) == nullptr) return errc::nxio;
  auto file = K::file_of(caller, descriptor);
  if (!file) return file.error();
  return send_file(s, std::move(*file), user, group);
}
/// What I_RECVFD answers: a descriptor, installed last of all, and who sent it.
template <class K>
struct received_file {
  typename K::new_descriptor descriptor;
  u32 user = 0, group = 0;
  i32 number() const { return descriptor.number(); }
  void commit(commit_right right) { (void)descriptor.commit(right); }
};

/// I_RECVFD: the first message has to be a file (EBADMSG); it stays if there is no descriptor for it.
template <class K>
outcome<K, received_file<K>> receive_file(typename K::thread& caller, stream<K>& s, bool nonblocking) {
  const inside<K> section;
  auto waited = await_message(caller, s, nonblocking, [](const message<K>&) { return true; });
  if (!waited) return waited.error();
  message<K>* m = *waited;
  if (m == nullptr) return errc::nxio;
  if (m->type != message_type::passfp) return errc::badmsg;
  auto descriptor = K::give_descriptor(caller, m->passed, 0);
  if (!descriptor) return descriptor.error();
  const message_ptr<K> taken = s.reading.take(*m);
  if (stream<K>* passed = stream_of<K>(*taken->passed); passed != nullptr && passed->is_pipe)
    if (stream<K>* opener = other_end(*passed); opener != nullptr) {
      opener->was_accepted = true;
      opener->control_done.wake_all();
    }
  return received_file<K>{std::move(*descriptor), taken->sender_user, taken->sender_group};
}

/// An open of a name that a pipe with connld on it is attached to: a new pipe, one end of which goes to whoever reads the old
/// one. Waits until it has been received. ENXIO if that does not happen. Inside the section.
template <class K>
outcome<K, stream_ref<K>> connect_through(typename K::thread& caller, stream<K>& attached, u32 user, u32 group) {
  if (attached.hung_up || other_end(attached) == nullptr) return errc::nxio;
  auto made = make_stream_pipe<K>();
  if (!made) return made.error();
  auto file = make_stream_file<K>(std::move(made->second), native_number<K, access_mode::rdwr>);
  if (!file) return file.error();
  // From below connld, which turns away everything else.
  if (auto sent = send_file(attached, std::move(*file), user, group); !sent) return sent.error();
  stream_ref<K> own = std::move(made->first);
  while (!own->was_accepted) {
    if (own->hung_up) return errc::nxio;
    if (sleep<K>(caller, own->control_done) == wakeup::interrupted) return errc::intr;
  }
  return own;
}

} // namespace polyabi::streams
