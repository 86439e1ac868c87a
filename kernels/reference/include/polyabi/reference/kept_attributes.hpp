// Owner, mode and times of files that the kernel itself keeps.
#pragma once

#include <polyabi/reference/time_conversions.hpp>
#include <polyabi/reference/vnode.hpp>

namespace polyabi::reference {

/// The time of day, as files have it.
inline timespec file_time() {
  return to_timespec(machine::real_time());
}

/// What chown(2), chmod(2) and utimes(2) change. Sizes are not its business.
inline void apply_to(stat& kept, const attribute_change& c) {
  using change = attribute_change;
  const auto set_time = [](timespec& to, const timespec& from) {
    if (from.nsec == utime::now)
      to = file_time();
    else if (from.nsec != utime::omit)
      to = from;
  };
  if ((c.which & change::owner_bit) != 0) kept.uid = c.uid;
  if ((c.which & change::group_bit) != 0) kept.gid = c.gid;
  if ((c.which & change::mode_bit) != 0) kept.mode = (kept.mode & file_modes::type_mask) | (c.mode & 07777);
  if ((c.which & change::access_time_bit) != 0) set_time(kept.atime, c.access);
  if ((c.which & change::modify_time_bit) != 0) set_time(kept.mtime, c.modification);
  kept.ctime = file_time();
}

/// Those of a file without a name (a pipe, a socket): its maker's.
class kept_attributes {
public:
  void begin(u32 type_and_mode, const credentials& maker, const timespec& made) {
    kept_.mode = type_and_mode;
    kept_.uid = maker.euid;
    kept_.gid = maker.egid;
    kept_.atime = kept_.mtime = kept_.ctime = kept_.birthtime = made;
  }
  /// What else there is to be told of the file comes after.
  stat shown() const { return kept_; }
  result<> change(const attribute_change& c) {
    if ((c.which & attribute_change::size_bit) != 0) return error::inval;
    apply_to(kept_, c);
    return {};
  }

private:
  stat kept_{};
};

} // namespace polyabi::reference
