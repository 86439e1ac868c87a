// Recognising executables.
#include "program.hpp"

#include <polyabi/activators/script.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/interrupt.hpp>
#include <polyabi/reference/user_memory.hpp>
#include <polyabi/reference/vnode_events.hpp>

#include <base/lock_turn.hpp>

#include <cstring>

namespace polyabi::reference::exec {

namespace {

constinit brand_choice chosen;

result<const abi<kernel>*> decide(const activators::image_facts& facts, std::string_view choice) {
  const auto all = linked_personalities();
  const auto decision = activators::decide_brand<kernel>(facts, all, {choice, chosen.fallback});
  if (!decision) return error::noexec;
  return all[decision.index];
}

/// Parses the headers against the kernel's own user space.
result<> parse(image& of) {
  file_reader reader{of};
  const auto parsed = activators::parse_executable(reader, of.description->plan);
  if (!parsed) return native_error(parsed.error);
  return {};
}

/// Opens a file that a program names: its interpreter, or a shared library.
result<> open_part(const process& caller, const program& loaded, std::string_view path, image_role role, image& out) {
  const auto found = namei::find(loaded.paths, loaded.paths.current, caller.identity, path);
  if (!found) return found.error();
  return open_executable(caller, *found, role, out);
}

/// The shared libraries of a COFF program, at the addresses for which they are linked.
result<> open_libraries(const process& caller, program& loaded) {
  result<> opened;
  activators::each_library(loaded.main.plan(), [&](std::string_view path) {
    image* const library = heap::create<image>();
    if (library == nullptr) {
      opened = error::nomem;
      return false;
    }
    loaded.libraries[loaded.library_count++] = library;
    opened = open_part(caller, loaded, path, image_role::library, *library);
    if (!opened) return false;
    file_reader reader{*library};
    const auto parsed = activators::parse_coff(reader, library->description->plan, activators::coff_role::library);
    if (!parsed) opened = native_error(parsed.error);
    return static_cast<bool>(opened);
  });
  return opened;
}

/// What a script's first line asks for. Where the caller's system knows them, a colon as first character means the shell.
result<> parse_first_line(const process& caller, std::string_view beginning, u32 depth, activators::script_line& line) {
  if (activators::is_colon_script(beginning)) {
    if (depth >= activators::max_script_depth) return error::loop;
    line.interpreter = caller.personality->colon_script_shell;
    return {};
  }
  const auto parsed = activators::parse_script(beginning, line, depth);
  return parsed ? result<>{} : result<>{native_error(parsed.error)};
}

bool knows_colon_scripts(const process& caller) {
  return caller.personality != nullptr && !caller.personality->colon_script_shell.empty();
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
    const auto opened = open_executable(caller, where, image_role::program, loaded.main);
    if (!opened || loaded.main.is_known) return opened;
    const std::string_view beginning = file_reader{loaded.main}.beginning(activators::script_line_limit);
    const bool is_colon_script = activators::is_colon_script(beginning) && knows_colon_scripts(caller);
    if (!activators::is_script(beginning) && !is_colon_script) return {};
    activators::script_line line;
    if (const auto parsed = parse_first_line(caller, beginning, depth, line); !parsed) return parsed;
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

image::~image() {
  heap::destroy(read);
}

program::~program() {
  for (image* library : libraries) heap::destroy(library);
}

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
    const auto count = at >= 0 ? of.opened->read({&part, 1}, &at) : result<i64>{error::inval};
    if (!count) break;
    done_so_far += static_cast<usize>(*count);
    if (static_cast<u64>(*count) < part.size) break; // the file's end
  }
  return done_so_far;
}

void file_reader::fill(file_block& block, u64 begin) const {
  block.begin = begin;
  block.size = read_some(begin, block.bytes, sizeof block.bytes);
}

bool file_reader::read(u64 offset, void* to, usize size) const {
  if (size > file_block::limit / 2) return read_some(offset, to, size) == size;
  image::reading& read = *of.read;
  if (!read.blocks[read.last_block].has(offset, size)) read.last_block ^= 1;
  file_block& block = read.blocks[read.last_block];
  if (!block.has(offset, size)) {
    fill(block, offset & ~u64{file_block::limit / 2 - 1}); // what is next is not always further on
    if (!block.has(offset, size)) return false;
  }
  std::memcpy(to, block.bytes + (offset - block.begin), size);
  return true;
}

std::string_view file_reader::beginning(usize size) const {
  file_block& block = of.read->blocks[of.read->last_block];
  if (block.begin != 0 || block.size == 0) fill(block, 0);
  return {block.bytes, size < block.size ? size : block.size};
}

namespace {

result<> prepare_to_read(image& of) {
  of.description = ref<image_description>{heap::create<image_description>()};
  if (of.read == nullptr) of.read = heap::create<image::reading>();
  if (!of.description || of.read == nullptr) return error::nomem;
  for (file_block& block : of.read->blocks) block.size = 0; // of an interpreted file
  return {};
}

} // namespace

result<> open_executable(const process& caller, const location& where, image_role role, image& out) {
  const ref<vnode>& node = front(where);
  if (!node) return error::noent;
  if (node->type != file_modes::reg) return error::acces;
  const auto allowed = node->permitted(caller.identity, access_modes::exec);
  if (!allowed) return allowed;
  stat status;
  auto opened = [&]() -> result<ref<file>> {
    const kernel_lock::lending others_may_have_the_lock;
    auto made = node->open(open_flags::rdonly);
    if (auto told = made ? node->attributes(status) : result<>{}; !told) return told.error();
    return made;
  }();
  if (!opened) return opened.error();
  vnode_events::happened(**opened, vnode_events::bits<vnode_event::opened>);
  vnode_events::happened(**opened, vnode_events::bits<vnode_event::accessed>); // its beginning is read in any case
  out.node = node;
  out.opened = std::move(*opened);
  out.state = file_state{status};
  out.description = known_image(out.state, role);
  out.is_known = static_cast<bool>(out.description);
  return out.is_known ? result<>{} : prepare_to_read(out);
}

result<> prepare(const process& caller, location where, std::string_view choice, program& loaded) {
  if (loaded.arguments.count() == 0)
    if (const auto added = loaded.arguments.append(""); !added) return added; // as Linux does since 5.18
  if (const auto followed = follow_scripts(caller, where, loaded); !followed) return followed;
  image_description& main = *loaded.main.description;
  if (!loaded.main.is_known) {
    if (const auto parsed = parse(loaded.main); !parsed) return parsed;
    file_reader reader{loaded.main};
    activators::gather_facts(reader, main.plan, main.facts);
    remember_image(loaded.main.state, image_role::program, loaded.main.description);
  }
  const auto personality = decide(main.facts, choice);
  if (!personality) return personality.error();
  loaded.personality = *personality;

  loaded.paths = *caller.paths;
  namei::enter_emulation(loaded.paths, loaded.personality->emulation_root);
  if (main.plan.format == activators::file_format::coff) return open_libraries(caller, loaded);
  const std::string_view interpreter = main.plan.interpreter.view();
  loaded.has_interpreter = !interpreter.empty();
  if (!loaded.has_interpreter) return {};
  image& other = loaded.interpreter;
  if (const auto opened = open_part(caller, loaded, interpreter, image_role::interpreter, other); !opened) return opened;
  if (!other.is_known) {
    if (const auto parsed = parse(other); !parsed) return parsed;
    remember_image(other.state, image_role::interpreter, other.description);
  }
  return other.plan().arch == main.plan.arch ? result<>{} : result<>{error::noexec};
}

} // namespace polyabi::reference::exec
