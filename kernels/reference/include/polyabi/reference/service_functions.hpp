// What the library's facilities ask of this kernel (core/services.hpp).
#pragma once

#include <polyabi/core/core_dumps.hpp>
#include <polyabi/core/restartable_sequences.hpp>
#include <polyabi/core/services.hpp>
#include <polyabi/reference/core_dumps.hpp>
#include <polyabi/reference/deadline.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/host_readiness.hpp>
#include <polyabi/reference/process.hpp>
#include <polyabi/reference/signals.hpp>
#include <polyabi/reference/vnode_events.hpp>

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

/// A process, or a group (`started` is 0 then). A process that gets the id of one that is gone has another start.
struct signal_target {
  i32 id = 0;
  u64 started = 0;
  bool operator==(const signal_target&) const = default;
};

struct service_functions {
  using services =
      operation_list<service::custom_files, service::readiness, service::timers, service::shared_memory, service::user_words,
                     service::signals, service::call_masks, service::pending_signals, service::signal_sources,
                     service::processor_times, service::process_attachments, service::process_handles, service::vnode_watches,
                     service::attachment, service::thread_suspension, service::call_filters, service::core_dumps,
                     service::restartable_sequences>;
  using section = kernel_lock::locked;
  using outside_section = kernel_lock::unlocked;
  using wait_queue = reference::wait_queue;
  using watch = waiter;
  static constexpr usize watch_places = 2;
  using file = reference::file;
  using file_ref = ref<file>;
  using file_observer = reference::file_observer;
  using deadline = reference::deadline;
  using memory_object = reference::memory_object;
  using process = reference::process;
  using process_ref = ref<process_handle>;
  using process_attachment = reference::process_attachment;
  using signal_source = pending_signal;
  using call_filter = reference::call_filter;
  using node_ref = ref<vnode>;
  using node_watch = vnode_watch;

  static result<file_ref> file_of(thread&, i32 descriptor);
  static u32 status_flags(const file& f) { return f.flags; }
  static custom_file<kernel>* custom_of(file&);
  static result<new_descriptor> make_descriptor(thread&, custom_file<kernel>&, u32 status_flags, u32 descriptor_flags);
  static result<new_descriptor> give_descriptor(thread&, result<file_ref>, u32 descriptor_flags);
  static result<file_ref> make_file(custom_file<kernel>&, u32 status_flags);
  static wakeup sleep(thread&, wait_queue& queue, u64 until) { return queue.sleep(until); }
  static void* allocate(usize size);
  static void deallocate(void* memory, usize size);

  static u16 poll_file(file& f, u16 events, watch* places) { return f.poll(events, places); }
  static void settle_readiness() { host_readiness::settle(); }
  static bool has_readiness(const file& f) { return f.has_readiness(); }
  static void observe(file& f, file_observer& observer) { f.observers.push_back(observer); }
  static file_observer* next_observer(file& f, file_observer* previous) {
    return previous == nullptr ? f.observers.front() : f.observers.next(*previous);
  }

  static result<u64> map_file(thread&, const file_ref& opened, u64 address, u64 size, u32 protection, u32 flags, u64 offset);
  static result<> unmap(thread&, u64 address, u64 size);
  static bool mapping_from(thread&, u64 address, file_mapping<kernel>& out);
  static result<user_word_key> word_key(thread&, u64 address, bool shared);
  static bool exchange_user_word(thread&, u64 address, u32 expected, u32 desired, u32& seen);
  static bool at_thread_end(i32 thread_id, void (*function)(thread&));
  using word_watcher = void (*)(thread&, u64 address);
  static inline constinit word_watcher word_cleared = nullptr;
  static void queue_signal(i32 process, const siginfo& info);

  static void set_mask_for_call(thread& caller, const sigset& mask) { signals::set_mask_for_call(caller, mask); }
  static void end_mask_for_call(thread& caller) { signals::end_mask_for_call(caller); }

  static thread& caller() { return current_thread(); }
  static bool is_pending(thread& caller, const sigset& set) { return signals::is_pending(caller, set); }
  static bool take_signal(thread& caller, const sigset& set, siginfo& info) { return signals::take_of(caller, set, info); }
  static wait_queue& signals_arrived(thread& caller) { return caller.owner->signals_arrived; }

  static process& process_of(thread& caller) { return *caller.owner; }
  static bool has_thread(const process&, i32 thread_id);
  static bool raise(process& to, i32 thread_id, signal_source& source) { return signals::raise(to, thread_id, source); }
  static bool is_raised(const signal_source& source) { return source.link.linked(); }
  static void withdraw(process& from, signal_source& source) { signals::withdraw(from, source); }
  static u64 processor_time(process&, i32 thread_id);
  static void attach(process& to, process_attachment& what) { to.attachments.push_back(what); }
  static process_attachment* attachment_of(process&, const void* kind);

  static bool suspend_thread(thread& caller, i32 thread_id);
  static bool resume_thread(thread& caller, i32 thread_id);
  static bool is_suspended(thread& caller, i32 thread_id);
  static wait_queue& threads_changed(thread& caller) { return caller.owner->threads_changed; }

  static result<file_ref> open_file(thread&, std::string_view path, u32 flags, u32 mode);
  static result<i64> write_file(file& f, user_vector from, u64 offset) {
    const auto at = static_cast<i64>(offset);
    return f.write(from, &at);
  }
  template <class Visit>
  static void for_each_standing(thread& caller, Visit visit) {
    core_dumps::each_standing(caller, [](tracee& of, void* to) { (*static_cast<Visit*>(to))(of); }, &visit);
  }
  static bool must_die(thread& caller) { return signals::must_die(caller); }

  static call_filter* call_filter_of(const thread& t) { return __atomic_load_n(&t.filter, __ATOMIC_ACQUIRE); }
  static call_filter* call_filter_of(i32 thread_id);
  static void set_call_filter(thread& t, call_filter& filter) { lifecycle::set_filter(t, &filter); }
  template <class Visit>
  static void for_each_thread(thread& caller, Visit visit) {
    process& p = *caller.owner;
    for (thread* t = p.threads.front(); t != nullptr; t = p.threads.next(*t)) visit(*t, t->id);
  }
  static void force_signal(thread& caller, const siginfo&, bool fatal);
  static void end_thread(thread& caller, i32 signo);

  static sequence_area sequences_of(const thread& t) { return t.sequences; }
  static result<> set_sequences(thread& caller, const sequence_area&);

  static result<process_ref> find_process(thread&, i32 id);
  static i32 id_of(const process_ref&);
  static bool is_caller(thread& caller, const process_ref& p) { return p->of == caller.owner; }
  static bool has_ended(const process_ref&);
  static wait_queue& end_of(const process_ref& p) { return p->ended; }
  static result<> signal_process(thread&, const process_ref&, i32 signo, const siginfo* info);
  static result<process_ref> process_of_file(thread&, const file&);
  static result<file_ref> file_of_process(thread&, const process_ref&, i32 descriptor);

  static result<> find_watchable(thread&, std::string_view path, bool follow, bool directory, node_ref (&out)[2]);
  static result<> nodes_of_directory(const file&, node_ref (&out)[2]);
  static bool is_directory(const node_ref& node) { return node->type == file_modes::dir; }
  static void watch_node(vnode& node, node_watch& by) { vnode_events::watch(node, by); }
  static node_watch* next_node_watch(vnode& node, node_watch* previous) {
    return previous == nullptr ? node.watches.front() : node.watches.next(*previous);
  }

  static u64 monotonic_time() { return machine::monotonic_time(); }
  static u64 real_time() { return machine::real_time(); }
  static void arm(deadline& timer, u64 when) { timer.arm(when); }

  using signal_target = reference::signal_target;
  static signal_target signal_target_of(thread& t) { return {t.owner->id, t.owner->start_time}; }
  static result<signal_target> find_signal_target(thread&, i32 id);
  static bool signal(const signal_target&, const siginfo&);
  static void signal_caller(thread&, const siginfo&);

  static result<> attach(thread&, std::string_view path, file_ref);
  static result<> detach(thread&, std::string_view path);
};

} // namespace polyabi::reference
