// What it means for a program that a call is not supported: judgement, as data. docs/checking.md explains it.
#pragma once

#include <polyabi/core/syscall_table.hpp>

#include <span>

namespace polyabi::check {

enum class consequence : u8 {
  none,   ///< the program does without, and nobody notices
  limits, ///< some of what it can do fails
  stops,  ///< a program that is built on it can do nothing without it
};

/// By the name of a call as the support table has it ("ioctl.FICLONE"); a `*` at the end stands for any rest. The first rule
/// counts.
struct policy_rule {
  std::string_view call;
  consequence then{};
  std::string_view why;
};
std::span<const policy_rule> policy_rules();

constexpr bool is_supported(support level) {
  return level == support::native || level == support::emulated;
}

/// Without a rule: by level alone.
constexpr consequence usual_consequence(support level) {
  switch (level) {
  case support::native:
  case support::emulated:
  case support::faked: return consequence::none;
  case support::refused:
  case support::missing: return consequence::limits;
  }
  return consequence::limits;
}

/// What the rules say of a call of this level.
struct ruling {
  consequence then{};
  std::string_view why; ///< empty: by level alone
};
ruling ruling_of(std::string_view call, support level);

/// A way on which calls are only tried: functions of a library that do without what they ask for.
struct exemption {
  std::string_view calls;     ///< names, separated by blanks
  std::string_view library;   ///< the beginning of the library's name; empty: any
  std::string_view functions; ///< names under which it exports them, separated by blanks
  std::string_view why;
};
std::span<const exemption> exemptions();

/// Libraries whose calls under numbers that only the run knows are known all the same: other functions of theirs make them,
/// too.
struct known_library {
  std::string_view library; ///< the beginning of its name
  std::string_view why;
};
std::span<const known_library> known_libraries();

/// Functions whose use says what the program does, where numbers alone do not.
struct telling_function {
  std::string_view name; ///< with a `*` at its end if others begin like it
  std::string_view what; ///< "starts other programs"
};
std::span<const telling_function> telling_functions();

/// Folders in which files are missing that a personality's programs look for: a program that names one asks for it.
struct missing_files_row {
  std::string_view personality;
  std::string_view folder; ///< with its slash
  std::string_view there;  ///< the files that it has, separated by blanks
  consequence then{};
  std::string_view why;
};
std::span<const missing_files_row> missing_files();

/// Whether `name` is one of the words of `list`, which may end in `*`.
bool names(std::string_view list, std::string_view name);

} // namespace polyabi::check
