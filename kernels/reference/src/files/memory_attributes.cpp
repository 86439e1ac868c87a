// Extended attributes of a file in memory: few and short, in a list.
#include "memory_attributes.hpp"

#include <polyabi/reference/heap.hpp>

#include <cstring>

namespace polyabi::reference {

namespace {

constexpr usize most_bytes = 64 * 1024;

/// As tmpfs: access lists and the like ("system.") are no mere bytes.
bool is_kept(std::string_view name) { return !name.starts_with(attribute_class::system); }

} // namespace

memory_attributes::~memory_attributes() {
  while (attribute* a = all_.front()) drop(*a);
}

memory_attributes::attribute* memory_attributes::find(std::string_view name) const {
  for (attribute* a = all_.front(); a != nullptr; a = all_.next(*a)) {
    if (a->name() == name) return a;
  }
  return nullptr;
}

void memory_attributes::drop(attribute& a) {
  all_.remove(a);
  bytes_ -= a.name_size + a.value_size;
  const usize size = a.size();
  a.~attribute();
  heap::deallocate(&a, size);
}

result<usize> memory_attributes::get(std::string_view name, std::span<char> to) const {
  if (!is_kept(name)) return error::opnotsupp;
  attribute* a = find(name);
  if (a == nullptr) return error::nodata;
  if (to.empty()) return a->value_size;
  if (a->value_size > to.size()) return error::range;
  std::memcpy(to.data(), a->value_text(), a->value_size);
  return a->value_size;
}

result<> memory_attributes::set(std::string_view name, std::span<const char> value, attribute_rule rule) {
  if (!is_kept(name)) return error::opnotsupp;
  attribute* old = find(name);
  if (old != nullptr && rule == attribute_rule::is_absent) return error::exist;
  if (old == nullptr && rule == attribute_rule::is_present) return error::nodata;
  const usize freed = old != nullptr ? old->name_size + old->value_size : 0;
  if (bytes_ - freed + name.size() + value.size() > most_bytes) return error::nospc;
  void* room = heap::allocate(sizeof(attribute) + name.size() + value.size());
  if (room == nullptr) return error::nospc;
  auto* made = ::new (room) attribute{{}, name.size(), value.size()};
  std::memcpy(made->name_text(), name.data(), name.size());
  if (!value.empty()) std::memcpy(made->value_text(), value.data(), value.size());
  if (old != nullptr) drop(*old);
  all_.push_back(*made);
  bytes_ += name.size() + value.size();
  return {};
}

result<usize> memory_attributes::list(const credentials& who, std::span<char> to) const {
  usize size = 0;
  for (attribute* a = all_.front(); a != nullptr; a = all_.next(*a)) {
    if (a->name().starts_with(attribute_class::trusted) && !who.may(privileges::administer)) continue;
    if (!to.empty()) {
      if (size + a->name_size + 1 > to.size()) return error::range;
      std::memcpy(to.data() + size, a->name_text(), a->name_size);
      to[size + a->name_size] = '\0';
    }
    size += a->name_size + 1;
  }
  return size;
}

result<> memory_attributes::remove(std::string_view name) {
  if (!is_kept(name)) return error::opnotsupp;
  attribute* a = find(name);
  if (a == nullptr) return error::nodata;
  drop(*a);
  return {};
}

} // namespace polyabi::reference
