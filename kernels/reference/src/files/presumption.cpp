#include "presumption.hpp"

#include "host_vnode.hpp"

#include <base/lock_turn.hpp>

#include <new>
#include <utility>

namespace polyabi::reference {

namespace {

// Whoever holds the kernel lock makes one walk at a time. What is left here by another turn is not looked at.
presumption* innermost;
u64 innermost_turn;

} // namespace

presumption::presumption(bool allowed, std::string_view path, u32 opened_how)
    : turn_{kernel_lock::turn()}, allowed_{allowed}, path_end_{path.data() + path.size()}, opened_how_{opened_how} {
  innermost = this;
  innermost_turn = turn_;
}

presumption::~presumption() {
  for (usize i = 0; i < count_; ++i) ways_[i].~way();
  if (innermost == this) innermost = nullptr;
  if (ready_ >= 0) machine::host::close(ready_);
}

presumption* presumption::here() {
  return innermost_turn == kernel_lock::turn() && innermost != nullptr && innermost->allowed_ ? innermost : nullptr;
}

bool presumption::takes(host_vnode& directory, host_vnode& named) {
  way* goes_on = nullptr;
  for (usize i = 0; i < count_ && goes_on == nullptr; ++i)
    if (ways_[i].last.get() == &directory && !ways_[i].asked) goes_on = &ways_[i];
  if (goes_on == nullptr) {
    if (count_ == way_count) return false;
    goes_on = new (&ways_[count_++]) way{};
  }
  if (from_ == nullptr) from_ = &directory;
  ++taken_;
  goes_on->last = ref<host_vnode>{&named};
  named.presume();
  return true;
}

presumption::whole_way presumption::only_way() const {
  const bool is_whole = !failed_ && count_ == 1 && !ways_[0].asked && names_ == taken_ && questions_ == 0;
  return is_whole ? whole_way{from_, ways_[0].last.get()} : whole_way{nullptr, nullptr};
}

presumption::whole_way presumption::way_over_links(const vnode* end) const {
  if (failed_ || names_ != taken_ + questions_) return {nullptr, nullptr};
  for (usize i = 0; i < count_; ++i)
    if (ways_[i].last.get() == end) return {from_, ways_[i].last.get()};
  return {nullptr, nullptr};
}

presumption::whole_way presumption::way_to_question() const {
  if (failed_ || resumed_ || questions_ != 1 || names_ != taken_ + 1) return {nullptr, nullptr};
  if (count_ == 0) return {asked_in_, asked_in_};
  return count_ == 1 && ways_[0].last.get() == asked_in_ ? whole_way{from_, asked_in_} : whole_way{nullptr, nullptr};
}

void presumption::resumes(host_vnode& from, host_vnode& to) {
  from_ = &from;
  resumed_ = true;
  for (host_vnode* on_the_way = &to; on_the_way != &from; on_the_way = on_the_way->directory()) {
    if (on_the_way == nullptr) return fail();
    on_the_way->presume();
  }
  if (&from == &to) return;
  if (count_ == 0) new (&ways_[count_++]) way{};
  ways_[0].last = ref<host_vnode>{&to};
}

void presumption::asked(const host_vnode& node) {
  for (usize i = 0; i < count_; ++i)
    if (ways_[i].last.get() == &node) ways_[i].asked = true;
}

void presumption::others_had_the_lock(const host_vnode& asked_for, u64 moves) {
  const bool is_all = count_ == 0 || (count_ == 1 && ways_[0].last.get() == &asked_for);
  if (!is_all || moves != host_vnode::moves()) {
    disturbed_ = true;
    return fail();
  }
  if (count_ != 0) ways_[0].asked = true;
  turn_ = innermost_turn = kernel_lock::turn();
  innermost = this;
}

bool presumption::holds(const vnode* but) {
  if (count_ != 0 && turn_ != kernel_lock::turn()) failed_ = disturbed_ = true;
  for (usize i = 0; i < count_ && !failed_; ++i)
    if (!ways_[i].asked && ways_[i].last.get() != but && !ways_[i].last->confirm(this)) failed_ = true;
  return !failed_;
}

bool presumption::holds_exactly() {
  if (count_ != 0 && turn_ != kernel_lock::turn()) failed_ = true;
  for (usize i = 0; i < count_ && !failed_; ++i) {
    host_vnode* const above = ways_[i].last->directory();
    if ((above != nullptr && !above->confirm()) || !ways_[i].last->confirm()) failed_ = true;
  }
  return !failed_;
}

void presumption::make_ready(host_vnode& node, i32 descriptor) {
  if (ready_ >= 0) machine::host::close(ready_);
  ready_ = descriptor;
  ready_for_ = ref<host_vnode>{&node};
}

i32 presumption::ready_descriptor(const host_vnode& node, u32 how) {
  return ready_ >= 0 && ready_for_.get() == &node && how == opened_how_ ? std::exchange(ready_, -1) : -1;
}

} // namespace polyabi::reference
