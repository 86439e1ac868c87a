// The console: a terminal whose device is the machine's.
#include <polyabi/reference/device_numbers.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/interrupt.hpp>
#include <polyabi/reference/terminal.hpp>
#include <polyabi/reference/text_writer.hpp>

namespace polyabi::reference {

namespace {

struct console_terminal final : terminal {
  void release() override { heap::destroy(this); }
  u64 device() const override { return device_numbers::console; }
  usize describe(char* to, usize limit) const override { return text_writer{to, limit}.add("/dev/console").size(); }
  void output_ready() override {
    for (auto run = line.next_output(); !run.empty(); run = line.next_output()) {
      const usize shown = machine::console_write(run.data(), run.size());
      line.output_shown(shown);
      if (shown != run.size()) return; // the rest stays queued until `interrupt::console_writable`
    }
  }
};

/// Holds a reference, so that it stays.
constinit console_terminal* the_console = nullptr;

bool is_set(const termios& attributes) {
  return (attributes.iflag | attributes.oflag | attributes.cflag | attributes.lflag) != 0;
}

} // namespace

terminal* console() {
  if (the_console == nullptr) the_console = ref<console_terminal>{heap::create<console_terminal>()}.leak();
  return the_console;
}

void set_up_console(const boot_options& options) {
  terminal* t = console();
  if (t == nullptr) return;
  if (is_set(options.console_attributes)) t->line.set_attributes(options.console_attributes);
  t->window = options.window;
}

namespace interrupt {

void console_input(const char* text, usize size) {
  const kernel_lock::locked guard;
  terminal* t = console();
  if (t == nullptr || t->hung_up) return;
  for (usize i = 0; i < size; ++i) t->line.receive(static_cast<u8>(text[i]));
}

void console_writable() {
  const kernel_lock::locked guard;
  if (terminal* t = console()) t->output_ready();
}

void console_resized(u16 rows, u16 columns) {
  const kernel_lock::locked guard;
  if (terminal* t = console()) t->set_window({rows, columns, t->window.xpixel, t->window.ypixel});
}

void console_hangup() {
  const kernel_lock::locked guard;
  if (terminal* t = console()) t->hang_up();
}

} // namespace interrupt

} // namespace polyabi::reference
