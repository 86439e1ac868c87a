// Who asks: users, groups, and what of the superuser's rights goes with them.
#pragma once

#include <polyabi/reference/numbers.hpp>

namespace polyabi::reference {

/// The superuser has all privileges, and others have none, unless the process was given some (op::set_privileges).
struct credentials {
  u32 ruid = 0, euid = 0, suid = 0, rgid = 0, egid = 0, sgid = 0;
  u32 group_count = 0;
  u32 groups[32]{};
  u32 given = 0;          ///< privileges, if they are
  bool are_given = false; ///< and do not go by the user

  constexpr bool may(u32 privilege) const { return are_given ? (given & privilege) == privilege : euid == 0; }
  /// Whether the user says everything of what it may do.
  constexpr bool goes_by_user() const { return !are_given || given == (euid == 0 ? privileges::all : 0); }
  /// Whether all ids of the other are this one's real ones: the user's own process, who acts for nobody else.
  constexpr bool is_same_as(const credentials& other) const {
    return ruid == other.ruid && ruid == other.euid && ruid == other.suid && rgid == other.rgid && rgid == other.egid &&
           rgid == other.sgid;
  }
  constexpr bool is_in(u32 group) const {
    if (egid == group) return true;
    for (u32 i = 0; i < group_count; ++i)
      if (groups[i] == group) return true;
    return false;
  }
};

} // namespace polyabi::reference
