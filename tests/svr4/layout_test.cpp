// Every structure of the tables against what the headers of its systems say (layouts.txt). The tables of the personality and of all
// variants are iterated, and so are the headers that state structures: one that has no line there fails, and a line without one, too.
#include "catch.hpp"

#include <polyabi/facilities/streams/drivers/internet.hpp>
#include <polyabi/facilities/streams/modules/timod.hpp>
#include <polyabi/facilities/streams/tpi/options.hpp>
#include <polyabi/facilities/streams/tpi/primitives.hpp>
#include <polyabi/reference/kernel.hpp>
#include <polyabi/svr4/variants/all.hpp>
#include <polyabi/testing/stated_names.hpp>
#include <polyabi/testing/tables.hpp>

#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace {

using namespace polyabi;
using K = reference::kernel;
using M = ilp32_i386;
namespace tpi = streams::tpi;

struct expected_field {
  usize offset = 0, size = 4;
};
struct expected_layout {
  usize size = 0;
  std::map<std::string, expected_field> fields;
};

/// "name size field@offset[size] ..." on each line.
std::map<std::string, expected_layout> read_layouts() {
  std::map<std::string, expected_layout> all;
  std::ifstream in{POLYABI_SVR4_LAYOUTS};
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words{line};
    std::string name, field;
    expected_layout layout;
    words >> name >> layout.size;
    while (words >> field) {
      const auto at = field.find('@'), bracket = field.find('[');
      expected_field& f = layout.fields[field.substr(0, at)];
      f.offset = std::stoul(field.substr(at + 1));
      if (bracket != std::string::npos) f.size = std::stoul(field.substr(bracket + 1));
    }
    CHECK(all.emplace(name, layout).second);
  }
  return all;
}

/// Compares each structure that it is shown with its line.
class comparer {
public:
  std::map<std::string, expected_layout> layouts = read_layouts();
  std::set<std::string> seen;

  template <class T>
  void structure(std::string_view call) {
    compare<T>(testing::stated_name(testing::type_name<T>()), call);
  }
  template <class Map>
  void map(std::string_view) {}

  template <class T>
  void compare(const std::string& name, std::string_view where) {
    if (!seen.insert(name).second) return;
    const auto found = layouts.find(name);
    INFO("struct " << name << " of " << std::string{where} << ": tests/svr4/layouts.txt says how its header lays it out");
    CHECK(found != layouts.end());
    if (found == layouts.end()) return;
    CHECK(sizeof(T) == found->second.size);
    if constexpr (has_fields<T>) {
      usize named = 0;
      for_each_field<T>([&]<class Field>(Field) {
        const std::string field{Field::name};
        INFO("field " << field);
        const auto line = found->second.fields.find(field);
        CHECK(line != found->second.fields.end());
        if (line == found->second.fields.end()) return;
        CHECK(polyabi::detail::constant_offset<T, Field::member>() == line->second.offset);
        CHECK(sizeof(field_type<Field>) == line->second.size);
        ++named;
      });
      CHECK(named == found->second.fields.size());
    }
  }
};

/// Structures that no row mentions, because a handler finds them behind a word that means several things.
void show_others(comparer& v) {
  v.structure<svr4::statfs<M>>("statfs");
  v.structure<svr4::ustat<M>>("utssys");
  v.structure<svr4::old_utsname<M>>("utssys");
  v.structure<svr4::pollfd<M>>("poll");
  v.structure<svr4::ipc_perm<M>>("semctl");
  v.structure<svr4::semid_ds<M>>("semctl");
  v.structure<svr4::shmid_ds<M>>("shmctl");
  v.structure<svr4::msqid_ds<M>>("msgctl");
  v.structure<svr4::old_ipc_perm<M>>("semctl");
  v.structure<svr4::old_semid_ds<M>>("semctl");
  v.structure<svr4::old_shmid_ds<M>>("shmctl");
  v.structure<svr4::old_msqid_ds<M>>("msgctl");
  v.structure<svr4::sembuf<M>>("semop");
  v.structure<svr4::namefd<M>>("mount");
  v.structure<svr4::aclent<M>>("acl");
  v.structure<svr4::pcinfo<M>>("priocntl");
  v.structure<svr4::pcparms<M>>("priocntl");
  v.structure<svr4::pcpri<M>>("priocntl");
  v.structure<svr4::pcnice<M>>("priocntl");
  v.structure<svr4::sockaddr<M>>("bind");
  v.structure<svr4::sockaddr_in<M>>("bind");
  v.structure<svr4::sockaddr_in6<M>>("bind");
  v.structure<svr4::sockaddr_un<M>>("bind");
  v.structure<svr4::msghdr<M>>("recvmsg");
  v.structure<svr4::cmsghdr<M>>("recvmsg");
  v.structure<svr4::linger<M>>("setsockopt");
  v.structure<svr4::in_addr<M>>("setsockopt");
  v.structure<svr4::ip_mreq<M>>("setsockopt");
  v.structure<svr4::ip_mreq_source<M>>("setsockopt");
  v.structure<svr4::ipv6_mreq<M>>("setsockopt");
  v.structure<svr4::in_pktinfo<M>>("recvmsg");
  v.structure<svr4::in6_pktinfo<M>>("recvmsg");
  v.structure<svr4::str_mlist<M>>("I_LIST");
  v.structure<svr4::psinfo<M>>("/proc");
  v.structure<svr4::lwpsinfo<M>>("/proc");
  v.structure<svr4::pstatus<M>>("/proc");
  v.structure<svr4::lwpstatus<M>>("/proc");
  v.structure<svr4::prcred<M>>("/proc");
  v.structure<svr4::prusage<M>>("/proc");
  v.structure<svr4::prmap<M>>("/proc");
  v.structure<svr4::fpregset<M>>("getcontext");
  v.structure<svr4::old_signal_frame<M>>("a signal's frame");
  v.compare<svr4::siginfo<M>::sender>("siginfo.sender", "siginfo");
  v.compare<svr4::siginfo<M>::child>("siginfo.child", "siginfo");
  v.compare<svr4::siginfo<M>::fault>("siginfo.fault", "siginfo");
  v.structure<streams::detail::internet_name>("/dev/tcp");
  v.structure<tpi::svr4_option>("T_OPTMGMT_REQ");
  v.structure<tpi::xti_option>("T_OPTMGMT_REQ");
  v.structure<streams::sync_request>("TI_SYNC");
  v.structure<streams::sync_answer>("TI_SYNC");
  for (u32 id = 0; id < 64; ++id)
    tpi::with_structure(static_cast<tpi::primitive>(id), [&]<class T>() { v.structure<T>("a primitive"); });
}

comparer compare_tables() {
  comparer all;
  using env = svr4::on<K>;
  testing::visit_tables<env>(all);
  svr4::each_variant([&]<class V>(V) { testing::detail::visit_rows<env, typename V::rows>(all); });
  show_others(all);
  return all;
}

} // namespace

TEST_CASE("structures are laid out as in the headers of their systems") {
  const comparer all = compare_tables();
  for (const auto& [name, layout] : all.layouts) {
    INFO(name << " has a line in tests/svr4/layouts.txt, but no table mentions it");
    CHECK(all.seen.contains(name));
  }
  CHECK(all.seen.size() > 90);
}

TEST_CASE("no structure that a header states is left out") {
  const comparer all = compare_tables();
  for (const auto& [name, file] : testing::structures_stated_in(POLYABI_SVR4_HEADERS)) {
    // What others are derived from has its line under their names.
    if (name == "statvfs_of" || name == "old_sigaction_of") continue;
    INFO(name << " of " << file << ": no row mentions it; if a handler reads it behind a word, say so in show_others");
    CHECK(all.seen.contains(name));
  }
}

TEST_CASE("members of siginfo stand where the headers have them") {
  svr4::siginfo<M> s{};
  const auto at = [&](const auto& member) {
    return reinterpret_cast<const unsigned char*>(&member) - reinterpret_cast<const unsigned char*>(&s);
  };
  CHECK(at(s.sent.pid) == 12);
  CHECK(at(s.sent.uid) == 16);
  CHECK(at(s.sent.value) == 20);
  CHECK(at(s.sent.contract) == 24);
  CHECK(at(s.sent.zone) == 28);
  CHECK(at(s.news.pid) == 12);
  CHECK(at(s.news.utime) == 16);
  CHECK(at(s.news.status) == 20);
  CHECK(at(s.news.stime) == 24);
  CHECK(at(s.where.address) == 12);
  CHECK(at(s.where.trap) == 16);
  CHECK(at(s.where.instruction) == 20);
}
