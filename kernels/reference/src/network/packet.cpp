#include <network/packet.hpp>

#include <cstring>

namespace polyabi::reference::network {

packet* packet::make(usize size) {
  void* memory = heap::allocate(sizeof(packet) + size);
  return memory != nullptr ? ::new (memory) packet{size} : nullptr;
}

packet* packet::copy(const packet& of) {
  packet* made = make(of.size);
  if (made == nullptr) return nullptr;
  made->interface = of.interface;
  made->time = of.time;
  std::memcpy(made->bytes(), of.bytes(), of.size);
  return made;
}

void free(packet* p) {
  if (p == nullptr) return;
  heap::deallocate(p, sizeof(packet) + p->allocated);
}

} // namespace polyabi::reference::network
