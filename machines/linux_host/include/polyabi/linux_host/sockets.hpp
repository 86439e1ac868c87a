// The host's sockets as the reference kernel asks for them (reference/machine_sockets.hpp), on a Linux host. The host is a
// personality the other way round: the same maps, structures and tables that describe Linux to the kernel describe the kernel to
// Linux.
//
// `Host` makes the host's calls, with x86-64's numbers: `static i64 call(i64 number, u64... arguments)`, negative for an error; and one
// that waits at a descriptor, its first argument: `waiting_call(const u32* word, u32 expected, i64 number, u64... arguments)`.
#pragma once

#include <polyabi/linux/fcntl_commands.hpp>
#include <polyabi/linux/socket_options.hpp>
#include <polyabi/linux_host/numbers.hpp>
#include <polyabi/reference/machine_sockets.hpp>

namespace polyabi::reference {

template <class Host>
class host_sockets {
  using model = lp64;
  using addresses = linux_abi::addresses<model>;
  using options = composed_options<linux_abi::option_tables::options, kernel, model, option_shape>;
  using controls = composed_options<linux_abi::option_tables::controls, kernel, model, control_shape>;
  using msghdr = linux_abi::msghdr<model>;
  using cmsghdr = linux_abi::cmsghdr<model>;
  static constexpr usize control_room = 2048;

public:
  static i64 socket(i32 family, i32 type, i32 protocol) {
    const i32 host_family = number_table<kernel_map<kernel, address_family>, linux_abi::address_families>::convert(family);
    const i32 host_type = number_table<kernel_map<kernel, socket_type>, linux_abi::socket_types>::convert(type);
    return answer(Host::call(linux_host::socket, word(host_family), word(host_type) | linux_host::nonblock | linux_host::cloexec,
                             word(protocol)));
  }

  static i64 bind(i32 descriptor, const socket_address<kernel>& a) { return with_address(linux_host::bind, descriptor, a); }
  static i64 connect(i32 descriptor, const socket_address<kernel>& a) { return with_address(linux_host::connect, descriptor, a); }

  /// By the name that /proc gives an open file: the path that it was found by may have changed.
  static i64 connect_local(i32 descriptor, i32 file) {
    linux_abi::sockaddr_un<model> to{};
    to.family.raw = static_cast<u16>(polyabi::detail::number_of<linux_abi::address_families>(address_family::unix_));
    constexpr std::string_view folder{"/proc/self/fd/", 14};
    __builtin_memcpy(to.path, folder.data(), folder.size());
    char digits[10];
    usize count = 0, size = folder.size();
    for (u32 rest = static_cast<u32>(file); count == 0 || rest != 0; rest /= 10) digits[count++] = static_cast<char>('0' + rest % 10);
    while (count != 0) to.path[size++] = digits[--count];
    return answer(Host::call(linux_host::connect, word(descriptor), word(&to), offset_of<linux_abi::sockaddr_un<model>, "path"> + size + 1));
  }

  static i64 listen(i32 descriptor, i32 backlog) { return answer(Host::call(linux_host::listen, word(descriptor), word(backlog))); }

  static i64 accept(i32 descriptor, socket_address<kernel>& from) {
    typename addresses::buffer bytes{};
    u32 size = sizeof bytes;
    const i64 made = Host::call(linux_host::accept4, word(descriptor), word(bytes), word(&size), linux_host::nonblock | linux_host::cloexec);
    if (made >= 0) take_address(bytes, size, from);
    return answer(made);
  }

  static i64 shutdown(i32 descriptor, i32 how) {
    const i32 host_how = number_table<kernel_map<kernel, shutdown_how>, linux_abi::shutdown_hows>::convert(how);
    return answer(Host::call(linux_host::shutdown, word(descriptor), word(host_how)));
  }

  static i64 socket_name(i32 descriptor, socket_address<kernel>& out) { return name(linux_host::getsockname, descriptor, out); }
  static i64 peer_name(i32 descriptor, socket_address<kernel>& out) { return name(linux_host::getpeername, descriptor, out); }

  static i64 send(i32 descriptor, const outgoing_message<kernel>& m, u32 flags) {
    using host_flags = flag_table<kernel_map<kernel, message_flag>, linux_abi::message_flags>;
    msghdr header{};
    typename addresses::buffer bytes{};
    if (m.to != nullptr && m.to->size != 0) {
      header.name = word(bytes);
      header.namelen = static_cast<i32>(addresses::to_foreign(*m.to, bytes));
      if (header.namelen == 0) return negative(error::afnosupport);
    }
    alignas(8) unsigned char control[control_room];
    usize control_size = 0;
    if (i64 wrong = put_control(m.control, control, control_size); wrong < 0) return wrong;
    if (control_size != 0) {
      header.control = word(control);
      header.controllen = control_size;
    }
    set_parts(header, m.data);
    const u64 how = host_flags::convert(flags) | linux_host::dontwait | linux_host::nosignal;
    return answer(Host::call(linux_host::sendmsg, word(descriptor), word(&header), how));
  }

  static i64 receive(i32 descriptor, incoming_message<kernel>& m, u32 flags) {
    return receive_by(m, flags, [&](const msghdr& header, u64 how) {
      return Host::call(linux_host::recvmsg, word(descriptor), word(&header), how | linux_host::dontwait);
    });
  }

  static i64 receive_waiting(i32 descriptor, incoming_message<kernel>& m, u32 flags, const u32* sleep_word, u32 expected) {
    return receive_by(m, flags, [&](const msghdr& header, u64 how) {
      return Host::waiting_call(sleep_word, expected, linux_host::recvmsg, word(descriptor), word(&header), how);
    });
  }

  static i64 let_block(i32 descriptor, bool may) {
    return answer(Host::call(linux_host::fcntl, word(descriptor), linux_abi::fcntl_commands::setfl, may ? 0 : linux_host::nonblock));
  }

  static i64 set_option(i32 descriptor, i32 level, i32 option, std::span<const unsigned char> value) {
    const auto known = options::find_native(level, option);
    if (known.option == nullptr || value.size() > option_value_limit) return negative(error::noprotoopt);
    alignas(8) unsigned char given[option_value_limit];
    option_bytes bytes{value.data(), value.size(), given};
    // Two numbers are not what a program gives: of a buffer's size the host takes half of what it will be.
    if (is_buffer(level, option) && value.size() >= sizeof(i32)) (void)bytes.put(i32{bytes.get<i32>() / 2});
    else if (known.option->out(bytes) != errc::none) return negative(error::inval);
    return answer(Host::call(linux_host::setsockopt, word(descriptor), word(known.level->number), word(known.option->number),
                             word(given), bytes.written));
  }

  static i64 get_option(i32 descriptor, i32 level, i32 option, std::span<unsigned char> value) {
    const auto known = options::find_native(level, option);
    if (known.option == nullptr) return negative(error::noprotoopt);
    alignas(8) unsigned char told[option_value_limit]{}, own[option_value_limit];
    i32 size = sizeof told;
    const i64 done = Host::call(linux_host::getsockopt, word(descriptor), word(known.level->number), word(known.option->number),
                                word(told), word(&size));
    if (done < 0) return answer(done);
    option_bytes bytes{told, static_cast<usize>(size), own};
    if (is_buffer(level, option)) (void)bytes.put(bytes.get<i32>());
    else if (known.option->in(bytes) != errc::none) return negative(error::inval);
    __builtin_memcpy(value.data(), own, bytes.written < value.size() ? bytes.written : value.size());
    return static_cast<i64>(bytes.written);
  }

  static i64 unsent(i32 descriptor) { return request(descriptor, linux_host::outq); }
  static i64 at_mark(i32 descriptor) { return request(descriptor, linux_host::at_mark); }

private:
  template <class Receives>
  static i64 receive_by(incoming_message<kernel>& m, u32 flags, Receives receives) {
    using host_flags = flag_table<kernel_map<kernel, message_flag>, linux_abi::message_flags>;
    using own_flags = flag_table<linux_abi::message_flags, kernel_map<kernel, message_flag>>;
    constexpr u32 told = message_flags::trunc | message_flags::ctrunc | message_flags::eor | message_flags::oob | message_flags::errqueue;
    msghdr header{};
    typename addresses::buffer bytes;
    if (m.from != nullptr) {
      header.name = word(bytes);
      header.namelen = sizeof bytes;
    }
    alignas(8) unsigned char control[control_room];
    if (!m.control.empty()) {
      header.control = word(control);
      header.controllen = sizeof control;
    }
    set_parts(header, m.data);
    const i64 size = receives(header, host_flags::convert(flags));
    if (size < 0) return answer(size);
    if (m.from != nullptr) take_address(bytes, static_cast<u32>(static_cast<i32>(header.namelen)), *m.from);
    m.flags |= static_cast<u32>(own_flags::convert(header.flags)) & told;
    if (!m.control.empty()) take_control({control, static_cast<usize>(header.controllen)}, m);
    return size;
  }

  static u64 word(const void* address) { return static_cast<u64>(reinterpret_cast<std::uintptr_t>(address)); }
  static u64 word(i64 number) { return static_cast<u64>(number); }
  static i64 negative(error e) { return -i64{static_cast<u16>(e)}; }

  /// The kernel's number for the host's error.
  static i64 answer(i64 host_answer) {
    if (host_answer >= 0) return host_answer;
    const i32 own = number_table<linux_abi::errors, kernel_map<kernel, errc>>::convert(static_cast<i32>(-host_answer));
    return own == no_number ? negative(error::io) : -i64{own};
  }

  static bool is_buffer(i32 level, i32 option) {
    return level == option_levels::socket && (option == socket_options::sndbuf || option == socket_options::rcvbuf ||
                                              option == socket_options::sndbufforce || option == socket_options::rcvbufforce);
  }

  static i64 with_address(i64 number, i32 descriptor, const socket_address<kernel>& a) {
    typename addresses::buffer bytes{};
    const usize size = addresses::to_foreign(a, bytes);
    if (size == 0) return negative(error::afnosupport);
    return answer(Host::call(number, word(descriptor), word(bytes), size));
  }

  static void take_address(const unsigned char* bytes, u32 size, socket_address<kernel>& to) {
    if (addresses::template to_native<kernel>(bytes, size, to) != errc::none) to.size = 0;
  }

  static i64 name(i64 number, i32 descriptor, socket_address<kernel>& out) {
    typename addresses::buffer bytes{};
    u32 size = sizeof bytes;
    const i64 done = Host::call(number, word(descriptor), word(bytes), word(&size));
    if (done >= 0) take_address(bytes, size, out);
    return answer(done);
  }

  static i64 request(i32 descriptor, u64 which) {
    i32 value = 0;
    const i64 done = Host::call(linux_host::ioctl, word(descriptor), which, word(&value));
    return done < 0 ? answer(done) : value;
  }

  /// A part of a user vector is an iovec of the host's.
  static void set_parts(msghdr& header, user_vector parts) {
    static_assert(sizeof(user_bytes) == 16 && offsetof(user_bytes, address) == 0 && offsetof(user_bytes, size) == 8);
    header.iov = word(parts.parts);
    header.iovlen = parts.count;
  }

  /// Control items of the kernel become the host's. Open files do not leave the kernel.
  static i64 put_control(std::span<const unsigned char> items, unsigned char* to, usize& size) {
    control_reader<kernel> reader{items};
    while (reader.next()) {
      const auto known = controls::find_native(reader.level, reader.type);
      if (known.option == nullptr) return negative(error::inval);
      if (reader.level == option_levels::socket && reader.type == control_types::rights) return negative(error::opnotsupp);
      alignas(8) unsigned char value[option_value_limit];
      option_bytes bytes{reader.value.data(), reader.value.size(), value};
      if (known.option->out(bytes) != errc::none) return negative(error::inval);
      const usize whole = sizeof(cmsghdr) + bytes.written;
      if (cmsghdr::aligned(whole) > control_room - size) return negative(error::nobufs);
      cmsghdr head{};
      head.len = whole;
      head.level = known.level->number;
      head.type = known.option->number;
      __builtin_memcpy(to + size, &head, sizeof head);
      __builtin_memcpy(to + size + sizeof head, value, bytes.written);
      size += cmsghdr::aligned(whole);
    }
    return 0;
  }

  static void take_control(std::span<const unsigned char> items, incoming_message<kernel>& m) {
    control_writer<kernel> own{m.control};
    while (items.size() >= sizeof(cmsghdr)) {
      cmsghdr head{};
      __builtin_memcpy(&head, items.data(), sizeof head);
      const usize whole = static_cast<usize>(static_cast<u64>(head.len));
      if (whole < sizeof head || whole > items.size()) break;
      const auto known = controls::find(head.level, head.type);
      alignas(8) unsigned char value[option_value_limit];
      option_bytes bytes{items.data() + sizeof head, whole - sizeof head, value};
      if (known.option != nullptr && known.option->in != nullptr && bytes.size <= option_value_limit &&
          known.option->in(bytes) == errc::none) {
        unsigned char* at = own.add(known.level->native, known.option->native, bytes.written);
        if (at != nullptr) __builtin_memcpy(at, value, bytes.written);
        else m.flags |= message_flags::ctrunc;
      }
      const usize step = cmsghdr::aligned(whole);
      items = items.subspan(step < items.size() ? step : items.size());
    }
    m.control_size = own.size();
  }
};

} // namespace polyabi::reference
