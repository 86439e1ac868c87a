// ptrace(2).
#pragma once

#include <polyabi/linux/conventions.hpp>
#include <polyabi/linux/handlers/common.hpp>
#include <polyabi/linux/handlers/traced_floating_point.hpp>
#include <polyabi/linux/handlers/traced_registers.hpp>
#include <polyabi/linux/structures/files.hpp>
#include <polyabi/linux/structures/processes.hpp>
#include <polyabi/linux/structures/signals.hpp>

#include <polyabi/core/services.hpp>

namespace polyabi::linux_abi::handlers {

struct ptrace {
  using needs = operation_list<service::process_tracing, service::custom_files>;
  static constexpr support level = support::emulated;

  template <class Env>
  static reply<Env, i64> call(context<Env>& c, i64 request, i32 pid, u64 address, u64 data) {
    return requests<Env>{c, pid, address, data}.perform(request);
  }

private:
  template <class Env>
  struct requests {
    using K = typename Env::kernel;
    using M = typename Env::model;
    using word = typename M::ulong;
    using tracee = typename K::tracee;
    using answered = reply<Env, i64>;

    context<Env>& c;
    i32 pid;
    u64 address, data;

    answered perform(i64 request) {
      using namespace trace_requests;
      switch (request) {
      case trace_me: return done_by([&] { return K::trace_me(c.thread); });
      case attach: return done_by([&] { return K::trace(c.thread, pid, {}, false); });
      case seize:
        if (address != 0 || (data & ~trace_option_bits::all) != 0) return errc::io;
        return done_by([&] { return K::trace(c.thread, pid, trace_options_of(data), true); });
      case interrupt: return with(false, [&](tracee& of) {
        if (!of.seized) return errc::io;
        K::interrupt(of);
        return errc::none;
      });
      case kill: return with(false, [&](tracee& of) {
        K::kill(of);
        return errc::none;
      });
      case cont: return resume(trace_resumption::run);
      case system_call: return resume(trace_resumption::to_call);
      case single_step: return resume(trace_resumption::step);
      case emulate_calls: return resume(trace_resumption::emulate_calls);
      case emulate_calls_and_step: return resume(trace_resumption::emulate_or_step);
      case listen: return with(true, [&](tracee& of) {
        if (!of.seized || of.stop().event != trace_event::stop) return errc::io;
        K::resume(of, trace_resumption::listen, 0);
        return errc::none;
      });
      case detach: {
        const i32 signo = signal_given();
        if (signo < 0) return errc::io;
        return with(true, [&](tracee& of) {
          K::end_tracing(of, signo);
          return errc::none;
        });
      }
      case set_options:
        if ((data & ~trace_option_bits::all) != 0) return errc::inval;
        return with(true, [&](tracee& of) {
          of.options = trace_options_of(data);
          return errc::none;
        });
      case peek_text:
      case peek_data: return peek();
      case poke_text:
      case poke_data: return poke();
      case get_event_message: {
        word message{};
        return then_write(message, [&](tracee& of) {
          message = static_cast<typename word::value_type>(of.stop().message);
          return errc::none;
        });
      }
      default: return perform_on_state(request);
      }
    }

  private:
    /// What is in the registers, the signal that stopped the thread, and its mask.
    answered perform_on_state(i64 request) {
      using namespace trace_requests;
      switch (request) {
      case peek_user: return peek_user_area();
      case poke_user: return poke_user_area();
      case get_registers: return of_set(register_sets::general, data, ~u64{0}, false);
      case set_registers: return of_set(register_sets::general, data, ~u64{0}, true);
      case get_floating_point: return of_set(register_sets::floating_point, data, ~u64{0}, false);
      case set_floating_point: return of_set(register_sets::floating_point, data, ~u64{0}, true);
      case get_extended_floating_point: return of_set(register_sets::extended_floating_point, data, ~u64{0}, false);
      case set_extended_floating_point: return of_set(register_sets::extended_floating_point, data, ~u64{0}, true);
      case get_register_set: return of_vector(false);
      case set_register_set: return of_vector(true);
      case get_siginfo: {
        siginfo<M> told{};
        return then_write(told, [&](tracee& of) { return describe(of, told); });
      }
      case set_siginfo: return change_siginfo();
      case peek_siginfo: return peek_pending();
      case get_thread_area: return thread_area(false);
      case set_thread_area: return thread_area(true);
      case get_signal_mask: {
        if (address != sizeof(mask)) return errc::inval;
        mask shown{};
        return then_write(shown, [&](tracee& of) { return shown.template from_native<K>(K::mask_of(of)); });
      }
      case set_signal_mask: return change_mask();
      case get_call_information: return call_information();
      case arch_prctl: return segment_base();
      default: {
        // Linux looks for the tracee first.
        if (auto r = with(true, [](tracee&) { return errc::none; }); !r) return r;
        c.unsupported("request", static_cast<u64>(request));
        return errc::io;
      }
      }
    }

    using mask = signal_set<typename M::ulong, 8 / M::word_size, signal_numbers>;

    template <class Work>
    answered done_by(Work work) {
      const typename K::section inside;
      if (auto result = work(); !result) return result.error();
      return i64{0};
    }

    /// Does something with the tracee, inside the section.
    template <class Work>
    answered with(bool stands, Work work) {
      const typename K::section inside;
      auto found = K::find_tracee(c.thread, pid, stands);
      if (!found) return found.error();
      if (const errc e = work(**found); e != errc::none) return e;
      return i64{0};
    }

    template <class T, class Work>
    answered then_write(T& value, Work work) {
      if (auto r = with(true, work); !r) return r;
      if (errc e = c.write(user_ptr<T>{data}, value); e != errc::none) return e;
      return i64{0};
    }

    /// 0 for none, below it for what is no signal.
    i32 signal_given() const {
      if (data == 0) return 0;
      if (data > 64) return -1;
      const i32 number = signal_from_linux<K>(static_cast<i32>(data));
      return number > 0 ? number : -1;
    }

    answered resume(trace_resumption how) {
      const i32 signo = signal_given();
      if (signo < 0) return errc::io;
      return with(true, [&](tracee& of) {
        of.unmade_answer = u64{0} - static_cast<u64>(number_for<typename Env::personality::errors>(errc::nosys));
        K::resume(of, how, signo);
        return errc::none;
      });
    }

    answered peek() {
      word value{};
      return then_write(value, [&](tracee& of) { return K::read_traced(of, address, &value, sizeof value) ? errc::none : errc::io; });
    }
    answered poke() {
      const word value = static_cast<typename word::value_type>(data);
      return with(true, [&](tracee& of) { return K::write_traced(of, address, &value, sizeof value) ? errc::none : errc::io; });
    }

    // struct user is that of the tracer's own architecture.
    using own_registers = std::conditional_t<M::word_size == 8, user_registers_x86_64, user_registers_i386>;
    static constexpr user_area area = M::word_size == 8 ? user_area_x86_64 : user_area_i386;
    static constexpr usize debug_register_count = 8;

    bool is_word_of_user_area() const { return address % sizeof(word) == 0 && address < area.size; }
    /// 8: none.
    usize debug_register() const {
      const u64 index = (address - area.debug_registers) / sizeof(word);
      return address >= area.debug_registers && index < debug_register_count ? static_cast<usize>(index) : debug_register_count;
    }

    answered peek_user_area() {
      if (!is_word_of_user_area()) return errc::io;
      word value{};
      return then_write(value, [&](tracee& of) {
        if (const usize which = debug_register(); which < debug_register_count) {
          value = static_cast<typename word::value_type>(of.debug_registers[which]);
        } else if (address < area.registers_size) {
          own_registers all;
          detail::show(of, all);
          __builtin_memcpy(&value, reinterpret_cast<const unsigned char*>(&all) + address, sizeof value);
        }
        return errc::none;
      });
    }

    answered poke_user_area() {
      if (!is_word_of_user_area()) return errc::io;
      return with(true, [&](tracee& of) {
        if (const usize which = debug_register(); which < debug_register_count) {
          constexpr usize control = 7;
          if (which < 4 && data >= every_users_end) return errc::inval;
          if (which == control && !can_watch(data)) return errc::inval;
          of.debug_registers[which] = data;
          return errc::none;
        }
        if (address >= area.registers_size) return errc::io;
        own_registers all;
        detail::show(of, all);
        const word value = static_cast<typename word::value_type>(data);
        __builtin_memcpy(reinterpret_cast<unsigned char*>(&all) + address, &value, sizeof value);
        detail::set(of, all);
        return errc::none;
      });
    }
    /// Ports (2) are not watched by users; each enabled one has a kind in bits 16 and up, four bits each.
    static constexpr bool can_watch(u64 control) {
      for (u32 which = 0; which < 4; ++which)
        if ((control >> (which * 2) & 3) != 0 && (control >> (16 + which * 4) & 3) == 2) return false;
      return true;
    }

    /// A set of registers from or to `at`, at most `room` bytes of it.
    answered of_set(u64 which, u64 at, u64 room, bool sets, u64* moved = nullptr) {
      detail::register_image<K> image;
      auto sized = with(true, [&](tracee& of) { return image.begin(of, which); });
      if (!sized) return sized;
      if (!image.allocate()) return errc::nomem;
      const usize size = room < image.size ? static_cast<usize>(room) : image.size;
      // What is not given stays as it is.
      if (auto r = with(true, [&](tracee& of) { return image.fill(of); }); !r) return r;
      if (moved != nullptr) *moved = size;
      if (!sets) {
        if (errc e = c.write_bytes(at, image.bytes, size); e != errc::none) return e;
        return i64{0};
      }
      if (errc e = c.read_bytes(at, image.bytes, size); e != errc::none) return e;
      return with(true, [&](tracee& of) { return image.take(of); });
    }

    answered of_vector(bool sets) {
      iovec<M> given;
      if (errc e = c.read(user_ptr<const iovec<M>>{data}, given); e != errc::none) return e;
      u64 moved = 0;
      if (auto r = of_set(address, static_cast<u64>(given.base), static_cast<u64>(given.len), sets, &moved); !r) return r;
      given.len = static_cast<typename word::value_type>(moved);
      if (errc e = c.write(user_ptr<iovec<M>>{data}, given); e != errc::none) return e;
      return i64{0};
    }

    /// Of a stop that no signal made, the code says what it is.
    static errc describe(tracee& of, siginfo<M>& told) {
      const auto& stop = of.stop();
      if (!stop.has_details && stop.event != trace_event::stop) return errc::inval;
      if (stop.event == trace_event::none) return told.template from_native<K>(stop.details);
      (void)told.template from_native<K>(stop.details);
      told.signo = signal_to_linux<K>(stop.signal);
      constexpr i32 marked = 0x80;
      if (stop.event != trace_event::system_call)
        told.code = told.signo | static_cast<i32>(trace_event_number(stop.event) << 8);
      else
        told.code = told.signo | (of.options.has(trace_event::system_call) ? marked : 0);
      return errc::none;
    }

    answered change_siginfo() {
      siginfo<M> given;
      if (errc e = c.read(user_ptr<const siginfo<M>>{data}, given); e != errc::none) return e;
      native<K, shape::siginfo> details{};
      if (errc e = to_native<K>(given, details); e != errc::none) return e;
      return with(true, [&](tracee& of) {
        if (!of.stop().has_details) return errc::inval;
        details.address = of.stop().details.address;
        of.stop().details = details;
        return errc::none;
      });
    }

    answered change_mask() {
      if (address != sizeof(mask)) return errc::inval;
      mask given;
      if (errc e = c.read(user_ptr<const mask>{data}, given); e != errc::none) return e;
      native<K, shape::sigset> wanted{};
      if (errc e = given.template to_native<K>(wanted); e != errc::none) return e;
      return with(true, [&](tracee& of) {
        K::set_mask_of(of, wanted);
        return errc::none;
      });
    }

    /// Answers how many bytes there were to write; no more than `address` are written.
    answered call_information() {
      traced_call_information info{};
      u64 size = info.none_size;
      auto r = with(true, [&](tracee& of) {
        registers& frame = of.frame();
        const bool is_32_bit = of.is_32_bit();
        info.arch = is_32_bit ? audit_architectures::i386 : audit_architectures::x86_64;
        info.instruction_pointer = frame.rip;
        info.stack_pointer = frame.rsp;
        const bool at_filter = of.stop().event == trace_event::filter;
        if (of.stop().event != trace_event::system_call && !at_filter) return errc::none;
        const trap_convention& convention = is_32_bit ? conventions::i386 : conventions::x86_64;
        if (of.stop().entering) {
          info.op = at_filter ? traced_call_kinds::filter : traced_call_kinds::entry;
          info.filter_value = at_filter ? static_cast<u32>(of.stop().message) : 0;
          info.words[0] = of.call_number();
          for (usize i = 0; i < 6; ++i) {
            const u64 argument = frame.*convention.arguments[i];
            info.words[i + 1] = is_32_bit ? static_cast<u32>(argument) : argument;
          }
          size = at_filter ? info.filter_size : info.entry_size;
        } else {
          constexpr i64 lowest_error = -4095;
          info.op = traced_call_kinds::exit;
          const i64 result = detail::call_of(of).answer;
          info.words[0] = static_cast<u64>(result);
          info.words[1] = u64{result < 0 && result >= lowest_error};
          size = info.exit_size;
        }
        return errc::none;
      });
      if (!r) return r;
      if (errc e = c.write_bytes(data, &info, static_cast<usize>(address < size ? address : size)); e != errc::none) return e;
      return static_cast<i64>(size);
    }

    /// Signals that nobody has taken yet, from one on. Answers how many there were.
    answered peek_pending() {
      pending_signals_wanted wanted;
      if (errc e = c.read(user_ptr<const pending_signals_wanted>{address}, wanted); e != errc::none) return e;
      const u32 flags = wanted.flags;
      const i32 count = wanted.count;
      if ((flags & ~wanted.of_process) != 0 || count < 0) return errc::inval;
      if (u64{wanted.from} > ~u32{0}) return i64{0};
      for (i64 told = 0;; ++told) {
        siginfo<M> shown{};
        bool is_there = false;
        auto looked = with(true, [&](tracee& of) {
          native<K, shape::siginfo> details{};
          is_there = told < count && K::pending_signal(of, flags != 0, static_cast<usize>(u64{wanted.from}) + static_cast<usize>(told), details);
          return is_there ? shown.template from_native<K>(details) : errc::none;
        });
        if (!looked && told == 0) return looked;
        if (!looked || !is_there) return told;
        if (errc e = c.write(user_ptr<siginfo<M>>{data}.at(static_cast<usize>(told)), shown); e != errc::none)
          return told != 0 ? answered{told} : answered{e};
      }
    }

    /// As get_thread_area(2) and set_thread_area(2) of the tracee; `address` is the entry.
    answered thread_area(bool sets) {
      const u64 index = address - thread_segments::first_area;
      if (static_cast<i32>(address) < 0) return errc::io;
      user_desc<M> shown{};
      if (sets)
        if (errc e = c.read(user_ptr<const user_desc<M>>{data}, shown); e != errc::none) return e;
      if (index >= thread_segments::area_count) return errc::inval;
      if (!sets)
        return then_write(shown, [&](tracee& of) {
          const auto& kept = of.stop().segments.areas[index];
          shown = {static_cast<u32>(address), kept.base, kept.limit, kept.flags};
          return errc::none;
        });
      return with(true, [&](tracee& of) {
        of.stop().segments.areas[index] = {shown.base_addr, shown.limit, shown.flags};
        of.stop().segments.areas_changed = true;
        return errc::none;
      });
    }

    /// As arch_prctl(2) for another thread: `data` is its code, `address` the argument.
    answered segment_base() {
      constexpr u64 set_gs = 0x1001, set_fs = 0x1002, get_fs = 0x1003, get_gs = 0x1004;
      const bool sets = data == set_gs || data == set_fs, gets = data == get_gs || data == get_fs;
      if (M::word_size != 8 || (!sets && !gets)) return errc::inval;
      const usize which = data == set_gs || data == get_gs ? 1 : 0;
      if (sets) {
        if (address >= every_users_end) return errc::perm;
        return with(true, [&](tracee& of) {
          of.stop().segments.bases[which] = address;
          of.stop().segments.bases_changed = true;
          return errc::none;
        });
      }
      u64 base = 0;
      const auto asked = with(true, [&](tracee& of) {
        base = of.stop().segments.bases[which];
        return errc::none;
      });
      if (!asked) return asked;
      if (errc e = c.write_bytes(address, &base, sizeof base); e != errc::none) return e;
      return i64{0};
    }
  };
};

} // namespace polyabi::linux_abi::handlers
