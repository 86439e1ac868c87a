// What the headers of executable files say, kept for as long as the files do not change: a program is mostly executed more than once,
// and nearly all have one interpreter.
#pragma once

#include <polyabi/activators/facts.hpp>
#include <polyabi/activators/image.hpp>
#include <polyabi/reference/file_state.hpp>
#include <polyabi/reference/reference_count.hpp>

namespace polyabi::reference::exec {

/// Of one file. Is not changed any more once it has been remembered.
struct image_description {
  u32 references = 0;
  activators::image_plan plan;
  activators::image_facts facts; ///< of a program; an interpreter's brand nobody asks for
  void release();
};

/// What a file is executed as. Of a library of a COFF program nothing is remembered.
enum class image_role : u8 { program, interpreter, library };

/// Null if nothing is known of this file, or it has changed.
ref<image_description> known_image(const file_state&, image_role);
/// Files that have changed a moment ago are not: the next change might have the same time.
void remember_image(const file_state&, image_role, const ref<image_description>&);
void forget_images();

} // namespace polyabi::reference::exec
