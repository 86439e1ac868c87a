// Bytes that nobody wrote with care become calls on streams, made by a process of System V Release 4 through the trap entry: pipes,
// transport endpoints, pseudo-terminals; getmsg, putmsg, ioctl and their like, with lengths, pointers, flags and primitives as they
// come. For fuzzers and for replaying what they found; built without any test framework.
#pragma once

#include <polyabi/svr4/personality.hpp>
#include <polyabi/testing/program.hpp>

#include <cstring>
#include <span>

namespace polyabi::test {

class stream_calls {
public:
  explicit stream_calls(std::span<const u8> bytes) : bytes_{bytes} {}

  void run() {
    // Streams are opened in most cases so that nothing waits; what waits all the same is interrupted by this timer.
    constexpr u32 handled[] = {13, 14, 21, 22}; // SIGPIPE, SIGALRM, SIGURG, SIGPOLL
    struct {
      u32 flags, handler, mask[4], reserved[2];
    } action{0, 0x1000, {}, {}};
    const u64 action_at = program_.put(action);
    for (const u32 number : handled) program_.call<"sigaction">(number, action_at, 0);
    struct {
      i32 interval_seconds, interval_microseconds, seconds, microseconds;
    } timer{0, 5000, 0, 5000};
    program_.call<"setitimer">(0, program_.put(timer), 0);
    arena_ = static_cast<u32>(program_.room(arena_size));
    name_ = static_cast<u32>(program_.text("/attached"));
    const auto file = program_.call<"creat">(name_, 0666);
    if (!file.failed) program_.call<"close">(file.value);

    open_pipe();
    open_transport("/dev/ticotsord");
    open_transport("/dev/ticotsord");
    bind(2);
    for (u32 calls = 0; !bytes_.empty() && calls < 200; ++calls) one_call();
    program_.call<"umount">(name_);
  }

private:
  static constexpr u32 arena_size = 0x5000, nonblocking = 0x82;

  // --- what the bytes say; zeros when they have come to their end

  u8 byte() {
    if (bytes_.empty()) return 0;
    const u8 b = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return b;
  }
  u32 below(u32 bound) { return byte() % bound; }
  u32 raw() {
    u32 word = 0;
    for (int i = 0; i < 4; ++i) word = word << 8 | byte();
    return word;
  }
  u32 descriptor() {
    const u8 which = byte();
    return which == 0xff ? raw() : which % 24;
  }
  /// A number as calls take it: mostly small, sometimes not.
  u32 number() {
    switch (below(12)) {
    case 0: return raw();
    case 1: return ~u32{0} - below(8);
    case 2: return 0x7fffffff - below(4);
    case 3: return 1u << below(32);
    case 4: return below(256) * 64u;
    case 5: return descriptor();
    default: return below(40);
    }
  }
  /// An address: in most cases one where something is.
  u32 address() {
    switch (below(16)) {
    case 0: return raw();
    case 1: return 0;
    case 2: return ~u32{0} - below(16);
    case 3: return arena_ + arena_size - below(32); // and soon no more
    default: return arena_ + below(256) * 8u;
    }
  }
  u32 word() {
    switch (below(4)) {
    case 0: return address();
    case 1: return descriptor();
    default: return number();
    }
  }
  /// Room of its own for one call: addresses given out do not overlap but by chance.
  u32 take_room(u32 size) {
    if (used_ + size > arena_size) used_ = 0;
    const u32 at = arena_ + used_;
    used_ += (size + 7) & ~7u;
    return at;
  }
  u32 put(const void* from, u32 size) {
    const u32 at = take_room(size);
    program_.guest().write(at, from, size);
    return at;
  }

  // --- messages

  /// A control part: a primitive with fields, or bytes.
  u32 control_part(u32& size) {
    u32 words[16];
    size = 4 * (1 + below(14)) + (below(8) == 0 ? below(4) : 0);
    for (u32& w : words) w = below(3) != 0 ? below(64) : number();
    if (below(8) != 0) words[0] = below(32);
    if (below(16) == 0) size = below(200) * 8;
    u8 bytes[1600]{};
    std::memcpy(bytes, words, sizeof words);
    return put(bytes, size);
  }
  /// A struct strbuf, or an address where none may be.
  u32 part(bool control, bool for_output) {
    const u32 kind = below(16);
    if (kind == 0) return 0;
    if (kind == 1) return address();
    u32 fields[3] = {for_output ? below(4) == 0 ? number() : 1024 : number(), 0, 0};
    if (for_output) {
      fields[2] = below(8) == 0 ? address() : take_room(1024);
    } else if (control) {
      fields[2] = control_part(fields[1]);
    } else {
      fields[1] = below(256) * (below(8) == 0 ? 512u : 1u);
      fields[2] = arena_;
    }
    if (below(12) == 0) fields[1] = number();
    if (below(12) == 0) fields[2] = address();
    return put(fields, sizeof fields);
  }
  u32 flags_at() {
    const u32 flags = below(8) == 0 ? number() : below(5);
    return below(16) == 0 ? address() : put(&flags, sizeof flags);
  }

  // --- calls

  void open_pipe() {
    const auto made = program_.call<"pipe">();
    if (made.failed) return;
    for (const u64 end : {made.value, made.second}) program_.call<"fcntl">(end, 4, nonblocking); // F_SETFL
  }
  void open_transport(const char* name) {
    const auto made = program_.call<"open">(program_.text(name), nonblocking, 0);
    if (!made.failed) last_ = static_cast<u32>(made.value);
  }
  void bind(u32 backlog) {
    const u32 words[] = {26, 1, 16, backlog, 's'};
    const u32 part[] = {0, 17, put(words, sizeof words)};
    program_.call<"putmsg">(last_, put(part, sizeof part), 0, 0);
  }
  void open_terminal() {
    const auto master = program_.call<"open">(program_.text("/dev/ptmx"), nonblocking | 0x800, 0);
    if (master.failed) return;
    const u32 unlock[] = {u32{'P'} << 8 | 2, 0, 0, 0}, ask[] = {u32{'P'} << 8 | 1, 0, 0, 0};
    program_.call<"ioctl">(master.value, u32{'S'} << 8 | 010, put(unlock, sizeof unlock));
    const auto number = program_.call<"ioctl">(master.value, u32{'S'} << 8 | 010, put(ask, sizeof ask));
    program_.call<"open">(program_.text("/dev/pts/" + std::to_string(number.value)), nonblocking | 0x800, 0);
  }
  void one_open() {
    static constexpr const char* transports[] = {"/dev/ticots", "/dev/ticotsord", "/dev/ticlts"};
    switch (const u32 kind = below(8)) {
    case 0:
    case 1: return open_pipe();
    case 2: return open_terminal();
    case 3: program_.call<"open">(name_, nonblocking, 0); return;
    case 4: program_.call<"dup">(descriptor()); return;
    default: open_transport(transports[kind % 3]);
    }
  }
  void one_ioctl() {
    static constexpr u32 timod[] = {140, 141, 142, 143, 144, 145, 146, 147, 149};
    static constexpr u32 terminal[] = {1, 2, 5, 6, 7, 13, 14, 15, 16, 103, 104};
    const u32 d = descriptor();
    u32 request = u32{'S'} << 8 | below(0x40);
    switch (below(12)) {
    case 0: request = u32{'T'} << 8 | timod[below(9)]; break;
    case 1: request = u32{'T'} << 8 | terminal[below(11)]; break;
    case 2: request = raw(); break;
    default: break;
    }
    static constexpr char modules[][9] = {"timod", "tirdwr", "connld", "pckt", "pipemod", "ptem", "ldterm", "ttcompat"};
    u32 argument = 0;
    switch (below(6)) {
    case 0: argument = number(); break;
    case 1: argument = address(); break;
    case 2: argument = put(modules[below(8)], 9); break;
    case 3: { // I_STR
      u32 size = 0;
      const u32 data = control_part(size);
      const u32 fields[] = {below(4) == 0 ? word() : u32{'T'} << 8 | timod[below(9)], below(4) == 0 ? number() : 1,
                            below(8) == 0 ? number() : size, below(8) == 0 ? address() : data};
      argument = put(fields, sizeof fields);
      if (below(4) != 0) request = u32{'S'} << 8 | 010;
      break;
    }
    case 4: { // I_PEEK, I_FDINSERT
      u32 fields[9]{}, size = 0;
      const bool peeks = below(2) == 0;
      fields[0] = peeks ? number() : 0;
      fields[2] = control_part(size);
      fields[1] = size;
      fields[3] = number();
      fields[4] = below(64);
      fields[5] = arena_;
      fields[6] = below(3);
      fields[7] = descriptor();
      fields[8] = below(8) * 4 + (below(8) == 0 ? 1 : 0);
      if (below(8) == 0) fields[below(9)] = word();
      argument = put(fields, sizeof fields);
      request = u32{'S'} << 8 | (peeks ? 017u : 020u);
      break;
    }
    default: {
      u32 fields[9];
      for (u32& f : fields) f = word();
      argument = put(fields, sizeof fields);
    }
    }
    program_.call<"ioctl">(d, request, argument);
  }
  void one_call() {
    const u32 d = descriptor();
    switch (below(16)) {
    case 0: return one_open();
    case 1: program_.call<"close">(d); return;
    case 2: program_.call<"getmsg">(d, part(true, true), part(false, true), flags_at()); return;
    case 3: program_.call<"getpmsg">(d, part(true, true), part(false, true), flags_at(), flags_at()); return;
    case 4:
    case 5: program_.call<"putmsg">(d, part(true, false), part(false, false), below(8) == 0 ? number() : below(2)); return;
    case 6:
      program_.call<"putpmsg">(d, part(true, false), part(false, false), number(), below(8) == 0 ? number() : 1 + 3 * below(2));
      return;
    case 7: program_.call<"read">(d, address(), number()); return;
    case 8: program_.call<"write">(d, address(), number()); return;
    case 9: {
      u32 records[8];
      for (u32& r : records) r = below(2) != 0 ? descriptor() : number();
      program_.call<"poll">(put(records, sizeof records), below(5), 0);
      return;
    }
    case 10: {
      const u32 given = descriptor();
      program_.call<"mount">(0, name_, 4, program_.text("namefs"), put(&given, sizeof given), 4);
      return;
    }
    case 11: program_.call<"umount">(name_); return;
    case 12: program_.call<"ioctl">(d, u32{'S'} << 8 | 021, descriptor()); return; // I_SENDFD
    default: one_ioctl();
    }
  }

  testing::program_of<svr4::personality, svr4::i386> program_;
  std::span<const u8> bytes_;
  u32 arena_ = 0, used_ = 0, name_ = 0, last_ = 0;
};

inline void exercise_streams(std::span<const u8> bytes) {
  stream_calls{bytes}.run();
}

} // namespace polyabi::test
