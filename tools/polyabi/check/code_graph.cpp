#include "code_graph.hpp"

#include <algorithm>

namespace polyabi::check {

std::optional<u32> code_graph::function_at(u64 address) const {
  auto after =
      std::upper_bound(functions.begin(), functions.end(), address, [](u64 a, const function_range& f) { return a < f.start; });
  if (after == functions.begin()) return {};
  --after;
  if (address >= after->end) return {};
  return static_cast<u32>(after - functions.begin());
}

std::optional<u32> code_graph::node_at(u64 address) const {
  if (const auto function = function_at(address)) return function;
  auto after = std::upper_bound(data.begin(), data.end(), address);
  if (after == data.begin()) return {};
  --after;
  const memory_range* range = image.range_of(*after);
  if (range == nullptr || !range->contains(address)) return {};
  return static_cast<u32>(functions.size() + static_cast<usize>(after - data.begin()));
}

std::span<const edge> code_graph::edges_of(u32 node) const {
  return std::span{edges}.subspan(first_edge_[node], first_edge_[node + 1] - first_edge_[node]);
}

call_target through_stub(const elf_image& image, decoder& decode, u64 target) {
  // endbr64; bnd jmp *slot(%rip). A stub that pushes its number first jumps through its slot before.
  instruction i;
  u64 at = target;
  for (int step = 0; step < 3 && decode(at, i); ++step, at = i.end()) {
    if (i.kind == instruction_kind::jump && i.through_memory) {
      const u64 slot = i.memory_is_relative ? (image.global_offset_table + i.memory) & 0xffffffff : i.memory;
      const relocation* r = image.relocation_at(slot);
      if (r == nullptr) break;
      if (r->kind == relocation::what::symbol) return {target, r->symbol};
      return {r->target, {}};
    }
    const auto m = decode.raw().mnemonic;
    if (m != ZYDIS_MNEMONIC_ENDBR64 && m != ZYDIS_MNEMONIC_ENDBR32 && m != ZYDIS_MNEMONIC_NOP) break;
  }
  return {target, {}};
}

/// Reads the code once and notes every reference; then cuts data into pieces at the addresses that were taken.
class code_scan {
public:
  explicit code_scan(code_graph& graph) : graph_{graph}, image_{graph.image}, decode_{graph.image} {}

  void run() {
    for (u32 f = 0; f < graph_.functions.size(); ++f) read_function(f);
    cut_data();
    for (const reference& r : taken_) add_reference(r.from, r.address);
    for (u32 i = 0; i < graph_.data.size(); ++i) read_data(i);
    finish();
  }

private:
  struct reference {
    u32 from;
    u64 address;
  };

  bool fixed() const { return !image_.plan.position_independent; }

  void add(u32 from, u32 to, edge_kind kind, bool is_import = false) { graph_.edges.push_back({from, to, kind, is_import}); }

  void add_call(u32 from, u64 at, u64 to_address) {
    auto [known, is_new] = stubs_.try_emplace(to_address);
    if (is_new) known->second = through_stub(image_, decode_, to_address);
    const call_target& target = known->second;
    if (target.import) {
      add(from, *target.import, edge_kind::call, true);
      graph_.calls.push_back({from, at, *target.import, true});
    } else if (const auto to = graph_.function_at(target.address)) {
      if (*to != from) add(from, *to, edge_kind::call);
      graph_.calls.push_back({from, at, *to, false});
    }
  }

  void read_function(u32 f) {
    const function_range range = graph_.functions[f];
    instruction i;
    for (u64 at = range.start; at < range.end;) {
      if (!decode_(at, i)) {
        if (graph_.broken_.empty() || graph_.broken_.back() != f) graph_.broken_.push_back(f);
        ++at;
        continue;
      }
      at = i.end();
      switch (i.kind) {
      case instruction_kind::kernel_entry: graph_.gates.push_back({f, i.address, i.gate}); continue;
      case instruction_kind::call:
        if (i.has_target)
          add_call(f, i.address, i.target);
        else if (!i.through_memory || i.memory_is_relative)
          graph_.indirect.push_back({f, i.address, 0, false});
        break;
      case instruction_kind::jump:
      case instruction_kind::conditional:
        if (i.has_target && (i.target < range.start || i.target >= range.end)) add_call(f, i.address, i.target);
        break;
      default: break;
      }
      read_operands(f, i);
    }
    // What was divided where it only may be goes on in the next part. A call at the end does not come back.
    const bool goes_on = i.kind == instruction_kind::other || i.kind == instruction_kind::conditional;
    if (goes_on && !range.is_described && f + 1 < graph_.functions.size()) {
      const function_range& next = graph_.functions[f + 1];
      if (!next.is_described && next.start == i.end()) add(f, f + 1, edge_kind::call);
    }
  }

  /// Addresses that an instruction names without going there.
  void read_operands(u32 f, const instruction& i) {
    if (i.has_memory) {
      if (!i.memory_is_relative) {
        name_memory(f, i, i.memory, false);
      } else {
        const u64 from_table = (image_.global_offset_table + i.memory) & 0xffffffff;
        if (image_.arch() == architecture::i386 && image_.global_offset_table != 0 && image_.range_of(from_table) != nullptr)
          name_memory(f, i, from_table, false);
        else if (fixed() && image_.range_of(i.memory) != nullptr)
          name_memory(f, i, i.memory, true); // an array and an index
      }
    }
    if (i.has_immediate && fixed() && i.kind == instruction_kind::other && image_.range_of(i.immediate) != nullptr)
      taken_.push_back({f, i.immediate});
  }

  void name_memory(u32 f, const instruction& i, u64 address, bool is_array) {
    if (i.through_memory && !is_array) {
      const relocation* r = image_.relocation_at(address);
      if (r != nullptr && r->kind == relocation::what::symbol) {
        add(f, r->symbol, edge_kind::call, true);
        graph_.calls.push_back({f, i.address, r->symbol, true});
        return;
      }
      if (i.kind == instruction_kind::call) graph_.indirect.push_back({f, i.address, 0, false});
      const u64 target = r != nullptr ? r->target : fixed() ? image_.word_at(address).value_or(0) : 0;
      if (const auto to = image_.is_code(target) ? graph_.function_at(target) : std::nullopt) {
        add(f, *to, edge_kind::call);
        graph_.calls.push_back({f, i.address, *to, false});
      }
      return;
    }
    if (is_array || decode_.raw().mnemonic == ZYDIS_MNEMONIC_LEA) {
      if (image_.range_of(address) != nullptr) taken_.push_back({f, address});
      return;
    }
    // A load: the words that it can reach, and no more.
    const usize words = moves_two_words(decode_.raw().mnemonic) ? 2 : 1;
    for (usize word = 0; word < words; ++word) hold(f, address + word * image_.word_size());
  }

  /// Two pointers side by side are copied by one such instruction.
  static bool moves_two_words(ZydisMnemonic m) {
    switch (m) {
    case ZYDIS_MNEMONIC_MOVAPS:
    case ZYDIS_MNEMONIC_MOVUPS:
    case ZYDIS_MNEMONIC_MOVAPD:
    case ZYDIS_MNEMONIC_MOVUPD:
    case ZYDIS_MNEMONIC_MOVDQA:
    case ZYDIS_MNEMONIC_MOVDQU:
    case ZYDIS_MNEMONIC_VMOVAPS:
    case ZYDIS_MNEMONIC_VMOVUPS:
    case ZYDIS_MNEMONIC_VMOVDQA:
    case ZYDIS_MNEMONIC_VMOVDQU: return true;
    default: return false;
    }
  }

  /// A word of data that a node reads: what it points to is known to that node.
  void hold(u32 node, u64 place) {
    if (const relocation* r = image_.relocation_at(place)) {
      if (r->kind == relocation::what::symbol)
        add(node, r->symbol, edge_kind::taken, true);
      else
        pointed_.push_back({node, r->target});
    } else if (fixed()) {
      const u64 value = image_.word_at(place).value_or(0);
      if (const memory_range* range = image_.range_of(value); range != nullptr && value != 0) pointed_.push_back({node, value});
    }
  }

  /// Data begins anew wherever an address is taken, whole symbols excepted.
  void cut_data() {
    std::vector<u64> starts;
    const auto add_start = [&](u64 address) {
      const memory_range* range = image_.range_of(address);
      if (range != nullptr && !graph_.function_at(address)) starts.push_back(address);
    };
    for (const reference& r : taken_) add_start(r.address);
    for (const reference& r : pointed_) add_start(r.address);
    for (const relocation& r : image_.relocations)
      if (r.kind == relocation::what::address) add_start(r.target);
    if (fixed()) add_addresses_in_data(add_start);
    std::vector<memory_range> whole;
    const auto add_object = [&](u64 address, u64 size, symbol_kind kind) {
      if (kind != symbol_kind::object || address == 0) return;
      add_start(address);
      if (size > 0) whole.push_back({address, {}, size, false, false});
    };
    for (const symbol& s : image_.symbols)
      if (s.defined) add_object(s.address, s.size, s.kind);
    for (const static_symbol& s : image_.static_symbols) add_object(s.address, s.size, s.kind);
    std::sort(starts.begin(), starts.end());
    starts.erase(std::unique(starts.begin(), starts.end()), starts.end());
    std::sort(whole.begin(), whole.end(), [](const auto& a, const auto& b) { return a.address < b.address; });
    usize next = 0;
    u64 inside_until = 0;
    for (const u64 start : starts) {
      const bool is_inside = start < inside_until;
      while (next < whole.size() && whole[next].address <= start) {
        inside_until = std::max(inside_until, whole[next].address + whole[next].size);
        ++next;
      }
      if (!is_inside) graph_.data.push_back(start);
    }
  }

  /// A program at a fixed address has no relocations: any word of its data may be an address.
  template <class Add>
  void add_addresses_in_data(Add&& add_start) {
    const usize word = image_.word_size();
    for (const memory_range& range : image_.ranges) {
      if (range.executable) continue;
      for (u64 at = (range.address + word - 1) & ~u64{word - 1}; at + word <= range.address + range.bytes.size(); at += word)
        add_start(image_.word_at(at).value_or(0));
    }
  }

  void add_reference(u32 from, u64 address) {
    const auto to = graph_.node_at(address);
    if (!to || *to == from) return;
    // The middle of a function is no function: a table in text, or a label.
    if (*to < graph_.functions.size() && graph_.functions[*to].start != address && from < graph_.functions.size()) {
      const call_target target = through_stub(image_, decode_, address);
      if (target.import) return add(from, *target.import, edge_kind::taken, true);
    }
    add(from, *to, edge_kind::taken);
  }

  void read_data(u32 index) {
    const u32 node = static_cast<u32>(graph_.functions.size()) + index;
    const u64 start = graph_.data[index];
    const memory_range* range = image_.range_of(start);
    u64 end = range->address + range->size;
    if (index + 1 < graph_.data.size()) end = std::min(end, graph_.data[index + 1]);
    for (const relocation& r : image_.relocations_in(start, end)) {
      if (r.kind == relocation::what::symbol)
        add(node, r.symbol, edge_kind::taken, true);
      else
        add_reference(node, r.target);
    }
    if (!fixed() || range->executable) return;
    const usize word = image_.word_size();
    end = std::min(end, range->address + range->bytes.size());
    for (u64 at = (start + word - 1) & ~u64{word - 1}; at + word <= end; at += word) {
      const u64 value = image_.word_at(at).value_or(0);
      const auto to = graph_.node_at(value);
      if (!to || *to == node) continue;
      // Numbers that happen to be in range are many; an address of code is the beginning of a function.
      if (*to >= graph_.functions.size() || graph_.functions[*to].start == value) add(node, *to, edge_kind::taken);
    }
  }

  void finish() {
    for (const reference& r : pointed_) add_reference(r.from, r.address);
    auto& edges = graph_.edges;
    const auto key = [](const edge& e) { return std::tuple{e.from, e.is_import, e.to, e.kind}; };
    std::sort(edges.begin(), edges.end(), [&](const edge& a, const edge& b) { return key(a) < key(b); });
    edges.erase(std::unique(edges.begin(), edges.end(), [&](const edge& a, const edge& b) { return key(a) == key(b); }),
                edges.end());
    graph_.first_edge_.assign(graph_.node_count() + 1, 0);
    for (const edge& e : edges) ++graph_.first_edge_[e.from + 1];
    for (usize i = 1; i < graph_.first_edge_.size(); ++i) graph_.first_edge_[i] += graph_.first_edge_[i - 1];
    std::sort(graph_.calls.begin(), graph_.calls.end(),
              [](const call_site& a, const call_site& b) { return a.address < b.address; });
  }

  code_graph& graph_;
  const elf_image& image_;
  decoder decode_;
  std::vector<reference> taken_, pointed_;
  std::unordered_map<u64, call_target> stubs_;
};

namespace {

/// Whether tables describe nearly all code, so that beginnings need not be looked for.
bool is_described(const std::vector<function_range>& described, const elf_image& image) {
  u64 known = 0, all = 0;
  for (const function_range& f : described) known += f.end - f.start;
  for (const memory_range& r : image.ranges)
    if (r.executable) all += r.bytes.size();
  return known >= all / 10 * 8;
}

} // namespace

code_graph::code_graph(const elf_image& of) : image{of} {
  std::vector<function_range> described = image.is_go() ? go_ranges(image) : unwind_ranges(image);
  std::sort(described.begin(), described.end(), [](const auto& a, const auto& b) { return a.start < b.start; });
  std::vector<u64> starts;
  if (!is_described(described, image)) starts = likely_starts(image, described);
  functions = divide_into_functions(image, starts);
  code_scan{*this}.run();
}

} // namespace polyabi::check
