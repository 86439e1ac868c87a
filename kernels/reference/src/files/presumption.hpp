// A walk that takes for granted what is known of the host's files, and asks the host once at its end.
#pragma once

#include <polyabi/reference/machine.hpp>
#include <polyabi/reference/vnode.hpp>

namespace polyabi::reference {

class host_vnode;

/// While one exists, lookups of host vnodes that are in use answer them without asking whether they stand there still. `holds` asks,
/// with one call for each way that the walk has gone: the host is given the names from the last directory that is sure, and has to
/// come to the same file. If it does not, all that the walk has found is void, and it is made again (`walk_attempt`).
/// Under the kernel lock. One whose holder has given the lock away in between does not hold.
class presumption {
public:
  /// `opened_how`: the host's bits with which the walk's end will be opened, if that is all that is wanted of it. A file that is
  /// not in use is then opened when it is looked up. The path outlives the walk.
  explicit presumption(bool allowed, std::string_view path = {}, u32 opened_how = 0);
  presumption(const presumption&) = delete;
  presumption& operator=(const presumption&) = delete;
  ~presumption();

  /// Whether the walk, whatever it came to, is one that the host would have made. `but` is asked for later.
  bool holds(const vnode* but = nullptr);
  /// The same, and the directories in which the walk's last names stand are the ones that it found: something is going to be
  /// changed in them.
  bool holds_exactly();

  /// For paths that are kept (known_paths.hpp): where the walk began and ended, if it went one way through directories that were taken
  /// for granted, saw no others, and asked nobody.
  struct whole_way {
    host_vnode *from, *to;
  };
  whole_way only_way() const;
  /// The same of a walk that may have followed links of the host's, and has taken this file for granted at its end.
  whole_way way_over_links(const vnode* end) const;
  /// The same as `only_way`, of the directory in which the host was then asked for a name, the last one of all. Not of a way that was taken again.
  whole_way way_to_question() const;
  /// Such a way is taken again.
  void resumes(host_vnode& from, host_vnode& to);
  /// A name was found, or missed where that can change unnoticed.
  void saw_name() { ++names_; }

  // for host vnodes
  /// The innermost one of this turn, or null.
  static presumption* here();
  /// Whether a name in a directory may be taken for granted. It is then part of the walk.
  bool takes(host_vnode& directory, host_vnode& named);
  /// The host has been asked for a name in this directory by its whole way, or for this file.
  void asked(const host_vnode&);
  /// The host is asked for a name in this directory.
  void asks(host_vnode& directory) {
    ++questions_;
    asked_in_ = &directory;
  }
  /// Something was not as presumed.
  void fail() { failed_ = true; }
  bool has_failed() const { return failed_; }
  /// It failed, perhaps, for no other reason than that others had the kernel lock: the next one may presume as well, if it lends nothing.
  bool was_disturbed() const { return disturbed_; }
  /// The host has been asked for a name in this directory, or for this file, and others have had the kernel lock meanwhile. The walk
  /// goes on if that was its only way, and `moves`, from before the question, are still all that there were.
  void others_had_the_lock(const host_vnode& asked_for, u64 moves);
  bool wants_opened(std::string_view name) const { return opened_how_ != 0 && name.data() + name.size() == path_end_; }
  u32 opened_how() const { return opened_how_; }
  /// Keeps a descriptor that was opened as wanted for `ready_descriptor`.
  void make_ready(host_vnode&, i32 descriptor);
  /// The caller owns it; -1: there is none.
  i32 ready_descriptor(const host_vnode&, u32 how);

private:
  struct way {
    ref<host_vnode> last;
    bool asked = false;
  };
  static constexpr usize way_count = 4;

  u64 turn_;
  bool allowed_, failed_ = false, disturbed_ = false, resumed_ = false;
  const char* path_end_;
  u32 opened_how_;
  ref<host_vnode> ready_for_;
  i32 ready_ = -1;
  host_vnode* from_ = nullptr; ///< where the first way began
  host_vnode* asked_in_ = nullptr;
  u32 names_ = 0, taken_ = 0, questions_ = 0;
  usize count_ = 0;
  union {
    way ways_[way_count]; ///< the first `count_`
  };
};

/// A walk is made until one holds: first one that presumes and lends the kernel lock while it asks the host; if others had that
/// meanwhile, one that keeps it; and in the end name by name.
class walk_attempt {
public:
  bool presumes() const { return presumes_; }
  bool lends() const { return lends_; }
  /// After one that does not hold.
  void next(const presumption& made) {
    presumes_ = lends_ && made.was_disturbed();
    lends_ = false;
  }

private:
  bool presumes_ = true, lends_ = true;
};

} // namespace polyabi::reference
