// A conformance set that a porter runs against their own kernel: each check says what programs rely on, uses only operations
// that the kernel lists, and is left out where it lists too few. No personality is involved.
//
//   struct my_harness { ... };            // see the concept below
//   auto report = polyabi::testing::conformance(harness);
//   for (auto& f : report.failures) std::puts(f.c_str());
#pragma once

#include <polyabi/core/arguments.hpp>
#include <polyabi/core/c_name.hpp>

#include <concepts>
#include <string>
#include <utility>
#include <vector>

namespace polyabi::testing {

/// What a kernel under test needs around it.
template <class H>
concept conformance_harness = requires(H h, typename H::kernel::thread& t, u64 address, usize size, void* bytes) {
  typename H::kernel;
  /// Runs `work(thread)` as a system call would run, and answers what it answers.
  h.call([](typename H::kernel::thread&) { return 0; });
  { h.allocate(size) } -> std::same_as<u64>; ///< zeroed user memory
  { h.bad_address() } -> std::same_as<u64>;  ///< an address that faults
  h.write(address, bytes, size);
  h.read(address, bytes, size);
  { h.scratch_folder() } -> std::convertible_to<std::string>; ///< an empty writable folder, or "" without one
};

struct conformance_report {
  usize run = 0, left_out = 0;
  std::vector<std::string> failures;
};

namespace detail {

template <class H>
class conformance_run {
  using K = typename H::kernel;
  using thread = typename K::thread;
  template <class... Operations>
  static constexpr bool has = (polyabi::provides<K, Operations>() && ...);

public:
  explicit conformance_run(H& harness) : h_{harness} {}

  conformance_report run() {
    descriptors();
    pipes();
    folders();
    processes();
    memory();
    time();
    return std::move(report_);
  }

private:
  // --- what a check says
  void expect(bool holds, std::string sentence) {
    ++report_.run;
    if (!holds) report_.failures.push_back(std::move(sentence));
  }
  template <class Answer>
  void expect_error(const Answer& answer, errc name, const std::string& sentence) {
    const auto got = answer ? errc::none : polyabi::detail::name_of<kernel_map<K, errc>>(static_cast<i32>(answer.error()));
    expect(got == name, sentence + ": expected " + std::string{c_name(name)} + ", got " +
                            (answer ? std::string{"success"} : std::string{c_name(got)}));
  }
  void leave_out() { ++report_.left_out; }

  template <class Operation, class... Arguments>
  auto perform(Operation operation, Arguments... arguments) {
    return h_.call([&](thread& t) { return polyabi::perform<K>(operation, t, arguments...); });
  }
  static u32 flags(std::initializer_list<any_name> names) {
    u32 all = 0;
    for (auto n : names)
      if (const auto row = polyabi::detail::find_row<kernel_map<K, open_flag>>(n)) all |= static_cast<u32>(row->value);
    return all;
  }
  /// Opens and installs; -1 if it fails.
  i32 open(const std::string& path, u32 how, u32 mode = 0600) {
    return h_.call([&](thread& t) {
      auto made = polyabi::perform<K>(op::open{}, t, K::current_directory, std::string_view{path}, how, mode);
      return made ? static_cast<i32>(polyabi::detail::derived_entry::commit(*made)) : -1;
    });
  }
  i64 write_text(i32 descriptor, const std::string& text) {
    const u64 at = h_.allocate(text.size());
    h_.write(at, const_cast<char*>(text.data()), text.size());
    const user_bytes part{at, text.size()};
    auto written = perform(op::write{}, descriptor, user_vector{&part, 1});
    return written ? *written : -1;
  }
  std::string read_text(i32 descriptor, usize size) {
    const u64 at = h_.allocate(size);
    const user_bytes part{at, size};
    auto got = perform(op::read{}, descriptor, user_vector{&part, 1});
    if (!got) return "(error)";
    std::string text(static_cast<usize>(*got), ' ');
    h_.read(at, text.data(), text.size());
    return text;
  }

  // --- the checks
  void descriptors() {
    if constexpr (has<op::close>) {
      expect_error(perform(op::close{}, -1), errc::badf, "closing descriptor -1");
      expect_error(perform(op::close{}, 100000), errc::badf, "closing a descriptor that was never open");
    } else
      leave_out();
    if constexpr (has<op::read>) {
      const user_bytes part{h_.allocate(8), 8};
      expect_error(perform(op::read{}, -1, user_vector{&part, 1}), errc::badf, "reading from descriptor -1");
    } else
      leave_out();
    if constexpr (has<op::open>) {
      auto missing = h_.call([&](thread& t) {
        return polyabi::perform<K>(op::open{}, t, K::current_directory, std::string_view{"/no/such/file/here"},
                                   flags({as_any(access_mode::rdonly)}), 0u);
      });
      expect_error(missing, errc::noent, "opening a path that does not exist");
    } else
      leave_out();
  }

  void pipes() {
    if constexpr (has<op::pipe, op::read, op::write, op::close>) {
      const auto numbers = h_.call([&](thread& t) {
        auto made = polyabi::perform<K>(op::pipe{}, t, 0u);
        if (!made) return std::pair{-1, -1};
        const std::pair pair{made->first.number(), made->second.number()};
        polyabi::detail::derived_entry::commit(*made);
        return pair;
      });
      expect(numbers.first >= 0 && numbers.second == numbers.first + 1,
             "a pipe takes the two lowest free descriptors, reader first");
      expect(write_text(numbers.second, "hello") == 5, "a pipe takes what is written");
      expect(read_text(numbers.first, 3) == "hel", "a read takes what fits and leaves the rest");
      expect(read_text(numbers.first, 100) == "lo", "a read answers what there is, not what was asked");
      if constexpr (has<op::seek>) {
        const auto set = polyabi::detail::number_of<kernel_map<K, seek_origin>>(seek_origin::set);
        expect_error(perform(op::seek{}, numbers.first, i64{0}, set), errc::spipe, "seeking on a pipe");
      }
      const user_bytes bad{h_.bad_address(), 8};
      expect_error(perform(op::write{}, numbers.second, user_vector{&bad, 1}), errc::fault, "writing from a bad address");
      (void)perform(op::close{}, numbers.second);
      expect(read_text(numbers.first, 8).empty(), "a pipe without writers reads as end of file");
      (void)perform(op::close{}, numbers.first);
    } else
      leave_out();
  }

  void folders() {
    const std::string folder = h_.scratch_folder();
    if constexpr (has<op::open, op::close, op::read, op::write>) {
      if (folder.empty()) return leave_out();
      const std::string file = folder + "/file";
      const u32 create = flags({as_any(access_mode::rdwr), as_any(open_flag::creat)});
      const i32 made = open(file, create);
      expect(made >= 0, "a file can be created in the scratch folder");
      expect(write_text(made, "0123456789") == 10, "a file takes what is written");
      if constexpr (has<op::seek>) {
        const auto set = polyabi::detail::number_of<kernel_map<K, seek_origin>>(seek_origin::set);
        auto at = perform(op::seek{}, made, i64{4}, set);
        expect(at && *at == 4 && read_text(made, 3) == "456", "a read begins where seek left the position");
        expect_error(perform(op::seek{}, made, i64{-1}, set), errc::inval, "seeking before the beginning");
      }
      if constexpr (has<op::fstat>) {
        native<K, shape::stat> status{};
        auto answered = h_.call([&](thread& t) { return polyabi::perform<K>(op::fstat{}, t, made, status); });
        expect(answered && status.size == 10 && (status.mode & 0170000) == 0100000,
               "fstat tells size and type of a regular file");
      }
      if constexpr (has<op::ftruncate, op::fstat>) {
        (void)perform(op::ftruncate{}, made, i64{3});
        native<K, shape::stat> status{};
        (void)h_.call([&](thread& t) { return polyabi::perform<K>(op::fstat{}, t, made, status); });
        expect(status.size == 3, "truncation sets the size");
        expect_error(perform(op::ftruncate{}, made, i64{-1}), errc::inval, "truncation to a negative size");
      }
      (void)perform(op::close{}, made);
      auto again = h_.call([&](thread& t) {
        return polyabi::perform<K>(op::open{}, t, K::current_directory, std::string_view{file},
                                   create | flags({as_any(open_flag::excl)}), 0600u);
      });
      expect_error(again, errc::exist, "creating exclusively what exists");
      auto writing = h_.call([&](thread& t) {
        return polyabi::perform<K>(op::open{}, t, K::current_directory, std::string_view{folder},
                                   flags({as_any(access_mode::wronly)}), 0u);
      });
      expect_error(writing, errc::isdir, "opening a directory for writing");
      auto below = h_.call([&](thread& t) {
        return polyabi::perform<K>(op::open{}, t, K::current_directory, std::string_view{file + "/x"},
                                   flags({as_any(access_mode::rdonly)}), 0u);
      });
      expect_error(below, errc::notdir, "looking up a name below a file");
    } else
      leave_out();
    if constexpr (has<op::mkdir, op::unlink>) {
      if (folder.empty()) return leave_out();
      const std::string inner = folder + "/inner";
      const u32 remove_directory =
          static_cast<u32>(polyabi::detail::find_row<kernel_map<K, at_flag>>(as_any(at_flag::removedir))->value);
      expect(static_cast<bool>(perform(op::mkdir{}, K::current_directory, std::string_view{inner}, 0700u)),
             "a directory can be made");
      expect_error(perform(op::mkdir{}, K::current_directory, std::string_view{inner}, 0700u), errc::exist, "making it again");
      expect_error(perform(op::unlink{}, K::current_directory, std::string_view{folder}, remove_directory), errc::notempty,
                   "removing a directory that is not empty");
      expect(static_cast<bool>(perform(op::unlink{}, K::current_directory, std::string_view{inner}, remove_directory)),
             "an empty directory can be removed");
      expect_error(perform(op::unlink{}, K::current_directory, std::string_view{inner}, remove_directory), errc::noent,
                   "removing it again");
    } else
      leave_out();
  }

  void processes() {
    if constexpr (has<op::getpid>) {
      auto one = perform(op::getpid{}), two = perform(op::getpid{});
      expect(one && two && *one == *two && *one > 0, "a process has one positive id");
      if constexpr (has<op::kill>) {
        expect(static_cast<bool>(perform(op::kill{}, *one, 0)), "signal 0 only asks whether the process is there");
        expect_error(perform(op::kill{}, 0x3fffffff, 0), errc::srch, "signalling a process that does not exist");
      }
    } else
      leave_out();
    if constexpr (has<op::umask>) {
      (void)perform(op::umask{}, 027u);
      auto old = perform(op::umask{}, 022u);
      expect(old && *old == 027, "umask answers the mask before");
    } else
      leave_out();
  }

  void memory() {
    if constexpr (has<op::map, op::unmap>) {
      using protections = kernel_map<K, protection>;
      using kinds = kernel_map<K, map_flag>;
      const auto bits = [](const auto& row) { return row ? static_cast<u32>(row->value) : 0u; };
      const u32 access = bits(polyabi::detail::find_row<protections>(as_any(protection::read))) |
                         bits(polyabi::detail::find_row<protections>(as_any(protection::write)));
      const u32 kind = bits(polyabi::detail::find_row<kinds>(as_any(map_flag::private_))) |
                       bits(polyabi::detail::find_row<kinds>(as_any(map_flag::anonymous)));
      auto mapped = perform(op::map{}, u64{0}, u64{8192}, access, kind, -1, i64{0});
      expect(static_cast<bool>(mapped) && *mapped != 0, "anonymous memory can be mapped");
      if (mapped) {
        u64 word = 1;
        h_.read(*mapped, &word, sizeof word);
        expect(word == 0, "fresh memory reads as zero");
        expect(static_cast<bool>(perform(op::unmap{}, *mapped, u64{8192})), "it can be unmapped");
      }
      expect_error(perform(op::map{}, u64{0}, u64{0}, access, kind, -1, i64{0}), errc::inval, "mapping nothing");
    } else
      leave_out();
  }

  void time() {
    if constexpr (has<op::clock_get>) {
      const i32 monotonic = polyabi::detail::number_of<kernel_map<K, clock>>(clock::monotonic);
      native<K, shape::timespec> before{}, after{};
      const auto get = [&](auto& t) {
        return h_.call([&](thread& caller) { return polyabi::perform<K>(op::clock_get{}, caller, monotonic, t); });
      };
      const bool told = static_cast<bool>(get(before)) && static_cast<bool>(get(after));
      expect(told && (after.sec > before.sec || (after.sec == before.sec && after.nsec >= before.nsec)),
             "the monotonic clock does not go back");
      expect(before.nsec >= 0 && before.nsec < 1'000'000'000, "nanoseconds stay below a second");
    } else
      leave_out();
  }

  H& h_;
  conformance_report report_;
};

} // namespace detail

/// Runs every check that the kernel's operations allow.
template <conformance_harness H>
conformance_report conformance(H& harness) {
  return detail::conformance_run<H>{harness}.run();
}

} // namespace polyabi::testing
