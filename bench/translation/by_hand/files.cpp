// Files, by hand.
#include "calls.hpp"

namespace bench::by_hand {

long getpid(thread& t, registers&) {
  auto answer = process_id(t);
  if (!answer) return -linux_errno(answer.error());
  return *answer;
}

long close(thread& t, registers& r) {
  auto answer = bench::close(t, static_cast<i32>(r.rdi));
  if (!answer) return -linux_errno(answer.error());
  return 0;
}

long fchdir(thread& t, registers& r) {
  auto answer = bench::fail(t, static_cast<i32>(r.rdi));
  if (!answer) return -linux_errno(answer.error());
  return 0;
}

long open(thread& t, registers& r) {
  char path[4096];
  const i64 length = copy_in_string(path, r.rdi, sizeof path);
  if (length < 0) return length == -1 ? -14 : -36;
  namespace f = reference::open_flags;
  const u32 flags = static_cast<u32>(r.rsi);
  u32 native = 0;
  switch (flags & 3) {
  case 0: native = f::rdonly; break;
  case 1: native = f::wronly; break;
  case 2: native = f::rdwr; break;
  case 3: native = f::neither; break;
  }
  if (flags & 0x40) native |= f::creat;
  if (flags & 0x80) native |= f::excl;
  if (flags & 0x100) native |= f::noctty;
  if (flags & 0x200) native |= f::trunc;
  if (flags & 0x400) native |= f::append;
  if (flags & 0x800) native |= f::nonblock;
  if (flags & 0x1000) native |= f::dsync;
  if (flags & 0x2000) native |= f::async;
  if (flags & 0x4000) native |= f::direct;
  if (flags & 0x8000) native |= f::largefile;
  if (flags & 0x10000) native |= f::directory;
  if (flags & 0x20000) native |= f::nofollow;
  if (flags & 0x40000) native |= f::noatime;
  if (flags & 0x80000) native |= f::cloexec;
  if ((flags & 0x101000) == 0x101000) native |= f::sync;
  if (flags & 0x200000) native |= f::path;
  if ((flags & 0x410000) == 0x410000) native |= f::tmpfile;
  auto answer =
      bench::open(t, reference::at::current_directory, {path, static_cast<usize>(length)}, native, static_cast<u32>(r.rdx));
  if (!answer) return -linux_errno(answer.error());
  return polyabi::detail::derived_entry::commit(*answer);
}

struct linux_stat {
  u64 st_dev, st_ino, st_nlink;
  u32 st_mode, st_uid, st_gid, pad0;
  u64 st_rdev;
  i64 st_size, st_blksize, st_blocks;
  u64 atime, atime_nsec, mtime, mtime_nsec, ctime, ctime_nsec;
  i64 unused[3];
};
static_assert(sizeof(linux_stat) == 144);

u64 encode_device(u64 native) {
  const u64 major = native >> 32, minor = native & 0xffffffff;
  return (minor & 0xff) | (major & 0xfff) << 8 | (minor & ~u64{0xff}) << 12 | (major & ~u64{0xfff}) << 32;
}

long fstat(thread& t, registers& r) {
  reference::stat native{};
  auto answer = file_status(t, static_cast<i32>(r.rdi), native);
  if (!answer) return -linux_errno(answer.error());
  if (native.atime.nsec < 0 || native.mtime.nsec < 0 || native.ctime.nsec < 0) return -75; // what does not fit is EOVERFLOW
  linux_stat s;
  std::memset(&s, 0, sizeof s);
  s.st_dev = encode_device(native.dev);
  s.st_ino = native.ino;
  s.st_nlink = native.nlink;
  s.st_mode = native.mode;
  s.st_uid = native.uid;
  s.st_gid = native.gid;
  s.st_rdev = encode_device(native.rdev);
  s.st_size = native.size;
  s.st_blksize = native.blksize;
  s.st_blocks = native.blocks;
  s.atime = static_cast<u64>(native.atime.sec);
  s.atime_nsec = static_cast<u64>(native.atime.nsec);
  s.mtime = static_cast<u64>(native.mtime.sec);
  s.mtime_nsec = static_cast<u64>(native.mtime.nsec);
  s.ctime = static_cast<u64>(native.ctime.sec);
  s.ctime_nsec = static_cast<u64>(native.ctime.nsec);
  return copy_out(r.rsi, &s, sizeof s) ? 0 : -14;
}

// --- statx
namespace {

struct linux_statx_time {
  i64 sec;
  u32 nsec;
  i32 reserved;
};
struct linux_statx {
  u32 mask, blksize;
  u64 attributes;
  u32 nlink, uid, gid;
  u16 mode, spare0;
  u64 ino, size, blocks, attributes_mask;
  linux_statx_time atime, btime, ctime, mtime;
  u32 rdev_major, rdev_minor, dev_major, dev_minor;
  u64 mnt_id;
  u32 dio_mem_align, dio_offset_align;
  u64 spare3[12];
};
static_assert(sizeof(linux_statx) == 256);

linux_statx_time time_of(const reference::timespec& t) {
  return {t.sec, static_cast<u32>(t.nsec), 0};
}

} // namespace

long statx(thread& t, registers& r) {
  namespace at = reference::at;
  char path[4096];
  const i64 length = copy_in_string(path, r.rsi, sizeof path);
  if (length < 0) return length == -1 ? -14 : -36;
  const u32 flags = static_cast<u32>(r.rdx);
  if (flags & ~0x7900u) return -22;
  u32 native_flags = 0;
  if (flags & 0x100) native_flags |= at::symlink_nofollow;
  if (flags & 0x800) native_flags |= at::no_automount;
  if (flags & 0x1000) native_flags |= at::empty_path;
  const i32 directory = static_cast<i32>(r.rdi);
  if (static_cast<u32>(r.r10) & 0x80000000) return -22;
  reference::stat native{};
  auto answer = path_status(t, directory == -100 ? at::current_directory : directory, {path, static_cast<usize>(length)},
                            native_flags, native);
  if (!answer) return -linux_errno(answer.error());
  linux_statx s;
  std::memset(&s, 0, sizeof s);
  s.mask = 0xfff;
  s.blksize = native.blksize;
  s.nlink = static_cast<u32>(native.nlink);
  s.uid = native.uid;
  s.gid = native.gid;
  s.mode = static_cast<u16>(native.mode);
  s.ino = native.ino;
  s.size = static_cast<u64>(native.size);
  s.blocks = static_cast<u64>(native.blocks);
  s.atime = time_of(native.atime);
  s.btime = time_of(native.birthtime);
  s.ctime = time_of(native.ctime);
  s.mtime = time_of(native.mtime);
  s.rdev_major = static_cast<u32>(native.rdev >> 32);
  s.rdev_minor = static_cast<u32>(native.rdev);
  s.dev_major = static_cast<u32>(native.dev >> 32);
  s.dev_minor = static_cast<u32>(native.dev);
  return copy_out(r.r8, &s, sizeof s) ? 0 : -14;
}

// --- readv
long readv(thread& t, registers& r) {
  const i32 count = static_cast<i32>(r.rdx);
  if (count < 0 || count > 1024) return -22;
  union room { // what is not used is not written
    room() {}
    user_bytes parts[1024];
  } all;
  user_bytes* const parts = all.parts;
  u64 total = 0;
  for (i32 i = 0; i < count; ++i) {
    u64 pair[2];
    if (!copy_in(pair, r.rsi + static_cast<u64>(i) * sizeof pair, sizeof pair)) return -14;
    if (pair[1] > 0x7fffffffffffffff - total) return -22;
    total += pair[1];
    parts[i] = {pair[0], pair[1]};
  }
  auto answer = read(t, static_cast<i32>(r.rdi), {parts, static_cast<usize>(count)});
  if (!answer) return -linux_errno(answer.error());
  return *answer;
}

} // namespace bench::by_hand
