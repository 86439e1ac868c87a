// Runs one system: the reference kernel in host processes, from its boot to the end of its first program.
#pragma once

#include <polyabi/core/personality.hpp>
#include <polyabi/hosted/image.hpp>

#include <functional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace polyabi::hosted {

/// Whether a protection key of the processor closes the kernel's memory while programs run.
enum class protection { off, on, where_possible };

struct run_options {
  std::string program;                                       ///< a path, or a name to be looked up in PATH
  std::vector<std::string> arguments;                        ///< argv, with the program's name
  std::vector<std::string> environment;                      ///< NAME=value
  std::string personality;                                   ///< empty: by brand
  std::string fallback_brand = "linux";                      ///< personality of images without any mark; empty: none
  std::string root;                                          ///< host directory that appears at the emulation root; empty: none
  std::vector<std::pair<std::string, std::string>> settings; ///< as `linux.osrelease`, `6.1.0`
  std::string log;                                           ///< file that receives the kernel's log; empty: none
  /// Processes that the program leaves behind end with it. Otherwise the run lasts until the last one has ended, or a signal
  /// that asks the tool to end arrives.
  bool end_rest = false;
  /// The programs are the superuser of their own system; what they may do to the host stays the invoker's.
  bool superuser = false;
  entry_mode entry = entry_mode::patched;
  protection protect = protection::where_possible;
  /// Receives the kernel's trace records, whole ones, in order. Called by one thread; the kernel waits for it.
  std::function<void(std::span<const u8>)> trace;
};

/// Something that a program asked for and did not get.
struct unsupported_thing {
  std::string personality, call;
  std::string what; ///< "call", "flags", "request", "option", ...
  u64 value = 0;
  std::string program;
  u64 count = 0;
};

/// Exit status where no program has one: the system could not run, or not to its end.
inline constexpr int failed_status = 125;

/// How a run ended. The terminal is as it was, and nothing of the system is left.
struct outcome {
  /// `ended`: by the program itself, `status` is its exit status. `killed`: by `signal`, a number of the host.
  /// `not_started`: `message` says why; `status` is what a shell would answer (126, 127, `failed_status`).
  /// `panicked`: `message` is the kernel's report.
  enum class kind { ended, killed, not_started, panicked } how = kind::ended;
  int status = 0;
  int signal = 0;
  std::string message;
  call_counts calls{}; ///< by how they entered the kernel
  std::vector<unsupported_thing> unsupported{}; ///< in the order of their first times
  u64 unsupported_lost = 0;                     ///< more of them, for which there was no room
};

/// To be called first in `main`: where the host has put something of this program into the kernel's part of the address space,
/// which happens once in a hundred times, it is executed once more. `run` would fail there.
void make_room(char** arguments);

outcome run(const run_options&);

/// Ends the calling process as the guest ended: exits with its status, or dies by its signal (without a core file).
[[noreturn]] void end_as(const outcome&);

/// Names of the personalities that the kernel image carries.
std::vector<std::string> personalities();

/// A personality on one architecture.
struct linked_personality {
  std::string name;
  architecture arch;
};
/// All that the kernel image carries; `trace_record::abi` is an index into it.
std::vector<linked_personality> linked_personalities();

} // namespace polyabi::hosted
