#include "system_calls.hpp"

#include <deque>
#include <memory>

namespace polyabi::check {

namespace {

constexpr u8 most_levels = 5;
constexpr usize most_wrappers = 64; ///< of one function
constexpr usize most_guesses = 200; ///< calls of unknown functions that are looked at

bool depends_on_caller(const call_wrapper& w) {
  if (w.number.is_argument()) return true;
  return std::any_of(w.arguments.begin(), w.arguments.end(), [](const value& v) { return v.is_argument(); });
}

bool same(const call_wrapper& a, const call_wrapper& b) {
  return a.number == b.number && a.arguments == b.arguments;
}

} // namespace

/// Works from the kernel entries to the callers, until nobody leaves anything to a caller.
class system_calls::search {
public:
  search(system_calls& to, const code_graph& graph, const call_interest& interest,
         const std::function<const wrapper_list*(const symbol&)>& imported)
      : to_{to}, graph_{graph}, interest_{interest}, imported_{imported} {
    for (const call_site& c : graph.calls) {
      if (!c.is_import) {
        callers_[c.to].push_back(&c);
      } else if (const wrapper_list* list = imported(graph.image.symbols[c.to])) {
        imports_.push_back({&c, list});
      }
    }
  }

  void run() {
    for (const gate_site& g : graph_.gates)
      if (interest_.is_gate(g.gate)) enter_kernel(g);
    for (const auto& [site, list] : imports_)
      for (const call_wrapper& w : *list) call_wrapper_at(*site, w);
    while (!work_.empty()) {
      const auto [function, index] = work_.front();
      work_.pop_front();
      const call_wrapper wrapper = to_.wrappers[function][index]; // the list may grow
      const auto callers = callers_.find(function);
      if (callers == callers_.end() || wrapper.level >= most_levels) continue;
      for (const call_site* site : callers->second) call_wrapper_at(*site, wrapper);
    }
    for (const call_wrapper& w : taken_wrappers()) guess_calls(w);
  }

private:
  const machine_values* values_at(u32 function, u64 address) {
    auto& flow = flows_[function];
    if (!flow) flow = std::make_unique<value_flow>(graph_.image, graph_.functions[function], graph_.image.is_go());
    return flow->before(address);
  }

  void enter_kernel(const gate_site& g) {
    // Data among undescribed code may look like a kernel entry: code can be decoded to its end.
    if (!graph_.functions[g.function].is_described && graph_.is_broken(g.function)) return;
    const machine_values* now = values_at(g.function, g.address);
    call_wrapper made;
    made.address = g.address;
    made.gate = g.gate;
    made.number = now == nullptr ? value::unknown() : now->registers[interest_.convention.number_register];
    for (usize i = 0; i < made.arguments.size(); ++i) {
      if (now == nullptr)
        made.arguments[i] = value::unknown();
      else if (interest_.convention.stack_arguments)
        made.arguments[i] = now->stack_word(static_cast<i64>((i + 1) * graph_.image.word_size()), graph_.image.word_size());
      else
        made.arguments[i] = now->registers[interest_.convention.argument_registers[i]];
    }
    note(g.function, g.address, made);
  }

  /// What the callee's argument is where the call is made.
  value in_caller(const value& argument, const machine_values& now, bool is_jump) const {
    if (argument.what() == value::kind::entry_register) return now.registers[argument.register_index()];
    if (argument.what() != value::kind::entry_stack) return argument.is_constant() ? argument : value::unknown();
    const auto word = static_cast<i64>(graph_.image.word_size());
    return now.stack_word(argument.offset() - (is_jump ? 0 : word), graph_.image.word_size());
  }

  bool is_jump_at(u64 address) {
    decoder decode{graph_.image};
    instruction i;
    return decode(address, i) && i.kind != instruction_kind::call;
  }

  void call_wrapper_at(const call_site& site, const call_wrapper& wrapper) {
    const machine_values* now = values_at(site.function, site.address);
    call_wrapper made = wrapper;
    made.level = static_cast<u8>(wrapper.level + 1);
    const bool is_jump = is_jump_at(site.address);
    made.number = now == nullptr && !wrapper.number.is_constant() ? value::unknown()
                  : now == nullptr                                ? wrapper.number
                                                                  : in_caller(wrapper.number, *now, is_jump);
    for (value& a : made.arguments) a = now == nullptr ? value::unknown() : in_caller(a, *now, is_jump);
    note(site.function, site.address, made);
  }

  /// Functions that take the number from their caller and whose address the image takes: nobody knows who calls them.
  wrapper_list taken_wrappers() const {
    wrapper_list all;
    const auto add = [&](const wrapper_list& list) {
      for (const call_wrapper& w : list)
        if (w.number.is_argument() && std::none_of(all.begin(), all.end(), [&](const call_wrapper& o) { return same(o, w); }))
          all.push_back(w);
    };
    for (const edge& e : graph_.edges) {
      if (e.kind != edge_kind::taken) continue;
      if (e.is_import) {
        if (const wrapper_list* list = imported_(graph_.image.symbols[e.to])) add(*list);
      } else if (const auto found = to_.wrappers.find(e.to); found != to_.wrappers.end()) {
        add(found->second);
      }
    }
    return all;
  }

  /// The constants that would be the number, at every call of what only the run knows.
  void guess_calls(const call_wrapper& wrapper) {
    to_.has_taken_wrapper = true;
    if (graph_.indirect.size() > most_guesses) return;
    for (const call_site& site : graph_.indirect) {
      const machine_values* now = values_at(site.function, site.address);
      const value number = now == nullptr ? value::unknown() : in_caller(wrapper.number, *now, false);
      for (const u64 n : number.numbers())
        to_.calls.push_back({site.function, site.address, wrapper.gate, true, true, static_cast<u32>(n), {}});
    }
  }

  void note(u32 function, u64 address, call_wrapper made) {
    forget_uninteresting(made);
    const bool waits = depends_on_caller(made) && made.level < most_levels;
    if (waits) {
      wrapper_list& list = to_.wrappers[function];
      if (list.size() < most_wrappers &&
          std::none_of(list.begin(), list.end(), [&](const call_wrapper& w) { return same(w, made); })) {
        list.push_back(made);
        work_.emplace_back(function, list.size() - 1);
      }
      // The number itself is not known here: only a caller makes a call of it.
      if (made.number.is_argument()) return;
    }
    if (!made.number.is_constant()) {
      to_.calls.push_back({function, address, made.gate, false, false, 0, made.arguments});
      return;
    }
    for (const u64 number : made.number.numbers())
      to_.calls.push_back({function, address, made.gate, true, false, static_cast<u32>(number), made.arguments});
  }

  /// Only arguments that matter for the call travel on.
  void forget_uninteresting(call_wrapper& made) const {
    u32 wanted = 0;
    if (made.number.is_constant())
      for (const u64 n : made.number.numbers()) wanted |= interest_.arguments(static_cast<u32>(n));
    else if (made.number.is_argument())
      wanted = ~u32{0};
    for (usize i = 0; i < made.arguments.size(); ++i)
      if ((wanted >> i & 1) == 0) made.arguments[i] = value::unknown();
  }

  system_calls& to_;
  const code_graph& graph_;
  const call_interest& interest_;
  const std::function<const wrapper_list*(const symbol&)>& imported_;
  std::map<u32, std::vector<const call_site*>> callers_;
  std::vector<std::pair<const call_site*, const wrapper_list*>> imports_;
  std::map<u32, std::unique_ptr<value_flow>> flows_;
  std::deque<std::pair<u32, usize>> work_;
};

system_calls::system_calls(const code_graph& graph, const call_interest& interest,
                           const std::function<const wrapper_list*(const symbol&)>& imported) {
  search{*this, graph, interest, imported}.run();
  std::stable_sort(calls.begin(), calls.end(),
                   [](const system_call& a, const system_call& b) { return a.function < b.function; });
}

std::span<const system_call> system_calls::of(u32 function) const {
  const auto before = [](const system_call& c, u32 f) { return c.function < f; };
  const auto first = std::lower_bound(calls.begin(), calls.end(), function, before);
  const auto last = std::lower_bound(first, calls.end(), function + 1, before);
  return {first, last};
}

} // namespace polyabi::check
