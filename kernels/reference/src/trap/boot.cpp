// The start of the system: file systems, process 1, and a process for the first program.
#include <polyabi/reference/devices.hpp>
#include <polyabi/reference/interrupt.hpp>
#include <polyabi/reference/kernel.hpp>
#include <polyabi/reference/mount.hpp>
#include <polyabi/reference/settings.hpp>
#include <polyabi/reference/terminal.hpp>
#include <process/exec/program.hpp>
#include <process/table.hpp>

namespace polyabi::reference {

namespace {

template <usize capacity>
void keep(char (&to)[capacity], std::string_view text) {
  for (usize i = 0; i < capacity; ++i) to[i] = i < text.size() && i + 1 < capacity ? text[i] : '\0';
}

void install(process& first, i32 number, ref<file> opened) {
  if (opened && first.descriptors->reserve_exactly(number, open_max)) first.descriptors->install(number, std::move(opened), 0);
}

/// Descriptors 0 to 2, as far as the host has them open, and those that the user has opened besides.
void open_inherited_files(process& first, const boot_options& options) {
  for (i32 number = 0; number < 3; ++number) install(first, number, standard_stream(static_cast<u32>(number), options));
  for (const i32 number : machine::host::inherited()) install(first, number, inherited_stream(number, true, options));
}

/// A personality that was chosen is the first program's from the beginning: its files are found as it sees them.
void choose_personality(process& first, std::string_view name) {
  for (const abi<kernel>* known : linked_personalities()) {
    if (known->name != name) continue;
    first.personality = known;
    namei::enter_emulation(*first.paths, known->emulation_root);
    return;
  }
}

/// Without a choice the first program itself is looked for in the emulation root that was given before the native one.
void look_in_emulation(process& first, const boot_options& options) {
  for (const abi<kernel>* known : linked_personalities()) {
    for (const auto& given : options.emulations) {
      if (given.directory.empty() || given.personality != known->name || known->emulation_root.empty()) continue;
      namei::enter_emulation(*first.paths, known->emulation_root);
      return;
    }
  }
}

/// The first program leads a session of its own, with the console as its terminal if that is where it talks.
result<> make_session_leader(thread& first, const boot_options& options) {
  const auto led = process_operations::perform(op::setsid{}, first);
  if (!led) return led.error();
  terminal* t = options.console_is_terminal ? console() : nullptr;
  if (t != nullptr) job_control::acquire(*t, *first.owner->group->owner, first.owner->group->id);
  return {};
}

} // namespace

result<thread*> boot(const boot_options& options) {
  const kernel_lock::locked lock;
  kernel::tracing = options.trace;
  if (!settings::keep(options.settings)) return error::toobig;
  exec::forget_images();
  keep(exec::chosen_brands().choice, options.personality);
  keep(exec::chosen_brands().fallback, options.fallback_brand);
  process* init = lifecycle::make_init();
  if (init == nullptr) return error::nomem;
  if (const auto mounted = mount_all(options); !mounted) return mounted.error();
  init->paths->root = init->paths->current = location{{}, mounts::root()};
  init->paths->umask = options.umask;
  if (!options.working_directory.empty()) {
    // A directory that the tree does not have is no reason not to start.
    if (const auto found = namei::find(*init, options.working_directory)) init->paths->current = *found;
  }
  set_up_console(options);
  process* made = lifecycle::make_process(init);
  if (made == nullptr) return error::nomem;
  thread& first = *made->threads.front();
  first.state = thread_state::runnable;
  if (!options.personality.empty()) choose_personality(*made, options.personality);
  else look_in_emulation(*made, options);
  open_inherited_files(*made, options);
  if (const auto led = make_session_leader(first, options); !led) return led.error();
  return &first;
}

i32 first_program_status() {
  return detail::first_program_status();
}

} // namespace polyabi::reference
