// What leads to what inside one image: calls, jumps, addresses that code takes, and function pointers in data. Nodes are
// functions and pieces of data, edges are references. It depends on the file alone, so that one library is read once for many
// programs.
#pragma once

#include "function_list.hpp"
#include "instruction.hpp"

#include <algorithm>
#include <unordered_map>

namespace polyabi::check {

enum class edge_kind : u8 {
  call,  ///< a call, or a jump to another function
  taken, ///< code or data that holds an address: whoever has it may call it
};

/// From a node of the image to another one, or to a symbol that another image may define.
struct edge {
  u32 from = 0;
  u32 to = 0; ///< a node; an index into `elf_image::symbols` if `is_import`
  edge_kind kind{};
  bool is_import = false;
};

/// A call of a function: where, and which one.
struct call_site {
  u32 function = 0; ///< that makes the call
  u64 address = 0;
  u32 to = 0; ///< as in `edge`
  bool is_import = false;
};

/// An instruction that enters the kernel.
struct gate_site {
  u32 function = 0;
  u64 address = 0;
  entry_gate gate{};
};

class code_graph {
public:
  explicit code_graph(const elf_image&);

  const elf_image& image;
  std::vector<function_range> functions; ///< node i is functions[i]
  std::vector<u64> data;                 ///< node functions.size() + i is the data from data[i] to the next piece or range
  std::vector<edge> edges;               ///< by node
  std::vector<call_site> calls;          ///< by address
  std::vector<gate_site> gates;
  std::vector<call_site> indirect; ///< calls of what a register or memory holds; `to` says nothing

  usize node_count() const { return functions.size() + data.size(); }
  std::span<const edge> edges_of(u32 node) const;
  /// Whether some of its bytes are no instructions.
  bool is_broken(u32 function) const { return std::binary_search(broken_.begin(), broken_.end(), function); }
  /// The function that an address lies in.
  std::optional<u32> function_at(u64 address) const;
  /// The node of an address: the function or the piece of data.
  std::optional<u32> node_at(u64 address) const;

private:
  friend class code_scan;
  std::vector<usize> first_edge_;
  std::vector<u32> broken_;
};

/// Where a call of `target` really goes: through the procedure linkage table and jumps of its kind.
struct call_target {
  u64 address = 0;
  std::optional<u32> import; ///< a symbol instead
};
call_target through_stub(const elf_image&, decoder&, u64 target);

} // namespace polyabi::check
