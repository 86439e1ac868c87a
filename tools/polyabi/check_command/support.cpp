#include "support.hpp"

#include "matrix_levels.hpp"

#include <map>

namespace polyabi::tool {

namespace {

/// The number that instructions give a register.
u8 register_number(u64 registers::*which) {
  using r = registers;
  static constexpr u64 r::*by_number[] = {&r::rax, &r::rcx, &r::rdx, &r::rbx, &r::rsp, &r::rbp, &r::rsi, &r::rdi,
                                          &r::r8,  &r::r9,  &r::r10, &r::r11, &r::r12, &r::r13, &r::r14, &r::r15};
  for (u8 i = 0; i < std::size(by_number); ++i)
    if (by_number[i] == which) return i;
  return 0;
}

check::entry_convention convention_of(const trap_convention& from) {
  check::entry_convention to;
  to.number_register = register_number(from.number);
  to.stack_arguments = from.stack_arguments;
  for (usize i = 0; i < to.argument_registers.size(); ++i)
    if (from.arguments[i] != nullptr) to.argument_registers[i] = register_number(from.arguments[i]);
  return to;
}

/// Instructions that are a gate's, on one architecture.
void add_gate(std::vector<check::entry_gate>& to, gate which, bool wide) {
  using check::entry_gate;
  switch (which) {
  case gate::syscall64:
    if (wide) to.push_back(entry_gate::syscall);
    return;
  case gate::int80: // and what a C library does instead where the kernel offers it
    if (!wide) to.insert(to.end(), {entry_gate::int80, entry_gate::vsyscall_gs, entry_gate::sysenter});
    return;
  case gate::lcall7: to.push_back(entry_gate::lcall7); return;
  case gate::lcall27: to.push_back(entry_gate::lcall27); return;
  case gate::lcall0f: to.push_back(entry_gate::lcall0f); return;
  case gate::int91: to.push_back(entry_gate::int91); return;
  case gate::intd2: to.push_back(entry_gate::intd2); return;
  }
}

check::supported_call call_of(const call_description& call, const row_support& row) {
  check::supported_call to;
  to.number = static_cast<u64>(call.number);
  to.name = call.name;
  to.level = row.level;
  to.reason = row.reason;
  for (const argument_support& a : row.arguments) to.arguments.push_back({a.word, a.unsupported});
  if (call.select != selection::none) to.selector = call.select == selection::request ? 1 : 0;
  to.selector_mask = call.selector_mask;
  for (usize i = 0; i < call.selected.size() && i < row.selected.size(); ++i)
    to.selected.push_back(call_of(call.selected[i], row.selected[i]));
  return to;
}

/// The release that is chosen; the last setting counts.
release seen_release(const abi_description& abi, const std::vector<std::string>& settings) {
  release seen;
  for (const std::string& setting : settings)
    if (!abi.release_setting.empty() && setting.starts_with(std::string{abi.release_setting} + "="))
      seen = parse_release(std::string_view{setting}.substr(abi.release_setting.size() + 1));
  return seen;
}

check::supported_system system_of(const kernel_support& from, const std::vector<std::string>& settings) {
  check::supported_system to;
  to.personality = from.abi->personality;
  to.arch = from.abi->arch;
  to.kernel = from.kernel;
  to.convention = convention_of(from.abi->convention);
  for (const gate g : from.abi->gates) add_gate(to.gates, g, from.abi->word_size == 8);
  const std::vector<row_support> rows = from.rows();
  const release seen = seen_release(*from.abi, settings);
  for (usize i = 0; i < from.abi->calls.size() && i < rows.size(); ++i) {
    check::supported_call& call = to.calls.emplace_back(call_of(from.abi->calls[i], rows[i]));
    const release appeared = from.abi->appeared_in(from.abi->calls[i].number);
    if (seen.is_none() || !(seen < appeared)) continue;
    call.level = support::missing;
    call.reason = "came with release " + release_text(appeared);
    call.selected.clear();
  }
  std::stable_sort(to.calls.begin(), to.calls.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
  return to;
}

} // namespace

const check::supported_system* find_supported(std::string_view personality, std::string_view arch, const std::string& kernel,
                                              const std::vector<std::string>& settings) {
  static std::map<std::pair<std::string, std::vector<std::string>>, std::vector<check::supported_system>> known;
  auto& systems = known[{kernel, settings}];
  if (systems.empty())
    for (const kernel_support& k : all_kernel_supports())
      if (k.kernel == kernel) systems.push_back(system_of(k, settings));
  for (const check::supported_system& s : systems)
    if (s.personality == personality && s.arch == arch) return &s;
  return nullptr;
}

} // namespace polyabi::tool
