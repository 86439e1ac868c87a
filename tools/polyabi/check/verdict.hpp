// Whether a program will work: what it asks for against what the kernel supports, under the policy.
#pragma once

#include "observed_run.hpp"
#include "policy.hpp"
#include "program_calls.hpp"

namespace polyabi::check {

enum class verdict : u8 {
  works,      ///< all that it can ask for is there, or it does without
  limited,    ///< it runs, and some of what it can do fails
  fails,      ///< it cannot start, or not do what it is for
  not_judged, ///< no program, or one that this tool cannot read
};
enum class certainty : u8 { high, medium, low };

std::string_view verdict_name(verdict);     ///< "works", "limited", "fails", "not judged"
std::string_view verdict_sentence(verdict); ///< "works", "works with limits", "will not work", "cannot be judged"
std::string_view certainty_name(certainty); ///< "high", "medium", "low"

/// A call that is not supported, or not wholly, and that the program can make.
struct finding {
  std::string call; ///< "socket", "ioctl.FICLONE", "open flags 0x400000"
  u64 number = 0;
  support level{};
  std::string reason; ///< of the support table
  consequence then{};
  std::string why;              ///< of the policy; empty: by level alone
  std::vector<std::string> way; ///< how the program comes there: "main program", "getpwnam (libc.so.6)"
  bool is_direct = false;       ///< through calls alone
  bool is_guess = false;        ///< the number reaches a call through a pointer, perhaps
  usize places = 0;             ///< functions that make the call
  u64 times = 0;                ///< in a run
};
/// Of an argument that a kernel refuses, or ignores.
inline constexpr std::string_view unknown_value = "the kernel does not know this value";
void gravest_first(std::vector<finding>&);

struct judgement {
  std::string path;
  std::string interpreter; ///< of a script: the program that was judged
  std::string format, personality, arch, linkage;
  verdict what = verdict::not_judged;
  certainty sure = certainty::high;
  std::string problem;                ///< why it cannot start, or not be judged
  std::vector<std::string> doubts;    ///< what lowers the certainty
  std::vector<finding> findings;      ///< the gravest first
  std::map<support, usize> levels;    ///< how many calls of each level it can make
  std::vector<std::string> calls;     ///< the names of all
  std::vector<std::string> libraries; ///< files of the host
  std::optional<observed_run> run;    ///< what was judged instead of the file
};

/// Judges what the program's images ask for.
void judge(const program_calls&, const supported_system&, judgement&);
/// Judges what a run of it asked for.
void judge(observed_run, judgement&);

} // namespace polyabi::check
