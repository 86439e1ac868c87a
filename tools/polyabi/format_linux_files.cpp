// Files: commands of fcntl, modes of nodes, directory entries, locks, advice.
#include "format_linux.hpp"
#include "trace_arguments.hpp"

#include <polyabi/linux/fcntl_commands.hpp>
#include <polyabi/linux/flags.hpp>
#include <polyabi/linux/signals.hpp>
#include <polyabi/linux/structures/devices.hpp>
#include <polyabi/linux/structures/files.hpp>

#include <fmt/format.h>

namespace polyabi::tool::linux_formats {

namespace {

namespace lx = linux_abi;
namespace commands = linux_abi::fcntl_commands;

enum class command_argument { none, number, fd_flags, open_flags, lock, lock64, signal };
struct fcntl_command {
  i32 number;
  std::string_view name;
  command_argument takes;
};
constexpr fcntl_command fcntl_commands[] = {
    {commands::dupfd, "F_DUPFD", command_argument::number},
    {commands::getfd, "F_GETFD", command_argument::none},
    {commands::setfd, "F_SETFD", command_argument::fd_flags},
    {commands::getfl, "F_GETFL", command_argument::none},
    {commands::setfl, "F_SETFL", command_argument::open_flags},
    {commands::getlk, "F_GETLK", command_argument::lock},
    {commands::setlk, "F_SETLK", command_argument::lock},
    {commands::setlkw, "F_SETLKW", command_argument::lock},
    {commands::setown, "F_SETOWN", command_argument::number},
    {commands::getown, "F_GETOWN", command_argument::none},
    {commands::setsig, "F_SETSIG", command_argument::signal},
    {commands::getsig, "F_GETSIG", command_argument::none},
    {commands::getlk64, "F_GETLK64", command_argument::lock64},
    {commands::setlk64, "F_SETLK64", command_argument::lock64},
    {commands::setlkw64, "F_SETLKW64", command_argument::lock64},
    {commands::ofd_getlk, "F_OFD_GETLK", command_argument::lock64},
    {commands::ofd_setlk, "F_OFD_SETLK", command_argument::lock64},
    {commands::ofd_setlkw, "F_OFD_SETLKW", command_argument::lock64},
    {commands::setlease, "F_SETLEASE", command_argument::number},
    {commands::getlease, "F_GETLEASE", command_argument::none},
    {commands::dupfd_cloexec, "F_DUPFD_CLOEXEC", command_argument::number},
    {commands::setpipe_sz, "F_SETPIPE_SZ", command_argument::number},
    {commands::getpipe_sz, "F_GETPIPE_SZ", command_argument::none},
    {commands::add_seals, "F_ADD_SEALS", command_argument::number},
    {commands::get_seals, "F_GET_SEALS", command_argument::none},
};

const fcntl_command* command_of(u64 given) {
  for (const fcntl_command& c : fcntl_commands)
    if (c.number == static_cast<i32>(given)) return &c;
  return nullptr;
}

std::string command(const argument& a) {
  const fcntl_command* c = command_of(a.value());
  return c == nullptr ? fmt::format("{:#x} /* F_??? */", a.value()) : std::string{c->name};
}

std::string lock_text(const argument& a, bool wide) {
  const captured* memory = a.in.failed() || a.after() == nullptr ? a.before() : a.after();
  if (memory == nullptr) return address_argument(a);
  if (a.in.abi->word_size == 8) return structure_value_of<lx::flock<lp64>>(memory->bytes);
  return wide ? structure_value_of<lx::flock64<ilp32_i386>>(memory->bytes)
              : structure_value_of<lx::flock<ilp32_i386>>(memory->bytes);
}

std::string command_value(const argument& a) {
  const fcntl_command* c = command_of(static_cast<u32>(a.in.words[1]));
  switch (c == nullptr ? command_argument::number : c->takes) {
  case command_argument::none: return {};
  case command_argument::number: return signed_word(a);
  case command_argument::fd_flags: return flags_argument<lx::fd_flags>(a);
  case command_argument::open_flags: return flags_argument<lx::open_flags>(a);
  case command_argument::lock: return lock_text(a, false);
  case command_argument::lock64: return lock_text(a, true);
  case command_argument::signal: return signal_argument<lx::signal_numbers>(a);
  }
  return {};
}

std::string command_result(const call_view& view) {
  const auto value = static_cast<u32>(view.result());
  if (view.words[1] == 1 && value != 0) return fmt::format("{:#x} (flags {})", value, flag_names(lx::fd_flags::rows, value));
  if (view.words[1] == 3) return fmt::format("{:#x} (flags {})", value, flag_names(lx::open_flags::rows, value));
  return {};
}

std::string device(const argument& a) {
  if ((a.in.words[a.word - 1] & 0170000) != 0020000 && (a.in.words[a.word - 1] & 0170000) != 0060000) return {};
  u32 major = 0, minor = 0;
  lx::device_codec::decode(a.value(), major, minor);
  const auto part = [](u32 n) { return n == 0 ? std::string{"0"} : address_text(n); };
  return fmt::format("makedev({}, {})", part(major), part(minor));
}

std::string typed_mode(const argument& a) {
  return typed_mode_text(static_cast<u16>(a.value()));
}

/// A path that the call writes, with its NUL.
std::string written_path(const argument& a) {
  const captured* memory = a.in.failed() ? nullptr : a.after();
  if (memory == nullptr) return fmt::format("{}, {}", address_argument(a), a.value(1));
  const std::string_view path = memory->bytes.substr(0, memory->bytes.find('\0'));
  return fmt::format("{}, {}", quoted_text(path, path.size() + 1 == memory->whole), a.value(1));
}

/// Records with a length in the same place; the number of them is shown.
std::string entries(const argument& a) {
  if (a.in.leave == nullptr || a.in.failed()) return fmt::format("{}, {}", address_argument(a), a.value(1));
  usize count = 0;
  const captured* memory = a.after();
  const usize length_at = a.in.call->name == "getdents" ? 2 * a.in.abi->word_size : 16;
  for (usize at = 0; memory != nullptr && at + length_at + 2 <= memory->bytes.size(); ++count) {
    u16 length = 0;
    std::memcpy(&length, memory->bytes.data() + at + length_at, sizeof length);
    if (length == 0) break;
    at += length;
  }
  return fmt::format("{} /* {} entr{} */, {}", address_argument(a), count, count == 1 ? "y" : "ies", a.value(1));
}

/// The offset's high word stands before its low one.
std::string split_offset(const argument& a) {
  return std::to_string(static_cast<i64>(a.value() << 32 | a.value(1)));
}
std::string nothing(const argument&) {
  return {};
}

std::string lock_operation(const argument& a) {
  constexpr named_value names[] = {{1, "LOCK_SH"}, {2, "LOCK_EX"}, {8, "LOCK_UN"}, {4, "LOCK_NB"}};
  return named_bits(names, a.value());
}

std::string advice(const argument& a) {
  constexpr named_value names[] = {{0, "POSIX_FADV_NORMAL"},   {1, "POSIX_FADV_RANDOM"},   {2, "POSIX_FADV_SEQUENTIAL"},
                                   {3, "POSIX_FADV_WILLNEED"}, {4, "POSIX_FADV_DONTNEED"}, {5, "POSIX_FADV_NOREUSE"}};
  return named_number(names, a.value());
}

std::string rename_flags(const argument& a) {
  constexpr named_value names[] = {{1, "RENAME_NOREPLACE"}, {2, "RENAME_EXCHANGE"}, {4, "RENAME_WHITEOUT"}};
  return named_bits(names, a.value());
}

std::string statx_mask(const argument& a) {
  return statx_mask_text(static_cast<u32>(a.value()));
}

std::string statx_flags(const argument& a) {
  constexpr named_value names[] = {{0x6000, "AT_STATX_FORCE_SYNC|AT_STATX_DONT_SYNC"},
                                   {0x2000, "AT_STATX_FORCE_SYNC"},
                                   {0x4000, "AT_STATX_DONT_SYNC"},
                                   {0x100, "AT_SYMLINK_NOFOLLOW"},
                                   {0x800, "AT_NO_AUTOMOUNT"},
                                   {0x1000, "AT_EMPTY_PATH"}};
  const u64 bits = static_cast<u32>(a.value());
  const std::string rest = named_bits(names, bits, "");
  if ((bits & 0x6000) != 0) return rest;
  return rest.empty() ? "AT_STATX_SYNC_AS_STAT" : "AT_STATX_SYNC_AS_STAT|" + rest;
}

constexpr refinement arguments[] = {
    {"fcntl", 1, &command},
    {"fcntl", 2, &command_value, true},
    {"fcntl64", 1, &command},
    {"fcntl64", 2, &command_value, true},
    {"mknod", 1, &typed_mode},
    {"mknod", 2, &device},
    {"mknodat", 2, &typed_mode},
    {"mknodat", 3, &device},
    {"getdents", 1, &entries, true},
    {"getdents64", 1, &entries, true},
    {"_llseek", 1, &split_offset},
    {"_llseek", 2, &nothing},
    {"getcwd", 0, &written_path, true},
    {"flock", 1, &lock_operation},
    // 64-bit numbers before the advice take one word or two.
    {"fadvise64", 3, &advice},
    {"fadvise64", 4, &advice},
    {"fadvise64_64", 5, &advice},
    {"renameat2", 4, &rename_flags},
    {"statx", 2, &statx_flags},
    {"statx", 3, &statx_mask},
};

constexpr result_refinement results[] = {{"fcntl", &command_result}, {"fcntl64", &command_result}};

} // namespace

std::span<const refinement> file_arguments() {
  return arguments;
}
std::span<const result_refinement> file_results() {
  return results;
}

} // namespace polyabi::tool::linux_formats
