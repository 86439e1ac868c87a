#include "trace_arguments.hpp"

#include <fmt/format.h>

namespace polyabi::tool {

std::string signed_argument(const argument& a) {
  return std::to_string(a.number());
}
std::string unsigned_argument(const argument& a) {
  return std::to_string(static_cast<u32>(a.value()));
}
std::string signed_word(const argument& a) {
  return std::to_string(a.in.abi->word_size == 4 ? a.number() : static_cast<i64>(a.value()));
}
std::string unsigned_word(const argument& a) {
  return std::to_string(a.value());
}
std::string hex_word(const argument& a) {
  return a.value() == 0 ? "0" : fmt::format("{:#x}", a.value());
}
std::string address_argument(const argument& a) {
  return address_text(a.value());
}
std::string mode_argument(const argument& a) {
  return mode_text(static_cast<u32>(a.value()));
}
std::string id_argument(const argument& a) {
  const auto id = static_cast<u32>(a.value());
  return id == ~u32{0} ? "-1" : std::to_string(id);
}

namespace {
u64 wide(const argument& a) {
  return a.in.abi->word_size == 8 ? a.value() : a.value() | a.value(1) << 32;
}
} // namespace

std::string wide_argument(const argument& a) {
  return std::to_string(static_cast<i64>(wide(a)));
}
std::string wide_unsigned(const argument& a) {
  return std::to_string(wide(a));
}

std::string text_argument(const argument& a) {
  const captured* text = a.before();
  return text == nullptr ? address_argument(a) : quoted_text(text->bytes, text->whole <= text->bytes.size());
}

std::string bytes_in_argument(const argument& a) {
  const captured* memory = a.before();
  const u64 size = a.value(1);
  const std::string text =
      memory == nullptr ? (size == 0 && a.value() != 0 ? "\"\"" : address_argument(a)) : quoted(memory->bytes, memory->whole);
  return fmt::format("{}, {}", text, size);
}

std::string bytes_out_argument(const argument& a) {
  const captured* memory = a.after();
  std::string text;
  if (memory != nullptr)
    text = quoted(memory->bytes, memory->whole);
  else
    text = a.in.leave != nullptr && !a.in.failed() && a.in.result() == 0 && a.value() != 0 ? "\"\"" : address_argument(a);
  return fmt::format("{}, {}", text, a.value(1));
}

namespace {

/// The lengths of the parts are only known where the parts were recorded.
std::string vector_text(const argument& a, const parsed_record* from) {
  std::string text;
  if (from != nullptr)
    for (const captured& part : from->blobs)
      if (part.word == a.word)
        text +=
            fmt::format("{}{{iov_base={}, iov_len={}}}", text.empty() ? "" : ", ", quoted(part.bytes, part.whole), part.whole);
  if (text.empty()) return fmt::format("{}, {}", address_argument(a), a.value(1));
  return fmt::format("[{}], {}", text, a.value(1));
}

} // namespace

std::string vector_in_argument(const argument& a) {
  return vector_text(a, a.in.enter);
}
std::string vector_out_argument(const argument& a) {
  return vector_text(a, a.in.failed() ? nullptr : a.in.leave);
}

std::string strings_argument(const argument& a) {
  if (a.value() == 0) return "NULL";
  std::string text;
  for (const captured& one : a.in.enter->blobs)
    if (one.word == a.word) text += (text.empty() ? "" : ", ") + quoted(one.bytes, one.whole);
  return fmt::format("[{}]", text);
}

std::string variables_argument(const argument& a) {
  usize count = 0;
  for (const captured& one : a.in.enter->blobs) count += one.word == a.word;
  return a.value() == 0 ? "NULL" : fmt::format("{} /* {} var{} */", address_argument(a), count, count == 1 ? "" : "s");
}

std::string pair_argument(const argument& a) {
  const captured* memory = a.in.failed() ? nullptr : a.after();
  if (memory == nullptr || memory->bytes.size() < 8) return address_argument(a);
  i32 pair[2];
  std::memcpy(pair, memory->bytes.data(), sizeof pair);
  return fmt::format("[{}, {}]", pair[0], pair[1]);
}

const captured* pointed(const argument& a, bool written) {
  if (!written) return a.before();
  return a.in.failed() ? nullptr : a.after();
}

} // namespace polyabi::tool
