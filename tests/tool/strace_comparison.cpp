// Runs programs on the host under strace and under `polyabi trace`, and compares the two traces call by call: names, arguments,
// results. What cannot be the same on two systems is masked, and all of that is the one list below.
//
//   strace_comparison POLYABI WORKING-DIRECTORY
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace {

struct mask {
  const char* pattern;
  const char* replacement;
  const char* why;
};

/// Everything that is masked. An empty replacement of a whole line drops the line.
const mask masks[] = {
    {R"( +=)", " =", "alignment"},
    {R"(^(execve\(.*), (0x[0-9a-f]+ )?(/\* \d+ vars? \*/)\))", "$1, $3)",
     "the address of the first environment: the system has it from nobody"},
    {R"(0x[0-9a-f]{5,})", "ADDRESS", "addresses"},
    {R"(^brk\(.*)", "brk", "the break"},
    {R"(^(getpid|getppid|gettid|getpgrp|getsid|set_tid_address|setsid)(\(.*\)) = \d+)", "$1$2 = PID", "process ids as results"},
    {R"(^((clone|fork|vfork|wait4)\(.*\)) = [1-9]\d*$)", "$1 = PID", "process ids of children"},
    {R"(^((kill|tgkill|setpgid|getpgid|wait4)\()-?(\d{2,}|[2-9]))", "$1PID", "process ids as arguments"},
    {R"(si_pid=\d+)", "si_pid=PID", "process ids in signals"},
    {R"(si_[us]time=\d+)", "si_time=T", "processor time in signals"},
    {R"(makedev\([^)]*\))", "DEVICE", "device numbers"},
    {R"((st_mode=S_IFDIR\|\d+, st_size)=\d+)", "$1=N", "sizes of directories, which depend on the file system"},
    {R"(stx_mask=[^,]*)", "stx_mask=M", "what statx tells beyond what it was asked for"},
    {R"(tv_n?u?sec=\d+)", "tv=T", "times"},
    {R"(getrandom\("[^"]*")", "getrandom(\"RANDOM\"", "random bytes"},
    {R"(^(clock_gettime|gettimeofday|time|getcpu)\(.*)", "", "calls that the host answers in its vDSO"},
    {R"(^mmap\(NULL, (8192|12288), PROT_READ\|PROT_WRITE, MAP_PRIVATE\|MAP_ANONYMOUS, -1, 0\) = ADDRESS$)", "",
     "the loader's first heap, which it needs earlier where there is a vDSO"},
    {R"rx(^read\(3, "nodev\\tsysfs.*)rx", "read(/proc/filesystems)", "the file systems that each kernel knows"},
    {R"(^sysinfo\(\{.*)", "sysinfo", "uptime, memory and processes of each system"},
    {R"(^rt_sigreturn\(.*)", "rt_sigreturn", "the restored mask and register, which are no arguments"},
    {R"(^--- SIGCHLD .*)", "", "a SIGCHLD that nobody handles is dropped when it is sent; ptrace shows it still"},
};

struct compiled_mask {
  std::regex pattern;
  std::string replacement;
};

std::string masked(std::string line) {
  static const std::vector<compiled_mask> all = [] {
    std::vector<compiled_mask> list;
    for (const mask& m : masks) list.push_back({std::regex{m.pattern}, m.replacement});
    return list;
  }();
  for (const compiled_mask& m : all) line = std::regex_replace(line, m.pattern, m.replacement);
  return line;
}

/// The calls of each process, in the order in which the processes appear: interrupted lines put together, and masked.
std::vector<std::vector<std::string>> read_trace(const std::string& path) {
  std::ifstream in{path};
  std::map<std::string, std::size_t> index;
  std::map<std::string, std::string> unfinished;
  std::vector<std::vector<std::string>> processes;
  for (std::string line; std::getline(in, line);) {
    const auto space = line.find(' ');
    if (space == line.npos) continue;
    const std::string process = line.substr(0, space);
    std::string text = line.substr(line.find_first_not_of(' ', space));
    if (index.emplace(process, processes.size()).second) processes.emplace_back();
    constexpr std::string_view open = " <unfinished ...>";
    if (text.ends_with(open)) {
      unfinished[process] = text.substr(0, text.size() - open.size());
      continue;
    }
    static const std::regex resumed{R"(^<\.\.\. \w+ resumed> ?)"};
    if (std::smatch found; std::regex_search(text, found, resumed)) text = unfinished[process] + found.suffix().str();
    text = masked(text);
    if (!text.empty()) processes[index[process]].push_back(text);
  }
  return processes;
}

struct program {
  const char* name;
  std::vector<std::string> command;
};

const program programs[] = {
    {"ls", {"/bin/busybox", "ls", "/"}},
    {"ls -l", {"/bin/busybox", "ls", "-l", "."}},
    {"echo", {"/bin/busybox", "echo", "some", "words"}},
    {"wc", {"/bin/busybox", "wc", "lines"}},
    {"sort", {"/bin/busybox", "sort", "-r", "lines"}},
    {"head", {"/bin/busybox", "head", "-n", "2", "lines"}},
    {"mkdir", {"/bin/busybox", "mkdir", "-p", "one/two"}},
    {"touch", {"/bin/busybox", "touch", "lines", "new"}},
    {"ln", {"/bin/busybox", "ln", "-s", "lines", "link"}},
    {"chmod", {"/bin/busybox", "chmod", "600", "lines"}},
    {"mv", {"/bin/busybox", "mv", "lines", "moved"}},
    {"rm", {"/bin/busybox", "rm", "-r", "folder"}},
    {"uname", {"/bin/busybox", "uname"}},
    {"id", {"/bin/busybox", "id", "-u"}},
    {"find", {"/bin/busybox", "find", "folder"}},
    {"sh", {"/bin/busybox", "sh", "-c", "x=3; echo $((x * 2)) > out; read line < out; exit $line"}},
    {"sh, a child", {"/bin/busybox", "sh", "-c", "(exit 3); echo $?"}},
    {"sh, a trap", {"/bin/busybox", "sh", "-c", "trap 'echo caught' USR1; kill -USR1 $$; echo after"}},
    {"GNU ls", {"/bin/ls", "folder"}},
    {"GNU cat", {"/bin/cat", "lines"}},
    {"GNU echo", {"/bin/echo", "some", "words"}},
    {"GNU sort", {"/usr/bin/sort", "--parallel=1", "lines"}},
};

/// The same files for each run.
void prepare(const std::filesystem::path& folder) {
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder / "folder");
  for (const char* name : {"b", "a"}) std::ofstream{folder / "folder" / name} << name << '\n';
  std::ofstream lines{folder / "lines"};
  for (const char* text : {"pear", "apple", "fig"}) lines << text << '\n';
}

/// Runs a command in the folder with standard streams that are no terminal and a small environment. Its exit status, -1 if
/// none.
int run(std::vector<std::string> command, const std::filesystem::path& folder) {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    std::vector<char*> arguments;
    for (std::string& one : command) arguments.push_back(one.data());
    arguments.push_back(nullptr);
    static char path[] = "PATH=/usr/bin:/bin", home[] = "HOME=/", locale[] = "LC_ALL=C", pwd[] = "PWD=/";
    char* environment[] = {path, home, locale, pwd, nullptr};
    if (chdir(folder.c_str()) != 0 || std::freopen("/dev/null", "r", stdin) == nullptr ||
        std::freopen("/dev/null", "w", stdout) == nullptr || std::freopen("/dev/null", "w", stderr) == nullptr)
      _exit(126);
    umask(022);
    close_range(3, ~0u, 0);
    execve(arguments[0], arguments.data(), environment);
    _exit(127);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

bool same(const program& p, const std::vector<std::vector<std::string>>& host,
          const std::vector<std::vector<std::string>>& ours) {
  bool good = host.size() == ours.size();
  if (!good) std::printf("  %zu processes on the host, %zu under polyabi\n", host.size(), ours.size());
  for (std::size_t i = 0; i < host.size() && i < ours.size(); ++i) {
    std::size_t line = 0;
    while (line < host[i].size() && line < ours[i].size() && host[i][line] == ours[i][line]) ++line;
    if (line == host[i].size() && line == ours[i].size()) continue;
    good = false;
    std::printf("  process %zu, line %zu:\n    host:    %s\n    polyabi: %s\n", i + 1, line + 1,
                line < host[i].size() ? host[i][line].c_str() : "(the end)",
                line < ours[i].size() ? ours[i][line].c_str() : "(the end)");
  }
  std::size_t calls = 0;
  for (const auto& lines : ours) calls += lines.size();
  std::printf("%s %s (%zu lines)\n", good ? "same" : "DIFFERENT", p.name, calls);
  return good;
}

} // namespace

int main(int argument_count, char** arguments) {
  constexpr int skipped = 77;
  if (argument_count != 3) return 2;
  const std::filesystem::path folder = std::filesystem::absolute(arguments[2]);
  const std::string tool = std::filesystem::absolute(arguments[1]);
  const std::string host_file = folder.string() + ".host", our_file = folder.string() + ".polyabi";
  prepare(folder);
  if (run({"/usr/bin/strace", "-o", host_file, "/bin/true"}, folder) != 0) {
    std::printf("strace does not work here\n");
    return skipped;
  }
  int failed = 0, compared = 0;
  for (const program& p : programs) {
    if (!std::filesystem::exists(p.command[0])) continue;
    std::vector<std::string> on_host{"/usr/bin/strace", "-f", "-o", host_file}, here{tool, "trace", "-o", our_file};
    on_host.insert(on_host.end(), p.command.begin(), p.command.end());
    here.insert(here.end(), p.command.begin(), p.command.end());
    // Whether a child ends before its parent's next call is the scheduler's to say, on both sides: several processes may try
    // again.
    constexpr int attempts = 5;
    bool good = false, alone = false;
    for (int attempt = 0; attempt < attempts && !good && !alone; ++attempt) {
      prepare(folder);
      const int host_status = run(on_host, folder);
      prepare(folder);
      const int our_status = run(here, folder);
      if (host_status != our_status) std::printf("  exit status %d on the host, %d under polyabi\n", host_status, our_status);
      const auto of_host = read_trace(host_file), ours = read_trace(our_file);
      alone = of_host.size() == 1 && ours.size() == 1;
      good = same(p, of_host, ours) && host_status == our_status;
    }
    failed += !good;
    ++compared;
  }
  std::printf("%d programs, %d different\n", compared, failed);
  return failed != 0 || compared < 10;
}
