// Paths that have led to host files lately: the walk is not made again, only asked for.
#pragma once

#include "host_vnode.hpp"

namespace polyabi::reference {

/// A path is kept if its walk went through nothing but host directories that were taken for granted, in one way, and missed nothing
/// but in memory. One over links of the host's is kept if they lead the same way there: only to a file, which the host then has to come to.
/// Whatever else such a walk depends on calls `forget`; what the host changes is found out by asking (presumption.hpp).
/// Under the kernel lock, but for `sight`.
namespace known_paths {

struct question {
  const path_context& context;
  const location& start;
  const credentials& who;
  std::string_view path;
  bool follow_last;
};

/// The file to which a path led, and from where its host is asked for it: null if that is not known.
struct known_file {
  host_vnode *from = nullptr, *node = nullptr;
  host_way::over over = host_way::over::names;
};
known_file find_file(const question&);
/// The file, if the host comes to it by this path still; null if not, or if the path is not known.
ref<vnode> ask(const question&);
/// Where a path's last name stands, if the way to it is known: the whole path can be asked for from `from`, which is null if it may lead
/// elsewhere.
struct place {
  host_vnode *from = nullptr, *directory = nullptr;
  std::string_view name;
};
place find_place(const question&);
/// The same, seen without the kernel lock, if the host can be asked for the path as it is. What it says there counts if the place still
/// `stands` afterwards: then the descriptor that it was asked from has been that directory's all the while, and nothing has been mounted
/// on the way. The question's parts are the caller's alone meanwhile (`paths::start_unlocked`).
class sight {
public:
  explicit sight(const question&);
  explicit operator bool() const { return is_seen_; }
  i32 from() const { return from_; }
  bool stands() const;
  /// Whether nobody has asked this of the path lately: who opens a file again is served better by what is then kept of it.
  bool is_opened_first() const;
  /// As long as it stands.
  host_vnode* directory() const { return directory_; }
  /// See `host_vnode`.
  bool is_without_pipes() const { return is_seen_ && directory_->is_without_pipes(); }
  std::string_view name() const { return name_; }

private:
  u64 generation_;
  host_vnode* directory_ = nullptr;
  std::string_view name_;
  i32 from_ = -1;
  bool is_seen_;
};
/// Whether the host has no directory where this path's last name would stand, nor perhaps those above it: seen as a `sight` is, for a path
/// of which there is none. Programs look for what they may need in many places that are not there.
bool leads_nowhere(const question&);
/// As part of a walk that is still to be asked for: null if the path is not known. For a file whose name ends the path, in a directory
/// that only one root has.
host_vnode* find_named(const question&, presumption&);
/// The same, if the way to the last name's directory is known: null, or that directory, and `path` is the last name.
host_vnode* find_directory(const question&, presumption&, std::string_view& path);
/// What a walk has come to, and the directory in which it took or asked for the last name.
void keep(const question&, const presumption&, const location& found);
/// All of them: a name, a mount or a directory is not what it was.
void forget();

} // namespace known_paths

} // namespace polyabi::reference
