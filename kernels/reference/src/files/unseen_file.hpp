// Host files that are open but have not been looked at.
#pragma once

#include "host_vnode.hpp"

namespace polyabi::reference {

/// A host file that was opened for nothing but reading, and is one of bytes, or was not to be waited for, or stands where a list had nothing
/// but files that open at once. (If somebody outside has put a pipe there since, whoever reads it waits for its other end then; nobody else.)
/// Which one it is the host is asked when somebody gets it by its descriptor (`itself`) for more than to read it, to seek in it and to ask
/// for its attributes. Until then it has no vnode. Whatever goes by vnodes or names of open files has all of them looked at before.
class unseen_file final : public file {
public:
  /// Owns the descriptor, also if it fails. `is_bytes`: that is known of it.
  static result<ref<file>> make(host_vnode& directory, std::string_view name, u32 open_flags, i32 descriptor, bool is_bytes);
  /// Those that there are become what they are: a name is about to change, or somebody will be told what happens to a file.
  static void look_at_all();

  unseen_file(host_vnode& directory, u32 open_flags, i32 descriptor, bool is_bytes);
  ~unseen_file() override;
  void release() override { heap::destroy(this); }
  /// To read it nobody has to know which one it is, if it is one of bytes; to ask for its attributes, not even that.
  i32 unlocked_descriptor(file_use) const override;
  void told_regular() override;
  result<i64> read(user_vector into, const i64* offset) override;
  result<> attributes(stat& out) override;
  /// Never waits: a pipe that would stays what it is, with the pipe as its node.
  result<ref<file>> itself() override;

private:
  result<ref<file>> open_other();
  result<ref<file>> open_node();

  list_link in_all_;
  ref<host_vnode> directory_;
  owned_text name_;
  const i32 descriptor_;
  bool owns_descriptor_ = true;
  bool is_seen_ = false;  ///< it has been looked at
  mutable bool is_bytes_; ///< also set without the kernel lock
  ref<file> real_;

  using list = intrusive_list<unseen_file, &unseen_file::in_all_>;
  static list all;
};

} // namespace polyabi::reference
