// A tunnel, its interface, addresses and routes, and what goes through it. On the host in a network of its own.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/if_tun.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/route.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *name_of_error(int e) { return e == 0 ? "ok" : strerrorname_np(e); }
#define SHOW(call) do { errno = 0; long r_ = (long)(call); printf("%s: %s\n", #call, r_ < 0 ? name_of_error(errno) : "ok"); } while (0)

static int tun, any;
static struct ifreq named(const char *name) {
  struct ifreq r;
  memset(&r, 0, sizeof r);
  strncpy(r.ifr_name, name, IFNAMSIZ - 1);
  return r;
}
static int set_interface(int fd, const char *name, short flags) {
  struct ifreq r = named(name);
  r.ifr_flags = flags;
  const int done = ioctl(fd, TUNSETIFF, &r);
  if (done == 0) printf("  is %s\n", r.ifr_name);
  return done;
}
static int address_request(unsigned long request, const char *name, const char *address) {
  struct ifreq r = named(name);
  struct sockaddr_in *in = (struct sockaddr_in *)&r.ifr_addr;
  in->sin_family = AF_INET;
  inet_aton(address, &in->sin_addr);
  return ioctl(any, request, &r);
}
static int number_request(unsigned long request, const char *name, int number) {
  struct ifreq r = named(name);
  r.ifr_ifindex = number;
  return ioctl(any, request, &r);
}
static int set_flags(const char *name, short flags) {
  struct ifreq r = named(name);
  r.ifr_flags = flags;
  return ioctl(any, SIOCSIFFLAGS, &r);
}
static void show_flags(const char *name) {
  struct ifreq r = named(name);
  if (ioctl(any, SIOCGIFFLAGS, &r) != 0) printf("no %s\n", name);
  else printf("%s has flags %x\n", name, (unsigned short)r.ifr_flags);
}

// netlink
struct request {
  struct nlmsghdr head;
  union {
    struct ifaddrmsg address;
    struct rtmsg route;
    struct ifinfomsg link;
  };
  char more[256];
};
static void add_attribute(struct request *r, int type, const void *value, size_t size) {
  struct rtattr *a = (struct rtattr *)((char *)r + NLMSG_ALIGN(r->head.nlmsg_len));
  a->rta_type = (unsigned short)type;
  a->rta_len = (unsigned short)RTA_LENGTH(size);
  memcpy(RTA_DATA(a), value, size);
  r->head.nlmsg_len = NLMSG_ALIGN(r->head.nlmsg_len) + RTA_ALIGN(a->rta_len);
}
static int ask(struct request *r) {
  const int s = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
  r->head.nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
  send(s, r, r->head.nlmsg_len, 0);
  char answer[8192];
  const ssize_t size = recv(s, answer, sizeof answer, 0);
  close(s);
  const struct nlmsghdr *head = (const struct nlmsghdr *)answer;
  if (size < (ssize_t)sizeof *head || head->nlmsg_type != NLMSG_ERROR) return -1;
  errno = -((const struct nlmsgerr *)NLMSG_DATA(head))->error;
  return errno == 0 ? 0 : -1;
}
static int change_address(int type, int flags, const char *name, const char *address, int prefix) {
  struct request r;
  memset(&r, 0, sizeof r);
  r.head.nlmsg_len = NLMSG_LENGTH(sizeof r.address);
  r.head.nlmsg_type = (unsigned short)type;
  r.head.nlmsg_flags = (unsigned short)flags;
  r.address.ifa_family = AF_INET;
  r.address.ifa_prefixlen = (unsigned char)prefix;
  r.address.ifa_index = if_nametoindex(name);
  struct in_addr in;
  inet_aton(address, &in);
  add_attribute(&r, IFA_LOCAL, &in, sizeof in);
  add_attribute(&r, IFA_ADDRESS, &in, sizeof in);
  return ask(&r);
}
static int change_route(int type, int flags, const char *to, int prefix, const char *through, const char *gateway) {
  struct request r;
  memset(&r, 0, sizeof r);
  r.head.nlmsg_len = NLMSG_LENGTH(sizeof r.route);
  r.head.nlmsg_type = (unsigned short)type;
  r.head.nlmsg_flags = (unsigned short)flags;
  r.route.rtm_family = AF_INET;
  r.route.rtm_dst_len = (unsigned char)prefix;
  r.route.rtm_table = RT_TABLE_MAIN;
  r.route.rtm_type = RTN_UNICAST;
  r.route.rtm_protocol = RTPROT_BOOT;
  r.route.rtm_scope = gateway != NULL || type == RTM_DELROUTE ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK;
  if (type == RTM_DELROUTE) r.route.rtm_scope = RT_SCOPE_NOWHERE;
  struct in_addr in;
  inet_aton(to, &in);
  add_attribute(&r, RTA_DST, &in, sizeof in);
  if (through != NULL) {
    const int index = (int)if_nametoindex(through);
    add_attribute(&r, RTA_OIF, &index, sizeof index);
  }
  if (gateway != NULL) {
    inet_aton(gateway, &in);
    add_attribute(&r, RTA_GATEWAY, &in, sizeof in);
  }
  return ask(&r);
}
static int change_link(int type, const char *name, unsigned flags, int mtu) {
  struct request r;
  memset(&r, 0, sizeof r);
  r.head.nlmsg_len = NLMSG_LENGTH(sizeof r.link);
  r.head.nlmsg_type = (unsigned short)type;
  r.link.ifi_index = (int)if_nametoindex(name);
  r.link.ifi_flags = flags;
  r.link.ifi_change = IFF_UP;
  if (mtu != 0) add_attribute(&r, IFLA_MTU, &mtu, sizeof mtu);
  return ask(&r);
}
static int old_route(unsigned long request, const char *to, const char *mask, const char *gateway, char *device) {
  struct rtentry r;
  memset(&r, 0, sizeof r);
  struct sockaddr_in *in = (struct sockaddr_in *)&r.rt_dst;
  in->sin_family = AF_INET;
  inet_aton(to, &in->sin_addr);
  in = (struct sockaddr_in *)&r.rt_genmask;
  in->sin_family = AF_INET;
  inet_aton(mask, &in->sin_addr);
  r.rt_flags = RTF_UP;
  if (gateway != NULL) {
    in = (struct sockaddr_in *)&r.rt_gateway;
    in->sin_family = AF_INET;
    inet_aton(gateway, &in->sin_addr);
    r.rt_flags |= RTF_GATEWAY;
  }
  r.rt_dev = device;
  return ioctl(any, request, &r);
}

static void show_file(const char *path, const char *name) {
  FILE *f = fopen(path, "r");
  char line[512];
  while (f != NULL && fgets(line, sizeof line, f) != NULL)
    if (strstr(line, name) != NULL) printf("%s", line);
  if (f != NULL) fclose(f);
}
static void show_addresses(const char *name) {
  struct ifaddrs *all, *a;
  if (getifaddrs(&all) != 0) return;
  for (a = all; a != NULL; a = a->ifa_next)
    if (strcmp(a->ifa_name, name) == 0 && a->ifa_addr != NULL && a->ifa_addr->sa_family == AF_INET)
      printf("  %s %s", name, inet_ntoa(((struct sockaddr_in *)a->ifa_addr)->sin_addr)),
          printf(" %s flags %x\n", inet_ntoa(((struct sockaddr_in *)a->ifa_netmask)->sin_addr), a->ifa_flags & 0xffff);
  freeifaddrs(all);
}

// What the kernel sent of version 4, or nothing.
static ssize_t sent(unsigned char *packet, size_t size) {
  for (;;) {
    struct pollfd p = {tun, POLLIN, 0};
    if (poll(&p, 1, 300) != 1) return -1;
    const ssize_t n = read(tun, packet, size);
    if (n > 0 && packet[0] >> 4 == 4) return n;
  }
}
static unsigned short sum(const void *data, size_t size) {
  const unsigned char *bytes = data;
  unsigned s = 0;
  for (size_t i = 0; i < size; ++i) s += i % 2 == 0 ? (unsigned)bytes[i] << 8 : bytes[i];
  while (s >> 16 != 0) s = (s & 0xffff) + (s >> 16);
  return htons((unsigned short)~s);
}
static void bring(unsigned char protocol, const void *payload, size_t size) {
  unsigned char packet[2048] = {0};
  struct iphdr *ip = (struct iphdr *)packet;
  ip->version = 4;
  ip->ihl = 5;
  ip->tot_len = htons((unsigned short)(sizeof *ip + size));
  ip->ttl = 64;
  ip->protocol = protocol;
  ip->saddr = inet_addr("10.91.0.7");
  ip->daddr = inet_addr("10.91.0.1");
  ip->check = sum(ip, sizeof *ip);
  memcpy(packet + sizeof *ip, payload, size);
  printf("bring: %zd of %zu\n", write(tun, packet, sizeof *ip + size), sizeof *ip + size);
}
static void show_packet(void) {
  unsigned char packet[2048];
  const ssize_t n = sent(packet, sizeof packet);
  if (n < 0) {
    printf("nothing is sent\n");
    return;
  }
  const struct iphdr *ip = (const struct iphdr *)packet;
  struct in_addr from = {ip->saddr}, to = {ip->daddr};
  printf("sent: %zd bytes, protocol %d, ", n, ip->protocol);
  printf("from %s ", inet_ntoa(from));
  printf("to %s, checksum %s", inet_ntoa(to), sum(packet, (size_t)ip->ihl * 4) == 0 ? "right" : "wrong");
  if (ip->protocol == 1) printf(", type %d code %d %s", packet[20], packet[21], sum(packet + 20, (size_t)n - 20) == 0 ? "right" : "wrong");
  printf("\n");
}

int main(void) {
  (void)!unshare(CLONE_NEWNET);
  setvbuf(stdout, NULL, _IOLBF, 0);
  any = socket(AF_INET, SOCK_DGRAM, 0);
  tun = open("/dev/net/tun", O_RDWR | O_NONBLOCK);
  struct ifreq probe = named("");
  probe.ifr_flags = IFF_TUN | IFF_NO_PI;
  const int first = open("/dev/net/tun", O_RDWR);
  if (first < 0 || ioctl(first, TUNSETIFF, &probe) != 0) {
    printf("no tunnels here: %s\n", name_of_error(errno));
    return 77;
  }
  close(first);
  SHOW(tun);
  char buffer[2048];
  // Linux has EBADFD here, which is an error of STREAMS.
  printf("%d\n", read(tun, buffer, sizeof buffer) < 0 && (errno == EBADFD || errno == EBADF));
  SHOW(ioctl(any, TUNSETIFF, &buffer));
  printf("%d\n", ioctl(tun, TUNGETIFF, &buffer) < 0 && (errno == EBADFD || errno == EBADF));
  SHOW(set_interface(tun, "lo", IFF_TUN | IFF_NO_PI));
  SHOW(set_interface(tun, "a/b", IFF_TUN | IFF_NO_PI));
  SHOW(set_interface(tun, "pa0", IFF_NO_PI));
  SHOW(set_interface(tun, "pa%d", IFF_TUN | IFF_NO_PI));
  SHOW(set_interface(tun, "pa1", IFF_TUN | IFF_NO_PI) < 0 ? (errno = EEXIST, -1) : 0);
  int second = open("/dev/net/tun", O_RDWR);
  SHOW(set_interface(second, "pa0", IFF_TUN | IFF_NO_PI));
  SHOW(set_interface(second, "pa0", IFF_TUN | IFF_NO_PI | IFF_TUN_EXCL));
  close(second);
  struct ifreq told = named("");
  SHOW(ioctl(tun, TUNGETIFF, &told));
  printf("%s %x\n", told.ifr_name, told.ifr_flags & (IFF_TUN | IFF_TAP | IFF_NO_PI | 0x800));
  unsigned features = 0;
  SHOW(ioctl(tun, TUNGETFEATURES, &features));
  printf("%x\n", features & (IFF_TUN | IFF_NO_PI));
  show_flags("pa0");
  SHOW(write(tun, "E", 1));
  SHOW(read(tun, buffer, sizeof buffer));
  // addresses by ioctl
  SHOW(address_request(SIOCSIFNETMASK, "pa0", "255.255.255.0"));
  SHOW(address_request(SIOCSIFADDR, "pa9", "10.91.0.1"));
  SHOW(address_request(SIOCSIFADDR, "pa0", "10.91.0.1"));
  show_addresses("pa0");
  SHOW(address_request(SIOCSIFNETMASK, "pa0", "255.0.255.0"));
  SHOW(address_request(SIOCSIFNETMASK, "pa0", "255.255.255.0"));
  SHOW(number_request(SIOCSIFMTU, "pa0", 1300));
  SHOW(number_request(SIOCSIFMTU, "pa0", 20));
  SHOW(number_request(SIOCSIFTXQLEN, "pa0", 100));
  show_file("/proc/net/route", "pa0");
  SHOW(set_flags("pa0", IFF_UP));
  show_flags("pa0");
  show_addresses("pa0");
  show_file("/proc/net/route", "pa0");
  // routes by ioctl
  SHOW(old_route(SIOCADDRT, "10.92.0.0", "255.255.0.0", NULL, "pa0"));
  SHOW(old_route(SIOCADDRT, "10.92.0.0", "255.255.0.0", NULL, "pa0"));
  SHOW(old_route(SIOCADDRT, "10.93.0.0", "255.255.0.0", "10.91.0.9", NULL));
  SHOW(old_route(SIOCADDRT, "10.93.0.1", "255.255.0.0", "10.91.0.9", NULL));
  SHOW(old_route(SIOCADDRT, "10.94.0.0", "255.255.0.0", NULL, "pa9"));
  show_file("/proc/net/route", "pa0");
  SHOW(old_route(SIOCDELRT, "10.93.0.0", "255.255.0.0", NULL, NULL));
  SHOW(old_route(SIOCDELRT, "10.93.0.0", "255.255.0.0", NULL, NULL));
  // by netlink
  SHOW(change_address(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, "pa0", "10.95.0.1", 16));
  SHOW(change_address(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, "pa0", "10.95.0.1", 16));
  SHOW(change_address(RTM_NEWADDR, NLM_F_CREATE, "pa0", "10.95.0.1", 33));
  show_addresses("pa0");
  SHOW(change_route(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, "10.96.0.0", 16, "pa0", NULL));
  SHOW(change_route(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, "10.96.0.0", 16, "pa0", NULL));
  SHOW(change_route(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, "10.96.0.0", 16, NULL, "10.95.0.2"));
  SHOW(change_route(RTM_NEWROUTE, NLM_F_CREATE, "10.97.0.1", 16, "pa0", NULL));
  show_file("/proc/net/route", "pa0");
  SHOW(change_route(RTM_DELROUTE, 0, "10.96.0.0", 16, NULL, NULL));
  SHOW(change_route(RTM_DELROUTE, 0, "10.96.0.0", 16, NULL, NULL));
  SHOW(change_address(RTM_DELADDR, 0, "pa0", "10.95.0.1", 16));
  SHOW(change_address(RTM_DELADDR, 0, "pa0", "10.95.0.1", 16));
  SHOW(change_link(RTM_NEWLINK, "pa0", 0, 1400));
  show_file("/proc/net/route", "pa0");
  SHOW(change_link(RTM_NEWLINK, "pa0", IFF_UP, 0));
  show_file("/proc/net/route", "pa0");
  // packets
  struct icmphdr echo = {.type = ICMP_ECHO, .un.echo = {.id = htons(1), .sequence = htons(2)}};
  echo.checksum = sum(&echo, sizeof echo);
  bring(1, &echo, sizeof echo);
  show_packet();
  echo.checksum = (unsigned short)(echo.checksum + 1);
  bring(1, &echo, sizeof echo);
  unsigned short datagram[4] = {htons(9), htons(4999), htons(8), 0};
  bring(17, datagram, sizeof datagram);
  show_packet();
  const int s = socket(AF_INET, SOCK_DGRAM, 0);
  struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons(53)}, name;
  socklen_t size = sizeof name;
  inet_aton("10.91.0.7", &peer.sin_addr);
  SHOW(connect(s, (struct sockaddr *)&peer, sizeof peer));
  getsockname(s, (struct sockaddr *)&name, &size);
  printf("from %s\n", inet_ntoa(name.sin_addr));
  SHOW(send(s, "hello", 5, 0));
  show_packet();
  datagram[0] = htons(53);
  datagram[1] = name.sin_port;
  const int e = epoll_create1(0);
  struct epoll_event event = {EPOLLIN | EPOLLET, {.u64 = 1}};
  epoll_ctl(e, EPOLL_CTL_ADD, s, &event);
  printf("%d ready\n", epoll_wait(e, &event, 1, 0));
  bring(17, datagram, sizeof datagram);
  printf("%d ready\n", epoll_wait(e, &event, 1, 1000));
  printf("received %zd\n", recv(s, buffer, sizeof buffer, 0));
  datagram[0] = htons(54);
  bring(17, datagram, sizeof datagram);
  show_packet();
  inet_aton("10.91.0.9", &peer.sin_addr);
  const int raw = socket(AF_INET, SOCK_RAW, IPPROTO_ICMP);
  SHOW(raw);
  SHOW(sendto(raw, &echo, sizeof echo, 0, (struct sockaddr *)&peer, sizeof peer));
  show_packet();
  SHOW(setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, "pa0", 4));
  SHOW(set_flags("pa0", 0));
  SHOW(send(s, "down", 4, 0) < 0 ? (errno = ENETUNREACH, -1) : 0);
  SHOW(ioctl(tun, TUNSETPERSIST, 1));
  close(tun);
  show_flags("pa0");
  SHOW(change_link(RTM_DELLINK, "pa0", 0, 0));
  show_flags("pa0");
  return 0;
}
