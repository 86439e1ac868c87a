// A personality's calls as the tracer and the support table see them: derived from its table, without templates.
#pragma once

#include "format.hpp"

#include <polyabi/core/release_history.hpp>
#include <polyabi/core/trace.hpp>

#include <functional>
#include <optional>
#include <vector>

namespace polyabi::tool {

/// Memory that the kernel has recorded behind an argument.
struct captured {
  u8 word = 0, part = 0;
  std::string_view bytes;
  u64 whole = 0;
};

/// One record of the kernel, taken apart. Owns its bytes.
class parsed_record {
public:
  parsed_record() = default;
  parsed_record(parsed_record&&) = default;
  parsed_record& operator=(parsed_record&&) = default;
  /// Answers nothing if the bytes are no whole record.
  static std::optional<parsed_record> parse(std::span<const u8> bytes);

  trace_record head;
  std::vector<captured> blobs;
  std::vector<u8> payload; ///< as recorded behind the head; `blobs` point into it
};

struct call_description;
struct abi_description;

/// A call while it is being formatted: `leave` is null before its end.
struct call_view {
  const abi_description* abi = nullptr;
  const call_description* call = nullptr;
  const parsed_record* enter = nullptr;
  const parsed_record* leave = nullptr;
  u64 words[8]{}; ///< of the sub-call, if the call is multiplexed

  bool failed() const; ///< it ended with an error
  i32 error() const;   ///< the personality's error number, 0 without
  i64 result() const;
  /// Memory behind a word as it was when the call began or ended; null if it was not recorded.
  const captured* before(u8 word, u8 part = 0) const { return find(enter, word, part); }
  const captured* after(u8 word, u8 part = 0) const { return find(leave, word, part); }

private:
  static const captured* find(const parsed_record*, u8 word, u8 part);
};

/// One argument of such a call.
struct argument {
  const call_view& in;
  u8 word; ///< its first word
  u64 value(u8 further = 0) const { return in.words[word + further]; }
  i32 number() const { return static_cast<i32>(value()); }
  const captured* before(u8 part = 0) const { return in.before(word, part); }
  const captured* after(u8 part = 0) const { return in.after(word, part); }
};

/// Gives an argument's text. Empty: the argument is not shown (open's mode without O_CREAT).
using argument_format = std::string (*)(const argument&);

struct argument_description {
  std::string_view tag; ///< the tag's type
  u8 word = 0, words = 0;
  bool written = false; ///< shown when the call has ended
  argument_format format = nullptr;
};

enum class result_style : u8 { number, address, octal, nothing, new_image };
/// How a call finds the one that it stands for.
enum class selection : u8 { none, request, shifted, in_memory };

struct call_description {
  std::string_view name;
  i64 number = 0;
  std::string_view result;      ///< the result tag's type
  std::string_view target;      ///< the operation's or handler's type
  std::string_view unsupported; ///< "refused", "faked" or "missing" if nothing performs it on any kernel
  std::string_view reason;      ///< and why
  result_style style = result_style::number;
  std::string (*result_format)(const call_view&) = nullptr;
  selection select = selection::none;
  u32 selector_mask = ~u32{0};
  std::vector<argument_description> arguments;
  std::vector<call_description> selected;

  const call_description* find_selected(u64 number) const;
  /// "new_fd open(path, open_flags, file_mode)".
  std::string signature() const;
};

/// What the table's types do not say, for the trace only: data beside the tool (format_linux.cpp and others).
struct refinement {
  std::string_view call;
  u8 word = 0;
  argument_format format = nullptr;
  bool written = false;
};
/// As `refinement`, of a result: the text behind "= " of a call that succeeded.
struct result_refinement {
  std::string_view call;
  std::string (*format)(const call_view&);
};

/// All that a personality refines; an ioctl by its request.
struct refinements {
  std::span<const refinement> arguments;
  std::span<const result_refinement> results;
};

struct abi_description {
  std::string_view personality, arch;
  usize word_size = 8;
  error_style errors = error_style::negative;
  trap_convention convention{};
  std::span<const gate> gates; ///< instructions that make its calls
  std::vector<call_description> calls;
  std::string_view release_setting;    ///< what chooses the release that is seen; empty: nothing does
  std::span<const release> appeared{}; ///< by number
  errc (*error_name)(i32) = nullptr;                         ///< of the personality's number
  std::string (*signal_name)(i32) = nullptr;                 ///< of a native signal number, as the personality names it
  std::string (*siginfo)(std::string_view native) = nullptr; ///< of a native siginfo

  const call_description* find(u32 number) const;
  /// The release that brought a call; none if it was always there.
  release appeared_in(i64 number) const {
    return number >= 0 && static_cast<u64>(number) < appeared.size() ? appeared[static_cast<usize>(number)] : release{};
  }
};
/// "5.9", "2.6.27"; empty for none.
std::string release_text(release);

/// Rows over others, by number: those of `base` that are not replaced, then those of `over`.
std::vector<call_description> lay_over(const std::vector<call_description>& base, const std::vector<call_description>& over);

/// The personalities that this tool can format, each derived in a source file of its own.
std::span<const abi_description* const> all_descriptions();
void refine(abi_description&, const refinements&);
const abi_description* find_description(std::string_view personality, std::string_view arch);
constexpr std::string_view architecture_name(architecture arch) {
  return arch == architecture::x86_64 ? "x86_64" : "i386";
}

} // namespace polyabi::tool
