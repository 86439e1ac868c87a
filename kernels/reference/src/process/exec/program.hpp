// What exec finds out about a program before it gives up the old image: files, plans, personality.
#pragma once

#include "known_images.hpp"
#include "strings.hpp"

#include <polyabi/activators/brand.hpp>
#include <polyabi/activators/executable.hpp>
#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/kernel.hpp>

namespace polyabi::reference::exec {

/// Whom the user named for images: kept from boot on.
struct brand_choice {
  char choice[32]{}, fallback[32]{};
};
brand_choice& chosen_brands();

/// A piece of a file that has been read: headers are small, many, and close to each other.
struct file_block {
  static constexpr usize limit = 4096;
  u64 begin = 0;
  usize size = 0;
  char bytes[limit];
  bool has(u64 offset, usize wanted) const { return offset >= begin && offset - begin <= size && wanted <= size - (offset - begin); }
};

/// An executable file and what its headers say.
struct image {
  image() = default;
  image(const image&) = delete;
  image& operator=(const image&) = delete;
  ~image();

  ref<vnode> node;
  ref<file> opened;
  file_state state; ///< when it was opened
  ref<image_description> description;
  bool is_known = false; ///< the description is one that was remembered: nothing is to be read
  const activators::image_plan& plan() const { return description->plan; }

  /// What is read goes by two blocks, of which one was used last: a table, and the names that it refers to. Null of what is known.
  struct reading {
    reading() {} // written out, or the blocks would be set to zero first
    file_block blocks[2];
    usize last_block = 0;
  };
  reading* read = nullptr;
};

/// A program, ready to be loaded.
struct program {
  program() = default;
  program(const program&) = delete;
  program& operator=(const program&) = delete;
  ~program();

  image main, interpreter;
  image* libraries[activators::max_shared_libraries]{}; ///< of a COFF program: each on the heap
  u32 library_count = 0;
  bool has_interpreter = false;
  const abi<kernel>* personality = nullptr;
  path_context paths; ///< as the personality sees them
  string_store arguments, environment;
  string_store file_name; ///< the path given to exec: one string
};

/// An open file for an executable: EACCES if it is not a regular file or may not be executed.
result<> open_executable(const process&, const location& where, image_role, image& out);

/// Follows scripts, parses the executable at their end, decides its personality and opens its interpreter or its shared
/// libraries. `loaded.arguments` are those of the caller before, those of the program afterwards. `where` is the file that
/// `loaded.file_name` names.
result<> prepare(const process&, location where, std::string_view choice, program& loaded);

/// The kernel's number for a name that an activator answers.
error native_error(errc);

/// Reads for the activators.
struct file_reader {
  image& of;
  bool read(u64 offset, void* to, usize size) const;
  bool reaches(u64 offset, u64 size) const {
    const auto end = static_cast<u64>(of.state.size);
    return size <= end && offset <= end - size;
  }
  /// The first bytes, as many as there are, up to `size`, which is not more than a block's.
  std::string_view beginning(usize size) const;

private:
  /// As much as there is, up to `size`.
  usize read_some(u64 offset, void* to, usize size) const;
  void fill(file_block&, u64 begin) const;
};

/// Replaces the caller's image by the program, which has been prepared: nothing can fail that the caller could be told.
/// Answers false if the new image could not be built: there is nothing to return to.
bool load(thread&, registers&, const program&, address_space& memory);
/// Where the stack ends in an address space of this width, for a format without an opinion of its own.
u64 stack_top(bool is_32_bit);
/// What it begins with, and what strings and vectors may take of it.
inline constexpr u64 first_stack_size = 33 * page_size, stack_size = u64{8} << 20;

/// Whether the image is linked at addresses that a flat user space does not have.
inline bool needs_page_zero(const activators::image_plan& plan) {
  return plan.format == activators::file_format::coff && plan.load_start < address_space::lowest_address;
}

/// The whole of exec, for a program whose strings are in the kernel.
result<> run(thread&, registers&, location where, std::string_view choice, program& loaded);

} // namespace polyabi::reference::exec
