// What a vnode does if its file system says nothing else.
#include <polyabi/reference/open_files.hpp>

namespace polyabi::reference {

result<> vnode::change(const attribute_change&) { return error::perm; }

namespace {

bool passes_all(u32 type, const credentials& who, u32 access) {
  return who.may(privileges::pass_permissions) && ((access & access_modes::exec) == 0 || type == file_modes::dir);
}

} // namespace

result<> vnode::permitted(const credentials& who, u32 access) {
  if (passes_all(type, who, access)) return {};
  stat s{};
  if (auto got = attributes(s); !got) return got;
  return permits(s, who, access);
}

result<> permits(const stat& s, const credentials& who, u32 access) {
  const u32 type = s.mode & file_modes::type_mask;
  const bool is_directory = type == file_modes::dir;
  if (passes_all(type, who, access)) return {};
  if (who.may(privileges::pass_permissions)) {
    const bool any_exec = (s.mode & 0111) != 0;
    if ((access & access_modes::exec) != 0 && !any_exec) return error::acces;
    return {};
  }
  const u32 granted = who.euid == s.uid ? s.mode >> 6 : who.is_in(s.gid) ? s.mode >> 3 : s.mode;
  if ((granted & access) == access) return {};
  const u32 to_look = is_directory ? access_modes::read | access_modes::exec : access_modes::read;
  return (access & ~to_look) == 0 && who.may(privileges::read_anything) ? error::none : error::acces;
}

result<ref<vnode>> vnode::lookup(std::string_view) { return type == file_modes::dir ? error::noent : error::notdir; }
result<ref<vnode>> vnode::parent() { return error::noent; }
result<ref<vnode>> vnode::create(std::string_view, u32, const credentials&) {
  return type == file_modes::dir ? error::acces : error::notdir;
}
result<ref<vnode>> vnode::make_directory(std::string_view, u32, const credentials&) {
  return type == file_modes::dir ? error::acces : error::notdir;
}
result<ref<vnode>> vnode::make_node(std::string_view, u32, u64, const credentials&) {
  return type == file_modes::dir ? error::acces : error::notdir;
}
result<> vnode::make_symbolic_link(std::string_view, std::string_view, const credentials&) {
  return type == file_modes::dir ? error::acces : error::notdir;
}
result<> vnode::link(std::string_view, vnode&) { return type == file_modes::dir ? error::acces : error::notdir; }
result<> vnode::remove(std::string_view, bool) { return type == file_modes::dir ? error::acces : error::notdir; }
result<> vnode::rename(std::string_view, vnode&, std::string_view, renaming) {
  return type == file_modes::dir ? error::acces : error::notdir;
}
result<> vnode::read_entries(i64, directory_visitor) { return type == file_modes::dir ? error::none : error::notdir; }
result<usize> vnode::name_in_parent(char*, usize) { return error::noent; }
result<ref<vnode>> vnode::add_mount_point(std::string_view) { return error::rofs; }
result<usize> vnode::read_link(char*, usize) { return error::inval; }
result<ref<vnode>> vnode::jump(const credentials&) { return ref<vnode>{}; }

result<ref<file>> vnode::create_and_open(std::string_view name, u32 mode, u32 flags, const credentials& who) {
  auto made = create(name, mode, who);
  if (!made) return made.error();
  return (*made)->open(flags);
}

result<ref<file>> vnode::create_unnamed(u32, u32, bool, const credentials&) { return error::opnotsupp; }

result<ref<file>> vnode::open(u32 flags) {
  if (type == file_modes::dir) return directory_file::make({{}, ref<vnode>{this}}, flags);
  return error::nxio;
}

result<> vnode::statistics(statfs&) { return error::nosys; }

result<usize> vnode::get_attribute(std::string_view, std::span<char>) { return error::opnotsupp; }
result<> vnode::set_attribute(std::string_view, std::span<const char>, attribute_rule) { return error::opnotsupp; }
result<usize> vnode::list_attributes(const credentials&, std::span<char>) { return 0; }
result<> vnode::remove_attribute(std::string_view) { return error::opnotsupp; }

} // namespace polyabi::reference
