// A process as an open file (Linux' pidfd): it is ready when the process has ended.
#pragma once

#include <polyabi/facilities/descriptor.hpp>

namespace polyabi::facilities {

template <class K>
class process_file final : public custom_file<K> {
public:
  static constexpr char kind_mark = 0;

  explicit process_file(const typename K::process_ref& of) : custom_file<K>{&kind_mark}, of_{of} {}

  u16 poll(u16 events, typename K::watch* places) override {
    constexpr u32 ended = native_number<K, poll_event::in> | native_number<K, poll_event::rdnorm>;
    if (places != nullptr) K::end_of(of_).enter(places[0]);
    if (!K::has_ended(of_)) return 0;
    const u32 gone = K::id_of(of_) == 0 ? u32{native_number<K, poll_event::hup>} : 0;
    return static_cast<u16>((ended & events) | gone);
  }
  void closed() override { destroy<K>(this); }
  usize describe(char* to, usize room) const override { return copy_text("anon_inode:[pidfd]", to, room); }

  const typename K::process_ref& process() const { return of_; }

private:
  typename K::process_ref of_;
};

using process_file_services = operation_list<service::custom_files, service::process_handles>;

/// A descriptor of a process. ESRCH, or EINVAL for a number that is no process'.
template <class Env>
reply<Env, typename Env::kernel::new_descriptor> make_process_file(context<Env>& c, i32 id, bool nonblocking) {
  using K = typename Env::kernel;
  process_file<K>* made = nullptr;
  {
    const typename K::section inside;
    auto found = K::find_process(c.thread, id);
    if (!found) return found.error();
    made = create<K, process_file<K>>(*found);
  }
  if (made == nullptr) return errc::nomem;
  return give_descriptor<Env>(c, *made, nonblocking, true);
}

/// Does something with the process behind a descriptor, inside the section: `work(file, status_flags)`. EBADF if it is another kind
/// of file.
template <class K, class Work>
auto with_process_of(typename K::thread& caller, i32 descriptor, Work work)
    -> decltype(work(std::declval<const process_file<K>&>(), u32{})) {
  const typename K::section inside;
  auto opened = K::file_of(caller, descriptor);
  if (!opened) return opened.error();
  auto* file = custom_file_of<process_file<K>>(**opened);
  if (file == nullptr) return error_of<K, errc::badf>;
  return work(*file, K::status_flags(**opened));
}

/// The same with the process alone, which a directory of /proc may stand for as well: `work(process_ref)`.
template <class K, class Work>
auto with_process_meant(typename K::thread& caller, i32 descriptor, Work work)
    -> decltype(work(std::declval<const typename K::process_ref&>())) {
  const typename K::section inside;
  auto opened = K::file_of(caller, descriptor);
  if (!opened) return opened.error();
  if (const auto* file = custom_file_of<process_file<K>>(**opened); file != nullptr) return work(file->process());
  auto process = K::process_of_file(caller, **opened);
  if (!process) return process.error();
  return work(*process);
}

} // namespace polyabi::facilities
