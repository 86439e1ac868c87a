#include "trace_printer.hpp"

#include "format_structures.hpp"

#include <polyabi/core/c_name.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace polyabi::tool {

namespace {

constexpr usize result_column = 40;

/// The sub-call that a multiplexed one stands for, with its own words.
void select_call(call_view& view) {
  const call_description& outer = *view.call;
  const u64 selector =
      outer.select == selection::request ? static_cast<u32>(view.words[1]) : view.words[0] & outer.selector_mask;
  const call_description* inner = outer.select == selection::none ? nullptr : outer.find_selected(selector);
  if (inner == nullptr) return;
  if (outer.select == selection::request) {
    view.words[1] = view.words[2];
  } else if (outer.select == selection::shifted) {
    std::copy(view.words + 1, std::end(view.words), view.words);
  } else {
    const captured* words = view.before(1, words_part); // they lie in memory
    if (words == nullptr) return;
    std::memcpy(view.words, words->bytes.data(), std::min(words->bytes.size(), sizeof view.words));
  }
  view.call = inner;
}

std::string argument_text(const call_view& view, const argument_description& a) {
  return a.format(argument{view, a.word});
}

/// Name and opening bracket; of an ioctl the descriptor and the request follow.
std::string opening(const call_view& view, const call_description& outer) {
  if (outer.select == selection::request) return fmt::format("{}(", outer.name);
  return fmt::format("{}(", view.call->name);
}

/// The arguments from `first` on that are known: up to the first that is only known at the end, unless it has come.
std::string arguments_text(const call_view& view, const call_description& outer, usize& next) {
  std::string text;
  const auto& all = view.call->arguments;
  const bool is_request = outer.select == selection::request && view.call != &outer;
  while (next < all.size() && (view.leave != nullptr || !all[next].written)) {
    const std::string one = argument_text(view, all[next]);
    ++next;
    if (one.empty()) continue;
    text += one;
    if (is_request && next == 1) text += fmt::format(", {}", view.call->name);
    text += ", ";
  }
  // What is known by now not to be shown needs no comma before it.
  bool more = false;
  for (usize i = next; i < all.size(); ++i) more = more || !argument_text(view, all[i]).empty();
  if (!more && text.ends_with(", ")) text.resize(text.size() - 2);
  return text;
}

const call_description& outer_call(const call_view& view) {
  static const call_description unknown;
  const call_description* outer = view.abi->find(view.enter->head.number);
  return outer == nullptr ? unknown : *outer;
}

std::string native_text(const call_description& call) {
  if (!call.unsupported.empty()) return fmt::format("  # {}: {}", call.unsupported, call.reason);
  if (call.target.empty()) return {};
  return fmt::format("  # {}{}", call.target.find("::op::") != call.target.npos ? "op::" : "", readable_type(call.target));
}

std::string all_words(const call_view& view) {
  std::string text;
  for (usize i = 0; i < 6; ++i) text += fmt::format("{}{:#x}", i == 0 ? "" : ", ", view.words[i]);
  return text;
}

} // namespace

std::string result_text(const call_view& view) {
  constexpr u32 restart = 2; // the reference kernel's mark: the call is to be made again after the signal
  if ((view.leave->head.flags & restart) != 0) return "? ERESTARTSYS (To be restarted if SA_RESTART is set)";
  if (view.failed()) {
    const errc name = view.abi->error_name(view.error());
    if (name == errc::none) return fmt::format("-1 (errno {})", view.error());
    return fmt::format("-1 {} ({})", c_name(name), error_message(name));
  }
  if (view.call->result_format != nullptr)
    if (std::string text = view.call->result_format(view); !text.empty()) return text;
  const i64 result = view.result();
  const u64 plain = view.abi->word_size == 4 ? static_cast<u32>(result) : static_cast<u64>(result);
  switch (view.call->style) {
  case result_style::nothing: return "?";
  case result_style::new_image: return "0";
  case result_style::address: return fmt::format("{:#x}", plain);
  case result_style::octal: return mode_text(plain);
  case result_style::number: break;
  }
  return std::to_string(result);
}

const abi_description* trace_printer::abi(const trace_record& head) const {
  return head.abi < abis_.size() ? abis_[head.abi] : nullptr;
}

void trace_printer::write(std::string_view text) {
  if (!options_.calls) return;
  std::fwrite(text.data(), 1, text.size(), to_);
  const auto newline = text.rfind('\n');
  column_ = newline == text.npos ? column_ + text.size() : text.size() - newline - 1;
}

void trace_printer::close_open_line() {
  if (open_thread_ == 0) return;
  if (const auto found = pending_.find(open_thread_); found != pending_.end()) found->second.open = false;
  write(" <unfinished ...>\n");
  open_thread_ = 0;
}

void trace_printer::begin_line(i32 thread) {
  close_open_line();
  if (options_.always_prefix)
    write(fmt::format("{:<5} ", thread));
  else if (threads_.size() > 1)
    write(fmt::format("[pid {:5}] ", thread));
}

void trace_printer::first_program(const std::string& path, const std::vector<std::string>& arguments, usize variables) {
  std::string list;
  for (const std::string& one : arguments) list += (list.empty() ? "" : ", ") + quoted(one, one.size());
  const std::string text =
      fmt::format("execve({}, [{}], /* {} var{} */) ", quoted_text(path), list, variables, variables == 1 ? "" : "s");
  first_line_ = text;
}

void trace_printer::record(std::span<const u8> bytes) {
  std::optional<parsed_record> parsed = parsed_record::parse(bytes);
  if (!parsed) return;
  if (first_process_ == 0) first_process_ = parsed->head.process;
  if (options_.first_only && parsed->head.process != first_process_) return;
  threads_.insert(parsed->head.thread);
  abi_of_[parsed->head.process] = parsed->head.abi;
  if (!first_line_.empty()) {
    begin_line(parsed->head.thread);
    write(first_line_);
    if (column_ < result_column) write(std::string(result_column - column_, ' '));
    write("= 0\n");
    first_line_.clear();
  }
  switch (parsed->head.kind) {
  case trace_kind::enter: enter(std::move(*parsed)); break;
  case trace_kind::leave: leave(std::move(*parsed)); break;
  case trace_kind::signal: signal(*parsed); break;
  case trace_kind::exited: exited(*parsed); break;
  }
  if (to_ != nullptr) std::fflush(to_);
}

void trace_printer::enter(parsed_record record) {
  const i32 thread = record.head.thread;
  const abi_description* abi = this->abi(record.head);
  if (abi == nullptr) return;
  pending_call& call = pending_[thread] = {};
  call.enter = std::move(record);
  call.view.abi = abi;
  call.view.enter = &call.enter;
  for (usize i = 0; i < 6; ++i)
    call.view.words[i] = abi->word_size == 4 ? static_cast<u32>(call.enter.head.words[i]) : call.enter.head.words[i];
  call.view.call = abi->find(call.enter.head.number);
  begin_line(thread);
  if (call.view.call == nullptr) {
    write(fmt::format("syscall_{:#x}({}", call.enter.head.number, all_words(call.view)));
  } else {
    const call_description& outer = *call.view.call;
    select_call(call.view);
    write(opening(call.view, outer));
    write(arguments_text(call.view, outer, call.next_argument));
  }
  call.row = call_tally::row_of(call.view);
  tally_.begin(call.row);
  call.open = true;
  open_thread_ = thread;
}

void trace_printer::leave(parsed_record record) {
  const i32 thread = record.head.thread;
  const auto found = pending_.find(thread);
  if (found == pending_.end()) return;
  pending_call& call = found->second;
  call.view.leave = &record;
  tally_.answer(call.row, call.view.failed(), record.head.time - call.enter.head.time);
  if (call.view.call == nullptr) {
    static const call_description unknown;
    call.next_argument = 0;
    call.view.call = &unknown;
    complete(thread, call, result_text(call.view));
  } else {
    complete(thread, call, result_text(call.view));
  }
  // A child that has not been heard of yet counts as well.
  if (!options_.first_only && call.view.call->result.ends_with("::child") && !call.view.failed() && call.view.result() > 0)
    threads_.insert(static_cast<i32>(call.view.result()));
  pending_.erase(found);
}

/// The rest of the line: what is known now, and the result.
void trace_printer::complete(i32 thread, pending_call& call, std::string_view result) {
  if (!call.open) {
    begin_line(thread);
    write(fmt::format("<... {} resumed>",
                      outer_call(call.view).select == selection::request ? outer_call(call.view).name : call.view.call->name));
  }
  write(arguments_text(call.view, outer_call(call.view), call.next_argument));
  write(") ");
  if (column_ < result_column) write(std::string(result_column - column_, ' '));
  write(fmt::format("= {}", result));
  if (options_.native) write(native_text(*call.view.call));
  write("\n");
  if (open_thread_ == thread) open_thread_ = 0;
}

void trace_printer::signal(const parsed_record& record) {
  const abi_description* abi = this->abi(record.head);
  if (abi == nullptr || abi->siginfo == nullptr) return;
  const std::string_view native{reinterpret_cast<const char*>(record.payload.data()), record.payload.size()};
  begin_line(record.head.thread);
  write(fmt::format("--- {} {} ---\n", abi->signal_name(static_cast<i32>(record.head.number)), abi->siginfo(native)));
}

void trace_printer::exited(const parsed_record& record) {
  const i32 thread = record.head.thread;
  if (const auto found = pending_.find(thread); found != pending_.end()) { // it died inside a call
    pending_call& call = found->second;
    if (!call.open) {
      begin_line(thread);
      write(fmt::format("<... {} resumed>", call.view.call == nullptr ? "call" : call.view.call->name));
    }
    write(call.open ? " <unfinished ...>) = ?\n" : ") = ?\n");
    if (open_thread_ == thread) open_thread_ = 0;
    pending_.erase(found);
  }
  begin_line(thread);
  const u32 status = record.head.number;
  const abi_description* abi = this->abi(record.head);
  if ((status & 0x7f) == 0)
    write(fmt::format("+++ exited with {} +++\n", status >> 8 & 0xff));
  else
    write(fmt::format("+++ killed by {}{} +++\n",
                      abi == nullptr ? "a signal" : abi->signal_name(static_cast<i32>(status & 0x7f)),
                      (status & 0x80) != 0 ? " (core dumped)" : ""));
  threads_.erase(thread);
}

void trace_printer::finish() {
  close_open_line();
  if (to_ != nullptr) std::fflush(to_);
}

} // namespace polyabi::tool
