// Filters of calls (Linux' seccomp): programs that judge each call of a thread, and of those that it makes, before it is made.
#pragma once

#include <polyabi/core/services.hpp>
#include <polyabi/facilities/call_filters/program.hpp>

#include <utility>

namespace polyabi::facilities {

using call_filter_services = operation_list<service::custom_files, service::call_filters>;

/// One filter, and those that were set before it. Nothing in it changes: threads read it without a lock.
template <class K>
class filter_chain final : public K::call_filter {
public:
  /// Instructions in all the programs of a chain, each program with four more (MAX_INSNS_PER_PATH of kernel/seccomp.c).
  static constexpr usize most_instructions = 32768, extra_instructions = 4;

  /// The chain that a thread is judged by, or null. Of other threads than the caller: inside the section.
  static const filter_chain* of(typename K::thread& t) { return static_cast<const filter_chain*>(K::call_filter_of(t)); }

  /// A filter in front of the caller's. An empty program is the one of a thread that may only read, write and end. Null: out of
  /// memory, or the chain is too long.
  static filter_chain* make(typename K::thread& caller, std::span<const filter_instruction> program) {
    auto* older = static_cast<filter_chain*>(K::call_filter_of(caller));
    const usize total = program.size() + extra_instructions + (older != nullptr ? older->total_ : 0);
    if (total > most_instructions) return nullptr;
    auto* made = create<K, filter_chain>(program.size());
    if (made == nullptr) return nullptr;
    if (made->program_.all().size() != program.size()) {
      destroy<K>(made);
      return nullptr;
    }
    for (usize i = 0; i < program.size(); ++i) made->program_.data()[i] = program[i];
    made->total_ = total;
    made->count_ = 1 + (older != nullptr ? older->count_ : 0);
    const typename K::section inside;
    made->older_ = older;
    if (older != nullptr) ++older->references;
    return made;
  }

  /// Inside the section. The caller, and with `all` every thread of its process, is judged by the chain from now on. Threads
  /// must have no filters but those that the caller has: the number of one that has others is answered, and nothing is changed.
  i32 set(typename K::thread& caller, bool all) {
    i32 other = 0;
    if (all)
      K::for_each_thread(caller, [&](typename K::thread& t, i32 id) {
        if (!has(of(t))) other = id;
      });
    if (other != 0) return other;
    if (all)
      K::for_each_thread(caller, [&](typename K::thread& t, i32) { K::set_call_filter(t, *this); });
    else
      K::set_call_filter(caller, *this);
    return 0;
  }

  bool is_strict() const { return program_.all().empty(); }
  /// How many filters there are in the chain.
  u32 count() const { return count_; }

  /// The answer that comes first in `is_before` among those of all the programs; the newest is asked first.
  template <class IsBefore>
  u32 judge(std::span<const u32> data, IsBefore is_before) const {
    u32 strongest = run_filter(program_.all(), data);
    for (const filter_chain* f = older_; f != nullptr; f = f->older_)
      if (const u32 answer = run_filter(f->program_.all(), data); is_before(answer, strongest)) strongest = answer;
    return strongest;
  }

  explicit filter_chain(usize instructions) : program_{instructions} {
    this->released = [](typename K::call_filter& last) {
      for (auto* f = static_cast<filter_chain*>(&last); f != nullptr;) {
        auto* older = f->older_;
        destroy<K>(f);
        f = older != nullptr && --older->references == 0 ? older : nullptr;
      }
    };
  }

private:
  bool has(const filter_chain* others) const {
    if (others == nullptr) return true;
    for (const filter_chain* f = this; f != nullptr; f = f->older_)
      if (f == others) return true;
    return false;
  }

  kernel_array<K, filter_instruction> program_;
  filter_chain* older_ = nullptr;
  usize total_ = 0;
  u32 count_ = 0;
};

} // namespace polyabi::facilities
