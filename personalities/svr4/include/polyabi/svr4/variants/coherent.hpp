// Mark Williams' Coherent 4 on the 386: Release 3's numbers, Release 4's error numbers, and calls of its own.
#pragma once

#include <polyabi/svr4/ioctls.hpp>
#include <polyabi/svr4/variants/xenix_calls.hpp>

namespace polyabi::svr4::variants {

// clang-format off
namespace coherent_requests {
using requests::group;
/// sgtty.h: the modes' words differ from System V's in three bits.
using ioctls = ioctl_table<errc::notty,
    request<group('t', 8), "TIOCGETP", status(fd, pointer<sgttyb>), handlers::get_old_modes<coherent_bits>>,
    request<group('t', 9), "TIOCSETP", status(fd, pointer<sgttyb>), handlers::set_old_modes<coherent_bits, set_attributes_when::flush>>,
    request<group('t', 10), "TIOCSETN", status(fd, pointer<sgttyb>), handlers::set_old_modes<coherent_bits, set_attributes_when::now>>,
    request<0120, "TIOCQUERY", status(fd, store_result<i32>), op::bytes_readable>>;
} // namespace coherent_requests

struct coherent {
  static constexpr std::string_view name = "svr4:coherent";
  static constexpr const brand_rules& brand = brands::coherent_images;
  static constexpr bool old_frames = true;
  using signals = svr4::signals;
  static constexpr variant facts{
      .identity = {.release = "4.2", .version = "4.2.14", .machine = "i386", .architecture = "i386",
                   .provider = "Mark Williams Company", .serial = "0"}};
  using rows = concatenate<old_calls, xenix_calls<signals, old_sigset, old_sigaction>, syscall_table<
      call<at{31}, "stty", status(fd, pointer<sgttyb>), handlers::set_old_modes<coherent_bits, set_attributes_when::flush>>,
      call<at{32}, "gtty", status(fd, pointer<sgttyb>), handlers::get_old_modes<coherent_bits>>,
      call<at{54}, "ioctl", count(fd, ioctl_request, address), ioctl_of<coherent_requests::ioctls, requests::ioctls>>,
      call<at{500}, "cohcall", count(int_, address, address, address, address), refused<errc::perm, "devices of the machine">>>>;
};
// clang-format on

} // namespace polyabi::svr4::variants
