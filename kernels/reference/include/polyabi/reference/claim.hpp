// The right to move an object's data without the kernel lock.
#pragma once

#include <polyabi/reference/wait_queue.hpp>

namespace polyabi::reference {

/// One thread at a time holds it, from before it drops the kernel lock to copy until after; others wait, which is never long: a
/// holder does nothing but copy. Under the kernel lock.
class claim {
public:
  class [[nodiscard]] holder {
  public:
    explicit holder(claim& of) : of_{of} {
      while (of_.taken_) of_.given_back_.sleep_to_the_end();
      of_.taken_ = true;
    }
    ~holder() {
      of_.taken_ = false;
      of_.given_back_.wake_one();
    }
    holder(const holder&) = delete;
    holder& operator=(const holder&) = delete;

  private:
    claim& of_;
  };

private:
  bool taken_ = false;
  wait_queue given_back_;
};

} // namespace polyabi::reference
