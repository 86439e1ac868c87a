#include "host_view.hpp"

#include <cerrno>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace polyabi::check {

namespace {

std::optional<mode_t> mode_of(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return {};
  return status.st_mode;
}

errc error_of_host(int number) {
  return number == EACCES ? errc::acces : errc::noent;
}

} // namespace

std::string host_tree::node::below(std::string_view name) const {
  std::string result = path == "/" ? "" : path;
  return result.append("/").append(name);
}

vfs::node_kind host_tree::kind(const node& n) const {
  const mode_t mode = mode_of(n.path).value_or(0);
  return S_ISDIR(mode) ? vfs::node_kind::directory : S_ISLNK(mode) ? vfs::node_kind::link : vfs::node_kind::other;
}

basic_result<host_tree::node, errc> host_tree::lookup(const node& n, std::string_view name) const {
  const node child{n.below(name)};
  if (!mode_of(child.path)) return error_of_host(errno);
  return child;
}

basic_result<host_tree::node, errc> host_tree::parent(const node& n) const {
  const auto slash = n.path.rfind('/');
  return node{slash == 0 || slash == n.path.npos ? "/" : n.path.substr(0, slash)};
}

basic_result<usize, errc> host_tree::name_in_parent(const node& n, char* to, usize limit) const {
  const std::string name = n.path.substr(n.path.rfind('/') + 1);
  return name.copy(to, limit);
}

basic_result<usize, errc> host_tree::read_link(const node& n, char* to, usize limit) const {
  const ssize_t size = ::readlink(n.path.c_str(), to, limit);
  if (size < 0) return error_of_host(errno);
  return static_cast<usize>(size);
}

basic_result<void, errc> host_tree::may_search(const node& n) const {
  if (::access(n.path.c_str(), X_OK) != 0) return errc::acces;
  return {};
}

host_view::host_view(const std::string& emulation_root) {
  std::error_code none;
  host_tree tree;
  root_.native = {"/"};
  if (!emulation_root.empty()) root_.emulation = {std::filesystem::canonical(emulation_root, none).string()};
  here_ = vfs::complete(tree, root_, {{}, {std::filesystem::current_path(none).string()}});
}

std::optional<std::string> host_view::find(std::string_view path) const {
  host_tree tree;
  vfs::found<host_tree::node> out;
  if (!vfs::lookup<vfs::standard_reroot>(tree, root_, here_, path, vfs::existing, out) || !out.where) return {};
  return vfs::front<vfs::standard_reroot>(out.where).path;
}

} // namespace polyabi::check
