// The regions of a process: finding, splitting, merging.
#include <polyabi/reference/address_space.hpp>
#include <polyabi/reference/heap.hpp>
#include <polyabi/reference/process.hpp>

#include "memory_checks.hpp"

namespace polyabi::reference {

namespace {

/// Left free at the top of user space where there is no stack.
constexpr u64 top_guard = 16 * page_size;

region* duplicate(const region& r) {
  region* copy = heap::create<region>();
  if (copy == nullptr) return nullptr;
  copy->start = r.start;
  copy->end = r.end;
  copy->protection = r.protection;
  copy->flags = r.flags;
  copy->marks = r.marks;
  copy->offset = r.offset;
  copy->shared_id = r.shared_id;
  copy->allowed = r.allowed;
  copy->use = r.use;
  copy->show(r.backing());
  return copy;
}

bool can_merge(const region& low, const region& high) {
  if (low.end != high.start || low.protection != high.protection || low.flags != high.flags || low.marks != high.marks ||
      low.use != high.use || low.allowed != high.allowed || low.shared_id != high.shared_id || low.backing() != high.backing())
    return false;
  if (low.grows_down()) return false;
  if (low.backing() && !low.backing()->mappings_merge()) return false;
  return (!low.backing() && low.shared_id == 0) || low.offset + low.size() == high.offset;
}

} // namespace

address_space* address_space::make(bool is_32_bit, bool from_zero) {
  auto* made = heap::create<address_space>();
  if (made != nullptr) made->reset(is_32_bit, from_zero);
  return made;
}

address_space* address_space::copy() const {
  auto* made = make(is_32_bit_, from_zero_);
  if (made == nullptr) return nullptr;
  made->break_start_ = break_start_;
  made->break_ = break_;
  made->stack_room_ = stack_room_;
  made->barriers = barriers;
  for (const region* r = first(); r != nullptr; r = next(*r)) {
    if (r->has(region_marks::not_in_children)) continue;
    region* copied = duplicate(*r);
    if (copied == nullptr) {
      made->release();
      return nullptr;
    }
    copied->marks &= ~(region_marks::locked | region_marks::lock_on_fault);
    made->regions_.push_back(*copied);
  }
  made->note_growth();
  return made;
}

void address_space::mark_written(u64 address, u64 size) {
  for (region* r = first_from(address); r != nullptr && r->start < address + size; r = regions_.next(*r))
    if (r->backing() && !r->is_shared()) r->marks |= region_marks::was_writable;
}

bool runs_alone(const process& p) {
  if (!is_single(p) || p.memory == nullptr) return false;
  const process* waits = p.vfork_child ? p.parent : nullptr;
  const bool is_lent = waits != nullptr && waits->memory == p.memory && is_single(*waits);
  return p.memory->users() == (is_lent ? 2 : 1);
}

others_may_run::others_may_run(const address_space& changed) {
  const thread* self = machine::current();
  given_back_ = self != nullptr && self->owner->memory == &changed && runs_alone(*self->owner) && kernel_lock::held_by_me();
  if (given_back_) kernel_lock::release();
}

address_space* address_space::share() {
  ++references_;
  return this;
}

void address_space::release() {
  if (--references_ != 0) return;
  clear();
  heap::destroy(this);
}

void address_space::clear() {
  recent_ = nullptr;
  known_gap_ = {};
  while (region* r = regions_.pop_front()) heap::destroy(r);
}

/// The gap that it leaves reaches up to the next region. What grows down keeps room below it: that is found out the long way.
void address_space::take_out(region& r) {
  region* const above = regions_.next(r);
  if (recent_ == &r) recent_ = above != nullptr ? above : regions_.previous(r);
  if (above == nullptr || above->grows_down()) known_gap_ = {};
  else if (known_gap_.ceiling < above->start) known_gap_.ceiling = above->start;
  regions_.remove(r);
}

void address_space::reset(bool is_32_bit, bool from_zero) {
  clear();
  is_32_bit_ = is_32_bit;
  from_zero_ = from_zero;
  break_start_ = break_ = stack_room_ = 0;
  growth_low_ = growth_high_ = 0;
  future_marks_ = barriers = 0;
}

const region* address_space::find(u64 address) const {
  const region* r = first_from(address);
  return r != nullptr && r->start <= address ? r : nullptr;
}

region* address_space::first_from(u64 address) const {
  region* r = recent_ != nullptr ? recent_ : regions_.front();
  while (r != nullptr && r->end <= address) r = regions_.next(*r);
  if (r == nullptr) return nullptr;
  for (region* below = regions_.previous(*r); below != nullptr && below->end > address; below = regions_.previous(*r)) r = below;
  return recent_ = r;
}

const region* address_space::last_below(u64 address) const {
  const region* r = first_from(address);
  if (r == nullptr) return regions_.back();
  return r->start < address ? r : regions_.previous(*r);
}

bool address_space::is_free(u64 start, u64 end) const {
  const region* r = first_from(start);
  return r == nullptr || r->start >= end;
}

bool address_space::covers(u64 start, u64 end) const {
  for (const region* r = first_from(start); start < end; r = regions_.next(*r)) {
    if (r == nullptr || r->start > start) return false;
    start = r->end;
    if (start < end && regions_.next(*r) == nullptr) return false;
  }
  return true;
}

u64 address_space::size() const {
  u64 total = 0;
  for (const region* r = first(); r != nullptr; r = next(*r)) total += r->size();
  return total;
}

u64 address_space::data_size() const {
  u64 total = 0;
  for (const region* r = first(); r != nullptr; r = next(*r)) total += r->is_data() ? r->size() : 0;
  return total;
}

u64 address_space::locked_size() const {
  u64 total = 0;
  for (const region* r = first(); r != nullptr; r = next(*r)) total += r->has(region_marks::locked) ? r->size() : 0;
  return total;
}

u64 address_space::mapped_within(u64 start, u64 end) const {
  u64 total = 0;
  for (const region* r = first_from(start); r != nullptr && r->start < end; r = next(*r))
    total += (r->end < end ? r->end : end) - (r->start > start ? r->start : start);
  return total;
}

bool address_space::any_sealed(u64 start, u64 end) const {
  for (const region* r = first_from(start); r != nullptr && r->start < end; r = next(*r))
    if (r->has(region_marks::sealed)) return true;
  return false;
}

/// What grows keeps room below it. Where nothing else is left, the room is given up.
u64 address_space::find_gap(u64 size, u64 floor) const {
  return find_gap(size, floor, limit() - top_guard);
}

u64 address_space::find_gap(u64 size, u64 floor, u64 highest) const {
  for (const bool leave_room : {true, false}) {
    const bool is_usual = leave_room && highest == limit() - top_guard;
    const bool is_known = is_usual && known_gap_.size != 0 && size >= known_gap_.size;
    u64 ceiling = is_known ? known_gap_.ceiling : highest, widest = 0; // of the gaps that are too small
    for (const region* r = is_known ? last_below(ceiling) : regions_.back();; r = regions_.previous(*r)) {
      const u64 low = r != nullptr && r->end > floor ? r->end : floor;
      const u64 room = low <= ceiling ? ceiling - low : 0;
      if (room >= size) {
        if (is_usual && !is_known) known_gap_ = {size, ceiling};
        else if (is_known && widest < known_gap_.size) known_gap_.ceiling = ceiling;
        return ceiling - size;
      }
      if (room > widest) widest = room;
      if (r == nullptr) break;
      u64 below = r->grows_down() ? stack_guard : 0;
      if (leave_room && r->use == region::purpose::stack && stack_room_ > r->size()) below += stack_room_ - r->size();
      if (r->start < ceiling) ceiling = r->start > below ? r->start - below : 0;
    }
  }
  return 0;
}

bool address_space::split(u64 at) {
  region* r = first_from(at);
  if (r == nullptr || r->start >= at) return true;
  region* upper = duplicate(*r);
  if (upper == nullptr) return false;
  upper->start = at;
  if (upper->backing() || upper->shared_id != 0) upper->offset += at - r->start;
  upper->flags &= ~map_flags::growsdown; // the lower part grows
  r->end = at;
  regions_.insert_before(regions_.next(*r), *upper);
  return true;
}

void address_space::forget(u64 start, u64 end) {
  for (region* r = first_from(start); r != nullptr && r->start < end;) {
    region* following = regions_.next(*r);
    const bool grew = r->grows_down();
    take_out(*r);
    heap::destroy(r);
    if (grew) note_growth();
    r = following;
  }
}

void address_space::insert(region& made) {
  regions_.insert_before(first_from(made.start), made);
  if (made.grows_down()) note_growth();
  merge(made.start, made.end);
}

void address_space::merge(u64 start, u64 end) {
  region* r = first_from(start != 0 ? start - 1 : 0);
  while (r != nullptr && r->start <= end) {
    region* following = regions_.next(*r);
    if (following == nullptr) return;
    if (!can_merge(*r, *following)) {
      r = following;
      continue;
    }
    r->end = following->end;
    take_out(*following);
    heap::destroy(following);
  }
}

} // namespace polyabi::reference
