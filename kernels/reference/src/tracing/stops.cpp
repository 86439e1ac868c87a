// Where a traced thread stops, and how it goes on.
#include "links.hpp"

#include <polyabi/reference/kernel.hpp>
#include <polyabi/reference/machine.hpp>
#include <polyabi/reference/signals.hpp>

namespace polyabi::reference::tracees {

using namespace detail;

namespace {

siginfo from_tracer(i32 signo, const process& tracer) {
  siginfo details = signals::from_kernel(signo, signal_codes::user);
  details.pid = tracer.id;
  details.uid = tracer.identity.ruid;
  return details;
}

/// The tracer's wishes, which it gave while the thread stood.
void take_up(thread& t, const trace_halt& halt) {
  const thread_segments& wanted = halt.segments;
  for (u32 which = 0; wanted.bases_changed && which < 2; ++which)
    if (wanted.bases[which] < machine::user_limit(false)) machine::set_segment_base(which, wanted.bases[which]);
  for (u32 i = 0; wanted.areas_changed && i < wanted.area_count; ++i) {
    const thread_area& area = wanted.areas[i];
    (void)machine::set_thread_area(static_cast<i32>(wanted.first_area + i), area.base, area.limit, area.flags);
  }
  if (t.traced != nullptr && (t.traced->stepping || watches(*t.traced))) {
    t.frame->rflags |= trap_flag;
    (void)look_at_watched(*t.traced, *t.frame);
  }
}

/// Stands until the tracer lets it go on or is gone. `to_the_end`: also while the process ends.
void stand(thread& t, trace_halt& halt, bool to_the_end = false) {
  tracee& own = *t.traced;
  registers& frame = *t.frame;
  if (own.stepping || watches(own)) frame.rflags &= ~trap_flag;
  own.stepping = false;
  own.listening = false;
  (void)frame.floating_point(); // the tracer cannot reach it in the processor
  halt.segments = segments_of(t);
  if (!std::exchange(own.text_restored, true)) machine::restore_text();
  own.halt = &halt;
  const bool with_group = halt.event == trace_event::none && !halt.has_details;
  notify(own, with_group ? signal_codes::cld_stopped : signal_codes::cld_trapped, halt.signal);
  while (!halt.ended && (to_the_end || !signals::must_die(t))) {
    if (to_the_end)
      t.owner->resumed.sleep_to_the_end();
    else
      t.owner->resumed.sleep_through_signals();
  }
  if (t.traced != nullptr) t.traced->halt = nullptr;
  take_up(t, halt);
}

trace_halt stand_at(thread& t, trace_event event, u64 message) {
  trace_halt halt;
  halt.event = event;
  halt.entering = event == trace_event::filter;
  halt.signal = signals::trap;
  halt.message = message;
  halt.has_details = true;
  halt.details = signals::from_kernel(signals::trap, signal_codes::user);
  halt.details.pid = t.owner->id;
  halt.details.uid = t.owner->identity.ruid;
  stand(t, halt, event == trace_event::exit);
  return halt;
}

/// A stop at which a signal is no answer: the tracer's is sent.
void send_what_it_gave(thread& t, const trace_halt& halt) {
  if (halt.delivers != 0) signals::send(t, signals::from_kernel(halt.delivers, signal_codes::user));
}

bool asks_for(const thread& t, trace_event event) {
  return t.traced != nullptr && t.traced->options.has(event);
}

/// In `thread::entry_rax`: what it is in is no call any more.
constexpr u64 no_call = ~u64{0};

void stop_at_call(thread& t, bool entering, trace_halt& halt) {
  halt.event = trace_event::system_call;
  halt.entering = entering;
  halt.signal = signals::trap;
  halt.has_details = true;
  halt.details = signals::from_kernel(signals::trap, signal_codes::user);
  t.traced->in_call = entering;
  stand(t, halt);
  send_what_it_gave(t, halt);
}

} // namespace

thread_segments segments_of(const thread& self) {
  thread_segments all;
  for (u32 which = 0; which < 2; ++which) all.bases[which] = machine::segment_base(which);
  const abi<kernel>* personality = self.owner->personality;
  if (personality == nullptr || personality->arch != architecture::i386) return all;
  for (u32 i = 0; i < all.area_count; ++i) {
    thread_area& area = all.areas[i];
    (void)machine::get_thread_area(static_cast<i32>(all.first_area + i), area.base, area.limit, area.flags);
  }
  return all;
}

bool wants_to_stop(const thread& t) {
  if (t.traced == nullptr) return false;
  return t.traced->interrupted || (t.owner->state == process::phase::stopped && !t.traced->group_stop_told);
}

bool look(thread& t) {
  bool any = false;
  while (wants_to_stop(t) && !signals::must_die(t)) {
    any = true;
    const bool with_group = t.owner->state == process::phase::stopped;
    t.traced->interrupted = false;
    t.traced->group_stop_told = with_group;
    trace_halt halt;
    halt.event = t.traced->seized ? trace_event::stop : trace_event::none;
    halt.signal = with_group ? t.owner->stop_signal : signals::trap;
    stand(t, halt);
  }
  return any;
}

bool passes(thread& t, siginfo& details) {
  if (details.signo == signals::kill) return true;
  if (std::exchange(t.traced->passed, 0) == details.signo) return true;
  const process& tracer = *t.traced->tracer;
  trace_halt halt;
  halt.signal = details.signo;
  halt.has_details = true;
  halt.details = details;
  const siginfo other = from_tracer(0, tracer);
  stand(t, halt);
  if (!halt.ended || halt.delivers == 0) return false;
  details = halt.delivers == details.signo ? halt.details : other;
  details.signo = halt.delivers;
  if (!t.mask.has(details.signo)) return true;
  signals::send(t, details);
  return false;
}

namespace {

/// A signal that would reach the thread now and for which there is no handler, 0 if there is none.
i32 without_handler(const thread& t) {
  for (i32 signo = 1; signo <= signals::count; ++signo) {
    const bool pending = t.pending.set.has(signo) || t.owner->pending.set.has(signo);
    if (!pending || t.mask.has(signo) || signo == signals::kill || signo == t.traced->passed) continue;
    const u64 handler = t.owner->actions[signo].handler;
    if (handler == handlers::ignore || handler == handlers::default_) return signo;
  }
  return 0;
}

bool does_nothing(const process& p, i32 signo) {
  const auto action = signals::default_of(signo);
  return p.actions[signo].handler == handlers::ignore || action == signals::default_action::ignore ||
         action == signals::default_action::resume;
}

} // namespace

bool stop_in_sleep(thread& t) {
  bool any = look(t);
  while (t.traced != nullptr && !signals::must_die(t)) {
    const i32 signo = without_handler(t);
    if (signo == 0) break;
    any = true;
    sigset only{};
    only.add(signo);
    siginfo details;
    if (!signals::take_of(t, only, details) || !passes(t, details)) continue;
    if (does_nothing(*t.owner, details.signo)) continue;
    if (t.traced == nullptr) {
      signals::send(t, details);
      break;
    }
    // What it does is done at the return to the user, or stops it here; the tracer has heard of it.
    t.traced->passed = details.signo;
    if (signals::default_of(details.signo) != signals::default_action::stop_process) {
      signals::send(t, details);
      break;
    }
    t.traced->passed = 0;
    signals::stop_process(*t.owner, details.signo);
    (void)look(t);
  }
  // Whoever follows calls from here on hears of the one in progress first.
  if (any && t.traced != nullptr && t.traced->how == trace_resumption::to_call && !t.traced->in_call &&
      t.progress == call_progress::being_made && !t.traced->leaves_call && !signals::must_act(t)) {
    trace_halt halt;
    stop_at_call(t, true, halt);
  }
  return any;
}

bool call_begins(thread& t) {
  t.traced->in_call = false;
  const bool emulates = emulates_calls(t.traced->how);
  if (t.traced->how != trace_resumption::to_call && !emulates) return true;
  trace_halt halt;
  halt.emulates = emulates;
  halt.answer = t.traced->unmade_answer;
  stop_at_call(t, true, halt);
  t.entry_rax = halt.skips_call ? no_call : t.frame->rax;
  if (emulates && !halt.skips_call) t.frame->rax = halt.answer;
  return !emulates && !halt.skips_call;
}

filter_verdict stop_at_filter(thread& t, u64 message) {
  if (!asks_for(t, trace_event::filter)) return filter_verdict::nobody_asks;
  t.traced->in_call = true;
  const trace_halt halt = stand_at(t, trace_event::filter, message);
  t.entry_rax = halt.skips_call ? no_call : t.frame->rax;
  return halt.skips_call || signals::must_die(t) ? filter_verdict::is_not_made : filter_verdict::goes_on;
}

void call_ends(thread& t) {
  if (std::exchange(t.traced->leaves_call, false)) {
    registers& frame = *t.frame;
    const registers own = frame;
    frame = t.traced->left_with;
    // Asked for by the tracer, the floating-point state is where it was.
    frame.fpu = own.fpu;
    frame.fpu_size = own.fpu_size;
    frame.save_floating_point = own.save_floating_point;
    t.restart = false;
    t.progress = call_progress::none;
    t.traced->in_call = false;
    return;
  }
  if (t.traced->how == trace_resumption::to_call && !signals::must_die(t)) {
    trace_halt halt;
    stop_at_call(t, false, halt);
  } else if (t.traced->stepping && !emulates_calls(t.traced->how)) {
    signals::fault(t, signals::from_kernel(signals::trap, signal_codes::trap_trace));
  }
  if (t.traced != nullptr) t.traced->in_call = false;
}

void executed(thread& t, i32 old_id) {
  if (asks_for(t, trace_event::exec))
    send_what_it_gave(t, stand_at(t, trace_event::exec, static_cast<u64>(old_id)));
  else if (!t.traced->seized)
    signals::send(t, from_tracer(signals::trap, *t.owner));
}

void begins(thread& parent, thread& child, trace_event event) {
  if (!asks_for(parent, event)) return;
  const tracee& its = *parent.traced;
  tracee* made = link(*its.tracer, its.tracer_thread, child, its.options, its.seized);
  if (made == nullptr) return;
  if (made->seized)
    made->interrupted = true;
  else
    signals::send(child, signals::from_kernel(signals::stop, signal_codes::user));
}

void has_begun(thread& parent, i32 child, trace_event event) {
  if (asks_for(parent, event)) send_what_it_gave(parent, stand_at(parent, event, static_cast<u64>(child)));
}

void vfork_is_done(thread& parent, i32 child) {
  has_begun(parent, child, trace_event::vfork_done);
}

bool is_own_step(thread& t, registers& frame) {
  if (t.traced == nullptr || t.traced->stepping || !watches(*t.traced)) return false;
  return !look_at_watched(*t.traced, frame);
}

void before_handler(thread& t, registers& frame) {
  if (t.traced->stepping || watches(*t.traced)) frame.rflags &= ~trap_flag;
}

void after_handler(thread& t, registers& frame) {
  if (t.traced->stepping) signals::fault(t, signals::from_kernel(signals::trap, signal_codes::trap_trace));
  if (watches(*t.traced)) frame.rflags |= trap_flag;
}

void exits(thread& t, i32 status_word) {
  if (asks_for(t, trace_event::exit)) (void)stand_at(t, trace_event::exit, static_cast<u32>(status_word));
}

void end_exit_stops(process& p) {
  for (thread* t = p.threads.front(); t != nullptr; t = p.threads.next(*t))
    if (t->traced != nullptr && t->traced->stands() && t->traced->halt->event == trace_event::exit) t->traced->halt->ended = true;
  p.resumed.wake_all();
}

i32 status_of(const tracee& of) {
  if (of.ended) return of.end_status;
  const trace_halt& halt = *of.halt;
  const bool plain = halt.event == trace_event::system_call && !of.options.has(trace_event::system_call);
  const u32 event = plain ? 0 : static_cast<u32>(halt.event);
  return static_cast<i32>(event << trace_event_shift | static_cast<u32>(halt.signal) << 8 | wait_status::stopped);
}

} // namespace polyabi::reference::tracees
