// The system as a whole, memory, randomness, signals.
#include "format_linux.hpp"
#include "trace_arguments.hpp"

#include <polyabi/linux/flags.hpp>
#include <polyabi/linux/structures/processes.hpp>

#include <fmt/format.h>

namespace polyabi::tool::linux_formats {

namespace {

/// The first two names; the rest in short.
std::string system_names(const argument& a) {
  const captured* memory = a.in.failed() ? nullptr : a.after();
  if (memory == nullptr || memory->bytes.size() < sizeof(linux_abi::utsname::text[0]) * 2) return address_argument(a);
  constexpr usize size = sizeof(linux_abi::utsname::text[0]);
  const auto name = [&](usize i) {
    const std::string_view field = memory->bytes.substr(i * size, size);
    return quoted_text(field.substr(0, field.find('\0')));
  };
  return fmt::format("{{sysname={}, nodename={}, ...}}", name(0), name(1));
}

std::string random_bytes(const argument& a) {
  const captured* memory = a.after();
  if (memory == nullptr || a.in.failed()) return fmt::format("{}, {}", address_argument(a), a.value(1));
  std::string text = "\"";
  for (usize i = 0; i < memory->bytes.size() && i < shown_bytes; ++i)
    text += fmt::format("\\x{:02x}", static_cast<u8>(memory->bytes[i]));
  return fmt::format("{}\"{}, {}", text, memory->whole > shown_bytes ? "..." : "", a.value(1));
}
std::string random_flags(const argument& a) {
  constexpr named_value names[] = {{1, "GRND_NONBLOCK"}, {2, "GRND_RANDOM"}, {4, "GRND_INSECURE"}};
  return named_bits(names, a.value());
}

std::string advice(const argument& a) {
  constexpr named_value names[] = {
      {0, "MADV_NORMAL"},       {1, "MADV_RANDOM"},    {2, "MADV_SEQUENTIAL"},  {3, "MADV_WILLNEED"},  {4, "MADV_DONTNEED"},
      {8, "MADV_FREE"},         {9, "MADV_REMOVE"},    {10, "MADV_DONTFORK"},   {11, "MADV_DOFORK"},   {12, "MADV_MERGEABLE"},
      {13, "MADV_UNMERGEABLE"}, {14, "MADV_HUGEPAGE"}, {15, "MADV_NOHUGEPAGE"}, {16, "MADV_DONTDUMP"}, {17, "MADV_DODUMP"}};
  return named_number(names, a.value());
}
std::string remap_flags(const argument& a) {
  constexpr named_value names[] = {{1, "MREMAP_MAYMOVE"}, {2, "MREMAP_FIXED"}, {4, "MREMAP_DONTUNMAP"}};
  return named_bits(names, a.value());
}
std::string remap_address(const argument& a) {
  return (a.in.words[3] & 6) == 0 ? std::string{} : address_argument(a);
}
std::string sync_flags(const argument& a) {
  constexpr named_value names[] = {{1, "MS_ASYNC"}, {2, "MS_INVALIDATE"}, {4, "MS_SYNC"}};
  return named_bits(names, a.value());
}
/// An offset of pages, in bytes; of bytes, in hexadecimal like an address.
std::string map_offset(const argument& a) {
  return a.value() == 0 ? "0" : fmt::format("{:#x}", a.value());
}
std::string page_offset(const argument& a) {
  return a.value() == 0 ? "0" : fmt::format("{:#x}", a.value() << 12);
}

std::string mask_how(const argument& a) {
  return one_of_argument<linux_abi::sigmask_hows>(a);
}

std::string priority_kind(const argument& a) {
  constexpr named_value names[] = {{0, "PRIO_PROCESS"}, {1, "PRIO_PGRP"}, {2, "PRIO_USER"}};
  return named_number(names, a.value());
}

std::string wait_kind(const argument& a) {
  return one_of_argument<linux_abi::wait_targets>(a);
}

constexpr refinement arguments[] = {
    {"uname", 0, &system_names, true},  {"getrandom", 0, &random_bytes, true},
    {"getrandom", 2, &random_flags},    {"madvise", 2, &advice},
    {"mremap", 3, &remap_flags},        {"mremap", 4, &remap_address},
    {"msync", 2, &sync_flags},          {"mmap", 5, &map_offset},
    {"mmap2", 5, &page_offset},         {"rt_sigprocmask", 0, &mask_how},
    {"sigprocmask", 0, &mask_how},      {"getpriority", 0, &priority_kind},
    {"setpriority", 0, &priority_kind}, {"waitid", 0, &wait_kind},
};

} // namespace

std::span<const refinement> system_arguments() {
  return arguments;
}

} // namespace polyabi::tool::linux_formats
