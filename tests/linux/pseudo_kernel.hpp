// A kernel that tells what the test has put into it: the host's own facts, so that its /proc is what comes out.
#pragma once

#include <polyabi/linux/pseudo.hpp>
#include <polyabi/reference/maps.hpp>
#include <polyabi/reference/structs.hpp>

#include <algorithm>
#include <ctime>
#include <map>
#include <string>
#include <vector>

namespace pseudo_test {

using namespace polyabi;

struct region {
  reference::region_info info;
  std::string path;
};
struct mount {
  std::string source, path, type, options;
};

struct thread {
  reference::process_info info{};
  reference::system_status status{};
  std::map<i32, reference::rlimit> limits;
  std::vector<region> regions;
  std::vector<mount> mounts;
  std::string arguments, host_name = "box";
  i64 position = 0;
  u32 flags = 0;
};

template <class T = void>
using result = basic_result<T, reference::error>;

template <class Text>
void put(Text& to, const std::string& text) {
  std::fill(std::begin(to), std::end(to), '\0');
  std::copy_n(text.begin(), std::min(text.size(), std::size(to) - 1), std::begin(to));
}

struct information {
  static result<> perform(op::process_info, thread& t, i32, reference::process_info& out) { return out = t.info, done{}; }
  static result<i32> perform(op::next_process, thread& t, i32 after) { return after < t.info.pid ? t.info.pid : 0; }
  static result<i32> perform(op::next_thread, thread& t, i32, i32 after) { return after < t.info.pid ? t.info.pid : 0; }
  static result<i32> perform(op::next_descriptor, thread&, i32, i32) { return -1; }
  static result<> perform(op::descriptor_info, thread& t, i32, i32, i64& position, u32& flags, reference::stat& status) {
    status.ino = 4711;
    position = t.position;
    flags = t.flags;
    return {};
  }
  static result<i64> perform(op::process_text, thread& t, i32, polyabi::process_text, std::span<char> out) {
    const usize size = std::min(out.size(), t.arguments.size());
    std::copy_n(t.arguments.begin(), size, out.begin());
    return static_cast<i64>(size);
  }
  static result<i64> perform(op::process_path, thread&, i32, process_object, i32, std::span<char>) { return reference::error::noent; }
  static result<> perform(op::process_limit, thread& t, i32, i32 resource, reference::rlimit& out) { return out = t.limits[resource], done{}; }
  static result<bool> perform(op::next_region, thread& t, i32, u64 address, reference::region_info& out, std::span<char> path) {
    for (const region& r : t.regions) {
      if (r.info.end <= address) continue;
      out = r.info;
      std::copy(r.path.begin(), r.path.end(), path.begin());
      out.path_size = r.path.size();
      return true;
    }
    return false;
  }
  static result<bool> perform(op::next_mount, thread& t, u32 index, reference::mount_info& out, std::span<char> path) {
    if (index >= t.mounts.size()) return false;
    const mount& m = t.mounts[index];
    std::copy(m.path.begin(), m.path.end(), path.begin());
    out = {m.source, m.type, m.options, 0, m.path.size()};
    return true;
  }
  static result<> perform(op::system_names, thread& t, reference::system_names& out) { return put(out.nodename, t.host_name), done{}; }
  static result<> perform(op::system_status, thread& t, reference::system_status& out) { return out = t.status, done{}; }
  static result<> perform(op::clock_get, thread&, i32 clock, reference::timespec& out) {
    out = {1'000'000, 0};
    if (clock != reference::clocks::monotonic) return done{};
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    out = {now.tv_sec, now.tv_nsec};
    return done{};
  }
  static result<i32> perform(op::getpid, thread& t) { return t.info.pid; }
  static result<i32> perform(op::gettid, thread& t) { return t.info.pid; }
  using provides = linux_abi::proc::needs;
};

struct kernel : kernel_of<information> {
  using thread = pseudo_test::thread;
  using error = reference::error;
  using new_descriptor = int;
  using new_descriptor_pair = int;
  using new_child = int;
  template <class Name>
  using map = typename reference::detail::map_for<Name>::type;
  template <class Shape>
  using native = typename reference::detail::native_for<Shape>::type;
};

} // namespace pseudo_test
