// The directories of the device file system: its root, the pseudo-terminals, and the empty ones.
#include <devices/device_nodes.hpp>

#include <polyabi/reference/devices.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/text_writer.hpp>

namespace polyabi::reference {

namespace {

using kind = device_row::kind;
namespace numbers = device_numbers;

constexpr device_row rows[] = {
    {"null", kind::null, numbers::null},
    {"zero", kind::zero, numbers::zero},
    {"full", kind::full, numbers::full},
    {"random", kind::random, numbers::random},
    {"urandom", kind::random, numbers::urandom},
    {"tty", kind::tty, numbers::tty},
    {"console", kind::console, numbers::console},
    {"ptmx", kind::ptmx, numbers::ptmx},
    {"pts", kind::slaves, 0, 0755},
    {"net", kind::network, 0, 0755},
    {"shm", kind::directory, 0, 01777},
    {"fd", kind::link, 0, 0777, "/proc/self/fd"},
    {"stdin", kind::link, 0, 0777, "/proc/self/fd/0"},
    {"stdout", kind::link, 0, 0777, "/proc/self/fd/1"},
    {"stderr", kind::link, 0, 0777, "/proc/self/fd/2"},
};
constexpr usize row_count = sizeof rows / sizeof rows[0];
constexpr device_row tunnel_row{"tun", kind::tunnel, numbers::tunnel};

constinit vnode* the_root = nullptr;

constexpr u8 type_of(const device_row& row) {
  const u32 type = row.is == kind::link                                  ? file_modes::lnk
                   : row.is == kind::slaves || row.is == kind::network || row.is == kind::directory ? file_modes::dir
                                                                         : file_modes::chr;
  return static_cast<u8>(type >> 12);
}

/// Nothing is made or removed here by name.
struct fixed_directory : device_vnode {
  using device_vnode::device_vnode;
  result<ref<vnode>> create(std::string_view, u32, const credentials&) override { return error::perm; }
  result<ref<vnode>> make_directory(std::string_view, u32, const credentials&) override { return error::perm; }
  result<ref<vnode>> make_node(std::string_view, u32, u64, const credentials&) override { return error::perm; }
  result<> make_symbolic_link(std::string_view, std::string_view, const credentials&) override { return error::perm; }
  result<> link(std::string_view, vnode&) override { return error::perm; }
  result<> remove(std::string_view, bool) override { return error::perm; }
  result<> rename(std::string_view, vnode&, std::string_view, renaming) override { return error::perm; }
};

struct root_directory final : fixed_directory {
  ref<vnode> children[row_count];

  root_directory() : fixed_directory{file_modes::dir, root_inode, 0755} {}
  void release() override { heap::destroy(this); }

  result<ref<vnode>> parent() override { return ref<vnode>{this}; }
  result<ref<vnode>> lookup(std::string_view name) override {
    for (usize i = 0; i < row_count; ++i)
      if (rows[i].name == name) return children[i];
    return error::noent;
  }
  result<> read_entries(i64 position, directory_visitor visitor) override {
    for (usize i = position < 0 ? 0 : static_cast<usize>(position); i < row_count; ++i)
      if (!visitor.visit(visitor.state, {first_row_inode + i, static_cast<i64>(i) + 1, type_of(rows[i]), rows[i].name})) break;
    return {};
  }
};

struct named_directory : fixed_directory {
  const device_row& row;

  named_directory(const device_row& r, u64 inode_number) : fixed_directory{file_modes::dir, inode_number, r.mode}, row{r} {}
  result<ref<vnode>> parent() override { return ref<vnode>{the_root}; }
  result<usize> name_in_parent(char* to, usize limit) override { return text_writer{to, limit}.add(row.name).size(); }
};

struct empty_directory final : named_directory {
  using named_directory::named_directory;
  void release() override { heap::destroy(this); }
  result<ref<vnode>> lookup(std::string_view) override { return error::noent; }
  result<> read_entries(i64, directory_visitor) override { return {}; }
};

/// What the network has of devices.
struct network_directory final : named_directory {
  ref<vnode> tunnel;

  network_directory(const device_row& r, u64 inode_number)
      : named_directory{r, inode_number}, tunnel{make_device_node(tunnel_row, first_row_inode + row_count)} {}
  void release() override { heap::destroy(this); }
  result<ref<vnode>> lookup(std::string_view name) override {
    return name == tunnel_row.name && tunnel ? result<ref<vnode>>{tunnel} : result<ref<vnode>>{error::noent};
  }
  result<> read_entries(i64 position, directory_visitor visitor) override {
    if (position <= 0) (void)visitor.visit(visitor.state, {first_row_inode + row_count, 1, type_of(tunnel_row), tunnel_row.name});
    return {};
  }
};

result<> statistics_of_slaves(statfs& out) {
  auto got = the_root->statistics(out);
  out.type = file_system_types::slaves;
  return got;
}

/// The slave of a pair. Its attributes live in the terminal, so that they outlast this vnode.
struct slave_node final : vnode {
  ref<pseudo_terminal> pair;

  explicit slave_node(pseudo_terminal* p) : vnode{file_modes::chr}, pair{p} {}
  void release() override { heap::destroy(this); }
  result<> attributes(stat& out) override {
    out = {};
    out.dev = device();
    out.ino = inode();
    out.nlink = 1;
    out.mode = type | pair->mode;
    out.uid = pair->uid;
    out.gid = pair->gid;
    out.blksize = 1024;
    out.rdev = pair->device();
    out.atime = pair->accessed;
    out.mtime = out.ctime = out.birthtime = pair->modified;
    return {};
  }
  result<> change(const attribute_change& c) override {
    apply(c, pair->mode, pair->uid, pair->gid, pair->accessed, pair->modified);
    return {};
  }
  result<ref<file>> open(u32 flags) override { return pair->open_slave(ref<vnode>{this}, flags); }
  result<> statistics(statfs& out) override { return statistics_of_slaves(out); }
  u64 device() const override { return file_system_ids::devices; }
  u64 inode() const override { return first_slave_inode + pair->number; }
};

/// The number a name stands for, or -1: no sign, no leading zeroes.
i32 number_of(std::string_view name) {
  if (name.empty() || name.size() > 3 || (name[0] == '0' && name.size() > 1)) return -1;
  i32 number = 0;
  for (const char c : name) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

result<ref<vnode>> find_slave(u32 number) {
  pseudo_terminal* pair = pseudo_terminal::find(number);
  if (pair == nullptr) return error::noent;
  auto* node = heap::create<slave_node>(pair);
  if (node == nullptr) return error::nomem;
  return ref<vnode>{node};
}

struct slave_directory final : named_directory {
  using named_directory::named_directory;
  void release() override { heap::destroy(this); }
  result<> statistics(statfs& out) override { return statistics_of_slaves(out); }

  result<ref<vnode>> lookup(std::string_view name) override {
    const i32 number = number_of(name);
    return number >= 0 ? find_slave(static_cast<u32>(number)) : error::noent;
  }
  result<> read_entries(i64 position, directory_visitor visitor) override {
    u32 number = position < 0 ? 0 : static_cast<u32>(position);
    while (const pseudo_terminal* pair = pseudo_terminal::next(number)) {
      char digits[4];
      const std::string_view name{digits, text_writer{digits, sizeof digits}.add_number(pair->number).size()};
      number = pair->number + 1;
      if (!visitor.visit(visitor.state, {first_slave_inode + pair->number, number, file_modes::chr >> 12, name})) break;
    }
    return {};
  }
};

ref<vnode> make_child(const device_row& row, u64 inode) {
  switch (row.is) {
  case kind::link: return make_device_link(row, inode);
  case kind::network: return ref<vnode>{heap::create<network_directory>(row, inode)};
  case kind::slaves: return ref<vnode>{heap::create<slave_directory>(row, inode)};
  case kind::directory: return ref<vnode>{heap::create<empty_directory>(row, inode)};
  default: return make_device_node(row, inode);
  }
}

} // namespace

ref<vnode> device_root() {
  if (the_root != nullptr) return ref<vnode>{the_root};
  auto* made = heap::create<root_directory>();
  if (made == nullptr) return nullptr;
  ref<vnode> root{made};
  for (usize i = 0; i < row_count; ++i) {
    made->children[i] = make_child(rows[i], first_row_inode + i);
    if (!made->children[i]) return nullptr;
  }
  the_root = ref<vnode>{root}.leak();
  return root;
}

result<ref<file>> open_device(u64 number, u32 flags) {
  const auto node = [&]() -> result<ref<vnode>> {
    if (device_major(number) == numbers::slave_major) return find_slave(device_minor(number));
    const ref<vnode> root = device_root();
    if (!root) return error::nomem;
    if (number == numbers::tunnel) return make_device_node(tunnel_row, first_row_inode + row_count);
    for (const device_row& row : rows) {
      if (row.device == number && type_of(row) == file_modes::chr >> 12) return root->lookup(row.name);
    }
    return error::nodev;
  }();
  if (!node) return node.error() == error::noent ? error::nxio : node.error();
  return (*node)->open(flags);
}

} // namespace polyabi::reference
