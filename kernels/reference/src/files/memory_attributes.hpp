// Extended attributes of a file in memory.
#pragma once

#include <polyabi/reference/intrusive_list.hpp>
#include <polyabi/reference/vnode.hpp>

namespace polyabi::reference {

/// What of an extended attribute's name says who may see and set it (xattr(7)).
namespace attribute_class {
inline constexpr std::string_view user = "user.", trusted = "trusted.", security = "security.", system = "system.";
}

/// The attributes of one file. Under the kernel lock.
class memory_attributes {
public:
  memory_attributes() = default;
  memory_attributes(const memory_attributes&) = delete;
  memory_attributes& operator=(const memory_attributes&) = delete;
  ~memory_attributes();

  result<usize> get(std::string_view name, std::span<char> to) const;
  /// ENOSPC when all of a file's would take more than 64 KiB.
  result<> set(std::string_view name, std::span<const char> value, attribute_rule);
  result<usize> list(const credentials&, std::span<char> to) const;
  result<> remove(std::string_view name);

private:
  /// Name and value follow it.
  struct attribute {
    list_link link;
    usize name_size, value_size;
    char* name_text() { return reinterpret_cast<char*>(this + 1); }
    char* value_text() { return name_text() + name_size; }
    std::string_view name() { return {name_text(), name_size}; }
    usize size() const { return sizeof(attribute) + name_size + value_size; }
  };
  attribute* find(std::string_view name) const;
  void drop(attribute&);

  intrusive_list<attribute, &attribute::link> all_;
  usize bytes_ = 0; ///< of names and values
};

} // namespace polyabi::reference
