// Implementation of stack.hpp.
#pragma once

namespace polyabi::activators {

namespace detail {

constexpr usize count_of(std::span<const string_block> blocks) {
  usize count = 0;
  for (const string_block& block : blocks) count += block.count;
  return count;
}

/// Where the string that begins at `from` has its NUL: the block's size if it has none.
constexpr usize end_of_string(const string_block& block, usize from) {
  while (from < block.size && block.bytes[from] != '\0') ++from;
  return from;
}

/// Whether a block is `count` strings, none longer than allowed, that fill it exactly.
constexpr bool well_formed(const string_block& block) {
  usize count = 0;
  for (usize at = 0; at < block.size; ++count) {
    const usize end = end_of_string(block, at);
    if (end == block.size || end - at >= max_argument_string) return false;
    at = end + 1;
  }
  return count == block.count;
}

/// Takes room downwards from an address, within what is left of a limit.
struct downward {
  u64 address, left;

  constexpr bool take(u64 size) {
    if (size > left || size > address) return false;
    address -= size;
    left -= size;
    return true;
  }
  constexpr bool take(std::span<const string_block> blocks) {
    for (const string_block& block : blocks) {
      if (!take(block.size)) return false;
    }
    return true;
  }
};

/// Words of 4 or 8 bytes, gathered before they are written.
template <stack_writer Writer>
class word_stream {
public:
  word_stream(Writer& writer, u64 address, u8 width) : writer_{writer}, address_{address}, width_{width} {}

  bool put(u64 word) {
    __builtin_memcpy(buffer_ + used_, &word, width_ == 8 ? 8 : 4); // of a small one the low half, which comes first
    used_ += width_;
    return used_ < sizeof buffer_ || flush();
  }
  bool flush() {
    const bool written = used_ == 0 || writer_.write(address_, buffer_, used_);
    address_ += used_;
    used_ = 0;
    return written;
  }

  /// The addresses of the strings in `blocks`, which lie from `address` on, and the terminator.
  bool put_strings(std::span<const string_block> blocks, u64 address) {
    for (const string_block& block : blocks) {
      for (usize at = 0; at < block.size; at = end_of_string(block, at) + 1)
        if (!put(address + at)) return false;
      address += block.size;
    }
    return put(0);
  }

private:
  Writer& writer_;
  u64 address_;
  usize used_ = 0;
  u8 width_;
  u8 buffer_[256]; // a multiple of both widths
};

template <stack_writer Writer>
bool write_blocks(Writer& writer, u64 address, std::span<const string_block> blocks) {
  for (const string_block& block : blocks) {
    if (block.size != 0 && !writer.write(address, block.bytes, block.size)) return false;
    address += block.size;
  }
  return true;
}

template <stack_writer Writer>
bool write_text(Writer& writer, u64 address, std::string_view text) {
  const char nul = '\0';
  return (text.empty() || writer.write(address, text.data(), text.size())) && writer.write(address + text.size(), &nul, 1);
}

} // namespace detail

constexpr errc string_collector::append(std::string_view text) {
  if (text.size() >= max_argument_string || text.size() >= remaining()) return errc::toobig;
  for (char c : text) {
    if (c == '\0') return errc::inval;
    memory_[size_++] = c;
  }
  memory_[size_++] = '\0';
  ++count_;
  return errc::none;
}

constexpr basic_result<stack_layout, errc> place_strings(const stack_request& request) {
  if ((request.pointer_size != 4 && request.pointer_size != 8) || request.top % 16 != 0) return errc::inval;
  for (std::span<const string_block> blocks : {request.arguments, request.environment}) {
    for (const string_block& block : blocks) {
      if (!detail::well_formed(block)) return errc::toobig;
    }
  }
  stack_layout layout;
  layout.argument_count = detail::count_of(request.arguments);
  layout.environment_count = detail::count_of(request.environment);

  detail::downward at{request.top, request.size_limit};
  if (!at.take(request.pointer_size)) return errc::toobig;
  if (!at.take(request.file_name.size() + 1)) return errc::toobig;
  layout.file_name = at.address;
  layout.environment_end = at.address;
  if (!at.take(request.environment)) return errc::toobig;
  layout.environment_start = layout.arguments_end = at.address;
  if (!at.take(request.arguments)) return errc::toobig;
  layout.arguments_start = at.address;
  if (!at.take(request.platform.size() + 1)) return errc::toobig;
  layout.platform = at.address;
  if (!at.take(request.random.size())) return errc::toobig;
  layout.random = at.address;
  layout.vectors_end = at.address;
  return layout;
}

constexpr errc place_vectors(const stack_request& request, usize auxiliary_count, stack_layout& layout) {
  if (auxiliary_count > max_auxiliary_entries || (auxiliary_count != 0 && !request.auxiliary_vector)) return errc::inval;
  layout.auxiliary_count = auxiliary_count;
  // argc, two terminators, and the auxiliary vector with its own; the counts are bounded by the strings' sizes.
  const usize auxiliary_words = request.auxiliary_vector ? 2 * (auxiliary_count + 1) : 0;
  const u64 words = layout.argument_count + layout.environment_count + 3 + auxiliary_words;
  const u64 size = words * request.pointer_size;
  const u64 used = request.top - layout.vectors_end;
  detail::downward at{layout.vectors_end, request.size_limit - used};
  // The padding goes above the vectors, so that argc is aligned and the auxiliary vector follows envp without a gap.
  if (!at.take(size)) return errc::toobig;
  const u64 padding = at.address % 16;
  if (!at.take(padding)) return errc::toobig;
  layout.stack_pointer = at.address;
  layout.vectors_end = at.address + size;
  return errc::none;
}

template <stack_writer Writer>
errc write_stack(const stack_request& request, const stack_layout& layout, std::span<const auxiliary_entry> auxiliary,
                 Writer& writer) {
  if (auxiliary.size() != layout.auxiliary_count) return errc::inval;
  const u64 zero = 0;
  const bool strings_written = writer.write(request.top - request.pointer_size, &zero, request.pointer_size) &&
                               detail::write_text(writer, layout.file_name, request.file_name) &&
                               detail::write_blocks(writer, layout.environment_start, request.environment) &&
                               detail::write_blocks(writer, layout.arguments_start, request.arguments) &&
                               detail::write_text(writer, layout.platform, request.platform) &&
                               writer.write(layout.random, request.random.data(), request.random.size());
  if (!strings_written) return errc::fault;

  detail::word_stream<Writer> words{writer, layout.stack_pointer, request.pointer_size};
  bool written = words.put(layout.argument_count) && words.put_strings(request.arguments, layout.arguments_start) &&
                 words.put_strings(request.environment, layout.environment_start);
  for (const auxiliary_entry& entry : auxiliary) written = written && words.put(entry.type) && words.put(entry.value);
  if (request.auxiliary_vector) written = written && words.put(0) && words.put(0);
  written = written && words.flush();
  return written ? errc::none : errc::fault;
}

template <class Auxiliary, stack_writer Writer>
basic_result<stack_layout, errc> build_stack(const stack_request& request, image_start start, Auxiliary&& auxiliary,
                                             Writer& writer) {
  basic_result<stack_layout, errc> layout = place_strings(request);
  if (!layout) return layout;
  start.random = layout->random;
  start.platform = layout->platform;
  start.file_name = layout->file_name;
  auxiliary_entry entries[max_auxiliary_entries];
  const usize count = request.auxiliary_vector ? auxiliary(start, std::span<auxiliary_entry>{entries}) : 0;
  if (errc error = place_vectors(request, count, *layout); error != errc::none) return error;
  if (errc error = write_stack(request, *layout, std::span<const auxiliary_entry>{entries, count}, writer);
      error != errc::none) {
    return error;
  }
  return layout;
}

} // namespace polyabi::activators
