#include "unseen_file.hpp"

#include <polyabi/reference/vnode_events.hpp>

#include <utility>

namespace polyabi::reference {

namespace host = machine::host;

constinit unseen_file::list unseen_file::all;

unseen_file::unseen_file(host_vnode& directory, u32 open_flags, i32 descriptor) : directory_{&directory}, descriptor_{descriptor} {
  is_unseen = true;
  flags = open_flags;
  all.push_back(*this);
}

unseen_file::~unseen_file() {
  all.remove(*this);
  if (descriptor_ >= 0) host::close(descriptor_);
}

result<ref<file>> unseen_file::make(host_vnode& directory, std::string_view name, u32 open_flags, i32 descriptor) {
  auto* made = heap::create<unseen_file>(directory, open_flags, descriptor);
  if (made == nullptr) {
    host::close(descriptor);
    return error::nomem;
  }
  ref<file> answer{made};
  if (!made->name_.set(name)) return error::nomem;
  return answer;
}

void unseen_file::look_at_all() {
  for (unseen_file* f = all.front(); f != nullptr; f = all.next(*f)) (void)f->itself();
}

result<> unseen_file::attributes(stat& out) {
  auto real = itself();
  return real ? (*real)->attributes(out) : real.error();
}

result<ref<file>> unseen_file::itself() {
  if (real_) return real_;
  if (descriptor_ < 0) return error::stale; // an earlier attempt has failed
  stat a;
  if (const i64 answer = host::attributes_of(descriptor_, a); answer < 0) return host_error(answer);
  auto real = directory_->open_by_name(name_.view(), a, flags, std::exchange(descriptor_, -1));
  if (real) real_ = *real;
  return real;
}

} // namespace polyabi::reference
