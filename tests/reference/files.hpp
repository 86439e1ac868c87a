// A small system with files: a fresh host directory as the root, and one guest in it.
#pragma once

#include "guests.hpp"

#include <polyabi/reference/interrupt.hpp>
#include <polyabi/reference/mount.hpp>
#include <polyabi/simulated/host_questions.hpp>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>

namespace polyabi::tests {

namespace flag = reference::open_flags;
inline constexpr i32 here = reference::at::current_directory;

/// A file of the host's.
inline void write_file(const std::filesystem::path& path, std::string_view text) {
  std::ofstream(path) << text;
}

/// How often the host is asked meanwhile.
template <class Work>
u64 questions_of(Work work) {
  const u64 before = simulated::host_questions();
  work();
  return simulated::host_questions() - before;
}

/// Host directories "root" (the root mount) and "emulation" (at the test personality's emulation root, if asked for).
class file_world {
public:
  explicit file_world(bool with_emulation_directory = false) : top_{make_top()} {
    std::filesystem::create_directories(top_ / "emulation");
    simulated::configure({top_.string()});
    const std::string directory = "/emulation";
    const reference::boot_options::emulation emulation{"test", directory};
    reference::boot_options options;
    options.host_root = "/";
    if (with_emulation_directory) options.emulations = {&emulation, 1};
    with_lock([&] {
      if (!reference::mount_all(options)) throw std::runtime_error("mount_all");
      reference::path_context& paths = *process_->process().paths;
      paths.root = paths.current = {{}, reference::mounts::root()};
      paths.umask = 022;
    });
  }
  ~file_world() {
    with_lock([&] {
      *process_->process().paths = {};
      if (process_->process().descriptors) process_->process().descriptors->close_all();
      reference::mounts::clear();
    });
    std::filesystem::remove_all(top_);
  }

  guest& user() { return *process_; }
  const std::filesystem::path& host() const { return top_; }
  void enter_emulation() {
    with_lock([&] { reference::namei::enter_emulation(*process_->process().paths, "/compat/test"); });
  }
  void become(u32 id) {
    reference::credentials& c = process_->process().identity;
    c.ruid = c.euid = c.suid = c.rgid = c.egid = c.sgid = id;
  }

  /// Descriptor, or minus the error.
  i32 open(std::string_view path, u32 flags = flag::rdonly, u32 mode = 0644, i32 directory = here) {
    i32 number = -1;
    user().system_call([&](reference::thread& t) {
      auto opened = polyabi::perform<reference::kernel>(op::open{}, t, directory, path, flags, mode);
      number = opened ? detail::derived_entry::commit(*opened) : -static_cast<i32>(opened.error());
    });
    return number;
  }
  error open_error(std::string_view path, u32 flags = flag::rdonly) {
    const i32 number = open(path, flags);
    if (number >= 0) close(number);
    return number < 0 ? static_cast<error>(-number) : error::none;
  }
  void close(i32 descriptor) { (void)perform(user(), op::close{}, descriptor); }
  std::string read(i32 descriptor, usize size = 4096) {
    const u64 address = user().allocate(size);
    const user_bytes part{address, size};
    const auto got = perform(user(), op::read{}, descriptor, user_vector{&part, 1});
    return got ? user().get_text(address, static_cast<usize>(*got)) : "error " + std::to_string(static_cast<int>(got.error()));
  }
  i64 write(i32 descriptor, std::string_view text) {
    const user_bytes part{user().put_text(text), text.size()};
    const auto put = perform(user(), op::write{}, descriptor, user_vector{&part, 1});
    return put ? *put : -static_cast<i64>(put.error());
  }
  std::string content(std::string_view path) {
    const i32 descriptor = open(path);
    if (descriptor < 0) return "error " + std::to_string(-descriptor);
    std::string text = read(descriptor);
    close(descriptor);
    return text;
  }
  error make(std::string_view path, std::string_view text = "") {
    const i32 descriptor = open(path, flag::wronly | flag::creat | flag::trunc);
    if (descriptor < 0) return static_cast<error>(-descriptor);
    write(descriptor, text);
    close(descriptor);
    return error::none;
  }
  error mkdir(std::string_view path, u32 mode = 0755) { return perform(user(), op::mkdir{}, here, path, mode).error(); }
  error unlink(std::string_view path) { return perform(user(), op::unlink{}, here, path, 0u).error(); }
  error rmdir(std::string_view path) { return perform(user(), op::unlink{}, here, path, reference::at::removedir).error(); }
  error rename(std::string_view from, std::string_view to) {
    return perform(user(), op::rename{}, here, from, here, to).error();
  }
  error link(std::string_view from, std::string_view to) {
    return perform(user(), op::link{}, here, from, here, to, 0u).error();
  }
  error symlink(std::string_view target, std::string_view path) {
    return perform(user(), op::symlink{}, target, here, path).error();
  }
  error chdir(std::string_view path) { return perform(user(), op::chdir{}, path).error(); }
  error status(std::string_view path, reference::stat& out, u32 at_flags = 0) {
    return perform(user(), op::stat{}, here, path, at_flags, out).error();
  }
  std::string link_text(std::string_view path) {
    const user_bytes into{user().allocate(256), 256};
    const auto size = perform(user(), op::readlink{}, here, path, into);
    return size ? user().get_text(into.address, static_cast<usize>(*size))
                : "error " + std::to_string(static_cast<int>(size.error()));
  }
  std::string current_directory() {
    const user_bytes into{user().allocate(256), 256};
    const auto size = perform(user(), op::getcwd{}, into);
    return size ? user().get_text(into.address, static_cast<usize>(*size) - 1) : "error";
  }
  std::vector<std::string> list(std::string_view path) {
    const i32 descriptor = open(path, flag::directory);
    std::vector<std::string> names;
    if (descriptor < 0) return names;
    const directory_visitor visitor{[](void* state, const directory_entry& e) {
                                      static_cast<std::vector<std::string>*>(state)->emplace_back(e.name);
                                      return true;
                                    },
                                    &names};
    (void)perform(user(), op::read_directory{}, descriptor, visitor);
    close(descriptor);
    std::sort(names.begin(), names.end());
    return names;
  }
  template <class Work>
  static void with_lock(Work work) {
    reference::kernel_lock::acquire();
    work();
    reference::kernel_lock::release();
  }

private:
  static std::filesystem::path make_top() {
    std::string text = (std::filesystem::temp_directory_path() / "polyabi-files-XXXXXX").string();
    if (mkdtemp(text.data()) == nullptr) throw std::runtime_error("mkdtemp");
    return text;
  }

  std::filesystem::path top_;
  simulated::fresh_process process_;
};

using names = std::vector<std::string>;

} // namespace polyabi::tests
