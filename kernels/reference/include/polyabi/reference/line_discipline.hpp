// The terminal line discipline: what stands between typed characters, the program, and the screen. Knows nothing of processes.
#pragma once

#include <polyabi/reference/structs.hpp>

#include <string_view>

namespace polyabi::reference {

/// Whoever owns a line discipline is told what happens in it.
struct line_observer {
  virtual void output_ready() = 0;    ///< bytes wait in the output queue
  virtual void output_room() = 0;     ///< the output queue has room again, or is empty
  virtual void input_ready() = 0;     ///< something can be read
  virtual void input_room() = 0;      ///< `receive` would not drop what it gets
  virtual void signal(i32 signo) = 0; ///< a signal character: for the foreground group
  enum class change : u8 {
    flushed_input,
    flushed_output,
    stopped,
    started,
    needs_no_flow_characters,  ///< stop and start are no longer ^S and ^Q
    obeys_flow_characters,     ///< they are now
    external_processing, ///< modes were set under EXTPROC
  };
  virtual void changed(change) {} ///< what a master may want to know

protected:
  ~line_observer() = default;
};

/// Canonical and raw input, editing, echo, output processing, flow control (termios(4)). Where 4.4BSD and Linux differ in what
/// is seen on the screen, it does as Linux.
class line_discipline {
public:
  /// MAX_INPUT and MAX_CANON.
  static constexpr usize input_limit = 4096;
  static constexpr usize output_limit = 8192;

  explicit line_discipline(line_observer& observer) : observer_{observer} {}

  /// What `stty sane` sets: 38400 baud, 8 bits, canonical, echo, signals.
  static termios defaults();
  const termios& attributes() const { return attributes_; }
  void set_attributes(const termios&);
  bool canonical() const { return local(termios_bits::icanon); }

  // --- the device's side
  /// A character was typed.
  void receive(u8 c);
  /// How many characters `receive` takes now. Without a complete line it takes (and drops) any number, or nobody could end the
  /// line.
  usize receive_room() const;
  /// Takes up to `limit` bytes that are to be shown, maybe fewer than there are; none while output is stopped.
  usize take_output(char* to, usize limit);
  /// What is to be shown next: bytes that lie together; empty at the end, and while output is stopped.
  std::string_view next_output() const;
  /// So many of them have been shown.
  void output_shown(usize size);
  usize output_queued() const { return output_count_; }
  bool output_stopped() const { return stopped_by_character_ || stopped_by_call_; }

  // --- the program's side
  /// Processes bytes into the output queue; answers how many it took.
  usize write(const char* text, usize size);
  bool write_room() const { return output_count_ < write_limit && !output_stopped(); }
  /// A whole line or an end of file waits (canonical), or characters do.
  bool readable() const { return canonical() ? complete_ != 0 : input_count_ != 0; }
  /// FIONREAD.
  usize bytes_readable() const;
  struct taken {
    usize size;
    bool line_ends;
  };
  /// Takes up to `limit` characters of one line. An end of file ends a line without being part of it.
  taken take_line(char* to, usize limit);
  /// After a read that a line filled exactly: an end of file right behind it belongs to it.
  void skip_end_of_file();
  usize take_raw(char* to, usize limit);

  void flush_input();
  void flush_output();
  void stop_output();
  void start_output();
  /// Sends the peer the stop or start character.
  void send_flow_character(u32 which);

private:
  static constexpr u16 delimiter = 0x100, end_of_file = 0x200;
  /// Programs leave some room for echo.
  static constexpr usize write_limit = output_limit - 512;

  bool input(u32 bit) const { return (attributes_.iflag & bit) != 0; }
  bool output(u32 bit) const { return (attributes_.oflag & bit) != 0; }
  bool local(u32 bit) const { return (attributes_.lflag & bit) != 0; }
  bool is(u8 c, u32 which) const { return attributes_.cc[which] == c && c != termios_bits::disabled; }

  bool receive_flow(u8 c);
  bool receive_signal(u8 c);
  bool receive_editing(u8 c);
  void receive_text(u8 c, bool ends_line = false);
  void put(u16 entry);
  void end_line(u16 entry);
  void bell();
  void restart_output();

  void erase(u32 which);
  void erase_on_screen(u8 c, bool single);
  void erase_tab();
  void finish_erasing();
  void reprint();

  u16& entry(usize index) { return input_[(input_start_ + index) % input_limit]; }
  u16 entry(usize index) const { return input_[(input_start_ + index) % input_limit]; }
  u16 take_entry();
  void input_taken();
  bool has_usual_flow() const;
  bool continues(u8 c) const { return input(termios_bits::iutf8) && (c & 0xc0) == 0x80; }

  void echo(u8 c);
  void echo_as_is(u8 c) { (void)process(c, output_limit); }
  void echo_text(const char* text) {
    while (*text != 0) echo_as_is(static_cast<u8>(*text++));
  }
  void show();
  /// Output processing of one character; false if the queue has no room for what it becomes.
  bool process(u8 c, usize limit);
  void emit(u8 c) { output_[(output_start_ + output_count_++) % output_limit] = static_cast<char>(c); }

  line_observer& observer_;
  termios attributes_ = defaults();
  u16 input_[input_limit];
  usize input_start_ = 0, input_count_ = 0;
  usize complete_ = 0; ///< characters that belong to complete lines; what follows is still edited
  char output_[output_limit];
  usize output_start_ = 0, output_count_ = 0;
  u32 column_ = 0, line_column_ = 0; ///< where the cursor is, and where the edited line begins
  bool literal_next_ = false, erasing_ = false, peer_stopped_ = false;
  bool stopped_by_character_ = false, stopped_by_call_ = false;
};

} // namespace polyabi::reference
