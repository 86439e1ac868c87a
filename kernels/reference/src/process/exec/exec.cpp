// exec(2): everything that can fail comes first; then the old image goes and the new one is built.
#include "program.hpp"

#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/file_services.hpp>
#include <polyabi/reference/interrupt.hpp>
#include <polyabi/reference/settings.hpp>
#include <polyabi/reference/signals.hpp>

namespace polyabi::reference {

namespace exec {

namespace {

/// Gives the process an empty address space of the right kind: its own if it had shared its parent's.
result<> replace_memory(thread& t, bool is_32_bit, bool from_zero) {
  process& self = *t.owner;
  if (self.memory != nullptr && !self.memory->is_shared()) {
    {
      const others_may_run while_it_unmaps{*self.memory};
      machine::unmap_all();
    }
    self.memory->reset(is_32_bit, from_zero);
    return {};
  }
  address_space* fresh = address_space::make(is_32_bit, from_zero);
  if (fresh == nullptr) return error::nomem;
  if (self.memory != nullptr && !machine::detach_memory(t)) {
    fresh->release();
    return error::nomem;
  }
  if (self.memory != nullptr) self.memory->release();
  self.memory = fresh;
  self.vfork_child = false;
  self.vfork_done.wake_all();
  return {};
}

/// Handlers point into the old image; ignored signals stay ignored.
void reset_signals(thread& t) {
  t.owner->actions.part();
  for (sigaction& action : *t.owner->actions) {
    const bool ignored = action.handler == handlers::ignore;
    action = {};
    if (ignored) action.handler = handlers::ignore;
  }
  t.alternate = no_alternate_stack;
  t.restore_mask = false;
}

std::string_view last_component(std::string_view path) {
  const usize slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

void describe_process(thread& t, const program& loaded) {
  process& self = *t.owner;
  (void)process_operations::perform(op::set_process_name{}, t, last_component(loaded.file_name.first()));
  self.executable = loaded.main.node;
  const auto size = namei::path_of(*self.paths, *self.executable, self.executable_path, sizeof self.executable_path - 1);
  self.executable_path[size ? *size : 0] = '\0';
}

/// The one thread that is left is the process' first. The lock knows its owner by this id.
void take_first_id(thread& t) {
  if (t.id == t.owner->id) return;
  for (process* child = t.owner->children.front(); child != nullptr; child = t.owner->children.next(*child))
    if (child->parent_thread == t.id) child->parent_thread = t.owner->id;
  kernel_lock::release();
  t.id = t.owner->id;
  kernel_lock::acquire();
  tracees::took_first_id(t);
}

void forget_thread_state(thread& t) {
  t.clear_on_exit = 0;
  t.awaited_word = 0;
  for (u64& word : t.personality_words) word = 0;
  for (u32 which = 0; which < 2; ++which) machine::set_segment_base(which, 0);
  if (t.owner->personality != nullptr && t.owner->personality->arch == architecture::i386) machine::clear_thread_areas();
  machine::clear_segments();
}

} // namespace

result<> run(thread& t, registers& frame, location where, std::string_view choice, program& loaded) {
  process& self = *t.owner;
  if (const auto prepared = prepare(self, std::move(where), choice, loaded); !prepared) return prepared;
  if (loaded.arguments.size() + loaded.environment.size() +
          (loaded.arguments.count() + loaded.environment.count()) * sizeof(u64) >
      string_store::limit)
    return error::toobig;
  if (const auto alone = lifecycle::end_other_threads(); !alone) return alone;
  if (const auto own = file_services::own_descriptors(t); !own) return own;
  lifecycle::leave_memory(t);
  t.end_is_told = false; // it goes on, in other memory
  const bool is_32_bit = loaded.personality->arch == architecture::i386, from_zero = needs_page_zero(loaded.main.plan());
  if (const auto replaced = replace_memory(t, is_32_bit, from_zero); !replaced) return replaced;

  // From here on there is nothing to return to.
  take_first_id(t);
  self.descriptors->close_on_exec();
  lifecycle::end_attachments(self, true);
  reset_signals(t);
  forget_thread_state(t);
  // Another system's program sees other roots.
  if (self.personality != loaded.personality) self.paths.part();
  self.personality = loaded.personality;
  self.seen = parse_release(settings::find(loaded.personality->release_setting));
  *self.paths = loaded.paths;
  self.has_execed = true;
  self.identity.are_given = false;
  self.end_signal = signals::chld;
  self.inspectable = self.identity.ruid == self.identity.euid && self.identity.rgid == self.identity.egid;
  describe_process(t, loaded);
  t.new_image = true;
  t.restart = false;
  if (!machine::start_at_zero(from_zero) || !load(t, frame, loaded, *self.memory)) lifecycle::begin_exit(self, signals::kill);
  return {};
}

} // namespace exec

namespace {

/// What a descriptor and a path name; with `empty_path` the descriptor itself (fexecve).
result<location> find_program(const process& self, i32 directory, std::string_view path, u32 at_flags) {
  if (path.empty()) {
    if ((at_flags & at::empty_path) == 0) return error::noent;
    const auto opened = self.descriptors->get(directory);
    if (!opened) return opened.error();
    return location{{}, (*opened)->node};
  }
  const auto start = namei::directory_of(self, path.front() == '/' ? at::current_directory : directory);
  if (!start) return start.error();
  auto found = namei::find(*self.paths, *start, self.identity, path, (at_flags & at::symlink_nofollow) == 0);
  if (found && front(*found)->type == file_modes::lnk) return error::loop;
  return found;
}

} // namespace

result<> process_operations::perform(op::exec, thread& caller, i32 directory, std::string_view path, user_strings arguments,
                                     user_strings environment, u32 at_flags) {
  process& self = *caller.owner;
  auto found = find_program(self, directory, path, at_flags);
  if (!found) return found.error();
  exec::program loaded;
  if (const auto kept = loaded.file_name.append(path); !kept) return kept;
  if (const auto copied = loaded.arguments.copy_in(arguments); !copied) return copied;
  if (const auto copied = loaded.environment.copy_in(environment); !copied) return copied;
  return exec::run(caller, *caller.frame, std::move(*found), {}, loaded);
}

result<> boot_program(thread& first, registers& frame, std::string_view path, std::span<const std::string_view> arguments,
                      std::span<const std::string_view> environment) {
  const kernel_lock::locked lock;
  const auto found = namei::find(*first.owner, path);
  if (!found) return found.error();
  exec::program loaded;
  auto kept = loaded.file_name.append(path);
  for (const std::string_view text : arguments)
    if (kept) kept = loaded.arguments.append(text);
  for (const std::string_view text : environment)
    if (kept) kept = loaded.environment.append(text);
  if (!kept) return kept;
  const auto started = exec::run(first, frame, *found, exec::chosen_brands().choice, loaded);
  // No call was made that an old image's personality could answer into.
  first.new_image = false;
  if (started) first.owner->personality->initial_registers(frame);
  return started;
}

} // namespace polyabi::reference
