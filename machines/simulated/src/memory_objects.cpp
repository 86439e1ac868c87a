// Memory objects: memory files of the host.
#include "state.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

namespace polyabi::reference::machine::object {

namespace {
constexpr i64 no_room = -i64{static_cast<u16>(error::nospc)};
}

i32 create() {
  const int made = ::memfd_create("polyabi", MFD_CLOEXEC);
  return made >= 0 ? made : static_cast<i32>(no_room);
}
void destroy(i32 handle) {
  host::close(handle);
}
i64 resize(i32 handle, u64 size) {
  return host::truncate(handle, size);
}
i64 read(i32 handle, u64 address, usize size, u64 offset) {
  return host::read(handle, address, size, static_cast<i64>(offset));
}
i64 write(i32 handle, u64 address, usize size, u64 offset) {
  return host::write(handle, address, size, static_cast<i64>(offset));
}
i64 release(i32 handle, u64 offset, u64 size) {
  return host::change_space(handle, space_change::release, static_cast<i64>(offset), static_cast<i64>(size)) < 0 ? no_room : 0;
}
i64 reserve(i32 handle, u64 offset, u64 size) {
  return host::change_space(handle, space_change::reserve, static_cast<i64>(offset), static_cast<i64>(size)) < 0 ? no_room : 0;
}
i64 find(i32 handle, u64 offset, bool written) {
  constexpr i32 data = 3, hole = 4;
  return host::seek(handle, static_cast<i64>(offset), written ? data : hole);
}
u64 stored(i32 handle) {
  struct ::stat file {};
  return ::fstat(handle, &file) == 0 ? static_cast<u64>(file.st_blocks) * 512 : 0;
}

} // namespace polyabi::reference::machine::object
