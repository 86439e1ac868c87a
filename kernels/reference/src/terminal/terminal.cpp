// Reading, writing and waiting at a terminal, and what happens to it as a whole.
#include <polyabi/reference/process.hpp>
#include <polyabi/reference/signals.hpp>
#include <polyabi/reference/terminal.hpp>
#include <polyabi/reference/user_transfer.hpp>

namespace polyabi::reference {

namespace {

constexpr usize chunk_size = 1024;
constexpr u64 tenth_of_a_second = 100'000'000;

/// Copies a line, or as much of it as fits; false on a fault.
bool copy_line(line_discipline& line, user_writer& to) {
  char chunk[chunk_size];
  for (;;) {
    const u64 wanted = to.remaining() < chunk_size ? to.remaining() : chunk_size;
    if (wanted == 0) {
      line.skip_end_of_file();
      return true;
    }
    const auto taken = line.take_line(chunk, static_cast<usize>(wanted));
    if (!to.write(chunk, taken.size)) return false;
    if (taken.line_ends || taken.size == 0) return true;
  }
}

bool copy_raw(line_discipline& line, user_writer& to) {
  char chunk[chunk_size];
  while (to.remaining() != 0) {
    const u64 wanted = to.remaining() < chunk_size ? to.remaining() : chunk_size;
    const usize size = line.take_raw(chunk, static_cast<usize>(wanted));
    if (size == 0) return true;
    if (!to.write(chunk, size)) return false;
  }
  return true;
}

/// A transfer that ends early is an error only if nothing was moved.
result<i64> moved_or(u64 moved, error why) {
  if (moved != 0) return static_cast<i64>(moved);
  return why;
}

} // namespace

// The four cases of VMIN and VTIME are those of termios(4), "Non-canonical mode input processing".
result<i64> terminal::read(user_vector into, bool nonblocking) {
  user_writer to{into};
  u64 deadline = no_deadline;
  for (;;) {
    if (hung_up) return static_cast<i64>(to.transferred());
    if (auto allowed = job_control::check(*this, current_thread(), signals::ttin); !allowed)
      return moved_or(to.transferred(), allowed.error());
    if (to.remaining() == 0) return static_cast<i64>(to.transferred());
    if (line.canonical()) {
      if (line.readable()) {
        if (!copy_line(line, to)) return moved_or(to.transferred(), error::fault);
        return static_cast<i64>(to.transferred());
      }
    } else {
      const u64 minimum = line.attributes().cc[termios_bits::vmin];
      const u64 time = line.attributes().cc[termios_bits::vtime] * tenth_of_a_second;
      if (line.readable()) {
        if (!copy_raw(line, to)) return moved_or(to.transferred(), error::fault);
        if (to.remaining() == 0 || to.transferred() >= minimum) return static_cast<i64>(to.transferred());
        if (time != 0) deadline = machine::monotonic_time() + time;
      } else if (minimum == 0) {
        if (time == 0) return 0;
        if (deadline == no_deadline) deadline = machine::monotonic_time() + time;
      }
    }
    if (nonblocking) return moved_or(to.transferred(), error::again);
    const wakeup reason = readers.sleep(deadline);
    if (reason == wakeup::interrupted) return moved_or(to.transferred(), error::restart_call);
    if (reason == wakeup::timed_out && !line.readable()) return static_cast<i64>(to.transferred());
  }
}

result<i64> terminal::write(user_vector from, bool nonblocking) {
  user_reader source{from};
  u64 written = 0;
  while (source.remaining() != 0) {
    char chunk[chunk_size];
    const u64 wanted = source.remaining() < chunk_size ? source.remaining() : chunk_size;
    const usize size = static_cast<usize>(wanted);
    if (!source.read(chunk, size)) return moved_or(written, error::fault);
    for (usize done = 0; done < size;) {
      if (hung_up) return moved_or(written, error::io);
      if ((line.attributes().lflag & termios_bits::tostop) != 0)
        if (auto allowed = job_control::check(*this, current_thread(), signals::ttou); !allowed)
          return moved_or(written, allowed.error());
      const usize taken = line.write(chunk + done, size - done);
      done += taken;
      written += taken;
      if (done == size) break;
      if (taken != 0 && line.write_room()) continue;
      if (nonblocking) return moved_or(written, error::again);
      if (writers.sleep() == wakeup::interrupted) return moved_or(written, error::restart_call);
    }
  }
  return static_cast<i64>(written);
}

u16 terminal::poll(u16 events, waiter* place) {
  u32 ready = 0;
  if (hung_up) {
    ready = poll_events::in | poll_events::rdnorm | poll_events::out | poll_events::err | poll_events::hup;
  } else {
    const auto& cc = line.attributes().cc;
    const bool counts = !line.canonical() && cc[termios_bits::vtime] == 0 && cc[termios_bits::vmin] > 1;
    if (line.readable() && (!counts || line.bytes_readable() >= cc[termios_bits::vmin]))
      ready |= poll_events::in | poll_events::rdnorm;
    if (line.write_room()) ready |= poll_events::out;
  }
  ready &= events | u32{poll_events::err | poll_events::hup};
  if (place != nullptr) {
    readers.enter(place[0]);
    writers.enter(place[1]);
  }
  return static_cast<u16>(ready);
}

result<> terminal::drain() {
  while (drains() && !hung_up && line.output_queued() != 0)
    if (writers.sleep() == wakeup::interrupted) return error::restart_call;
  return {};
}

void terminal::set_window(const winsize& wanted) {
  if (wanted.row == window.row && wanted.col == window.col && wanted.xpixel == window.xpixel && wanted.ypixel == window.ypixel)
    return;
  window = wanted;
  signal(signals::winch);
}

void terminal::signal(i32 signo) {
  if (process_group* group = process_table::find_group(foreground)) signals::send(*group, signals::from_kernel(signo));
}

void terminal::hang_up() {
  if (hung_up) return;
  const ref<terminal> self{this};
  hung_up = true;
  line.flush_input();
  line.flush_output();
  if (owner != nullptr) {
    process* leader = owner->leader;
    const i32 in_front = foreground;
    job_control::release(*owner, true);
    if (leader != nullptr && (leader->group == nullptr || leader->group->id != in_front)) {
      signals::send(*leader, signals::from_kernel(signals::hup));
      signals::send(*leader, signals::from_kernel(signals::cont));
    }
  }
  readers.wake_all();
  writers.wake_all();
}

} // namespace polyabi::reference
