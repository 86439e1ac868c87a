// The typed signature of a call: a function type over the tags of these headers, for instance
//
//   new_fd(here, path, flags<open_flags>, file_mode)
//
// Each tag says how many argument words it takes, how they are decoded for the kernel, and what is written back. Width and sign
// come from the tag, so that nothing is narrowed or extended by accident. A tag's `decoder<Env>` has
//   static value(const u64* words);     if the words alone say what the kernel gets, or else
//   errc decode(context<Env>&, const u64* words);   value();   and optionally   errc finish(context<Env>&);
// `decode` may answer void if it cannot fail. `finish` writes results to user memory after the operation has succeeded and before
// anything is installed.
#pragma once

#include <polyabi/core/arguments/bytes.hpp>
#include <polyabi/core/arguments/constants.hpp>
#include <polyabi/core/arguments/flags.hpp>
#include <polyabi/core/arguments/results.hpp>
#include <polyabi/core/arguments/structures.hpp>
#include <polyabi/core/arguments/words.hpp>
