// Open directories.
#include <polyabi/reference/mount.hpp>
#include <polyabi/reference/open_files.hpp>
#include <polyabi/reference/process.hpp>

#include "namei_tree.hpp"

#include <cstring>

namespace polyabi::reference {

struct directory_file::record {
  u64 inode;
  u32 hash; ///< of the name, where two directories are merged
  u8 type;
  u8 name_size;
  std::string_view name() const { return {reinterpret_cast<const char*>(this + 1), name_size}; }
  usize size() const { return sizeof(record) + (name_size + alignof(record) - 1) / alignof(record) * alignof(record); }
};

namespace {

u32 hash_of(std::string_view name) {
  u32 hash = 2166136261; // FNV-1a
  for (const char c : name) hash = (hash ^ static_cast<u8>(c)) * 16777619;
  return hash;
}

constexpr u8 directory_type = file_modes::dir >> 12;

} // namespace

result<ref<file>> directory_file::make(location where, u32 open_flags) {
  auto* made = heap::create<directory_file>(std::move(where), open_flags);
  if (made == nullptr) return error::nomem;
  return ref<file>{made};
}

directory_file::directory_file(location at, u32 open_flags) : vnode_file{front(at), open_flags}, where{std::move(at)} {}
directory_file::~directory_file() {
  drop_list();
}

result<i64> directory_file::read(user_vector, const i64*) {
  return path_only() ? error::badf : error::isdir;
}
result<i64> directory_file::write(user_vector, const i64*) {
  return error::badf;
}
result<> directory_file::sync() {
  if (path_only()) return error::badf;
  return {};
}

result<i64> directory_file::seek(i64 offset, i32 origin) {
  if (path_only()) return error::badf;
  if (origin == seek_origins::current && offset == 0) return position;
  constexpr i64 behind_all = 0x7fffffff; // of any list; programs of 32 bits can be told it
  if (origin == seek_origins::end && offset == 0) return position = behind_all;
  if (origin != seek_origins::set || offset < 0) return error::inval;
  position = offset;
  return offset;
}

void directory_file::drop_list() {
  if (list_ != nullptr) heap::deallocate(list_, list_capacity_);
  list_ = nullptr;
  list_size_ = list_capacity_ = 0;
  cached_index_ = 0;
  cached_offset_ = 0;
}

const directory_file::record* directory_file::at(usize offset) const {
  return reinterpret_cast<const record*>(list_ + offset);
}

bool directory_file::listed(std::string_view wanted) const {
  const u32 hash = hash_of(wanted);
  for (usize offset = 0; offset < list_size_; offset += at(offset)->size()) {
    if (at(offset)->hash == hash && at(offset)->name() == wanted) return true;
  }
  return false;
}

result<> directory_file::add(u64 inode, u8 type, std::string_view called) {
  if (called.size() > name_limit) return {};
  const record entry{inode, where.merged() ? hash_of(called) : 0, type, static_cast<u8>(called.size())};
  if (list_size_ + entry.size() > list_capacity_) {
    const usize capacity = list_capacity_ == 0 ? 4096 : list_capacity_ * 4;
    auto* larger = static_cast<char*>(heap::allocate(capacity));
    if (larger == nullptr) return error::nomem;
    if (list_ != nullptr) {
      std::memcpy(larger, list_, list_size_);
      heap::deallocate(list_, list_capacity_);
    }
    list_ = larger;
    list_capacity_ = capacity;
  }
  std::memcpy(list_ + list_size_, &entry, sizeof entry);
  std::memcpy(list_ + list_size_ + sizeof entry, called.data(), called.size());
  list_size_ += entry.size();
  return {};
}

result<> directory_file::add_side(vnode& directory, bool second) {
  struct visit_state {
    directory_file& file;
    bool second;
    result<> outcome;
  } state{*this, second, {}};
  const directory_visitor visitor{[](void* opaque, const directory_entry& entry) {
                                    auto& s = *static_cast<visit_state*>(opaque);
                                    if (s.second && s.file.listed(entry.name)) return true;
                                    s.outcome = s.file.add(entry.inode, entry.type, entry.name);
                                    return static_cast<bool>(s.outcome);
                                  },
                                  &state};
  if (auto read = directory.read_entries(0, visitor); !read) return read;
  return state.outcome;
}

result<> directory_file::make_list() {
  drop_list();
  namei::tree tree{namei::superuser};
  u64 above = node->inode();
  const location& root = current_process().paths->root;
  if (!(node == root.native) && !(node == root.emulation)) {
    if (auto up = tree.parent(node)) above = (*up)->inode();
  }
  if (auto added = add(node->inode(), directory_type, "."); !added) return added;
  if (auto added = add(above, directory_type, ".."); !added) return added;
  if (auto read = add_side(*node, false); !read) return read;
  if constexpr (reroot.merge_directories) {
    if (where.merged()) {
      vnode& second = node == where.emulation ? *where.native : *where.emulation;
      // A second directory that cannot be read adds nothing; the first one is still a directory.
      if (auto read = add_side(second, true); !read && read.error() == error::nomem) return read;
    }
  }
  return {};
}

result<> directory_file::read_entries(directory_visitor visitor) {
  if (path_only()) return error::badf;
  const claim::holder alone{reading_};
  if (position == 0 || list_ == nullptr) {
    if (auto made = make_list(); !made) return made;
  }
  if (position < cached_index_) {
    cached_index_ = 0;
    cached_offset_ = 0;
  }
  i64 next = position;
  {
    // The list is this visitor's alone as long as it has the claim.
    const kernel_lock::unlocked while_it_copies;
    for (; cached_offset_ < list_size_; ++cached_index_) {
      const record& entry = *at(cached_offset_);
      if (cached_index_ >= next) {
        if (!visitor.visit(visitor.state, {entry.inode, cached_index_ + 1, entry.type, entry.name()})) break;
        next = cached_index_ + 1;
      }
      cached_offset_ += entry.size();
    }
  }
  position = next;
  return {};
}

} // namespace polyabi::reference
