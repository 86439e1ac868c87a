// pipemod: turns flush messages at the middle of a pipe. The pipe's ends do that here, so that nothing is left for it.
#pragma once

#include <polyabi/facilities/streams/module.hpp>

namespace polyabi::streams {

template <class K>
class pipemod final : public stream_module<K> {
public:
  pipemod() : stream_module<K>{"pipemod"sv} {}
  void release() override { destroy<K>(this); }
};

} // namespace polyabi::streams
