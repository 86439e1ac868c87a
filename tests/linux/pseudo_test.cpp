// /proc against the host's: where our kernel tells the host's facts, the text has to be the host's, and elsewhere its form.
#include "catch.hpp"
#include "pseudo_kernel.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cmath>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

namespace {

using namespace pseudo_test;
namespace proc = polyabi::linux_abi::proc;

std::string host_file(const std::string& path) {
  std::ifstream file{path};
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  std::stringstream in{text};
  for (std::string line; std::getline(in, line);) all.push_back(line);
  return all;
}

std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> all;
  std::stringstream in{text};
  for (std::string word; in >> word;) all.push_back(word);
  return all;
}

std::string shown(thread& t, pseudo::formatter<kernel> format) {
  std::vector<char> buffer(1 << 16);
  vfs::text_sink sink{buffer};
  pseudo_context<kernel> c{t, t.info.pid, t.info.pid, 3};
  REQUIRE(format(c, sink));
  REQUIRE(sink.complete());
  return std::string{sink.text()};
}

/// The parts of a line before its value: "MemTotal:       ", "cpu family\t: ".
std::string label(const std::string& line) { return line.substr(0, line.find(':') + 1); }

/// Every line's label stands in the host's file, in this order.
void check_labels(const std::string& own, const std::string& host) {
  const auto theirs = lines(host);
  auto at = theirs.begin();
  for (const std::string& line : lines(own)) {
    INFO(line);
    const auto found = std::find_if(at, theirs.end(), [&](const std::string& t) { return label(t) == label(line); });
    REQUIRE(found != theirs.end());
    at = found + 1;
  }
}

u64 number(const std::string& text, int base = 10) { return std::stoull(text, nullptr, base); }

} // namespace

TEST_CASE("maps is the host's text") {
  const std::string host = host_file("/proc/self/maps");
  thread t;
  const std::regex form{"([0-9a-f]+)-([0-9a-f]+) (.)(.)(.)(.) ([0-9a-f]+) ([0-9a-f]+):([0-9a-f]+) ([0-9]+) *(.*)"};
  for (const std::string& line : lines(host)) {
    std::smatch m;
    REQUIRE(std::regex_match(line, m, form));
    region r{};
    r.info.start = number(m[1], 16);
    r.info.end = number(m[2], 16);
    r.info.protection = (m[3] == "r" ? 1u : 0u) | (m[4] == "w" ? 2u : 0u) | (m[5] == "x" ? 4u : 0u);
    r.info.flags = m[6] == "s" ? reference::map_flags::shared : reference::map_flags::private_;
    r.info.offset = number(m[7], 16);
    r.info.device = number(m[8], 16) << 32 | number(m[9], 16);
    r.info.inode = number(m[10]);
    r.path = m[11];
    r.info.purpose = r.path == "[heap]" ? region_purpose::heap : r.path == "[stack]" ? region_purpose::stack : region_purpose::file;
    t.regions.push_back(r);
  }
  CHECK(shown(t, &proc::process_maps<kernel>) == host);
}

TEST_CASE("mounts is the host's text") {
  const std::string host = host_file("/proc/self/mounts");
  thread t;
  for (const std::string& line : lines(host)) {
    auto w = words(line);
    REQUIRE(w.size() == 6);
    for (std::string& word : w) word = std::regex_replace(word, std::regex{"\\\\040"}, " ");
    t.mounts.push_back({w[0], w[1], w[2], w[3]});
  }
  t.mounts.push_back({"hidden", "", "tmpfs", "rw"});
  CHECK(shown(t, &proc::mounts<kernel>) == host);
}

TEST_CASE("Blanks in mounts are written in octal") {
  thread t;
  t.mounts.push_back({"a b", "/x\ty", "tmpfs", "rw"});
  CHECK(shown(t, &proc::mounts<kernel>) == "a\\040b /x\\011y tmpfs rw 0 0\n");
}

TEST_CASE("limits is the host's text") {
  thread t;
  using polyabi::resource;
  const std::pair<int, resource> all[] = {
      {RLIMIT_CPU, resource::cpu}, {RLIMIT_FSIZE, resource::fsize}, {RLIMIT_DATA, resource::data}, {RLIMIT_STACK, resource::stack},
      {RLIMIT_CORE, resource::core}, {RLIMIT_RSS, resource::rss}, {RLIMIT_NPROC, resource::nproc}, {RLIMIT_NOFILE, resource::nofile},
      {RLIMIT_MEMLOCK, resource::memlock}, {RLIMIT_AS, resource::as}, {RLIMIT_LOCKS, resource::locks},
      {RLIMIT_SIGPENDING, resource::sigpending}, {RLIMIT_MSGQUEUE, resource::msgqueue}, {RLIMIT_NICE, resource::nice},
      {RLIMIT_RTPRIO, resource::rtprio}, {RLIMIT_RTTIME, resource::rttime}};
  for (const auto& [host, name] : all) {
    rlimit64 l{};
    getrlimit64(static_cast<__rlimit_resource>(host), &l);
    const auto own = [](u64 v) { return v == RLIM64_INFINITY ? reference::resources::infinity : v; };
    t.limits[number_for<kernel_map<kernel, resource>>(name)] = {own(l.rlim_cur), own(l.rlim_max)};
  }
  CHECK(shown(t, &proc::process_limits<kernel>) == host_file("/proc/self/limits"));
}

TEST_CASE("stat has the host's fields") {
  const std::string host = host_file("/proc/self/stat");
  const auto w = words(host.substr(host.rfind(')') + 2));
  thread t;
  auto& i = t.info;
  i.pid = getpid();
  put(i.name, host.substr(host.find('(') + 1, host.rfind(')') - host.find('(') - 1));
  i.state = process_state::running;
  i.ppid = static_cast<i32>(number(w[1]));
  i.pgid = static_cast<i32>(number(w[2]));
  i.sid = static_cast<i32>(number(w[3]));
  i.terminal = u64{proc::major_of(number(w[4]))} << 32 | proc::minor_of(number(w[4]));
  i.terminal_group = std::stoi(w[5]);
  i.utime = number(w[11]) * proc::nanoseconds_a_tick;
  i.stime = number(w[12]) * proc::nanoseconds_a_tick;
  i.nice = std::stoi(w[16]);
  i.threads = std::stoi(w[17]);
  i.start_time = number(w[19]) * proc::nanoseconds_a_tick;
  i.memory = number(w[20]);
  i.stack_start = number(w[25]);
  i.break_start = number(w[44]);
  i.arguments_start = number(w[45]);
  i.arguments_end = number(w[46]);
  i.environment_start = number(w[47]);
  i.environment_end = number(w[48]);

  const std::string own = shown(t, &proc::process_stat<kernel>);
  CHECK(own.substr(0, own.rfind(')')) == host.substr(0, host.rfind(')')));
  const auto v = words(own.substr(own.rfind(')') + 2));
  REQUIRE(v.size() == w.size());
  // Numbered from the state on; left out are faults, resident pages, code and data addresses, signals and scheduling.
  for (const usize n : {0, 1, 2, 3, 4, 5, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 22, 25, 35, 44, 45, 46, 47, 48, 49}) {
    INFO(n);
    CHECK(v[n] == w[n]);
  }
  CHECK(own.back() == '\n');
}

TEST_CASE("status has the host's lines") {
  thread t;
  t.info.pid = getpid();
  t.info.threads = 1;
  t.info.umask = 022;
  put(t.info.name, "pseudo");
  t.info.blocked.add(reference::signals::chld);
  const std::string own = shown(t, &proc::process_status<kernel>);
  check_labels(own, host_file("/proc/self/status"));
  const std::regex form{"[A-Za-z_]+:\t[^\t ][^\t]*(\t[0-9]+)*|VmS?[A-Za-z]*:\t *[0-9]+ kB|Rss[A-Za-z]*:\t *[0-9]+ kB|HugetlbPages:\t *[0-9]+ kB|Groups:\t ?"};
  for (const std::string& line : lines(own)) {
    INFO(line);
    CHECK(std::regex_match(line, form));
  }
  CHECK(own.find("SigBlk:\t0000000000010000\n") != std::string::npos);
  CHECK(own.find("Umask:\t0022\n") != std::string::npos);
  CHECK(own.find("State:\tR (running)\n") == std::string::npos); // it has no state yet
}

TEST_CASE("meminfo has the host's lines") {
  thread t;
  t.status.totalram = u64{24684084} << 10;
  t.status.freeram = u64{1234} << 10;
  const std::string own = shown(t, &proc::memory_information<kernel>);
  check_labels(own, host_file("/proc/meminfo"));
  for (const std::string& line : lines(own)) {
    const bool counts_pages = line.starts_with("HugePages_"); // and not bytes
    CHECK((line.size() == (counts_pages ? 24 : 27) || label(line) == "VmallocTotal:"));
  }
  CHECK(lines(own)[0] == "MemTotal:       24684084 kB");
}

TEST_CASE("cpuinfo tells of the same processor") {
  thread t;
  const std::string host = host_file("/proc/cpuinfo");
  t.status.processors = 1;
  const std::string own = shown(t, &proc::processors<kernel>);
  check_labels(own, host);
  const auto value = [](const std::string& text, const std::string& name) {
    for (const std::string& line : lines(text))
      if (label(line) == name) return line.substr(name.size());
    return std::string{};
  };
  for (const char* same : {"vendor_id\t:", "cpu family\t:", "model\t\t:", "model name\t:", "stepping\t:", "clflush size\t:", "address sizes\t:"})
    CHECK(value(own, same) == value(host, same));
  // The host may change its processor's speed; the time stamps count evenly.
  const double speed = std::stod(value(own, "cpu MHz\t\t:")), host_speed = std::stod(value(host, "cpu MHz\t\t:"));
  CHECK((speed > host_speed / 4 && speed < host_speed * 4));
  CHECK(std::abs(std::stod(value(own, "bogomips\t:")) - 2 * speed) < 0.02);
  const auto host_flags = words(value(host, "flags\t\t:"));
  const std::set<std::string> theirs{host_flags.begin(), host_flags.end()};
  usize unknown = 0;
  for (const std::string& flag : words(value(own, "flags\t\t:"))) unknown += theirs.count(flag) == 0 ? 1 : 0;
  CHECK(unknown <= 8); // Linux leaves out what it has switched off
}

TEST_CASE("Small files have the host's form") {
  thread t;
  t.info.pid = 12;
  t.status.uptime = 3'327'770'000'000;
  t.status.loads[0] = (3 << 16) + (65536 * 38 + 99) / 100;
  t.status.processors = 2;
  t.status.running = 3;
  t.status.procs = 110;
  t.status.last_pid = 29758;
  put(t.info.name, "sh");
  CHECK(shown(t, &proc::uptime<kernel>) == "3327.77 6655.54\n");
  CHECK(shown(t, &proc::load_average<kernel>) == "3.38 0.00 0.00 3/110 29758\n");
  CHECK(shown(t, &proc::processor_list<kernel>) == "0-1\n");
  CHECK(shown(t, &proc::own_process<kernel>) == "12");
  CHECK(shown(t, &proc::own_thread<kernel>) == "12/task/12");
  CHECK(shown(t, &proc::process_name<kernel>) == "sh\n");
  CHECK(shown(t, &proc::host_name<kernel>) == "box\n");
  CHECK(shown(t, &proc::system_type<kernel>) == "Linux\n");
  CHECK(std::regex_match(shown(t, &proc::version<kernel>), std::regex{"Linux version 6\\.1\\.0 \\(.*\\) \\(.*\\) #1 .*\n"}));
  CHECK(std::regex_match(shown(t, &proc::boot_identity<kernel>), std::regex{"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\n"}));
  const auto statistics = lines(shown(t, &proc::statistics<kernel>));
  for (usize n = 0; n < 3; ++n) CHECK(words(statistics[n]).size() == 11);
  check_labels("btime: 1\n", "btime: 2\n");
}

TEST_CASE("fdinfo shows Linux' flags") {
  thread t;
  t.position = 77;
  t.flags = reference::open_flags::rdwr | reference::open_flags::append;
  const std::string own = shown(t, &proc::descriptor_information<kernel>);
  CHECK(lines(own)[0] == "pos:\t77");
  CHECK(lines(own)[1] == "flags:\t02002");
  CHECK(lines(own)[3] == "ino:\t4711");
}

TEST_CASE("groups of processors are shown as lists and as masks") {
  using namespace proc::processor;
  const auto list = [](group g) {
    char text[32];
    vfs::text_sink to{text};
    write_list(to, g);
    return std::string{to.text()};
  };
  const auto mask = [](group g, u32 processors) {
    char text[64];
    vfs::text_sink to{text};
    write_mask(to, g, processors);
    return std::string{to.text()};
  };
  CHECK(list({0, 1}) == "0\n");
  CHECK(list({4, 4}) == "4-7\n");
  CHECK(mask({0, 2}, 2) == "3\n");
  CHECK(mask({1, 1}, 2) == "2\n");
  CHECK(mask({4, 4}, 8) == "f0\n");
  CHECK(mask({0, 64}, 64) == "ffffffff,ffffffff\n");
  CHECK(mask({32, 1}, 40) == "01,00000000\n");
  CHECK(around(5, 4, 6).first == 4);
  CHECK(around(5, 4, 6).count == 2);
  CHECK(around(1, 1, 2).first == 1);
  CHECK(round_up_to_power(3) == 4);
  CHECK(round_up_to_power(1) == 1);
}
