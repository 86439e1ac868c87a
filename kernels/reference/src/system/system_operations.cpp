// What the system says of itself.
#include <polyabi/reference/kernel.hpp>

namespace polyabi::reference {

namespace {

/// The host name: the machine's until somebody sets it.
struct host_name_state {
  bool was_set = false;
  char text[65]{};
};
constinit host_name_state host_name;

template <usize capacity>
void assign(char (&to)[capacity], std::string_view text) {
  const usize size = text.size() < capacity ? text.size() : capacity - 1;
  for (usize i = 0; i < capacity; ++i) to[i] = i < size ? text[i] : '\0';
}

} // namespace

result<> system_operations::perform(op::system_names, thread& caller, system_names& out) {
  assign(out.sysname, "polyabi");
  if (host_name.was_set)
    assign(out.nodename, host_name.text);
  else
    assign(out.nodename, machine::host::host_name());
  assign(out.release, "0.1.0");
  assign(out.version, "polyabi reference kernel 0.1.0");
  const abi<kernel>* personality = caller.owner->personality;
  assign(out.machine, personality != nullptr && personality->arch == architecture::i386 ? "i386" : "x86_64");
  assign(out.domain, "");
  return {};
}

result<> system_operations::perform(op::set_host_name, thread& caller, std::string_view name) {
  if (!caller.owner->identity.may(privileges::administer)) return error::perm;
  if (name.size() >= sizeof host_name.text) return error::inval;
  assign(host_name.text, name);
  host_name.was_set = true;
  return {};
}

result<> system_operations::perform(op::system_status, thread&, system_status& out) {
  machine::host::memory_status host{};
  {
    const kernel_lock::unlocked while_the_host_counts;
    machine::host::status(host);
  }
  out = {};
  out.uptime = machine::monotonic_time() - machine::boot_time();
  for (usize i = 0; i < 3; ++i) out.loads[i] = host.load[i];
  out.totalram = host.total;
  out.freeram = host.free;
  out.available = host.available;
  out.sharedram = host.shared;
  out.bufferram = host.buffers;
  out.totalswap = host.swap_total;
  out.freeswap = host.swap_free;
  out.processors = host.processors;
  out.last_pid = static_cast<u32>(process_table::last_id());
  for (const process* p = process_table::next(0); p != nullptr; p = process_table::next(p->id)) {
    ++out.procs;
    bool runs = false;
    for (const thread* t = p->threads.front(); t != nullptr; t = p->threads.next(*t))
      runs = runs || t->state == thread_state::runnable;
    out.running += runs;
  }
  return {};
}

result<i64> system_operations::perform(op::random, thread&, user_bytes into) {
  u64 given = 0;
  while (given < into.size) {
    u8 buffer[256];
    const usize part = into.size - given < sizeof buffer ? static_cast<usize>(into.size - given) : sizeof buffer;
    machine::random(buffer, part);
    if (!user_memory::copy_out(into.address + given, buffer, part))
      return given != 0 ? result<i64>{static_cast<i64>(given)} : error::fault;
    given += part;
  }
  return static_cast<i64>(given);
}

} // namespace polyabi::reference
