// Vnodes: files of any file system, and the mounts that join file systems to one tree.
#pragma once

#include <polyabi/core/vnode_events.hpp>
#include <polyabi/reference/credentials.hpp>
#include <polyabi/reference/machine.hpp>
#include <polyabi/reference/owned_text.hpp>
#include <polyabi/reference/reference_count.hpp>
#include <polyabi/reference/structs.hpp>
#include <polyabi/reference/wait_queue.hpp>

#include <string_view>

namespace polyabi::reference {

struct file;
struct process;
struct vnode;

/// Told of what happens to a file and, if it is a directory, to the files in it. Under the kernel lock.
struct vnode_watch {
  list_link in_node, in_all;
  vnode* node = nullptr;
  void* owner = nullptr; ///< whose it is
  void (*happened)(vnode_watch&, const vnode_report&) = nullptr;
  void (*gone)(vnode_watch&) = nullptr; ///< the file has gone, and the watch has left it

  vnode_watch() = default;
  vnode_watch(const vnode_watch&) = delete;
  vnode_watch& operator=(const vnode_watch&) = delete;
  ~vnode_watch() { leave(); }
  void leave();
};

struct open_name;

/// Attributes to be set; only those whose bit is in `which`.
struct attribute_change {
  enum : u32 { mode_bit = 1, owner_bit = 2, group_bit = 4, size_bit = 8, access_time_bit = 16, modify_time_bit = 32 };
  u32 which = 0;
  u32 mode = 0, uid = 0, gid = 0;
  i64 size = 0;
  timespec access{}, modification{};
};

/// A file of some file system. One vnode for each file in use. Operations check what their file system knows (existence, types);
/// permissions are checked by the caller (`namei`, the system calls) unless the host does it.
/// All of them run under the kernel lock. A default refuses: ENOTDIR for directory operations, EINVAL, ENOTTY or EOPNOTSUPP else.
struct vnode {
  u32 references = 0;
  u32 type = 0; ///< S_IF bits
  intrusive_list<vnode_watch, &vnode_watch::in_node> watches;
  open_name* open_names = nullptr;

  explicit vnode(u32 file_type) : type{file_type} {}
  virtual ~vnode() = default;
  /// Called when the last reference goes: frees the vnode.
  virtual void release() = 0;
  /// A watched file stays, so that whoever finds it again finds the same object; one without a name goes.
  bool ending();

  virtual result<> attributes(stat& out) = 0;
  virtual result<> change(const attribute_change&);
  /// May the caller with these credentials do this (access_modes bits)? The default looks at mode, uid and gid.
  virtual result<> permitted(const credentials&, u32 access);

  // directories; names are one component, never "." or ".." (those are `parent` and the directory itself)
  virtual result<ref<vnode>> lookup(std::string_view name);
  virtual result<ref<vnode>> parent();
  virtual result<ref<vnode>> create(std::string_view name, u32 mode, const credentials&);        ///< a regular file
  virtual result<ref<vnode>> make_directory(std::string_view name, u32 mode, const credentials&);
  virtual result<ref<vnode>> make_node(std::string_view name, u32 mode, u64 device, const credentials&);
  virtual result<> make_symbolic_link(std::string_view name, std::string_view target, const credentials&);
  virtual result<> link(std::string_view name, vnode& existing);
  virtual result<> remove(std::string_view name, bool directory);
  virtual result<> rename(std::string_view name, vnode& new_directory, std::string_view new_name, renaming);
  /// Entries from cookie `position` on, without "." and "..".
  virtual result<> read_entries(i64 position, directory_visitor);
  /// The name under which this stands in `parent()`, for getcwd and /proc. ENOENT if it was removed. Always known of directories;
  /// other files answer one of their names or ENOENT.
  virtual result<usize> name_in_parent(char* to, usize limit);

  /// Whether names can be made here at all. If not, they are made in the other root's directory (see vfs/lookup.hpp).
  virtual bool accepts_names() const { return true; }
  /// Whether this directory hides the other root's of its name instead of merging with it.
  virtual bool is_opaque() const { return false; }
  /// Makes a regular file and opens it, whatever its mode allows later opens.
  virtual result<ref<file>> create_and_open(std::string_view name, u32 mode, u32 flags, const credentials&);
  /// A regular file without a name, opened; if it is `linkable` it may be given one later. EOPNOTSUPP where all files have names.
  virtual result<ref<file>> create_unnamed(u32 mode, u32 flags, bool linkable, const credentials&);
  /// Something that is the same for all vnodes of one file system and no other: links and renames stay within it.
  virtual const void* file_system() const { return nullptr; }

  /// A directory made by the kernel for something to be mounted on, in a file system where users make none. EROFS elsewhere.
  virtual result<ref<vnode>> add_mount_point(std::string_view name);
  /// Told to the root of a file system whose mount goes away: what it keeps for later it lets go.
  virtual void unmounted() {}

  virtual result<usize> read_link(char* to, usize limit);
  /// What a link that is no text leads to (/proc/PID/exe); null for ordinary links.
  virtual result<ref<vnode>> jump(const credentials&);

  /// Makes an open file of this vnode. `flags` are native open flags. Devices and FIFOs may sleep here.
  virtual result<ref<file>> open(u32 flags);

  /// Whether this is a file in memory, which may be sealed.
  virtual bool is_in_memory() const { return false; }
  /// The host's descriptor of a file of the host's, which tells where it is and no more; -1 for other files.
  virtual i32 host_descriptor() const { return -1; }

  /// The process whose directory in /proc this is; 0 for other files.
  virtual i32 process_id() const { return 0; }

  virtual result<> statistics(statfs& out);

  // extended attributes; names and sizes are within their limits
  /// Answers the value's size; an empty `to` only asks for it. ENODATA, ERANGE.
  virtual result<usize> get_attribute(std::string_view name, std::span<char> to);
  virtual result<> set_attribute(std::string_view name, std::span<const char> value, attribute_rule);
  /// The names that these credentials may see, each with its NUL.
  virtual result<usize> list_attributes(const credentials&, std::span<char> to);
  virtual result<> remove_attribute(std::string_view name);
  /// Identity for "same file": device and inode.
  virtual u64 device() const = 0;
  virtual u64 inode() const = 0;
};

/// May somebody with these credentials do this (access_modes bits) with a file of which this is told? By mode, uid and gid.
result<> permits(const stat&, const credentials&, u32 access);

/// A name by which a file is open, shared by the open files that were opened by it. It moves when the file is moved, and stays
/// known when it is removed.
struct open_name {
  u32 references = 0;
  open_name* next = nullptr; ///< in `vnode::open_names`
  vnode* node = nullptr;     ///< held by the open files
  ref<vnode> directory;
  bool removed = false;
  owned_text text;

  std::string_view view() const { return text.view(); }
  void release();
};

} // namespace polyabi::reference
