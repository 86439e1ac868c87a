// read, write, pread, pwrite, seek.
#include <base/host_answers.hpp>
#include <descriptors/told_transfers.hpp>
#include <descriptors/unlocked_use.hpp>

#include <polyabi/reference/descriptor_operations.hpp>
#include <polyabi/reference/file_services.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/signals.hpp>
#include <polyabi/reference/user_memory.hpp>

namespace polyabi::reference {

namespace {

/// The parts of a vector up to a number of bytes, in kernel memory of its own.
class shortened_vector {
public:
  shortened_vector(user_vector from, u64 size) : count_{from.count} {
    parts_ = static_cast<user_bytes*>(heap::allocate(count_ * sizeof(user_bytes)));
    if (parts_ == nullptr) return;
    for (usize i = 0; i < count_; ++i) {
      const u64 piece = from.parts[i].size < size ? from.parts[i].size : size;
      parts_[i] = {from.parts[i].address, piece};
      size -= piece;
    }
  }
  ~shortened_vector() { heap::deallocate(parts_, count_ * sizeof(user_bytes)); }
  shortened_vector(const shortened_vector&) = delete;
  shortened_vector& operator=(const shortened_vector&) = delete;
  explicit operator bool() const { return parts_ != nullptr; }
  user_vector vector() const { return {parts_, count_}; }

private:
  user_bytes* parts_;
  usize count_;
};

/// Where a write goes.
struct destination {
  const i64* offset;     ///< null: to the position, which moves
  bool at_end = false;   ///< to the end, whatever the offset

  result<i64> write(file& f, user_vector from) const { return at_end ? f.append(from, offset == nullptr) : f.write(from, offset); }
};

/// Where a write begins: RLIMIT_FSIZE is a limit of the offset.
result<u64> write_offset(file& f, const destination& to) {
  if (!to.at_end && (f.flags & open_flags::append) == 0) return static_cast<u64>(to.offset != nullptr ? *to.offset : f.position);
  stat attributes{};
  if (auto known = f.attributes(attributes); !known) return known.error();
  return static_cast<u64>(attributes.size);
}

/// RLIMIT_FSIZE: a write that begins at the limit fails with SIGXFSZ and EFBIG, one that crosses it is cut (setrlimit(2)).
result<i64> write_limited(thread& caller, file& f, user_vector from, u64 size, const destination& to) {
  const u64 limit = caller.owner->limits[resources::fsize].cur;
  if (limit >= resources::infinity || size == 0 || !f.node || (f.node->type & file_modes::type_mask) != file_modes::reg)
    return to.write(f, from);
  const auto start = write_offset(f, to);
  if (!start) return start.error();
  if (*start >= limit) {
    signals::send(caller, signals::from_kernel(signals::xfsz));
    return error::fbig;
  }
  if (size <= limit - *start) return to.write(f, from);
  const shortened_vector cut{from, limit - *start};
  if (!cut) return error::nomem;
  return to.write(f, cut.vector());
}

result<i64> read_from(thread& caller, i32 descriptor, user_vector into, const i64* offset) {
  auto f = caller.owner->descriptors->get(descriptor);
  if (!f) return f.error();
  if (!open_flags::reads((*f)->flags)) return error::badf;
  if (auto size = user_memory::checked_size(into); !size) return size.error();
  auto count = (*f)->read(into, offset);
  if (count && *count > 0) tell_of_transfer<vnode_event::accessed>(**f);
  return count;
}

result<i64> write_to(thread& caller, i32 descriptor, user_vector from, const destination& to) {
  auto f = caller.owner->descriptors->get(descriptor);
  if (!f) return f.error();
  if (!open_flags::writes((*f)->flags)) return error::badf;
  const auto size = user_memory::checked_size(from);
  if (!size) return size.error();
  auto count = write_limited(caller, **f, from, *size, to);
  if (count && *count > 0) tell_of_transfer<vnode_event::modified>(**f);
  return count;
}

/// One part of memory from or to the host, without the kernel lock. If it is not to be moved so, everything is still to be done.
template <class Allowed, class Ask>
bool moves_unlocked(thread& caller, i32 descriptor, user_vector parts, const i64* offset, Allowed is_allowed, Ask ask, result<i64>& moved) {
  if (parts.count != 1 || parts.parts[0].size == 0) return false;
  const unlocked_use use{*caller.owner, descriptor, file_use::bytes};
  const user_bytes part = parts.parts[0];
  if (!use || !is_allowed(use->flags) || !user_memory::checked_size(parts) || !user_memory::in_range(part.address, part.size)) return false;
  const i64 answer = ask(use.descriptor(), part.address, part.size, offset != nullptr ? *offset : -1);
  if (answer > 0 && offset == nullptr) use.moved(answer);
  moved = count_or_error(answer);
  return true;
}

result<i64> read(thread& caller, i32 descriptor, user_vector into, const i64* offset) {
  if (result<i64> count = 0; moves_unlocked(caller, descriptor, into, offset, open_flags::reads, machine::host::read, count)) return count;
  const kernel_lock::locked lock;
  return read_from(caller, descriptor, into, offset);
}

result<i64> write(thread& caller, i32 descriptor, user_vector from, const i64* offset) {
  const bool is_limited = caller.owner->limits[resources::fsize].cur < resources::infinity;
  const auto is_allowed = [=](u32 flags) { return !is_limited && open_flags::writes(flags) && (flags & open_flags::append) == 0; };
  if (result<i64> count = 0; moves_unlocked(caller, descriptor, from, offset, is_allowed, machine::host::write, count)) return count;
  const kernel_lock::locked lock;
  return write_to(caller, descriptor, from, {offset});
}

} // namespace

result<i64> descriptor_operations::perform(op::read, thread& caller, i32 descriptor, user_vector into) {
  return reference::read(caller, descriptor, into, nullptr);
}

result<i64> descriptor_operations::perform(op::write, thread& caller, i32 descriptor, user_vector from) {
  return reference::write(caller, descriptor, from, nullptr);
}

result<i64> descriptor_operations::perform(op::pread, thread& caller, i32 descriptor, user_vector into, i64 offset) {
  if (offset < 0) return error::inval;
  return reference::read(caller, descriptor, into, &offset);
}

result<i64> descriptor_operations::perform(op::pwrite, thread& caller, i32 descriptor, user_vector from, i64 offset) {
  if (offset < 0) return error::inval;
  return reference::write(caller, descriptor, from, &offset);
}

result<i64> file_services::write_at_end(thread& caller, i32 descriptor, user_vector from, bool moves) {
  const kernel_lock::locked lock;
  const i64 stays = 0;
  return write_to(caller, descriptor, from, {moves ? nullptr : &stays, true});
}

result<i64> descriptor_operations::perform(op::seek, thread& caller, i32 descriptor, i64 offset, i32 origin) {
  const bool is_origin = origin >= seek_origins::set && origin <= seek_origins::hole;
  if (const unlocked_use use{*caller.owner, descriptor, file_use::bytes}; use && is_origin) {
    const i64 answer = machine::host::seek(use.descriptor(), offset, origin);
    if (answer >= 0) use.is_at(answer);
    return count_or_error(answer);
  }
  const kernel_lock::locked lock;
  auto f = caller.owner->descriptors->get(descriptor);
  if (!f) return f.error();
  if (((*f)->flags & open_flags::path) != 0) return error::badf;
  if (!is_origin) return error::inval;
  return (*f)->seek(offset, origin);
}

} // namespace polyabi::reference
