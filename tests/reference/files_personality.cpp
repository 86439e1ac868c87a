// The personality that the file tests mount: an emulation root with a few pseudo files.
#include <polyabi/reference/interrupt.hpp>
#include <polyabi/reference/kernel.hpp>
#include <polyabi/simulated/machine.hpp>
#include <polyabi/vfs/pseudo.hpp>

namespace polyabi::tests {

namespace {

using K = reference::kernel;
using context = pseudo_context<K>;

bool name(const context& c, vfs::text_sink& sink) {
  reference::process_info info{};
  if (!polyabi::perform<K>(op::process_info{}, c.reader, c.process, info)) return false;
  sink << info.pid << ' ' << static_cast<const char*>(info.name) << '\n';
  return true;
}
bool self(const context& c, vfs::text_sink& sink) {
  auto pid = polyabi::perform<K>(op::getpid{}, c.reader);
  sink << *pid;
  return static_cast<bool>(pid);
}
bool large(const context&, vfs::text_sink& sink) {
  for (int i = 0; i < 3000; ++i) sink << vfs::padded{static_cast<u64>(i), 4, '0'} << '\n';
  return true;
}
bool mounts(const context& c, vfs::text_sink& sink) {
  reference::mount_info info{};
  char path[256];
  for (u32 i = 0;; ++i) {
    auto more = polyabi::perform<K>(op::next_mount{}, c.reader, i, info, std::span<char>{path});
    if (!more || !*more) return true;
    sink << info.type << ' ' << std::string_view{path, info.path_size} << '\n';
  }
}
char stored[32] = "nothing";
usize stored_size = 7;
bool show(const context&, vfs::text_sink& sink) {
  sink << std::string_view{stored, stored_size};
  return true;
}
errc store(const context&, std::string_view text) {
  if (text.size() > sizeof stored) return errc::inval;
  stored_size = text.copy(stored, sizeof stored);
  return errc::none;
}

constexpr pseudo_entry<K> one_descriptor[] = {pseudo::object<K>("", process_object::descriptor)};
constexpr pseudo_entry<K> descriptors[] = {pseudo::each_descriptor<K>(one_descriptor)};
constexpr pseudo_entry<K> process_entries[] = {
    pseudo::file<K>("name", &name),
    pseudo::object<K>("cwd", process_object::current_directory),
    pseudo::directory<K>("fd", descriptors, 0500),
};
constexpr pseudo_entry<K> proc_entries[] = {
    pseudo::file<K>("large", &large), pseudo::file<K>("mounts", &mounts),       pseudo::writable<K>("setting", &show, &store),
    pseudo::link<K>("self", &self),   pseudo::each_process<K>(process_entries),
};
constexpr pseudo_tree<K> proc{"proc", proc_entries};
constexpr pseudo_mount<K> pseudo_mounts[] = {{"/proc", &proc}};

const abi<K>& personality() {
  static const abi<K> made = [] {
    abi<K> a = simulated::direct_personality;
    a.name = "test";
    a.emulation_root = "/compat/test";
    a.pseudo_mounts = pseudo_mounts;
    return a;
  }();
  return made;
}

} // namespace

} // namespace polyabi::tests

std::span<const polyabi::abi<polyabi::reference::kernel>* const> polyabi::reference::linked_personalities() {
  static const abi<kernel>* const all[]{&tests::personality()};
  return all;
}
