// Open files in memory.
#include "memory_vnode.hpp"

#include <polyabi/reference/user_transfer.hpp>

namespace polyabi::reference {

result<i64> memory_file::read(user_vector into, const i64* offset) {
  if (!readable()) return error::badf;
  memory_vnode& v = vnode_of();
  const i64 begin = offset != nullptr ? *offset : position;
  if (begin < 0) return error::inval;
  user_writer to{into};
  const page_store::transfer holds_pages{v.bytes};
  while (to.remaining() != 0) {
    const i64 here = begin + static_cast<i64>(to.transferred());
    if (here >= v.size()) break;
    u64 piece = static_cast<u64>(v.size() - here);
    if (piece > to.remaining()) piece = to.remaining();
    const char* from = v.bytes.at(static_cast<u64>(here), piece);
    if (!(from != nullptr ? to.write(from, piece) : to.fill(0, piece))) {
      if (to.transferred() == 0) return error::fault;
      break;
    }
  }
  v.accessed();
  if (offset == nullptr) position = begin + static_cast<i64>(to.transferred());
  return static_cast<i64>(to.transferred());
}

result<i64> memory_file::write(user_vector from, const i64* offset) {
  if (!writable()) return error::badf;
  memory_vnode& v = vnode_of();
  const claim::holder alone{v.bytes.writing};
  const page_store::transfer holds_pages{v.bytes};
  const i64 begin = (flags & open_flags::append) != 0 ? v.size() : offset != nullptr ? *offset : position;
  if (begin < 0) return error::inval;
  user_reader source{from};
  error failure = error::none;
  while (source.remaining() != 0) {
    const u64 here = static_cast<u64>(begin) + source.transferred();
    u64 piece = source.remaining();
    // In steps, so that a bad size or address does not allocate it all at once.
    constexpr u64 step = 256 * page_size;
    if (piece > step) piece = step;
    if (auto reserved = v.bytes.reserve(here + piece); !reserved) {
      failure = reserved.error();
      break;
    }
    char* to = v.bytes.at(here, piece);
    if (!source.read(to, piece)) {
      failure = error::fault;
      break;
    }
    if (static_cast<i64>(here + piece) > v.size()) v.set_size(static_cast<i64>(here + piece));
  }
  if (source.transferred() == 0 && failure != error::none) return failure;
  if (source.transferred() != 0) v.modified();
  if (offset == nullptr) position = begin + static_cast<i64>(source.transferred());
  return static_cast<i64>(source.transferred());
}

result<i64> memory_file::seek(i64 offset, i32 origin) {
  const i64 size = vnode_of().size();
  i64 base = 0;
  switch (origin) {
  case seek_origins::set: break;
  case seek_origins::current: base = position; break;
  case seek_origins::end: base = size; break;
  case seek_origins::data:
    if (offset < 0 || offset >= size) return error::nxio;
    break;
  case seek_origins::hole:
    if (offset < 0 || offset >= size) return error::nxio;
    offset = size;
    break;
  default: return error::inval;
  }
  i64 target;
  if (__builtin_add_overflow(base, offset, &target)) return error::overflow;
  if (target < 0) return error::inval;
  position = target;
  return target;
}

result<i32> memory_file::bytes_readable() {
  const i64 rest = vnode_of().size() - position;
  if (rest <= 0) return 0;
  return rest < 0x7fffffff ? static_cast<i32>(rest) : 0x7fffffff;
}

result<machine::mapping_source> memory_file::map(u64 offset, u64 size, u32 protection, bool shared) {
  if (!readable() || (shared && (protection & protections::write) != 0 && !writable())) return error::acces;
  if (offset + size < offset) return error::inval;
  auto pages = vnode_of().bytes.pin(offset + size);
  if (!pages) return pages.error();
  machine::mapping_source source;
  source.kind = machine::backing::kernel_pages;
  source.shared = shared;
  source.pages = *pages + offset;
  return source;
}

} // namespace polyabi::reference
