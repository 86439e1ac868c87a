// The library that new images of a personality get from the machine: Linux programs' vDSO. One copy in the arena for all.
#include "state.hpp"

#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/heap.hpp>

namespace polyabi::hosted {

namespace {

/// Filled by the build with the ELF image (vdso/).
extern "C" [[gnu::visibility("hidden")]] const u8 image_linux_vdso[], image_linux_vdso_end[];

/// Where the image has its table of the host's functions (vdso/vdso.ld).
constexpr usize table_offset = 0x800;

struct library final : reference::file {
  u8* pages = nullptr;
  usize size = 0;

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

/// Made at first use; null if there is no memory. Under the kernel lock.
library* linux_library() {
  static constinit library* made = nullptr;
  if (made != nullptr) return made;
  const usize bytes = static_cast<usize>(image_linux_vdso_end - image_linux_vdso);
  const usize size = reference::page_round_up(bytes);
  auto* pages = static_cast<u8*>(reference::machine::allocate_pages(size / reference::page_size));
  auto* created = pages != nullptr ? reference::heap::create<library>() : nullptr;
  if (created == nullptr) return nullptr;
  __builtin_memcpy(pages, image_linux_vdso, bytes);
  __builtin_memcpy(pages + table_offset, shared.host_functions, sizeof shared.host_functions);
  created->pages = pages;
  created->size = size;
  return made = created;
}

} // namespace

} // namespace polyabi::hosted

namespace polyabi::reference::machine {

u64 map_system_library(address_space& memory, std::string_view personality, architecture arch) {
  if (personality != "linux" || arch != architecture::x86_64) return 0;
  hosted::library* library = hosted::linux_library();
  if (library == nullptr) return 0;
  const auto at = memory.map(0, library->size, protections::read | protections::exec, map_flags::private_, ref<file>{library}, 0);
  return at ? *at : 0;
}

} // namespace polyabi::reference::machine
