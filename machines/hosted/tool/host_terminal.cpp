#include "host_terminal.hpp"

#include <cstring>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace polyabi::hosted {

namespace {

namespace native = reference::termios_bits;

struct bit_pair {
  tcflag_t host;
  u32 native;
};

constexpr bit_pair input_bits[] = {
    {IGNBRK, native::ignbrk}, {BRKINT, native::brkint}, {IGNPAR, native::ignpar}, {PARMRK, native::parmrk}, {INPCK, native::inpck},
    {ISTRIP, native::istrip}, {INLCR, native::inlcr},   {IGNCR, native::igncr},   {ICRNL, native::icrnl},   {IUCLC, native::iuclc},
    {IXON, native::ixon},     {IXANY, native::ixany},   {IXOFF, native::ixoff},   {IMAXBEL, native::imaxbel}, {IUTF8, native::iutf8}};
constexpr bit_pair output_bits[] = {
    {OPOST, native::opost}, {OLCUC, native::olcuc},   {ONLCR, native::onlcr}, {OCRNL, native::ocrnl},
    {ONOCR, native::onocr}, {ONLRET, native::onlret}, {OFILL, native::ofill}, {OFDEL, native::ofdel}};
constexpr bit_pair control_bits[] = {
    {CSTOPB, native::cstopb}, {CREAD, native::cread},   {PARENB, native::parenb},   {PARODD, native::parodd},
    {HUPCL, native::hupcl},   {CLOCAL, native::clocal}, {CRTSCTS, native::crtscts}, {CMSPAR, native::cmspar}};
constexpr bit_pair local_bits[] = {
    {ISIG, native::isig},       {ICANON, native::icanon},   {ECHO, native::echo},       {ECHOE, native::echoe},
    {ECHOK, native::echok},     {ECHONL, native::echonl},   {NOFLSH, native::noflsh},   {TOSTOP, native::tostop},
    {ECHOCTL, native::echoctl}, {ECHOPRT, native::echoprt}, {ECHOKE, native::echoke},   {FLUSHO, native::flusho},
    {PENDIN, native::pendin},   {IEXTEN, native::iexten},   {EXTPROC, native::extproc}, {XCASE, native::xcase}};

template <usize N>
u32 translate(tcflag_t flags, const bit_pair (&bits)[N]) {
  u32 result = 0;
  for (const bit_pair& b : bits)
    if ((flags & b.host) != 0) result |= b.native;
  return result;
}

struct character_pair {
  u32 host, native;
};
constexpr character_pair characters[] = {
    {VINTR, native::vintr},   {VQUIT, native::vquit},       {VERASE, native::verase},   {VKILL, native::vkill},
    {VEOF, native::veof},     {VTIME, native::vtime},       {VMIN, native::vmin},       {VSWTC, native::vswtch},
    {VSTART, native::vstart}, {VSTOP, native::vstop},       {VSUSP, native::vsusp},     {VEOL, native::veol},
    {VREPRINT, native::vreprint}, {VDISCARD, native::vdiscard}, {VWERASE, native::vwerase}, {VLNEXT, native::vlnext},
    {VEOL2, native::veol2}};

u32 bits_a_second(speed_t code) {
  constexpr struct { speed_t code; u32 speed; } speeds[] = {
      {B50, 50}, {B75, 75}, {B110, 110}, {B134, 134}, {B150, 150}, {B200, 200}, {B300, 300}, {B600, 600}, {B1200, 1200},
      {B1800, 1800}, {B2400, 2400}, {B4800, 4800}, {B9600, 9600}, {B19200, 19200}, {B38400, 38400}, {B57600, 57600},
      {B115200, 115200}, {B230400, 230400}, {B460800, 460800}, {B921600, 921600}};
  for (const auto& s : speeds)
    if (s.code == code) return s.speed;
  return 38400;
}

} // namespace

host_terminal::host_terminal() {
  for (const int candidate : {0, 1, 2})
    if (isatty(candidate) && tcgetattr(candidate, &saved_) == 0) {
      descriptor_ = candidate;
      is_input_ = candidate == 0;
      struct stat attributes {};
      if (fstat(candidate, &attributes) == 0) device_ = attributes.st_rdev;
      break;
    }
  raw_ = saved_;
  cfmakeraw(&raw_);
  // With the output elsewhere (`polyabi run ls | cat`) another program shows lines on this terminal, and relies on its modes.
  shows_output_ = is_input_ && isatty(1);
  if (!shows_output_) raw_.c_oflag = saved_.c_oflag;
}

bool host_terminal::in_foreground() const { return tcgetpgrp(descriptor_) == getpgrp(); }

void host_terminal::make_raw() { tcsetattr(descriptor_, TCSADRAIN, &raw_); }

void host_terminal::restore() const {
  ::termios now{};
  if (descriptor_ < 0 || tcgetattr(descriptor_, &now) != 0) return;
  const bool ours = now.c_iflag == raw_.c_iflag && now.c_oflag == raw_.c_oflag && now.c_lflag == raw_.c_lflag;
  if (ours) tcsetattr(descriptor_, TCSADRAIN, &saved_);
}

reference::termios host_terminal::native_attributes() const {
  reference::termios to{};
  to.iflag = translate(saved_.c_iflag, input_bits);
  // Where the host goes on processing output, the kernel must not do it a second time.
  to.oflag = shows_output_ ? translate(saved_.c_oflag, output_bits) : 0;
  if (shows_output_ && (saved_.c_oflag & TABDLY) == XTABS) to.oflag |= native::oxtabs;
  to.cflag = translate(saved_.c_cflag, control_bits);
  switch (saved_.c_cflag & CSIZE) {
  case CS5: to.cflag |= native::cs5; break;
  case CS6: to.cflag |= native::cs6; break;
  case CS7: to.cflag |= native::cs7; break;
  default: to.cflag |= native::cs8; break;
  }
  to.lflag = translate(saved_.c_lflag, local_bits);
  if (!is_input_) to.lflag &= ~(native::echo | native::echonl | native::echoctl); // the host's echo goes on
  for (u8& c : to.cc) c = native::disabled;
  for (const character_pair& c : characters) {
    const bool is_count = c.host == VMIN || c.host == VTIME;
    const u8 value = saved_.c_cc[c.host];
    to.cc[c.native] = value == _POSIX_VDISABLE && !is_count ? native::disabled : value;
  }
  to.ispeed = bits_a_second(cfgetispeed(&saved_));
  to.ospeed = bits_a_second(cfgetospeed(&saved_));
  return to;
}

reference::winsize host_terminal::window() const {
  struct ::winsize size {};
  if (descriptor_ < 0 || ioctl(descriptor_, TIOCGWINSZ, &size) != 0) return {};
  return {size.ws_row, size.ws_col, size.ws_xpixel, size.ws_ypixel};
}

} // namespace polyabi::hosted
