// Tracing, derived from the tables: which memory behind which argument has to be recorded is read off the signature. A kernel
// writes raw records; a tool that knows the same tables formats them. Costs one test of a flag while nobody traces.
#pragma once

#include <polyabi/core/arguments/sockets.hpp>
#include <polyabi/core/ioctl_table.hpp>

namespace polyabi {

/// What one record in a trace is about.
enum class trace_kind : u8 {
  enter,  ///< a call begins: its words, and the memory it will read
  leave,  ///< it ended: its result registers, and the memory it has written
  signal, ///< a signal is delivered to a handler or acts by default: `number` is native, the payload a native siginfo
  exited, ///< a process ended: `number` is the native wait status word
};

/// The head of a record; `size` counts it and everything behind it. All fields are the kernel's own machine's.
struct trace_record {
  u32 size = 0;
  trace_kind kind{};
  u8 abi = 0; ///< index among the personalities the kernel is linked with
  u16 blob_count = 0;
  i32 process = 0, thread = 0;
  u32 number = 0;             ///< of the call, in the personality's own numbering
  u32 flags = 0;              ///< carry flag of the result, in bit 0
  u64 time = 0;               ///< monotonic ns
  u64 words[6]{};             ///< argument words (enter)
  u64 result = 0, second = 0; ///< result registers (leave)
};

/// Memory behind an argument, after the record's head, padded to 8 bytes.
struct trace_blob {
  u8 word = 0;   ///< index of the argument word that pointed to it
  u8 part = 0;   ///< of an array of pointers or an iovec: which one
  u16 size = 0;  ///< bytes that follow
  u32 whole = 0; ///< bytes there were; more than `size` if cut
};

/// How the memory behind an argument is found.
enum class capture : u8 {
  none,
  text,          ///< to the NUL
  fixed,         ///< `size` bytes
  next_word,     ///< as many bytes as the next word says
  result,        ///< as many bytes as the call answered; `size` raises the limit
  vector_next,   ///< an iovec whose length is the next word; each part entirely
  vector_result, ///< as above, cut at what the call answered
  strings,       ///< a null-terminated array of pointers to text
  array,         ///< as many times `size` bytes as the next word says
  sized,         ///< as many bytes as the i32 behind the next word says, and that one
  message,       ///< a message's header (`layout`) and what it points to
  messages,      ///< as many of them as the next word says
};

/// Where a message's header has its pointers and sizes, and how large it is.
struct message_layout {
  u16 size, name, namelen, iov, iovlen, control, controllen;
};
/// The parts of a message's blobs: the header, the pieces of data from 1 on, the name and the control items. Those of the next
/// message follow.
namespace message_part {
inline constexpr u8 header = 0, data = 1, data_limit = 8, name = 9, control = 10, count = 11;
}
/// The part under which the words of a call that lie in memory are recorded.
inline constexpr u8 words_part = 255;

/// One argument's capture: at entry, at exit, or both.
struct argument_capture {
  u8 word = 0;
  capture how = capture::none;
  bool before = false, after = false;
  u16 size = 0;
  const message_layout* layout = nullptr;
  std::span<const arguments::pointed_run> points_to{}; ///< of a structure: what it points to, as parts 1 and on
};

namespace detail {

struct capture_plan {
  capture how = capture::none;
  bool before = false, after = false;
  usize size = 0;
  const message_layout* layout = nullptr;
  std::span<const arguments::pointed_run> points_to{};
};

/// The layout of a message's header `H` at the beginning of `S`.
template <class S, class H>
inline constexpr message_layout layout_of_message{
    sizeof(S),
    static_cast<u16>(offset_of<H, "name">),
    static_cast<u16>(offset_of<H, "namelen">),
    static_cast<u16>(offset_of<H, "iov">),
    static_cast<u16>(offset_of<H, "iovlen">),
    static_cast<u16>(offset_of<H, "control">),
    static_cast<u16>(offset_of<H, "controllen">)};

template <class S>
consteval std::span<const arguments::pointed_run> runs_of() {
  if constexpr (requires { S::points_to; })
    return S::points_to;
  else
    return {};
}

template <class Env, class Tag>
inline constexpr capture_plan capture_of{};
template <class Env, class Tag>
requires std::is_base_of_v<arguments::path, Tag> || std::is_base_of_v<arguments::path_or_null, Tag>
inline constexpr capture_plan capture_of<Env, Tag>{capture::text, true, false};
template <class Env, usize L, errc E>
inline constexpr capture_plan capture_of<Env, arguments::string<L, E>>{capture::text, true, false};
template <class Env>
inline constexpr capture_plan capture_of<Env, arguments::bytes_in>{capture::next_word, true, false};
template <class Env>
inline constexpr capture_plan capture_of<Env, arguments::bytes_out>{capture::result, false, true};
template <class Env>
inline constexpr capture_plan capture_of<Env, arguments::records_out>{capture::result, false, true, 4096};
template <class Env>
inline constexpr capture_plan capture_of<Env, arguments::buffer_in>{capture::next_word, true, false};
template <class Env>
inline constexpr capture_plan capture_of<Env, arguments::buffer_out>{capture::result, false, true};
template <class Env>
inline constexpr capture_plan capture_of<Env, arguments::vector_in>{capture::vector_next, true, false};
template <class Env>
inline constexpr capture_plan capture_of<Env, arguments::vector_out>{capture::vector_result, false, true};
template <class Env>
inline constexpr capture_plan capture_of<Env, arguments::strings>{capture::strings, true, false};
template <class Env, template <class> class S>
inline constexpr capture_plan capture_of<Env, arguments::out<S>>{capture::fixed, false, true, sizeof(S<typename Env::model>)};
template <class Env, template <class> class S>
inline constexpr capture_plan capture_of<Env, arguments::out_or_null<S>>{capture::fixed, false, true,
                                                                         sizeof(S<typename Env::model>)};
template <class Env, template <class> class S>
inline constexpr capture_plan capture_of<Env, arguments::in<S>>{capture::fixed, true, false, sizeof(S<typename Env::model>)};
template <class Env, template <class> class S>
inline constexpr capture_plan capture_of<Env, arguments::in_or_null<S>>{capture::fixed, true, false,
                                                                        sizeof(S<typename Env::model>)};
template <class Env, template <class> class S>
inline constexpr capture_plan capture_of<Env, arguments::inout<S>>{capture::fixed, true, true, sizeof(S<typename Env::model>)};
template <class Env, template <class> class S>
inline constexpr capture_plan capture_of<Env, arguments::pointer<S>>{
    capture::fixed, true, true, sizeof(S<typename Env::model>), nullptr, runs_of<S<typename Env::model>>()};
template <class Env, template <class> class S>
inline constexpr capture_plan capture_of<Env, arguments::pointer_in<S>>{
    capture::fixed, true, false, sizeof(S<typename Env::model>), nullptr, runs_of<S<typename Env::model>>()};
template <class Env, template <class> class S>
inline constexpr capture_plan capture_of<Env, arguments::pointer_out<S>>{
    capture::fixed, false, true, sizeof(S<typename Env::model>), nullptr, runs_of<S<typename Env::model>>()};
template <class Env, class T>
inline constexpr capture_plan capture_of<Env, arguments::scalars<T>>{capture::fixed, true, true, sizeof(T)};
template <class Env, class T>
inline constexpr capture_plan capture_of<Env, arguments::store_result<T>>{capture::fixed, false, true, sizeof(T)};
template <class Env, class T>
inline constexpr capture_plan capture_of<Env, arguments::value_at<T>>{capture::fixed, true, false, sizeof(T)};
template <class Env>
inline constexpr capture_plan capture_of<Env, arguments::store_pair>{capture::fixed, false, true, 8};
template <class Env, class T>
inline constexpr capture_plan capture_of<Env, arguments::address_of<T>>{capture::fixed, true, true, sizeof(T)};
template <class Env, class T>
inline constexpr capture_plan capture_of<Env, arguments::address_of_array<T>>{capture::array, true, true, sizeof(T)};
template <class Env, class Tag>
requires requires {
  typename Tag::traced_as;
}
inline constexpr capture_plan capture_of<Env, Tag> = capture_of<Env, typename Tag::traced_as>;

/// Where each argument begins, beside what is captured of it.
template <usize N>
consteval std::array<argument_capture, N> place_captures(const capture_plan (&plans)[N], const usize (&words)[N]) {
  std::array<argument_capture, N> all{};
  usize at = 0;
  for (usize i = 0; i < N; ++i) {
    const capture_plan& plan = plans[i];
    all[i] = {static_cast<u8>(at), plan.how, plan.before, plan.after, static_cast<u16>(plan.size), plan.layout, plan.points_to};
    at += words[i];
  }
  return all;
}

template <class Env, class Signature>
struct captures_of;
template <class Env, class R>
struct captures_of<Env, R()> {
  static constexpr std::array<argument_capture, 0> list{};
};
template <class Env, class R, class... Tags>
struct captures_of<Env, R(Tags...)> {
  static constexpr auto list =
      place_captures<sizeof...(Tags)>({capture_of<Env, Tags>...}, {Tags::template words<Env>...});
};

} // namespace detail

/// What tracing needs to know of one row, in read-only data.
struct traced_call {
  u8 words = 0;
  std::span<const argument_capture> captures;
};

namespace detail {

template <class Env, class Row>
inline constexpr traced_call traced_row{signature_traits<Env, typename Row::signature>::words,
                                        captures_of<Env, typename Row::signature>::list};

/// Collects one record in a bounded buffer.
template <class Env>
class recorder {
public:
  using K = typename Env::kernel;
  using word = typename Env::model::ulong;

  recorder(typename K::thread& thread, trace_kind kind) : thread_{thread} {
    head_.kind = kind;
    K::trace_identity(thread, head_);
  }
  trace_record& head() { return head_; }

  void add(const argument_capture& a, const u64* words, i64 result) {
    const u64 at = narrow(words[a.word]);
    if (at == 0) return;
    switch (a.how) {
    case capture::none: break;
    case capture::text: add_text(a.word, 0, at); break;
    case capture::fixed:
      if (add_bytes(a.word, 0, at, a.size, whole_limit)) add_pointed(a);
      break;
    case capture::next_word: add_bytes(a.word, 0, at, narrow(words[a.word + 1])); break;
    case capture::result:
      if (result > 0) add_bytes(a.word, 0, at, static_cast<u64>(result), a.size > bytes_limit ? a.size : bytes_limit);
      break;
    case capture::vector_next: add_vector(a.word, at, narrow(words[a.word + 1]), ~u64{0}); break;
    case capture::vector_result:
      if (result > 0) add_vector(a.word, at, narrow(words[a.word + 1]), static_cast<u64>(result));
      break;
    case capture::strings: add_strings(a.word, at); break;
    case capture::array: add_bytes(a.word, 0, at, (narrow(words[a.word + 1]) & 0xffff) * a.size); break;
    case capture::sized: add_sized(a.word, at, narrow(words[a.word + 1])); break;
    case capture::message:
      if (result >= 0) add_message(a.word, 0, at, *a.layout, head_.kind == trace_kind::leave ? static_cast<u64>(result) : ~u64{0});
      break;
    case capture::messages: {
      const u64 all = narrow(words[a.word + 1]) & 0xffff;
      const u64 count = head_.kind == trace_kind::leave ? (result > 0 ? static_cast<u64>(result) : 0) : all;
      for (u64 i = 0; i < count && (i + 1) * message_part::count < words_part; ++i)
        add_message(a.word, static_cast<u8>(i * message_part::count), at + i * a.layout->size, *a.layout, ~u64{0});
      break;
    }
    }
  }

  /// The words of a call that lie in memory.
  void add_words(const u64* words, usize count) {
    const usize size = count * sizeof words[0];
    if (used_ + sizeof(trace_blob) + size + 8 > capacity) return;
    __builtin_memcpy(payload_ + used_ + sizeof(trace_blob), words, size);
    finish_blob(1, words_part, static_cast<u16>(size), size);
  }

  void write() {
    head_.size = static_cast<u32>(sizeof head_ + used_);
    K::trace_write(thread_, head_, payload_, used_);
  }

private:
  static constexpr usize capacity = 6144, text_limit = 1024, bytes_limit = 256, whole_limit = 4096;
  static u64 narrow(u64 w) { return Env::model::word_size == 4 ? static_cast<u32>(w) : w; }

  /// `whole`: what there is, if that is more than `size`. Whether it was recorded.
  [[gnu::noinline]] bool add_bytes(u8 word_index, u8 part, u64 at, u64 size, u64 limit = bytes_limit, u64 whole = 0) {
    const u64 take = size < limit ? size : limit;
    if (used_ + sizeof(trace_blob) + take + 8 > capacity) return false;
    unsigned char* to = payload_ + used_ + sizeof(trace_blob);
    if (!K::copy_in(thread_, to, at, take)) return false;
    finish_blob(word_index, part, static_cast<u16>(take), whole > size ? whole : size);
    return true;
  }
  /// What the structure points to that has just been recorded. A negative size is none.
  void add_pointed(const argument_capture& a) {
    const usize padded = (a.size + usize{7}) / 8 * 8;
    const unsigned char* structure = payload_ + used_ - padded;
    u8 part = 1;
    word address[8];
    i32 sizes[8];
    usize count = 0;
    for (const arguments::pointed_run& run : a.points_to) {
      if (count == std::size(sizes)) break;
      __builtin_memcpy(&address[count], structure + run.address, sizeof(word));
      __builtin_memcpy(&sizes[count++], structure + run.size, sizeof(i32));
    }
    for (usize i = 0; i < count; ++i, ++part)
      if (sizes[i] > 0) (void)add_bytes(a.word, part, static_cast<u64>(address[i]), static_cast<u32>(sizes[i]));
  }
  void add_text(u8 word_index, u8 part, u64 at) {
    if (used_ + sizeof(trace_blob) + text_limit + 8 > capacity) return;
    char* to = reinterpret_cast<char*>(payload_ + used_ + sizeof(trace_blob));
    const i64 n = K::copy_in_string(thread_, to, at, text_limit);
    if (n == -1) return;
    const usize size = n >= 0 ? static_cast<usize>(n) : text_limit;
    finish_blob(word_index, part, static_cast<u16>(size), n >= 0 ? size : size + 1);
  }
  void add_vector(u8 word_index, u64 at, u64 count, u64 limit) {
    for (u64 i = 0; i < count && i < 16 && limit > 0; ++i) {
      word pair[2];
      if (!K::copy_in(thread_, pair, at + i * sizeof pair, sizeof pair)) return;
      u64 size = static_cast<u64>(pair[1]);
      size = size < limit ? size : limit;
      limit -= limit == ~u64{0} ? 0 : size;
      add_bytes(word_index, static_cast<u8>(i), static_cast<u64>(pair[0]), size);
    }
  }
  void add_sized(u8 word_index, u64 at, u64 size_at) {
    i32 size = 0;
    if (!K::copy_in(thread_, &size, size_at, sizeof size)) return;
    add_bytes(static_cast<u8>(word_index + 1), 0, size_at, sizeof size);
    if (head_.kind == trace_kind::leave && size > 0) add_bytes(word_index, 0, at, static_cast<u64>(size));
  }
  void add_message(u8 word_index, u8 part, u64 at, const message_layout& where, u64 limit) {
    unsigned char header[128];
    if (where.size > sizeof header || !K::copy_in(thread_, header, at, where.size)) return;
    const auto word_at = [&](u16 offset) {
      word w;
      __builtin_memcpy(&w, header + offset, sizeof w);
      return static_cast<u64>(w);
    };
    u32 name_size = 0;
    __builtin_memcpy(&name_size, header + where.namelen, sizeof name_size);
    add_bytes(word_index, static_cast<u8>(part + message_part::header), at, where.size, sizeof header);
    if (word_at(where.name) != 0)
      add_bytes(word_index, static_cast<u8>(part + message_part::name), word_at(where.name), name_size, 128);
    if (word_at(where.control) != 0)
      add_bytes(word_index, static_cast<u8>(part + message_part::control), word_at(where.control), word_at(where.controllen), 1024);
    const u64 count = word_at(where.iovlen);
    for (u64 i = 0; i < count && i < message_part::data_limit && limit > 0; ++i) {
      word pair[2];
      if (!K::copy_in(thread_, pair, word_at(where.iov) + i * sizeof pair, sizeof pair)) return;
      u64 size = static_cast<u64>(pair[1]);
      const u64 whole = size;
      size = size < limit ? size : limit;
      limit -= limit == ~u64{0} ? 0 : size;
      add_bytes(word_index, static_cast<u8>(part + message_part::data + i), static_cast<u64>(pair[0]), size, bytes_limit, whole);
    }
  }
  void add_strings(u8 word_index, u64 at) {
    for (u8 i = 0; i < 64; ++i) {
      word pointer;
      if (!K::copy_in(thread_, &pointer, at + i * sizeof pointer, sizeof pointer)) return;
      if (static_cast<u64>(pointer) == 0) return;
      add_text(word_index, i, static_cast<u64>(pointer));
    }
  }
  void finish_blob(u8 word_index, u8 part, u16 size, u64 whole) {
    const trace_blob blob{word_index, part, size, static_cast<u32>(whole < 0xffffffff ? whole : 0xffffffff)};
    __builtin_memcpy(payload_ + used_, &blob, sizeof blob);
    used_ += (sizeof blob + size + 7) / 8 * 8;
    ++head_.blob_count;
  }

  typename K::thread& thread_;
  trace_record head_;
  usize used_ = 0;
  alignas(8) unsigned char payload_[capacity];
};

template <class Env>
inline constexpr auto traced_rows =
    []<class... Rows>(row_list<Rows...>) { return std::array<traced_call, sizeof...(Rows)>{traced_row<Env, Rows>...}; };

/// Finds what to capture of a call: by its number, and for a multiplexed or ioctl row by its selector.
template <class Env, class Table>
struct traced_table {
  static constexpr usize column = Env::arch::column;
  using table = Table;
  static constexpr std::array calls = traced_rows<Env>(typename table::rows{});
  static constexpr auto index = [] {
    std::array<i16, static_cast<usize>(table::template end<column>)> t{};
    for (auto& e : t) e = -1;
    constexpr auto numbers = table::template numbers<column>;
    for (usize i = 0; i < table::size; ++i)
      if (numbers[i] != absent) t[static_cast<usize>(numbers[i])] = static_cast<i16>(i);
    return t;
  }();
  static const traced_call* find(u32 number) {
    return number < index.size() && index[number] >= 0 ? &calls[static_cast<usize>(index[number])] : nullptr;
  }
};
template <class Env, class Table>
requires requires {
  Table::unknown;
}
struct traced_table<Env, Table> {
  static constexpr std::array calls = traced_rows<Env>(typename Table::rows{});
  static const traced_call* find(u32 number) {
    for (usize i = 0; i < Table::size; ++i)
      if (Table::numbers[i] == number) return &calls[i];
    return nullptr;
  }
};

/// For the rows with a second selector: the row's index, and how to look further.
template <class Env, class Row>
const traced_call* refine(const traced_call* plain, void* thread, const u64* words, u64* sub_words, const u64*& used) {
  if constexpr (ioctl_target<typename Row::target>) {
    const traced_call* t = traced_table<Env, typename Row::target::ioctls>::find(static_cast<u32>(words[1]));
    if constexpr (has_next_ioctls<typename Row::target>)
      if (t == nullptr) t = traced_table<Env, typename Row::target::next>::find(static_cast<u32>(words[1]));
    if (t != nullptr) {
      sub_words[0] = words[0];
      sub_words[1] = words[2];
      used = sub_words;
      return t;
    }
  } else if constexpr (multiplexed_target<typename Row::target>) {
    using target = typename Row::target;
    [[maybe_unused]] const auto selector = static_cast<u32>(words[0]) & static_cast<u32>(target::selector_mask);
    if (const traced_call* t = traced_table<Env, typename target::table>::find(selector); t != nullptr) {
      if constexpr (target::style == multiplex_style::shifted) {
        used = words + 1;
        return t;
      } else {
        typename Env::model::ulong raw[6];
        using K = typename Env::kernel;
        if (t->words <= 6 && K::copy_in(*static_cast<typename K::thread*>(thread), raw, words[1], t->words * sizeof raw[0])) {
          for (usize i = 0; i < t->words; ++i) sub_words[i] = static_cast<u64>(raw[i]);
          used = sub_words;
          return t;
        }
      }
    }
  }
  return plain;
}
using refine_function = const traced_call* (*)(const traced_call*, void* thread, const u64*, u64*, const u64*&);

template <class Env, class Row>
consteval refine_function refiner_of() {
  if constexpr (ioctl_target<typename Row::target> || multiplexed_target<typename Row::target>)
    return &refine<Env, Row>;
  else
    return nullptr;
}

template <class Env>
struct refiners {
  static constexpr std::array all = []<class... Rows>(row_list<Rows...>) {
    return std::array<refine_function, sizeof...(Rows)>{refiner_of<Env, Rows>()...};
  }(typename Env::personality::syscalls::rows{});
};

/// What tracing knows of a call: null for an unknown number.
struct traced_lookup {
  const traced_call* call = nullptr;
  refine_function refine = nullptr;
};
template <class Env>
traced_lookup find_traced(u32 number) {
  using table = typename Env::personality::syscalls;
  const traced_call* call = traced_table<Env, table>::find(number);
  if (call == nullptr) return {};
  return {call, refiners<Env>::all[static_cast<usize>(call - traced_table<Env, table>::calls.data())]};
}

/// A call with a record before and one after it; `perform` makes it.
template <class Env>
[[gnu::noinline]] void traced_enter(typename Env::kernel::thread& thread, registers& frame, traced_lookup found,
                                    void (*perform)(typename Env::kernel::thread&, registers&, u32)) {
  using K = typename Env::kernel;
  constexpr auto& convention = Env::arch::convention;
  const auto number = static_cast<u32>(frame.*convention.number);
  const traced_call* call = found.call;

  u64 words[8]{}, sub_words[8]{};
  const u64* used = words;
  if constexpr (convention.stack_arguments) {
    u32 raw[6]{};
    const usize n = call != nullptr && call->words < 6 ? call->words : 6;
    if (K::copy_in(thread, raw, static_cast<u32>(frame.rsp) + 4u, n * 4))
      for (usize i = 0; i < 6; ++i) words[i] = raw[i];
  } else {
    for (usize i = 0; i < 6; ++i)
      if (convention.arguments[i] != nullptr) words[i] = frame.*convention.arguments[i]; // a convention may have fewer
  }
  if (found.refine != nullptr) call = found.refine(call, &thread, words, sub_words, used);
  {
    recorder<Env> enter{thread, trace_kind::enter};
    enter.head().number = number;
    for (usize i = 0; i < 6; ++i) enter.head().words[i] = words[i];
    if (call != nullptr)
      for (const auto& a : call->captures)
        if (a.before) enter.add(a, used, 0);
    if (used == sub_words) enter.add_words(sub_words, 6);
    enter.write();
  }
  perform(thread, frame, number);
  recorder<Env> leave{thread, trace_kind::leave};
  leave.head().number = number;
  leave.head().result = frame.*convention.result;
  leave.head().second = frame.*convention.second;
  leave.head().flags |= static_cast<u32>(frame.rflags & carry_flag);
  const i64 result = Env::model::word_size == 4 ? static_cast<i32>(leave.head().result) : static_cast<i64>(leave.head().result);
  if (call != nullptr)
    for (const auto& a : call->captures)
      if (a.after) leave.add(a, used, result);
  leave.write();
}

} // namespace detail

} // namespace polyabi
