/* sigset_t of System V Release 4. */
#ifndef _SYS__SIGSET_H_
#define _SYS__SIGSET_H_
typedef struct {
  unsigned int __bits[4];
} __sigset_t;
#endif
