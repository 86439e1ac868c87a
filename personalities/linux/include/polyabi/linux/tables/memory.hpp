// Memory.
// Numbers of x86-64 and i386 (arch/x86/entry/syscalls), names as strace prints them.
#pragma once

#include <polyabi/core/syscall_table.hpp>
#include <polyabi/linux/handlers/memory.hpp>
#include <polyabi/linux/handlers/memory_files.hpp>
#include <polyabi/linux/handlers/memory_policies.hpp>

namespace polyabi::linux_abi {

namespace tables {

using namespace polyabi::arguments;

using memory_file_name = string<handlers::memfd_create::longest_name + 1, errc::inval>;
using older_kernel = refused<errc::nosys, "an older kernel">;
using administrator = refused<errc::perm, "only for the administrator">;

// clang-format off
using memory_calls = syscall_table<
    call<at{9}, "mmap", word(address, size, flags<map_protections>, mmap_flags, fd, arguments::offset), op::map>,
    call<at{absent, 90}, "mmap", word(pointer<mmap_arguments>), handlers::old_mmap>,
    call<at{absent, 192}, "mmap2", word(address, size, flags<map_protections>, mmap_flags, fd, page_offset), op::map>,
    call<at{11, 91}, "munmap", status(address, size), op::unmap>,
    call<at{10, 125}, "mprotect", status(address, size, flags<protect_protections>), op::protect>,
    call<at{25, 163}, "mremap", word(address, size, size, flags<remap_flags>, address), op::remap>,
    call<at{12, 45}, "brk", word(address), op::set_break>,
    call<at{28, 219}, "madvise", status(address, size, one_of<memory_advices>), op::advise>,
    call<at{26, 144}, "msync", status(address, size, flags<sync_flags>), op::sync_memory>,
    call<at{27, 218}, "mincore", status(address, size, address), op::memory_residency>,
    call<at{149, 150}, "mlock", status(address, size, given<lock_flag::none>), op::lock_memory>,
    call<at{325, 376}, "mlock2", status(address, size, flags<mlock_flags>), op::lock_memory>,
    call<at{150, 151}, "munlock", status(address, size), op::unlock_memory>,
    call<at{151, 152}, "mlockall", status(flags<mlockall_flags>), handlers::mlockall>,
    call<at{152, 153}, "munlockall", status(given<lock_flag::none>), op::lock_all_memory>,
    call<at{216, 257}, "remap_file_pages", status(address, size, ulong, size, ulong),
         handlers::remap_file_pages>,
    call<at{237, 274}, "mbind", status(address, size, ulong, address, ulong, uint_), handlers::mbind>,
    call<at{238, 276}, "set_mempolicy", status(int_, address, ulong), handlers::set_mempolicy>,
    call<at{239, 275}, "get_mempolicy", status(address, address, ulong, address, ulong), handlers::get_mempolicy>,
    call<at{256, 294}, "migrate_pages", count(pid, ulong, address, address), handlers::migrate_pages>,
    call<at{279, 317}, "move_pages", count(pid, ulong, address, address, address, int_), handlers::move_pages>,
    call<at{450, 450}, "set_mempolicy_home_node", status(address, size, ulong, ulong), handlers::set_mempolicy_home_node>,
    call<at{330, 381}, "pkey_alloc", count(uint_, ulong), handlers::pkey_alloc>,
    call<at{331, 382}, "pkey_free", status(int_), refused<errc::inval, "no protection keys">>,
    call<at{329, 380}, "pkey_mprotect", status(address, size, flags<protect_protections>, int_), handlers::pkey_mprotect>,
    call<at{319, 356}, "memfd_create", new_fd(memory_file_name, uint_), handlers::memfd_create>,
    call<at{447, 447}, "memfd_secret", new_fd(uint_), refused<errc::nosys, "a kernel without it">>,
    call<at{462, 462}, "mseal", status(address, size, ulong), handlers::mseal>,
    call<at{323, 374}, "userfaultfd", new_fd(int_), refused<errc::nosys, "a kernel without it">>,
    call<at{167, 87}, "swapon", status(path, int_), administrator>,
    call<at{168, 115}, "swapoff", status(path), administrator>>;
// clang-format on

} // namespace tables

} // namespace polyabi::linux_abi
