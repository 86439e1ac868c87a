// What the parts of the simulated machine share.
#pragma once

#include <polyabi/core/process_tracing.hpp>
#include <polyabi/simulated/machine.hpp>

#include <atomic>
#include <condition_variable>
#include <ctime>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace polyabi::simulated {

/// A host file that pages are mapped from; its descriptor lives as long as they do.
struct mapped_file {
  int descriptor;
  explicit mapped_file(int of);
  ~mapped_file();
  mapped_file(const mapped_file&) = delete;
  mapped_file& operator=(const mapped_file&) = delete;
};

/// One page of user memory. Its bytes may be shared with other processes or a file.
struct page {
  std::shared_ptr<u8> bytes; ///< null: not touched yet
  u32 protection = 0;
  bool shared = false;
  std::shared_ptr<mapped_file> file{}; ///< null: anonymous
  u64 offset = 0;                      ///< into the file
  bool in_children = true, zero_in_children = false;

  /// The bytes, brought in if need be. Null: they lie behind the end of the file.
  u8* touch();
};

/// The user memory of a process. Threads of the process use it at the same time.
struct memory {
  mutable std::mutex mutex;
  std::map<u64, page> pages; ///< by page number

  std::shared_ptr<memory> copy() const;
  /// Calls `part(bytes, size)` for each run within a page; false on a fault.
  template <class Part>
  bool walk(u64 address, usize size, u32 access, Part part) {
    if (address >= user_limit || size > user_limit - address) return false;
    const std::lock_guard lock{mutex};
    while (size != 0) {
      const auto found = pages.find(address / reference::page_size);
      if (found == pages.end() || (found->second.protection & access) != access) return false;
      u8* const bytes = found->second.touch();
      if (bytes == nullptr) return false;
      const usize at = address % reference::page_size;
      const usize run = std::min(size, reference::page_size - at);
      part(bytes + at, run);
      address += run;
      size -= run;
    }
    return true;
  }
};

std::shared_ptr<u8> new_page();

inline thread_local reference::thread* current_thread = nullptr;
inline thread_local guest* current_guest = nullptr;

settings& configuration();

/// Bits of `machine::host::readiness` for the host's poll or epoll events.
u32 readiness_bits(u32 events);

/// The calling host thread is the guest thread's from now on.
void attach(reference::thread&);
/// Processes run on host threads; this is what the machine keeps of them.
void run_child(reference::thread& child);
void end_current_guest();
void direct_system_call(reference::thread&, registers&, gate);
bool direct_deliver(reference::thread&, registers&, const delivery&);

} // namespace polyabi::simulated

/// What the kernel carries for the machine.
struct polyabi::reference::machine_state {
  std::shared_ptr<polyabi::simulated::memory> memory = std::make_shared<polyabi::simulated::memory>();
  std::function<void(polyabi::simulated::guest&)> program;
  polyabi::registers start{};
  std::atomic<bool> attention = false;
  ::clockid_t processor_clock = 0; ///< of the host thread that runs it; 0: none yet
  u64 segment_bases[2]{};
  struct area {
    bool used = false;
    u32 base = 0, limit = 0, flags = 0;
  } areas[thread_segments::area_count];
};
