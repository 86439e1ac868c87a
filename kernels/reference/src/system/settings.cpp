// The settings, as text that stays where it is.
#include <polyabi/reference/kernel.hpp>
#include <polyabi/reference/machine.hpp>
#include <polyabi/reference/settings.hpp>

namespace polyabi::reference {

namespace settings {

namespace {

struct kept_setting {
  char name[64], value[192];
  usize name_size, value_size;
};
constinit kept_setting kept[24]{};
constinit usize count = 0;

bool add(std::string_view name, std::string_view value) {
  if (count == std::size(kept) || name.size() > sizeof kept[0].name || value.size() > sizeof kept[0].value) return false;
  kept_setting& s = kept[count++];
  s.name_size = name.size();
  s.value_size = value.size();
  for (usize i = 0; i < name.size(); ++i) s.name[i] = name[i];
  for (usize i = 0; i < value.size(); ++i) s.value[i] = value[i];
  return true;
}

} // namespace

bool keep(std::span<const boot_options::setting> given) {
  count = 0;
  u8 bytes[16];
  char digits[32];
  machine::random(bytes, sizeof bytes);
  for (usize i = 0; i < sizeof digits; ++i) digits[i] = "0123456789abcdef"[bytes[i / 2] >> (i % 2 * 4) & 15];
  bool all = add("boot_id", {digits, sizeof digits});
  for (const auto& s : given) all &= add(s.name, s.value);
  return all;
}

bool set(std::string_view name, std::string_view value) {
  for (usize i = count; i-- > 0;) {
    kept_setting& s = kept[i];
    if (std::string_view{s.name, s.name_size} != name) continue;
    if (value.size() > sizeof s.value) return false;
    s.value_size = value.copy(s.value, sizeof s.value);
    return true;
  }
  return add(name, value);
}

std::string_view find(std::string_view name) {
  // The last one given counts.
  for (usize i = count; i-- > 0;)
    if (std::string_view{kept[i].name, kept[i].name_size} == name) return {kept[i].value, kept[i].value_size};
  return {};
}

u64 size(std::string_view text) {
  u64 unit = 1;
  if (!text.empty()) {
    switch (text.back() | 0x20) {
    case 'k': unit = u64{1} << 10; break;
    case 'm': unit = u64{1} << 20; break;
    case 'g': unit = u64{1} << 30; break;
    }
    if (unit != 1) text.remove_suffix(1);
  }
  u64 number = 0;
  for (const char c : text) {
    if (c < '0' || c > '9' || number > (~u64{0} - 9) / 10) return 0;
    number = number * 10 + static_cast<u64>(c - '0');
  }
  return number <= ~u64{0} / unit ? number * unit : 0;
}

} // namespace settings

result<std::string_view> system_operations::perform(op::setting, thread&, std::string_view name) {
  return settings::find(name);
}

result<> system_operations::perform(op::set_setting, thread& caller, std::string_view name, std::string_view value) {
  if (!caller.owner->identity.may(privileges::administer)) return error::perm;
  return settings::set(name, value) ? result<>{} : error::inval;
}

} // namespace polyabi::reference
