// Numbers that no kernel of today answers, and calls of other times.
// Numbers of x86-64 and i386 (arch/x86/entry/syscalls), names as strace prints them.
#pragma once

#include <polyabi/core/syscall_table.hpp>

namespace polyabi::linux_abi {

namespace tables {

using namespace polyabi::arguments;

using no_vm86 = refused<errc::nosys, "no virtual 8086 mode">;
using removed_from_2_6 = refused<errc::nosys, "removed from Linux 2.6">;
using reserved_for_streams = refused<errc::nosys, "a number reserved for STREAMS">;
using reserved_number = refused<errc::nosys, "a reserved number">;

// clang-format off
using obsolete_calls = syscall_table<
    call<at{134, 86}, "uselib", status(path), refused<errc::nosys, "no a.out libraries">>,
    call<at{absent, 134}, "bdflush", status(int_, slong), refused<errc::nosys, "removed from Linux 5.16">>,
    call<at{absent, 166}, "vm86", count(ulong, address), no_vm86>,
    call<at{absent, 113}, "vm86old", count(address), no_vm86>,
    call<at{156, 149}, "_sysctl", status(address), refused<errc::nosys, "removed from Linux 5.5: programs read /proc/sys">>,
    call<at{174, 127}, "create_module", word(address, size), removed_from_2_6>,
    call<at{177, 130}, "get_kernel_syms", count(address), removed_from_2_6>,
    call<at{178, 167}, "query_module", status(address, int_, address, size, address), removed_from_2_6>,
    call<at{180, 169}, "nfsservctl", count(int_, address, address), refused<errc::nosys, "removed from Linux 3.1">>,
    call<at{181, 188}, "getpmsg", count(fd, address, address, address, address), reserved_for_streams>,
    call<at{182, 189}, "putpmsg", count(fd, address, address, int_, int_), reserved_for_streams>,
    call<at{183, 137}, "afs_syscall", count(slong, slong, slong, slong, slong),
         refused<errc::nosys, "a number reserved for AFS">>,
    call<at{184}, "tuxcall", count(slong, slong, slong), reserved_number>,
    call<at{185}, "security", count(slong, slong, slong), reserved_number>,
    call<at{236, 273}, "vserver", count(slong, slong, slong), reserved_number>,
    call<at{absent, 17}, "break", status(), reserved_number>,
    call<at{absent, 35}, "ftime", status(address), reserved_number>,
    call<at{absent, 32}, "gtty", status(fd, address), reserved_number>,
    call<at{absent, 31}, "stty", status(fd, address), reserved_number>,
    call<at{absent, 112}, "idle", status(), reserved_number>,
    call<at{absent, 53}, "lock", status(), reserved_number>,
    call<at{absent, 56}, "mpx", status(), reserved_number>,
    call<at{absent, 44}, "prof", status(), reserved_number>,
    call<at{absent, 98}, "profil", status(address, size, ulong, uint_), reserved_number>,
    call<at{absent, 58}, "ulimit", count(int_, slong), reserved_number>,
    call<at{219, 0}, "restart_syscall", status(), refused<errc::intr, "calls are restarted at their own instruction">>>;
// clang-format on

} // namespace tables

} // namespace polyabi::linux_abi
