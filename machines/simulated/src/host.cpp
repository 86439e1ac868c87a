// The host's files, through ordinary system calls. Readiness is polled: nothing in a test depends on it for long.
#include "state.hpp"

#include <polyabi/linux/space_changes.hpp>
#include <polyabi/linux_host/device_numbers.hpp>
#include <polyabi/linux_host/file_systems.hpp>
#include <polyabi/reference/machine_paths.hpp>
#include <polyabi/simulated/host_questions.hpp>

#include <atomic>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <linux/openat2.h>
#include <poll.h>
#include <string>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/vfs.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace polyabi::simulated {
namespace {
std::atomic<u64> questions;
}
u64 host_questions() {
  return questions;
}
} // namespace polyabi::simulated

namespace polyabi::reference::machine::host {

namespace {

/// A host call that is counted.
template <class Call>
auto asked(Call call) {
  ++simulated::questions;
  return call();
}

/// The kernel's number for the host's errno.
error native_error(int host_error) {
  switch (host_error) {
  case EPERM: return error::perm;
  case ENOENT: return error::noent;
  case EINTR: return error::intr;
  case EIO: return error::io;
  case ENXIO: return error::nxio;
  case EBADF: return error::badf;
  case EAGAIN: return error::again;
  case ENOMEM: return error::nomem;
  case EACCES: return error::acces;
  case EFAULT: return error::fault;
  case EBUSY: return error::busy;
  case EEXIST: return error::exist;
  case EXDEV: return error::xdev;
  case ENODEV: return error::nodev;
  case ENOTDIR: return error::notdir;
  case EISDIR: return error::isdir;
  case EINVAL: return error::inval;
  case ENFILE: return error::nfile;
  case EMFILE: return error::mfile;
  case ENOTTY: return error::notty;
  case ETXTBSY: return error::txtbsy;
  case EFBIG: return error::fbig;
  case ENOSPC: return error::nospc;
  case ESPIPE: return error::spipe;
  case EROFS: return error::rofs;
  case EMLINK: return error::mlink;
  case EPIPE: return error::pipe;
  case ELOOP: return error::loop;
  case ENAMETOOLONG: return error::nametoolong;
  case ENOTEMPTY: return error::notempty;
  case EOPNOTSUPP: return error::opnotsupp;
  case ENODATA: return error::nodata;
  case ERANGE: return error::range;
  case EOVERFLOW: return error::overflow;
  case ESTALE: return error::stale;
  case ENOSYS: return error::nosys;
  default: return error::io;
  }
}

i64 answer(i64 host_answer) {
  return host_answer >= 0 ? host_answer : -i64{static_cast<u16>(native_error(errno))};
}

int host_flags(u32 how) {
  int flags = O_CLOEXEC | O_NOCTTY;
  if ((how & open_how::path_only) != 0) return flags | O_PATH | ((how & open_how::follow) != 0 ? 0 : O_NOFOLLOW);
  flags |= (how & open_how::write) != 0 ? (how & open_how::read) != 0 ? O_RDWR : O_WRONLY : O_RDONLY;
  if ((how & open_how::append) != 0) flags |= O_APPEND;
  if ((how & open_how::create) != 0) flags |= O_CREAT;
  if ((how & open_how::exclusive) != 0) flags |= O_EXCL;
  if ((how & open_how::truncate) != 0) flags |= O_TRUNC;
  if ((how & open_how::directory) != 0) flags |= O_DIRECTORY;
  if ((how & open_how::nonblock) != 0) flags |= O_NONBLOCK;
  if ((how & open_how::sync) != 0) flags |= O_SYNC;
  if ((how & open_how::unnamed) != 0) flags |= O_TMPFILE;
  if ((how & open_how::follow) == 0) flags |= O_NOFOLLOW;
  return flags;
}

/// The name under which a path-only descriptor can be given to calls that do not take one.
struct descriptor_path {
  char text[32];
  explicit descriptor_path(i32 descriptor) { std::snprintf(text, sizeof text, "/proc/self/fd/%d", descriptor); }
};

i64 attributes_from(i32 directory, const char* name, int flags, stat& out) {
  struct ::statx s {};
  if (::statx(directory, name, flags, STATX_BASIC_STATS | STATX_BTIME, &s) != 0) return answer(-1);
  const auto time_of = [](const statx_timestamp& t) { return timespec{t.tv_sec, t.tv_nsec}; };
  out = {.dev = make_device(s.stx_dev_major, s.stx_dev_minor),
         .ino = s.stx_ino,
         .nlink = s.stx_nlink,
         .mode = s.stx_mode,
         .uid = s.stx_uid,
         .gid = s.stx_gid,
         .blksize = s.stx_blksize,
         .rdev = linux_host::node_of_host(s.stx_rdev_major, s.stx_rdev_minor),
         .atime = time_of(s.stx_atime),
         .mtime = time_of(s.stx_mtime),
         .ctime = time_of(s.stx_ctime),
         .birthtime = time_of(s.stx_btime),
         .size = static_cast<i64>(s.stx_size),
         .blocks = static_cast<i64>(s.stx_blocks)};
  return 0;
}

/// Whether the address is the calling guest's; otherwise it is the kernel's own memory.
bool is_users(u64 address) {
  return address < simulated::user_limit;
}

} // namespace

i32 root() {
  // Opened again when a test configures another one.
  static struct {
    std::string path;
    i32 descriptor = -1;
  } opened;
  const std::string& wanted = simulated::configuration().host_root;
  if (opened.path == wanted) return opened.descriptor;
  if (opened.descriptor >= 0) ::close(opened.descriptor);
  opened = {wanted, wanted.empty() ? -1 : ::open(wanted.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
  return opened.descriptor;
}

i32 standard(u32 which) {
  return which < 3 ? simulated::configuration().standard[which] : -1;
}
std::span<const i32> inherited() {
  return simulated::configuration().inherited;
}

i32 open(i32 directory, const char* name, u32 how, u32 mode) {
  return static_cast<i32>(answer(asked([&] { return ::openat(directory, name, host_flags(how), mode); })));
}
i32 reopen(i32 descriptor, u32 how) {
  return static_cast<i32>(
      answer(asked([&] { return ::open(descriptor_path{descriptor}.text, host_flags(how | open_how::follow)); })));
}
i32 duplicate(i32 descriptor) {
  return static_cast<i32>(answer(::fcntl(descriptor, F_DUPFD_CLOEXEC, 3)));
}
i64 exchange(i32 descriptor, i32 by) {
  const i64 done = answer(::dup3(by, descriptor, O_CLOEXEC));
  ::close(by);
  return done;
}
void close(i32 descriptor) {
  ::close(descriptor);
}

bool is_bytes(i32 descriptor) {
  return asked([&] {
    struct ::stat s;
    return ::fstat(descriptor, &s) == 0 && (S_ISREG(s.st_mode) || S_ISBLK(s.st_mode));
  });
}
i64 attributes_of(i32 descriptor, stat& out) {
  return asked([&] { return attributes_from(descriptor, "", AT_EMPTY_PATH, out); });
}
i64 attributes_of_but_birth(i32 descriptor, stat& out) {
  return attributes_of(descriptor, out);
}
i64 attributes_at(i32 directory, const char* name, stat& out) {
  return asked([&] { return attributes_from(directory, name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, out); });
}

bool is_top(i32) {
  return false; // a test's own directory
}
i64 attributes_along(i32 directory, std::string_view path, links, stat& out) {
  const i32 opened = open_along(directory, path, open_how::path_only);
  if (opened < 0) return opened;
  const i64 got = attributes_from(opened, "", AT_EMPTY_PATH, out); // one question, to another host
  close(opened);
  return got;
}
i64 attributes_along_but_birth(i32 directory, std::string_view path, links followed, stat& out) {
  return attributes_along(directory, path, followed, out);
}
i32 open_along(i32 directory, std::string_view path, u32 how) {
  struct ::open_how wanted {};
  wanted.flags = static_cast<u64>(host_flags(how));
  if ((how & open_how::path_only) != 0) wanted.flags &= ~u64{O_NOCTTY};
  wanted.resolve = RESOLVE_NO_SYMLINKS;
  return static_cast<i32>(answer(asked([&] { return ::syscall(SYS_openat2, directory, path.data(), &wanted, sizeof wanted); })));
}

i64 statistics(i32 descriptor, file_system& out) {
  struct ::statfs s {};
  if (::fstatfs(descriptor, &s) != 0) return answer(-1);
  out = {static_cast<u64>(s.f_type),
         static_cast<u64>(s.f_bsize),
         static_cast<u64>(s.f_frsize),
         s.f_blocks,
         s.f_bfree,
         s.f_bavail,
         s.f_files,
         s.f_ffree,
         static_cast<u64>(s.f_namelen),
         static_cast<u64>(s.f_flags),
         {static_cast<u64>(s.f_fsid.__val[0]), static_cast<u64>(s.f_fsid.__val[1])}};
  return 0;
}
bool keeps_bytes(i32 descriptor) {
  file_system of;
  return statistics(descriptor, of) >= 0 && linux_host::keeps_bytes(of.type);
}

i64 read(i32 descriptor, u64 address, usize size, i64 offset) {
  std::string buffer;
  void* to = reinterpret_cast<void*>(address);
  if (is_users(address)) {
    buffer.resize(size);
    to = buffer.data();
  }
  const i64 count = answer(offset == -1 ? ::read(descriptor, to, size) : ::pread(descriptor, to, size, offset));
  if (count > 0 && is_users(address) && !copy_out(address, to, static_cast<usize>(count)))
    return -i64{static_cast<u16>(error::fault)};
  return count;
}

namespace {

/// A user's bytes are copied before the host is given them.
template <class Write>
i64 write_bytes(u64 address, usize size, Write write) {
  std::string buffer;
  const void* from = reinterpret_cast<const void*>(address);
  if (is_users(address)) {
    buffer.resize(size);
    if (!copy_in(buffer.data(), address, size)) return -i64{static_cast<u16>(error::fault)};
    from = buffer.data();
  }
  return answer(write(from));
}

} // namespace

i64 write(i32 descriptor, u64 address, usize size, i64 offset) {
  return write_bytes(address, size, [&](const void* from) {
    return offset == -1 ? ::write(descriptor, from, size) : ::pwrite(descriptor, from, size, offset);
  });
}

i64 append(i32 descriptor, u64 address, usize size, bool moves) {
  return write_bytes(address, size, [&](const void* from) {
    const ::iovec part{const_cast<void*>(from), size};
    return ::pwritev2(descriptor, &part, 1, moves ? -1 : 0, RWF_APPEND);
  });
}

i64 seek(i32 descriptor, i64 offset, i32 origin) {
  constexpr int host_origins[]{SEEK_SET, SEEK_CUR, SEEK_END, SEEK_DATA, SEEK_HOLE};
  return answer(::lseek(descriptor, offset, host_origins[origin]));
}

i64 read_entries(i32 descriptor, void* buffer, usize size) {
  return answer(::syscall(SYS_getdents64, descriptor, buffer, size));
}
i64 read_link(i32 descriptor, char* to, usize size) {
  return answer(::readlinkat(descriptor, "", to, size));
}
i64 make_directory(i32 directory, const char* name, u32 mode) {
  return answer(::mkdirat(directory, name, mode));
}
i64 make_node(i32 directory, const char* name, u32 mode, u64 device) {
  return answer(::mknodat(directory, name, mode, linux_host::node_for_host(device)));
}
i64 make_link(i32 descriptor, i32 directory, const char* name) {
  return answer(::linkat(AT_FDCWD, descriptor_path{descriptor}.text, directory, name, AT_SYMLINK_FOLLOW));
}
i64 make_symbolic_link(const char* target, i32 directory, const char* name) {
  return answer(::symlinkat(target, directory, name));
}
i64 remove(i32 directory, const char* name, bool is_directory) {
  return answer(::unlinkat(directory, name, is_directory ? AT_REMOVEDIR : 0));
}
i64 rename(i32 directory, const char* name, i32 new_directory, const char* new_name, renaming how) {
  const unsigned flags = how == renaming::to_free ? RENAME_NOREPLACE : how == renaming::exchange ? RENAME_EXCHANGE : 0;
  return answer(::renameat2(directory, name, new_directory, new_name, flags));
}
i64 change_mode(i32 descriptor, u32 mode) {
  return answer(::chmod(descriptor_path{descriptor}.text, mode));
}
i64 change_owner(i32 descriptor, u32 user, u32 group) {
  return answer(::fchownat(descriptor, "", user, group, AT_EMPTY_PATH));
}

i64 change_times(i32 descriptor, i64 access_seconds, u32 access_nanoseconds, i64 modify_seconds, u32 modify_nanoseconds) {
  const auto host_time = [](i64 seconds, u32 nanoseconds) {
    const long host_nanoseconds = nanoseconds == time_now    ? UTIME_NOW
                                  : nanoseconds == time_omit ? UTIME_OMIT
                                                             : long{nanoseconds};
    return ::timespec{seconds, host_nanoseconds};
  };
  const ::timespec times[]{host_time(access_seconds, access_nanoseconds), host_time(modify_seconds, modify_nanoseconds)};
  return answer(::utimensat(AT_FDCWD, descriptor_path{descriptor}.text, times, 0));
}

i64 truncate(i32 descriptor, u64 size) {
  return answer(::ftruncate(descriptor, static_cast<off_t>(size)));
}
i64 change_space(i32 descriptor, space_change what, i64 offset, i64 size) {
  return answer(::fallocate(descriptor, linux_abi::space_changes::mode_of(what), offset, size));
}
i64 sync(i32 descriptor) {
  return answer(::fsync(descriptor));
}
i64 get_attribute(i32 descriptor, const char* name, void* to, usize size) {
  return answer(::getxattr(descriptor_path{descriptor}.text, name, to, size));
}
i64 get_attribute_at(i32 directory, const char* file, const char* name, void* to, usize size) {
  const std::string path = std::string{descriptor_path{directory}.text} + "/" + file;
  return answer(::lgetxattr(path.c_str(), name, to, size));
}
i64 set_attribute(i32 descriptor, const char* name, const void* value, usize size, attribute_rule rule) {
  const int flags = rule == attribute_rule::is_absent ? XATTR_CREATE : rule == attribute_rule::is_present ? XATTR_REPLACE : 0;
  return answer(::setxattr(descriptor_path{descriptor}.text, name, value, size, flags));
}
i64 list_attributes(i32 descriptor, char* to, usize size) {
  return answer(::listxattr(descriptor_path{descriptor}.text, to, size));
}
i64 remove_attribute(i32 descriptor, const char* name) {
  return answer(::removexattr(descriptor_path{descriptor}.text, name));
}

u32 readiness(i32 descriptor) {
  ::pollfd p{descriptor, POLLIN | POLLPRI | POLLOUT | POLLRDHUP, 0};
  if (::poll(&p, 1, 0) < 0) return 4;
  return simulated::readiness_bits(static_cast<u32>(p.revents));
}

i64 bytes_readable(i32 descriptor) {
  int count = 0;
  return ::ioctl(descriptor, FIONREAD, &count) != 0 ? answer(-1) : count;
}

bool is_terminal(i32 descriptor) {
  return ::isatty(descriptor) == 1;
}

void identity(u32& user, u32& group) {
  user = ::geteuid();
  group = ::getegid();
}
std::span<const u32> groups() {
  return {};
}
std::string_view host_name() {
  return "simulated";
}
void status(memory_status& out) {
  out = {u64{1} << 30, u64{1} << 29, u64{1} << 29, 0, 0, 0, 0, {0, 0, 0}, 1};
}

} // namespace polyabi::reference::machine::host
