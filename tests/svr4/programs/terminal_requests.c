/* Requests of terminals, each on one end of a pseudo-terminal: nothing of the host's terminal is needed. */
#include "pseudo_terminal.h"

enum { TIOCGETP = t(8), TIOCSETP, TIOCSETN, TIOCFLUSH = t(16), TIOCSETC, TIOCGETC, TIOCSTART = t(110), TIOCSTOP, TIOCNOTTY = t(113),
       TIOCOUTQ = t(115), TIOCGLTC, TIOCSLTC, TIOCSCTTY = t(132) };
enum { old_echo = 8, old_crmod = 0x10, old_cbreak = 2 };
struct sgttyb { uchar sg_ispeed, sg_ospeed, sg_erase, sg_kill; int sg_flags; };
struct tchars { uchar t_intrc, t_quitc, t_startc, t_stopc, t_eofc, t_brkc; };
struct ltchars { uchar t_suspc, t_dsuspc, t_rprntc, t_flushc, t_werasc, t_lnextc; };

static int master, terminal;
static char line[64];

static void modes(void) {
  struct termio small;
  struct termios now, other;
  check(ioctl(terminal, TCGETS, &now) == 0 && (now.c_lflag & (ICANON | ISIG)) == (ICANON | ISIG) && now.c_cc[VINTR] == 3, "TCGETS");
  check(ioctl(terminal, TCGETA, &small) == 0 && small.c_lflag == (ushort)now.c_lflag, "TCGETA");
  other = now;
  other.c_lflag &= ~(uint)ECHO;
  check(ioctl(terminal, TCSETS, &other) == 0 && ioctl(terminal, TCGETS, &now) == 0 && !(now.c_lflag & ECHO), "TCSETS");
  other.c_cc[VINTR] = 5;
  check(ioctl(terminal, TCSETSW, &other) == 0 && ioctl(terminal, TCGETS, &now) == 0 && now.c_cc[VINTR] == 5, "TCSETSW");
  write(master, "lost\n", 5);
  other.c_cc[VINTR] = 3;
  int queued = -1;
  check(ioctl(terminal, TCSETSF, &other) == 0 && ioctl(terminal, FIONREAD, &queued) == 0 && queued == 0, "TCSETSF drops what was typed");
  small.c_cc[VINTR] = 6;
  check(ioctl(terminal, TCSETA, &small) == 0 && ioctl(terminal, TCGETS, &now) == 0 && now.c_cc[VINTR] == 6 && (now.c_lflag & ECHO), "TCSETA");
  small.c_cc[VINTR] = 7;
  check(ioctl(terminal, TCSETAW, &small) == 0 && ioctl(terminal, TCGETA, &small) == 0 && small.c_cc[VINTR] == 7, "TCSETAW");
  small.c_cc[VINTR] = 3;
  small.c_lflag &= (ushort)~ECHO;
  write(master, "lost\n", 5);
  check(ioctl(terminal, TCSETAF, &small) == 0 && ioctl(terminal, FIONREAD, &queued) == 0 && queued == 0, "TCSETAF");
}

static void lines(void) {
  write(master, "typed\n", 6);
  check(ioctl(terminal, FIORDCHK, 0) == 6, "FIORDCHK answers what can be read");
  check(read(terminal, line, sizeof line) == 6 && !strncmp(line, "typed\n", 6), "a line that was typed");
  write(master, "lost\n", 5);
  check(ioctl(terminal, TCFLSH, 0) == 0 && ioctl(terminal, FIORDCHK, 0) == 0, "TCFLSH");
  write(master, "lost\n", 5);
  int which = 1;
  check(ioctl(terminal, TIOCFLUSH, &which) == 0 && ioctl(terminal, FIORDCHK, 0) == 0, "TIOCFLUSH");
  check(ioctl(terminal, TCXONC, 0) == 0 && ioctl(terminal, TCXONC, 1) == 0, "TCXONC stops and starts output");
  check(ioctl(terminal, TIOCSTOP, 0) == 0 && ioctl(terminal, TIOCSTART, 0) == 0, "TIOCSTOP and TIOCSTART");
  check_error(ioctl(terminal, TCXONC, 9), EINVAL, "TCXONC of nothing is EINVAL");
  check(ioctl(terminal, TCSBRK, 1) == 0, "TCSBRK only waits with 1");
  int queued = -1;
  check(ioctl(terminal, TIOCOUTQ, &queued) == 0 && queued >= 0, "TIOCOUTQ");
  while (ioctl(master, FIONREAD, &queued) == 0 && queued > 0) read(master, line, sizeof line);
  check(write(terminal, "out\n", 4) == 4 && read(master, line, sizeof line) == 5 && !strncmp(line, "out\r\n", 5), "output, with its carriage return");
  struct winsize size = {11, 22, 33, 44}, told;
  check(ioctl(terminal, TIOCSWINSZ, &size) == 0 && ioctl(master, TIOCGWINSZ, &told) == 0 && !memcmp(&size, &told, sizeof size), "window sizes");
}

static void old_modes(void) {
  struct sgttyb old, again;
  struct termios now;
  ioctl(terminal, TCGETS, &now);
  check(ioctl(terminal, TIOCGETP, &old) == 0 && old.sg_erase == now.c_cc[VERASE] && old.sg_ospeed == (now.c_cflag & CBAUD), "TIOCGETP");
  old.sg_flags = (old.sg_flags & ~old_echo) | old_cbreak;
  old.sg_erase = 8;
  check(ioctl(terminal, TIOCSETN, &old) == 0 && ioctl(terminal, TIOCGETP, &again) == 0 && (again.sg_flags & old_cbreak) && again.sg_erase == 8, "TIOCSETN");
  check(ioctl(terminal, TCGETS, &now) == 0 && !(now.c_lflag & ICANON) && (now.c_lflag & ISIG) && now.c_cc[VERASE] == 8, "as TCGETS shows it");
  old.sg_flags &= ~old_cbreak;
  check(ioctl(terminal, TIOCSETP, &old) == 0 && ioctl(terminal, TIOCGETP, &again) == 0 && !(again.sg_flags & old_cbreak), "TIOCSETP");
  memset(&again, 0, sizeof again);
  check(gate7(32, terminal, &again) == 0 && again.sg_erase == 8, "gtty");
  again.sg_erase = 127;
  check(gate7(31, terminal, &again) == 0 && gate7(32, terminal, &old) == 0 && old.sg_erase == 127, "stty");
  check_error(gate7(32, 99, &again), EBADF, "gtty of nothing is EBADF");
  struct tchars special;
  check(ioctl(terminal, TIOCGETC, &special) == 0 && special.t_intrc == 3 && special.t_eofc == 4, "TIOCGETC");
  special.t_intrc = 2;
  check(ioctl(terminal, TIOCSETC, &special) == 0 && ioctl(terminal, TCGETS, &now) == 0 && now.c_cc[VINTR] == 2, "TIOCSETC");
  struct ltchars local;
  check(ioctl(terminal, TIOCGLTC, &local) == 0 && local.t_suspc == 26, "TIOCGLTC");
  local.t_suspc = 25;
  check(ioctl(terminal, TIOCSLTC, &local) == 0 && ioctl(terminal, TCGETS, &now) == 0 && now.c_cc[VSUSP] == 25, "TIOCSLTC");
}

static void job_control(void) {
  int group = 0, session = 0;
  check(ioctl(terminal, TIOCGSID, &session) == 0 && session == getpid(), "TIOCGSID: opening it made it the session's");
  check(ioctl(terminal, TIOCGPGRP, &group) == 0 && group == getpid(), "TIOCGPGRP");
  const int child = fork();
  if (child == 0) {
    setpgid(0, 0);
    for (;;) pause();
  }
  setpgid(child, child);
  group = child;
  check(ioctl(terminal, TIOCSPGRP, &group) == 0 && ioctl(terminal, TIOCGPGRP, &group) == 0 && group == child, "TIOCSPGRP");
  int status = 0;
  struct termios now;
  ssig(22 + 5, SIG_IGN); /* SIGTTOU: the group is in the background now */
  ioctl(terminal, TCGETS, &now);
  write(master, &now.c_cc[VINTR], 1);
  check(waitpid(child, &status, 0) == child && status == SIGINT, "the interrupt character goes to that group");
  group = getpid();
  ioctl(terminal, TIOCSPGRP, &group);
  check(ioctl(terminal, TIOCNOTTY, 0) == 0, "TIOCNOTTY");
  check_error(open("/dev/tty", O_RDWR), ENXIO, "leaves no controlling terminal");
  check(ioctl(terminal, TIOCSCTTY, 0) == 0, "TIOCSCTTY");
  const int again = open("/dev/tty", O_RDWR);
  check(again > 0 && close(again) == 0, "takes it again");
}

int main(void) {
  setsid();
  ssig(SIGHUP, SIG_IGN);
  if (!check(open_pair(&master, &terminal) == 0, "a pseudo-terminal")) return 1;
  modes();
  lines();
  old_modes();
  job_control();
  return failures != 0;
}
