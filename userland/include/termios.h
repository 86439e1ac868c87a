/* <termios.h> of System V Release 4: sys/termios.h. */
#ifndef _TERMIOS_H
#define _TERMIOS_H
#include <sys/types.h>

typedef unsigned int tcflag_t, speed_t;
typedef unsigned char cc_t;
#define NCCS 19
struct termios {
  tcflag_t c_iflag, c_oflag, c_cflag, c_lflag;
  cc_t c_cc[NCCS];
};
struct winsize {
  unsigned short ws_row, ws_col, ws_xpixel, ws_ypixel;
};
enum { VINTR, VQUIT, VERASE, VKILL, VEOF, VEOL, VMIN = 4, VTIME, VSTART = 8, VSTOP, VSUSP };
enum { BRKINT = 02, ICRNL = 0400, IXON = 02000, IXOFF = 010000 };
enum { OPOST = 01, ONLCR = 04 };
enum { CSIZE = 060, CS8 = 060, CREAD = 0200, HUPCL = 02000, CLOCAL = 04000 };
enum { ISIG = 01, ICANON = 02, ECHO = 010, ECHOE = 020, ECHOK = 040, ECHONL = 0100, NOFLSH = 0200, TOSTOP = 0400, IEXTEN = 0100000 };
enum { TCGETS = 'T' << 8 | 13, TCSANOW, TCSADRAIN, TCSAFLUSH, TIOCGWINSZ = 'T' << 8 | 104, TIOCGPGRP = 't' << 8 | 20, TIOCSPGRP };

int tcgetattr(int, struct termios *), tcsetattr(int, int, const struct termios *);
pid_t tcgetpgrp(int);
int tcsetpgrp(int, pid_t);
#endif
