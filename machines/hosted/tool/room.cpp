// The kernel's part of the address space, which the host may have given to a library of this program's.
#include <polyabi/hosted/system.hpp>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <unistd.h>

namespace polyabi::hosted {

namespace {

constexpr const char* counter_name = "POLYABI_STARTED_AGAIN";

bool is_taken() {
  void* wanted = reinterpret_cast<void*>(kernel_base);
  constexpr usize size = kernel_end - kernel_base;
  void* got = mmap(wanted, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  if (got == MAP_FAILED) return errno == EEXIST;
  munmap(got, size);
  return got != wanted;
}

/// Guests could neither move the host's vDSO nor do without it (mseal(2)).
bool is_library_sealed_among_users() {
  const unsigned long library = getauxval(AT_SYSINFO_EHDR);
  if (library == 0 || library > kernel_base) return false;
  return mprotect(reinterpret_cast<void*>(library), 4096, PROT_READ | PROT_EXEC) != 0 && errno == EPERM;
}

/// How the host is to lay the program out, if as it is will not do.
unsigned long other_layout() {
  if (is_library_sealed_among_users()) return ADDR_NO_RANDOMIZE; // everything lies right below the stack
  if (is_taken()) return ADDR_COMPAT_LAYOUT;                     // libraries lie in the lower half
  return 0;
}

/// Under its own name, if the file still has that.
void start_again(char** arguments) {
  std::array<char, PATH_MAX> path{};
  if (readlink("/proc/self/exe", path.data(), path.size() - 1) > 0) execv(path.data(), arguments);
  execv("/proc/self/exe", arguments);
}

} // namespace

void make_room(char** arguments) {
  const char* counter = std::getenv(counter_name);
  const char times = counter != nullptr ? *counter : '0';
  // Where the host refuses other layouts, another throw of the dice will do.
  if (const unsigned long layout = other_layout(); layout != 0 && times < '9') {
    const char digit[] = {static_cast<char>(times + 1), 0};
    constexpr unsigned long only_ask = 0xffffffff;
    personality(static_cast<unsigned long>(personality(only_ask)) | layout);
    if (setenv(counter_name, digit, 1) == 0) start_again(arguments);
  }
  unsetenv(counter_name);
}

} // namespace polyabi::hosted
