// One record of an interest list (epoll): an open file, the descriptor it was named by, and what its owner wants to hear of it.
#pragma once

#include <polyabi/core/intrusive_list.hpp>
#include <polyabi/facilities/hash_table.hpp>

namespace polyabi::facilities {

/// How an interest tells of events.
enum class interest_flag : u8 {
  none,
  edge,      ///< once for each change, not for as long as a state holds
  oneshot,   ///< once, until it is modified
  exclusive, ///< of several lists that somebody waits for, one hears of an event
  wakeup,    ///< the system must not be suspended meanwhile: nothing here suspends
  count_,
};
struct interest_flags : flag_map<interest_flag> {
  static constexpr auto rows = std::to_array<flag_row>({bit(interest_flag::edge, 1), bit(interest_flag::oneshot, 2),
                                                        bit(interest_flag::exclusive, 4), bit(interest_flag::wakeup, 8)});
};
interest_flags library_map(interest_flag);

/// What an owner asks for. Errors and hang-ups are always told.
struct interest_request {
  u16 events = 0; ///< the kernel's
  u32 flags = 0;  ///< interest_flag
  u32 word = 0;   ///< the request as the owner wrote it: given back with every event
  u64 data = 0;   ///< the owner's own
  bool plain = true; ///< nothing but input, output, errors and hang-ups is asked for
};

/// An event, as it is told.
struct ready_event {
  u16 events = 0; ///< the kernel's
  u32 word = 0;
  u64 data = 0;
};

template <class K>
class interest_list;

/// What a record is found by.
template <class K>
struct interest_key {
  const typename K::file* target;
  i32 descriptor;
  bool operator==(const interest_key&) const = default;
  u64 hash() const {
    return static_cast<u64>(reinterpret_cast<std::uintptr_t>(target)) + static_cast<u32>(descriptor) * u64{0x85ebca6b};
  }
};

/// Lives until it is removed, its list is closed, or its file ends. Inside the section.
template <class K>
struct interest : K::file_observer {
  list_link in_ready, in_nested, in_above;
  interest* next_in_bucket = nullptr;
  interest_list<K>* list = nullptr;
  typename K::file* target = nullptr; ///< not held: the record goes with the file
  i32 descriptor = -1;
  interest_request request;
  bool disarmed = false; ///< told, and to be modified before it tells again
  u64 number = 0;        ///< of all records of the list, and all their requests
  u64 round = 0;         ///< the scan of the ready list that met it last
  typename K::watch places[K::watch_places];

  interest_key<K> key() const { return {target, descriptor}; }
  /// The events that are told of it.
  u16 wanted() const {
    constexpr u32 always = native_number<K, poll_event::err> | native_number<K, poll_event::hup>;
    return disarmed ? u16{0} : static_cast<u16>(request.events | always);
  }
  bool has(u32 flag) const { return (request.flags & flag) != 0; }
};

} // namespace polyabi::facilities
