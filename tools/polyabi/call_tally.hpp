// What was called during a run: each row of the tables once, with how often, how often in vain, and for how long.
#pragma once

#include "trace_description.hpp"

#include <map>
#include <string>

namespace polyabi::tool {

class call_tally {
public:
  /// Which row: of a call behind a number that stands for several, `inner` is the one that was meant. Both null: no row has the
  /// number.
  struct row {
    const abi_description* abi = nullptr;
    u32 number = 0;
    const call_description* outer = nullptr;
    const call_description* inner = nullptr;

    /// As the support table has it: "open", "ioctl.TCGETS", "syscall_0x1f4".
    std::string name() const;
    auto operator<=>(const row&) const = default;
  };
  /// A call that ended its caller has begun and was not answered.
  struct totals {
    u64 begun = 0, answered = 0, errors = 0, time = 0;
  };

  static row row_of(const call_view&);
  void begin(const row& which) { ++rows_[which].begun; }
  void answer(const row&, bool failed, u64 time);

  const std::map<row, totals>& rows() const { return rows_; }
  /// Calls, errors and time of each call, the longest first.
  std::string summary() const;
  /// The rows that were called, each once: "personality architecture number" or, behind a number that stands for several calls,
  /// "number.selector", with the row's name behind it.
  std::string reached() const;

private:
  std::map<row, totals> rows_;
};

} // namespace polyabi::tool
