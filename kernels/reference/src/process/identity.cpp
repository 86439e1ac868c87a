// User and group ids: the rules of setuid(2) and setresuid(2).
#include <polyabi/reference/process_operations.hpp>

namespace polyabi::reference {

namespace {

constexpr u32 keep = ~u32{0};

/// The three ids of a kind.
struct ids {
  u32 &real, &effective, &saved;
  bool has(u32 id) const { return id == real || id == effective || id == saved; }
};
ids users(credentials& c) {
  return {c.ruid, c.euid, c.suid};
}
ids groups(credentials& c) {
  return {c.rgid, c.egid, c.sgid};
}

/// Who may take any id sets all three; others only the effective one, to one that they have.
result<> set(ids of, u32 id, bool privileged) {
  if (id == keep) return error::inval;
  if (privileged) {
    of.real = of.effective = of.saved = id;
    return {};
  }
  if (id != of.real && id != of.saved) return error::perm;
  of.effective = id;
  return {};
}

result<> set_three(ids of, u32 real, u32 effective, u32 saved, bool privileged) {
  for (const u32 id : {real, effective, saved})
    if (id != keep && !privileged && !of.has(id)) return error::perm;
  if (real != keep) of.real = real;
  if (effective != keep) of.effective = effective;
  if (saved != keep) of.saved = saved;
  return {};
}

/// A process that acts for somebody else from here on is not to be looked into by those who could before, owes nothing to its parent,
/// and if its user is another, what it may do goes by that.
template <class Change>
result<> change(thread& caller, Change make) {
  process& self = *caller.owner;
  const u32 user = self.identity.euid, group = self.identity.egid;
  const auto changed = make(self.identity);
  if (self.identity.euid != user) self.identity.are_given = false;
  if (self.identity.euid != user || self.identity.egid != group) {
    self.inspectable = false;
    caller.parent_death_signal = 0;
  }
  return changed;
}

} // namespace

result<> process_operations::perform(op::get_identity, thread& caller, identity& out) {
  const credentials& c = caller.owner->identity;
  out = {c.ruid, c.euid, c.suid, c.rgid, c.egid, c.sgid};
  return {};
}

result<> process_operations::perform(op::setuid, thread& caller, u32 user) {
  return change(caller, [=](credentials& c) { return set(users(c), user, c.may(privileges::set_users)); });
}

result<> process_operations::perform(op::setgid, thread& caller, u32 group) {
  return change(caller, [=](credentials& c) { return set(groups(c), group, c.may(privileges::set_groups)); });
}

result<> process_operations::perform(op::setresuid, thread& caller, u32 real, u32 effective, u32 saved) {
  return change(caller, [=](credentials& c) { return set_three(users(c), real, effective, saved, c.may(privileges::set_users)); });
}

result<> process_operations::perform(op::setresgid, thread& caller, u32 real, u32 effective, u32 saved) {
  return change(caller, [=](credentials& c) { return set_three(groups(c), real, effective, saved, c.may(privileges::set_groups)); });
}

result<i32> process_operations::perform(op::getgroups, thread& caller, std::span<u32> out) {
  const credentials& c = caller.owner->identity;
  if (!out.empty() && out.size() < c.group_count) return error::inval;
  for (usize i = 0; i < out.size() && i < c.group_count; ++i) out[i] = c.groups[i];
  return static_cast<i32>(c.group_count);
}

result<> process_operations::perform(op::setgroups, thread& caller, std::span<const u32> wanted) {
  credentials& c = caller.owner->identity;
  if (!c.may(privileges::set_groups)) return error::perm;
  if (wanted.size() > sizeof c.groups / sizeof c.groups[0]) return error::inval;
  c.group_count = 0;
  for (const u32 group : wanted) c.groups[c.group_count++] = group;
  return {};
}

result<> process_operations::perform(op::set_privileges, thread& caller, u32 granted) {
  credentials& c = caller.owner->identity;
  c.given = granted & privileges::all;
  c.are_given = true;
  return {};
}

result<i32> process_operations::perform(op::getpid, thread& caller) {
  return caller.owner->id;
}
result<i32> process_operations::perform(op::gettid, thread& caller) {
  return caller.id;
}
result<i32> process_operations::perform(op::getppid, thread& caller) {
  const process* parent = caller.owner->parent;
  return parent != nullptr ? parent->id : 0;
}

bool may_inspect(const process& self, const process& other) {
  const credentials &own = self.identity, &its = other.identity;
  if (&self == &other || own.may(privileges::inspect)) return true;
  return other.inspectable && own.is_same_as(its);
}

} // namespace polyabi::reference
