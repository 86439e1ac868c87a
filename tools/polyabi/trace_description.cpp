#include "trace_description.hpp"

#include "format_structures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace polyabi::tool {

std::optional<parsed_record> parsed_record::parse(std::span<const u8> bytes) {
  parsed_record record;
  if (bytes.size() < sizeof record.head) return std::nullopt;
  std::memcpy(&record.head, bytes.data(), sizeof record.head);
  if (record.head.size != bytes.size()) return std::nullopt;
  record.payload.assign(bytes.begin() + sizeof record.head, bytes.end());
  const std::vector<u8>& payload = record.payload;
  usize at = 0;
  for (u16 i = 0; i < record.head.blob_count; ++i) {
    trace_blob blob;
    if (at + sizeof blob > payload.size()) return std::nullopt;
    std::memcpy(&blob, payload.data() + at, sizeof blob);
    if (at + sizeof blob + blob.size > payload.size()) return std::nullopt;
    const char* text =
        reinterpret_cast<const char*>(payload.data() + at + sizeof blob); // a moved vector keeps its bytes in place
    record.blobs.push_back({blob.word, blob.part, {text, blob.size}, blob.whole});
    at += (sizeof blob + blob.size + 7) / 8 * 8;
  }
  return record;
}

const captured* call_view::find(const parsed_record* record, u8 word, u8 part) {
  if (record == nullptr) return nullptr;
  for (const captured& c : record->blobs)
    if (c.word == word && c.part == part) return &c;
  return nullptr;
}

i64 call_view::result() const {
  if (leave == nullptr) return 0;
  return abi->word_size == 4 ? static_cast<i32>(leave->head.result) : static_cast<i64>(leave->head.result);
}

i32 call_view::error() const {
  if (leave == nullptr) return 0;
  if (abi->errors == error_style::carry) return (leave->head.flags & carry_flag) != 0 ? static_cast<i32>(result()) : 0;
  return result() < 0 && result() >= -4095 ? static_cast<i32>(-result()) : 0;
}

bool call_view::failed() const {
  return error() != 0;
}

std::string release_text(release which) {
  if (which.is_none()) return {};
  return which.third == 0 ? fmt::format("{}.{}", which.first, which.second)
                          : fmt::format("{}.{}.{}", which.first, which.second, which.third);
}

const call_description* call_description::find_selected(u64 wanted) const {
  const auto found = std::find_if(selected.begin(), selected.end(),
                                  [&](const call_description& c) { return static_cast<u64>(c.number) == wanted; });
  return found == selected.end() ? nullptr : &*found;
}

std::string call_description::signature() const {
  std::string text = readable_type(result) + " " + std::string{name} + "(";
  bool first = true;
  for (const argument_description& a : arguments) {
    std::string tag = readable_type(a.tag);
    for (const std::string_view wrapper : {"flags<", "one_of<"}) // the map says it all
      if (tag.starts_with(wrapper)) tag = tag.substr(wrapper.size(), tag.size() - wrapper.size() - 1);
    text += (first ? "" : ", ") + tag;
    first = false;
  }
  return text + ")";
}

const call_description* abi_description::find(u32 number) const {
  const auto found =
      std::find_if(calls.begin(), calls.end(), [&](const call_description& c) { return c.number == static_cast<i64>(number); });
  return found == calls.end() ? nullptr : &*found;
}

std::vector<call_description> lay_over(const std::vector<call_description>& base, const std::vector<call_description>& over) {
  std::vector<call_description> all;
  for (const call_description& call : base) {
    const auto replaces = [&](const call_description& other) { return other.number == call.number; };
    if (std::none_of(over.begin(), over.end(), replaces)) all.push_back(call);
  }
  all.insert(all.end(), over.begin(), over.end());
  return all;
}

namespace {

void refine(std::vector<call_description>& calls, const refinements& with) {
  for (call_description& call : calls) {
    for (const refinement& r : with.arguments)
      for (argument_description& a : call.arguments)
        if (call.name == r.call && a.word == r.word) {
          a.format = r.format;
          a.written = r.written;
        }
    for (const result_refinement& r : with.results)
      if (call.name == r.call) call.result_format = r.format;
    refine(call.selected, with);
  }
}

} // namespace

void refine(abi_description& abi, const refinements& with) {
  refine(abi.calls, with);
}

const abi_description* find_description(std::string_view personality, std::string_view arch) {
  for (const abi_description* abi : all_descriptions())
    if (abi->personality == personality && abi->arch == arch) return abi;
  return nullptr;
}

} // namespace polyabi::tool
