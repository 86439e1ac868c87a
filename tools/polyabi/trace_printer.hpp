// Turns the kernel's records into lines, as strace prints them: one a call, told apart by process where several take turns.
#pragma once

#include "call_tally.hpp"

#include <cstdio>
#include <map>
#include <set>
#include <string>

namespace polyabi::tool {

struct print_options {
  bool always_prefix = false; ///< "PID " before every line (a file); otherwise "[pid N] " once there is more than one process
  bool native = false;        ///< show the kernel's operation behind each call
  bool calls = true;          ///< lines; without them only the summary is kept
  bool first_only = false;    ///< leave the program's children out
};

class trace_printer {
public:
  /// `abis` by the index that the kernel's records carry. `to` may be null where no lines are wanted.
  trace_printer(std::FILE* to, std::vector<const abi_description*> abis, print_options options)
      : to_{to}, abis_{std::move(abis)}, options_{options} {}

  /// The exec that made the first program: the system does it itself, so no record tells of it.
  void first_program(const std::string& path, const std::vector<std::string>& arguments, usize variables);
  void record(std::span<const u8> bytes);
  /// What is still open when the system has ended.
  void finish();
  /// What was called, whether it was printed or not.
  const call_tally& tally() const { return tally_; }

private:
  /// A call that has begun.
  struct pending_call {
    parsed_record enter;
    call_view view;
    call_tally::row row;
    std::string shown;       ///< the line so far, if it is still open
    usize next_argument = 0; ///< the first that is shown at the end
    bool open = false;       ///< nothing else was printed since
  };

  void enter(parsed_record);
  void leave(parsed_record);
  void signal(const parsed_record&);
  void exited(const parsed_record&);
  void begin_line(i32 thread);
  void close_open_line();
  void write(std::string_view);
  void complete(i32 thread, pending_call&, std::string_view result);
  const abi_description* abi(const trace_record& head) const;

  std::FILE* to_;
  std::vector<const abi_description*> abis_;
  print_options options_;
  std::map<i32, pending_call> pending_;
  std::set<i32> threads_;    ///< alive
  std::map<i32, u8> abi_of_; ///< the latest of each process
  i32 first_process_ = 0;
  i32 open_thread_ = 0; ///< whose line is open; 0: none
  usize column_ = 0;
  std::string first_line_;
  call_tally tally_;
};

/// The text behind "= " of a call that has ended.
std::string result_text(const call_view&);

} // namespace polyabi::tool
