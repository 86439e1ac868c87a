/* What the examples need of sys/socket.h, sys/un.h and netinet/in.h. */
#ifndef POLYABI_EXAMPLES_SOCKETS_H
#define POLYABI_EXAMPLES_SOCKETS_H

#include "svr4.h"

enum { SOV_STREAM, SOV_DEFAULT, SOV_SOCKSTREAM, SOV_SOCKBSD, SOV_XPG4_2 };
enum { SOCK_DGRAM = 1, SOCK_STREAM, SOCK_RAW = 4, SOCK_SEQPACKET = 6, SOCK_NONBLOCK = 0x100000 };
enum { AF_UNSPEC, AF_UNIX, AF_INET, AF_NS = 6, AF_INET6 = 26 };
enum { SOL_SOCKET = 0xffff, SO_ACCEPTCONN = 2, SO_REUSEADDR = 4, SO_KEEPALIVE = 8, SO_USELOOPBACK = 0x40, SO_LINGER = 0x80,
       SO_RECVUCRED = 0x400, SO_SNDBUF = 0x1001, SO_RCVBUF, SO_RCVTIMEO = 0x1006, SO_ERROR, SO_TYPE, SO_PROTOTYPE,
       SO_DOMAIN = 0x100c, SCM_RIGHTS = 0x1010, SO_TIMESTAMP = 0x1013 };
enum { IPPROTO_IP, IPPROTO_TCP = 6, IPPROTO_UDP = 17, IPPROTO_IPV6 = 41, TCP_NODELAY = 1, TCP_KEEPALIVE_THRESHOLD = 0x16,
       IP_TTL = 4, IP_MULTICAST_TTL = 17, IPV6_UNICAST_HOPS = 5, IPV6_V6ONLY = 0x27 };
enum { MSG_OOB = 1, MSG_PEEK, MSG_CTRUNC = 0x10, MSG_TRUNC = 0x20, MSG_WAITALL = 0x40, MSG_DONTWAIT = 0x80, MSG_XPG4_2 = 0x8000 };
enum { SHUT_RD, SHUT_WR, SHUT_RDWR };
enum { ENOTSOCK = 95, EDESTADDRREQ, EMSGSIZE, EPROTOTYPE, ENOPROTOOPT, EPROTONOSUPPORT = 120, EOPNOTSUPP = 122,
       EAFNOSUPPORT = 124, EADDRINUSE, EISCONN = 133, ENOTCONN, ECONNREFUSED = 146 };

struct sockaddr_in { ushort family; uchar port[2], address[4], zero[8]; };
struct sockaddr_in6 { ushort family; uchar port[2], flowinfo[4], address[16]; uint scope_id, source_id; };
struct sockaddr_un { ushort family; char path[108]; };
struct linger { int onoff, seconds; };
struct cmsghdr { uint len; int level, type; };
/* The older header ends before the flags; what it calls msg_accrights is `control` here. */
struct msghdr { void *name; uint namelen; struct iovec *iov; int iovlen; void *control; uint controllen; int flags; };

int so_socket(int, int, int, const char *, int), so_socketpair(int *), bind(int, const void *, uint, int), listen(int, int, int);
int accept(int, void *, uint *, int), connect(int, const void *, uint, int), shutdown(int, int, int);
int recv(int, void *, uint, int), recvfrom(int, void *, uint, int, void *, uint *), recvmsg(int, struct msghdr *, int);
int send(int, const void *, uint, int), sendmsg(int, const struct msghdr *, int), sendto(int, const void *, uint, int, const void *, uint);
int getpeername(int, void *, uint *, int), getsockname(int, void *, uint *, int);
int getsockopt(int, int, int, void *, uint *, int), setsockopt(int, int, int, const void *, uint, int);

#endif
