// The reference kernel's own numbers under the vocabulary's names: one half of every composed table. `kernel::map<open_flag>`.
#pragma once

#include <polyabi/core/flag_map.hpp>
#include <polyabi/core/number_map.hpp>
#include <polyabi/reference/numbers.hpp>

namespace polyabi::reference {

namespace maps {

/// A row whose number is an enumerator or an unsigned constant.
template <class Name, class Number>
constexpr number_row<Name> is(Name name, Number number) {
  return {name, static_cast<i32>(number)};
}

struct errors : number_map<errc> {
  static constexpr auto rows = std::to_array<row>({
      is(errc::perm, error::perm), is(errc::noent, error::noent), is(errc::srch, error::srch), is(errc::intr, error::intr),
      is(errc::io, error::io), is(errc::nxio, error::nxio), is(errc::toobig, error::toobig), is(errc::noexec, error::noexec),
      is(errc::badf, error::badf), is(errc::child, error::child), is(errc::deadlk, error::deadlk), is(errc::nomem, error::nomem),
      is(errc::acces, error::acces), is(errc::fault, error::fault), is(errc::notblk, error::notblk), is(errc::busy, error::busy),
      is(errc::exist, error::exist), is(errc::xdev, error::xdev), is(errc::nodev, error::nodev),
      is(errc::notdir, error::notdir), is(errc::isdir, error::isdir), is(errc::inval, error::inval),
      is(errc::nfile, error::nfile), is(errc::mfile, error::mfile), is(errc::notty, error::notty),
      is(errc::txtbsy, error::txtbsy), is(errc::fbig, error::fbig), is(errc::nospc, error::nospc),
      is(errc::spipe, error::spipe), is(errc::rofs, error::rofs), is(errc::mlink, error::mlink), is(errc::pipe, error::pipe),
      is(errc::dom, error::dom), is(errc::range, error::range), is(errc::again, error::again),
      is(errc::inprogress, error::inprogress), is(errc::already, error::already), is(errc::notsock, error::notsock),
      is(errc::destaddrreq, error::destaddrreq), is(errc::msgsize, error::msgsize), is(errc::prototype, error::prototype),
      is(errc::noprotoopt, error::noprotoopt), is(errc::protonosupport, error::protonosupport),
      is(errc::socktnosupport, error::socktnosupport), is(errc::opnotsupp, error::opnotsupp),
      is(errc::pfnosupport, error::pfnosupport), is(errc::afnosupport, error::afnosupport),
      is(errc::addrinuse, error::addrinuse), is(errc::addrnotavail, error::addrnotavail), is(errc::netdown, error::netdown),
      is(errc::netunreach, error::netunreach), is(errc::netreset, error::netreset), is(errc::connaborted, error::connaborted),
      is(errc::connreset, error::connreset), is(errc::nobufs, error::nobufs), is(errc::isconn, error::isconn),
      is(errc::notconn, error::notconn), is(errc::shutdown, error::shutdown), is(errc::toomanyrefs, error::toomanyrefs),
      is(errc::timedout, error::timedout), is(errc::connrefused, error::connrefused), is(errc::loop, error::loop),
      is(errc::nametoolong, error::nametoolong), is(errc::hostdown, error::hostdown),
      is(errc::hostunreach, error::hostunreach), is(errc::notempty, error::notempty), is(errc::proclim, error::proclim),
      is(errc::users, error::users), is(errc::dquot, error::dquot), is(errc::stale, error::stale),
      is(errc::remote, error::remote), is(errc::badrpc, error::badrpc), is(errc::rpcmismatch, error::rpcmismatch),
      is(errc::progunavail, error::progunavail), is(errc::progmismatch, error::progmismatch),
      is(errc::procunavail, error::procunavail), is(errc::nolck, error::nolck), is(errc::nosys, error::nosys),
      is(errc::ftype, error::ftype), is(errc::auth, error::auth), is(errc::needauth, error::needauth),
      is(errc::idrm, error::idrm), is(errc::nomsg, error::nomsg), is(errc::overflow, error::overflow),
      is(errc::ilseq, error::ilseq), is(errc::badmsg, error::badmsg), is(errc::nodata, error::nodata),
      is(errc::nosr, error::nosr), is(errc::nostr, error::nostr), is(errc::time, error::time), is(errc::proto, error::proto),
      is(errc::multihop, error::multihop), is(errc::nolink, error::nolink), is(errc::canceled, error::canceled),
      is(errc::notsup, error::notsup), is(errc::ownerdead, error::ownerdead),
      is(errc::notrecoverable, error::notrecoverable), is(errc::noattr, error::noattr),
  });
};
static_assert(checked<errors>);

struct signal_numbers : number_map<signal> {
  static constexpr i32 realtime_first = signals::realtime_first, realtime_last = signals::realtime_last;
  static constexpr auto rows = std::to_array<row>({
      {signal::hup, signals::hup}, {signal::int_, signals::int_}, {signal::quit, signals::quit}, {signal::ill, signals::ill},
      {signal::trap, signals::trap}, {signal::abrt, signals::abrt}, {signal::emt, signals::emt}, {signal::fpe, signals::fpe},
      {signal::kill, signals::kill}, {signal::bus, signals::bus}, {signal::segv, signals::segv}, {signal::sys, signals::sys},
      {signal::pipe, signals::pipe}, {signal::alrm, signals::alrm}, {signal::term, signals::term}, {signal::urg, signals::urg},
      {signal::stop, signals::stop}, {signal::tstp, signals::tstp}, {signal::cont, signals::cont}, {signal::chld, signals::chld},
      {signal::ttin, signals::ttin}, {signal::ttou, signals::ttou}, {signal::io, signals::io}, {signal::xcpu, signals::xcpu},
      {signal::xfsz, signals::xfsz}, {signal::vtalrm, signals::vtalrm}, {signal::prof, signals::prof},
      {signal::winch, signals::winch}, {signal::info, signals::info}, {signal::usr1, signals::usr1},
      {signal::usr2, signals::usr2}, {signal::pwr, signals::pwr}, {signal::stkflt, signals::stkflt},
      {signal::waiting, signals::waiting}, {signal::lwp, signals::lwp}, {signal::freeze, signals::freeze},
      {signal::thaw, signals::thaw}, {signal::cancel, signals::cancel}, {signal::lost, signals::lost},
      {signal::xres, signals::xres},
      absent(signal::jvm1), absent(signal::jvm2),
  });
};
static_assert(checked<signal_numbers>);

/// Codes of different signals share numbers, so this map is used within the codes of one signal only.
struct signal_code_numbers : number_map<signal_code> {
  static constexpr auto rows = std::to_array<row>({
      {signal_code::user, signal_codes::user}, {signal_code::kernel, signal_codes::kernel},
      {signal_code::queue, signal_codes::queue}, {signal_code::timer, signal_codes::timer},
      {signal_code::mesgq, signal_codes::mesgq}, {signal_code::asyncio, signal_codes::asyncio},
      {signal_code::lwp, signal_codes::lwp}, nearest(signal_code::tkill, signal_codes::lwp),
      nearest(signal_code::sigio, signal_codes::asyncio),
      {signal_code::ill_illopc, signal_codes::ill_illopc}, {signal_code::ill_illopn, signal_codes::ill_illopn},
      {signal_code::ill_illadr, signal_codes::ill_illadr}, {signal_code::ill_illtrp, signal_codes::ill_illtrp},
      {signal_code::ill_prvopc, signal_codes::ill_prvopc}, {signal_code::ill_prvreg, signal_codes::ill_prvreg},
      {signal_code::ill_coproc, signal_codes::ill_coproc}, {signal_code::ill_badstk, signal_codes::ill_badstk},
      {signal_code::fpe_intdiv, signal_codes::fpe_intdiv}, {signal_code::fpe_intovf, signal_codes::fpe_intovf},
      {signal_code::fpe_fltdiv, signal_codes::fpe_fltdiv}, {signal_code::fpe_fltovf, signal_codes::fpe_fltovf},
      {signal_code::fpe_fltund, signal_codes::fpe_fltund}, {signal_code::fpe_fltres, signal_codes::fpe_fltres},
      {signal_code::fpe_fltinv, signal_codes::fpe_fltinv}, {signal_code::fpe_fltsub, signal_codes::fpe_fltsub},
      {signal_code::segv_maperr, signal_codes::segv_maperr}, {signal_code::segv_accerr, signal_codes::segv_accerr},
      {signal_code::bus_adraln, signal_codes::bus_adraln}, {signal_code::bus_adrerr, signal_codes::bus_adrerr},
      {signal_code::bus_objerr, signal_codes::bus_objerr}, {signal_code::trap_brkpt, signal_codes::trap_brkpt},
      {signal_code::trap_trace, signal_codes::trap_trace}, {signal_code::cld_exited, signal_codes::cld_exited},
      {signal_code::cld_killed, signal_codes::cld_killed}, {signal_code::cld_dumped, signal_codes::cld_dumped},
      {signal_code::cld_trapped, signal_codes::cld_trapped}, {signal_code::cld_stopped, signal_codes::cld_stopped},
      {signal_code::cld_continued, signal_codes::cld_continued},
      {signal_code::poll_in, signal_codes::poll_in}, {signal_code::poll_out, signal_codes::poll_out},
      {signal_code::poll_msg, signal_codes::poll_msg}, {signal_code::poll_err, signal_codes::poll_err},
      {signal_code::poll_pri, signal_codes::poll_pri}, {signal_code::poll_hup, signal_codes::poll_hup},
      {signal_code::sys_filter, signal_codes::sys_filter},
  });
};

/// The type nibble of a mode.
struct file_types : number_map<file_type> {
  static constexpr auto rows = std::to_array<row>({
      is(file_type::fifo, file_modes::fifo >> 12), is(file_type::chr, file_modes::chr >> 12), is(file_type::dir, file_modes::dir >> 12),
      is(file_type::blk, file_modes::blk >> 12), is(file_type::reg, file_modes::reg >> 12), is(file_type::lnk, file_modes::lnk >> 12),
      is(file_type::sock, file_modes::sock >> 12),
  });
};
static_assert(checked<file_types>);

struct open_flag_bits : flag_map<open_flag> {
  static constexpr auto rows = std::to_array<flag_row>({
      choice(access_mode::rdonly, open_flags::accmode, open_flags::rdonly),
      choice(access_mode::wronly, open_flags::accmode, open_flags::wronly),
      choice(access_mode::rdwr, open_flags::accmode, open_flags::rdwr),
      choice(access_mode::neither, open_flags::accmode, open_flags::neither),
      bit(open_flag::creat, open_flags::creat), bit(open_flag::excl, open_flags::excl),
      bit(open_flag::noctty, open_flags::noctty), bit(open_flag::trunc, open_flags::trunc),
      bit(open_flag::append, open_flags::append), bit(open_flag::nonblock, open_flags::nonblock),
      bit(open_flag::sync, open_flags::sync), bit(open_flag::dsync, open_flags::dsync),
      bit(open_flag::async, open_flags::async), bit(open_flag::direct, open_flags::direct),
      bit(open_flag::directory, open_flags::directory), bit(open_flag::nofollow, open_flags::nofollow),
      bit(open_flag::noatime, open_flags::noatime), bit(open_flag::cloexec, open_flags::cloexec),
      bit(open_flag::path, open_flags::path), bit(open_flag::tmpfile, open_flags::tmpfile),
      bit(open_flag::shlock, open_flags::shlock), bit(open_flag::exlock, open_flags::exlock),
      bit(open_flag::largefile, open_flags::largefile), // of whatever was opened by a name: every offset has 64 bits
      without(open_flag::rsync), without(open_flag::ndelay), without(open_flag::search),
      refuses(open_flag::xattr, errc::inval), refuses(open_flag::nolinks, errc::inval),
  });
};
static_assert(checked<open_flag_bits>);

struct access_mode_numbers : number_map<access_mode> {
  static constexpr auto rows = std::to_array<row>({{access_mode::rdonly, 0}, {access_mode::wronly, 1}, {access_mode::rdwr, 2}});
};
static_assert(checked<access_mode_numbers>);

struct at_flag_bits : flag_map<at_flag> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(at_flag::eaccess, at::eaccess), bit(at_flag::symlink_nofollow, at::symlink_nofollow),
      bit(at_flag::symlink_follow, at::symlink_follow), bit(at_flag::removedir, at::removedir),
      bit(at_flag::empty_path, at::empty_path), bit(at_flag::no_automount, at::no_automount),
      bit(at_flag::birth_time, at::birth_time),
  });
};
static_assert(checked<at_flag_bits>);

struct fd_flag_bits : flag_map<fd_flag> {
  static constexpr auto rows = std::to_array<flag_row>({bit(fd_flag::cloexec, fd_flags::cloexec)});
};

struct access_check_bits : flag_map<access_check> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(access_check::r_ok, access_modes::read), bit(access_check::w_ok, access_modes::write),
      bit(access_check::x_ok, access_modes::exec),
  });
};

struct seek_numbers : number_map<seek_origin> {
  static constexpr auto rows = std::to_array<row>({
      {seek_origin::set, seek_origins::set}, {seek_origin::cur, seek_origins::current}, {seek_origin::end, seek_origins::end},
      {seek_origin::data, seek_origins::data}, {seek_origin::hole, seek_origins::hole},
  });
};
static_assert(checked<seek_numbers>);

struct protection_bits : flag_map<protection> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(protection::read, protections::read), bit(protection::write, protections::write),
      bit(protection::exec, protections::exec),
      bit(protection::growsdown, protections::growsdown), refuses(protection::growsup, errc::inval),
  });
};
static_assert(checked<protection_bits>);

struct map_flag_bits : flag_map<map_flag> {
  static constexpr u64 kind = map_flags::shared | map_flags::private_;
  static constexpr auto rows = std::to_array<flag_row>({
      choice(map_flag::shared, kind, map_flags::shared), choice(map_flag::private_, kind, map_flags::private_),
      bit(map_flag::fixed, map_flags::fixed), bit(map_flag::noreserve, map_flags::noreserve),
      bit(map_flag::stack, map_flags::stack), bit(map_flag::anonymous, map_flags::anonymous),
      bit(map_flag::fixed_noreplace, map_flags::fixed_noreplace), bit(map_flag::populate, map_flags::populate),
      bit(map_flag::low32, map_flags::low32), bit(map_flag::growsdown, map_flags::growsdown),
      bit(map_flag::locked, map_flags::locked), bit(map_flag::nonblock, map_flags::nonblock),
      without(map_flag::denywrite), without(map_flag::executable),
      without(map_flag::text), without(map_flag::initdata), without(map_flag::rename), without(map_flag::new_),
      without(map_flag::uninitialized), without(map_flag::align),
      refuses(map_flag::shared_validate, errc::opnotsupp), refuses(map_flag::hugetlb, errc::nomem),
      refuses(map_flag::sync, errc::opnotsupp),
  });
};
static_assert(checked<map_flag_bits>);

struct remap_flag_bits : flag_map<remap_flag> {
  static constexpr auto rows =
      std::to_array<flag_row>({bit(remap_flag::maymove, remap_flags::may_move), bit(remap_flag::fixed, remap_flags::fixed),
                               bit(remap_flag::dontunmap, remap_flags::keep)});
};
static_assert(checked<remap_flag_bits>);

struct sync_flag_bits : flag_map<sync_flag> {
  static constexpr auto rows =
      std::to_array<flag_row>({bit(sync_flag::async, sync_flags::async), bit(sync_flag::invalidate, sync_flags::invalidate),
                               bit(sync_flag::sync, sync_flags::sync)});
};
static_assert(checked<sync_flag_bits>);

struct lock_flag_bits : flag_map<lock_flag> {
  static constexpr auto rows =
      std::to_array<flag_row>({bit(lock_flag::current, lock_flags::current), bit(lock_flag::future, lock_flags::future),
                               bit(lock_flag::onfault, lock_flags::on_fault)});
};
static_assert(checked<lock_flag_bits>);

/// Advice that is no more than a hint, whatever its name, is `normal` here.
struct advice_numbers : number_map<memory_advice> {
  static constexpr auto rows = std::to_array<row>({
      {memory_advice::normal, advices::normal}, {memory_advice::random, advices::random},
      {memory_advice::sequential, advices::sequential}, {memory_advice::willneed, advices::willneed},
      {memory_advice::dontneed, advices::dontneed}, {memory_advice::free, advices::free},
      {memory_advice::remove, advices::remove}, {memory_advice::dontfork, advices::dontfork},
      {memory_advice::dofork, advices::dofork}, {memory_advice::dontdump, advices::dontdump},
      {memory_advice::dodump, advices::dodump}, {memory_advice::wipeonfork, advices::wipeonfork},
      {memory_advice::keeponfork, advices::keeponfork}, {memory_advice::cold, advices::cold},
      {memory_advice::pageout, advices::pageout}, {memory_advice::populate_read, advices::populate_read},
      {memory_advice::populate_write, advices::populate_write}, {memory_advice::dontneed_locked, advices::dontneed_locked},
      nearest(memory_advice::mergeable, advices::normal), nearest(memory_advice::unmergeable, advices::normal), nearest(memory_advice::hugepage, advices::normal),
      nearest(memory_advice::nohugepage, advices::normal), nearest(memory_advice::access_default, advices::normal), nearest(memory_advice::access_lwp, advices::normal),
      nearest(memory_advice::access_many, advices::normal),
  });
};
static_assert(checked<advice_numbers>);

struct barrier_numbers : number_map<barrier_command> {
  static constexpr auto rows = std::to_array<row>({
      {barrier_command::global, barriers::global},
      {barrier_command::global_expedited, barriers::global_expedited},
      {barrier_command::register_global_expedited, barriers::register_global_expedited},
      {barrier_command::private_expedited, barriers::private_expedited},
      {barrier_command::register_private_expedited, barriers::register_private_expedited},
      {barrier_command::private_expedited_sync_core, barriers::sync_core},
      {barrier_command::register_private_expedited_sync_core, barriers::register_sync_core},
  });
};
static_assert(checked<barrier_numbers>);

/// Writable for normal data is the same bit as writable, so one number has two names here: no `checked`.
struct poll_event_bits : flag_map<poll_event> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(poll_event::in, poll_events::in), bit(poll_event::pri, poll_events::pri), bit(poll_event::out, poll_events::out),
      bit(poll_event::err, poll_events::err), bit(poll_event::hup, poll_events::hup), bit(poll_event::nval, poll_events::nval),
      bit(poll_event::rdnorm, poll_events::rdnorm), bit(poll_event::rdband, poll_events::rdband),
      bit(poll_event::wrband, poll_events::wrband), bit(poll_event::wrnorm, poll_events::wrnorm),
      bit(poll_event::rdhup, poll_events::rdhup),
      without(poll_event::msg), without(poll_event::remove), without(poll_event::rddata), without(poll_event::noerr),
      without(poll_event::closed),
  });
};

struct sigaction_flag_bits : flag_map<sigaction_flag> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(sigaction_flag::onstack, sigaction_flags::onstack), bit(sigaction_flag::restart, sigaction_flags::restart),
      bit(sigaction_flag::resethand, sigaction_flags::resethand), bit(sigaction_flag::nocldstop, sigaction_flags::nocldstop),
      bit(sigaction_flag::nodefer, sigaction_flags::nodefer), bit(sigaction_flag::nocldwait, sigaction_flags::nocldwait),
      bit(sigaction_flag::siginfo, sigaction_flags::siginfo), bit(sigaction_flag::restorer, sigaction_flags::restorer),
      without(sigaction_flag::waitsig), without(sigaction_flag::unsupported), without(sigaction_flag::expose_tagbits),
  });
};
static_assert(checked<sigaction_flag_bits>);

struct sigmask_how_numbers : number_map<sigmask_how> {
  static constexpr auto rows = std::to_array<row>({{sigmask_how::block, sigmask_hows::block},
                                                   {sigmask_how::unblock, sigmask_hows::unblock},
                                                   {sigmask_how::setmask, sigmask_hows::setmask}});
};
static_assert(checked<sigmask_how_numbers>);

struct sigstack_flag_bits : flag_map<sigstack_flag> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(sigstack_flag::onstack, sigstack_flags::onstack), bit(sigstack_flag::disable, sigstack_flags::disable),
      bit(sigstack_flag::autodisarm, sigstack_flags::autodisarm),
  });
};

struct wait_flag_bits : flag_map<wait_flag> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(wait_flag::nohang, wait_flags::nohang), bit(wait_flag::untraced, wait_flags::untraced),
      bit(wait_flag::continued, wait_flags::continued), bit(wait_flag::nowait, wait_flags::nowait),
      bit(wait_flag::exited, wait_flags::exited), bit(wait_flag::trapped, wait_flags::trapped),
      bit(wait_flag::all, wait_flags::all), bit(wait_flag::clone, wait_flags::clone), without(wait_flag::nothread),
  });
};
static_assert(checked<wait_flag_bits>);

struct wait_target_numbers : number_map<wait_target> {
  static constexpr auto rows = std::to_array<row>({{wait_target::all, wait_targets::all},
                                                   {wait_target::pid, wait_targets::pid},
                                                   {wait_target::pgid, wait_targets::group}});
};
static_assert(checked<wait_target_numbers>);

struct resource_numbers : number_map<resource> {
  static constexpr auto rows = std::to_array<row>({
      {resource::cpu, resources::cpu}, {resource::fsize, resources::fsize}, {resource::data, resources::data},
      {resource::stack, resources::stack}, {resource::core, resources::core}, {resource::rss, resources::rss},
      {resource::memlock, resources::memlock}, {resource::nproc, resources::nproc}, {resource::nofile, resources::nofile},
      {resource::sbsize, resources::sbsize}, {resource::as, resources::as}, {resource::locks, resources::locks},
      {resource::sigpending, resources::sigpending}, {resource::msgqueue, resources::msgqueue},
      {resource::nice, resources::nice}, {resource::rtprio, resources::rtprio}, {resource::rttime, resources::rttime},
  });
};
static_assert(checked<resource_numbers>);

struct privilege_bits : flag_map<privilege> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(privilege::change_owner, privileges::change_owner), bit(privilege::pass_permissions, privileges::pass_permissions),
      bit(privilege::read_anything, privileges::read_anything), bit(privilege::act_as_owner, privileges::act_as_owner),
      bit(privilege::keep_set_id, privileges::keep_set_id), bit(privilege::signal_anyone, privileges::signal_anyone),
      bit(privilege::set_groups, privileges::set_groups), bit(privilege::set_users, privileges::set_users),
      bit(privilege::low_ports, privileges::low_ports), bit(privilege::network, privileges::network),
      bit(privilege::raw_sockets, privileges::raw_sockets), bit(privilege::lock_memory, privileges::lock_memory),
      bit(privilege::change_root, privileges::change_root), bit(privilege::inspect, privileges::inspect),
      bit(privilege::administer, privileges::administer), bit(privilege::priorities, privileges::priorities),
      bit(privilege::exceed_limits, privileges::exceed_limits), bit(privilege::clocks, privileges::clocks),
      bit(privilege::make_devices, privileges::make_devices), bit(privilege::terminals, privileges::terminals),
  });
};
static_assert(checked<privilege_bits>);

struct clock_numbers : number_map<clock> {
  static constexpr auto rows = std::to_array<row>({
      {clock::realtime, clocks::realtime}, {clock::virtual_, clocks::virtual_}, {clock::prof, clocks::prof},
      {clock::monotonic, clocks::monotonic}, {clock::boottime, clocks::boottime},
      {clock::realtime_coarse, clocks::realtime_coarse}, {clock::monotonic_coarse, clocks::monotonic_coarse},
      {clock::monotonic_raw, clocks::monotonic_raw}, {clock::thread_cputime_id, clocks::thread_cputime_id},
      {clock::process_cputime_id, clocks::process_cputime_id}, {clock::tai, clocks::tai},
      nearest(clock::realtime_alarm, clocks::realtime), nearest(clock::boottime_alarm, clocks::boottime),
  });
};
static_assert(checked<clock_numbers>);

struct interval_timer_numbers : number_map<interval_timer> {
  static constexpr auto rows = std::to_array<row>({{interval_timer::real, interval_timers::real},
                                                   {interval_timer::virtual_, interval_timers::virtual_},
                                                   {interval_timer::prof, interval_timers::prof}});
};
static_assert(checked<interval_timer_numbers>);

struct lock_kind_numbers : number_map<lock_kind> {
  static constexpr auto rows = std::to_array<row>({{lock_kind::rdlck, lock_kinds::rdlck},
                                                   {lock_kind::wrlck, lock_kinds::wrlck},
                                                   {lock_kind::unlck, lock_kinds::unlck}});
};
static_assert(checked<lock_kind_numbers>);

struct usage_numbers : number_map<usage_of> {
  static constexpr auto rows = std::to_array<row>({{usage_of::self, usages::self},
                                                   {usage_of::children, usages::children},
                                                   {usage_of::thread, usages::thread}});
};
static_assert(checked<usage_numbers>);

struct input_mode_bits : flag_map<input_mode> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(input_mode::ignbrk, termios_bits::ignbrk), bit(input_mode::brkint, termios_bits::brkint),
      bit(input_mode::ignpar, termios_bits::ignpar), bit(input_mode::parmrk, termios_bits::parmrk),
      bit(input_mode::inpck, termios_bits::inpck), bit(input_mode::istrip, termios_bits::istrip),
      bit(input_mode::inlcr, termios_bits::inlcr), bit(input_mode::igncr, termios_bits::igncr),
      bit(input_mode::icrnl, termios_bits::icrnl), bit(input_mode::iuclc, termios_bits::iuclc),
      bit(input_mode::ixon, termios_bits::ixon), bit(input_mode::ixany, termios_bits::ixany),
      bit(input_mode::ixoff, termios_bits::ixoff), bit(input_mode::imaxbel, termios_bits::imaxbel),
      bit(input_mode::iutf8, termios_bits::iutf8), without(input_mode::dosmode),
  });
};
static_assert(checked<input_mode_bits>);

struct output_mode_bits : flag_map<output_mode> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(output_mode::opost, termios_bits::opost), bit(output_mode::onlcr, termios_bits::onlcr),
      bit(output_mode::oxtabs, termios_bits::oxtabs), bit(output_mode::onoeot, termios_bits::onoeot),
      bit(output_mode::ocrnl, termios_bits::ocrnl), bit(output_mode::onocr, termios_bits::onocr),
      bit(output_mode::onlret, termios_bits::onlret), bit(output_mode::olcuc, termios_bits::olcuc),
      bit(output_mode::ofill, termios_bits::ofill), bit(output_mode::ofdel, termios_bits::ofdel),
      without(output_mode::nldly), without(output_mode::crdly), without(output_mode::tabdly), without(output_mode::bsdly),
      without(output_mode::vtdly), without(output_mode::ffdly), without(output_mode::pageout), without(output_mode::wrap),
  });
};
static_assert(checked<output_mode_bits>);

struct control_mode_bits : flag_map<control_mode> {
  static constexpr auto rows = std::to_array<flag_row>({
      choice(character_size::cs5, termios_bits::csize, termios_bits::cs5),
      choice(character_size::cs6, termios_bits::csize, termios_bits::cs6),
      choice(character_size::cs7, termios_bits::csize, termios_bits::cs7),
      choice(character_size::cs8, termios_bits::csize, termios_bits::cs8),
      bit(control_mode::cstopb, termios_bits::cstopb), bit(control_mode::cread, termios_bits::cread),
      bit(control_mode::parenb, termios_bits::parenb), bit(control_mode::parodd, termios_bits::parodd),
      bit(control_mode::hupcl, termios_bits::hupcl), bit(control_mode::clocal, termios_bits::clocal),
      bit(control_mode::crtscts, termios_bits::crtscts), bit(control_mode::cmspar, termios_bits::cmspar),
      without(control_mode::addrb), without(control_mode::rcv1en), without(control_mode::xmt1en),
      without(control_mode::loblk), without(control_mode::xclude), without(control_mode::parext),
  });
};
static_assert(checked<control_mode_bits>);

struct character_size_numbers : number_map<character_size> {
  static constexpr auto rows = std::to_array<row>({
      is(character_size::cs5, termios_bits::cs5), is(character_size::cs6, termios_bits::cs6),
      is(character_size::cs7, termios_bits::cs7), is(character_size::cs8, termios_bits::cs8),
  });
};
static_assert(checked<character_size_numbers>);

struct local_mode_bits : flag_map<local_mode> {
  static constexpr auto rows = std::to_array<flag_row>({
      bit(local_mode::isig, termios_bits::isig), bit(local_mode::icanon, termios_bits::icanon),
      bit(local_mode::xcase, termios_bits::xcase), bit(local_mode::echo, termios_bits::echo),
      bit(local_mode::echoe, termios_bits::echoe), bit(local_mode::echok, termios_bits::echok),
      bit(local_mode::echonl, termios_bits::echonl), bit(local_mode::noflsh, termios_bits::noflsh),
      bit(local_mode::tostop, termios_bits::tostop), bit(local_mode::echoctl, termios_bits::echoctl),
      bit(local_mode::echoprt, termios_bits::echoprt), bit(local_mode::echoke, termios_bits::echoke),
      bit(local_mode::flusho, termios_bits::flusho), bit(local_mode::pendin, termios_bits::pendin),
      bit(local_mode::iexten, termios_bits::iexten), bit(local_mode::extproc, termios_bits::extproc),
      bit(local_mode::altwerase, termios_bits::altwerase), bit(local_mode::nokerninfo, termios_bits::nokerninfo),
      without(local_mode::defecho),
  });
};
static_assert(checked<local_mode_bits>);

struct control_character_numbers : number_map<control_character> {
  static constexpr u8 disabled = termios_bits::disabled;
  static constexpr auto rows = std::to_array<row>({
      is(control_character::vintr, termios_bits::vintr), is(control_character::vquit, termios_bits::vquit),
      is(control_character::verase, termios_bits::verase), is(control_character::vkill, termios_bits::vkill),
      is(control_character::veof, termios_bits::veof), is(control_character::veol, termios_bits::veol),
      is(control_character::veol2, termios_bits::veol2), is(control_character::vswtch, termios_bits::vswtch),
      is(control_character::vstart, termios_bits::vstart), is(control_character::vstop, termios_bits::vstop),
      is(control_character::vsusp, termios_bits::vsusp), is(control_character::vdsusp, termios_bits::vdsusp),
      is(control_character::vreprint, termios_bits::vreprint), is(control_character::vdiscard, termios_bits::vdiscard),
      is(control_character::vwerase, termios_bits::vwerase), is(control_character::vlnext, termios_bits::vlnext),
      is(control_character::vstatus, termios_bits::vstatus), is(control_character::vmin, termios_bits::vmin),
      is(control_character::vtime, termios_bits::vtime),
  });
};
static_assert(checked<control_character_numbers>);

struct set_attributes_numbers : number_map<set_attributes_when> {
  static constexpr auto rows = std::to_array<row>({{set_attributes_when::now, attribute_times::now},
                                                   {set_attributes_when::drain, attribute_times::drain},
                                                   {set_attributes_when::flush, attribute_times::flush}});
};
static_assert(checked<set_attributes_numbers>);

struct flush_queue_numbers : number_map<flush_queue> {
  static constexpr auto rows = std::to_array<row>({{flush_queue::iflush, flush_queues::input},
                                                   {flush_queue::oflush, flush_queues::output},
                                                   {flush_queue::ioflush, flush_queues::both}});
};
static_assert(checked<flush_queue_numbers>);

struct flow_action_numbers : number_map<flow_action> {
  static constexpr auto rows = std::to_array<row>({{flow_action::ooff, flow_actions::output_off},
                                                   {flow_action::oon, flow_actions::output_on},
                                                   {flow_action::ioff, flow_actions::input_off},
                                                   {flow_action::ion, flow_actions::input_on}});
};
static_assert(checked<flow_action_numbers>);

} // namespace maps

namespace detail {
template <class Name> struct map_for;
template <> struct map_for<errc> { using type = maps::errors; };
template <> struct map_for<signal> { using type = maps::signal_numbers; };
template <> struct map_for<signal_code> { using type = maps::signal_code_numbers; };
template <> struct map_for<file_type> { using type = maps::file_types; };
template <> struct map_for<access_mode> { using type = maps::access_mode_numbers; };
template <> struct map_for<open_flag> { using type = maps::open_flag_bits; };
template <> struct map_for<at_flag> { using type = maps::at_flag_bits; };
template <> struct map_for<fd_flag> { using type = maps::fd_flag_bits; };
template <> struct map_for<access_check> { using type = maps::access_check_bits; };
template <> struct map_for<seek_origin> { using type = maps::seek_numbers; };
template <> struct map_for<protection> { using type = maps::protection_bits; };
template <> struct map_for<map_flag> { using type = maps::map_flag_bits; };
template <> struct map_for<remap_flag> { using type = maps::remap_flag_bits; };
template <> struct map_for<sync_flag> { using type = maps::sync_flag_bits; };
template <> struct map_for<lock_flag> { using type = maps::lock_flag_bits; };
template <> struct map_for<memory_advice> { using type = maps::advice_numbers; };
template <> struct map_for<barrier_command> { using type = maps::barrier_numbers; };
template <> struct map_for<poll_event> { using type = maps::poll_event_bits; };
template <> struct map_for<sigaction_flag> { using type = maps::sigaction_flag_bits; };
template <> struct map_for<sigmask_how> { using type = maps::sigmask_how_numbers; };
template <> struct map_for<sigstack_flag> { using type = maps::sigstack_flag_bits; };
template <> struct map_for<wait_flag> { using type = maps::wait_flag_bits; };
template <> struct map_for<wait_target> { using type = maps::wait_target_numbers; };
template <> struct map_for<resource> { using type = maps::resource_numbers; };
template <> struct map_for<privilege> { using type = maps::privilege_bits; };
template <> struct map_for<clock> { using type = maps::clock_numbers; };
template <> struct map_for<interval_timer> { using type = maps::interval_timer_numbers; };
template <> struct map_for<lock_kind> { using type = maps::lock_kind_numbers; };
template <> struct map_for<usage_of> { using type = maps::usage_numbers; };
template <> struct map_for<input_mode> { using type = maps::input_mode_bits; };
template <> struct map_for<output_mode> { using type = maps::output_mode_bits; };
template <> struct map_for<control_mode> { using type = maps::control_mode_bits; };
template <> struct map_for<character_size> { using type = maps::character_size_numbers; };
template <> struct map_for<local_mode> { using type = maps::local_mode_bits; };
template <> struct map_for<control_character> { using type = maps::control_character_numbers; };
template <> struct map_for<set_attributes_when> { using type = maps::set_attributes_numbers; };
template <> struct map_for<flush_queue> { using type = maps::flush_queue_numbers; };
template <> struct map_for<flow_action> { using type = maps::flow_action_numbers; };
} // namespace detail

} // namespace polyabi::reference
