// The stream head: what is between a stream's modules and the calls of processes.
#pragma once

#include <polyabi/facilities/streams/module.hpp>

namespace polyabi::streams {

/// A process that wants SIGPOLL about a stream.
template <class K>
struct signal_request {
  typename K::signal_target target{};
  u32 events = 0;
  signal_request* next = nullptr;
};

/// A stream: its head, which is the uppermost of its modules, and what hangs under it. It lives for as long as somebody holds
/// it; then its modules are closed from above, and the driver at last. All of it inside the section, but where it says
/// otherwise.
template <class K>
class stream final : public stream_module<K> {
  using base = stream_module<K>;

public:
  using base::reading;
  using base::writing;

  /// A stream over a driver, which it takes over. Null: out of memory; then the driver is gone.
  static stream* make(stream_module<K>& driver) {
    auto* made = create<K, stream>(driver);
    if (made == nullptr) {
      driver.release();
      return nullptr;
    }
    driver.link_below(*made);
    return made;
  }
  explicit stream(stream_module<K>& under) : base{"strhead"sv}, driver{&under}, id{++last_id} {
    this->head = this;
    reading.has_service = writing.has_service = true;
    next_stream_ = first_stream;
    first_stream = this;
  }

  void hold() { ++holders_; }
  void let_go() {
    if (--holders_ == 0) close();
  }

  stream_module<K>* const driver;
  const u32 id; ///< tells it from all others: what I_FDINSERT puts into a message

  // --- state that calls look at
  bool hung_up = false;
  bool is_pipe = false;           ///< one of two streams that lead to each other
  bool takes_connections = false; ///< connld is pushed: an open of its name makes a new pipe
  bool was_accepted = false;      ///< of a pipe made so: its other end has been received
  errc read_error = errc::none, write_error = errc::none;
  i32 read_options = read_option::normal | read_option::protocol_normal;
  i32 write_options = 0;
  i32 error_options = error_option::read_persistent | error_option::write_persistent;
  i32 close_time = 15'000; ///< ms for which unsent data may keep it after its end
  u32 anchor = 0;          ///< so many modules from the driver up are not popped without privilege
  u32 flushes = 0;         ///< counts flushes of what is to be read
  typename K::wait_queue readable, writable, control_done, turn_given_back;
  bool being_read = false; ///< a thread is copying the first message
  bool in_control = false; ///< an ioctl is under way
  message_ptr<K> control_answer;
  u32 control_id = 0;
  signal_request<K>* signal_requests = nullptr;

  /// The stream of an id; null if there is none.
  static stream* find(u32 wanted) {
    for (stream* s = first_stream; s != nullptr; s = s->next_stream_)
      if (s->id == wanted) return s;
    return nullptr;
  }

  // --- modules
  stream_module<K>* top() { return next_module(*this); }
  /// The module under another one; null under the driver.
  stream_module<K>* next_module(stream_module<K>& m) { return &m == driver ? nullptr : &m.writing.next->owner; }
  u32 module_count() {
    u32 count = 0;
    for (stream_module<K>* m = top(); m != driver; m = next_module(*m)) ++count;
    return count;
  }
  bool has_module(std::string_view name) {
    for (stream_module<K>* m = top(); m != driver; m = next_module(*m))
      if (m->name() == name) return true;
    return false;
  }
  errc push(stream_module<K>& m) {
    m.link_below(*this);
    const errc failed = m.opened();
    if (failed != errc::none) remove(m);
    return failed;
  }
  errc pop() {
    stream_module<K>* m = top();
    if (m == driver) return errc::inval;
    m->closing();
    remove(*m);
    writable.wake_all(); // what there is room for has changed
    return errc::none;
  }

  /// What has arrived outside of streams comes up: before a call looks at what there is.
  void look() override {
    driver->look();
    queue<K>::run_services();
  }

  /// The error that a reader or a writer is told about now.
  errc take_read_error() { return take(read_error, (error_options & error_option::read_once) != 0); }
  errc take_write_error() { return take(write_error, (error_options & error_option::write_once) != 0); }

  // --- what comes up
  void from_below(message_ptr<K> m) override {
    switch (m->type) {
    case message_type::pcproto:
      // There is one at a time: who does not read them wants none.
      if (!reading.empty() && reading.first()->type == message_type::pcproto) return;
      [[fallthrough]];
    case message_type::data:
    case message_type::proto:
    case message_type::passfp: return arrived(std::move(m));
    case message_type::hangup:
      hung_up = true;
      wake(event::hangup);
      return;
    case message_type::error:
      if (m->read_error != errc::none) read_error = m->read_error;
      if (m->write_error != errc::none) write_error = m->write_error;
      wake(event::error);
      return;
    case message_type::flush: return flushed(std::move(m));
    case message_type::iocack:
    case message_type::iocnak:
      if (!in_control || m->ioctl.id != control_id) return; // too late
      control_answer = std::move(m);
      control_done.wake_all();
      return;
    case message_type::sig:
    case message_type::pcsig: signal(event::message, 0); return;
    default: return;
    }
  }

  /// Room again below, or in what is to be read.
  void service(queue<K>& q) override {
    if (&q != &writing) return;
    const bool normal = q.normal_again, band = q.band_again;
    q.normal_again = q.band_again = false;
    if (!normal && !band) return;
    writable.wake_all();
    signal((normal ? event::output : 0) | (band ? event::wrband : 0), 0);
  }

  /// Empties what is to be read, and tells those who would write.
  void flush_reading(bool one_band, u8 band) {
    ++flushes;
    if (one_band)
      reading.flush_band(band);
    else
      reading.flush_data();
  }

  /// Which events (event::*) hold, for poll(2) and signals.
  void wake(u32 events, u8 band = 0) {
    readable.wake_all();
    if ((events & (event::hangup | event::error)) != 0) {
      writable.wake_all();
      control_done.wake_all();
    }
    signal(events, band);
  }

  void release() override { destroy<K>(this); }

private:
  static constinit inline stream* first_stream = nullptr;
  static constinit inline u32 last_id = 0;
  static constinit inline stream* first_ended = nullptr;
  static constinit inline bool ending = false;

  void arrived(message_ptr<K> m) {
    const u8 band = m->band;
    const bool high = has_high_priority(m->type);
    u32 events = high ? event::hipri : event::input | (band == 0 ? event::rdnorm : event::rdband);
    reading.put(std::move(m));
    wake(events, band);
  }

  void flushed(message_ptr<K> m) {
    if ((m->flush_flags & flush_option::read) != 0) flush_reading((m->flush_flags & flush_option::band) != 0, m->band);
    // What is to be written is flushed on the way back down.
    m->flush_flags &= ~flush_option::read;
    if ((m->flush_flags & flush_option::write) != 0) this->send_down(std::move(m));
  }

  /// SIGPOLL to those who asked for it; SIGURG for a band, if they asked for that.
  void signal(u32 events, u8 band) {
    for (signal_request<K>* r = signal_requests; r != nullptr; r = r->next) {
      const u32 wanted = r->events & events;
      if (wanted == 0) continue;
      native<K, shape::siginfo> info{};
      const bool urgent = (wanted & event::rdband) != 0 && (r->events & event::bandurg) != 0;
      info.signo = urgent ? native_number<K, polyabi::signal::urg> : native_number<K, polyabi::signal::io>;
      info.code = code_of(wanted);
      info.band = band;
      K::signal(r->target, info);
    }
  }
  static i32 code_of(u32 events) {
    if ((events & event::hangup) != 0) return native_number<K, signal_code::poll_hup>;
    if ((events & event::error) != 0) return native_number<K, signal_code::poll_err>;
    if ((events & event::hipri) != 0) return native_number<K, signal_code::poll_pri>;
    if ((events & event::message) != 0) return native_number<K, signal_code::poll_msg>;
    if ((events & (event::output | event::wrband)) != 0) return native_number<K, signal_code::poll_out>;
    return native_number<K, signal_code::poll_in>;
  }

  static errc take(errc& from, bool once) {
    const errc e = from;
    if (once) from = errc::none;
    return e;
  }

  void remove(stream_module<K>& m) {
    m.unlink();
    m.release();
  }

  /// Streams that end may hold others in messages, and these yet others: they are taken one after the other.
  void close() {
    next_ended_ = first_ended;
    first_ended = this;
    if (ending) return;
    ending = true;
    while (stream* s = first_ended) {
      first_ended = s->next_ended_;
      s->dismantle();
    }
    ending = false;
  }
  void dismantle() {
    for (stream** at = &first_stream; *at != nullptr; at = &(*at)->next_stream_)
      if (*at == this) {
        *at = next_stream_;
        break;
      }
    while (top() != driver) (void)pop();
    driver->closing();
    driver->unlink();
    driver->head = nullptr;
    driver->release();
    while (signal_request<K>* r = signal_requests) {
      signal_requests = r->next;
      destroy<K>(r);
    }
    release();
  }

  u32 holders_ = 0;
  stream* next_stream_ = nullptr;
  stream* next_ended_ = nullptr;
};

/// A share in a stream.
template <class K>
class stream_ref {
public:
  constexpr stream_ref() = default;
  explicit stream_ref(stream<K>* s) : stream_{s} {
    if (stream_ != nullptr) stream_->hold();
  }
  stream_ref(const stream_ref& other) : stream_ref{other.stream_} {}
  stream_ref(stream_ref&& other) noexcept : stream_{other.stream_} { other.stream_ = nullptr; }
  stream_ref& operator=(stream_ref other) noexcept {
    stream<K>* s = stream_;
    stream_ = other.stream_;
    other.stream_ = s;
    return *this;
  }
  ~stream_ref() {
    if (stream_ != nullptr) stream_->let_go();
  }
  explicit operator bool() const { return stream_ != nullptr; }
  stream<K>* operator->() const { return stream_; }
  stream<K>& operator*() const { return *stream_; }
  stream<K>* get() const { return stream_; }

private:
  stream<K>* stream_ = nullptr;
};

} // namespace polyabi::streams
