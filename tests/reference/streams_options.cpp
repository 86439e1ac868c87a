// What a stream head is told and asked: options, counts, marks, bands, modules, signals.
#include "streams.hpp"

using namespace polyabi;
using namespace polyabi::tests;

namespace {

constexpr u32 nonblocking = reference::open_flags::rdwr | reference::open_flags::nonblock;

template <class Work>
auto ask(guest& g, i32 d, Work work) {
  return with_stream(g, d, [&](reference::thread&, stream& s, bool) { return work(s); });
}

} // namespace

TEST_CASE("options are kept, and wrong ones refused", "[streams]") {
  simulated::fresh_process g;
  const i32 d = open_pipe(*g).a;
  CHECK(ask(*g, d, [](stream& s) { return ss::get_read_options(s); }) == ss::read_option::protocol_normal);
  CHECK(ask(*g, d, [](stream& s) {
          return ss::set_read_options(s, ss::read_option::message_keep | ss::read_option::protocol_data);
        }).error() == success);
  CHECK(ask(*g, d, [](stream& s) { return ss::get_read_options(s); }) ==
        (ss::read_option::message_keep | ss::read_option::protocol_data));
  // What is not said about control parts stays.
  CHECK(ask(*g, d, [](stream& s) { return ss::set_read_options(s, ss::read_option::normal); }).error() == success);
  CHECK(ask(*g, d, [](stream& s) { return ss::get_read_options(s); }) == ss::read_option::protocol_data);
  CHECK(ask(*g, d, [](stream& s) {
          return ss::set_read_options(s, ss::read_option::protocol_data | ss::read_option::protocol_discard);
        }).error() == stream_error{errc::inval});

  CHECK(ask(*g, d, [](stream& s) { return ss::get_write_options(s); }) == ss::write_option::send_pipe);
  CHECK(ask(*g, d, [](stream& s) { return ss::set_write_options(s, 4); }).error() == stream_error{errc::inval});

  CHECK(ask(*g, d, [](stream& s) { return ss::get_error_options(s); }) ==
        (ss::error_option::read_persistent | ss::error_option::write_persistent));
  CHECK(ask(*g, d, [](stream& s) { return ss::set_error_options(s, ss::error_option::read_once); }).error() == success);
  CHECK(ask(*g, d, [](stream& s) { return ss::get_error_options(s); }) ==
        (ss::error_option::read_once | ss::error_option::write_persistent));
  CHECK(ask(*g, d, [](stream& s) { return ss::set_error_options(s, 3); }).error() == stream_error{errc::inval});
  CHECK(ask(*g, d, [](stream& s) { return ss::set_error_options(s, 0x10); }).error() == stream_error{errc::inval});

  CHECK(ask(*g, d, [](stream& s) { return ss::get_close_time(s); }) == 15000);
  CHECK(ask(*g, d, [](stream& s) { return ss::set_close_time(s, 5); }).error() == success);
  CHECK(ask(*g, d, [](stream& s) { return ss::get_close_time(s); }) == 5);
  CHECK(ask(*g, d, [](stream& s) { return ss::set_close_time(s, -1); }).error() == stream_error{errc::inval});
}

TEST_CASE("what waits is counted", "[streams]") {
  simulated::fresh_process g;
  const auto [a, b] = open_pipe(*g, nonblocking);
  CHECK(ask(*g, b, [](stream& s) { return ss::count_messages(s); })->messages == 0);
  CHECK(put_message(*g, a, "control", "12345") == success);
  CHECK(put_message(*g, a, std::nullopt, "678") == success);
  const auto count = ask(*g, b, [](stream& s) { return ss::count_messages(s); });
  CHECK(count->messages == 2);
  CHECK(count->first_bytes == 5);
  CHECK(*perform(*g, op::bytes_readable{}, b) == 8);
  reference::stat about{};
  CHECK(perform(*g, op::fstat{}, b, about));
  CHECK((about.mode & reference::file_modes::type_mask) == reference::file_modes::fifo);
}

TEST_CASE("bands are asked for", "[streams]") {
  simulated::fresh_process g;
  const auto [a, b] = open_pipe(*g, nonblocking);
  const auto has = [&](i32 band) { return ask(*g, b, [&](stream& s) { return ss::has_band(s, band); }); };
  const auto first = [&] { return ask(*g, b, [&](stream& s) { return ss::first_band(s); }); };
  CHECK(first().error() == stream_error{errc::nodata});
  CHECK(put_message(*g, a, std::nullopt, "x") == success);
  CHECK(*first() == 0);
  CHECK(put_message(*g, a, std::nullopt, "y", false, 9) == success);
  CHECK(*first() == 9);
  CHECK(*has(9) == 1);
  CHECK(*has(0) == 1);
  CHECK(*has(8) == 0);
  CHECK(has(256).error() == stream_error{errc::inval});
  CHECK(has(-1).error() == stream_error{errc::inval});
  CHECK(ask(*g, b, [](stream& s) { return ss::can_put(s, 256); }).error() == stream_error{errc::inval});
}

TEST_CASE("marks", "[streams]") {
  simulated::fresh_process g;
  const auto [a, b] = open_pipe(*g, nonblocking);
  const auto at = [&](u32 which) { return ask(*g, b, [&](stream& s) { return ss::at_mark(s, which); }); };
  CHECK(*at(ss::mark_option::any) == 0);
  CHECK(at(0).error() == stream_error{errc::inval});
  CHECK(at(4).error() == stream_error{errc::inval});
  for (i32 i = 0; i < 2; ++i)
    g->call([&](reference::thread& t) {
      auto m = ss::message_from<kernel>(t, {}, {0, 0}, false, 0);
      (*m)->marked = true;
      const kernel::section inside;
      ss::stream_of<kernel>(**kernel::file_of(t, a))->send_down(std::move(*m));
      return 0;
    });
  CHECK(*at(ss::mark_option::any) == 1);
  CHECK(*at(ss::mark_option::last) == 0);
  CHECK(read_bytes(*g, b) == bytes_read{error::none, ""});
  CHECK(*at(ss::mark_option::last) == 1);
}

TEST_CASE("modules are pushed, found, listed and popped", "[streams]") {
  simulated::fresh_process g;
  const i32 d = open_ticots(*g, nonblocking);
  const auto look = [&] { return ask(*g, d, [](stream& s) { return ss::look_at_module(s); }); };
  const auto find = [&](std::string_view name) { return ask(*g, d, [&](stream& s) { return ss::find_in_stream(s, name); }); };
  const auto pop = [&](bool privileged = false) {
    return ask(*g, d, [&](stream& s) { return ss::pop_module(s, privileged); }).error();
  };
  CHECK(look().error() == stream_error{errc::inval});
  CHECK(pop() == stream_error{errc::inval});
  CHECK(push(*g, d, "nothing") == stream_error{errc::inval});
  CHECK(push(*g, d, "timod") == success);
  CHECK(*look() == "timod");
  CHECK(*find("timod") == 1);
  CHECK(*find("tirdwr") == 0);
  CHECK(find("nothing").error() == stream_error{errc::inval});
  CHECK(push(*g, d, "pipemod") == success);
  std::string_view names[8];
  CHECK(ask(*g, d, [&](stream& s) { return ss::list_modules(s, std::span{names}); }) == 3);
  CHECK((names[0] == "pipemod" && names[1] == "timod" && names[2] == "ticots"));
  // Only a terminal can be edited, only a pipe connected to.
  CHECK(push(*g, d, "ldterm") == stream_error{errc::nxio});
  CHECK(push(*g, d, "connld") == stream_error{errc::inval});
  CHECK(*look() == "pipemod");
  ask(*g, d, [](stream& s) { return s.anchor = 2; });
  CHECK(pop() == stream_error{errc::perm});
  CHECK(pop(true) == success);
  CHECK(pop() == stream_error{errc::perm});
  CHECK(pop(true) == success);
  CHECK(look().error() == stream_error{errc::inval});
  for (u32 i = 0; i < ss::module_limit; ++i) CHECK(push(*g, d, "pipemod") == success);
  CHECK(push(*g, d, "pipemod") == stream_error{errc::inval});
}

TEST_CASE("an ioctl that no module knows is refused", "[streams]") {
  simulated::fresh_process g;
  for (const i32 d : {open_ticots(*g), open_pipe(*g).a}) {
    const auto r = with_stream(
        *g, d, [](reference::thread& t, stream& s, bool) { return ss::stream_ioctl(t, s, 0x1234, std::span<const u8>{}, 1); });
    CHECK(r.error() == stream_error{errc::inval});
  }
}

TEST_CASE("signals about a stream go to those who asked", "[streams]") {
  simulated::fresh_process g;
  const auto [a, b] = open_pipe(*g, nonblocking);
  const auto set = [&](u32 events) {
    return with_stream(
               *g, b,
               [&](reference::thread& t, stream& s, bool) { return ss::set_signals(s, kernel::signal_target_of(t), events); })
        .error();
  };
  const auto get = [&] {
    return with_stream(*g, b,
                       [&](reference::thread& t, stream& s, bool) { return ss::get_signals(s, kernel::signal_target_of(t)); });
  };
  REQUIRE(set_handler(*g, reference::signals::io, 0x4000, reference::sigaction_flags::siginfo) == error::none);
  REQUIRE(set_handler(*g, reference::signals::urg, 0x4000, reference::sigaction_flags::siginfo) == error::none);
  const auto last = [&] { return g->delivered.empty() ? reference::siginfo{} : g->delivered.back().info; };

  CHECK(get().error() == stream_error{errc::inval});
  CHECK(set(0) == stream_error{errc::inval});
  CHECK(set(0x400) == stream_error{errc::inval});
  CHECK(set(ss::event::bandurg) == stream_error{errc::inval});
  CHECK(set(ss::event::input) == success);
  CHECK(*get() == ss::event::input);
  CHECK(put_message(*g, a, std::nullopt, "x") == success);
  CHECK(g->delivered.size() == 1);
  CHECK(last().signo == reference::signals::io);
  CHECK(last().code == reference::signal_codes::poll_in);
  CHECK(put_message(*g, a, "high", std::nullopt, true) == success);
  CHECK(g->delivered.size() == 1);
  CHECK(set(ss::event::hipri | ss::event::rdband | ss::event::bandurg) == success);
  CHECK(put_message(*g, a, std::nullopt, "urgent", false, 3) == success);
  CHECK(last().signo == reference::signals::urg);
  CHECK(last().band == 3);
  CHECK(get_message(*g, b).message.control == "high");
  CHECK(put_message(*g, a, "high", std::nullopt, true) == success);
  CHECK(last().code == reference::signal_codes::poll_pri);
  CHECK(set(ss::event::hangup) == success);
  close(*g, a);
  CHECK(last().code == reference::signal_codes::poll_hup);
  CHECK(set(0) == success);
  CHECK(get().error() == stream_error{errc::inval});
}

TEST_CASE("room again is a signal, too", "[streams]") {
  simulated::fresh_process g;
  const auto [a, b] = open_pipe(*g, nonblocking);
  REQUIRE(set_handler(*g, reference::signals::io, 0x4000, reference::sigaction_flags::siginfo) == error::none);
  CHECK(with_stream(*g, a, [&](reference::thread& t, stream& s, bool) {
          return ss::set_signals(s, kernel::signal_target_of(t), ss::event::output);
        }).error() == success);
  while (put_message(*g, a, std::nullopt, std::string(8192, 'x')) == success) {}
  CHECK(g->delivered.empty());
  while (get_message(*g, b, 10, 65536).failure == success) {}
  CHECK(g->delivered.size() == 1);
  CHECK(g->delivered.back().info.code == reference::signal_codes::poll_out);
}

TEST_CASE("a process that is gone is told nothing", "[streams]") {
  simulated::fresh_process g;
  const auto [a, b] = open_pipe(*g, nonblocking);
  (void)fork(*g, [&, b = b](simulated::guest& child) {
    (void)with_stream(child, b, [&](reference::thread& t, stream& s, bool) {
      return ss::set_signals(s, kernel::signal_target_of(t), ss::event::input);
    });
  });
  CHECK(wait_for(*g).status == 0);
  CHECK(put_message(*g, a, std::nullopt, "x") == success);
  CHECK(with_stream(*g, b, [](reference::thread& t, stream&, bool) { return kernel::find_signal_target(t, 29999); }).error() ==
        error::srch);
}
