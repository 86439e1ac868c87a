// Messages: what moves through a stream.
#pragma once

#include <polyabi/core/environment.hpp>
#include <polyabi/facilities/streams/names.hpp>

#include <span>

namespace polyabi::streams {

template <class K>
class message;

/// The one owner of a message. Wherever one is handed over, it is by this.
template <class K>
class message_ptr {
public:
  constexpr message_ptr() = default;
  constexpr message_ptr(std::nullptr_t) {}
  explicit message_ptr(message<K>* m) : message_{m} {}
  message_ptr(message_ptr&& other) noexcept : message_{other.leak()} {}
  message_ptr& operator=(message_ptr&& other) noexcept {
    message_ptr old{message_};
    message_ = other.leak();
    return *this;
  }
  ~message_ptr() {
    if (message_ != nullptr) message<K>::free(message_);
  }

  explicit operator bool() const { return message_ != nullptr; }
  message<K>* get() const { return message_; }
  message<K>* operator->() const { return message_; }
  message<K>& operator*() const { return *message_; }
  message<K>* leak() {
    message<K>* m = message_;
    message_ = nullptr;
    return m;
  }

private:
  message<K>* message_ = nullptr;
};

/// What travels with M_IOCTL and its answers (struct iocblk).
struct ioctl_block {
  u32 command = 0;
  u32 id = 0;
  errc error = errc::none;
  i32 value = 0;                 ///< what ioctl(2) answers
  errc value_above = errc::none; ///< an error whose number stands eight bits above in the value (timod)
  bool transparent = false;      ///< no I_STR: the argument is a user's address that no module here may use
};

/// A message: a control part and a data part, either of which it may lack. An empty part is not a missing one.
template <class K>
class message {
public:
  message_type type;
  u8 band = 0;
  bool marked = false;      ///< MSGMARK: urgent data begins here
  bool last_marked = false; ///< it is the last one that is marked
  bool has_control, has_data;

  ioctl_block ioctl{};                                    ///< of ioctl, iocack and iocnak
  errc read_error = errc::none, write_error = errc::none; ///< of error: `none` leaves that side as it is
  u32 flush_flags = 0;                                    ///< of flush
  u32 error_word = 0;    ///< where in the control part an errc stands, of which the reader gets its own number; 0: nowhere
  i32 signal_number = 0; ///< of sig: the kernel's number
  typename K::file_ref passed; ///< of passfp
  u32 sender_user = 0, sender_group = 0;

  message* next = nullptr;
  message* previous = nullptr;

  /// A message with room for so many bytes in its two parts, which are as long as that. Null: out of memory.
  // Like `free` not inline: messages are made and dropped in some hundred places.
  [[gnu::noinline]] static message_ptr<K> make(message_type type, usize control, usize data, bool has_control, bool has_data) {
    const usize size = sizeof(message) + control + data;
    void* memory = K::allocate(size);
    if (memory == nullptr) return nullptr;
    return message_ptr<K>{::new (memory) message{type, control, data, has_control, has_data, size}};
  }
  /// One of a control part alone: a primitive.
  static message_ptr<K> make_control(message_type type, usize size) { return make(type, size, 0, true, false); }
  static message_ptr<K> make_data(usize size) { return make(message_type::data, 0, size, false, true); }
  /// One of neither.
  static message_ptr<K> make_bare(message_type type) { return make(type, 0, 0, false, false); }

  [[gnu::noinline]] static void free(message* m) {
    const usize size = m->allocation_;
    m->~message();
    K::deallocate(m, size);
  }

  message(const message&) = delete;
  message& operator=(const message&) = delete;

  std::span<u8> control() { return {bytes() + control_begin_, control_end_ - control_begin_}; }
  std::span<u8> data() { return {bytes() + data_begin_, data_end_ - data_begin_}; }
  usize size() const { return control_end_ - control_begin_ + data_end_ - data_begin_; }

  void drop_control() {
    has_control = false;
    control_begin_ = control_end_;
  }
  void drop_data() {
    has_data = false;
    data_begin_ = data_end_;
  }
  /// The beginning of a part has been taken.
  void consume_control(usize size) { control_begin_ += static_cast<u32>(size); }
  void consume_data(usize size) { data_begin_ += static_cast<u32>(size); }
  void shorten_data(usize size) { data_end_ = data_begin_ + static_cast<u32>(size); }

  /// What is left when the control part has been taken is data.
  void become_data() {
    drop_control();
    type = message_type::data;
    has_data = true;
  }
  /// Whatever it carries becomes data, the control part first.
  void control_becomes_data() {
    if (data_begin_ != control_end_) { // the control part moves up to the data
      const usize size = control_end_ - control_begin_;
      __builtin_memmove(bytes() + data_begin_ - size, bytes() + control_begin_, size);
      data_begin_ -= static_cast<u32>(size);
    } else {
      data_begin_ = control_begin_;
    }
    control_begin_ = control_end_;
    has_control = false;
    has_data = true;
    type = message_type::data;
  }

  /// The error in it becomes a number, once.
  void number_error(i32 (*number_of)(errc)) {
    if (error_word == 0 || error_word + sizeof(u32) > control().size()) return;
    u32 word = 0;
    __builtin_memcpy(&word, control().data() + error_word, sizeof word);
    word = word == 0 ? 0 : static_cast<u32>(number_of(static_cast<errc>(word)));
    __builtin_memcpy(control().data() + error_word, &word, sizeof word);
    error_word = 0;
  }

  bool is_protocol() const { return type == message_type::proto || type == message_type::pcproto; }
  /// The place of a message among the others of a queue: high priority before the bands, from the highest to 0.
  u32 rank() const { return has_high_priority(type) ? 256 : band; }

private:
  message(message_type t, usize control, usize data, bool with_control, bool with_data, usize allocation)
      : type{t}, has_control{with_control}, has_data{with_data}, allocation_{allocation},
        control_end_{static_cast<u32>(control)}, data_begin_{static_cast<u32>(control)}, data_end_{static_cast<u32>(control +
                                                                                                                    data)} {}
  u8* bytes() { return reinterpret_cast<u8*>(this + 1); }

  usize allocation_;
  u32 control_begin_ = 0, control_end_, data_begin_, data_end_;
};

} // namespace polyabi::streams
