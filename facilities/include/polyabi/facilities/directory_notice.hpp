// Signals that tell of what happens in a directory that is open (fcntl(2): F_NOTIFY): to the owner of the open file, once or until it
// is closed.
#pragma once

#include <polyabi/facilities/signalled_file.hpp>

namespace polyabi::facilities {

using directory_notice_services = signalled_file_services::with<service::vnode_watches>;

/// What one open directory tells. It lives as long as the open file; inside the section.
template <class K>
class directory_notice : public K::file_observer {
public:
  /// Tells this process of these events too, from now on; without any, of nothing more. ENOTDIR for other files.
  static answer<K> ask(typename K::thread& caller, typename K::file& target, i32 owner, i32 descriptor, u32 events,
                       bool more_than_once) {
    typename K::node_ref nodes[2]{};
    if (auto found = K::nodes_of_directory(target, nodes); !found) return found;
    directory_notice* notice = find(target);
    if (events == 0) {
      if (notice != nullptr) notice->end();
      return {};
    }
    auto* owned = signalled_file<K>::find_or_make(target);
    if (owned == nullptr) return error_of<K, errc::nomem>;
    if (auto given = owned->give_to(caller, owner); !given) return given;
    if (notice == nullptr) {
      notice = create<K, directory_notice>(target);
      if (notice == nullptr) return error_of<K, errc::nomem>;
      notice->gone = &target_gone;
      K::observe(target, *notice);
    }
    notice->descriptor_ = descriptor;
    notice->events_ |= events;
    notice->again_ = more_than_once;
    for (usize i = 0; i < 2; ++i) {
      auto& side = notice->sides_[i];
      if (side.owner != nullptr || !nodes[i]) continue;
      side.owner = notice;
      side.happened = &happened;
      side.gone = +[](typename K::node_watch&) {};
      K::watch_node(*nodes[i], side);
    }
    return {};
  }
  explicit directory_notice(typename K::file& target) : target_{target} {}

private:
  static directory_notice* find(typename K::file& target) {
    for (auto* observer = K::next_observer(target, nullptr); observer != nullptr; observer = K::next_observer(target, observer))
      if (observer->gone == &target_gone) return static_cast<directory_notice*>(observer);
    return nullptr;
  }
  void end() {
    events_ = 0;
    for (auto& side : sides_) {
      side.leave();
      side.owner = nullptr;
    }
  }
  static void happened(typename K::node_watch& side, const vnode_report& report) {
    auto& self = *static_cast<directory_notice*>(side.owner);
    if ((report.what & self.events_) == 0) return;
    if (auto* owned = signalled_file<K>::find(self.target_)) owned->tell(self.descriptor_);
    if (!self.again_) self.end();
  }
  static void target_gone(typename K::file_observer& observer) { destroy<K>(static_cast<directory_notice*>(&observer)); }

  typename K::file& target_;
  u32 events_ = 0; ///< bits of vnode_event
  i32 descriptor_ = -1;
  bool again_ = false;
  typename K::node_watch sides_[2]; ///< a directory that is two in one is watched on both sides
};

} // namespace polyabi::facilities
