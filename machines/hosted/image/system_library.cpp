// The library that new images of a personality get from the machine: Linux programs' vDSO. One copy of each in the arena for
// all.
#include "state.hpp"

#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/heap.hpp>

namespace polyabi::hosted {

namespace {

/// Filled by the build with the ELF image (vdso/).
extern "C" [[gnu::visibility("hidden")]] const u8 image_linux_vdso_x86_64[], image_linux_vdso_x86_64_end[],
    image_linux_vdso_i386[], image_linux_vdso_i386_end[];

/// Where the images have their tables (vdso/vdso.ld): the 64-bit one of the host's functions, the 32-bit one of its own.
constexpr usize table_offset = 0x800;

struct library final : reference::file {
  u8* pages = nullptr;
  usize size = 0;
  /// From the beginning; 0 without one.
  u32 entry = 0, plain_return = 0, return_with_details = 0;

  void release() override {} // there is one, for good
  u32 mappable(bool) const override { return reference::protections::read | reference::protections::exec; }
  reference::result<reference::machine::mapping_source> map(u64 offset, u64 length, u32, bool is_shared) override {
    if (offset > size || length > size - offset) return reference::error::inval;
    return reference::machine::mapping_source{reference::machine::backing::host_file, is_shared, shared.arena_descriptor,
                                              word(pages) - arena_base + offset};
  }
  usize describe(char* to, usize limit) override {
    constexpr std::string_view shown = "[vdso]";
    for (usize i = 0; i < shown.size() && i < limit; ++i) to[i] = shown[i];
    return shown.size();
  }
};

/// Null if there is no memory.
library* copy_of(const u8* from, const u8* end) {
  const usize bytes = static_cast<usize>(end - from), size = reference::page_round_up(bytes);
  auto* pages = static_cast<u8*>(reference::machine::allocate_pages(size / reference::page_size));
  auto* created = pages != nullptr ? reference::heap::create<library>() : nullptr;
  if (created == nullptr) return nullptr;
  __builtin_memcpy(pages, from, bytes);
  __builtin_memset(pages + bytes, 0, size - bytes); // programs see it
  created->pages = pages;
  created->size = size;
  return created;
}

library* make_library(architecture arch) {
  if (arch == architecture::i386) {
    library* made = copy_of(image_linux_vdso_i386, image_linux_vdso_i386_end);
    if (made == nullptr) return nullptr;
    u32 at = table_offset;
    for (u32* function : {&made->entry, &made->plain_return, &made->return_with_details}) {
      __builtin_memcpy(function, made->pages + at, sizeof *function);
      *function += at;
      at += sizeof *function;
    }
    return made;
  }
  library* made = copy_of(image_linux_vdso_x86_64, image_linux_vdso_x86_64_end);
  if (made != nullptr) __builtin_memcpy(made->pages + table_offset, shared.host_functions, sizeof shared.host_functions);
  return made;
}

/// Made at first use; null if there is no memory. Under the kernel lock.
library* linux_library(architecture arch) {
  static constinit library* made[2] = {};
  library*& of = made[arch == architecture::i386];
  if (of == nullptr) of = make_library(arch);
  return of;
}

} // namespace

} // namespace polyabi::hosted

namespace polyabi::reference::machine {

system_library map_system_library(address_space& memory, std::string_view personality, architecture arch) {
  if (personality != "linux") return {};
  hosted::library* library = hosted::linux_library(arch);
  if (library == nullptr) return {};
  const auto at =
      memory.map(0, library->size, protections::read | protections::exec, map_flags::private_, ref<file>{library}, 0);
  if (!at) return {};
  const auto address_of = [at = *at](u32 offset) { return offset != 0 ? at + offset : 0; };
  return {*at, address_of(library->entry), {address_of(library->plain_return), address_of(library->return_with_details)}};
}

} // namespace polyabi::reference::machine
