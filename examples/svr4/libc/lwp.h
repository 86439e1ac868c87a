/* What the examples need of sys/lwp.h and sys/synch.h. Calls answer the error number, or 0. */
#ifndef POLYABI_EXAMPLES_LWP_H
#define POLYABI_EXAMPLES_LWP_H

#include "svr4.h"

enum { ETIME = 62, ENOTSUP = 48 };
enum { LWP_DAEMON = 0x20, LWP_DETACHED = 0x40, LWP_SUSPENDED = 0x80, NO_SUCH_FLAG = 0x1000 };
enum { SETPRIVATE, GETPRIVATE };
enum { FSBASE, GSBASE };
enum { PARK, UNPARK, UNPARK_ALL, UNPARK_CANCEL, SET_PARK };
enum { READ_LOCK, WRITE_LOCK, TRY_READ_LOCK, TRY_WRITE_LOCK, RW_UNLOCK };
enum { USYNC_THREAD, USYNC_PROCESS, USYNC_PROCESS_ROBUST = 8 };
enum { SI_LWP = -1 };

typedef struct { ushort flag1; uchar flag2, ceiling; ushort type, magic; volatile uchar lock[8]; uint data[2]; } lwp_mutex_t;
typedef struct { volatile uchar flag[4]; ushort type, magic; uint data[2]; } lwp_cond_t;
typedef struct { volatile uint count; ushort type, magic; volatile uchar flags[8]; uint data[2]; } lwp_sema_t;
typedef struct { volatile int readers; ushort type, magic; lwp_mutex_t mutex; lwp_cond_t readercv, writercv; } lwp_rwlock_t;

int lwp_create(const ucontext_t *, uint, int *), lwp_exit(void), lwp_wait(int, int *), lwp_detach(int);
int lwp_suspend(int), lwp_continue(int), lwp_kill(int, int), lwp_self(void), lwp_private(int, int, void *), lwp_info(struct timespec *);
int lwp_mutex_lock(lwp_mutex_t *), lwp_mutex_trylock(lwp_mutex_t *), lwp_mutex_timedlock(lwp_mutex_t *, struct timespec *);
int lwp_mutex_unlock(lwp_mutex_t *), lwp_mutex_wakeup(lwp_mutex_t *, int), lwp_mutex_init(lwp_mutex_t *, int);
int lwp_cond_wait(lwp_cond_t *, lwp_mutex_t *, struct timespec *, int), lwp_cond_signal(lwp_cond_t *), lwp_cond_broadcast(lwp_cond_t *);
int lwp_sema_wait(lwp_sema_t *), lwp_sema_trywait(lwp_sema_t *), lwp_sema_timedwait(lwp_sema_t *, struct timespec *, int);
int lwp_sema_post(lwp_sema_t *), lwp_rwlock_sys(int, lwp_rwlock_t *, struct timespec *), lwp_park(int, void *, int), schedctl(void);

#endif
