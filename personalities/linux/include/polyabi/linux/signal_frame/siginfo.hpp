// siginfo_t (asm-generic/siginfo.h): what tells of a signal. Its tail is a union by signal and code.
#pragma once

#include <polyabi/core/fields.hpp>
#include <polyabi/core/operations.hpp>
#include <polyabi/linux/signal_frame/signal_codes.hpp>
#include <polyabi/linux/signals.hpp>

namespace polyabi::linux_abi {

/// The layouts of the tail.
template <class M>
struct siginfo_parts {
  struct sender {
    typename M::i32 pid;
    typename M::u32 uid;
  };
  struct queued {
    typename M::i32 pid;
    typename M::u32 uid;
    typename M::ulong value;
  };
  struct timer {
    typename M::i32 id, overrun;
    typename M::ulong value;
  };
  struct child {
    typename M::i32 pid;
    typename M::u32 uid;
    typename M::i32 status;
    typename M::slong utime, stime; ///< clock ticks of 10 ms
  };
  struct fault {
    typename M::pointer address;
  };
  struct readiness {
    typename M::slong band;
    typename M::i32 descriptor;
  };
  struct refused_call {
    typename M::pointer address; ///< behind the instruction that made it
    typename M::i32 number;
    typename M::u32 architecture;
  };
};

/// A codec: `to_native` and `to_foreign` know it.
template <class M>
struct siginfo {
  using shape = polyabi::shape::siginfo;
  using parts = siginfo_parts<M>;
  static constexpr usize head = M::word_size == 8 ? 16 : 12;

  typename M::i32 signo, error, code; ///< `error` is si_errno
  union {
    unsigned char bytes[128 - head];
    typename M::pointer alignment;
    typename parts::sender sender;
    typename parts::queued queued;
    typename parts::timer timer;
    typename parts::child child;
    typename parts::fault fault;
    typename parts::readiness readiness;
    typename parts::refused_call refused_call;
  };

  /// From the kernel's siginfo, all of it written.
  template <class K, class N>
  constexpr errc from_native(const N& in) {
    *this = siginfo{};
    constexpr i64 tick = 10'000'000;
    const i32 number = number_table<kernel_map<K, signal>, signal_numbers>::convert(in.signo);
    signo = number < 0 ? 0 : number;
    error = in.error;
    if (const i32 origin = foreign_origin_code<K>(in.code); origin != 1) {
      code = origin;
      if (origin == -2) {
        timer.id = in.timer;
        timer.overrun = in.overrun;
        timer.value = static_cast<typename M::ulong::value_type>(in.value);
      } else if (origin != 0x80) {
        queued.pid = in.pid;
        queued.uid = in.uid;
        queued.value = static_cast<typename M::ulong::value_type>(in.value);
      }
      return errc::none;
    }
    const auto of = code_class_of(name_for<kernel_map<K, signal>>(in.signo));
    code = foreign_signal_code<K>(of, in.code);
    if (code == 0x80) return errc::none;
    if (of == signal_code_class::child) {
      child.pid = in.pid;
      child.uid = in.uid;
      child.status = child_status<K>(code, in.status);
      child.utime = static_cast<typename M::slong::value_type>(static_cast<i64>(in.utime) / tick);
      child.stime = static_cast<typename M::slong::value_type>(static_cast<i64>(in.stime) / tick);
    } else if (of == signal_code_class::poll) {
      readiness.band = static_cast<typename M::slong::value_type>(in.band);
      readiness.descriptor = in.descriptor;
    } else if (of == signal_code_class::sys) {
      refused_call.address = static_cast<typename M::pointer::value_type>(in.address);
      refused_call.number = in.status;
      refused_call.architecture = static_cast<u32>(in.value);
    } else if (of != signal_code_class::origin) {
      fault.address = static_cast<typename M::pointer::value_type>(in.address);
    }
    return errc::none;
  }

  /// What a program may send with rt_sigqueueinfo: sender and value.
  template <class K, class N>
  constexpr errc to_native(N& out) const {
    out = N{};
    const i32 number = number_table<signal_numbers, kernel_map<K, signal>>::convert(signo);
    if (number < 0) return errc::inval;
    const auto of = code_class_of(name_for<kernel_map<K, signal>>(number));
    out.signo = number;
    out.code = native_signal_code<K>(of, code);
    out.pid = queued.pid;
    out.uid = queued.uid;
    out.value = queued.value;
    return errc::none;
  }

private:
  /// An exit status as it is; otherwise the number of the signal that ended, stopped or resumed the child.
  template <class K>
  static constexpr i32 child_status(i32 code, i32 native) {
    if (code == 1) return native;
    const i32 number = number_table<kernel_map<K, signal>, signal_numbers>::convert(native);
    return number < 0 ? native : number;
  }
};

static_assert(layout<siginfo<lp64>, 128> && layout<siginfo<ilp32_i386>, 128>);

} // namespace polyabi::linux_abi
