// Memory objects: memory files of the host. Guests share the table of host descriptors, so a descriptor is the same in all.
#include "state.hpp"

namespace polyabi::reference::machine::object {

using namespace hosted;

namespace {

i64 answer(i64 result) {
  return result < 0 && result >= -4095 ? -i64{error_of_host(result)} : result;
}

constexpr i32 seek_data = 3, seek_hole = 4;

} // namespace

i32 create() {
  constexpr u64 close_on_exec = 1;
  return static_cast<i32>(answer(host_call(call::memfd_create, word("polyabi"), close_on_exec)));
}
void destroy(i32 handle) {
  host::close(handle);
}
i64 resize(i32 handle, u64 size) {
  return answer(host_call(call::ftruncate, word(handle), size));
}
i64 read(i32 handle, u64 address, usize size, u64 offset) {
  return host::read(handle, address, size, static_cast<i64>(offset));
}
i64 write(i32 handle, u64 address, usize size, u64 offset) {
  return host::write(handle, address, size, static_cast<i64>(offset));
}
i64 release(i32 handle, u64 offset, u64 size) {
  return host::change_space(handle, space_change::release, static_cast<i64>(offset), static_cast<i64>(size));
}
i64 reserve(i32 handle, u64 offset, u64 size) {
  return host::change_space(handle, space_change::reserve, static_cast<i64>(offset), static_cast<i64>(size));
}
i64 find(i32 handle, u64 offset, bool written) {
  return host::seek(handle, static_cast<i64>(offset), written ? seek_data : seek_hole);
}
u64 stored(i32 handle) {
  stat a{};
  return host::attributes_of(handle, a) == 0 ? static_cast<u64>(a.blocks) * 512 : 0;
}

} // namespace polyabi::reference::machine::object
