// The system as a whole, and its security modules.
// Numbers of x86-64 and i386 (arch/x86/entry/syscalls), names as strace prints them.
#pragma once

#include <polyabi/core/syscall_table.hpp>
#include <polyabi/linux/handlers/seccomp.hpp>
#include <polyabi/linux/handlers/system.hpp>
#include <polyabi/linux/structures/processes.hpp>

namespace polyabi::linux_abi {

namespace tables {

using namespace polyabi::arguments;

using administrator = refused<errc::perm, "only for the administrator">;
using no_landlock = refused<errc::opnotsupp, "Landlock is not enabled">;
using no_security_modules = refused<errc::nosys, "a kernel without security modules">;
using no_keys = refused<errc::nosys, "a kernel without key management">;

// clang-format off
using system_calls = syscall_table<
    call<at{63, 122}, "uname", status(address_of<utsname>), handlers::uname>,
    call<at{absent, 109}, "olduname", status(address), handlers::olduname>,
    call<at{absent, 59}, "oldolduname", status(address), handlers::oldolduname>,
    call<at{99, 116}, "sysinfo", status(out<sysinfo>), op::system_status>,
    call<at{318, 355}, "getrandom", count(cut_bytes_out, uint_), handlers::getrandom>,
    call<at{170, 74}, "sethostname", status(bytes_in), handlers::sethostname>,
    call<at{171, 121}, "setdomainname", status(bytes_in), administrator>,
    call<at{103, 103}, "syslog", count(int_, bytes_out), administrator>,
    call<at{169, 88}, "reboot", status(uint_, uint_, uint_, address), administrator>,
    call<at{153, 111}, "vhangup", status(), administrator>,
    call<at{139, 135}, "sysfs", count(int_, ulong, ulong),
         refused<errc::nosys, "a kernel without it: programs read /proc/filesystems">>,
    call<at{175, 128}, "init_module", status(address, size, address), administrator>,
    call<at{313, 350}, "finit_module", status(fd, address, int_), administrator>,
    call<at{176, 129}, "delete_module", status(address, uint_), administrator>,
    call<at{246, 283}, "kexec_load", status(address, ulong, address, ulong), administrator>,
    call<at{320}, "kexec_file_load", status(fd, fd, ulong, address, ulong), administrator>,
    call<at{298, 336}, "perf_event_open", new_fd(address, pid, int_, fd, ulong),
         refused<errc::nosys, "a kernel without performance events">>,
    call<at{321, 357}, "bpf", count(int_, address, uint_), administrator>,
    call<at{317, 354}, "seccomp", count(uint_, uint_, address), handlers::seccomp>,
    call<at{444, 444}, "landlock_create_ruleset", new_fd(address, size, uint_), no_landlock>,
    call<at{445, 445}, "landlock_add_rule", status(fd, int_, address, uint_), no_landlock>,
    call<at{446, 446}, "landlock_restrict_self", status(fd, uint_), no_landlock>,
    call<at{459, 459}, "lsm_get_self_attr", count(uint_, address, address, uint_), no_security_modules>,
    call<at{460, 460}, "lsm_set_self_attr", status(uint_, address, uint_, uint_), no_security_modules>,
    call<at{461, 461}, "lsm_list_modules", count(address, address, uint_), no_security_modules>,
    call<at{248, 286}, "add_key", count(address, address, bytes_in, int_), no_keys>,
    call<at{249, 287}, "request_key", count(address, address, address, int_), no_keys>,
    call<at{250, 288}, "keyctl", count(int_, ulong, ulong, ulong, ulong), no_keys>>;
// clang-format on

} // namespace tables

} // namespace polyabi::linux_abi
