// Guests: calls, faults, handlers, and their memory as tests see it.
#include "state.hpp"

#include <polyabi/reference/interrupt.hpp>
#include <polyabi/reference/kernel.hpp>

#include <atomic>
#include <stdexcept>

namespace polyabi::simulated {

namespace {

/// Where every call of a guest stands.
constexpr u64 call_site = 0x1000;

} // namespace

void direct_system_call(reference::thread& t, registers&, gate) {
  auto work = std::move(current_guest->work_);
  current_guest->work_ = nullptr;
  work(t);
}

bool direct_deliver(reference::thread&, registers& frame, const delivery& what) {
  // As a real frame would, it needs the stack to be writable, if the test has given the guest one.
  if (frame.rsp != 0 && !reference::machine::fill_out(what.stack_pointer - 512, 0, 512)) return false;
  current_guest->frames_.push_back({frame, what});
  frame.rip = what.action.handler;
  if (frame.rsp != 0) frame.rsp = what.stack_pointer - 512;
  return true;
}

void end_current_guest() {
  std::longjmp(current_guest->way_out_, 1);
}

guest::guest(reference::thread& t) : thread_{t}, id_{t.id} {
  registers_.rip = call_site + 2;
  registers_.fpu = nullptr;
}

guest::~guest() = default;

void guest::enter(std::function<void()> into_kernel) {
  current_guest = this;
  if (setjmp(way_out_) != 0) {
    current_guest = nullptr;
    current_thread = nullptr;
    throw guest_ended{};
  }
  into_kernel();
}

void guest::run_handlers() {
  while (!frames_.empty()) {
    const frame top = std::move(frames_.back());
    frames_.pop_back();
    delivered.push_back(top.what);
    const auto outer = std::move(frames_);
    frames_.clear();
    if (const auto handler = handlers.find(top.what.action.handler); handler != handlers.end())
      handler->second(*this, top.what);
    frames_ = outer;
    work_ = [this, &top](reference::thread& t) {
      registers_ = top.saved;
      (void)polyabi::perform<reference::kernel>(op::return_from_handler{}, t, top.what.old_mask);
    };
    enter([this] { reference::trap::system_call(thread_, registers_, gate::syscall64); });
  }
}

void guest::system_call(std::function<void(reference::thread&)> work) {
  const u64 outer_rip = registers_.rip;
  registers_.rip = call_site + 2;
  for (;;) {
    work_ = work;
    enter([this] { reference::trap::system_call(thread_, registers_, gate::syscall64); });
    run_handlers();
    if (registers_.rip != call_site) break;
    registers_.rip = call_site + 2; // restarted
  }
  if (registers_.rip == call_site + 2) registers_.rip = outer_rip; // else there is a new image
}

void guest::system_call(gate g) {
  const u64 site = registers_.rip;
  for (;;) {
    registers_.rip = site + instruction_length(g);
    enter([this, g] { reference::trap::system_call(thread_, registers_, g); });
    run_handlers();
    if (registers_.rip != site) return;
  }
}

void guest::fault(i32 signal_number, i32 code, u64 address) {
  enter([&] { reference::trap::user_fault(thread_, registers_, signal_number, code, address); });
  run_handlers();
}

void guest::run() {
  if (!thread_.machine->attention.exchange(false)) return;
  enter([this] { reference::trap::attention(thread_, registers_); });
  run_handlers();
}

u64 guest::allocate(usize size) {
  // No two guests are given the same address: they may share their memory. Below 4 GiB, for guests with words of 32 bits: a program
  // that makes very many guests begins again, where those that shared have gone.
  constexpr u64 first = 0x2000'0000, span = 0xa000'0000;
  static std::atomic<u64> given = 0;
  const u64 pages = (size + reference::page_size - 1) / reference::page_size, taken = (pages + 1) * reference::page_size;
  u64 offset = given.fetch_add(taken) % span;
  while (offset + taken > span) offset = given.fetch_add(taken) % span;
  const u64 address = first + offset;
  const std::lock_guard lock{thread_.machine->memory->mutex};
  for (u64 i = 0; i < pages; ++i)
    thread_.machine->memory->pages[address / reference::page_size + i] = {
        new_page(), reference::protections::read | reference::protections::write, false};
  return address;
}

void guest::write(u64 address, const void* from, usize size) {
  const auto* in = static_cast<const u8*>(from);
  if (!thread_.machine->memory->walk(address, size, 0, [&](u8* bytes, usize run) {
        std::copy_n(in, run, bytes);
        in += run;
      }))
    throw std::out_of_range{"user memory"};
}

void guest::read(u64 address, void* to, usize size) const {
  auto* out = static_cast<u8*>(to);
  if (!thread_.machine->memory->walk(address, size, 0, [&](const u8* bytes, usize run) { out = std::copy_n(bytes, run, out); }))
    throw std::out_of_range{"user memory"};
}

u64 guest::put_text(std::string_view text) {
  const u64 address = allocate(text.size() + 1);
  write(address, text.data(), text.size());
  return address;
}

std::string guest::get_text(u64 address, usize size) const {
  std::string text(size, '\0');
  read(address, text.data(), size);
  return text;
}

user_strings guest::put_strings(const std::vector<std::string>& strings) {
  std::vector<u64> addresses;
  for (const auto& s : strings) addresses.push_back(put_text(s));
  addresses.push_back(0);
  const u64 array = allocate(addresses.size() * sizeof(u64));
  write(array, addresses.data(), addresses.size() * sizeof(u64));
  return {array, 8};
}

} // namespace polyabi::simulated
