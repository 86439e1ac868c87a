// A handler's frame is built, and sigreturn puts everything back; and nothing that a program writes into a frame harms the machine.
#include "catch.hpp"
#include "signal_kernel.hpp"

#include <array>
#include <random>

namespace {

using namespace signal_test;
using namespace polyabi::linux_abi;
namespace sa = reference::sigaction_flags;

constexpr u32 xsave_size = 576 + 256;

/// An XSAVE area as a machine hands it over: software bytes, a header, the end mark.
struct floating_area {
  alignas(64) std::array<unsigned char, xsave_size + 4> bytes{};

  floating_area() {
    const floating_point::software_bytes s{floating_point::extended_magic, xsave_size + 4, 7, xsave_size, {}};
    put(464, s);
    put(512, u64{7});
    put(xsave_size, floating_point::end_magic);
    put(28, u32{0xffff});
  }
  template <class T>
  void put(usize at, const T& value) { std::memcpy(bytes.data() + at, &value, sizeof value); }
  template <class T>
  T get(usize at) const {
    T value;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
  }
  void fill(std::mt19937_64& random) {
    const auto fill_range = [&](usize from, usize to) {
      for (usize i = from; i < to; ++i) bytes[i] = static_cast<unsigned char>(random());
    };
    fill_range(0, 24);
    fill_range(32, 416);
    bytes[5] = 0;
    for (usize i = 0; i < 8; ++i) std::memset(bytes.data() + 42 + i * 16, 0, 6);
    put(24, u32{0x1f80});
    std::memset(bytes.data() + 14, 0, 2); // of the instruction address, what i386 has no room for
    std::memset(bytes.data() + 22, 0, 2);
    fill_range(576, xsave_size);
  }
};

registers some_registers(std::mt19937_64& random, bool wide) {
  registers r{};
  for (auto member : {&registers::rax, &registers::rbx, &registers::rcx, &registers::rdx, &registers::rsi, &registers::rdi,
                      &registers::rbp, &registers::rip})
    r.*member = wide ? random() : static_cast<u32>(random());
  if (wide)
    for (auto member : {&registers::r8, &registers::r9, &registers::r10, &registers::r11, &registers::r12, &registers::r13,
                        &registers::r14, &registers::r15})
      r.*member = random();
  r.rsp = memory_base + memory_size - 0x100 - (random() & 0xff);
  r.rflags = 0x202 | (random() & frames::eflags::of_user);
  r.cs = wide ? 0x33 : 0x23;
  r.ss = 0x2b;
  r.ds = r.es = wide ? 0 : 0x2b;
  r.gs = wide ? 0 : 0x63;
  return r;
}

signal_delivery<kernel> some_delivery(const registers& r, u32 flags) {
  signal_delivery<kernel> d{};
  d.info.signo = reference::signals::usr1;
  d.info.code = reference::signal_codes::user;
  d.info.pid = 77;
  d.info.uid = 1000;
  d.action = {0x5000, 0x6000, flags | sa::restorer, {}};
  d.old_mask.add(reference::signals::chld);
  d.old_mask.add(reference::signals::realtime_first + 10);
  d.stack = {0, 0, reference::sigstack_flags::disable};
  d.stack_pointer = r.rsp;
  return d;
}

bool same_user_registers(const registers& a, const registers& b) {
  const auto of = [](const registers& r) {
    return std::array{r.rax, r.rbx, r.rcx, r.rdx, r.rsi, r.rdi, r.rbp, r.rsp, r.r8, r.r9, r.r10, r.r11, r.r12, r.r13, r.r14,
                      r.r15, r.rip, r.rflags, u64{r.cs}, u64{r.ss}, u64{r.ds}, u64{r.es}, u64{r.fs}, u64{r.gs}};
  };
  return of(a) == of(b);
}

template <class T>
T read_memory(thread& t, u64 address) {
  T value{};
  REQUIRE(kernel::copy_in(t, &value, address, sizeof value));
  return value;
}

template <class A, class Call>
void call_sigreturn(thread& t, registers& r) {
  context<env<A>> c{t, r, "sigreturn"};
  const auto answer = Call::template call<env<A>>(c);
  REQUIRE(answer);
  CHECK((*answer).leave_registers);
}

/// What the handler destroys before it returns.
void scramble(registers& r, floating_area& f, std::mt19937_64& random) {
  const registers keep = r;
  r = some_registers(random, r.cs == 0x33);
  r.rsp = keep.rsp;
  r.fpu = keep.fpu;
  r.fpu_size = keep.fpu_size;
  f.fill(random);
  f.put(512, u64{3});
}

} // namespace

TEST_CASE("x86-64: sigreturn restores registers, mask and floating point") {
  std::mt19937_64 random{1};
  for (int round = 0; round < 200; ++round) {
    thread t;
    floating_area f;
    f.fill(random);
    registers r = some_registers(random, true);
    r.fpu = f.bytes.data();
    r.fpu_size = xsave_size + 4;
    const registers before = r;
    const auto floating_before = f.bytes;
    const auto d = some_delivery(r, sa::siginfo);

    REQUIRE(deliver_signal<env<x86_64>>(t, r, d));
    CHECK(r.rip == 0x5000);
    CHECK(r.rsp % 16 == 8);
    CHECK(r.rsp + sizeof(rt_frame_x86_64) <= before.rsp - 128);
    CHECK(r.rdi == 10);
    CHECK(r.rax == 0);
    CHECK((r.rflags & frames::eflags::direction) == 0);
    CHECK(read_memory<u64>(t, r.rsp) == 0x6000);
    const auto info = read_memory<siginfo<lp64>>(t, r.rsi);
    CHECK(i32{info.signo} == 10);
    CHECK(i32{info.code} == 0);
    CHECK(i32{info.sender.pid} == 77);
    CHECK(u32{info.sender.uid} == 1000);
    const auto frame = read_memory<rt_frame_x86_64>(t, r.rsp);
    CHECK(r.rdx == r.rsp + 8);
    CHECK(u64{frame.ucontext.mcontext.rip} == before.rip);
    CHECK(u64{frame.ucontext.mcontext.fpstate} % 64 == 0);
    CHECK(u64{frame.ucontext.flags} == 7);
    CHECK(i32{frame.ucontext.stack.flags} == 2);
    // SIGCHLD is 17 and the tenth real-time signal 42.
    CHECK(u64{frame.ucontext.sigmask.words[0]} == (u64{1} << 16 | u64{1} << 41));

    r.rsp += 8; // the handler's ret
    scramble(r, f, random);
    call_sigreturn<x86_64, rt_sigreturn>(t, r);
    CHECK(same_user_registers(r, before));
    CHECK(f.bytes == floating_before);
    CHECK(t.mask.bits[0] == d.old_mask.bits[0]);
    CHECK(t.mask.bits[1] == d.old_mask.bits[1]);
    CHECK((t.alternate.flags & reference::sigstack_flags::disable) != 0);
  }
}

TEST_CASE("i386: both frames restore registers, mask and floating point") {
  std::mt19937_64 random{2};
  for (int round = 0; round < 400; ++round) {
    const bool with_info = round % 2 == 0;
    thread t;
    floating_area f;
    f.fill(random);
    registers r = some_registers(random, false);
    r.fpu = f.bytes.data();
    r.fpu_size = xsave_size + 4;
    const registers before = r;
    const auto floating_before = f.bytes;
    const auto d = some_delivery(r, with_info ? sa::siginfo : 0);

    REQUIRE(deliver_signal<env<i386>>(t, r, d));
    CHECK(r.rip == 0x5000);
    CHECK((r.rsp + 4) % 16 == 0);
    CHECK(r.rax == 10);
    CHECK(read_memory<u32>(t, r.rsp) == 0x6000);
    CHECK(read_memory<i32>(t, r.rsp + 4) == 10);
    if (with_info) {
      const auto frame = read_memory<rt_frame_i386>(t, r.rsp);
      CHECK(u32{frame.siginfo_address} == r.rdx);
      CHECK(u32{frame.ucontext_address} == r.rcx);
      CHECK(i32{frame.siginfo.sender.pid} == 77);
      CHECK(u32{frame.ucontext.mcontext.eip} == before.rip);
      r.rsp += 4; // ret
    } else {
      CHECK(u32{read_memory<frame_i386>(t, r.rsp).context.eip} == before.rip);
      r.rsp += 8; // ret, and the restorer's pop %eax
    }
    scramble(r, f, random);
    r.ds = r.es = 0x2b;
    if (with_info) call_sigreturn<i386, rt_sigreturn>(t, r);
    else call_sigreturn<i386, sigreturn>(t, r);
    CHECK(same_user_registers(r, before));
    CHECK(f.bytes == floating_before);
    CHECK(t.mask.bits[0] == d.old_mask.bits[0]);
    CHECK(t.mask.bits[1] == d.old_mask.bits[1]);
  }
}

TEST_CASE("A machine without floating-point state gets frames without it") {
  std::mt19937_64 random{3};
  thread t;
  registers r = some_registers(random, true);
  const registers before = r;
  REQUIRE(deliver_signal<env<x86_64>>(t, r, some_delivery(r, 0)));
  CHECK(u64{read_memory<rt_frame_x86_64>(t, r.rsp).ucontext.mcontext.fpstate} == 0);
  r.rsp += 8;
  call_sigreturn<x86_64, rt_sigreturn>(t, r);
  CHECK(same_user_registers(r, before));
}

TEST_CASE("A frame that finds no room is refused") {
  std::mt19937_64 random{4};
  thread t;
  registers r = some_registers(random, true);
  auto d = some_delivery(r, 0);
  SECTION("no restorer on x86-64") { d.action.flags &= ~sa::restorer; }
  SECTION("below the stack's mapping") { d.stack_pointer = memory_base + 100; }
  SECTION("an alternate stack that is too small") {
    d.stack = {memory_base + 0x4000, 256, 0};
    d.stack_pointer = memory_base + 0x4000 + 256;
  }
  SECTION("a stack pointer near zero") { d.stack_pointer = 8; }
  CHECK_FALSE(deliver_signal<env<x86_64>>(t, r, d));
}

TEST_CASE("On an alternate stack there is no red zone, and sigreturn sets the stack again") {
  std::mt19937_64 random{5};
  thread t;
  registers r = some_registers(random, true);
  auto d = some_delivery(r, sa::onstack);
  d.stack = {memory_base + 0x4000, 0x2000, 0};
  d.stack_pointer = memory_base + 0x6000;
  REQUIRE(deliver_signal<env<x86_64>>(t, r, d));
  CHECK(r.rsp > memory_base + 0x6000 - 128 - sizeof(rt_frame_x86_64));
  const auto frame = read_memory<rt_frame_x86_64>(t, r.rsp);
  CHECK(u64{frame.ucontext.stack.sp} == memory_base + 0x4000);
  CHECK(i32{frame.ucontext.stack.flags} == 0);
  r.rsp += 8;
  call_sigreturn<x86_64, rt_sigreturn>(t, r);
  CHECK(t.alternate.sp == memory_base + 0x4000);
  CHECK(t.alternate.size == 0x2000);
}

TEST_CASE("i386 without restorer returns to code on the stack") {
  std::mt19937_64 random{6};
  thread t;
  registers r = some_registers(random, false);
  auto d = some_delivery(r, 0);
  d.action.flags &= ~sa::restorer;
  REQUIRE(deliver_signal<env<i386>>(t, r, d));
  const auto code = read_memory<std::array<unsigned char, 8>>(t, read_memory<u32>(t, r.rsp));
  CHECK(code == std::array<unsigned char, 8>{0x58, 0xb8, 119, 0, 0, 0, 0xcd, 0x80});
}

TEST_CASE("A handler's changes to its frame take effect") {
  std::mt19937_64 random{7};
  thread t;
  floating_area f;
  registers r = some_registers(random, true);
  r.fpu = f.bytes.data();
  r.fpu_size = xsave_size + 4;
  REQUIRE(deliver_signal<env<x86_64>>(t, r, some_delivery(r, sa::siginfo)));
  auto frame = read_memory<rt_frame_x86_64>(t, r.rsp);
  frame.ucontext.mcontext.rax = 42;
  frame.ucontext.mcontext.rip = 0x7000;
  const unsigned char one = 1;
  REQUIRE(kernel::copy_out(t, u64{frame.ucontext.mcontext.fpstate} + 160, &one, 1)); // xmm0
  REQUIRE(kernel::copy_out(t, r.rsp, &frame, sizeof frame));
  r.rsp += 8;
  call_sigreturn<x86_64, rt_sigreturn>(t, r);
  CHECK(r.rax == 42);
  CHECK(r.rip == 0x7000);
  CHECK(f.bytes[160] == 1);
}

TEST_CASE("An unreadable frame is SIGSEGV, blocked or not") {
  std::mt19937_64 random{8};
  for (const bool blocked : {false, true}) {
    thread t;
    if (blocked) t.mask.add(reference::signals::segv);
    t.actions[reference::signals::segv].handler = 0x9000;
    registers r = some_registers(random, true);
    r.rsp = 16;
    call_sigreturn<x86_64, rt_sigreturn>(t, r);
    CHECK(t.killed_by == reference::signals::segv);
    CHECK_FALSE(t.mask.has(reference::signals::segv));
    CHECK(t.actions[reference::signals::segv].handler == (blocked ? 0u : 0x9000u));
  }
}

TEST_CASE("No frame that a program makes up harms the machine") {
  std::mt19937_64 random{9};
  for (int round = 0; round < 20000; ++round) {
    static thread t;
    t.killed_by.reset();
    floating_area f;
    const int way = round % 3;
    registers r = some_registers(random, way == 0);
    r.fpu = f.bytes.data();
    r.fpu_size = xsave_size + 4;
    r.rsp = memory_base + (random() % (memory_size - 2048));
    for (usize i = 0; i < 1200; i += 8) {
      const u64 word = random() % 8 == 0 ? memory_base + random() % memory_size : random();
      if (unsigned char* p = t.at(r.rsp - 8 + i, 8)) std::memcpy(p, &word, 8);
    }
    if (way == 0) call_sigreturn<x86_64, rt_sigreturn>(t, r);
    else if (way == 1) call_sigreturn<i386, rt_sigreturn>(t, r);
    else call_sigreturn<i386, sigreturn>(t, r);

    CHECK((r.cs == 0x33 || r.cs == 0x23));
    CHECK(r.ss == 0x2b);
    CHECK((r.rflags & ~(frames::eflags::of_user | 0x202)) == 0);
    CHECK((r.rflags & 0x200) != 0);
    for (u16 s : {r.ds, r.es, r.fs, r.gs}) CHECK((s <= 3 || (s & 3) == 3));
    CHECK((f.get<u32>(24) & ~0xffffu) == 0);
    CHECK(f.get<u32>(28) == 0xffff);
    CHECK((f.get<u64>(512) & ~u64{7}) == 0);
    for (usize at = 520; at < 576; at += 8) CHECK(f.get<u64>(at) == 0);
    CHECK(f.get<u32>(464) == floating_point::extended_magic);
    CHECK(f.get<u32>(xsave_size) == floating_point::end_magic);
  }
}

TEST_CASE("The old x87 layout and FXSAVE's say the same") {
  std::mt19937_64 random{10};
  for (int round = 0; round < 1000; ++round) {
    floating_area f;
    f.fill(random);
    const auto before = f.bytes;
    const old_floating_point old = to_old(f.bytes.data());
    std::memset(f.bytes.data(), 0, 6);
    std::memset(f.bytes.data() + 8, 0, 16);
    std::memset(f.bytes.data() + 32, 0, 128);
    from_old(old, f.bytes.data());
    CHECK(f.bytes == before);
  }
}

TEST_CASE("siginfo by signal and code") {
  reference::siginfo in{};
  siginfo<lp64> out{};
  siginfo<ilp32_i386> narrow{};
  SECTION("a child") {
    in = {reference::signals::chld, 0, reference::signal_codes::cld_killed, 12, 5, reference::signals::usr1, 0, 0,
          20'000'000, 30'000'000, 0, 0, 0, 0};
    REQUIRE(to_foreign<kernel>(in, out) == errc::none);
    REQUIRE(to_foreign<kernel>(in, narrow) == errc::none);
    CHECK(i32{out.signo} == 17);
    CHECK(i32{out.code} == 2);
    CHECK(i32{out.child.status} == 10);
    CHECK(i64{out.child.utime} == 2);
    CHECK(i32{narrow.child.stime} == 3);
  }
  SECTION("an exit status is no signal") {
    in.signo = reference::signals::chld;
    in.code = reference::signal_codes::cld_exited;
    in.status = 20;
    REQUIRE(to_foreign<kernel>(in, out) == errc::none);
    CHECK(i32{out.code} == 1);
    CHECK(i32{out.child.status} == 20);
  }
  SECTION("a fault") {
    in.signo = reference::signals::fpe;
    in.code = reference::signal_codes::fpe_intdiv; // 2 there, 1 here
    in.address = 0x1234;
    REQUIRE(to_foreign<kernel>(in, out) == errc::none);
    REQUIRE(to_foreign<kernel>(in, narrow) == errc::none);
    CHECK(i32{out.signo} == 8);
    CHECK(i32{out.code} == 1);
    CHECK(u64{out.fault.address} == 0x1234);
    CHECK(u32{narrow.fault.address} == 0x1234);
  }
  SECTION("queued with a value, and back") {
    in.signo = reference::signals::realtime_first + 2;
    in.code = reference::signal_codes::queue;
    in.pid = 5;
    in.uid = 6;
    in.value = 0x123456789abc;
    REQUIRE(to_foreign<kernel>(in, out) == errc::none);
    CHECK(i32{out.signo} == 34);
    CHECK(i32{out.code} == -1);
    reference::siginfo back{};
    REQUIRE(to_native<kernel>(out, back) == errc::none);
    CHECK(back.signo == in.signo);
    CHECK(back.code == in.code);
    CHECK(back.value == in.value);
  }
}
