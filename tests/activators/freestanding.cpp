// Instantiates the activators as a kernel would; `nm -u` of the object may show memcpy, memmove, memset and memcmp only.
#include <polyabi/activators/brand.hpp>
#include <polyabi/activators/executable.hpp>
#include <polyabi/activators/map.hpp>
#include <polyabi/activators/script.hpp>
#include <polyabi/activators/stack.hpp>

using namespace polyabi;
using namespace polyabi::activators;

struct kernel_mapper {
  basic_result<void, errc> map_file(u64 address, u64, segment_access, u64) { return address != 0 ? errc::none : errc::nomem; }
  basic_result<void, errc> map_anonymous(u64 address, u64, segment_access) { return address != 0 ? errc::none : errc::nomem; }
  basic_result<void, errc> zero(u64, u64) { return {}; }
  basic_result<void, errc> copy_file(u64, u64, u64) { return {}; }
  basic_result<void, errc> protect(u64, u64, segment_access) { return {}; }
};

struct kernel_writer {
  u8* stack;
  u64 bottom;
  bool write(u64 address, const void* from, usize size) {
    __builtin_memcpy(stack + (address - bottom), from, size);
    return true;
  }
};

/// exec of a file in memory, as far as activators go.
errc activate(std::span<const u8> file, std::span<const named_brand> brands, const stack_request& request, kernel_writer& stack,
              image_plan& plan, image_facts& facts, u64& stack_pointer);

errc activate(std::span<const u8> file, std::span<const named_brand> brands, const stack_request& request, kernel_writer& stack,
              image_plan& plan, image_facts& facts, u64& stack_pointer) {
  memory_reader reader{file};
  if (verdict parsed = parse_executable(reader, plan); !parsed) return parsed.error;
  gather_facts(reader, plan, facts);
  if (!decide_brand(facts, brands)) return errc::noexec;
  const u64 bias = bias_for(plan, default_program_base(plan.arch));
  if (!fits(plan, bias, default_limits(plan.arch))) return errc::nomem;
  kernel_mapper memory;
  if (auto mapped = map_image(plan, bias, memory); !mapped) return mapped.error();
  const auto auxiliary = [](const image_start& start, std::span<auxiliary_entry> entries) {
    entries[0] = {25, start.random};
    return usize{1};
  };
  auto layout = build_stack(request, {}, auxiliary, stack);
  if (!layout) return layout.error();
  stack_pointer = layout->stack_pointer;
  script_line line;
  return parse_script("#!/bin/sh\n"sv, line).error;
}
