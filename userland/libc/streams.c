/* <stropts.h>'s functions beside the system calls. */
#include <fcntl.h>
#include <stropts.h>

int isastream(int fd) { return fcntl(fd, F_ISSTREAM, 0); }
int fattach(int fd, const char *path) { return mount(NULL, path, MS_DATA, "namefs", &fd, sizeof fd); }
int fdetach(const char *path) { return umount(path); }
