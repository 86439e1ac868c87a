/* <sys/stat.h> of System V Release 4, of which its calls xstat, fxstat and lxstat fill version 2. */
#ifndef _SYS_STAT_H
#define _SYS_STAT_H
#include <_ansi.h>
#include <sys/types.h>
#include <time.h>

struct stat {
  unsigned int st_dev, st_pad1[3], st_ino, st_mode, st_nlink, st_uid, st_gid, st_rdev, st_pad2[2];
  int st_size, st_pad3;
  int st_atime, st_atime_nsec, st_mtime, st_mtime_nsec, st_ctime, st_ctime_nsec;
  int st_blksize, st_blocks;
  char st_fstype[16];
  int st_pad4[8];
};

#define S_IFMT 0xf000
#define S_IFIFO 0x1000
#define S_IFCHR 0x2000
#define S_IFDIR 0x4000
#define S_IFBLK 0x6000
#define S_IFREG 0x8000
#define S_IFLNK 0xa000
#define S_IFSOCK 0xc000
#define S_ISUID 04000
#define S_ISGID 02000
#define S_ISVTX 01000
#define S_IRWXU 0700
#define S_IRUSR 0400
#define S_IWUSR 0200
#define S_IXUSR 0100
#define S_IRWXG 0070
#define S_IRGRP 0040
#define S_IWGRP 0020
#define S_IXGRP 0010
#define S_IRWXO 0007
#define S_IROTH 0004
#define S_IWOTH 0002
#define S_IXOTH 0001
#define S_ISFIFO(m) (((m) & S_IFMT) == S_IFIFO)
#define S_ISCHR(m) (((m) & S_IFMT) == S_IFCHR)
#define S_ISDIR(m) (((m) & S_IFMT) == S_IFDIR)
#define S_ISBLK(m) (((m) & S_IFMT) == S_IFBLK)
#define S_ISREG(m) (((m) & S_IFMT) == S_IFREG)
#define S_ISLNK(m) (((m) & S_IFMT) == S_IFLNK)
#define S_ISSOCK(m) (((m) & S_IFMT) == S_IFSOCK)

int stat(const char *, struct stat *), lstat(const char *, struct stat *), fstat(int, struct stat *);
int chmod(const char *, mode_t), fchmod(int, mode_t), mkdir(const char *, mode_t), mkfifo(const char *, mode_t);
int mknod(const char *, mode_t, dev_t);
mode_t umask(mode_t);
#endif
