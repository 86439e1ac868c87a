// The same walk by hand: both roots in step, links, `..`, the way out by `/../`.
#include "../paths.hpp"

#include <cstring>

namespace bench {
namespace {

using node_of = path_tree::node;

node_of front(const place& p) {
  return p.emulation != nullptr ? p.emulation : p.native;
}

struct walker {
  const place& roots;
  place here;
  bool native_only;
  int links;
  char text[vfs::path_limit];

  walker(const place& both, const place& from, bool alone = false, int followed = 0)
      : roots{both}, here{from}, native_only{alone}, links{followed} {}

  place top() const { return native_only ? place{nullptr, roots.native} : roots; }

  errc look(std::string_view name, place& child) {
    if (here.emulation != nullptr) {
      if (auto may = path_tree::may_search(here.emulation); !may) return may.error();
      auto own = path_tree::lookup(here.emulation, name);
      if (own) {
        child = {*own, nullptr};
        if (here.native == nullptr || path_tree::kind(*own) != vfs::node_kind::directory || path_tree::is_opaque(*own))
          return errc::none;
        if (!path_tree::may_search(here.native)) return errc::none;
        auto other = path_tree::lookup(here.native, name);
        if (other && path_tree::kind(*other) == vfs::node_kind::link) other = behind(*other);
        if (other && path_tree::kind(*other) == vfs::node_kind::directory) child.native = *other;
        return errc::none;
      }
      if (own.error() != errc::noent || here.native == nullptr) return own.error();
    }
    if (auto may = path_tree::may_search(here.native); !may) return may.error();
    auto found = path_tree::lookup(here.native, name);
    if (!found) return found.error();
    child = {nullptr, *found};
    return errc::none;
  }

  basic_result<node_of, errc> behind(node_of link) {
    char target[vfs::path_limit];
    auto size = path_tree::read_link(link, target, sizeof target - 1);
    if (!size) return size.error();
    const place alone{nullptr, roots.native};
    walker other{alone, place{nullptr, here.native}, true, links + 1};
    place out, directory;
    char name[vfs::name_limit + 1];
    if (errc e = other.run({target, *size}, out, directory, name); e != errc::none) return e;
    return out.native;
  }

  errc up() {
    if (here.native == roots.native || here.emulation == roots.emulation) {
      here = top();
      return errc::none;
    }
    if (here.emulation != nullptr) {
      auto above = path_tree::parent(here.emulation);
      if (!above) return above.error();
      here.emulation = *above;
    }
    if (here.native != nullptr) {
      auto above = path_tree::parent(here.native);
      if (!above) return above.error();
      here.native = *above;
    }
    if (here.emulation == roots.emulation || here.native == roots.native) here = top();
    return errc::none;
  }

  errc run(std::string_view path, place& out, place& directory, char* last_name) {
    if (path.empty()) return errc::noent;
    if (path.size() >= vfs::path_limit) return errc::nametoolong;
    if (path.front() == '/') {
      native_only = native_only || path.starts_with("/../") || path == "/..";
      here = top();
    }
    const char* at = path.data();
    const char* end = at + path.size();
    for (;;) {
      while (at != end && *at == '/') ++at;
      if (at == end) break;
      const char* from = at;
      while (at != end && *at != '/') ++at;
      const std::string_view name{from, static_cast<usize>(at - from)};
      const bool slash = at != end;
      const char* rest = at;
      while (rest != end && *rest == '/') ++rest;
      const bool last = rest == end;
      if (path_tree::kind(front(here)) != vfs::node_kind::directory) return errc::notdir;
      if (name == "." || name == "..") {
        if (auto may = path_tree::may_search(front(here)); !may) return may.error();
        if (name == "..")
          if (errc e = up(); e != errc::none) return e;
        continue;
      }
      if (name.size() > vfs::name_limit) return errc::nametoolong;
      place child;
      if (errc e = look(name, child); e != errc::none) return e;
      const auto kind = path_tree::kind(front(child));
      if (kind == vfs::node_kind::link) {
        if (++links > static_cast<int>(vfs::link_limit)) return errc::loop;
        const auto left = static_cast<usize>(end - at);
        std::memmove(text + vfs::path_limit - left, at, left);
        auto size = path_tree::read_link(front(child), text, vfs::path_limit - left);
        if (!size) return size.error();
        if (*size == 0) return errc::noent;
        if (*size + left >= vfs::path_limit) return errc::nametoolong;
        std::memmove(text + *size, text + vfs::path_limit - left, left);
        at = text;
        end = text + *size + left;
        if (*at == '/') here = top();
        continue;
      }
      if ((!last || slash) && kind != vfs::node_kind::directory) return errc::notdir;
      if (!last) {
        here = child;
        continue;
      }
      directory = here;
      std::memcpy(last_name, name.data(), name.size());
      last_name[name.size()] = 0;
      out = child;
      return errc::none;
    }
    out = here;
    directory = {};
    return errc::none;
  }
};

} // namespace

errc hand_written_lookup(std::string_view path, place& out) {
  static const place roots = both_roots();
  walker w{roots, roots};
  place directory;
  char name[vfs::name_limit + 1];
  return w.run(path, out, directory, name);
}

} // namespace bench
