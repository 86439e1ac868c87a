// What a personality's calls do with interest lists, in the order in which Linux checks (fs/eventpoll.c).
#pragma once

#include <polyabi/facilities/interest/nesting.hpp>

namespace polyabi::facilities {

/// How a list is made.
enum class interest_list_flag : u8 { none, cloexec, count_ };
struct interest_list_flags : flag_map<interest_list_flag> {
  static constexpr auto rows = std::to_array<flag_row>({bit(interest_list_flag::cloexec, 1)});
};
interest_list_flags library_map(interest_list_flag);

/// The call that makes one.
struct make_interest_list {
  using needs = operation_list<service::custom_files, service::readiness, service::timers>;
  static constexpr support level = support::emulated;
  template <class Env>
  static reply<Env, typename Env::kernel::new_descriptor> call(context<Env>& c, u32 flags) {
    using K = typename Env::kernel;
    auto* made = create<K, interest_list<K>>();
    if (made == nullptr) return errc::nomem;
    return give_descriptor<Env>(c, *made, false, has_flag<interest_list_flag::cloexec>(flags));
  }
};

enum class interest_change : u8 { add, modify, remove };

/// Adds, modifies or removes the record of a descriptor's file. `request` is of use for the first two.
template <class K>
answer<K> change_interest(typename K::thread& caller, i32 list_descriptor, i32 descriptor, interest_change change,
                          const interest_request& request) {
  const auto exclusive = has_flag<interest_flag::exclusive>(request.flags);
  const typename K::section inside;
  auto listing = K::file_of(caller, list_descriptor);
  if (!listing) return listing.error();
  auto target = K::file_of(caller, descriptor);
  if (!target) return target.error();
  if (!K::has_readiness(**target)) return error_of<K, errc::perm>;
  auto* list = custom_file_of<interest_list<K>>(**listing);
  if (list == nullptr || &**listing == &**target) return error_of<K, errc::inval>;
  auto* below = custom_file_of<interest_list<K>>(**target);
  if (change == interest_change::modify && exclusive) return error_of<K, errc::inval>;
  if (change == interest_change::add && exclusive &&
      (below != nullptr || !request.plain || has_flag<interest_flag::oneshot>(request.flags)))
    return error_of<K, errc::inval>;
  if (change == interest_change::add && below != nullptr && !interest_nesting<K>::allows(*list, *below))
    return error_of<K, errc::loop>;
  auto* record = list->find(**target, descriptor);
  switch (change) {
  case interest_change::add: {
    if (record != nullptr) return error_of<K, errc::exist>;
    if (auto added = list->add(**target, descriptor, request); !added) return added;
    const bool nested = below != nullptr || list->first_above() != nullptr;
    if (!nested || interest_nesting<K>::within_limits(**target)) return {};
    list->remove(*list->find(**target, descriptor));
    return error_of<K, errc::inval>;
  }
  case interest_change::modify:
    if (record == nullptr) return error_of<K, errc::noent>;
    if (has_flag<interest_flag::exclusive>(record->request.flags)) return error_of<K, errc::inval>;
    list->modify(*record, request);
    return {};
  case interest_change::remove:
    if (record == nullptr) return error_of<K, errc::noent>;
    list->remove(*record);
    return {};
  }
  return error_of<K, errc::inval>;
}

/// The open file of a list's record, the one after `skipped` of all that are watched by this descriptor. Inside the section.
template <class K>
answer<K, const typename K::file*> watched_file(typename K::file& listing, i32 descriptor, u32 skipped) {
  const auto* list = custom_file_of<interest_list<K>>(listing);
  if (list == nullptr) return error_of<K, errc::inval>;
  const typename K::file* found = nullptr;
  list->each([&](const interest<K>& record) {
    if (record.descriptor == descriptor && found == nullptr && skipped-- == 0) found = record.target;
  });
  if (found == nullptr) return error_of<K, errc::noent>;
  return found;
}

/// Waits in the list behind a descriptor: see `interest_list::wait`.
template <class K, class Deliver>
answer<K, i32> wait_for_interests(typename K::thread& caller, i32 list_descriptor, i32 most, u64 until, Deliver deliver) {
  interest_list<K>* list = nullptr;
  typename K::file_ref held; // as long as it is waited in
  {
    const typename K::section inside;
    auto listing = K::file_of(caller, list_descriptor);
    if (!listing) return listing.error();
    held = std::move(*listing);
    list = custom_file_of<interest_list<K>>(*held);
  }
  answer<K, i32> told = error_of<K, errc::inval>;
  if (list != nullptr && most > 0) told = list->wait(caller, most, until, deliver);
  const typename K::section inside;
  held = {};
  return told;
}

} // namespace polyabi::facilities
