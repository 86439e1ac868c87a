// Loads a program of the host into its own address space with the activators, and jumps into it: if plan, mappings or stack
// were wrong, real programs would not run. Usage: load_program PROGRAM [ARG...]
#include "files.hpp"

#include <polyabi/activators/elf.hpp>
#include <polyabi/activators/map.hpp>
#include <polyabi/activators/stack.hpp>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <string>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

using namespace polyabi;
using namespace polyabi::activators;

namespace {

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "load_program: %s\n", what.c_str());
  std::exit(125);
}

void* pointer(u64 address) {
  return reinterpret_cast<void*>(static_cast<std::uintptr_t>(address));
}

/// Maps pages of a file with mmap, at fixed addresses.
struct host_mapper {
  int descriptor;

  static int protection(segment_access access) {
    return (access.read ? PROT_READ : 0) | (access.write ? PROT_WRITE : 0) | (access.execute ? PROT_EXEC : 0);
  }
  static bool map(u64 address, u64 size, segment_access access, int flags, int file, u64 offset) {
    return size == 0 || ::mmap(pointer(address), static_cast<usize>(size), protection(access), MAP_PRIVATE | MAP_FIXED | flags,
                               file, static_cast<off_t>(offset)) != MAP_FAILED;
  }
  bool map_file(u64 address, u64 size, segment_access access, u64 offset) {
    return map(address, size, access, 0, descriptor, offset);
  }
  bool map_anonymous(u64 address, u64 size, segment_access access) { return map(address, size, access, MAP_ANONYMOUS, -1, 0); }
  bool zero(u64 address, u64 size) {
    std::memset(pointer(address), 0, static_cast<usize>(size));
    return true;
  }
  bool copy_file(u64 address, u64 size, u64 offset) {
    return ::pread(descriptor, pointer(address), static_cast<usize>(size), static_cast<off_t>(offset)) ==
           static_cast<ssize_t>(size);
  }
  static bool protect(u64 address, u64 size, segment_access access) {
    return ::mprotect(pointer(address), static_cast<usize>(size), protection(access)) == 0;
  }
};

struct own_memory_writer {
  bool write(u64 address, const void* from, usize size) {
    std::memcpy(pointer(address), from, size);
    return true;
  }
};

struct loaded_image {
  std::unique_ptr<image_plan> plan = std::make_unique<image_plan>();
  u64 bias = 0;
};

loaded_image load(const std::string& path) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) fail(path + ": cannot be opened");
  const std::vector<u8> file = test::read_file(path);
  memory_reader reader{file};
  loaded_image image;
  if (verdict parsed = parse_elf(reader, *image.plan); !parsed) fail(path + ": " + std::string{parsed.reason});
  if (image.plan->pointer_size() != sizeof(void*)) fail(path + ": of another width than the loader");

  if (image.plan->position_independent) { // anywhere free: the host chooses
    const usize size = static_cast<usize>(pages_of(*image.plan, 0).size() + image.plan->alignment);
    void* const place = ::mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (place == MAP_FAILED) fail(path + ": no room");
    image.bias = bias_for(*image.plan, reinterpret_cast<std::uintptr_t>(place));
  }
  host_mapper memory{descriptor};
  if (!fits(*image.plan, image.bias, default_limits(image.plan->arch)) || !map_image(*image.plan, image.bias, memory)) {
    fail(path + ": cannot be mapped");
  }
  ::close(descriptor);
  return image;
}

usize auxiliary_vector(const image_start& start, std::span<auxiliary_entry> entries) {
  usize count = 0;
  const auto add = [&](u64 type, u64 value) { entries[count++] = {type, value}; };
  add(AT_PHDR, start.program_headers);
  add(AT_PHENT, start.program_header_size);
  add(AT_PHNUM, start.program_header_count);
  add(AT_BASE, start.interpreter_base);
  add(AT_ENTRY, start.entry);
  add(AT_RANDOM, start.random);
  add(AT_PLATFORM, start.platform);
  add(AT_EXECFN, start.file_name);
  for (const int type :
       {AT_PAGESZ, AT_HWCAP, AT_HWCAP2, AT_CLKTCK, AT_UID, AT_EUID, AT_GID, AT_EGID, AT_SECURE, AT_SYSINFO_EHDR,
#ifdef __i386__
        AT_SYSINFO,
#endif
        51 /* AT_MINSIGSTKSZ */}) {
    add(static_cast<u64>(type), ::getauxval(static_cast<unsigned long>(type)));
  }
  return count;
}

[[noreturn]] void enter(u64 entry, u64 stack_pointer) {
#ifdef __i386__
  asm volatile("mov %0, %%esp\n\txor %%edx, %%edx\n\txor %%ebp, %%ebp\n\tjmp *%1"
               :
               : "a"(static_cast<u32>(stack_pointer)), "c"(static_cast<u32>(entry)));
#else
  asm volatile("mov %0, %%rsp\n\txor %%edx, %%edx\n\txor %%ebp, %%ebp\n\tjmp *%1" : : "a"(stack_pointer), "c"(entry));
#endif
  __builtin_unreachable();
}

} // namespace

int main(int argc, char** argv, char** environment) {
  if (argc < 2) fail("no program given");
  const std::string path = argv[1];
  const loaded_image program = load(path);
  loaded_image interpreter;
  const bool dynamic = !program.plan->interpreter.empty();
  if (dynamic) interpreter = load(std::string{program.plan->interpreter.view()});

  std::vector<char> strings(1 << 20), variables(1 << 20);
  string_collector arguments{strings}, collected_environment{variables};
  for (int i = 1; i < argc; ++i) {
    if (arguments.append(argv[i]) != errc::none) fail("too many arguments");
  }
  for (; *environment != nullptr; ++environment) {
    if (collected_environment.append(*environment) != errc::none) fail("too large an environment");
  }

  constexpr usize stack_size = 8 << 20;
  void* const stack =
      ::mmap(nullptr, stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
  if (stack == MAP_FAILED) fail("no room for a stack");

  const string_block argument_block = arguments.block(), environment_block = collected_environment.block();
  stack_request request{.top = reinterpret_cast<std::uintptr_t>(stack) + stack_size,
                        .size_limit = argument_limit(stack_size),
                        .pointer_size = sizeof(void*),
                        .arguments = {&argument_block, 1},
                        .environment = {&environment_block, 1},
                        .file_name = path,
                        .platform = sizeof(void*) == 8 ? "x86_64" : "i686",
                        .random = {}};
  for (usize i = 0; i < request.random.size(); ++i) request.random[i] = static_cast<u8>(i * 37 + 11);

  image_start start;
  start.program_headers = program.plan->program_headers + program.bias;
  start.program_header_size = program.plan->program_header_size;
  start.program_header_count = program.plan->program_header_count;
  start.entry = program.plan->entry + program.bias;
  start.interpreter_base = dynamic ? interpreter.bias : 0;
  own_memory_writer writer;
  const auto built = build_stack(request, start, auxiliary_vector, writer);
  if (!built) fail("the stack cannot be built");
  enter(dynamic ? interpreter.plan->entry + interpreter.bias : start.entry, built->stack_pointer);
}
