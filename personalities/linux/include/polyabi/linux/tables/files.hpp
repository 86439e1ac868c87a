// Opening, reading, writing, descriptors.
// Numbers of x86-64 and i386 (arch/x86/entry/syscalls), names as strace prints them.
#pragma once

#include <polyabi/core/syscall_table.hpp>
#include <polyabi/linux/handlers/control.hpp>
#include <polyabi/linux/handlers/directories.hpp>
#include <polyabi/linux/handlers/files.hpp>
#include <polyabi/linux/handlers/splicing.hpp>
#include <polyabi/linux/ioctls.hpp>

namespace polyabi::linux_abi {

namespace tables {

using namespace polyabi::arguments;

using no_asynchronous_io = refused<errc::nosys, "a kernel without asynchronous I/O">;
using no_io_uring = refused<errc::nosys, "a kernel without io_uring">;

// clang-format off
using file_calls = syscall_table<
    call<at{0, 3}, "read", count(fd, buffer_out), op::read>,
    call<at{1, 4}, "write", count(fd, buffer_in), op::write>,
    call<at{2, 5}, "open", new_fd(here, path, flags<open_flags>, file_mode), op::open>,
    call<at{257, 295}, "openat", new_fd(directory, path, flags<open_flags>, file_mode), op::open>,
    call<at{437, 437}, "openat2", new_fd(directory, path, pointer<open_how>, size), handlers::openat2>,
    call<at{85, 8}, "creat", new_fd(path, file_mode), handlers::creat>,
    call<at{3, 6}, "close", status(fd), op::close>,
    call<at{436, 436}, "close_range", status(uint_, uint_, uint_), handlers::close_range>,
    call<at{8, 19}, "lseek", count(fd, arguments::offset, one_of<seek_origins>), op::seek>,
    call<at{absent, 140}, "_llseek", status(fd, ulong, ulong, address_of<i64>, one_of<seek_origins>), handlers::llseek>,
    call<at{17, 180}, "pread64", count(fd, buffer_out, offset64), op::pread>,
    call<at{18, 181}, "pwrite64", count(fd, buffer_in, offset64), op::pwrite>,
    call<at{19, 145}, "readv", count(fd, vector_out), op::read>,
    call<at{20, 146}, "writev", count(fd, vector_in), op::write>,
    call<at{295, 333}, "preadv", count(fd, vector_out, offset_halves), op::pread>,
    call<at{296, 334}, "pwritev", count(fd, vector_in, offset_halves), op::pwrite>,
    call<at{327, 378}, "preadv2", count(fd, vector_out, offset_halves, int_), handlers::preadv2>,
    call<at{328, 379}, "pwritev2", count(fd, vector_in, offset_halves, int_), handlers::pwritev2>,
    call<at{32, 41}, "dup", new_fd(fd, constant<i32{0}>, constant<u32{0}>), op::dup>,
    call<at{33, 63}, "dup2", new_fd(fd, fd, constant<u32{0}>), op::dup_to>,
    call<at{292, 330}, "dup3", new_fd(fd, fd, flags<dup_flags>), handlers::dup3>,
    call<at{22, 42}, "pipe", status_pair(store_pair, constant<u32{0}>), op::pipe>,
    call<at{293, 331}, "pipe2", status_pair(store_pair, flags<pipe_flags>), op::pipe>,
    call<at{72}, "fcntl", fcntl_result(fd, int_, command_argument), handlers::fcntl>,
    call<at{absent, 55}, "fcntl", fcntl_result(fd, int_, command_argument), handlers::fcntl>,
    call<at{absent, 221}, "fcntl64", fcntl_result(fd, int_, command_argument), handlers::fcntl64>,
    call<at{16, 54}, "ioctl", count(fd, ioctl_request, address), ioctl_of<ioctls>>,
    call<at{73, 143}, "flock", status(fd, int_), handlers::flock>,
    call<at{77, 93}, "ftruncate", status(fd, arguments::offset), op::ftruncate>,
    call<at{absent, 194}, "ftruncate64", status(fd, offset64), op::ftruncate>,
    call<at{285, 324}, "fallocate", status(fd, int_, offset64, offset64), handlers::fallocate>,
    call<at{221, 250}, "fadvise64", status(fd, offset64, size, int_), handlers::fadvise>,
    call<at{absent, 272}, "fadvise64_64", status(fd, offset64, offset64, int_), handlers::fadvise>,
    call<at{187, 225}, "readahead", status(fd, offset64, size), handlers::readahead>,
    call<at{162, 36}, "sync", status(), op::sync>,
    call<at{306, 344}, "syncfs", status(fd), handlers::syncfs>,
    call<at{74, 118}, "fsync", status(fd), op::fsync>,
    call<at{75, 148}, "fdatasync", status(fd), op::fsync>,
    call<at{277, 314}, "sync_file_range", status(fd, offset64, offset64, uint_), handlers::sync_file_range>,
    call<at{40, 187}, "sendfile", count(fd, fd, address_of<i64>, size), handlers::sendfile<false>>,
    call<at{absent, 239}, "sendfile64", count(fd, fd, address_of<i64>, size), handlers::sendfile<true>>,
    call<at{326, 377}, "copy_file_range", count(fd, address_of<i64>, fd, address_of<i64>, size, uint_), handlers::copy_file_range>,
    call<at{275, 313}, "splice", count(fd, address_of<i64>, fd, address_of<i64>, size, uint_), handlers::splice>,
    call<at{276, 315}, "tee", count(fd, fd, size, uint_), handlers::tee>,
    call<at{278, 316}, "vmsplice", count(fd, vector_in, uint_), handlers::vmsplice>,
    call<at{78, 141}, "getdents", count(fd, records_out), handlers::getdents>,
    call<at{217, 220}, "getdents64", count(fd, records_out), handlers::getdents64>,
    call<at{absent, 89}, "readdir", count(fd, address, uint_), handlers::old_readdir>,
    call<at{206, 245}, "io_setup", status(uint_, address), no_asynchronous_io>,
    call<at{207, 246}, "io_destroy", status(ulong), no_asynchronous_io>,
    call<at{209, 248}, "io_submit", count(ulong, slong, address), no_asynchronous_io>,
    call<at{210, 249}, "io_cancel", status(ulong, address, address), no_asynchronous_io>,
    call<at{208, 247}, "io_getevents", count(ulong, slong, slong, address, in_or_null<timespec>), no_asynchronous_io>,
    call<at{333, 385}, "io_pgetevents", count(ulong, slong, slong, address, in_or_null<timespec>, address),
         no_asynchronous_io>,
    call<at{absent, 416}, "io_pgetevents_time64", count(ulong, slong, slong, address, in_or_null<timespec64>, address),
         no_asynchronous_io>,
    call<at{425, 425}, "io_uring_setup", new_fd(uint_, address), no_io_uring>,
    call<at{426, 426}, "io_uring_enter", count(fd, uint_, uint_, uint_, address, size), no_io_uring>,
    call<at{427, 427}, "io_uring_register", count(fd, uint_, address, uint_), no_io_uring>,
    call<at{451, 451}, "cachestat", status(fd, address, address, uint_),
         refused<errc::nosys, "a kernel without it: programs do without">>,
    call<at{212, 253}, "lookup_dcookie", count(number<u64>, bytes_out),
         refused<errc::perm, "only for the administrator's profiler">>>;
// clang-format on

} // namespace tables

} // namespace polyabi::linux_abi
