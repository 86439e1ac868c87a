// Runs shell lines on the host and under polyabi and compares what they print, byte for byte, and how they end.
//
//   battery --polyabi PROGRAM --busybox PROGRAM [--only TEXT] [--jobs N] FILE...
//   battery --polyabi PROGRAM --shell '/bin/bash -c' FILE...
//   battery ... --root DIRECTORY FILE...         in a root of its own: under chroot, and by `polyabi run --root`
//
// One line of a FILE is one test; lines that begin with # are comments. Each runs in a fresh directory, with a directory of
// busybox' applets first in PATH, and on the host twice: a line that the host itself does not repeat is no test.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace fs = std::filesystem;

namespace {

struct options {
  std::string polyabi, busybox, root, only;
  std::vector<std::string> shell, files;
  unsigned jobs = 2;
  bool host_alone = false, verbose = false;
};

struct outcome {
  std::string out, err, end;
  bool operator==(const outcome&) const = default;
};

constexpr auto time_limit = std::chrono::seconds{40};

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> all;
  std::istringstream in{text};
  for (std::string word; in >> word;) all.push_back(word);
  return all;
}

/// Reads two pipes until both are closed, or until the time is over: false.
bool drain(int out, int err, outcome& o) {
  const auto deadline = std::chrono::steady_clock::now() + time_limit;
  pollfd polled[2] = {{out, POLLIN, 0}, {err, POLLIN, 0}};
  std::string* texts[2] = {&o.out, &o.err};
  while (polled[0].fd >= 0 || polled[1].fd >= 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (left <= 0) return false;
    if (poll(polled, 2, static_cast<int>(left)) < 0) continue;
    for (int i = 0; i < 2; ++i) {
      if (polled[i].fd < 0 || polled[i].revents == 0) continue;
      char buffer[4096];
      const ssize_t n = read(polled[i].fd, buffer, sizeof buffer);
      if (n > 0) texts[i]->append(buffer, static_cast<size_t>(n));
      else polled[i].fd = -1;
      if (texts[i]->size() > 1 << 20) return false;
    }
  }
  return true;
}

outcome run(const std::vector<std::string>& command, const fs::path& directory, const std::vector<std::string>& environment) {
  int out[2], err[2];
  if (pipe2(out, O_CLOEXEC) != 0 || pipe2(err, O_CLOEXEC) != 0) std::abort();
  std::vector<char*> argv, envp;
  for (const auto& a : command) argv.push_back(const_cast<char*>(a.c_str()));
  for (const auto& e : environment) envp.push_back(const_cast<char*>(e.c_str()));
  argv.push_back(nullptr);
  envp.push_back(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    setsid();
    signal(SIGPIPE, SIG_DFL);
    umask(022);
    if (chdir(directory.c_str()) != 0) _exit(127);
    const int nothing = open("/dev/null", O_RDONLY);
    dup2(nothing, 0);
    dup2(out[1], 1);
    dup2(err[1], 2);
    close_range(3, ~0U, 0);
    execve(argv[0], argv.data(), envp.data());
    _exit(127);
  }
  close(out[1]);
  close(err[1]);
  outcome o;
  const bool in_time = drain(out[0], err[0], o);
  close(out[0]);
  close(err[0]);
  if (!in_time) kill(-child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  if (!in_time) o.end = "did not end in time";
  else if (WIFEXITED(status)) o.end = "exit " + std::to_string(WEXITSTATUS(status));
  else o.end = "signal " + std::to_string(WTERMSIG(status));
  return o;
}

/// A directory that each run finds empty, under the same name on both systems.
class workplace {
public:
  explicit workplace(const options& o) : options_{o} {
    char name[] = "/tmp/polyabi-battery-XXXXXX";
    if (mkdtemp(name) == nullptr) std::abort();
    top_ = name;
    std::string path = o.root.empty() ? "/usr/local/bin:/usr/bin:/bin" : "/usr/sbin:/usr/bin:/sbin:/bin";
    if (!o.busybox.empty()) {
      path = (top_ / "applets").string() + ":" + path;
      fs::create_directory(top_ / "applets");
      std::vector<std::string> list{o.busybox, "--list"};
      if (!o.root.empty()) list.insert(list.begin(), {"/usr/sbin/chroot", o.root});
      std::istringstream names{run(list, "/", {}).out};
      for (std::string applet; std::getline(names, applet);) fs::create_symlink(o.busybox, top_ / "applets" / applet);
    }
    environment_ = {"PATH=" + path, "HOME=" + (top_ / "work").string(), "LC_ALL=C", "TZ=UTC", "TERM=dumb", "USER=tester"};
  }
  ~workplace() {
    std::error_code ignored;
    fs::remove_all(top_, ignored);
  }

  outcome host(const std::string& line) {
    std::vector<std::string> command = shell(line);
    if (!options_.root.empty()) {
      // The root as a system of its own, with the host's /tmp, in a mount namespace that ends with the command.
      static const std::string enter = "mount --rbind \"$0\" \"$0\" && mount --bind /tmp \"$0/tmp\" && mount -t proc proc \"$0/proc\" && mount --rbind /sys \"$0/sys\" && mount --rbind /dev \"$0/dev\" && "
                                       "work=$PWD && exec /usr/sbin/chroot \"$0\" /usr/bin/env -C \"$work\" \"$@\"";
      command.insert(command.begin(), {"/usr/bin/unshare", "-m", "/bin/sh", "-c", enter, options_.root});
    }
    return fresh(command);
  }
  outcome polyabi(const std::string& line) {
    std::vector<std::string> command = shell(line);
    if (!options_.root.empty()) command.insert(command.begin(), {"--root", options_.root});
    command.insert(command.begin(), {options_.polyabi, "run"});
    return fresh(command);
  }

private:
  std::vector<std::string> shell(const std::string& line) const {
    std::vector<std::string> command = options_.shell;
    if (command.empty()) command = {options_.busybox, "sh", "-c"};
    command.push_back(line);
    return command;
  }
  outcome fresh(const std::vector<std::string>& command) {
    const fs::path work = top_ / "work";
    std::error_code ignored;
    fs::remove_all(work, ignored);
    fs::create_directory(work);
    return run(command, work, environment_);
  }

  const options& options_;
  fs::path top_;
  std::vector<std::string> environment_;
};

void show_difference(const char* what, const std::string& host, const std::string& own) {
  if (host == own) return;
  const auto indented = [](const std::string& text) {
    std::string shown = "      ";
    for (const char c : text.substr(0, 2000)) {
      shown += c;
      if (c == '\n') shown += "      ";
    }
    return shown;
  };
  std::cout << "    " << what << " of the host:\n" << indented(host) << "\n    " << what << " of polyabi:\n" << indented(own) << "\n";
}

std::vector<std::string> read_lines(const options& o) {
  std::vector<std::string> all;
  for (const auto& file : o.files) {
    std::ifstream in{file};
    if (!in) {
      std::cerr << "battery: cannot read " << file << "\n";
      std::exit(2);
    }
    for (std::string line; std::getline(in, line);)
      if (!line.empty() && line[0] != '#' && line.find(o.only) != std::string::npos) all.push_back(line);
  }
  return all;
}

options parse(int argc, char** argv) {
  options o;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const auto value = [&] { return i + 1 < argc ? std::string{argv[++i]} : std::string{}; };
    if (word == "--polyabi") o.polyabi = fs::absolute(value());
    else if (word == "--busybox") o.busybox = fs::absolute(value());
    else if (word == "--root") o.root = fs::absolute(value());
    else if (word == "--only") o.only = value();
    else if (word == "--shell") o.shell = words(value());
    else if (word == "--jobs") o.jobs = static_cast<unsigned>(std::stoul(value()));
    else if (word == "--host") o.host_alone = true;
    else if (word == "--verbose") o.verbose = true;
    else o.files.push_back(word);
  }
  if ((o.polyabi.empty() && !o.host_alone) || (o.busybox.empty() && o.shell.empty()) || o.files.empty()) {
    std::cerr << "usage: battery --polyabi PROGRAM (--busybox PROGRAM | --shell 'PROGRAM -c') [--root DIRECTORY]\n"
                 "               [--only TEXT] [--jobs N] [--host] [--verbose] FILE...\n";
    std::exit(2);
  }
  return o;
}

} // namespace

int main(int argc, char** argv) {
  const options o = parse(argc, argv);
  const auto lines = read_lines(o);
  std::atomic<size_t> next{0}, failed{0};
  std::mutex printing;
  const auto work = [&] {
    workplace place{o};
    for (size_t i; (i = next++) < lines.size();) {
      const outcome first = place.host(lines[i]), again = place.host(lines[i]);
      const bool repeats = first == again;
      const outcome own = o.host_alone || !repeats ? first : place.polyabi(lines[i]);
      const std::scoped_lock lock{printing};
      if (o.verbose) std::cout << "$ " << lines[i] << "\n" << first.out << first.err << "[" << first.end << "]\n";
      if (repeats && own == first) continue;
      ++failed;
      std::cout << "FAIL " << lines[i] << "\n";
      if (!repeats) std::cout << "    the host does not repeat it: not a test\n";
      show_difference("stdout", first.out, repeats ? own.out : again.out);
      show_difference("stderr", first.err, repeats ? own.err : again.err);
      show_difference("the end", first.end, repeats ? own.end : again.end);
      std::cout << std::flush;
    }
  };
  std::vector<std::thread> workers;
  for (unsigned n = 0; n < o.jobs; ++n) workers.emplace_back(work);
  for (auto& w : workers) w.join();
  std::cout << lines.size() - failed << " of " << lines.size() << " lines are the same on both\n";
  return failed == 0 ? 0 : 1;
}
