// What happens to files, in order, as an open file (Linux' inotify).
#pragma once

#include <polyabi/facilities/descriptor.hpp>
#include <polyabi/facilities/vnode_events/event.hpp>

namespace polyabi::facilities {

/// `Record` is how the personality writes an event: static `size(name size)`, at most `most`, and
/// `write(char* to, const queued_vnode_event&)`.
template <class K, class Record>
class vnode_event_queue final : public custom_file<K> {
public:
  static constexpr char kind_mark = 0;
  using watched = watched_vnode<K, Record>;

  explicit vnode_event_queue(const vnode_queue_limits& limits) : custom_file<K>{&kind_mark}, limits_{limits} {
    const typename K::section inside;
    ++queue_count_;
  }

  // --- outside the section

  answer<K, i64> read(typename K::thread& caller, user_vector into, u32 status_flags) override {
    transfer_cursor<K> to{caller, into};
    for (;;) {
      char record[Record::most];
      usize size = 0;
      {
        const typename K::section inside;
        queued_vnode_event* event = events_.front();
        if (event == nullptr) {
          if (to.transferred() != 0) break;
          if ((status_flags & native_number<K, open_flag::nonblock>) != 0) return error_of<K, errc::again>;
          if (K::sleep(caller, readers_, no_deadline) == wakeup::interrupted) return K::restart_call;
          continue;
        }
        size = Record::size(event->name_size);
        if (size > to.remaining()) {
          if (to.transferred() != 0) break;
          return error_of<K, errc::inval>;
        }
        Record::write(record, *event);
        events_.remove(*event);
        --event_count_;
        free_event(event);
      }
      if (!to.write(record, size)) return error_of<K, errc::fault>;
    }
    return static_cast<i64>(to.transferred());
  }

  // --- inside the section

  u16 poll(u16 events, typename K::watch* places) override {
    if (places != nullptr) readers_.enter(places[0]);
    return events_.empty() ? u16{0} : static_cast<u16>(readable & events);
  }
  answer<K, i32> bytes_readable() override {
    usize size = 0;
    for (const auto* e = events_.front(); e != nullptr; e = events_.next(*e)) size += Record::size(e->name_size);
    return static_cast<i32>(size);
  }
  void closed() override {
    watches_.drain([](watched& w) {
      destroy<K>(&w);
      --watch_count_;
    });
    while (queued_vnode_event* event = events_.pop_front()) free_event(event);
    --queue_count_;
    destroy<K>(this);
  }
  bool accepts_seek() const override { return true; }
  usize describe(char* to, usize room) const override { return copy_text("anon_inode:inotify", to, room); }

  /// Watches a file, or changes how it is watched. Answers the watch's number.
  answer<K, i32> watch(typename K::node_ref (&nodes)[2], u32 events, u32 flags) {
    if (watched* known = find(nodes[0])) {
      if (has_flag<vnode_watch_flag::only_new>(flags)) return error_of<K, errc::exist>;
      const bool adds = has_flag<vnode_watch_flag::add>(flags);
      known->events = events | (adds ? known->events : 0);
      known->flags = flags | (adds ? known->flags : 0);
      return known->number;
    }
    if (watch_count_ >= limits_.watches) return error_of<K, errc::nospc>;
    watched* made = create<K, watched>();
    if (made == nullptr) return error_of<K, errc::nomem>;
    made->queue = this;
    made->events = events;
    made->flags = flags;
    // Numbers grow: one that has just ended does not mean another file at once.
    do {
      last_number_ = last_number_ == 0x7fffffff ? 1 : last_number_ + 1;
    } while (watches_.find({static_cast<u32>(last_number_)}) != nullptr);
    made->number = last_number_;
    if (!watches_.insert(*made)) {
      destroy<K>(made);
      return error_of<K, errc::nomem>;
    }
    ++watch_count_;
    for (usize i = 0; i < 2; ++i) {
      auto& side = made->sides[i];
      side.owner = made;
      side.happened = &happened;
      side.gone = i == 0 ? &gone : +[](typename K::node_watch&) {};
      if (nodes[i]) K::watch_node(*nodes[i], side);
    }
    return made->number;
  }
  /// EINVAL if there is no watch of this number.
  answer<K> unwatch(i32 number) {
    watched* known = number > 0 ? watches_.find({static_cast<u32>(number)}) : nullptr;
    if (known == nullptr) return error_of<K, errc::inval>;
    end(*known);
    return {};
  }
  template <class Visit>
  void each_watch(Visit visit) const {
    watches_.each(visit);
  }

  static u32 queues() { return queue_count_; }

private:
  static constexpr u16 readable = native_number<K, poll_event::in> | native_number<K, poll_event::rdnorm>;

  watched* find(typename K::node_ref& node) {
    for (auto* w = K::next_node_watch(*node, nullptr); w != nullptr; w = K::next_node_watch(*node, w)) {
      if (w->happened != &happened) continue;
      auto* of = static_cast<watched*>(w->owner);
      if (of->queue == this && w == &of->sides[0]) return of;
    }
    return nullptr;
  }

  static void happened(typename K::node_watch& side, const vnode_report& report) {
    auto& w = *static_cast<watched*>(side.owner);
    const u32 always = vnode_events<vnode_event::unmounted>;
    if ((report.what & (w.events | always)) == 0) return;
    if (report.nameless && w.has(native_number<void, vnode_watch_flag::only_named>)) return;
    w.queue->put({{}, w.number, queue_notice::none, report.directory, report.what, report.cookie, report.name.size()},
                 report.name);
    if (w.has(native_number<void, vnode_watch_flag::once>)) w.queue->end(w);
  }
  static void gone(typename K::node_watch& side) {
    auto& w = *static_cast<watched*>(side.owner);
    w.queue->end(w);
  }
  /// The last word about a watch.
  void end(watched& w) {
    put({{}, w.number, queue_notice::ignored}, {});
    watches_.remove(w);
    --watch_count_;
    destroy<K>(&w);
  }

  void put(const queued_vnode_event& event, std::string_view name) {
    if (overflown()) return;
    const queued_vnode_event* last = events_.back();
    const bool fits = event_count_ < limits_.events;
    if (fits && last != nullptr && last->notice == queue_notice::none && same(*last, event, name)) return;
    queued_vnode_event* made = fits ? new_event(event, name) : nullptr;
    if (made == nullptr) {
      made = new (&overflow_) queued_vnode_event{};
      made->notice = queue_notice::overflow;
    }
    events_.push_back(*made);
    ++event_count_;
    readers_.wake_all(readable);
  }
  bool overflown() const { return overflow_.link.linked(); }
  static bool same(const queued_vnode_event& last, const queued_vnode_event& event, std::string_view name) {
    return last.watch == event.watch && last.notice == event.notice && last.directory == event.directory &&
           last.what == event.what && last.name() == name;
  }

  static queued_vnode_event* new_event(const queued_vnode_event& event, std::string_view name) {
    void* memory = K::allocate(sizeof(queued_vnode_event) + name.size());
    if (memory == nullptr) return nullptr;
    auto* made = ::new (memory) queued_vnode_event{event};
    if (!name.empty()) __builtin_memcpy(static_cast<void*>(made + 1), name.data(), name.size());
    return made;
  }
  void free_event(queued_vnode_event* event) {
    if (event == &overflow_) return;
    K::deallocate(event, sizeof(queued_vnode_event) + event->name_size);
  }

  vnode_queue_limits limits_;
  hash_table<K, watched, number_key> watches_;
  i32 last_number_ = 0;
  intrusive_list<queued_vnode_event, &queued_vnode_event::link> events_;
  usize event_count_ = 0;
  queued_vnode_event overflow_; ///< made beforehand: it must not fail
  typename K::wait_queue readers_;

  inline static constinit u32 queue_count_ = 0;
  inline static constinit u64 watch_count_ = 0;
};

/// A new queue. EMFILE if there are too many.
template <class Env, class Record>
reply<Env, typename Env::kernel::new_descriptor> make_vnode_event_queue(context<Env>& c, u32 flags,
                                                                        const vnode_queue_limits& limits) {
  using K = typename Env::kernel;
  using queue = vnode_event_queue<K, Record>;
  {
    const typename K::section inside;
    if (queue::queues() >= limits.queues) return errc::mfile;
  }
  auto* made = create<K, queue>(limits);
  if (made == nullptr) return errc::nomem;
  return give_descriptor<Env, access_mode::rdonly>(c, *made, has_flag<vnode_queue_flag::nonblock>(flags),
                                                   has_flag<vnode_queue_flag::cloexec>(flags));
}

/// Watches the file of a path: see `vnode_event_queue::watch`.
template <class K, class Record>
answer<K, i32> watch_path(typename K::thread& caller, i32 descriptor, std::string_view path, u32 events, u32 flags) {
  const typename K::section inside;
  auto opened = K::file_of(caller, descriptor);
  if (!opened) return opened.error();
  const bool adds = has_flag<vnode_watch_flag::add>(flags);
  if (adds && has_flag<vnode_watch_flag::only_new>(flags)) return error_of<K, errc::inval>;
  auto* queue = custom_file_of<vnode_event_queue<K, Record>>(**opened);
  if (queue == nullptr) return error_of<K, errc::inval>;
  typename K::node_ref nodes[2]{};
  const bool follow = !has_flag<vnode_watch_flag::no_follow>(flags);
  if (auto found = K::find_watchable(caller, path, follow, has_flag<vnode_watch_flag::only_directory>(flags), nodes); !found)
    return found.error();
  return queue->watch(nodes, events, flags);
}

template <class K, class Record>
answer<K> unwatch(typename K::thread& caller, i32 descriptor, i32 number) {
  const typename K::section inside;
  auto opened = K::file_of(caller, descriptor);
  if (!opened) return opened.error();
  auto* queue = custom_file_of<vnode_event_queue<K, Record>>(**opened);
  if (queue == nullptr) return error_of<K, errc::inval>;
  return queue->unwatch(number);
}

using vnode_event_services = operation_list<service::custom_files, service::vnode_watches>;

} // namespace polyabi::facilities
