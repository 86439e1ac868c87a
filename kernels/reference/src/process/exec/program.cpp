// Recognising executables.
#include "program.hpp"

#include <polyabi/activators/script.hpp>
#include <polyabi/reference/interrupt.hpp>
#include <polyabi/reference/user_memory.hpp>

namespace polyabi::reference::exec {

namespace {

constinit brand_choice chosen;

constexpr usize most_personalities = 16;

result<const abi<kernel>*> decide(const activators::image_facts& facts, std::string_view choice) {
  const auto all = linked_personalities();
  activators::named_brand brands[most_personalities];
  usize count = 0;
  for (const abi<kernel>* candidate : all)
    if (count < most_personalities) brands[count++] = {candidate->name, candidate->arch, &candidate->brand};
  const auto decision = activators::decide_brand(facts, {brands, count}, {choice, chosen.fallback});
  if (!decision) return error::noexec;
  return all[decision.index];
}

/// Parses the headers against the kernel's own user space.
result<> parse(image& of) {
  file_reader reader{*of.opened};
  const auto parsed = activators::parse_elf(reader, of.plan);
  if (!parsed) return native_error(parsed.error);
  return {};
}

/// Puts the interpreter of a script before the arguments: `interpreter [argument] script rest...`.
result<> prepend(const activators::script_line& line, std::string_view script, string_store& arguments) {
  string_store longer;
  auto added = longer.append(line.interpreter);
  if (added && !line.argument.empty()) added = longer.append(line.argument);
  if (added) added = longer.append(script);
  arguments.drop_first();
  const auto rest = arguments.block();
  for (usize at = 0; at < rest.size && added;) {
    const std::string_view text{rest.bytes + at};
    added = longer.append(text);
    at += text.size() + 1;
  }
  if (added) arguments.swap(longer);
  return added;
}

/// Follows scripts until a file that is none. Its interpreters are looked up as the caller sees paths.
result<> follow_scripts(const process& caller, location& where, program& loaded) {
  string_store script;
  if (const auto kept = script.append(loaded.file_name.first()); !kept) return kept;
  for (u32 depth = 0;; ++depth) {
    const auto opened = open_executable(caller, where, loaded.main);
    if (!opened) return opened;
    char beginning[activators::script_line_limit];
    const usize size = file_reader{*loaded.main.opened}.read_some(0, beginning, sizeof beginning);
    if (!activators::is_script({beginning, size})) return {};
    activators::script_line line;
    const auto parsed = activators::parse_script({beginning, size}, line, depth);
    if (!parsed) return native_error(parsed.error);
    if (const auto added = prepend(line, script.first(), loaded.arguments); !added) return added;
    string_store next;
    if (const auto kept = next.append(line.interpreter); !kept) return kept;
    script.swap(next);
    auto found = namei::find(caller, script.first());
    if (!found) return found.error();
    where = std::move(*found);
  }
}

} // namespace

brand_choice& chosen_brands() {
  return chosen;
}

error native_error(errc name) {
  switch (name) {
  case errc::none: return error::none;
  case errc::inval: return error::inval;
  case errc::io: return error::io;
  case errc::nomem: return error::nomem;
  case errc::toobig: return error::toobig;
  case errc::loop: return error::loop;
  case errc::fault: return error::fault;
  default: return error::noexec;
  }
}

usize file_reader::read_some(u64 offset, void* to, usize size) const {
  const user_memory::kernel_transfer transfer;
  usize done_so_far = 0;
  while (done_so_far < size) {
    const user_bytes part{reinterpret_cast<u64>(to) + done_so_far, size - done_so_far};
    const i64 at = static_cast<i64>(offset + done_so_far);
    const auto count = at >= 0 ? source.read({&part, 1}, &at) : result<i64>{error::inval};
    if (!count || *count == 0) break;
    done_so_far += static_cast<usize>(*count);
  }
  return done_so_far;
}

bool file_reader::read(u64 offset, void* to, usize size) const {
  return read_some(offset, to, size) == size;
}

result<> open_executable(const process& caller, const location& where, image& out) {
  const ref<vnode>& node = front(where);
  if (!node) return error::noent;
  if (node->type != file_modes::reg) return error::acces;
  const auto allowed = node->permitted(caller.identity, access_modes::exec);
  if (!allowed) return allowed;
  auto opened = node->open(open_flags::rdonly);
  if (!opened) return opened.error();
  out.node = node;
  out.opened = std::move(*opened);
  return {};
}

result<> prepare(const process& caller, location where, std::string_view choice, program& loaded) {
  if (loaded.arguments.count() == 0)
    if (const auto added = loaded.arguments.append(""); !added) return added; // as Linux does since 5.18
  if (const auto followed = follow_scripts(caller, where, loaded); !followed) return followed;
  if (const auto parsed = parse(loaded.main); !parsed) return parsed;
  file_reader reader{*loaded.main.opened};
  activators::gather_facts(reader, loaded.main.plan, loaded.facts);
  const auto personality = decide(loaded.facts, choice);
  if (!personality) return personality.error();
  loaded.personality = *personality;

  loaded.paths = caller.paths;
  namei::enter_emulation(loaded.paths, loaded.personality->emulation_root);
  const std::string_view interpreter = loaded.main.plan.interpreter.view();
  loaded.has_interpreter = !interpreter.empty();
  if (!loaded.has_interpreter) return {};
  const auto found = namei::find(loaded.paths, loaded.paths.current, caller.identity, interpreter);
  if (!found) return found.error();
  if (const auto opened = open_executable(caller, *found, loaded.interpreter); !opened) return opened;
  if (const auto parsed = parse(loaded.interpreter); !parsed) return parsed;
  return loaded.interpreter.plan.arch == loaded.main.plan.arch ? result<>{} : result<>{error::noexec};
}

} // namespace polyabi::reference::exec
