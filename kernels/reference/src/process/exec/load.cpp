// Building the new image: stack, segments, initial stack contents, registers.
#include "program.hpp"

#include <polyabi/activators/map.hpp>
#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/information_operations.hpp>
#include <polyabi/reference/user_memory.hpp>

namespace polyabi::reference::exec {

namespace {

/// Left free at the top of user space, and between the stack and what an image may use.
constexpr u64 top_gap = 16 * page_size;
constexpr u64 stack_gap = 256 * page_size;

constexpr u32 placed = map_flags::private_ | map_flags::fixed;
constexpr u32 placed_anonymous = placed | map_flags::anonymous;

constexpr u32 protection_of(activators::segment_access access) {
  return (access.read ? protections::read : 0) | (access.write ? protections::write : 0) |
         (access.execute ? protections::exec : 0);
}

/// Maps the segments of one file.
struct segment_mapper {
  address_space& memory;
  const ref<file>& source;

  result<> map_file(u64 address, u64 size, activators::segment_access access, u64 offset) {
    const auto mapped = memory.map(address, size, protection_of(access), placed, source, offset);
    if (mapped) return {};
    return mapped.error() == error::nodev ? copy_pages(address, size, access, offset) : result<>{mapped.error()};
  }
  result<> map_anonymous(u64 address, u64 size, activators::segment_access access) {
    if (size == 0) return {};
    const auto mapped = memory.map(address, size, protection_of(access), placed_anonymous, nullptr, 0);
    return mapped ? result<>{} : result<>{mapped.error()};
  }
  result<> zero(u64 address, u64 size) {
    const kernel_lock::unlocked while_filling;
    return user_memory::fill_out(address, 0, size) ? error::none : error::fault;
  }

  result<> protect(u64 address, u64 size, activators::segment_access access) {
    return memory.protect(address, size, protection_of(access));
  }
  /// What lies behind the file's end is zero.
  result<> copy_file(u64 address, u64 size, u64 offset) {
    for (u64 copied = 0; copied < size;) {
      const user_bytes part{address + copied, size - copied};
      const i64 at = static_cast<i64>(offset + copied);
      const auto count = source->read({&part, 1}, &at);
      if (!count) return count.error();
      if (*count == 0) break;
      copied += static_cast<u64>(*count);
    }
    return {};
  }

private:
  /// For files that cannot be mapped.
  result<> copy_pages(u64 address, u64 size, activators::segment_access access, u64 offset) {
    if (const auto mapped = map_anonymous(address, size, {true, true, false}); !mapped) return mapped;
    if (const auto copied = copy_file(address, size, offset); !copied) return copied;
    return protect(address, size, access);
  }
};

struct stack_writer {
  bool write(u64 address, const void* from, usize size) { return user_memory::copy_out(address, from, size); }
};

/// Where an image goes: where it must, at its usual place if that is free, or where there is room.
bool choose_bias(const address_space& memory, const activators::image_plan& plan, u64 usual_base, u64& bias) {
  const u64 size = activators::pages_of(plan, 0).size();
  const u64 kept_free = plan.stack_top != 0 ? 0 : top_gap + memory.stack_room() + stack_gap; // for the stack at the top
  const activators::address_limits limits{memory.lowest(), memory.limit() - kept_free};
  const auto is_good = [&](u64 candidate) {
    const auto pages = activators::pages_of(plan, candidate);
    return activators::fits(plan, candidate, limits) && memory.is_free(pages.start, pages.end);
  };
  bias = usual_base != 0 && usual_base < limits.end ? activators::bias_for(plan, usual_base) : 0;
  if (!plan.position_independent) return is_good(0);
  if (usual_base != 0 && usual_base < limits.end && size <= limits.end - usual_base && is_good(bias)) return true;
  const u64 base = memory.find_gap(size + plan.alignment);
  bias = activators::bias_for(plan, base);
  return base != 0 && is_good(bias);
}

/// Floating point as a new image finds it: FNINIT and the default MXCSR. What describes the area itself is left alone
/// (the last 48 bytes of the legacy part belong to software).
void reset_floating_point(registers& frame) {
  auto* area = static_cast<u8*>(frame.fpu);
  constexpr u32 legacy_size = 512, software_bytes = 464, state_bits = 512;
  if (area == nullptr || frame.fpu_size < legacy_size) return;
  __builtin_memset(area, 0, software_bytes);
  constexpr u16 control_word = 0x37f;
  constexpr u32 mxcsr = 0x1f80;
  __builtin_memcpy(area, &control_word, sizeof control_word);
  __builtin_memcpy(area + 24, &mxcsr, sizeof mxcsr);
  if (frame.fpu_size >= state_bits + sizeof(u64)) __builtin_memset(area + state_bits, 0, sizeof(u64));
}

void set_registers(registers& frame, const abi<kernel>& personality, u64 entry, u64 stack_pointer) {
  const bool is_32_bit = personality.arch == architecture::i386;
  const machine::user_selectors selectors = machine::selectors(is_32_bit);
  registers fresh{};
  fresh.fpu = frame.fpu;
  fresh.fpu_size = frame.fpu_size;
  fresh.fpu_changed = true;
  fresh.save_floating_point = frame.save_floating_point;
  fresh.cs = selectors.code;
  fresh.ss = selectors.data;
  fresh.ds = fresh.es = is_32_bit ? selectors.data : u16{0};
  constexpr u64 interrupts_enabled = 0x202;
  fresh.rflags = interrupts_enabled;
  fresh.rip = entry;
  fresh.rsp = stack_pointer;
  frame = fresh;
  reset_floating_point(frame);
  personality.initial_registers(frame);
}

struct processor_facts {
  u32 features = 0;   ///< CPUID 1, EDX
  u32 state_size = 0; ///< of the floating-point state in a signal frame
};

/// Asked once: CPUID is slow where a hypervisor answers it.
const processor_facts& processor() {
  static constinit processor_facts known;
  if (known.state_size != 0) return known;
  u32 eax = 1, ebx, ecx = 0, edx;
  asm("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
  known.features = edx;
  known.state_size = 512;
  constexpr u32 xsave_in_use = u32{1} << 27;
  if ((ecx & xsave_in_use) != 0) {
    eax = 0xd;
    ecx = 0;
    asm("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
    known.state_size = ebx + 4; // a mark follows the state
  }
  return known;
}

image_start describe(const program& loaded, const credentials& identity, u64 bias, u64 interpreter_bias) {
  const activators::image_plan& plan = loaded.main.plan();
  image_start start;
  start.program_headers = plan.program_headers != 0 ? plan.program_headers + bias : 0;
  start.program_header_size = plan.program_header_size;
  start.program_header_count = plan.program_header_count;
  start.entry = plan.entry + bias;
  if (loaded.has_interpreter) start.interpreter_base = interpreter_bias;
  start.user = identity.ruid;
  start.effective_user = identity.euid;
  start.group = identity.rgid;
  start.effective_group = identity.egid;
  start.hardware_capabilities = processor().features;
  start.fpu_size = processor().state_size;
  return start;
}

} // namespace

namespace {

/// What is kept free for the stack, however small its limit: as much as Linux keeps, so that addresses look alike. Where there is
/// room, all that a jump out of the libraries below can reach, for what a machine puts there.
u64 room_for_stack(const address_space& memory, u64 stack_limit) {
  const u64 least = memory.is_32_bit() ? u64{128} << 20 : u64{2} << 30;
  const u64 most = memory.limit() / 6 * 5;
  return stack_limit < least ? least : stack_limit > most ? most : stack_limit;
}

/// The stack of the format's own place, or at the top. Formats that know nothing of it let the stack be executed. It grows as
/// it is used.
result<u64> map_stack(address_space& memory, const activators::image_plan& plan, u64 stack_limit) {
  const u64 top = plan.stack_top != 0 ? plan.stack_top : stack_top(memory.is_32_bit());
  const bool is_elf = plan.format == activators::file_format::elf;
  const u32 protection = protections::read | protections::write | (is_elf ? 0 : protections::exec);
  memory.set_stack_room(room_for_stack(memory, stack_limit));
  const auto mapped = memory.map(top - first_stack_size, first_stack_size, protection, placed_anonymous | map_flags::growsdown,
                                 nullptr, 0, region::purpose::stack);
  return mapped ? result<u64>{top} : mapped;
}

/// Shared libraries lie at their own addresses.
bool map_libraries(address_space& memory, const program& loaded) {
  for (u32 i = 0; i < loaded.library_count; ++i) {
    const image& library = *loaded.libraries[i];
    u64 bias = 0;
    if (!choose_bias(memory, library.plan(), 0, bias)) return false;
    segment_mapper mapper{memory, library.opened};
    if (!activators::map_image(library.plan(), bias, mapper)) return false;
  }
  return true;
}

} // namespace

u64 stack_top(bool is_32_bit) {
  return machine::user_limit(is_32_bit) - top_gap;
}

bool load(thread& t, registers& frame, const program& loaded, address_space& memory) {
  process& self = *t.owner;
  const abi<kernel>& personality = *loaded.personality;
  const u64 stack_limit = self.limits[resources::stack].cur;
  const auto top = map_stack(memory, loaded.main.plan(), stack_limit);
  u64 bias = 0, interpreter_bias = 0;
  const u64 usual_base = activators::default_program_base(personality.arch);
  // As Linux does: a program that needs no interpreter may be one itself, and leaves the usual place to what it loads, but for the break.
  const bool stands_alone = loaded.main.plan().position_independent && !loaded.has_interpreter;
  if (!top || !choose_bias(memory, loaded.main.plan(), stands_alone ? 0 : usual_base, bias)) return false;
  segment_mapper main{memory, loaded.main.opened};
  if (!activators::map_image(loaded.main.plan(), bias, main)) return false;
  const activators::image_plan& plan = loaded.main.plan();
  memory.set_break_start(stands_alone ? usual_base : plan.exact_break ? plan.load_end + bias : activators::pages_of(plan, bias).end);
  if (!map_libraries(memory, loaded)) return false;
  u64 entry = loaded.main.plan().entry + bias;
  if (loaded.has_interpreter) {
    if (!choose_bias(memory, loaded.interpreter.plan(), 0, interpreter_bias)) return false;
    segment_mapper interpreter{memory, loaded.interpreter.opened};
    if (!activators::map_image(loaded.interpreter.plan(), interpreter_bias, interpreter)) return false;
    entry = loaded.interpreter.plan().entry + interpreter_bias;
  }

  activators::stack_request request;
  request.top = *top;
  request.size_limit = stack_limit > stack_size ? stack_size : stack_limit < first_stack_size ? first_stack_size : stack_limit;
  request.pointer_size = plan.pointer_size();
  request.auxiliary_vector = plan.auxiliary_vector;
  const activators::string_block arguments = loaded.arguments.block(), environment = loaded.environment.block();
  request.arguments = {&arguments, 1};
  request.environment = {&environment, 1};
  request.file_name = loaded.file_name.first();
  request.platform = personality.platform;
  machine::random(request.random.data(), request.random.size());
  stack_writer writer;
  image_start start = describe(loaded, self.identity, bias, interpreter_bias);
  const machine::system_library library = machine::map_system_library(memory, personality.name, personality.arch);
  start.system_library = library.start;
  start.system_entry = library.entry;
  self.returns = library.returns;
  const auto built = [&] {
    const kernel_lock::unlocked while_writing;
    return activators::build_stack(request, start, personality.auxiliary_vector, writer);
  }();
  if (!built) return false;

  self.arguments_start = built->arguments_start;
  self.arguments_end = built->arguments_end;
  self.environment_start = built->environment_start;
  self.environment_end = built->environment_end;
  self.stack_start = built->stack_pointer;
  self.entry = entry;
  record_arguments(self);
  set_registers(frame, personality, entry, built->stack_pointer);
  return true;
}

} // namespace polyabi::reference::exec
