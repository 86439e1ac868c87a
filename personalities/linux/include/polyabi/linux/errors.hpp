// Error numbers of Linux on x86 (include/uapi/asm-generic/errno-base.h and errno.h).
#pragma once

#include <polyabi/core/number_map.hpp>

namespace polyabi::linux_abi {

struct errors : number_map<errc> {
  static constexpr auto rows = std::to_array<row>({
      {errc::perm, 1}, {errc::noent, 2}, {errc::srch, 3}, {errc::intr, 4}, {errc::io, 5}, {errc::nxio, 6}, {errc::toobig, 7},
      {errc::noexec, 8}, {errc::badf, 9}, {errc::child, 10}, {errc::again, 11}, {errc::nomem, 12}, {errc::acces, 13},
      {errc::fault, 14}, {errc::notblk, 15}, {errc::busy, 16}, {errc::exist, 17}, {errc::xdev, 18}, {errc::nodev, 19},
      {errc::notdir, 20}, {errc::isdir, 21}, {errc::inval, 22}, {errc::nfile, 23}, {errc::mfile, 24}, {errc::notty, 25},
      {errc::txtbsy, 26}, {errc::fbig, 27}, {errc::nospc, 28}, {errc::spipe, 29}, {errc::rofs, 30}, {errc::mlink, 31},
      {errc::pipe, 32}, {errc::dom, 33}, {errc::range, 34}, {errc::deadlk, 35}, {errc::nametoolong, 36}, {errc::nolck, 37},
      {errc::nosys, 38}, {errc::notempty, 39}, {errc::loop, 40}, {errc::nomsg, 42}, {errc::idrm, 43}, {errc::chrng, 44},
      {errc::l2nsync, 45}, {errc::l3hlt, 46}, {errc::l3rst, 47}, {errc::lnrng, 48}, {errc::unatch, 49}, {errc::nocsi, 50},
      {errc::l2hlt, 51}, {errc::bade, 52}, {errc::badr, 53}, {errc::xfull, 54}, {errc::noano, 55}, {errc::badrqc, 56},
      {errc::badslt, 57}, {errc::bfont, 59}, {errc::nostr, 60}, {errc::nodata, 61}, {errc::time, 62}, {errc::nosr, 63},
      {errc::nonet, 64}, {errc::nopkg, 65}, {errc::remote, 66}, {errc::nolink, 67}, {errc::adv, 68}, {errc::srmnt, 69},
      {errc::comm, 70}, {errc::proto, 71}, {errc::multihop, 72}, {errc::dotdot, 73}, {errc::badmsg, 74}, {errc::overflow, 75},
      {errc::notuniq, 76}, {errc::badfd, 77}, {errc::remchg, 78}, {errc::libacc, 79}, {errc::libbad, 80}, {errc::libscn, 81},
      {errc::libmax, 82}, {errc::libexec, 83}, {errc::ilseq, 84}, {errc::restart, 85}, {errc::strpipe, 86}, {errc::users, 87},
      {errc::notsock, 88}, {errc::destaddrreq, 89}, {errc::msgsize, 90}, {errc::prototype, 91}, {errc::noprotoopt, 92},
      {errc::protonosupport, 93}, {errc::socktnosupport, 94}, {errc::opnotsupp, 95}, {errc::pfnosupport, 96},
      {errc::afnosupport, 97}, {errc::addrinuse, 98}, {errc::addrnotavail, 99}, {errc::netdown, 100}, {errc::netunreach, 101},
      {errc::netreset, 102}, {errc::connaborted, 103}, {errc::connreset, 104}, {errc::nobufs, 105}, {errc::isconn, 106},
      {errc::notconn, 107}, {errc::shutdown, 108}, {errc::toomanyrefs, 109}, {errc::timedout, 110}, {errc::connrefused, 111},
      {errc::hostdown, 112}, {errc::hostunreach, 113}, {errc::already, 114}, {errc::inprogress, 115}, {errc::stale, 116},
      {errc::uclean, 117}, {errc::notnam, 118}, {errc::navail, 119}, {errc::isnam, 120}, {errc::remoteio, 121},
      {errc::dquot, 122}, {errc::nomedium, 123}, {errc::mediumtype, 124}, {errc::canceled, 125}, {errc::nokey, 126},
      {errc::keyexpired, 127}, {errc::keyrevoked, 128}, {errc::keyrejected, 129}, {errc::ownerdead, 130},
      {errc::notrecoverable, 131}, {errc::rfkill, 132}, {errc::hwpoison, 133},
      // what Linux has no number of its own for
      nearest(errc::deadlock, 35), nearest(errc::notsup, 95), nearest(errc::noattr, 61), nearest(errc::proclim, 11),
      nearest(errc::badrpc, 5), nearest(errc::rpcmismatch, 5), nearest(errc::progunavail, 5), nearest(errc::progmismatch, 5),
      nearest(errc::procunavail, 5), nearest(errc::ftype, 22), nearest(errc::auth, 13), nearest(errc::needauth, 13),
      nearest(errc::doofus, 22), nearest(errc::lockunmapped, 19), nearest(errc::notactive, 19), nearest(errc::init, 22),
      nearest(errc::nosymlinks, 2),
  });
};
static_assert(checked<errors>);

} // namespace polyabi::linux_abi
