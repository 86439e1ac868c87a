// Entries from user code. Personalities run without the kernel lock; the operations that they ask for take it.
#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/interrupt.hpp>
#include <polyabi/reference/kernel.hpp>
#include <polyabi/reference/signals.hpp>

namespace polyabi::reference::trap {

namespace {

/// A visit to the kernel: shows it the user's registers, and acts on signals before it gives them back.
template <class Work>
void visit(thread& t, registers& frame, Work work) {
  t.frame = &frame;
  t.restart = false;
  t.progress = call_progress::none;
  work();
  if (signals::has_work(t)) [[unlikely]] {
    const kernel_lock::locked lock;
    signals::return_to_user(t, frame);
  }
  t.frame = nullptr;
}

/// A look without the lock, under which the tracer comes and goes: who acts on it looks again.
bool may_be_traced(const thread& t) {
  return __atomic_load_n(&t.traced, __ATOMIC_RELAXED) != nullptr;
}

/// Inline: after a host call each return is one that the processor has forgotten.
[[gnu::always_inline]] inline void make_call(thread& t, registers& frame, gate g) {
  t.owner->personality->system_call(t, frame, g);
  t.progress = call_progress::made;
  // A new image begins with its own registers, whatever the old one's personality answered into them.
  if (!std::exchange(t.new_image, false)) return;
  frame.rax = frame.rdx = 0;
  frame.rflags &= ~carry_flag;
  t.owner->personality->initial_registers(frame);
  if (may_be_traced(t)) [[unlikely]] {
    const kernel_lock::locked lock;
    if (t.traced != nullptr) tracees::executed(t, t.owner->id);
  }
}

void end_traced_call(thread& t) {
  const kernel_lock::locked lock;
  if (t.traced != nullptr) tracees::call_ends(t);
}

/// Its tracer may change what the call is before it is made, and what it answered before the program sees it.
void traced_call(thread& t, registers& frame, gate g) {
  bool makes = true;
  {
    const kernel_lock::locked lock;
    if (t.traced != nullptr) makes = tracees::call_begins(t);
  }
  t.entry_rdx = frame.rdx;
  if (makes)
    make_call(t, frame, g);
  else
    t.progress = call_progress::made;
  end_traced_call(t);
}

} // namespace

void system_call(thread& t, registers& frame, gate g) {
  visit(t, frame, [&] {
    t.entry_gate = g;
    t.entry_rax = frame.rax;
    t.entry_rdx = frame.rdx;
    t.entry_flags = frame.rflags;
    t.entry_rip = frame.rip;
    t.progress = call_progress::being_made;
    if (t.sequences.address != 0) machine::leave_sequence(t.sequences.address); // none has a call in it
    if (may_be_traced(t)) [[unlikely]] return traced_call(t, frame, g);
    make_call(t, frame, g);
    // Its tracer came while it was in the call.
    if (may_be_traced(t)) [[unlikely]] end_traced_call(t);
  });
}

bool is_gate(const thread& t, gate through) {
  const std::span<const gate> known = t.owner->personality->brand.gates;
  for (const gate g : known)
    if (g == through) return true;
  return known.empty();
}

void user_fault(thread& t, registers& frame, i32 signal_number, i32 code, u64 address) {
  visit(t, frame, [&] {
    siginfo info = signals::from_kernel(signal_number, code);
    info.address = address;
    const kernel_lock::locked lock;
    const bool not_mapped = signal_number == signals::segv && code == signal_codes::segv_maperr;
    process& self = *t.owner;
    if (signal_number == signals::trap && code == signal_codes::trap_trace && tracees::is_own_step(t, frame)) return;
    if (not_mapped && self.memory != nullptr && self.memory->grow_to(memory_limits::of(self), address)) return;
    signals::fault(t, info);
  });
}

void attention(thread& t, registers& frame) {
  visit(t, frame, [] {});
}

void first_return(thread& t, registers& frame) {
  visit(t, frame, [&] {
    if (t.start == nullptr) return;
    const thread_start& start = *t.start;
    const registers own = frame;
    frame = start.frame;
    // The floating-point state is this thread's own copy already.
    frame.fpu = own.fpu;
    frame.fpu_size = own.fpu_size;
    frame.fpu_changed = own.fpu_changed;
    frame.save_floating_point = own.save_floating_point;
    for (u32 which = 0; which < 2; ++which)
      if (start.set_base[which]) machine::set_segment_base(which, start.base[which]);
    if (start.set_area) (void)machine::set_thread_area(start.area_entry, start.area_base, start.area_limit, start.area_flags);
    if (start.store_id_at != 0) (void)user_memory::copy_out(start.store_id_at, &t.id, sizeof t.id);
    const kernel_lock::locked lock;
    heap::destroy(t.start);
    t.start = nullptr;
  });
}

} // namespace polyabi::reference::trap
