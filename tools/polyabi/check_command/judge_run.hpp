// `polyabi check --trace PROGRAM [ARG...]`: the same judgement from a run.
#pragma once

#include "run.hpp"

#include <verdict.hpp>

namespace polyabi::tool {

struct traced_judgement {
  check::judgement judged;
  hosted::outcome outcome;
};

/// Runs the program, to its end, and judges what it and its children asked for. `judged` comes in with what its file says.
traced_judgement judge_run_of(const program_options&, check::judgement about);

} // namespace polyabi::tool
