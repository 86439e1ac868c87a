// The host's files, by raw host calls. Every name is one component below a descriptor, so that no path leaves the mounts.
#include "state.hpp"
#include "waiting.hpp"

#include <polyabi/linux/fcntl_commands.hpp>
#include <polyabi/linux/space_changes.hpp>
#include <polyabi/linux/structures/stat.hpp>
#include <polyabi/linux_host/device_numbers.hpp>
#include <polyabi/linux_host/file_systems.hpp>
#include <polyabi/reference/machine_paths.hpp>
#include <polyabi/reference/machine_waiting.hpp>

#include <cstring>

namespace polyabi::reference::machine::host {

using namespace hosted;

namespace {

i64 negative(error e) {
  return -static_cast<i64>(e);
}
i64 answer(i64 result) {
  return result < 0 && result >= -4095 ? -i64{error_of_host(result)} : result;
}

/// A name that could lead anywhere else than into its directory.
bool escapes(const char* name) {
  if (name[0] == 0 || (name[0] == '.' && name[1] == '.' && name[2] == 0)) return true;
  for (; *name != 0; ++name)
    if (*name == '/') return true;
  return false;
}

/// Whether one of a path's names is "..".
bool has_name_of_dots(std::string_view path) {
  for (usize at = 0; at < path.size();) {
    const std::string_view rest = path.substr(at), name = rest.substr(0, rest.find('/'));
    if (name == "..") return true;
    at += name.size() + 1;
  }
  return false;
}

/// The highest bit of each byte that is a dot, and perhaps of one that follows a dot.
u64 dots_of(u64 word) {
  constexpr u64 ones = 0x0101'0101'0101'0101, highest_bits = ones << 7;
  const u64 other = word ^ ones * '.';
  return (other - ones) & ~other & highest_bits;
}

/// A path that could lead out of the directory it begins in, unless by a link.
bool climbs(i32 directory, std::string_view path) {
  if (path.empty() || (path[0] == '/') != (directory == top)) return true;
  // In most paths there are no two dots, which is seen word by word; the last one overlaps the one before.
  if (path.size() < sizeof(u64)) return has_name_of_dots(path);
  const auto dots_at = [&](usize at) {
    u64 word;
    std::memcpy(&word, path.data() + at, sizeof word);
    return dots_of(word);
  };
  const usize last = path.size() - sizeof(u64);
  u64 dots = dots_at(last), pairs = dots & dots << 8, before = 0;
  for (usize at = 0; at < last; at += sizeof(u64)) {
    dots = dots_at(at);
    pairs |= dots & (dots << 8 | before);
    before = dots >> 56;
  }
  return pairs != 0 && has_name_of_dots(path);
}

/// "/proc/self/fd/N": the way to name an open descriptor where a call has no form for descriptors opened with O_PATH.
struct descriptor_path {
  char text[32] = "/proc/self/fd/";
  explicit descriptor_path(i32 descriptor) {
    char digits[12];
    usize count = 0;
    u32 rest = static_cast<u32>(descriptor);
    do digits[count++] = static_cast<char>('0' + rest % 10);
    while ((rest /= 10) != 0);
    for (usize i = 0; i < count; ++i) text[14 + i] = digits[count - 1 - i];
    text[14 + count] = 0;
  }
};

constexpr u64 host_flags(u32 how) {
  namespace o = open_how;
  u64 flags = host_open::cloexec | host_open::noctty;
  if ((how & o::path_only) != 0) flags |= host_open::path;
  flags |= (how & o::write) != 0 ? ((how & o::read) != 0 ? host_open::rdwr : host_open::wronly) : host_open::rdonly;
  const struct {
    u32 bit;
    u64 flag;
  } bits[] = {{o::append, host_open::append},  {o::create, host_open::creat},        {o::exclusive, host_open::excl},
              {o::truncate, host_open::trunc}, {o::directory, host_open::directory}, {o::nonblock, host_open::nonblock},
              {o::sync, host_open::sync},      {o::unnamed, host_open::tmpfile}};
  for (const auto& b : bits)
    if ((how & b.bit) != 0) flags |= b.flag;
  if ((how & o::follow) == 0) flags |= host_open::nofollow;
  return flags;
}

// What the host tells lies as the Linux personality has it.
using statx_record = linux_abi::statx<lp64>;
using stat_record = linux_abi::stat<lp64>;

i64 status_of(i32 directory, const char* name, u64 flags, statx_record& to) {
  return answer(host_call(call::statx, word(directory), word(name), flags, statx_record::basic_stats | statx_record::birth_time, word(&to)));
}

timespec time_of(const linux_abi::statx_time<lp64>& t) {
  return {t.sec, t.nsec};
}

/// Of what both records have.
template <class Record>
[[gnu::always_inline]] inline void tell_common(const Record& from, stat& to) {
  to.ino = from.ino;
  to.nlink = from.nlink;
  to.mode = from.mode;
  to.uid = from.uid;
  to.gid = from.gid;
  to.blksize = static_cast<u32>(from.blksize);
  to.size = static_cast<i64>(from.size);
  to.blocks = static_cast<i64>(from.blocks);
}

[[gnu::always_inline]] inline i64 attributes_by(i32 directory, const char* name, u64 flags, stat& to) {
  statx_record from;
  if (const i64 failed = status_of(directory, name, flags, from); failed < 0) return failed;
  tell_common(from, to);
  to.dev = make_device(from.dev_major, from.dev_minor);
  to.rdev = linux_host::node_of_host(from.rdev_major, from.rdev_minor);
  to.atime = time_of(from.atime);
  to.mtime = time_of(from.mtime);
  to.ctime = time_of(from.ctime);
  to.birthtime = time_of(from.birthtime);
  return 0;
}

/// Without the time of birth: the older calls cost less than statx.
[[gnu::always_inline]] inline void tell_without_birth(const stat_record& from, stat& to) {
  u32 major, minor, device_major, device_minor;
  linux_abi::device_codec::decode(from.dev.raw, major, minor);
  linux_abi::device_codec::decode(from.rdev.raw, device_major, device_minor);
  const auto time = [](const auto& t) { return timespec{static_cast<i64>(t.sec.raw), static_cast<i64>(t.nsec.raw)}; };
  tell_common(from, to);
  to.dev = make_device(major, minor);
  to.rdev = linux_host::node_of_host(device_major, device_minor);
  to.atime = time(from.atime);
  to.mtime = time(from.mtime);
  to.ctime = time(from.ctime);
  to.birthtime = {};
}

constexpr u64 flags_of(links followed) { return followed == links::everywhere ? 0 : host_at::symlink_nofollow; }

constexpr u32 type_mask = 0170000, character_device = 0020000;

static_assert(static_cast<u64>(top) == host_at::working_directory); // an absolute path begins at the top wherever that is

} // namespace

i32 root() {
  return shared.root_descriptor;
}

i32 standard(u32 which) {
  return which < 3 && (shared.standard_streams >> which & 1) != 0 ? static_cast<i32>(which) : -1;
}

std::span<const i32> inherited() {
  return {shared.inherited, shared.inherited_count};
}

i32 open(i32 directory, const char* name, u32 how, u32 mode) {
  if (escapes(name)) return static_cast<i32>(negative(error::inval));
  return static_cast<i32>(answer(host_call(call::openat, word(directory), word(name), host_flags(how), mode)));
}

i32 reopen(i32 descriptor, u32 how) {
  const descriptor_path path{descriptor};
  return static_cast<i32>(
      answer(host_call(call::openat, host_at::working_directory, word(path.text), host_flags(how | open_how::follow), 0)));
}

i32 duplicate(i32 descriptor) {
  return static_cast<i32>(answer(host_call(call::fcntl, word(descriptor), linux_abi::fcntl_commands::dupfd_cloexec, 3)));
}

i64 exchange(i32 descriptor, i32 by) {
  const i64 done = answer(host_call(call::dup3, word(by), word(descriptor), host_open::cloexec));
  close(by);
  return done;
}

void close(i32 descriptor) {
  host_call(call::close, word(descriptor));
}

/// The host reads ahead in no others (readahead(2), EINVAL), and nothing where no file has its end.
bool is_bytes(i32 descriptor) {
  constexpr u64 beyond_all = u64{1} << 50;
  return host_call(call::readahead, word(descriptor), beyond_all, 1) == 0;
}

i64 attributes_of(i32 descriptor, stat& to) {
  return attributes_by(descriptor, "", host_at::empty_path, to);
}

i64 attributes_of_but_birth(i32 descriptor, stat& to) {
  stat_record from;
  if (const i64 failed = answer(host_call(call::fstat, word(descriptor), word(&from))); failed < 0) return failed;
  tell_without_birth(from, to);
  return 0;
}

i64 attributes_at(i32 directory, const char* name, stat& to) {
  if (escapes(name)) return negative(error::inval);
  return attributes_by(directory, name, host_at::symlink_nofollow, to);
}

bool is_top(i32 directory) {
  stat it{}, first{};
  return attributes_of(directory, it) == 0 && attributes_by(top, "/", 0, first) == 0 && it.ino == first.ino &&
         it.dev == first.dev;
}

i64 attributes_along_but_birth(i32 directory, std::string_view path, links followed, stat& to) {
  if (followed == links::nowhere) return attributes_along(directory, path, followed, to);
  if (climbs(directory, path)) return negative(error::inval);
  stat_record from;
  const i64 failed = answer(host_call(call::newfstatat, word(directory), word(path.data()), word(&from), flags_of(followed)));
  if (failed < 0) return failed;
  tell_without_birth(from, to);
  return 0;
}

i64 attributes_along(i32 directory, std::string_view path, links followed, stat& to) {
  if (climbs(directory, path)) return negative(error::inval);
  if (followed != links::nowhere) return attributes_by(directory, path.data(), flags_of(followed), to);
  const i32 opened = open_along(directory, path, open_how::path_only);
  if (opened < 0) return opened;
  const i64 result = attributes_of(opened, to);
  close(opened);
  return result;
}

/// openat2(2) of Linux 5.6, which takes a struct open_how, and no flags that mean nothing.
i32 open_along(i32 directory, std::string_view path, u32 how) {
  if (climbs(directory, path)) return static_cast<i32>(negative(error::inval));
  struct {
    u64 flags, mode, resolve;
  } const wanted{host_flags(how) & ((how & open_how::path_only) != 0 ? ~host_open::noctty : ~u64{0}), 0, host_open::no_links_on_the_way};
  return static_cast<i32>(answer(host_call(call::openat2, word(directory), word(path.data()), word(&wanted), sizeof wanted)));
}

i64 statistics(i32 descriptor, file_system& to) {
  linux_abi::statfs<lp64> from{};
  const i64 result = host_call(call::fstatfs, word(descriptor), word(&from));
  if (result < 0) return answer(result);
  to = {.type = static_cast<u64>(from.type),
        .block_size = static_cast<u64>(from.bsize),
        .fragment_size = static_cast<u64>(from.frsize),
        .blocks = from.blocks,
        .free_blocks = from.bfree,
        .available_blocks = from.bavail,
        .files = from.files,
        .free_files = from.ffree,
        .name_limit = static_cast<u64>(from.namelen),
        .flags = static_cast<u64>(from.flags),
        .id = {static_cast<u32>(from.fsid), static_cast<u32>(from.fsid >> 32)}};
  return 0;
}

bool keeps_bytes(i32 descriptor) {
  file_system of;
  return statistics(descriptor, of) >= 0 && linux_host::keeps_bytes(of.type);
}

namespace {

/// The memory of a transfer is the user's or, above all of it, the kernel's own.
u64 place_of(u64 address) {
  return address < kernel_base ? host_address(address) : address;
}

} // namespace

i64 read(i32 descriptor, u64 address, usize size, i64 offset) {
  address = place_of(address);
  return answer(offset < 0 ? host_call(call::read, word(descriptor), address, size)
                           : host_call(call::pread64, word(descriptor), address, size, static_cast<u64>(offset)));
}

i64 write(i32 descriptor, u64 address, usize size, i64 offset) {
  address = place_of(address);
  return answer(offset < 0 ? host_call(call::write, word(descriptor), address, size)
                           : host_call(call::pwrite64, word(descriptor), address, size, static_cast<u64>(offset)));
}

i64 append(i32 descriptor, u64 address, usize size, bool moves) {
  constexpr u64 rwf_append = 0x10; // include/uapi/linux/fs.h
  const struct {
    u64 address, size;
  } part{place_of(address), size};
  return answer(host_call(call::pwritev2, word(descriptor), word(&part), 1, moves ? ~u64{0} : 0, 0, rwf_append));
}

/// Origins have the host's values.
i64 seek(i32 descriptor, i64 offset, i32 origin) {
  return answer(host_call(call::lseek, word(descriptor), static_cast<u64>(offset), word(origin)));
}

i64 read_entries(i32 descriptor, void* buffer, usize size) {
  return answer(host_call(call::getdents64, word(descriptor), word(buffer), size));
}

i64 read_link(i32 descriptor, char* to, usize size) {
  return answer(host_call(call::readlinkat, word(descriptor), word(""), word(to), size));
}

i64 make_directory(i32 directory, const char* name, u32 mode) {
  if (escapes(name)) return negative(error::inval);
  return answer(host_call(call::mkdirat, word(directory), word(name), mode));
}

i64 make_node(i32 directory, const char* name, u32 mode, u64 device) {
  if (escapes(name)) return negative(error::inval);
  return answer(host_call(call::mknodat, word(directory), word(name), mode, linux_host::node_for_host(device)));
}

/// By the descriptor's /proc name: AT_EMPTY_PATH needs a capability on older hosts.
i64 make_link(i32 descriptor, i32 directory, const char* name) {
  if (escapes(name)) return negative(error::inval);
  const descriptor_path path{descriptor};
  return answer(host_call(call::linkat, host_at::working_directory, word(path.text), word(directory), word(name),
                          host_at::symlink_follow));
}

i64 make_symbolic_link(const char* target, i32 directory, const char* name) {
  if (escapes(name)) return negative(error::inval);
  return answer(host_call(call::symlinkat, word(target), word(directory), word(name)));
}

i64 remove(i32 directory, const char* name, bool is_directory) {
  if (escapes(name)) return negative(error::inval);
  return answer(host_call(call::unlinkat, word(directory), word(name), is_directory ? host_at::removedir : 0));
}

i64 rename(i32 directory, const char* name, i32 new_directory, const char* new_name, renaming how) {
  if (escapes(name) || escapes(new_name)) return negative(error::inval);
  const u64 flags = how == renaming::to_free ? host_rename::noreplace : how == renaming::exchange ? host_rename::exchange : 0;
  return answer(host_call(call::renameat2, word(directory), word(name), word(new_directory), word(new_name), flags));
}

i64 change_mode(i32 descriptor, u32 mode) {
  const descriptor_path path{descriptor};
  return answer(host_call(call::fchmodat, host_at::working_directory, word(path.text), mode));
}

i64 change_owner(i32 descriptor, u32 user, u32 group) {
  return answer(host_call(call::fchownat, word(descriptor), word(""), user, group, host_at::empty_path));
}

/// `time_now` and `time_omit` have the host's values (UTIME_NOW, UTIME_OMIT).
i64 change_times(i32 descriptor, i64 access_seconds, u32 access_nanoseconds, i64 modify_seconds, u32 modify_nanoseconds) {
  const host_timespec times[2] = {{access_seconds, access_nanoseconds}, {modify_seconds, modify_nanoseconds}};
  const i64 result = host_call(call::utimensat, word(descriptor), word(""), word(times), host_at::empty_path);
  if (result != -errno_of_host::inval) return answer(result);
  const descriptor_path path{descriptor}; // hosts before Linux 5.8
  return answer(host_call(call::utimensat, host_at::working_directory, word(path.text), word(times), 0));
}

i64 truncate(i32 descriptor, u64 size) {
  const i64 result = host_call(call::ftruncate, word(descriptor), size);
  if (result != -errno_of_host::badf && result != -errno_of_host::inval) return answer(result);
  const descriptor_path path{descriptor}; // a descriptor that was not opened for writing
  return answer(host_call(call::truncate, word(path.text), size));
}

i64 change_space(i32 descriptor, space_change what, i64 offset, i64 size) {
  const u64 mode = static_cast<u64>(linux_abi::space_changes::mode_of(what));
  return answer(host_call(call::fallocate, word(descriptor), mode, static_cast<u64>(offset), static_cast<u64>(size)));
}

i64 sync(i32 descriptor) {
  return answer(host_call(call::fsync, word(descriptor)));
}

i64 get_attribute(i32 descriptor, const char* name, void* to, usize size) {
  const descriptor_path path{descriptor};
  return answer(host_call(call::getxattr, word(path.text), word(name), word(to), size));
}

/// getxattrat(2) of Linux 6.13; before that by the directory's /proc name.
i64 get_attribute_at(i32 directory, const char* file, const char* name, void* to, usize size) {
  if (escapes(file)) return negative(error::inval);
  static constinit bool has_call = true;
  if (has_call) {
    struct {
      u64 value;
      u32 size, flags;
    } const wanted{word(to), static_cast<u32>(size), 0};
    const i64 result = host_call(call::getxattrat, word(directory), word(file), host_at::symlink_nofollow, word(name), word(&wanted), sizeof wanted);
    if (result != -errno_of_host::nosys) return answer(result);
    has_call = false;
  }
  char path[sizeof(descriptor_path::text) + 1 + reference::name_limit + 1];
  const descriptor_path start{directory};
  char* end = path;
  for (const char* at = start.text; *at != 0;) *end++ = *at++;
  *end++ = '/';
  do *end++ = *file;
  while (*file++ != 0);
  return answer(host_call(call::lgetxattr, word(path), word(name), word(to), size));
}

i64 set_attribute(i32 descriptor, const char* name, const void* value, usize size, attribute_rule rule) {
  const descriptor_path path{descriptor};
  const u64 flags = rule == attribute_rule::is_absent    ? host_attribute::create
                    : rule == attribute_rule::is_present ? host_attribute::replace
                                                         : 0;
  return answer(host_call(call::setxattr, word(path.text), word(name), word(value), size, flags));
}

i64 list_attributes(i32 descriptor, char* to, usize size) {
  const descriptor_path path{descriptor};
  return answer(host_call(call::listxattr, word(path.text), word(to), size));
}

i64 remove_attribute(i32 descriptor, const char* name) {
  const descriptor_path path{descriptor};
  return answer(host_call(call::removexattr, word(path.text), word(name)));
}

// POLLIN and EPOLLIN are 1, PRI 2, OUT 4, ERR 8, HUP 16, RDHUP 0x2000.
namespace {

struct poll_record {
  i32 descriptor;
  i16 events, happened;
};

u32 to_bits(u32 events) {
  return ((events & 1) != 0 ? 1u : 0u) | ((events & 4) != 0 ? 2u : 0u) | ((events & 8) != 0 ? 4u : 0u) |
         ((events & 16) != 0 ? 8u : 0u) | ((events & 2) != 0 ? 16u : 0u) | ((events & 0x2000) != 0 ? 32u : 0u);
}
u32 of_bits(u32 bits) {
  return ((bits & 1) != 0 ? 1u : 0u) | ((bits & 2) != 0 ? 4u : 0u) | ((bits & 16) != 0 ? 2u : 0u) |
         ((bits & 32) != 0 ? 0x2000u : 0u);
}

struct [[gnu::packed]] watch_event {
  u32 events;
  u64 cookie;
};
constexpr u64 watch_add = 1, watch_delete = 2, watch_modify = 3;
constexpr u32 one_shot = 1u << 30, edge_triggered = 1u << 31;

} // namespace

u32 readiness(i32 descriptor) {
  poll_record record{descriptor, 1 | 2 | 4 | 0x2000, 0};
  return host_call(call::poll, word(&record), 1, 0) > 0 ? to_bits(static_cast<u16>(record.happened)) : 0;
}

void watch(i32 descriptor, u32 bits, u64 cookie) {
  watch_event event{of_bits(bits) | ((bits & every_time) != 0 ? edge_triggered : one_shot), cookie};
  i64 result = host_call(call::epoll_ctl, word(shared.watch_descriptor), watch_modify, word(descriptor), word(&event));
  if (result < 0) result = host_call(call::epoll_ctl, word(shared.watch_descriptor), watch_add, word(descriptor), word(&event));
  // What cannot be watched (regular files) is always ready.
  if (result < 0) host_call(call::write, word(shared.ready_descriptor), word(&cookie), sizeof cookie);
}

void unwatch(i32 descriptor) {
  watch_event event{};
  host_call(call::epoll_ctl, word(shared.watch_descriptor), watch_delete, word(descriptor), word(&event));
}

usize take_watched(std::span<watched_event> into) {
  constexpr usize most = 16;
  watch_event events[most];
  const i64 count = host_call(call::epoll_wait, word(shared.watch_descriptor), word(events), into.size() < most ? into.size() : most, 0);
  for (i64 i = 0; i < count; ++i) into[static_cast<usize>(i)] = {events[i].cookie, to_bits(events[i].events)};
  return count > 0 ? static_cast<usize>(count) : 0;
}

i64 bytes_readable(i32 descriptor) {
  constexpr u64 fionread = 0x541b;
  i32 count = 0;
  const i64 result = host_call(call::ioctl, word(descriptor), fionread, word(&count));
  return result < 0 ? answer(result) : count;
}

bool is_terminal(i32 descriptor) {
  statx_record status;
  return shared.console_device != 0 && status_of(descriptor, "", host_at::empty_path, status) == 0 &&
         (status.mode & type_mask) == character_device &&
         linux_abi::device_codec::encode(status.rdev_major, status.rdev_minor) == shared.console_device;
}

void identity(u32& user, u32& group) {
  user = shared.user;
  group = shared.group;
}

std::span<const u32> groups() {
  return {shared.groups, shared.group_count};
}

std::string_view host_name() {
  return shared.host_name;
}

} // namespace polyabi::reference::machine::host

namespace polyabi::reference::machine {

using namespace hosted;

void wait_at_descriptor(u32* sleep_word, u32 expected, u64 deadline, i32 descriptor, u32 bits) {
  const u64 now = deadline == ~u64{0} ? 0 : monotonic_time();
  if (now >= deadline) return;
  host::poll_record record{descriptor, static_cast<i16>(host::of_bits(bits)), 0};
  constexpr u64 second = 1'000'000'000;
  host_timespec rest{static_cast<i64>((deadline - now) / second), static_cast<i64>((deadline - now) % second)};
  waiting_call(sleep_word, expected, call::ppoll, word(&record), 1, deadline == ~u64{0} ? 0 : word(&rest), 0, 0);
}

} // namespace polyabi::reference::machine
