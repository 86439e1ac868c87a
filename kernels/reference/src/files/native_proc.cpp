// The kernel's own /proc.
#include "native_proc.hpp"

#include <polyabi/reference/device_numbers.hpp>

namespace polyabi::reference {

namespace {

using context = pseudo_context<kernel>;
using vfs::text_sink;

bool own_id(const context& c, text_sink& out) {
  auto pid = kernel::perform(op::getpid{}, c.reader);
  if (pid) out << *pid;
  return static_cast<bool>(pid);
}

void seconds(text_sink& out, u64 ns) { out << ns / 1'000'000'000 << ',' << vfs::padded{ns / 1000 % 1'000'000, 6, '0'}; }

/// "status" of procfs(5): one line.
bool status(const context& c, text_sink& out) {
  process_info p{};
  if (!kernel::perform(op::process_info{}, c.reader, c.process, p)) return false;
  out << static_cast<const char*>(p.name) << ' ' << p.pid << ' ' << p.ppid << ' ' << p.pgid << ' ' << p.sid << ' ';
  if (p.terminal != 0) out << device_major(p.terminal) << ',' << device_minor(p.terminal);
  else out << '-';
  out << ' ' << (p.terminal != 0 ? "ctty" : "") << (p.terminal != 0 && p.sid == p.pid ? "," : "")
      << (p.sid == p.pid ? "sldr" : p.terminal != 0 ? "" : "noflags") << ' ';
  seconds(out, p.start_time);
  out << ' ';
  seconds(out, p.utime);
  out << ' ';
  seconds(out, p.stime);
  out << ' ' << (p.state == process_state::sleeping ? "wait" : "nochan") << ' ' << p.ids.euid << ' ' << p.ids.ruid << ','
      << p.ids.rgid;
  for (u32 i = 0; i < p.group_count; ++i) out << ',' << p.groups[i];
  out << " -\n";
  return true;
}

bool command_line(const context& c, text_sink& out) {
  char text[512];
  auto size = kernel::perform(op::process_text{}, c.reader, c.process, polyabi::process_text::arguments, std::span<char>{text});
  if (!size) return false;
  out << std::string_view{text, static_cast<usize>(*size)};
  return true;
}

/// "map" of procfs(5), without what this kernel does not count: start, end, access, kind, path.
bool map(const context& c, text_sink& out) {
  region_info r{};
  char path[512];
  for (u64 address = 0;; address = r.end) {
    auto more = kernel::perform(op::next_region{}, c.reader, c.process, address, r, std::span<char>{path});
    if (!more) return false;
    if (!*more) return true;
    out << "0x" << vfs::hex{r.start} << " 0x" << vfs::hex{r.end} << ' ' << ((r.protection & protections::read) != 0 ? 'r' : '-')
        << ((r.protection & protections::write) != 0 ? 'w' : '-') << ((r.protection & protections::exec) != 0 ? 'x' : '-')
        << (r.purpose == region_purpose::file ? " vnode " : " default ")
        << (r.path_size != 0 ? std::string_view{path, r.path_size} : std::string_view{"-"}) << '\n';
  }
}

bool mounted(const context& c, text_sink& out) {
  mount_info m{};
  char path[512];
  for (u32 index = 0;; ++index) {
    auto more = kernel::perform(op::next_mount{}, c.reader, index, m, std::span<char>{path});
    if (!more || !*more) return true;
    if (m.path_size == 0) continue;
    out << m.source << ' ' << std::string_view{path, m.path_size} << ' ' << m.type << ' ' << m.options << '\n';
  }
}

constexpr pseudo_entry<kernel> one_descriptor[] = {pseudo::object<kernel>("", process_object::descriptor)};
constexpr pseudo_entry<kernel> descriptors[] = {pseudo::each_descriptor<kernel>(one_descriptor)};
constexpr pseudo_entry<kernel> process_entries[] = {
    pseudo::file<kernel>("cmdline", &command_line),
    pseudo::object<kernel>("cwd", process_object::current_directory),
    pseudo::directory<kernel>("fd", descriptors, 0500),
    pseudo::object<kernel>("file", process_object::executable),
    pseudo::file<kernel>("map", &map, 0400),
    pseudo::object<kernel>("root", process_object::root_directory),
    pseudo::file<kernel>("status", &status),
};
constexpr pseudo_entry<kernel> entries[] = {
    pseudo::link<kernel>("curproc", &own_id),
    pseudo::file<kernel>("mounts", &mounted),
    pseudo::link<kernel>("self", &own_id),
    pseudo::each_process<kernel>(process_entries),
};

} // namespace

constinit const pseudo_tree<kernel> native_proc{"procfs", entries};

} // namespace polyabi::reference
