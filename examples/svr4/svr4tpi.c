/* The Transport Provider Interface without a library: one process holds both sides of a conversation in messages of its own making.
 * What the messages say is for a trace to tell; here each answer's type is checked. */
#include "libc/stropts.h"

enum { T_CONN_REQ, O_T_CONN_RES, T_DISCON_REQ, T_DATA_REQ, T_EXDATA_REQ, T_INFO_REQ, O_T_BIND_REQ, T_UNBIND_REQ, T_UNITDATA_REQ,
       T_SVR4_OPTMGMT_REQ, T_ORDREL_REQ, T_CONN_IND, T_CONN_CON, T_DISCON_IND, T_DATA_IND, T_EXDATA_IND, T_INFO_ACK, T_BIND_ACK,
       T_ERROR_ACK, T_OK_ACK, T_UNITDATA_IND, T_UDERROR_IND, T_OPTMGMT_ACK, T_ORDREL_IND, T_ADDR_REQ, T_ADDR_ACK, T_BIND_REQ,
       T_OPTMGMT_REQ, T_CONN_RES, T_CAPABILITY_REQ = 30, T_CAPABILITY_ACK };

static int words[64];
static char bytes[200];

/* A primitive of `count` words, an address behind it, and data. */
static int say(int fd, const int *primitive, int count, const void *address, int size, const char *data) {
  struct strbuf c = {0, count * 4 + size, words}, d = {0, data ? (int)strlen(data) : -1, (void *)data};
  memcpy(words, primitive, (uint)count * 4);
  if (size != 0) memcpy(words + count, address, (uint)size);
  return putmsg(fd, &c, data ? &d : NULL, 0);
}
static void hear(int fd, int type, const char *what) {
  struct strbuf c = {sizeof words, -1, words}, d = {sizeof bytes, -1, bytes};
  int flags = 0;
  words[0] = -1;
  const int answer = getmsg(fd, &c, &d, &flags);
  check(answer == 0 && words[0] == type, what);
}
#define SAY(fd, address, size, data, ...) \
  do { \
    const int primitive[] = {__VA_ARGS__}; \
    say(fd, primitive, sizeof primitive / 4, address, size, data); \
  } while (0)

static void connections(void) {
  const int listener = open("/dev/ticotsord", O_RDWR), caller = open("/dev/ticotsord", O_RDWR), by = open("/dev/ticotsord", O_RDWR);
  SAY(listener, NULL, 0, NULL, T_INFO_REQ);
  hear(listener, T_INFO_ACK, "T_INFO_ACK");
  SAY(listener, "tpi", 3, NULL, T_BIND_REQ, 3, 16, 2);
  hear(listener, T_BIND_ACK, "T_BIND_ACK");
  SAY(listener, "tpi", 3, NULL, T_BIND_REQ, 3, 16, 2);
  hear(listener, T_ERROR_ACK, "T_ERROR_ACK: TOUTSTATE");
  SAY(caller, "call", 4, NULL, O_T_BIND_REQ, 4, 16, 0);
  hear(caller, T_BIND_ACK, "T_BIND_ACK of a caller");
  SAY(caller, NULL, 0, NULL, T_OPTMGMT_REQ, 0, 0, 4);
  hear(caller, T_OPTMGMT_ACK, "T_OPTMGMT_ACK");
  SAY(caller, "none", 4, NULL, T_CONN_REQ, 4, 20, 0, 0);
  hear(caller, T_OK_ACK, "T_OK_ACK");
  hear(caller, T_DISCON_IND, "T_DISCON_IND");
  SAY(caller, "tpi", 3, "hello", T_CONN_REQ, 3, 20, 0, 0);
  hear(caller, T_OK_ACK, "T_OK_ACK again");
  hear(listener, T_CONN_IND, "T_CONN_IND");
  const int accept[] = {T_CONN_RES, 0, 0, 0, words[5]};
  struct strfdinsert insert = {{0, sizeof accept, (void *)accept}, {0, -1, NULL}, 0, by, 4};
  check(ioctl(listener, I_FDINSERT, &insert) == 0, "I_FDINSERT");
  hear(listener, T_OK_ACK, "T_OK_ACK of T_CONN_RES");
  hear(caller, T_CONN_CON, "T_CONN_CON");
  SAY(caller, NULL, 0, "question", T_DATA_REQ, 0);
  hear(by, T_DATA_IND, "T_DATA_IND");
  SAY(by, NULL, 0, "!", T_EXDATA_REQ, 0);
  hear(caller, T_EXDATA_IND, "T_EXDATA_IND");
  SAY(caller, NULL, 0, NULL, T_ADDR_REQ);
  hear(caller, T_ADDR_ACK, "T_ADDR_ACK");
  SAY(caller, NULL, 0, NULL, T_ORDREL_REQ);
  hear(by, T_ORDREL_IND, "T_ORDREL_IND");
  SAY(by, NULL, 0, NULL, T_DISCON_REQ, -1);
  hear(by, T_OK_ACK, "T_OK_ACK of T_DISCON_REQ");
  hear(caller, T_DISCON_IND, "T_DISCON_IND of a peer");
  SAY(caller, NULL, 0, NULL, T_UNBIND_REQ);
  hear(caller, T_OK_ACK, "T_OK_ACK of T_UNBIND_REQ");
}

static void datagrams(void) {
  const int fd = open("/dev/ticlts", O_RDWR);
  SAY(fd, "me", 2, NULL, T_BIND_REQ, 2, 16, 0);
  hear(fd, T_BIND_ACK, "T_BIND_ACK of a datagram endpoint");
  SAY(fd, "me", 2, "to myself", T_UNITDATA_REQ, 2, 20, 0, 0);
  hear(fd, T_UNITDATA_IND, "T_UNITDATA_IND");
  SAY(fd, "no", 2, "to nobody", T_UNITDATA_REQ, 2, 20, 0, 0);
  hear(fd, T_UDERROR_IND, "T_UDERROR_IND");
  SAY(fd, NULL, 0, NULL, T_CONN_REQ, 0, 0, 0, 0);
  hear(fd, T_ERROR_ACK, "T_ERROR_ACK: TNOTSUPPORT");
}

static void internet(void) {
  static const uchar loopback[16] = {2, 0, 0, 0, 127, 0, 0, 1};
  const int fd = open("/dev/udp", O_RDWR);
  SAY(fd, loopback, 16, NULL, T_BIND_REQ, 16, 16, 0);
  hear(fd, T_BIND_ACK, "an Internet address");
}

static void other_requests(void) {
  int fds[2], n;
  struct str_list none = {0, NULL};
  pipe(fds);
  ioctl(fds[0], I_SRDOPT, RMSGN | RPROTDIS);
  ioctl(fds[0], I_GRDOPT, &n);
  ioctl(fds[0], I_SWROPT, SNDZERO | SNDPIPE);
  ioctl(fds[0], I_SETSIG, S_INPUT | S_HIPRI);
  ioctl(fds[0], I_FLUSH, FLUSHRW);
  ioctl(fds[0], I_LIST, &none);
  ioctl(fds[0], I_FIND, "timod");
  struct strbuf d = {0, 4, "band"};
  putpmsg(fds[1], NULL, &d, 7, MSG_BAND);
  n = MSG_ANY;
  int band = 0;
  struct strbuf got = {sizeof bytes, -1, bytes};
  check(getpmsg(fds[0], NULL, &got, &band, &n) == 0 && band == 7, "getpmsg");
}

int main(void) {
  connections();
  datagrams();
  internet();
  other_requests();
  return failures;
}
