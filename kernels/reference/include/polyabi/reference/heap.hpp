// Kernel memory by size, and objects in it. Exhaustion is an answer (null), never an exception.
#pragma once

#include <polyabi/core/types.hpp>

#include <new>
#include <utility>

namespace polyabi::reference::heap {

/// Memory aligned for any object, or null. `deallocate` takes the size that was asked for.
[[nodiscard]] void* allocate(usize size);
void deallocate(void* memory, usize size);

/// Bytes handed out and not returned: tests compare it before and after.
usize in_use();

template <class T, class... Arguments>
[[nodiscard]] T* create(Arguments&&... arguments) {
  void* memory = allocate(sizeof(T));
  return memory != nullptr ? ::new (memory) T{std::forward<Arguments>(arguments)...} : nullptr;
}

/// For objects whose most derived type is `T`.
template <class T>
void destroy(T* object) {
  if (object == nullptr) return;
  object->~T();
  deallocate(object, sizeof(T));
}

} // namespace polyabi::reference::heap
