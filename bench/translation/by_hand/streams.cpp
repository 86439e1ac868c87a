// getmsg(2), by hand.
#include "../streams.hpp"

#include <array>

namespace bench {
namespace {

namespace ss = polyabi::streams;

int svr4_errno(errc e) {
  switch (e) {
  case errc::again: return 11;
  case errc::badmsg: return 77;
  default: return 22;
  }
}
int svr4_errno(error e) {
  switch (e) {
  case error::badf: return 9;
  case error::again: return 11;
  case error::intr: return 4;
  case error::io: return 5;
  case error::nxio: return 6;
  case error::fault: return 14;
  default: return 22;
  }
}

struct strbuf {
  i32 maxlen, len;
  u32 buf;
};
bool read_part(u32 at, strbuf& to) {
  to = {-1, -1, 0};
  return at == 0 || copy_in(&to, at, sizeof to);
}
bool write_length(u32 at, i32 length) {
  return at == 0 || copy_out(u64{at} + 4, &length, sizeof length);
}

void set_error(registers& r, int number) {
  r.rax = static_cast<u32>(number);
  r.rflags |= carry_flag;
}

void getmsg(thread& t, registers& r) {
  u32 words[4];
  if (!copy_in(words, static_cast<u32>(r.rsp) + 4u, sizeof words)) return set_error(r, 14);
  i32 flags;
  if (!copy_in(&flags, words[3], sizeof flags)) return set_error(r, 14);
  if (flags != 0 && flags != ss::message_flag::hipri) return set_error(r, 22);
  auto status = status_flags(t, static_cast<i32>(words[0]));
  if (!status) return set_error(r, svr4_errno(status.error()));
  auto opened = file_of(t, static_cast<i32>(words[0]));
  if (!opened) return set_error(r, svr4_errno(opened.error()));
  auto* s = ss::stream_of<kernel>(**opened);
  if (s == nullptr) return set_error(r, 60);
  strbuf control, data;
  if (!read_part(words[1], control) || !read_part(words[2], data)) return set_error(r, 14);
  ss::part_out control_part{control.maxlen, control.buf, -1}, data_part{data.maxlen, data.buf, -1};
  ss::selection which{flags == 0 ? ss::message_flag::any : ss::message_flag::hipri, 0};
  auto more = ss::get_message<kernel>(t, *s, control_part, data_part, which, (*status & reference::open_flags::nonblock) != 0,
                                      &svr4_errno);
  if (!more) return set_error(r, more.error().is_name() ? svr4_errno(more.error().name()) : svr4_errno(more.error().number()));
  if (!write_length(words[1], control_part.length) || !write_length(words[2], data_part.length)) return set_error(r, 14);
  flags = which.which == ss::message_flag::hipri ? ss::message_flag::hipri : 0;
  if (!copy_out(words[3], &flags, sizeof flags)) return set_error(r, 14);
  r.rax = static_cast<u32>(*more);
  r.rdx = 0;
  r.rflags &= ~carry_flag;
}

using function = void (*)(thread&, registers&);
void nosys(thread&, registers& r) {
  set_error(r, 89);
}
constexpr auto table = [] {
  std::array<function, 86> all{};
  for (auto& f : all) f = &nosys;
  all[85] = &getmsg;
  return all;
}();

} // namespace

void hand_written_get_message(thread& t, registers& r) {
  const auto number = static_cast<u32>(r.rax);
  number < table.size() ? table[number](t, r) : nosys(t, r);
}

} // namespace bench
