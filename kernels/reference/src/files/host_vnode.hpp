// Vnodes of the host file system.
#pragma once

#include <polyabi/reference/file_state.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/intrusive_list.hpp>
#include <polyabi/reference/machine_paths.hpp>
#include <polyabi/reference/open_files.hpp>
#include <polyabi/reference/owned_text.hpp>

#include "presumption.hpp"

#include <base/host_answers.hpp>
#include <base/lock_turn.hpp>

#include <cstring>

namespace polyabi::reference {

/// A name or a path with its NUL, as the host wants it: nothing of one that is longer.
template <usize longest>
struct host_text {
  char text[longest + 1];
  usize size;
  explicit host_text(std::string_view of) : size{of.size() <= longest ? of.size() : 0} {
    std::memcpy(text, of.data(), size);
    text[size] = '\0';
  }
  explicit operator bool() const { return size != 0; }
  std::string_view view() const { return {text, size}; }
};
using host_name = host_text<name_limit>;
using host_path = host_text<511>;

class host_vnode;

/// One mount of a host directory: the vnodes in use, so that a file has one vnode however it was found.
/// Lives as long as its vnodes.
struct host_mount {
  static constexpr usize bucket_count = 512, held_count = 256, named_count = 512, name_count = 2048, unclosed_count = 256, opened_count = 1024;

  host_vnode* find(const stat&);
  /// Keeps a vnode for a while after its last use: the next lookup then takes it for granted (presumption.hpp).
  void keep(host_vnode&);
  /// The same from the second time on that the file is opened. Most that a program goes through, one after the other, it opens once: these
  /// are not worth what others are kept for, and their memory is still at hand for the next one.
  void keep_if_opened_before(host_vnode&);
  void forget(host_vnode&);
  void forget_all();
  bool keeps(const host_vnode&);
  /// Where a vnode is found by its name in a directory, or is to be: one of two places, of which others may have taken both.
  host_vnode*& by_name(const host_vnode& directory, std::string_view name);
  /// Which file of those that share a place has a descriptor whose close was put off.
  host_vnode*& unclosed(const host_vnode&);
  /// Whether what is open by this descriptor stays as it was written, whoever opened it and when.
  bool keeps_bytes(const host_vnode&, i32 descriptor);

  u32 vnodes = 0;
  bool is_top = false; ///< links on its host's paths lead where they lead here
  host_vnode* root = nullptr;
  host_vnode* buckets[bucket_count]{};
  ref<host_vnode> held[held_count]; ///< each costs a descriptor of the host's
  ref<host_vnode> named[named_count];
  host_vnode* names[name_count]{};

private:
  ref<host_vnode>& place_of(const host_vnode&);

  host_vnode* unclosed_[unclosed_count]{};
  u16 opened_[opened_count]{}; ///< of the last file that has its place here: more of its number
  u64 known_device_ = 0; ///< the one that was asked for last
  bool known_keeps_bytes_ = false;
};

/// A way to a name for the host: from a directory that is where it was found, or has been told to be in this turn, over those that
/// are only presumed to be.
struct host_way {
  i32 directory;
  bool is_name = true;  ///< one name
  ref<host_vnode> from; ///< keeps the directory's descriptor
  /// What else than directories may stand on a way: links, at its end as well, which it then follows.
  enum class over : u8 { names, links } leads = over::names;
  host_way(const host_vnode& in, std::string_view name, bool over_presumed);
  /// From a directory that is sure, by a path of names alone, or one over links. One that is absolute here begins at that directory.
  host_way(const host_vnode& above, std::string_view path, over what = over::names);
  host_way(const host_way&) = delete;
  host_way& operator=(const host_way&) = delete;
  std::string_view text() const { return {begin_, static_cast<usize>(space_ + limit - begin_)}; } ///< a NUL is behind it

private:
  void put_in_front(std::string_view part);
  void begin_at(const host_vnode&);

  static constexpr usize limit = 1023;
  char* begin_;
  char space_[limit + 1];
};

/// A host file. All but regular ones are held by a descriptor opened with open_how::path_only: they stay the same files whatever
/// happens to their names. A regular one is held by the descriptors that it is open by. If it is not open and nobody uses it, it is
/// known by its name and may cease to be; whoever keeps a reference for longer than a turn asks for `host_descriptor` first.
/// Directories keep their parents in use; where a directory stands is known from the walk that found it.
class host_vnode final : public vnode {
public:
  static result<ref<vnode>> make(host_mount&, i32 descriptor, const stat&, host_vnode* parent,
                                 std::string_view name);
  host_vnode(host_mount&, i32 descriptor, const stat&);
  ~host_vnode() override;
  void release() override;
  void unmounted() override { mount_.forget_all(); }

  result<> attributes(stat& out) override;
  result<> change(const attribute_change&) override;
  result<ref<vnode>> lookup(std::string_view name) override;
  result<ref<vnode>> parent() override;
  result<ref<vnode>> create(std::string_view name, u32 mode, const credentials&) override;
  result<ref<file>> create_and_open(std::string_view name, u32 mode, u32 flags, const credentials&) override;
  result<ref<file>> create_unnamed(u32 mode, u32 flags, bool linkable, const credentials&) override;
  result<ref<vnode>> make_directory(std::string_view name, u32 mode, const credentials&) override;
  result<ref<vnode>> make_node(std::string_view name, u32 mode, u64 device, const credentials&) override;
  result<> make_symbolic_link(std::string_view name, std::string_view target, const credentials&) override;
  result<> link(std::string_view name, vnode& existing) override;
  result<> remove(std::string_view name, bool directory) override;
  result<> rename(std::string_view name, vnode& new_directory, std::string_view new_name, renaming) override;
  result<> read_entries(i64 position, directory_visitor) override;
  result<usize> name_in_parent(char* to, usize limit) override;
  result<usize> read_link(char* to, usize limit) override;
  result<ref<file>> open(u32 flags) override;
  result<> statistics(statfs& out) override;
  result<usize> get_attribute(std::string_view name, std::span<char> to) override;
  result<> set_attribute(std::string_view name, std::span<const char> value, attribute_rule) override;
  result<usize> list_attributes(const credentials&, std::span<char> to) override;
  result<> remove_attribute(std::string_view name) override;
  const void* file_system() const override { return &mount_; }
  u64 device() const override { return device_; }
  u64 inode() const override { return inode_; }

  result<> permitted(const credentials&, u32 access) override;

  /// Holds the file. Negative: there is no such file any more.
  i32 host_descriptor() const override;
  /// It is open by this descriptor, which holds it until it is given back, unless something else does.
  void lend(i32 descriptor);
  void give_back(i32 descriptor);
  /// What the host has said in this turn of when the file last changed.
  time_of_change change_time() const;
  /// Puts the close of a descriptor off that was opened for nothing but reading, when the file had last changed at that time: who opens
  /// the file next takes it over. Whether the vnode owns it now. `moved`: the host has a position for it that is not the beginning.
  bool put_off_close(i32 descriptor, const time_of_change&, bool moved);

  /// Whether the host would decide for this user as for its own.
  static bool is_hosts_own(const credentials&);
  std::string_view name() const { return name_.view(); }

  // for presumptions
  host_vnode* directory() const { return parent_.get(); }
  void presume();
  /// Whether what was presumed of it is so. A walk that does nothing else meanwhile lends its turn.
  bool confirm(presumption* lends = nullptr);
  /// Whether the host comes to this file by this way from a directory that is sure. Lends the turn.
  bool stands_at_end(const host_way&);
  /// What the host says of a file at the end of a way, whichever it is: whether that is all there is to say. It is not if it is a link to
  /// be followed, or if the way was not to be gone. Lends the turn.
  bool tells_of(const host_way&, bool follow_last, bool with_birth, stat& out, result<>& told);
  /// Opens a file of this directory that nobody has in use, by a way that ends here with its name, for nothing but reading: whether that
  /// is all there is to say. It is not if it is a file of another kind, or if the way was not to be gone. Lends the turn.
  bool opens(const host_way&, std::string_view name, u32 flags, result<ref<file>>& opened);
  /// The open file of this descriptor, a regular one of which the host has just said this: opened for nothing but reading, by a name in this
  /// directory. Owns the descriptor, also if it fails.
  result<ref<file>> open_by_name(std::string_view name, const stat&, u32 flags, i32 descriptor);
  bool is_on_known_path = false; ///< known_paths.hpp
  /// Opens this file, for nothing but reading, by a descriptor whose close was put off: whether there is one, and the way still leads here.
  /// Lends the turn.
  bool reopens(const host_way&, u32 flags, result<ref<file>>& opened);
  /// Whether links on the host's paths lead where they do for whom this is the root.
  bool is_in_view_of(const vnode* root) const { return mount_.is_top && mount_.root == root; }
  /// Where the host is asked for a path as it is that begins at this directory: `nowhere` if it cannot be.
  static constexpr i32 nowhere = -1;
  i32 asked_from(std::string_view path) const;
  /// Asks the host for what stands at the end of a path.
  static i64 ask_along(i32 directory, std::string_view path, machine::host::links followed, bool with_birth, stat& out);
  /// What the host has said of a file at the end of a path, if that is all there is to say.
  static bool is_told(i64 answer, bool follow_last, const stat& out, result<>& told);
  /// How often a host file has been moved or removed here, or was found elsewhere.
  static u64 moves();
  /// Whether this directory has been listed from end to end and had nothing in it that an open may wait for, and nobody here has made a
  /// name for such a thing since. Also without the kernel lock.
  bool is_without_pipes() const {
    return __atomic_load_n(&listed_without_pipes_, __ATOMIC_RELAXED) == __atomic_load_n(&pipe_names, __ATOMIC_RELAXED);
  }

private:
  friend struct host_mount;
  friend struct host_way;
  static u64 pipe_names; ///< one more with each name that may be one of a pipe's or a device's
  result<> set_place(host_vnode* parent, std::string_view name);
  void leave_place();
  bool is_called(std::string_view name, const host_vnode& in) const;
  bool is_presumed() const;
  bool is_top() const { return this == mount_.root && mount_.is_top; }
  bool is_this(const stat&) const;
  i64 ask(const host_way&, stat&) const;
  machine::host::links followed_on(const host_way&) const;
  /// Lends the turn while the host is asked: whether it goes on, or nobody has moved or removed a host file meanwhile.
  template <class Question>
  static bool asking(Question&& asks) {
    const u64 before = moves();
    return kernel_lock::lend_while(asks) || moves() == before;
  }
  bool is_sure(presumption*);
  bool goes_on(presumption*, u64 moves);
  result<ref<vnode>> lookup_held(std::string_view name);
  result<ref<vnode>> lookup_opened(presumption&, const host_way&, std::string_view name);
  result<ref<vnode>> found(host_vnode& known, const stat&, std::string_view name);
  bool stands_at_place();
  host_vnode* in_use(std::string_view name);
  void note(const stat&);
  i64 know_attributes(); ///< `noted_` is up to date then, unless the answer is negative
  static i32 open_end(const host_way&, u32 how, stat& told);
  i32 open_by(const host_way&, u32 how);
  i32 take_unclosed(const host_way&);
  void close_unclosed();
  i32 open_regular(u32 how);
  i32 cut_if_asked(i32 opened, u32 how);

  host_mount& mount_;
  mutable i32 descriptor_; ///< -1: of a regular file that is not held
  i32 lent_ = -1;          ///< of an open file of this
  bool changes_ = false; ///< has changed since it was opened: no close is put off any more
  /// Descriptors of open files that were closed: programs that run beside each other open the same files.
  struct left_open {
    i32 descriptor;
    bool moved;
    time_of_change change; ///< of the file, as it was then
  };
  static constexpr u32 unclosed_limit = 2;
  left_open unclosed_[unclosed_limit];
  u32 unclosed_count_ = 0;
  bool readable_ = false;  ///< `descriptor_` can be read
  u64 device_, inode_;
  host_vnode* next_in_bucket_ = nullptr;
  ref<host_vnode> parent_; ///< null at the root of the mount, and of removed files
  owned_text name_;
  owned_text target_;       ///< of a link: that never changes
  u64 presumed_in_turn_ = 0; ///< of the kernel lock
  u64 placed_in_turn_ = 0;   ///< found to stand where it is said to
  stat noted_{};
  u64 noted_in_turn_ = 0; ///< another one: `noted_` is out of date
  u64 listed_without_pipes_ = 0;
};

/// An open host file of a kind that does not block. The host keeps the position.
struct host_file final : vnode_file {
  host_file(ref<vnode> of, u32 open_flags, i32 host_descriptor)
      : vnode_file{std::move(of), open_flags}, descriptor{host_descriptor} {}
  ~host_file() override;
  /// Owns the descriptor, also if it fails.
  static result<ref<file>> make(ref<host_vnode>, u32 open_flags, i32 host_descriptor);
  void release() override { heap::destroy(this); }

  i32 unlocked_descriptor(file_use) const override;
  result<i64> read(user_vector into, const i64* offset) override;
  result<i64> write(user_vector from, const i64* offset) override;
  result<i64> append(user_vector from, bool moves) override;
  result<i64> seek(i64 offset, i32 origin) override;
  result<> change(const attribute_change&) override;
  result<> change_space(space_change, i64 offset, i64 size) override;
  result<> sync() override;
  result<i32> bytes_readable() override;
  result<> flags_changed(u32 new_flags) override;
  result<machine::mapping_source> map(u64 offset, u64 size, u32 protection, bool shared) override;

  /// False: `position` was copied from an open file that its owner may just have been reading without the kernel lock. The host may be
  /// further on.
  bool position_is_sure = true;

private:
  using transfer = i64 (*)(i32 descriptor, u64 address, usize size, i64 offset);
  result<i64> move(user_vector parts, const i64* offset, transfer);

  const i32 descriptor;           ///< used without the kernel lock as well
  time_of_change unchanged_since; ///< of one that was opened for nothing but reading
};

/// How the host is asked to open for these native flags.
u32 host_open_how(u32 open_flags);

} // namespace polyabi::reference
