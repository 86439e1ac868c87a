// timod: ioctls for those requests of TPI that are answered at once. Everything else passes (timod(7M), sys/timod.h).
#pragma once

#include <polyabi/facilities/streams/stream.hpp>
#include <polyabi/facilities/streams/tpi/primitives.hpp>

namespace polyabi::streams {

/// The commands, as they stand in I_STR.
namespace timod_command {
inline constexpr u32 group = 'T' << 8;
inline constexpr u32 get_info = group | 140, manage_options = group | 141, bind = group | 142, unbind = group | 143,
                     get_own_name = group | 144, get_peer_name = group | 145, set_own_name = group | 146,
                     set_peer_name = group | 147, sync = group | 148, get_addresses = group | 149, capability = group | 150;
} // namespace timod_command

/// What a command's data must be, and what is passed on for it.
struct timod_row {
  u32 command;
  tpi::primitive first, second; ///< either of which the data may begin with
  usize size;                   ///< least
  message_type as;
  bool answers_data; ///< whether the acknowledgement's bytes are the ioctl's answer
};
inline constexpr timod_row timod_rows[] = {
    {timod_command::get_info, tpi::primitive::t_info_req, tpi::primitive::t_info_req, sizeof(tpi::info_req),
     message_type::pcproto, true},
    {timod_command::manage_options, tpi::primitive::t_svr4_optmgmt_req, tpi::primitive::t_optmgmt_req, sizeof(tpi::optmgmt_req),
     message_type::proto, true},
    {timod_command::bind, tpi::primitive::o_t_bind_req, tpi::primitive::t_bind_req, sizeof(tpi::bind_req), message_type::proto,
     true},
    {timod_command::unbind, tpi::primitive::t_unbind_req, tpi::primitive::t_unbind_req, sizeof(tpi::unbind_req),
     message_type::proto, false},
    {timod_command::get_addresses, tpi::primitive::t_addr_req, tpi::primitive::t_addr_req, sizeof(tpi::addr_req),
     message_type::proto, true},
    {timod_command::capability, tpi::primitive::t_capability_req, tpi::primitive::t_capability_req, sizeof(tpi::capability_req),
     message_type::pcproto, true},
};

/// TI_SYNC: what a process asks that has taken over an endpoint (struct ti_sync_req, struct ti_sync_ack).
struct sync_request {
  u32 flags; ///< 1 information, 2 whether expedited data waits, 4 how many connections may wait
  POLYABI_FIELDS(sync_request, flags)
};
struct sync_answer {
  tpi::info_ack info;
  u32 backlog, flags; ///< flags: 1 expedited data waits
  POLYABI_FIELDS(sync_answer, info, backlog, flags)
};

template <class K>
class timod final : public stream_module<K> {
public:
  timod() : stream_module<K>{"timod"sv} {}
  void release() override { destroy<K>(this); }

  void from_above(message_ptr<K> m) override {
    if (m->type != message_type::ioctl) return this->send_down(std::move(m));
    if (m->ioctl.command == timod_command::sync) return pass_on(std::move(m), sync_row);
    for (const timod_row& row : timod_rows)
      if (row.command == m->ioctl.command) return pass_on(std::move(m), row);
    this->send_down(std::move(m));
  }

  void from_below(message_ptr<K> m) override {
    if (!pending_ || m->type != message_type::pcproto || !is_answer(tpi::type_of(*m))) return this->send_up(std::move(m));
    message_ptr<K> asked = std::move(pending_);
    tpi::error_ack error{};
    if (tpi::type_of(*m) == tpi::primitive::t_error_ack && tpi::read(*m, error)) {
      asked->drop_data();
      asked->ioctl.value_above = static_cast<errc>(error.unix_error);
      return this->acknowledge(std::move(asked), static_cast<i32>(error.tli_error));
    }
    if (asked->ioctl.command == timod_command::sync) return answer_sync(std::move(asked), *m);
    if (!answers_data_) {
      asked->drop_data();
      return this->acknowledge(std::move(asked));
    }
    const auto bytes = m->control();
    message_ptr<K> answer = message<K>::make(message_type::iocack, 0, bytes.size(), false, true);
    if (!answer) return this->refuse(std::move(asked), errc::nosr);
    answer->ioctl = asked->ioctl;
    __builtin_memcpy(answer->data().data(), bytes.data(), bytes.size());
    this->acknowledge(std::move(answer));
  }

private:
  static constexpr timod_row sync_row{timod_command::sync,  tpi::primitive::t_info_req, tpi::primitive::t_info_req,
                                      sizeof(sync_request), message_type::pcproto,      true};

  bool is_answer(tpi::primitive p) const {
    using enum tpi::primitive;
    return p == t_error_ack || p == t_ok_ack || p == t_bind_ack || p == t_info_ack || p == t_optmgmt_ack || p == t_addr_ack ||
           p == t_capability_ack;
  }

  /// The ioctl's data becomes a request to the provider.
  void pass_on(message_ptr<K> m, const timod_row& row) {
    const auto data = m->data();
    if (data.size() < row.size || pending_) return this->refuse(std::move(m), errc::inval);
    message_ptr<K> down;
    if (row.command == timod_command::sync) {
      __builtin_memcpy(&sync_, data.data(), sizeof sync_);
      down = tpi::make<K>(row.as, tpi::info_req{static_cast<u32>(tpi::info_req::id)});
    } else {
      u32 type = 0;
      __builtin_memcpy(&type, data.data(), sizeof type);
      if (static_cast<tpi::primitive>(type) != row.first && static_cast<tpi::primitive>(type) != row.second)
        return this->refuse(std::move(m), errc::proto);
      down = message<K>::make_control(row.as, data.size());
      if (down) __builtin_memcpy(down->control().data(), data.data(), data.size());
    }
    if (!down) return this->refuse(std::move(m), errc::nosr);
    // Answered by a message of high priority, whatever it was asked by.
    if (row.command == timod_command::capability) down->type = message_type::pcproto;
    answers_data_ = row.answers_data;
    pending_ = std::move(m);
    this->send_down(std::move(down));
  }

  void answer_sync(message_ptr<K> asked, message<K>& acknowledgement) {
    sync_answer says{};
    if (!tpi::read(acknowledgement, says.info)) return this->refuse(std::move(asked), errc::proto);
    if ((sync_.flags & 4) != 0)
      if (auto* e = this->head->driver->as_transport(); e != nullptr) says.backlog = e->backlog();
    for (message<K>* m = this->head->reading.first(); (sync_.flags & 2) != 0 && m != nullptr; m = this->head->reading.after(*m))
      if (m->is_protocol() && tpi::type_of(*m) == tpi::primitive::t_exdata_ind) says.flags |= 1;
    message_ptr<K> answer = message<K>::make(message_type::iocack, 0, sizeof says, false, true);
    if (!answer) return this->refuse(std::move(asked), errc::nosr);
    answer->ioctl = asked->ioctl;
    __builtin_memcpy(answer->data().data(), &says, sizeof says);
    this->acknowledge(std::move(answer));
  }

  message_ptr<K> pending_; ///< an ioctl whose answer is on its way
  bool answers_data_ = false;
  sync_request sync_{};
};

} // namespace polyabi::streams
