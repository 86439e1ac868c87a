// Queues of messages with priorities, and the flow control between them.
#pragma once

#include <polyabi/facilities/streams/message.hpp>

namespace polyabi::streams {

template <class K>
class stream_module;

/// One of the two queues of a module: messages wait here that its `service` is to look at later. A message goes from a queue to
/// `next`; whoever wants to know whether there is room asks the next queue that has a service, and is served again when there
/// is. All of it inside the section.
template <class K>
class queue {
public:
  queue(stream_module<K>& of, bool goes_up) : owner{of}, upward{goes_up} {}
  queue(const queue&) = delete;
  queue& operator=(const queue&) = delete;
  [[gnu::noinline]] ~queue() {
    unschedule();
    flush_all();
    while (band_flow* f = flows_) {
      flows_ = f->next;
      destroy<K>(f);
    }
  }

  stream_module<K>& owner;
  const bool upward;
  queue* next = nullptr;
  queue* previous = nullptr;
  bool has_service = false;
  u32 min_packet = 0, max_packet = unlimited_packet; ///< of what writers may send down to it
  bool normal_again = false, band_again = false;     ///< for a service: what it is told of, of room further on

  bool empty() const { return first_ == nullptr; }
  message<K>* first() const { return first_; }
  message<K>* after(const message<K>& m) const { return m.next; }
  u32 length() const { return length_; }
  /// Bytes of band 0 and of high priority.
  u32 bytes() const { return normal_.count; }

  void set_marks(u32 high, u32 low) {
    normal_.high = high;
    normal_.low = low;
  }
  u32 high_mark() const { return normal_.high; }
  u32 low_mark() const { return normal_.low; }

  /// putq: behind those of its rank.
  void put(message_ptr<K> m) { insert(m.leak(), false); }
  /// putbq: before those of its rank.
  void put_back(message_ptr<K> m) { insert(m.leak(), true); }
  /// getq.
  message_ptr<K> get() { return first_ != nullptr ? take(*first_) : nullptr; }
  message_ptr<K> take(message<K>& m) {
    (m.previous != nullptr ? m.previous->next : first_) = m.next;
    (m.next != nullptr ? m.next->previous : last_) = m.previous;
    m.next = m.previous = nullptr;
    --length_;
    uncount(m);
    return message_ptr<K>{&m};
  }

  /// Only bytes have been taken from a message that is here.
  void shrunk(const message<K>& m, usize by) { subtract(flow_of(m), m.band, static_cast<u32>(by)); }

  /// Whether a message of this band would be welcome. If not, whoever sends here is served again later.
  bool has_room(u8 band) {
    flow& f = flow_of(band);
    if (!f.full) return true;
    f.wanted = true;
    return false;
  }
  /// The same, without wanting anything.
  bool is_full(u8 band) const {
    if (band == 0) return normal_.full;
    const band_flow* f = find(band);
    return f != nullptr && f->full;
  }
  /// Any band above 0 in use that has room.
  bool has_room_in_bands() {
    for (band_flow* f = flows_; f != nullptr; f = f->next) {
      if (!f->full) return true;
      f->wanted = true;
    }
    return flows_ == nullptr && has_room(0);
  }

  /// Takes away what is in a band, or all of it; `data_only` spares what has neither data nor protocol.
  void flush_band(u8 band) {
    flush_if([band](const message<K>& m) { return !has_high_priority(m.type) && m.band == band; });
  }
  void flush_data() {
    flush_if([](const message<K>& m) {
      return m.type == message_type::data || m.is_protocol() || m.type == message_type::passfp || m.type == message_type::sig;
    });
  }
  void flush_all() {
    flush_if([](const message<K>&) { return true; });
  }

  /// Asks for the owner's service, soon.
  void enable() {
    if (!has_service || scheduled_) return;
    scheduled_ = true;
    later_ = nullptr;
    (last_scheduled != nullptr ? last_scheduled->later_ : first_scheduled) = this;
    last_scheduled = this;
  }
  /// Runs services until nobody asks for one.
  static void run_services() {
    if (first_scheduled != nullptr) run_scheduled();
  }

  /// Whether there is room beyond this queue (canputnext).
  bool room_beyond(u8 band) {
    queue* q = next;
    while (q != nullptr && !q->has_service && q->next != nullptr) q = q->next;
    return q == nullptr || q->has_room(band);
  }
  queue* destination() {
    queue* q = next;
    while (q != nullptr && !q->has_service && q->next != nullptr) q = q->next;
    return q;
  }
  /// Whoever sends here, or through here, is served again (backenable).
  void enable_behind(bool band) {
    queue* q = previous;
    while (q != nullptr && !q->has_service) q = q->previous;
    if (q == nullptr) return;
    (band ? q->band_again : q->normal_again) = true;
    q->enable();
  }

private:
  [[gnu::noinline]] static void run_scheduled() {
    while (queue* q = first_scheduled) {
      q->unschedule();
      q->owner.service(*q);
    }
  }

  struct flow {
    u32 count = 0, high = 5120, low = 1024; ///< bytes, and SVR4's usual marks
    bool full = false, wanted = false;
  };
  struct band_flow : flow {
    u8 band = 0;
    band_flow* next = nullptr;
  };

  const band_flow* find(u8 band) const {
    for (const band_flow* f = flows_; f != nullptr; f = f->next)
      if (f->band == band) return f;
    return nullptr;
  }
  /// A band that is seen for the first time begins with the marks of band 0. Without memory it shares them.
  flow& flow_of(u8 band) {
    if (band == 0) return normal_;
    if (const band_flow* f = find(band)) return *const_cast<band_flow*>(f);
    auto* made = create<K, band_flow>();
    if (made == nullptr) return normal_;
    made->band = band;
    made->high = normal_.high;
    made->low = normal_.low;
    made->next = flows_;
    flows_ = made;
    return *made;
  }
  flow& flow_of(const message<K>& m) { return flow_of(has_high_priority(m.type) ? u8{0} : m.band); }

  void insert(message<K>* m, bool before_equals) {
    // From the end: most messages go there.
    message<K>* place = last_;
    while (place != nullptr && (before_equals ? place->rank() <= m->rank() : place->rank() < m->rank()))
      place = place->previous;
    m->previous = place;
    m->next = place != nullptr ? place->next : first_;
    (m->next != nullptr ? m->next->previous : last_) = m;
    (place != nullptr ? place->next : first_) = m;
    ++length_;
    flow& f = flow_of(*m);
    f.count += static_cast<u32>(m->size());
    if (f.count >= f.high) f.full = true;
    // What is put back was just looked at: its service waits for room elsewhere.
    if (!before_equals || has_high_priority(m->type)) enable();
  }
  void uncount(const message<K>& m) {
    subtract(flow_of(m), has_high_priority(m.type) ? u8{0} : m.band, static_cast<u32>(m.size()));
  }
  void subtract(flow& f, u8 band, u32 size) {
    f.count -= size < f.count ? size : f.count;
    if (f.count < f.high) f.full = false;
    if (f.wanted && f.count <= f.low) {
      f.wanted = false;
      enable_behind(band != 0);
    }
  }
  template <class Condition>
  void flush_if(Condition condition) {
    for (message<K>* m = first_; m != nullptr;) {
      message<K>* following = m->next;
      if (condition(*m)) (void)take(*m);
      m = following;
    }
  }

  void unschedule() {
    if (!scheduled_) return;
    scheduled_ = false;
    queue* before = nullptr;
    for (queue* q = first_scheduled; q != this; q = q->later_) before = q;
    (before != nullptr ? before->later_ : first_scheduled) = later_;
    if (last_scheduled == this) last_scheduled = before;
  }

  message<K>* first_ = nullptr;
  message<K>* last_ = nullptr;
  u32 length_ = 0;
  flow normal_;
  band_flow* flows_ = nullptr;
  bool scheduled_ = false;
  queue* later_ = nullptr;

  static constinit inline queue* first_scheduled = nullptr;
  static constinit inline queue* last_scheduled = nullptr;
};

/// The section, for code that moves messages: services have run before it is left.
template <class K>
struct inside : K::section {
  ~inside() { queue<K>::run_services(); }
};

} // namespace polyabi::streams
