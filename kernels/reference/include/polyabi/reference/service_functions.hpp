// What the library's facilities ask of this kernel (core/services.hpp).
#pragma once

#include <polyabi/core/services.hpp>
#include <polyabi/reference/deadline.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/process.hpp>

namespace polyabi::reference {

/// Memory of the machine's that goes with its owner; mappings keep what they show.
class memory_object {
public:
  memory_object() = default;
  memory_object(const memory_object&) = delete;
  memory_object& operator=(const memory_object&) = delete;
  ~memory_object() {
    if (handle_ >= 0) machine::object::destroy(handle_);
  }
  result<> resize(u64 size);
  u64 stored() const { return handle_ >= 0 ? machine::object::stored(handle_) : 0; }
  /// Negative: never resized.
  i32 handle() const { return handle_; }

private:
  i32 handle_ = -1;
};

struct service_functions {
  using services = operation_list<service::custom_files, service::readiness, service::timers, service::shared_memory,
                                  service::process_ends, service::signals>;
  using section = kernel_lock::locked;
  using wait_queue = reference::wait_queue;
  using watch = waiter;
  static constexpr usize watch_places = 2;
  using file = reference::file;
  using file_ref = ref<file>;
  using file_observer = reference::file_observer;
  using deadline = reference::deadline;
  using memory_object = reference::memory_object;
  using process_observer = reference::process_observer;

  static result<file_ref> file_of(thread&, i32 descriptor);
  static custom_file<kernel>* custom_of(file&);
  static result<new_descriptor> make_descriptor(thread&, custom_file<kernel>&, u32 status_flags, u32 descriptor_flags);
  static result<file_ref> make_file(custom_file<kernel>&, u32 status_flags);
  static wakeup sleep(thread&, wait_queue& queue, u64 until) { return queue.sleep(until); }
  static void* allocate(usize size) {
    const kernel_lock::ensured lock;
    return heap::allocate(size);
  }
  static void deallocate(void* memory, usize size) {
    const kernel_lock::ensured lock;
    heap::deallocate(memory, size);
  }

  static u16 poll_file(file& f, u16 events, watch* places) { return f.poll(events, places); }
  static bool has_readiness(const file& f) { return f.has_readiness(); }
  static void observe(file& f, file_observer& observer) { f.observers.push_back(observer); }
  static file_observer* next_observer(file& f, file_observer* previous) {
    return previous == nullptr ? f.observers.front() : f.observers.next(*previous);
  }

  static result<u64> map_file(thread&, const file_ref& opened, u64 address, u64 size, u32 protection, u32 flags, u64 offset);
  static result<> unmap(thread&, u64 address, u64 size);
  static bool mapping_from(thread&, u64 address, file_mapping<kernel>& out);
  static void observe_process(thread& t, process_observer& observer);
  static process_observer* process_observer_of(thread& t, const void* kind);
  static void queue_signal(i32 process, const siginfo& info);

  static u64 monotonic_time() { return machine::monotonic_time(); }
  static u64 real_time() { return machine::real_time(); }
  static void arm(deadline& timer, u64 when) { timer.arm(when); }
};

} // namespace polyabi::reference
