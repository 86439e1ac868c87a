// The primitives of the Transport Provider Interface (TPI specification; sys/tihdr.h): what the control parts of messages to
// and from a transport provider say. All fields are 32-bit words, whatever the program is.
#pragma once

#include <polyabi/core/fields.hpp>
#include <polyabi/facilities/streams/message.hpp>

namespace polyabi::streams::tpi {

/// PRIM_type.
enum class primitive : u32 {
  t_conn_req = 0,
  o_t_conn_res = 1,
  t_discon_req = 2,
  t_data_req = 3,
  t_exdata_req = 4,
  t_info_req = 5,
  o_t_bind_req = 6,
  t_unbind_req = 7,
  t_unitdata_req = 8,
  t_svr4_optmgmt_req = 9,
  t_ordrel_req = 10,
  t_conn_ind = 11,
  t_conn_con = 12,
  t_discon_ind = 13,
  t_data_ind = 14,
  t_exdata_ind = 15,
  t_info_ack = 16,
  t_bind_ack = 17,
  t_error_ack = 18,
  t_ok_ack = 19,
  t_unitdata_ind = 20,
  t_uderror_ind = 21,
  t_optmgmt_ack = 22,
  t_ordrel_ind = 23,
  t_addr_req = 24,
  t_addr_ack = 25,
  t_bind_req = 26,
  t_optmgmt_req = 27,
  t_conn_res = 28,
  t_capability_req = 30,
  t_capability_ack = 31,
  count_
};

struct conn_req {
  static constexpr auto id = primitive::t_conn_req;
  u32 type, dest_length, dest_offset, opt_length, opt_offset;
  POLYABI_FIELDS(conn_req, type, dest_length, dest_offset, opt_length, opt_offset)
};
struct discon_req {
  static constexpr auto id = primitive::t_discon_req;
  u32 type, seq_number;
  POLYABI_FIELDS(discon_req, type, seq_number)
};
struct data_req {
  static constexpr auto id = primitive::t_data_req;
  u32 type, more_flag;
  POLYABI_FIELDS(data_req, type, more_flag)
};
struct exdata_req {
  static constexpr auto id = primitive::t_exdata_req;
  u32 type, more_flag;
  POLYABI_FIELDS(exdata_req, type, more_flag)
};
struct info_req {
  static constexpr auto id = primitive::t_info_req;
  u32 type;
  POLYABI_FIELDS(info_req, type)
};
struct unbind_req {
  static constexpr auto id = primitive::t_unbind_req;
  u32 type;
  POLYABI_FIELDS(unbind_req, type)
};
struct unitdata_req {
  static constexpr auto id = primitive::t_unitdata_req;
  u32 type, dest_length, dest_offset, opt_length, opt_offset;
  POLYABI_FIELDS(unitdata_req, type, dest_length, dest_offset, opt_length, opt_offset)
};
struct ordrel_req {
  static constexpr auto id = primitive::t_ordrel_req;
  u32 type;
  POLYABI_FIELDS(ordrel_req, type)
};
struct conn_ind {
  static constexpr auto id = primitive::t_conn_ind;
  u32 type, src_length, src_offset, opt_length, opt_offset, seq_number;
  POLYABI_FIELDS(conn_ind, type, src_length, src_offset, opt_length, opt_offset, seq_number)
};
struct conn_con {
  static constexpr auto id = primitive::t_conn_con;
  u32 type, res_length, res_offset, opt_length, opt_offset;
  POLYABI_FIELDS(conn_con, type, res_length, res_offset, opt_length, opt_offset)
};
struct discon_ind {
  static constexpr auto id = primitive::t_discon_ind;
  u32 type, discon_reason, seq_number;
  POLYABI_FIELDS(discon_ind, type, discon_reason, seq_number)
};
struct data_ind {
  static constexpr auto id = primitive::t_data_ind;
  u32 type, more_flag;
  POLYABI_FIELDS(data_ind, type, more_flag)
};
struct exdata_ind {
  static constexpr auto id = primitive::t_exdata_ind;
  u32 type, more_flag;
  POLYABI_FIELDS(exdata_ind, type, more_flag)
};
struct info_ack {
  static constexpr auto id = primitive::t_info_ack;
  u32 type, tsdu_size, etsdu_size, cdata_size, ddata_size, addr_size, opt_size, tidu_size, serv_type, current_state,
      provider_flag;
  POLYABI_FIELDS(info_ack, type, tsdu_size, etsdu_size, cdata_size, ddata_size, addr_size, opt_size, tidu_size, serv_type,
                 current_state, provider_flag)
};
struct bind_ack {
  static constexpr auto id = primitive::t_bind_ack;
  u32 type, addr_length, addr_offset, conind_number;
  POLYABI_FIELDS(bind_ack, type, addr_length, addr_offset, conind_number)
};
struct error_ack {
  static constexpr auto id = primitive::t_error_ack;
  u32 type, error_prim, tli_error, unix_error;
  POLYABI_FIELDS(error_ack, type, error_prim, tli_error, unix_error)
};
struct ok_ack {
  static constexpr auto id = primitive::t_ok_ack;
  u32 type, correct_prim;
  POLYABI_FIELDS(ok_ack, type, correct_prim)
};
struct unitdata_ind {
  static constexpr auto id = primitive::t_unitdata_ind;
  u32 type, src_length, src_offset, opt_length, opt_offset;
  POLYABI_FIELDS(unitdata_ind, type, src_length, src_offset, opt_length, opt_offset)
};
struct uderror_ind {
  static constexpr auto id = primitive::t_uderror_ind;
  u32 type, dest_length, dest_offset, opt_length, opt_offset, error_type;
  POLYABI_FIELDS(uderror_ind, type, dest_length, dest_offset, opt_length, opt_offset, error_type)
};
struct optmgmt_ack {
  static constexpr auto id = primitive::t_optmgmt_ack;
  u32 type, opt_length, opt_offset, mgmt_flags;
  POLYABI_FIELDS(optmgmt_ack, type, opt_length, opt_offset, mgmt_flags)
};
struct ordrel_ind {
  static constexpr auto id = primitive::t_ordrel_ind;
  u32 type;
  POLYABI_FIELDS(ordrel_ind, type)
};
struct addr_req {
  static constexpr auto id = primitive::t_addr_req;
  u32 type;
  POLYABI_FIELDS(addr_req, type)
};
struct addr_ack {
  static constexpr auto id = primitive::t_addr_ack;
  u32 type, locaddr_length, locaddr_offset, remaddr_length, remaddr_offset;
  POLYABI_FIELDS(addr_ack, type, locaddr_length, locaddr_offset, remaddr_length, remaddr_offset)
};
struct bind_req {
  static constexpr auto id = primitive::t_bind_req;
  u32 type, addr_length, addr_offset, conind_number;
  POLYABI_FIELDS(bind_req, type, addr_length, addr_offset, conind_number)
};
struct optmgmt_req {
  static constexpr auto id = primitive::t_optmgmt_req;
  u32 type, opt_length, opt_offset, mgmt_flags;
  POLYABI_FIELDS(optmgmt_req, type, opt_length, opt_offset, mgmt_flags)
};
struct conn_res {
  static constexpr auto id = primitive::t_conn_res;
  u32 type, acceptor_id, opt_length, opt_offset, seq_number;
  POLYABI_FIELDS(conn_res, type, acceptor_id, opt_length, opt_offset, seq_number)
};
struct capability_req {
  static constexpr auto id = primitive::t_capability_req;
  u32 type, cap_bits;
  POLYABI_FIELDS(capability_req, type, cap_bits)
};
struct capability_ack {
  static constexpr auto id = primitive::t_capability_ack;
  u32 type, cap_bits;
  info_ack info;
  u32 acceptor_id;
  POLYABI_FIELDS(capability_ack, type, cap_bits, info, acceptor_id)
};

static_assert(layout<conn_req, 20> && layout<conn_res, 20> && layout<discon_req, 8> && layout<data_req, 8> &&
              layout<info_req, 4> && layout<bind_req, 16> && layout<unitdata_req, 20> && layout<optmgmt_req, 16> &&
              layout<conn_ind, 24> && layout<conn_con, 20> && layout<discon_ind, 12> && layout<info_ack, 44> &&
              layout<bind_ack, 16> && layout<error_ack, 16> && layout<ok_ack, 8> && layout<unitdata_ind, 20> &&
              layout<uderror_ind, 24> && layout<optmgmt_ack, 16> && layout<addr_ack, 20> && layout<capability_req, 8> &&
              layout<capability_ack, 56>);

/// Calls `function.template operator()<Structure>()` for the structure of a primitive; false if there is no such primitive.
template <class Function>
constexpr bool with_structure(primitive id, Function&& function) {
  switch (id) {
  case primitive::t_conn_req: function.template operator()<conn_req>(); return true;
  case primitive::o_t_conn_res: function.template operator()<conn_res>(); return true;
  case primitive::t_discon_req: function.template operator()<discon_req>(); return true;
  case primitive::t_data_req: function.template operator()<data_req>(); return true;
  case primitive::t_exdata_req: function.template operator()<exdata_req>(); return true;
  case primitive::t_info_req: function.template operator()<info_req>(); return true;
  case primitive::o_t_bind_req: function.template operator()<bind_req>(); return true;
  case primitive::t_unbind_req: function.template operator()<unbind_req>(); return true;
  case primitive::t_unitdata_req: function.template operator()<unitdata_req>(); return true;
  case primitive::t_svr4_optmgmt_req: function.template operator()<optmgmt_req>(); return true;
  case primitive::t_ordrel_req: function.template operator()<ordrel_req>(); return true;
  case primitive::t_conn_ind: function.template operator()<conn_ind>(); return true;
  case primitive::t_conn_con: function.template operator()<conn_con>(); return true;
  case primitive::t_discon_ind: function.template operator()<discon_ind>(); return true;
  case primitive::t_data_ind: function.template operator()<data_ind>(); return true;
  case primitive::t_exdata_ind: function.template operator()<exdata_ind>(); return true;
  case primitive::t_info_ack: function.template operator()<info_ack>(); return true;
  case primitive::t_bind_ack: function.template operator()<bind_ack>(); return true;
  case primitive::t_error_ack: function.template operator()<error_ack>(); return true;
  case primitive::t_ok_ack: function.template operator()<ok_ack>(); return true;
  case primitive::t_unitdata_ind: function.template operator()<unitdata_ind>(); return true;
  case primitive::t_uderror_ind: function.template operator()<uderror_ind>(); return true;
  case primitive::t_optmgmt_ack: function.template operator()<optmgmt_ack>(); return true;
  case primitive::t_ordrel_ind: function.template operator()<ordrel_ind>(); return true;
  case primitive::t_addr_req: function.template operator()<addr_req>(); return true;
  case primitive::t_addr_ack: function.template operator()<addr_ack>(); return true;
  case primitive::t_bind_req: function.template operator()<bind_req>(); return true;
  case primitive::t_optmgmt_req: function.template operator()<optmgmt_req>(); return true;
  case primitive::t_conn_res: function.template operator()<conn_res>(); return true;
  case primitive::t_capability_req: function.template operator()<capability_req>(); return true;
  case primitive::t_capability_ack: function.template operator()<capability_ack>(); return true;
  default: return false;
  }
}

/// Flags of T_CAPABILITY: the information is wanted, the acceptor's id is.
namespace capability {
inline constexpr u32 info = 1, acceptor_id = 2;
}
/// SERV_type.
namespace service_type {
inline constexpr u32 connection = 1, connection_orderly = 2, connectionless = 3;
}
/// PROVIDER_flag: empty messages are sent; and it knows XPG4.
namespace provider_flag {
inline constexpr u32 send_zero = 1, xpg4 = 4;
}
/// A size that is none (T_INVALID), or without limit (T_INFINITE).
inline constexpr u32 no_size = ~u32{1}, any_size = ~u32{0};
/// MGMT_flags.
namespace option_management {
inline constexpr u32 negotiate = 4, check = 8, fallback = 0x10, success = 0x20, failed = 0x40, current = 0x80, partial = 0x100,
                     read_only = 0x200, not_supported = 0x400;
}

/// Errors of the interface (TLI_error).
enum class tli_error : u8 {
  none,
  badaddr,
  badopt,
  acces,
  badf,
  noaddr,
  outstate,
  badseq,
  syserr,
  look,
  baddata,
  bufovflw,
  flow,
  nodata,
  nodis,
  nouderr,
  badflag,
  norel,
  notsupport,
  statechng,
  nostructype,
  badname,
  badqlen,
  addrbusy,
  indout,
  provmismatch,
  resqlen,
  resaddr,
  qfull,
  proto,
  count_
};

/// The type of a protocol message; `count_` if its control part has none.
template <class K>
primitive type_of(message<K>& m) {
  u32 type = 0;
  if (m.control().size() < sizeof type) return primitive::count_;
  __builtin_memcpy(&type, m.control().data(), sizeof type);
  return static_cast<primitive>(type);
}
/// Reads a primitive; false if the message is too short for it.
template <class K, class Structure>
bool read(message<K>& m, Structure& to) {
  if (m.control().size() < sizeof to) return false;
  __builtin_memcpy(&to, m.control().data(), sizeof to);
  return true;
}
/// The bytes at an offset of the control part; false if they are not all in it.
template <class K>
bool bytes_at(message<K>& m, u32 offset, u32 length, std::span<const u8>& to) {
  const auto all = m.control();
  if (length == 0) {
    to = {};
    return true;
  }
  if (offset > all.size() || length > all.size() - offset) return false;
  to = std::span<const u8>{all.data() + offset, length};
  return true;
}
/// A message that is a primitive, with runs of bytes behind it. Null: out of memory.
template <class K, class Structure>
message_ptr<K> make(message_type type, const Structure& from, std::span<const u8> first = {}, std::span<const u8> second = {}) {
  message_ptr<K> m = message<K>::make_control(type, sizeof from + first.size() + second.size());
  if (!m) return nullptr;
  u8* to = m->control().data();
  __builtin_memcpy(to, &from, sizeof from);
  if (!first.empty()) __builtin_memcpy(to + sizeof from, first.data(), first.size());
  if (!second.empty()) __builtin_memcpy(to + sizeof from + first.size(), second.data(), second.size());
  return m;
}

} // namespace polyabi::streams::tpi
