// Open files of the library's facilities.
#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/device_numbers.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/kernel.hpp>

namespace polyabi::reference {

namespace {

struct facility_file final : file {
  custom_file<kernel>& custom;

  explicit facility_file(custom_file<kernel>& of) : custom{of} {}
  ~facility_file() override { custom.closed(); }
  void release() override { heap::destroy(this); }

  result<i64> read(user_vector into, const i64* offset) override {
    if (offset != nullptr) return error::spipe;
    const u32 now = flags;
    const kernel_lock::unlocked in_the_facility;
    return custom.read(current_thread(), into, now);
  }
  result<i64> write(user_vector from, const i64* offset) override {
    if (offset != nullptr) return error::spipe;
    const u32 now = flags;
    const kernel_lock::unlocked in_the_facility;
    return custom.write(current_thread(), from, now);
  }
  result<i64> seek(i64, i32) override {
    if (!custom.accepts_seek()) return error::spipe;
    return 0;
  }
  u16 poll(u16 events, waiter* place) override { return custom.poll(events, place); }
  bool has_readiness() const override { return custom.has_readiness(); }
  result<> attributes(stat& out) override {
    if (node) return node->attributes(out);
    out = {};
    out.dev = file_system_ids::anonymous;
    // Programs of 32 bits have no room for more.
    out.ino = static_cast<u32>(reinterpret_cast<std::uintptr_t>(this) / alignof(facility_file));
    out.nlink = 1;
    out.mode = custom.mode();
    out.size = custom.size();
    out.blksize = page_size;
    out.uid = current_process().identity.euid;
    out.gid = current_process().identity.egid;
    return {};
  }
  result<i32> bytes_readable() override { return custom.bytes_readable(); }
  usize describe(char* to, usize limit) override {
    return node ? file::describe(to, limit) : custom.describe(to, limit);
  }

  result<machine::mapping_source> map(u64 offset, u64, u32, bool shared) override {
    const memory_object* memory = custom.memory();
    if (memory == nullptr || memory->handle() < 0) return error::nodev;
    machine::mapping_source source;
    source.kind = machine::backing::object;
    source.shared = shared;
    source.handle = memory->handle();
    source.offset = offset;
    return source;
  }
  void mapped(const region&) override { custom.mapped(caller_id()); }
  void unmapped(const region&) override { custom.unmapped(caller_id()); }
  bool mappings_merge() const override { return false; }
  void descriptor_closed() override { custom.descriptor_closed(caller_id()); }

private:
  static i32 caller_id() {
    const thread* caller = machine::current();
    return caller != nullptr && caller->owner != nullptr ? caller->owner->id : 0;
  }
};

} // namespace

result<ref<file>> service_functions::file_of(thread& caller, i32 descriptor) {
  auto found = caller.owner->descriptors->get(descriptor);
  if (found && ((*found)->flags & open_flags::path) != 0) return error::badf;
  return found;
}

custom_file<kernel>* service_functions::custom_of(file& opened) {
  return opened.is_custom ? &static_cast<facility_file&>(opened).custom : nullptr;
}

result<ref<file>> service_functions::make_file(custom_file<kernel>& custom, u32 status_flags) {
  const kernel_lock::ensured lock;
  auto* made = heap::create<facility_file>(custom);
  if (made == nullptr) {
    custom.closed();
    return error::nomem;
  }
  made->is_custom = true;
  made->flags = status_flags;
  return ref<file>{made};
}

result<new_descriptor> service_functions::make_descriptor(thread& caller, custom_file<kernel>& custom, u32 status_flags,
                                                          u32 descriptor_flags) {
  const kernel_lock::ensured lock;
  return give_descriptor(caller, make_file(custom, status_flags), descriptor_flags);
}

result<new_descriptor> service_functions::give_descriptor(thread& caller, result<file_ref> given, u32 descriptor_flags) {
  const kernel_lock::ensured lock;
  const ref<file> kept = given ? std::move(*given) : ref<file>{}; // goes under the lock if no number is left
  if (!kept) return given.error();
  const process& self = *caller.owner;
  const auto number = self.descriptors->reserve(0, descriptor_limit(self));
  if (!number) return number.error();
  return new_descriptor{self.descriptors, *number, kept, descriptor_flags};
}

} // namespace polyabi::reference
