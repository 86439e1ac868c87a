// Telling watches what happens to files (core/vnode_events.hpp). All under the kernel lock.
#pragma once

#include <polyabi/reference/file.hpp>

namespace polyabi::reference {

namespace vnode_events {

using event = polyabi::vnode_event;
template <event... Names>
inline constexpr u32 bits = polyabi::vnode_events<Names...>;

/// There is no watch: nobody is told of anything.
bool nobody_watches();
/// A watch begins. It leaves by itself.
void watch(vnode&, vnode_watch&);

/// Something happened to a file that is open; told to its directory and to itself.
void happened(file&, u32 what);
/// To a file found by a name in a directory, which may be null where it has none.
void happened(vnode&, vnode* directory, std::string_view name, u32 what);
/// To a file whose directory is known to the file alone.
void happened(vnode&, u32 what);
/// To the file only.
void happened_to_itself(vnode&, u32 what);
/// In a directory, to a name.
void happened_in(vnode& directory, std::string_view name, bool is_directory, u32 what, u32 cookie = 0);
/// A name was moved: tells both directories and the file, and what it replaced, if anything.
void moved(vnode& from, std::string_view name, vnode& to, std::string_view new_name, vnode& file, vnode* replaced);
/// The names of a file, as its open files know them, follow.
void name_removed(vnode& directory, std::string_view name, vnode& file);
/// The tree of a mount goes.
void unmounted(const void* file_system);

/// The name by which a file is being opened. Null if memory is exhausted: then the file is told of by the name that it stands under.
ref<open_name> name_of(ref<vnode> directory, std::string_view name, vnode& node);

} // namespace vnode_events

} // namespace polyabi::reference
