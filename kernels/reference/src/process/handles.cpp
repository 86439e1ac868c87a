// Processes as others hold them, and what facilities keep for a process (core/services.hpp).
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/kernel.hpp>
#include <polyabi/reference/signals.hpp>

namespace polyabi::reference {

void process_handle::release() {
  if (of != nullptr) of->handle = nullptr;
  heap::destroy(this);
}

namespace lifecycle {

ref<process_handle> handle_of(process& p) {
  if (p.handle == nullptr) {
    p.handle = heap::create<process_handle>();
    if (p.handle == nullptr) return nullptr;
    p.handle->of = &p;
  }
  return ref<process_handle>{p.handle};
}

void forget_handle(process& p) {
  if (p.handle == nullptr) return;
  process_handle& handle = *std::exchange(p.handle, nullptr);
  handle.of = nullptr;
  handle.ended.wake_all(poll_events::in | poll_events::rdnorm | poll_events::hup);
}

} // namespace lifecycle

call_filter* service_functions::call_filter_of(i32 thread_id) {
  const thread* found = process_table::find_thread(thread_id);
  return found != nullptr ? found->filter : nullptr;
}

// A number of a thread that is not its process' first names no process (pidfd_open(2)).
result<ref<process_handle>> service_functions::find_process(thread&, i32 id) {
  if (id <= 0) return error::inval;
  process* found = process_table::find(id);
  if (found == nullptr) return process_table::find_thread(id) != nullptr ? error::inval : error::srch;
  auto handle = lifecycle::handle_of(*found);
  if (!handle) return error::nomem;
  return handle;
}

result<ref<process_handle>> service_functions::process_of_file(thread& caller, const file& opened) {
  const i32 id = opened.node ? opened.node->process_id() : 0;
  if (id == 0) return error::badf;
  return find_process(caller, id);
}

i32 service_functions::id_of(const process_ref& p) { return p->of != nullptr ? p->of->id : 0; }

bool service_functions::has_ended(const process_ref& p) {
  return p->of == nullptr || p->of->state == process::phase::zombie;
}

result<> service_functions::signal_process(thread& caller, const process_ref& to, i32 signo, const siginfo* info) {
  if (signo < 0 || signo > signals::realtime_last) return error::inval;
  if (to->of == nullptr) return error::srch;
  process& target = *to->of;
  const process& sender = *caller.owner;
  if (auto may = signals::may_send(sender, target, signo); !may) return may;
  if (signo == 0) return {};
  siginfo sent{};
  if (info != nullptr) {
    // The kernel's own origins cannot be forged, but a process may send itself anything.
    if (&target != &sender && (info->code == signal_codes::user || info->code == signal_codes::kernel)) return error::perm;
    sent = *info;
  } else {
    sent = signals::from_kernel(signo, signal_codes::user);
    sent.pid = sender.id;
    sent.uid = sender.identity.ruid;
  }
  sent.signo = signo;
  signals::send(target, sent);
  return {};
}

// As for debugging: the same user, or who may inspect all (ptrace(2), "Ptrace access mode checking").
result<ref<file>> service_functions::file_of_process(thread& caller, const process_ref& from, i32 descriptor) {
  if (has_ended(from)) return error::srch;
  const process& target = *from->of;
  const credentials& who = caller.owner->identity;
  if (!who.is_same_as(target.identity) && !who.may(privileges::inspect)) return error::perm;
  if (!target.descriptors) return error::srch;
  return target.descriptors->get(descriptor);
}

bool service_functions::has_thread(const process& p, i32 thread_id) {
  const thread* t = p.threads.front();
  while (t != nullptr && t->id != thread_id) t = p.threads.next(*t);
  return t != nullptr;
}

process_attachment* service_functions::attachment_of(process& p, const void* kind) {
  process_attachment* a = p.attachments.front();
  while (a != nullptr && a->kind != kind) a = p.attachments.next(*a);
  return a;
}

u64 service_functions::processor_time(process& p, i32 thread_id) {
  u64 user = 0, system = 0;
  (void)thread_id; // of another thread than the calling one the machines tell nothing
  machine::processor_time(p, user, system);
  return user + system;
}

} // namespace polyabi::reference
