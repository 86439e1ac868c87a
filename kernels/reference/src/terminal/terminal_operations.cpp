// The operations of termios(4) and tty_ioctl: each finds the terminal and asks whether the caller may.
#include <polyabi/reference/pseudo_terminal.hpp>
#include <polyabi/reference/signals.hpp>
#include <polyabi/reference/terminal_operations.hpp>

namespace polyabi::reference {

namespace {

/// The file is held so that the terminal stays while the caller sleeps.
struct target {
  ref<file> open_file;
  terminal* device = nullptr;

  /// The file is the master's of a pair.
  bool is_master() const {
    const pseudo_terminal* pair = device->as_pseudo_terminal();
    return pair != nullptr && pair->master == open_file.get();
  }
};

result<target> terminal_at(thread& caller, i32 descriptor) {
  auto f = caller.owner->descriptors->get(descriptor);
  if (!f) return f.error();
  if (((*f)->flags & open_flags::path) != 0) return error::badf;
  terminal* device = (*f)->as_terminal();
  if (device == nullptr) return error::notty;
  if (device->hung_up) return error::io;
  return target{std::move(*f), device};
}

/// A terminal that the caller is about to change: a background process is stopped first.
result<target> terminal_to_change(thread& caller, i32 descriptor) {
  auto found = terminal_at(caller, descriptor);
  if (!found) return found;
  if (auto allowed = job_control::check(*found->device, caller, signals::ttou); !allowed) return allowed.error();
  return found;
}

result<pseudo_terminal*> master_at(thread& caller, i32 descriptor) {
  auto f = caller.owner->descriptors->get(descriptor);
  if (!f) return f.error();
  terminal* device = (*f)->as_terminal();
  pseudo_terminal* pair = device != nullptr ? device->as_pseudo_terminal() : nullptr;
  if (pair == nullptr || pair->master != f->get()) return error::notty;
  return pair;
}

bool is_controlling(const thread& caller, const terminal& device) {
  return job_control::controlling(*caller.owner) == &device;
}

} // namespace

result<> terminal_operations::perform(op::terminal_get_attributes, thread& caller, i32 descriptor, termios& out) {
  const auto found = terminal_at(caller, descriptor);
  if (!found) return found.error();
  out = found->device->line.attributes();
  return {};
}

result<> terminal_operations::perform(op::terminal_set_attributes, thread& caller, i32 descriptor, i32 when,
                                      const termios& attributes) {
  if (when < attribute_times::now || when > attribute_times::flush) return error::inval;
  const auto found = terminal_to_change(caller, descriptor);
  if (!found) return found.error();
  terminal& device = *found->device;
  if (when != attribute_times::now)
    if (auto drained = device.drain(); !drained) return drained;
  if (when == attribute_times::flush) device.line.flush_input();
  device.line.set_attributes(attributes);
  return {};
}

result<> terminal_operations::perform(op::terminal_get_window, thread& caller, i32 descriptor, winsize& out) {
  const auto found = terminal_at(caller, descriptor);
  if (!found) return found.error();
  out = found->device->window;
  return {};
}

result<> terminal_operations::perform(op::terminal_set_window, thread& caller, i32 descriptor, const winsize& window) {
  const auto found = terminal_at(caller, descriptor);
  if (!found) return found.error();
  found->device->set_window(window);
  return {};
}

result<i32> terminal_operations::perform(op::terminal_get_foreground, thread& caller, i32 descriptor) {
  const auto found = terminal_at(caller, descriptor);
  if (!found) return found.error();
  if (!found->is_master() && !is_controlling(caller, *found->device)) return error::notty;
  return found->device->foreground;
}

result<> terminal_operations::perform(op::terminal_set_foreground, thread& caller, i32 descriptor, i32 group) {
  const auto found = terminal_to_change(caller, descriptor);
  if (!found) return found.error() == error::io ? error::notty : found.error();
  if (!is_controlling(caller, *found->device)) return error::notty;
  if (group < 0) return error::inval;
  const process_group* wanted = process_table::find_group(group);
  if (wanted == nullptr) return error::srch;
  if (wanted->owner != caller.owner->group->owner) return error::perm;
  found->device->foreground = group;
  // Whoever is now in the background and waits for input is told so.
  found->device->readers.wake_all();
  return {};
}

result<i32> terminal_operations::perform(op::terminal_get_session, thread& caller, i32 descriptor) {
  const auto found = terminal_at(caller, descriptor);
  if (!found) return found.error();
  if (!found->is_master() && !is_controlling(caller, *found->device)) return error::notty;
  if (found->device->owner == nullptr) return error::notty;
  return found->device->owner->id;
}

result<> terminal_operations::perform(op::terminal_set_controlling, thread& caller, i32 descriptor, bool steal) {
  const auto found = terminal_at(caller, descriptor);
  if (!found) return found.error();
  const process& p = *caller.owner;
  session& s = *p.group->owner;
  terminal& device = *found->device;
  if (s.leader == &p && device.owner == &s) return {};
  if (s.leader != &p || s.controlling != nullptr) return error::perm;
  const bool privileged = p.identity.may(privileges::administer);
  if (device.owner != nullptr && !(steal && privileged)) return error::perm;
  if ((found->open_file->flags & open_flags::accmode) == open_flags::wronly && !privileged) return error::perm;
  job_control::acquire(device, s, p.group->id);
  return {};
}

// Here a session has its terminal as a whole: only its leader can give it up.
result<> terminal_operations::perform(op::terminal_drop_controlling, thread& caller, i32 descriptor) {
  const auto found = terminal_at(caller, descriptor);
  if (!found) return found.error();
  if (!is_controlling(caller, *found->device)) return error::notty;
  session& s = *caller.owner->group->owner;
  if (s.leader != caller.owner) return error::perm;
  job_control::release(s, true);
  return {};
}

result<> terminal_operations::perform(op::terminal_flush, thread& caller, i32 descriptor, i32 queue) {
  const auto found = terminal_to_change(caller, descriptor);
  if (!found) return found.error();
  if (queue < flush_queues::input || queue > flush_queues::both) return error::inval;
  if ((queue & flush_queues::input) != 0) found->device->line.flush_input();
  if ((queue & flush_queues::output) != 0) found->device->line.flush_output();
  return {};
}

result<> terminal_operations::perform(op::terminal_flow, thread& caller, i32 descriptor, i32 action) {
  const auto found = terminal_to_change(caller, descriptor);
  if (!found) return found.error();
  line_discipline& line = found->device->line;
  switch (action) {
  case flow_actions::output_off: line.stop_output(); return {};
  case flow_actions::output_on: line.start_output(); return {};
  case flow_actions::input_off: line.send_flow_character(termios_bits::vstop); return {};
  case flow_actions::input_on: line.send_flow_character(termios_bits::vstart); return {};
  default: return error::inval;
  }
}

result<> terminal_operations::perform(op::terminal_drain, thread& caller, i32 descriptor) {
  const auto found = terminal_to_change(caller, descriptor);
  if (!found) return found.error();
  return found->device->drain();
}

// Neither the console nor a pseudo-terminal has a line to break: as on Linux, the call succeeds once the output is gone.
result<> terminal_operations::perform(op::terminal_send_break, thread& caller, i32 descriptor) {
  const auto found = terminal_to_change(caller, descriptor);
  if (!found) return found.error();
  return found->device->drain();
}

result<i32> terminal_operations::perform(op::terminal_output_queued, thread& caller, i32 descriptor) {
  const auto found = terminal_at(caller, descriptor);
  if (!found) return found.error();
  return static_cast<i32>(found->device->line.output_queued());
}

result<i32> terminal_operations::perform(op::pseudo_terminal_number, thread& caller, i32 descriptor) {
  const auto pair = master_at(caller, descriptor);
  if (!pair) return pair.error();
  return static_cast<i32>((*pair)->number);
}

result<> terminal_operations::perform(op::pseudo_terminal_unlock, thread& caller, i32 descriptor, bool locked) {
  const auto pair = master_at(caller, descriptor);
  if (!pair) return pair.error();
  (*pair)->locked = locked;
  return {};
}

result<> terminal_operations::perform(op::pseudo_terminal_set_packets, thread& caller, i32 descriptor, bool on) {
  const auto pair = master_at(caller, descriptor);
  if (!pair) return pair.error();
  (*pair)->set_packets(on);
  return {};
}

result<i32> terminal_operations::perform(op::pseudo_terminal_has_packets, thread& caller, i32 descriptor) {
  const auto pair = master_at(caller, descriptor);
  if (!pair) return pair.error();
  return i32{(*pair)->packets};
}

} // namespace polyabi::reference
