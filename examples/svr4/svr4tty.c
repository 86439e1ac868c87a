/* Terminal requests on descriptor 0. Without a terminal there it says so, and checks the errors. */
#include "libc/svr4.h"

static void no_terminal(void) {
  struct termio attributes;
  int group;
  check_error(ioctl(0, TCGETA, &attributes), ENOTTY, "TCGETA without a terminal is ENOTTY");
  check_error(ioctl(0, TIOCGPGRP, &group), ENOTTY, "TIOCGPGRP without a terminal is ENOTTY");
  check_error(ioctl(77, TCGETA, &attributes), EBADF, "TCGETA of nothing is EBADF");
}

static void modes(void) {
  struct termio old;
  struct termios new, before;
  check(sizeof old == 18 && sizeof new == 36, "sizes of the structures");
  check(ioctl(0, TCGETA, &old) == 0, "TCGETA");
  check(ioctl(0, TCGETS, &before) == 0, "TCGETS");
  check((before.c_lflag & (ISIG | ICANON)) == (ISIG | ICANON) && (before.c_iflag & ICRNL) && (before.c_oflag & OPOST), "usual modes");
  check((before.c_cflag & CSIZE) == CS8 && (before.c_cflag & CREAD), "usual control modes");
  check(old.c_iflag == (ushort)before.c_iflag && old.c_lflag == (ushort)before.c_lflag && old.c_cc[VINTR] == before.c_cc[VINTR],
        "termio and termios agree");
  check(before.c_cc[VINTR] == 3 && before.c_cc[VEOF] == 4 && before.c_cc[VSUSP] == 26, "usual characters");

  new = before;
  new.c_lflag &= ~(uint)(ICANON | ECHO);
  new.c_cc[VMIN] = 1;
  new.c_cc[VTIME] = 2;
  check(ioctl(0, TCSETSW, &new) == 0, "TCSETSW");
  memset(&new, 0, sizeof new);
  check(ioctl(0, TCGETS, &new) == 0 && !(new.c_lflag & (ICANON | ECHO)) && new.c_cc[VMIN] == 1 && new.c_cc[VTIME] == 2, "without lines");
  old.c_lflag &= (ushort)~ECHO;
  check(ioctl(0, TCSETA, &old) == 0 && ioctl(0, TCGETS, &new) == 0, "TCSETA");
  check((new.c_lflag & ICANON) && !(new.c_lflag & ECHO) && new.c_cc[VEOF] == 4, "lines again, with their end of file");
  check(new.c_cc[VSUSP] == 26 && (new.c_lflag & IEXTEN) == (before.c_lflag & IEXTEN), "what termio has no room for is kept");
  new = before;
  new.c_cflag = (new.c_cflag & ~(uint)CBAUD) | 11;
  check(ioctl(0, TCSETSF, &new) == 0 && ioctl(0, TCGETS, &new) == 0 && (new.c_cflag & CBAUD) == 11, "the speed");
  new = before;
  new.c_cc[VINTR] = 0;
  check(ioctl(0, TCSETS, &new) == 0 && ioctl(0, TCGETS, &new) == 0 && new.c_cc[VINTR] == 0, "a character that is off");
  check(ioctl(0, TCSETS, &before) == 0, "TCSETS");
}

static void control(void) {
  struct winsize size = {30, 100, 0, 0}, now = {0, 0, 0, 0}, before;
  check(ioctl(0, TIOCGWINSZ, &before) == 0, "TIOCGWINSZ");
  check(ioctl(0, TIOCSWINSZ, &size) == 0 && ioctl(0, TIOCGWINSZ, &now) == 0 && now.ws_row == 30 && now.ws_col == 100, "TIOCSWINSZ");
  ioctl(0, TIOCSWINSZ, &before);
  check(ioctl(0, TCFLSH, 0) == 0 && ioctl(0, TCFLSH, 2) == 0, "TCFLSH");
  check_error(ioctl(0, TCFLSH, 9), EINVAL, "TCFLSH of no queue is EINVAL");
  check(ioctl(0, TCXONC, 0) == 0 && ioctl(0, TCXONC, 1) == 0, "TCXONC");
  check(ioctl(0, TCSBRK, 1) == 0, "TCSBRK waits for output");
  int count = -1;
  check(ioctl(0, FIONREAD, &count) == 0 && count == 0, "FIONREAD");
  check(ioctl(0, FIORDCHK, 0) == 0, "FIORDCHK");
  int group = 0, session = 0;
  check(ioctl(0, TIOCGPGRP, &group) == 0 && group == getpgrp(), "TIOCGPGRP");
  check(ioctl(0, TIOCSPGRP, &group) == 0, "TIOCSPGRP");
  check(ioctl(0, TIOCGSID, &session) == 0 && session == getsid(0), "TIOCGSID");
  check_error(ioctl(0, 0x5477, NULL), ENOTTY, "an unknown request is ENOTTY");
}

int main(void) {
  struct termio attributes;
  if (ioctl(0, TCGETA, &attributes) < 0) {
    no_terminal();
  } else {
    modes();
    control();
  }
  return failures != 0;
}
