// What host vnodes do by asking the host.
#include "host_vnode.hpp"

#include <polyabi/reference/devices.hpp>
#include <polyabi/reference/pipe.hpp>
#include <polyabi/reference/vnode_events.hpp>

#include <base/lock_turn.hpp>
#include <cstring>
#include <utility>

namespace polyabi::reference {

namespace host = machine::host;

namespace {

result<usize> size_or_error(i64 answer) {
  if (answer < 0) return host_error(answer);
  return static_cast<usize>(answer);
}

u32 nanoseconds_for_host(const timespec& t) {
  if (t.nsec == utime::now) return host::time_now;
  if (t.nsec == utime::omit) return host::time_omit;
  return static_cast<u32>(t.nsec);
}

/// Whether the host would make a file for somebody else than this user, which it lets us mend.
bool makes_for_another(const credentials& who) {
  u32 user, group;
  host::identity(user, group);
  return user == 0 && (who.euid != user || who.egid != group);
}

/// What was made belongs to whoever made it; a group that it has from its directory it keeps.
void give_to_maker(i32 made, const credentials& who) {
  stat a;
  if (!makes_for_another(who) || host::attributes_of(made, a) < 0) return;
  u32 user, group;
  host::identity(user, group);
  (void)host::change_owner(made, who.euid, a.gid == group ? who.egid : ~0u);
  // A new owner takes these bits away; that of a group is not for those who are not in it.
  u32 set_id = a.mode & (file_modes::setuid | file_modes::setgid);
  if (a.gid != group && !who.is_in(a.gid) && !who.may(privileges::keep_set_id)) set_id &= ~file_modes::setgid;
  if (set_id != 0) (void)host::change_mode(made, (a.mode & 0777) | (a.mode & file_modes::sticky) | set_id);
}

/// Likewise of what is held, or known by its name.
result<ref<vnode>> given_to_maker(result<ref<vnode>> made, const credentials& who) {
  if (!made || !makes_for_another(who)) return made;
  if (const i32 held = (*made)->host_descriptor(); held >= 0) give_to_maker(held, who);
  kernel_lock::next_turn(); // what is known of it is not so any more
  return made;
}

/// linux_dirent64 of getdents64(2).
struct host_entry {
  u64 inode;
  i64 next;
  u16 size;
  u8 type;
  char name[1];
};

/// Of its name, whose end is among the record's last eight bytes: the record is as long as the name needs, in whole words.
usize length_of(const host_entry& entry) {
  const char* const end = reinterpret_cast<const char*>(&entry) + entry.size;
  const char* at = end - 8 > entry.name ? end - 8 : entry.name;
  while (*at != '\0') ++at;
  return static_cast<usize>(at - entry.name);
}

} // namespace

u32 host_open_how(u32 flags) {
  namespace how = host::open_how;
  u32 answer = 0;
  switch (flags & open_flags::accmode) {
  case open_flags::rdonly: answer = how::read; break;
  case open_flags::wronly: answer = how::write; break;
  default: answer = how::read | how::write; break;
  }
  if ((flags & open_flags::append) != 0) answer |= how::append;
  if ((flags & open_flags::trunc) != 0) answer |= how::truncate;
  if ((flags & (open_flags::sync | open_flags::dsync)) != 0) answer |= how::sync;
  return answer;
}

result<> host_vnode::attributes(stat& out) {
  if (const i64 answer = know_attributes(); answer < 0) return host_error(answer);
  out = noted_;
  return {};
}

bool host_vnode::tells_of(const host_way& way, bool follow_last, bool with_birth, stat& out, result<>& told) {
  i64 answer;
  const auto asks = [&] { answer = ask_along(way.directory, way.text(), followed_on(way), with_birth, out); };
  return asking(asks) && is_told(answer, follow_last, out, told);
}

i64 host_vnode::ask_along(i32 directory, std::string_view path, host::links followed, bool with_birth, stat& out) {
  return with_birth ? host::attributes_along(directory, path, followed, out) : host::attributes_along_but_birth(directory, path, followed, out);
}

bool host_vnode::is_told(i64 answer, bool follow_last, const stat& out, result<>& told) {
  if (answer < 0) {
    told = host_error(answer);
    return told.error() == error::noent; // what else is wrong is found out name by name
  }
  told = {};
  return !follow_last || (out.mode & file_modes::type_mask) != file_modes::lnk;
}

i32 host_vnode::asked_from(std::string_view path) const {
  if (path.starts_with('/')) return is_top() ? host::top : nowhere;
  return mount_.is_top ? descriptor_ : nowhere;
}

bool host_vnode::opens(const host_way& way, std::string_view name, u32 flags, result<ref<file>>& opened) {
  if (const host_vnode* known = mount_.by_name(*this, name); known != nullptr && known->is_called(name, *this)) return false;
  const ref<host_vnode> self{this};
  i32 descriptor;
  stat a;
  const bool goes_on = asking([&] { descriptor = open_end(way, host_open_how(flags), a); });
  if (descriptor < 0) {
    opened = host_error(descriptor);
    return goes_on && opened.error() == error::noent; // what else is wrong is found out name by name
  }
  if (!goes_on || (a.mode & file_modes::type_mask) != file_modes::reg || mount_.find(a) != nullptr) {
    host::close(descriptor);
    return false;
  }
  opened = open_by_name(name, a, flags, descriptor);
  return true;
}

result<ref<file>> host_vnode::open_by_name(std::string_view name, const stat& a, u32 flags, i32 descriptor) {
  host_vnode* const known = mount_.find(a);
  auto node = known != nullptr ? found(*known, a, name) : make(mount_, -1, a, this, name);
  if (!node) {
    host::close(descriptor);
    return node.error();
  }
  auto& of = static_cast<host_vnode&>(**node);
  if (known == nullptr) mount_.keep_if_opened_before(of);
  auto opened = host_file::make(ref<host_vnode>{&of}, flags, descriptor);
  if (opened) (*opened)->name = vnode_events::name_of(ref<vnode>{this}, name, of);
  return opened;
}

result<> host_vnode::change(const attribute_change& c) {
  using change = attribute_change;
  const i32 held = host_descriptor();
  if (held < 0) return host_error(held);
  kernel_lock::next_turn();
  if ((c.which & change::size_bit) != 0) {
    const i32 opened = host::reopen(held, host::open_how::write);
    if (opened < 0) return host_error(opened);
    const i64 answer = host::truncate(opened, static_cast<u64>(c.size));
    host::close(opened);
    if (answer < 0) return host_error(answer);
  }
  if ((c.which & (change::owner_bit | change::group_bit)) != 0) {
    const u32 user = (c.which & change::owner_bit) != 0 ? c.uid : ~0u, group = (c.which & change::group_bit) != 0 ? c.gid : ~0u;
    if (auto r = done_or_error(host::change_owner(held, user, group)); !r) return r;
  }
  if ((c.which & change::mode_bit) != 0) {
    if (auto r = done_or_error(host::change_mode(held, c.mode & 07777)); !r) return r;
  }
  if ((c.which & (change::access_time_bit | change::modify_time_bit)) != 0) {
    const bool access = (c.which & change::access_time_bit) != 0, modify = (c.which & change::modify_time_bit) != 0;
    return done_or_error(host::change_times(held, c.access.sec, access ? nanoseconds_for_host(c.access) : host::time_omit,
                                            c.modification.sec,
                                            modify ? nanoseconds_for_host(c.modification) : host::time_omit));
  }
  return {};
}

result<ref<vnode>> host_vnode::create(std::string_view name, u32 mode, const credentials& who) {
  const i32 made = host::open(descriptor_, host_name{name}.text,
                              host::open_how::write | host::open_how::create | host::open_how::exclusive, mode & 07777);
  if (made < 0) return host_error(made);
  give_to_maker(made, who);
  host::close(made);
  return lookup(name);
}

result<ref<file>> host_vnode::create_and_open(std::string_view name, u32 mode, u32 flags, const credentials& who) {
  i32 opened;
  i64 answer = 0;
  stat a;
  const host_name text{name};
  kernel_lock::lend_while([&] {
    opened = host::open(descriptor_, text.text, host_open_how(flags) | host::open_how::create | host::open_how::exclusive, mode & 07777);
    if (opened >= 0) give_to_maker(opened, who);
    if (opened >= 0) answer = host::attributes_of(opened, a);
  });
  if (opened < 0) return host_error(opened);
  host_vnode* const known = answer < 0 ? nullptr : mount_.find(a);
  auto node = answer < 0 ? host_error(answer) : known != nullptr ? found(*known, a, name) : make(mount_, -1, a, this, name);
  if (!node) {
    host::close(opened);
    return node.error();
  }
  auto& made = static_cast<host_vnode&>(**node);
  mount_.keep(made);
  return host_file::make(ref<host_vnode>{&made}, flags, opened);
}

result<ref<file>> host_vnode::create_unnamed(u32 mode, u32 flags, bool linkable, const credentials& who) {
  const u32 how = host_open_how(flags) | host::open_how::unnamed | (linkable ? 0 : host::open_how::exclusive);
  const i32 opened = host::open(descriptor_, ".", how, mode & 07777);
  if (opened < 0) return host_error(opened);
  give_to_maker(opened, who);
  stat a;
  const i64 answer = host::attributes_of(opened, a);
  auto node = answer < 0 ? result<ref<vnode>>{host_error(answer)} : make(mount_, -1, a, nullptr, {});
  if (!node) {
    host::close(opened);
    return node.error();
  }
  return host_file::make(ref<host_vnode>{static_cast<host_vnode*>(node->get())}, flags, opened);
}

result<ref<vnode>> host_vnode::make_directory(std::string_view name, u32 mode, const credentials& who) {
  if (const i64 answer = host::make_directory(descriptor_, host_name{name}.text, mode & 07777); answer < 0)
    return host_error(answer);
  return given_to_maker(lookup(name), who);
}

result<ref<vnode>> host_vnode::make_node(std::string_view name, u32 mode, u64 device, const credentials& who) {
  ++pipe_names;
  const i64 answer = host::make_node(descriptor_, host_name{name}.text, mode & (07777 | file_modes::type_mask), device);
  if (answer < 0) return host_error(answer);
  return given_to_maker(lookup(name), who);
}

result<> host_vnode::make_symbolic_link(std::string_view name, std::string_view target, const credentials& who) {
  auto* text = static_cast<char*>(heap::allocate(target.size() + 1));
  if (text == nullptr) return error::nomem;
  std::memcpy(text, target.data(), target.size());
  text[target.size()] = '\0';
  const i64 answer = host::make_symbolic_link(text, descriptor_, host_name{name}.text);
  heap::deallocate(text, target.size() + 1);
  if (answer >= 0 && makes_for_another(who)) (void)given_to_maker(lookup(name), who);
  return done_or_error(answer);
}

result<> host_vnode::link(std::string_view name, vnode& existing) {
  if (existing.file_system() != file_system()) return error::xdev;
  const i32 held = existing.host_descriptor();
  if (held < 0) return host_error(held);
  kernel_lock::next_turn();
  ++pipe_names;
  return done_or_error(host::make_link(held, descriptor_, host_name{name}.text));
}

namespace {

/// Of a type in a directory's entry; 0 is one that the host does not tell.
bool opens_at_once(u8 type) {
  const u32 kind = u32{type} << 12;
  return kind == file_modes::dir || kind == file_modes::reg || kind == file_modes::lnk;
}

} // namespace

result<> host_vnode::read_entries(i64 position, directory_visitor visitor) {
  if (type != file_modes::dir) return error::notdir;
  const i32 opened = readable_ ? descriptor_ : host::open(descriptor_, ".", host::open_how::read | host::open_how::directory, 0);
  if (opened < 0) return host_error(opened);
  constexpr usize buffer_size = 32 * 1024;
  auto* buffer = static_cast<char*>(heap::allocate(buffer_size));
  i64 size = buffer == nullptr ? -i64{static_cast<u16>(error::nomem)} : 0;
  if (size == 0 && (position != 0 || readable_)) {
    if (const i64 sought = host::seek(opened, position, seek_origins::set); sought < 0) size = sought;
  }
  const u64 names_before = pipe_names;
  bool more = size == 0, is_without_pipes = position == 0;
  while (more && (size = host::read_entries(opened, buffer, buffer_size)) > 0) {
    for (i64 at = 0; more && at < size;) {
      const auto& entry = *reinterpret_cast<const host_entry*>(buffer + at);
      at += entry.size;
      const std::string_view name{entry.name, length_of(entry)};
      if (name == "." || name == "..") continue;
      is_without_pipes = is_without_pipes && opens_at_once(entry.type);
      more = visitor.visit(visitor.state, {entry.inode, entry.next, entry.type, name});
    }
  }
  if (more && size == 0 && is_without_pipes) __atomic_store_n(&listed_without_pipes_, names_before, __ATOMIC_RELAXED);
  if (buffer != nullptr) heap::deallocate(buffer, buffer_size);
  if (!readable_) host::close(opened);
  return done_or_error(size);
}

result<usize> host_vnode::read_link(char* to, usize limit) {
  const std::string_view known = target_.view();
  if (known.empty()) {
    const i64 size = host::read_link(descriptor_, to, limit);
    if (size < 0) return host_error(size);
    if (static_cast<usize>(size) != limit) (void)target_.set({to, static_cast<usize>(size)}); // else it is cut, perhaps
    return static_cast<usize>(size);
  }
  const usize size = known.size() < limit ? known.size() : limit;
  std::memcpy(to, known.data(), size);
  return size;
}

result<usize> host_vnode::get_attribute(std::string_view name, std::span<char> to) {
  const host_name text{name};
  const ref<host_vnode> directory = descriptor_ < 0 && lent_ < 0 ? parent_ : nullptr;
  if (directory) {
    const host_name own{this->name()};
    i64 answer;
    kernel_lock::lend_while(
        [&] { answer = host::get_attribute_at(directory->descriptor_, own.text, text.text, to.data(), to.size()); });
    return size_or_error(answer);
  }
  const i32 held = host_descriptor();
  return held < 0 ? host_error(held) : size_or_error(host::get_attribute(held, text.text, to.data(), to.size()));
}

result<> host_vnode::set_attribute(std::string_view name, std::span<const char> value, attribute_rule rule) {
  const i32 held = host_descriptor();
  return done_or_error(held < 0 ? held : host::set_attribute(held, host_name{name}.text, value.data(), value.size(), rule));
}

/// The host leaves out what it does not show its own user.
result<usize> host_vnode::list_attributes(const credentials&, std::span<char> to) {
  const i32 held = host_descriptor();
  return held < 0 ? host_error(held) : size_or_error(host::list_attributes(held, to.data(), to.size()));
}

result<> host_vnode::remove_attribute(std::string_view name) {
  const i32 held = host_descriptor();
  return done_or_error(held < 0 ? held : host::remove_attribute(held, host_name{name}.text));
}

bool host_vnode::is_hosts_own(const credentials& who) {
  u32 user, group;
  host::identity(user, group);
  const std::span<const u32> groups = host::groups();
  if (!who.goes_by_user() || who.euid != user || who.egid != group || who.group_count != groups.size()) return false;
  for (usize i = 0; i < groups.size(); ++i)
    if (who.groups[i] != groups[i]) return false;
  return true;
}

/// The host decides when it is asked for the names below, or opens the file, if it would do so for this user as for its own.
result<> host_vnode::permitted(const credentials& who, u32 access) {
  const bool is_asked_later = type == file_modes::dir ? access == access_modes::exec : type == file_modes::reg && is_presumed();
  if (is_asked_later && presumption::here() != nullptr && is_hosts_own(who)) return {};
  return vnode::permitted(who, access);
}

result<> host_vnode::statistics(statfs& out) {
  host::file_system f{};
  const i32 held = host_descriptor();
  if (const i64 answer = held < 0 ? held : host::statistics(held, f); answer < 0) return host_error(answer);
  out = {.type = f.type,
         .bsize = f.block_size,
         .frsize = f.fragment_size,
         .blocks = f.blocks,
         .bfree = f.free_blocks,
         .bavail = f.available_blocks,
         .files = f.files,
         .ffree = f.free_files,
         .favail = f.free_files,
         .fsid = f.id[0] | (f.id[1] << 32),
         .namelen = f.name_limit,
         .flags = f.flags};
  return {};
}

/// Cuts what was opened to be cut, or closes it. Negative: it could not be.
i32 host_vnode::cut_if_asked(i32 opened, u32 how) {
  if ((how & host::open_how::truncate) == 0) return opened;
  noted_in_turn_ = 0;
  const i64 answer = host::truncate(opened, 0);
  if (answer >= 0) return opened;
  host::close(opened);
  return static_cast<i32>(answer);
}

/// What stands at the end of a way, opened without waiting, and what the host tells of it. Negative: it cannot be opened, or it is not
/// known what it is (ESTALE).
i32 host_vnode::open_end(const host_way& way, u32 how, stat& told) {
  const i32 opened = host::open_along(way.directory, way.text(), how | host::open_how::nonblock);
  if (opened < 0 || host::attributes_of(opened, told) >= 0) return opened;
  host::close(opened);
  return -static_cast<i32>(error::stale);
}

/// By this way, if it leads here. Should it lead to something else, nothing comes of it: neither waiting nor another file's end.
i32 host_vnode::open_by(const host_way& way, u32 how) {
  i32 opened;
  stat a;
  const bool goes_on = asking([&] { opened = open_end(way, how & ~host::open_how::truncate, a); });
  if (opened < 0) return opened;
  if (goes_on && is_this(a)) {
    note(a);
    presumed_in_turn_ = 0;
    return cut_if_asked(opened, how);
  }
  host::close(opened);
  return -static_cast<i32>(error::stale);
}

i32 host_vnode::open_regular(u32 how) {
  presumption* const walk = presumption::here();
  if (walk != nullptr)
    if (const i32 ready = walk->ready_descriptor(*this, how); ready >= 0) return ready;
  // What cannot be written can still be cut, but only by opening it.
  const bool only_cut = (how & host::open_how::truncate) != 0 && (how & host::open_how::write) == 0;
  if (parent_ && !only_cut) {
    const bool presumed = walk != nullptr && is_presumed();
    const host_way way{*parent_, name(), presumed};
    if (how == host::open_how::read) {
      if (const i32 unclosed = take_unclosed(way); unclosed >= 0) return unclosed;
    } else {
      close_unclosed(); // it is going to change
    }
    const i32 opened = open_by(way, how);
    if (presumed && opened < 0) walk->fail();
    if (opened >= 0 || presumed) return opened;
  }
  if (!is_sure(walk)) return -static_cast<i32>(error::noent);
  const i32 held = host_descriptor();
  if (held < 0) return held;
  if (only_cut) noted_in_turn_ = 0;
  return host::reopen(held, how);
}

result<ref<file>> host_vnode::open(u32 flags) {
  const ref<host_vnode> self{this};
  switch (type) {
  case file_modes::dir: return vnode::open(flags);
  case file_modes::fifo: return open_fifo(ref<vnode>{this}, flags); // the kernel's own: both ends are its processes
  case file_modes::reg:
  case file_modes::blk: {
    const u32 how = host_open_how(flags);
    const i32 opened = type == file_modes::reg ? open_regular(how) : host::reopen(descriptor_, how);
    if (opened < 0) return host_error(opened);
    return host_file::make(self, flags, opened);
  }
  case file_modes::chr: {
    if (const i64 answer = know_attributes(); answer < 0) return host_error(answer);
    auto own = open_device(noted_.rdev, flags);
    if (own || own.error() != error::nodev) return own;
    const i32 opened = host::reopen(descriptor_, host_open_how(flags & ~open_flags::trunc) | host::open_how::nonblock);
    if (opened < 0) return host_error(opened);
    auto stream = host_stream(opened, flags, true);
    if (!stream) return error::nomem;
    stream->node = ref<vnode>{this};
    return stream;
  }
  case file_modes::lnk: return error::loop;
  default: return error::nxio; // a socket
  }
}

} // namespace polyabi::reference
