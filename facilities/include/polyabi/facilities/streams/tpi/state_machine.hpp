// The state machine of a transport endpoint: TPI specification, appendix B. Every cell is stated; the compiler looks that it
// is.
#pragma once

#include <polyabi/core/types.hpp>

#include <array>

namespace polyabi::streams::tpi {

/// TS_*: the numbers are those of CURRENT_state.
enum class state : u8 {
  unbnd,
  wack_breq,
  wack_ureq,
  idle,
  wack_optreq,
  wack_creq,
  wcon_creq,
  wres_cind,
  wack_cres,
  data_xfer,
  wind_ordrel,
  wreq_ordrel,
  wack_dreq6,
  wack_dreq7,
  wack_dreq9,
  wack_dreq10,
  wack_dreq11,
  count_
};

/// TE_*: what a user asks for, and what the provider says. Some of the latter depend on how many connections are waiting to be
/// accepted: none, one, or more; and on whether the endpoint accepts for itself.
enum class event : u8 {
  bind_req,
  unbind_req,
  optmgmt_req,
  bind_ack,
  optmgmt_ack,
  error_ack,
  ok_ack1, ///< to an unbinding, a connection request, or a disconnection, where no connection is waiting
  ok_ack2, ///< to the acceptance of the only one, by this endpoint, or to its rejection
  ok_ack3, ///< to the acceptance of the only one, by another endpoint
  ok_ack4, ///< to the acceptance or rejection of one of several
  unitdata_req,
  unitdata_ind,
  uderror_ind,
  conn_req,
  conn_res,
  discon_req,
  data_req,
  exdata_req,
  ordrel_req,
  conn_ind,
  conn_con,
  data_ind,
  exdata_ind,
  ordrel_ind,
  discon_ind1, ///< no connection is waiting
  discon_ind2, ///< the only waiting one has gone
  discon_ind3, ///< one of several waiting ones has
  pass_conn,   ///< a connection was accepted by another endpoint for this one
  count_
};

inline constexpr usize state_count = static_cast<usize>(state::count_), event_count = static_cast<usize>(event::count_);

/// What an event does in a state: the next one, or nothing but TOUTSTATE.
class cell {
public:
  constexpr cell() = default;
  consteval cell(int next) : value_{static_cast<u8>(next + 1)} {}
  static constexpr cell refused() {
    cell c;
    c.value_ = 0xff;
    return c;
  }
  constexpr bool stated() const { return value_ != 0; }
  constexpr bool allowed() const { return value_ != 0xff; }
  constexpr state next() const { return static_cast<state>(value_ - 1); }

private:
  u8 value_ = 0;
};

struct transition_row {
  event on;
  cell in[state_count];
};

inline constexpr auto transitions = [] {
  constexpr cell no = cell::refused();
  // clang-format off
  return std::array<transition_row, event_count>{{
      // columns: unbnd 0, wack_breq 1, wack_ureq 2, idle 3, wack_optreq 4, wack_creq 5, wcon_creq 6, wres_cind 7, wack_cres 8,
      // data_xfer 9, wind_ordrel 10, wreq_ordrel 11, wack_dreq6 12, wack_dreq7 13, wack_dreq9 14, wack_dreq10 15, wack_dreq11 16
      //                      0   1   2   3   4   5   6   7   8   9  10  11  12  13  14  15  16
      {event::bind_req,     { 1, no, no, no, no, no, no, no, no, no, no, no, no, no, no, no, no}},
      {event::unbind_req,   {no, no, no,  2, no, no, no, no, no, no, no, no, no, no, no, no, no}},
      {event::optmgmt_req,  {no, no, no,  4, no, no,  6,  7, no,  9, 10, 11, no, no, no, no, no}},
      {event::bind_ack,     {no,  3, no, no, no, no, no, no, no, no, no, no, no, no, no, no, no}},
      {event::optmgmt_ack,  {no, no, no, no,  3, no,  6,  7, no,  9, 10, 11, no, no, no, no, no}},
      {event::error_ack,    { 0,  0,  3,  3,  3,  3,  6,  7,  7,  9, 10, 11,  6,  7,  9, 10, 11}},
      {event::ok_ack1,      {no, no,  0, no, no,  6, no, no, no, no, no, no,  3, no,  3,  3,  3}},
      {event::ok_ack2,      {no, no, no, no, no, no, no, no,  9, no, no, no, no,  3, no, no, no}},
      {event::ok_ack3,      {no, no, no, no, no, no, no, no,  3, no, no, no, no, no, no, no, no}},
      {event::ok_ack4,      {no, no, no, no, no, no, no, no,  7, no, no, no, no,  7, no, no, no}},
      {event::unitdata_req, {no, no, no,  3, no, no, no, no, no, no, no, no, no, no, no, no, no}},
      {event::unitdata_ind, {no, no, no,  3, no, no, no, no, no, no, no, no, no, no, no, no, no}},
      {event::uderror_ind,  {no, no, no,  3, no, no, no, no, no, no, no, no, no, no, no, no, no}},
      {event::conn_req,     {no, no, no,  5, no, no, no, no, no, no, no, no, no, no, no, no, no}},
      {event::conn_res,     {no, no, no, no, no, no, no,  8, no, no, no, no, no, no, no, no, no}},
      {event::discon_req,   {no, no, no, no, no, no, 12, 13, no, 14, 15, 16, no, no, no, no, no}},
      {event::data_req,     {no, no, no,  3, no, no, no, no, no,  9, no, 11, no, no, no, no, no}},
      {event::exdata_req,   {no, no, no,  3, no, no, no, no, no,  9, no, 11, no, no, no, no, no}},
      {event::ordrel_req,   {no, no, no,  3, no, no, no, no, no, 10, no,  3, no, no, no, no, no}},
      {event::conn_ind,     {no, no, no,  7, no, no, no,  7, no, no, no, no, no, no, no, no, no}},
      {event::conn_con,     {no, no, no, no, no, no,  9, no, no, no, no, no, no, no, no, no, no}},
      {event::data_ind,     {no, no, no, no, no, no, no, no, no,  9, 10, no, no, no, no, no, no}},
      {event::exdata_ind,   {no, no, no, no, no, no, no, no, no,  9, 10, no, no, no, no, no, no}},
      {event::ordrel_ind,   {no, no, no, no, no, no, no, no, no, 11,  3, no, no, no, no, no, no}},
      {event::discon_ind1,  {no, no, no, no, no, no,  3, no, no,  3,  3,  3, no, no, no, no, no}},
      {event::discon_ind2,  {no, no, no, no, no, no, no,  3, no, no, no, no, no, no, no, no, no}},
      {event::discon_ind3,  {no, no, no, no, no, no, no,  7, no, no, no, no, no, no, no, no, no}},
      {event::pass_conn,    { 9, no, no,  9, no, no, no, no, no, no, no, no, no, no, no, no, no}},
  }};
  // clang-format on
}();

static_assert(
    [] {
      for (usize e = 0; e < event_count; ++e) {
        if (transitions[e].on != static_cast<event>(e)) return false;
        for (const cell& c : transitions[e].in)
          if (!c.stated() || (c.allowed() && c.next() >= state::count_)) return false;
      }
      return true;
    }(),
    "every event has its row, in order, and says of every state what it does there");

/// What `on` does in `now`.
constexpr cell after(state now, event on) {
  return transitions[static_cast<usize>(on)].in[static_cast<usize>(now)];
}

} // namespace polyabi::streams::tpi
