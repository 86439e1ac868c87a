// errno of System V Release 4 and Solaris: sys/errno.h. 135 to 142 are XENIX' and SCO's.
#pragma once

#include <polyabi/core/number_map.hpp>

namespace polyabi::svr4 {

/// What System V's systems agree on: Release 3's numbers, what Release 4 and OpenServer both have below 90, and some of XENIX'.
inline constexpr auto common_errors = std::to_array<number_row<errc>>({
      {errc::perm, 1}, {errc::noent, 2}, {errc::srch, 3}, {errc::intr, 4}, {errc::io, 5}, {errc::nxio, 6}, {errc::toobig, 7},
      {errc::noexec, 8}, {errc::badf, 9}, {errc::child, 10}, {errc::again, 11}, {errc::nomem, 12}, {errc::acces, 13},
      {errc::fault, 14}, {errc::notblk, 15}, {errc::busy, 16}, {errc::exist, 17}, {errc::xdev, 18}, {errc::nodev, 19},
      {errc::notdir, 20}, {errc::isdir, 21}, {errc::inval, 22}, {errc::nfile, 23}, {errc::mfile, 24}, {errc::notty, 25},
      {errc::txtbsy, 26}, {errc::fbig, 27}, {errc::nospc, 28}, {errc::spipe, 29}, {errc::rofs, 30}, {errc::mlink, 31},
      {errc::pipe, 32}, {errc::dom, 33}, {errc::range, 34}, {errc::nomsg, 35}, {errc::idrm, 36}, {errc::chrng, 37},
      {errc::l2nsync, 38}, {errc::l3hlt, 39}, {errc::l3rst, 40}, {errc::lnrng, 41}, {errc::unatch, 42}, {errc::nocsi, 43},
      {errc::l2hlt, 44}, {errc::deadlk, 45}, {errc::nolck, 46}, {errc::bade, 50}, {errc::badr, 51}, {errc::xfull, 52},
      {errc::noano, 53}, {errc::badrqc, 54}, {errc::badslt, 55}, {errc::deadlock, 56}, {errc::bfont, 57}, {errc::nostr, 60},
      {errc::nodata, 61}, {errc::time, 62}, {errc::nosr, 63}, {errc::nonet, 64}, {errc::nopkg, 65}, {errc::remote, 66},
      {errc::nolink, 67}, {errc::adv, 68}, {errc::srmnt, 69}, {errc::comm, 70}, {errc::proto, 71}, {errc::multihop, 74},
      {errc::badmsg, 77}, {errc::nametoolong, 78}, {errc::overflow, 79}, {errc::notuniq, 80}, {errc::badfd, 81},
      {errc::remchg, 82}, {errc::libacc, 83}, {errc::libbad, 84}, {errc::libscn, 85}, {errc::libmax, 86},
      {errc::libexec, 87}, {errc::ilseq, 88}, {errc::nosys, 89}, {errc::uclean, 135}, {errc::notnam, 137},
      {errc::navail, 138}, {errc::isnam, 139}, {errc::remoteio, 140}, {errc::stale, 151},
});

struct errors : number_map<errc> {
  static constexpr auto rows = with_shared_rows(common_errors, std::to_array<row>({
      {errc::canceled, 47}, {errc::notsup, 48}, {errc::dquot, 49}, {errc::ownerdead, 58}, {errc::notrecoverable, 59},
      {errc::lockunmapped, 72}, {errc::notactive, 73}, {errc::loop, 90}, {errc::restart, 91}, {errc::strpipe, 92},
      {errc::notempty, 93}, {errc::users, 94}, {errc::notsock, 95}, {errc::destaddrreq, 96}, {errc::msgsize, 97},
      {errc::prototype, 98}, {errc::noprotoopt, 99}, {errc::protonosupport, 120}, {errc::socktnosupport, 121},
      {errc::opnotsupp, 122}, {errc::pfnosupport, 123}, {errc::afnosupport, 124}, {errc::addrinuse, 125},
      {errc::addrnotavail, 126}, {errc::netdown, 127}, {errc::netunreach, 128}, {errc::netreset, 129},
      {errc::connaborted, 130}, {errc::connreset, 131}, {errc::nobufs, 132}, {errc::isconn, 133}, {errc::notconn, 134},
      {errc::init, 141}, {errc::shutdown, 143}, {errc::toomanyrefs, 144}, {errc::timedout, 145}, {errc::connrefused, 146},
      {errc::hostdown, 147}, {errc::hostunreach, 148}, {errc::already, 149}, {errc::inprogress, 150},
      nearest(errc::dotdot, 66), nearest(errc::doofus, 22),
  }));
};
static_assert(checked<errors>);

} // namespace polyabi::svr4
