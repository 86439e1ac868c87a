// How far a check of many programs is: a bar where a terminal shows it, a line for each program where none does.
#pragma once

#include <verdict.hpp>

#include <cstdio>
#include <string>

namespace polyabi::tool {

class check_progress {
public:
  /// Says nothing at all unless it is `wanted`.
  check_progress(usize programs, bool wanted);

  void begin(const std::string& program);
  void end(const check::judgement&);
  void leave_out() { ++done_; } ///< the file was no program
  void finish();

private:
  void draw(const std::string& program) const;

  usize programs_, done_ = 0, width_ = 80;
  bool wanted_, is_terminal_;
};

} // namespace polyabi::tool
