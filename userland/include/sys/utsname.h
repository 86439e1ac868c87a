/* uname(2). */
#ifndef _SYS_UTSNAME_H
#define _SYS_UTSNAME_H
struct utsname {
  char sysname[257], nodename[257], release[257], version[257], machine[257];
};
int uname(struct utsname *);
#endif
