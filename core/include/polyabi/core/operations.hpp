// The operations a kernel can provide, by name and signature. A personality's row names one; a kernel implements it as
//
//   static result<i64> perform(op::read, thread&, i32 descriptor, user_vector into);
//
// All numbers in these signatures (flags, signals, clocks, ...) are the kernel's own: the framework has translated them.
// Structures are the kernel's own as well: `native<K, shape::stat>` is what the kernel declares for that shape.
// Strings and iovecs were copied in, bounded, by the derived entry. Sizes are bytes, file offsets are bytes.
#pragma once

#include <polyabi/core/result.hpp>
#include <polyabi/core/user_memory.hpp>

#include <span>
#include <string_view>

namespace polyabi {

/// Names of the structures that cross between a personality and a kernel. Layouts are given by each side.
namespace shape {
struct stat;        ///< dev ino mode nlink uid gid rdev size blksize blocks atime mtime ctime birthtime
struct statfs;      ///< type bsize frsize blocks bfree bavail files ffree favail fsid namelen flags
struct timespec;    ///< sec nsec
struct timeval;     ///< sec usec
struct time_pair;   ///< access, modification (timespec each; nsec may be the native UTIME_NOW / UTIME_OMIT)
struct itimerval;   ///< interval, value
struct flock;       ///< type whence start len pid
struct poll_record; ///< fd events revents
struct rlimit;      ///< cur max
struct rusage; ///< utime stime maxrss ixrss idrss isrss minflt majflt nswap inblock oublock msgsnd msgrcv nsignals nvcsw nivcsw
struct sigaction;     ///< handler flags mask restorer
struct sigset;        ///< bits
struct sigstack;      ///< sp flags size
struct siginfo;       ///< signo errno code pid uid status address value utime stime ...
struct termios;       ///< iflag oflag cflag lflag cc ispeed ospeed
struct winsize;       ///< row col xpixel ypixel
struct identity;      ///< ruid euid suid rgid egid sgid
struct system_names;  ///< sysname nodename release version machine domain
struct system_status; ///< uptime loads totalram freeram sharedram bufferram procs
struct wait_request;  ///< target id flags
struct wait_report;   ///< pid status usage uid
struct process_info;  ///< see op::process_info
struct region_info;   ///< start end protection flags offset device inode purpose not_dumped changed path_size
struct lock_info;     ///< number kind writes waits pid device inode first last
struct mount_info;    ///< source type options (string views), path_size

// Socket addresses: each begins with what `socket_address` has, `family` and, where a kernel has it, `len`.
struct socket_address;
struct internet_address;  ///< family port address (bytes in network order)
struct internet6_address; ///< family port flowinfo address (bytes in network order) scope_id
struct local_address;     ///< family path
struct netlink_address;   ///< family pid groups
// Values of socket options and of control messages.
struct integer;           ///< i32
struct bytes;             ///< as many as there are
struct linger;            ///< onoff seconds
struct socket_credentials;   ///< pid uid gid
struct multicast_membership; ///< group address (bytes in network order) index
struct multicast6_membership; ///< group (bytes) index
struct source_membership; ///< group interface source (bytes in network order)
struct packet_info;       ///< index destination address (bytes in network order)
struct packet6_info;      ///< address (bytes) index
struct socket_error;      ///< error origin type code info data, and the offender's address
struct tcp_info;          ///< see the reference kernel's
struct control_header;    ///< len level type
struct socket_info;       ///< family type protocol number user references state queued unsent
// The network as seen from here. Addresses are bytes in network order; those of the Internet's first family fill the first four.
struct interface_info;    ///< index name flags type mtu queue hardware hardware_size hardware_broadcast received sent
struct interface_address; ///< index family prefix scope flags address peer broadcast label
struct route_info;        ///< family prefix table type scope origin destination gateway source index metric
struct tunnel_info;       ///< name flags
} // namespace shape

/// The kernel's structure for a shape.
template <class K, class Shape>
using native = typename K::template native<Shape>;

/// What an operation of kernel `K` answers: a value, or the kernel's own error number.
template <class K, class T = void>
using answer = basic_result<T, typename K::error>;

/// What passes through sockets: socket_address.hpp, socket_messages.hpp.
template <class K>
struct socket_address;
template <class K>
struct outgoing_message;
template <class K>
struct incoming_message;

/// What a socket is, in the kernel's numbers.
struct socket_kind {
  i32 family = 0, type = 0, protocol = 0;
};

/// What changes of a network interface: its flags under a mask, and what is not 0 or empty. In the kernel's numbers.
struct interface_change {
  u32 flags = 0, flag_mask = 0;
  u32 mtu = 0, queue = 0;
  std::string_view name = {};
};

/// How a route comes to those that are there: beside them, in place of one to the same destination, or in place of one alone.
enum class route_rule : u8 { add, add_or_replace, replace };

/// What a tunnel keeps beside its flags: whether it stays without an open file, who else may open it, and whether it carries.
enum class tunnel_setting : u8 { persistent, owner, group, carrier };

/// Objects of a process that have a path.
enum class process_object : u8 { executable, current_directory, root_directory, descriptor };

/// What processes may have in common.
enum class process_part : u8 { open_file, descriptors, memory, process };

/// What has to be so before an extended attribute is set.
enum class attribute_rule : u8 { any, is_absent, is_present };

/// The strings of a process' image.
enum class process_text : u8 { arguments, environment, auxiliary_vector };

/// One directory entry as a kernel reports it. `next` is the cookie to seek to for the entry after it.
struct directory_entry {
  u64 inode;
  i64 next;
  u8 type; ///< the S_IF* nibble (mode >> 12), 0 if unknown
  std::string_view name;
};

/// Receives directory entries until it returns false (that entry was not consumed). Called so that it may copy to user memory.
struct directory_visitor {
  bool (*visit)(void* state, const directory_entry& entry);
  void* state;
};

namespace op {

// clang-format off
// --- files -------------------------------------------------------------------------------------------------------------
/// `directory` is a descriptor or the kernel's own AT_FDCWD. The reservation is committed by the derived entry.
struct open      { template <class K> using signature = answer<K, typename K::new_descriptor>(typename K::thread&, i32 directory, std::string_view path, u32 flags, u32 mode); };
struct close     { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor); };
struct read      { template <class K> using signature = answer<K, i64>(typename K::thread&, i32 descriptor, user_vector into); };
struct write     { template <class K> using signature = answer<K, i64>(typename K::thread&, i32 descriptor, user_vector from); };
struct pread     { template <class K> using signature = answer<K, i64>(typename K::thread&, i32 descriptor, user_vector into, i64 offset); };
struct pwrite    { template <class K> using signature = answer<K, i64>(typename K::thread&, i32 descriptor, user_vector from, i64 offset); };
struct seek      { template <class K> using signature = answer<K, i64>(typename K::thread&, i32 descriptor, i64 offset, i32 origin); };
struct stat      { template <class K> using signature = answer<K>(typename K::thread&, i32 directory, std::string_view path, u32 at_flags, native<K, shape::stat>& out); };
struct fstat     { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, native<K, shape::stat>& out); };
struct statfs    { template <class K> using signature = answer<K>(typename K::thread&, std::string_view path, native<K, shape::statfs>& out); };
struct fstatfs   { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, native<K, shape::statfs>& out); };
struct access    { template <class K> using signature = answer<K>(typename K::thread&, i32 directory, std::string_view path, u32 checks, u32 at_flags); };
struct link      { template <class K> using signature = answer<K>(typename K::thread&, i32 directory, std::string_view path, i32 new_directory, std::string_view new_path, u32 at_flags); };
struct symlink   { template <class K> using signature = answer<K>(typename K::thread&, std::string_view target, i32 directory, std::string_view path); };
struct readlink  { template <class K> using signature = answer<K, i64>(typename K::thread&, i32 directory, std::string_view path, user_bytes into); };
struct unlink    { template <class K> using signature = answer<K>(typename K::thread&, i32 directory, std::string_view path, u32 at_flags); };
struct rename    { template <class K> using signature = answer<K>(typename K::thread&, i32 directory, std::string_view path, i32 new_directory, std::string_view new_path); };
/// As rename, but EEXIST where something has the new name.
struct rename_to_free { template <class K> using signature = answer<K>(typename K::thread&, i32 directory, std::string_view path, i32 new_directory, std::string_view new_path); };
/// Two files change names. ENOENT unless both are there.
struct exchange_names { template <class K> using signature = answer<K>(typename K::thread&, i32 directory, std::string_view path, i32 new_directory, std::string_view new_path); };
struct mkdir     { template <class K> using signature = answer<K>(typename K::thread&, i32 directory, std::string_view path, u32 mode); };
struct mknod     { template <class K> using signature = answer<K>(typename K::thread&, i32 directory, std::string_view path, u32 mode, u64 device); };
struct chmod     { template <class K> using signature = answer<K>(typename K::thread&, i32 directory, std::string_view path, u32 mode, u32 at_flags); };
struct fchmod    { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, u32 mode); };
struct chown     { template <class K> using signature = answer<K>(typename K::thread&, i32 directory, std::string_view path, u32 user, u32 group, u32 at_flags); };
struct fchown    { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, u32 user, u32 group); };
/// Null times mean now, for both.
struct set_times { template <class K> using signature = answer<K>(typename K::thread&, i32 directory, std::string_view path, const native<K, shape::time_pair>* times, u32 at_flags); };
struct fset_times{ template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, const native<K, shape::time_pair>* times); };
struct truncate  { template <class K> using signature = answer<K>(typename K::thread&, std::string_view path, i64 size); };
struct ftruncate { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, i64 size); };
struct chdir     { template <class K> using signature = answer<K>(typename K::thread&, std::string_view path); };
struct fchdir    { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor); };
struct chroot    { template <class K> using signature = answer<K>(typename K::thread&, std::string_view path); };
/// Writes the path and its NUL; answers the length with the NUL. ERANGE if it does not fit.
struct getcwd    { template <class K> using signature = answer<K, i64>(typename K::thread&, user_bytes into); };
struct umask     { template <class K> using signature = answer<K, u32>(typename K::thread&, u32 mask); };
struct sync      { template <class K> using signature = answer<K>(typename K::thread&); };
struct fsync     { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor); };
/// Entries from the descriptor's position on; the position afterwards is the cookie of the first entry not consumed.
struct read_directory { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, directory_visitor visitor); };
/// The lowest free descriptor not below `minimum`.
struct dup       { template <class K> using signature = answer<K, typename K::new_descriptor>(typename K::thread&, i32 descriptor, i32 minimum, u32 fd_flags); };
/// Exactly `target`, which is closed first if open. `descriptor == target` answers it unchanged.
struct dup_to    { template <class K> using signature = answer<K, typename K::new_descriptor>(typename K::thread&, i32 descriptor, i32 target, u32 fd_flags); };
struct get_descriptor_flags { template <class K> using signature = answer<K, u32>(typename K::thread&, i32 descriptor); };
struct set_descriptor_flags { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, u32 flags); };
/// Access mode and status flags, as open(2) takes them.
struct get_status_flags { template <class K> using signature = answer<K, u32>(typename K::thread&, i32 descriptor); };
/// Only the flags that can change (append, nonblock, async, direct) take effect.
struct set_status_flags { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, u32 flags); };
struct get_lock  { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, native<K, shape::flock>& lock); };
struct set_lock  { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, const native<K, shape::flock>& lock, bool wait); };
/// flock(2): kind is a native lock_kind.
struct lock_file { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, i32 kind, bool wait); };
struct pipe      { template <class K> using signature = answer<K, typename K::new_descriptor_pair>(typename K::thread&, u32 flags); };
/// Moves up to `size` bytes from one open file to another without passing them through the user's memory. Null offsets mean the
/// files' positions; others move on. Stops where the source ends, or where it would block after something has been moved, or where
/// either would and must not. What cannot be written stays in the source if that is a file or a pipe.
struct transfer  { template <class K> using signature = answer<K, i64>(typename K::thread&, i32 from, i64* from_offset, i32 to, i64* to_offset, u64 size, bool nonblocking); };
/// Puts up to `size` bytes that wait in one pipe into another one, where they stay. EINVAL unless both are pipes.
struct duplicate_bytes { template <class K> using signature = answer<K, i64>(typename K::thread&, i32 from, i32 to, u64 size, bool nonblocking); };
/// How many bytes a pipe holds. A new size is rounded up to what the kernel has; EBUSY if more bytes wait in it, EPERM for more than
/// others than the superuser may have. Both answer the size in force, and EBADF for what is no pipe.
struct get_pipe_size { template <class K> using signature = answer<K, i64>(typename K::thread&, i32 descriptor); };
struct set_pipe_size { template <class K> using signature = answer<K, i64>(typename K::thread&, i32 descriptor, u64 size); };
/// Null timeout waits for ever. `mask`, if any, is the signal mask during the wait. Answers how many records have events.
struct poll      { template <class K> using signature = answer<K, i32>(typename K::thread&, std::span<native<K, shape::poll_record>> records, const native<K, shape::timespec>* timeout, const native<K, shape::sigset>* mask); };

// --- extended attributes -----------------------------------------------------------------------------------------------
/// Names begin with their class ("user.", "trusted.", "security.", "system."), at most 255 bytes of them; values have at most 64 KiB.
/// With `empty_path` an empty path is the descriptor's own file. ENODATA for an attribute that is not there, EOPNOTSUPP
/// where the file system has none of that class. Answers the size; an empty `into` only asks for it. ERANGE if it does not fit.
struct get_attribute { template <class K> using signature = answer<K, i64>(typename K::thread&, i32 directory, std::string_view path, std::string_view name, user_bytes into, u32 at_flags); };
struct set_attribute { template <class K> using signature = answer<K>(typename K::thread&, i32 directory, std::string_view path, std::string_view name, user_bytes value, attribute_rule rule, u32 at_flags); };
/// The names, each with its NUL.
struct list_attributes { template <class K> using signature = answer<K, i64>(typename K::thread&, i32 directory, std::string_view path, user_bytes into, u32 at_flags); };
struct remove_attribute { template <class K> using signature = answer<K>(typename K::thread&, i32 directory, std::string_view path, std::string_view name, u32 at_flags); };

// --- mounts ------------------------------------------------------------------------------------------------------------
/// A file system of this type over a directory. ENODEV for a type that the kernel does not have. Only for the superuser, as `unmount`.
struct mount     { template <class K> using signature = answer<K>(typename K::thread&, std::string_view source, std::string_view path, std::string_view type, std::string_view options); };
/// A directory, as it is, at a second place; with `recursive` what is mounted below it too.
struct bind_mount { template <class K> using signature = answer<K>(typename K::thread&, std::string_view source, std::string_view path, bool recursive); };
/// A mount to another place. EINVAL for what is no mount, ELOOP for a place below it.
struct move_mount { template <class K> using signature = answer<K>(typename K::thread&, std::string_view source, std::string_view path); };
/// A mount becomes the root of all processes whose root the present one is, which moves to a directory below it.
struct pivot_root { template <class K> using signature = answer<K>(typename K::thread&, std::string_view new_root, std::string_view old_root); };
/// EBUSY while a process uses something in it, unless `detach`: then it goes when nobody does. EINVAL for what is no mount.
struct unmount   { template <class K> using signature = answer<K>(typename K::thread&, std::string_view path, bool detach, u32 at_flags); };

// --- devices and terminals ---------------------------------------------------------------------------------------------
struct terminal_get_attributes { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, native<K, shape::termios>& out); };
struct terminal_set_attributes { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, i32 when, const native<K, shape::termios>& attributes); };
struct terminal_get_window     { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, native<K, shape::winsize>& out); };
struct terminal_set_window     { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, const native<K, shape::winsize>& window); };
struct terminal_get_foreground { template <class K> using signature = answer<K, i32>(typename K::thread&, i32 descriptor); };
struct terminal_set_foreground { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, i32 group); };
struct terminal_get_session    { template <class K> using signature = answer<K, i32>(typename K::thread&, i32 descriptor); };
struct terminal_set_controlling{ template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, bool steal); };
struct terminal_drop_controlling{ template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor); };
struct terminal_flush          { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, i32 queue); };
struct terminal_flow           { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, i32 action); };
struct terminal_drain          { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor); };
struct terminal_send_break     { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor); };
/// Bytes that wait to be written out (TIOCOUTQ).
struct terminal_output_queued  { template <class K> using signature = answer<K, i32>(typename K::thread&, i32 descriptor); };
/// The number of a pseudo-terminal master (TIOCGPTN).
struct pseudo_terminal_number  { template <class K> using signature = answer<K, i32>(typename K::thread&, i32 descriptor); };
struct pseudo_terminal_unlock  { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, bool locked); };
/// Whether a master reads, before what was written, a byte that tells of other changes (TIOCPKT).
struct pseudo_terminal_set_packets { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, bool on); };
struct pseudo_terminal_has_packets { template <class K> using signature = answer<K, i32>(typename K::thread&, i32 descriptor); };
/// FIONREAD.
struct bytes_readable          { template <class K> using signature = answer<K, i32>(typename K::thread&, i32 descriptor); };
/// FIONBIO.
struct set_nonblocking         { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, bool on); };

// --- sockets -----------------------------------------------------------------------------------------------------------
/// Flags are the kernel's socket_flag bits. Protocols are the Internet's own numbers.
struct socket    { template <class K> using signature = answer<K, typename K::new_descriptor>(typename K::thread&, i32 family, i32 type, i32 protocol, u32 flags); };
struct socket_pair { template <class K> using signature = answer<K, typename K::new_descriptor_pair>(typename K::thread&, i32 family, i32 type, i32 protocol, u32 flags); };
/// A local address without a path asks for a name of the kernel's choice.
struct bind      { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, const socket_address<K>& address); };
/// An address of the family `unspec` dissolves the connection.
struct connect   { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, const socket_address<K>& address); };
struct listen    { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, i32 backlog); };
/// `from` is the peer's address.
struct accept    { template <class K> using signature = answer<K, typename K::new_descriptor>(typename K::thread&, i32 descriptor, socket_address<K>& from, u32 flags); };
/// Here and below: the kernel's message_flag bits. A broken connection sends SIGPIPE unless `nosignal` says otherwise.
struct send      { template <class K> using signature = answer<K, i64>(typename K::thread&, i32 descriptor, const outgoing_message<K>& message, u32 flags); };
/// With `trunc` in the flags, the answer is the length of a whole datagram.
struct receive   { template <class K> using signature = answer<K, i64>(typename K::thread&, i32 descriptor, incoming_message<K>& message, u32 flags); };
struct shutdown  { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, i32 how); };
struct socket_name { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, socket_address<K>& out); };
struct peer_name { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, socket_address<K>& out); };
/// The value is a `native<K, option_shape<...>>`, an i32, or bytes (socket_options.hpp).
struct set_socket_option { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, i32 level, i32 option, std::span<const unsigned char> value); };
/// Answers how many bytes there were to say, which may be more than fit.
struct get_socket_option { template <class K> using signature = answer<K, usize>(typename K::thread&, i32 descriptor, i32 level, i32 option, std::span<unsigned char> value); };
/// ENOTSOCK for other open files.
struct socket_kind { template <class K> using signature = answer<K, polyabi::socket_kind>(typename K::thread&, i32 descriptor); };
/// Bytes sent that the other side has not taken yet (SIOCOUTQ), and whether the next byte is behind urgent data (SIOCATMARK).
struct socket_unsent { template <class K> using signature = answer<K, i32>(typename K::thread&, i32 descriptor); };
struct socket_at_mark { template <class K> using signature = answer<K, i32>(typename K::thread&, i32 descriptor); };
/// Of the sockets that processes have open, each counted once, the one with this index; false at the end. Addresses that it does not have
/// are empty.
struct socket_of_index { template <class K> using signature = answer<K, bool>(typename K::thread&, usize index, native<K, shape::socket_info>& out, socket_address<K>& name, socket_address<K>& peer); };

/// The network's interfaces, their addresses, and routes: from the `first` one on, as many as fit; answers how many.
struct interfaces { template <class K> using signature = answer<K, usize>(typename K::thread&, usize first, std::span<native<K, shape::interface_info>> out); };
struct interface_addresses { template <class K> using signature = answer<K, usize>(typename K::thread&, usize first, std::span<native<K, shape::interface_address>> out); };
struct routes { template <class K> using signature = answer<K, usize>(typename K::thread&, usize first, std::span<native<K, shape::route_info>> out); };
/// Changes of the network, for the superuser. ENODEV for an interface that is not there, EPERM for one that is not the kernel's own.
struct change_interface { template <class K> using signature = answer<K>(typename K::thread&, u32 index, const interface_change& change); };
struct remove_interface { template <class K> using signature = answer<K>(typename K::thread&, u32 index); };
/// EEXIST for an address that the interface has, unless it is to replace that. `set_first_address` puts it in place of the first one.
struct add_interface_address { template <class K> using signature = answer<K>(typename K::thread&, const native<K, shape::interface_address>& address, bool replace); };
struct set_first_address { template <class K> using signature = answer<K>(typename K::thread&, const native<K, shape::interface_address>& address); };
struct remove_interface_address { template <class K> using signature = answer<K>(typename K::thread&, const native<K, shape::interface_address>& address); };
/// A route without an interface goes where its gateway is.
struct add_route { template <class K> using signature = answer<K>(typename K::thread&, const native<K, shape::route_info>& route, route_rule rule); };
/// The first that agrees in all that is given. ESRCH if none does.
struct remove_route { template <class K> using signature = answer<K>(typename K::thread&, const native<K, shape::route_info>& route); };
/// An open file of the tunnel device gets its interface: one of this name, made if there is none; "%d" in the name is a free number.
/// ENOTTY for other files here and below, EBADF before it has an interface.
struct tunnel_attach { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, native<K, shape::tunnel_info>& tunnel); };
struct tunnel_get { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, native<K, shape::tunnel_info>& out); };
struct tunnel_set { template <class K> using signature = answer<K>(typename K::thread&, i32 descriptor, tunnel_setting setting, u32 value); };

// --- processes ---------------------------------------------------------------------------------------------------------
/// A child that starts with the parent's registers as they are now, returning what the personality puts into them; it runs
/// when the reservation is committed. `share_memory` is vfork: the parent waits until the child execs or exits.
struct fork      { template <class K> using signature = answer<K, typename K::new_child>(typename K::thread&, bool share_memory); };
/// Replaces the image; on success the caller's registers are those of the new image.
struct exec      { template <class K> using signature = answer<K>(typename K::thread&, i32 directory, std::string_view path, user_strings arguments, user_strings environment, u32 at_flags); };
/// Ends the process with an exit status (0 to 255).
struct exit      { template <class K> using signature = answer<K>(typename K::thread&, i32 status); };
struct exit_thread { template <class K> using signature = answer<K>(typename K::thread&, i32 status); };
/// Answers the pid reported, or 0 if nohang found nothing.
struct wait      { template <class K> using signature = answer<K, i32>(typename K::thread&, const native<K, shape::wait_request>& request, native<K, shape::wait_report>& report); };
struct getpid    { template <class K> using signature = answer<K, i32>(typename K::thread&); };
struct getppid   { template <class K> using signature = answer<K, i32>(typename K::thread&); };
struct gettid    { template <class K> using signature = answer<K, i32>(typename K::thread&); };
struct getpgid   { template <class K> using signature = answer<K, i32>(typename K::thread&, i32 pid); };
struct setpgid   { template <class K> using signature = answer<K>(typename K::thread&, i32 pid, i32 group); };
struct getsid    { template <class K> using signature = answer<K, i32>(typename K::thread&, i32 pid); };
struct setsid    { template <class K> using signature = answer<K, i32>(typename K::thread&); };
struct get_identity { template <class K> using signature = answer<K>(typename K::thread&, native<K, shape::identity>& out); };
/// setuid(2) semantics; the others keep an id given as -1.
struct setuid    { template <class K> using signature = answer<K>(typename K::thread&, u32 user); };
struct setgid    { template <class K> using signature = answer<K>(typename K::thread&, u32 group); };
struct setresuid { template <class K> using signature = answer<K>(typename K::thread&, u32 real, u32 effective, u32 saved); };
struct setresgid { template <class K> using signature = answer<K>(typename K::thread&, u32 real, u32 effective, u32 saved); };
/// Fills as many as fit; answers how many groups there are. An empty span only asks.
struct getgroups { template <class K> using signature = answer<K, i32>(typename K::thread&, std::span<u32> out); };
struct setgroups { template <class K> using signature = answer<K>(typename K::thread&, std::span<const u32> groups); };
/// The caller's process has these of the superuser's rights (native privileges) from now on, whoever its user is: until its users
/// change, or it execs.
struct set_privileges { template <class K> using signature = answer<K>(typename K::thread&, u32 privileges); };
struct get_limit { template <class K> using signature = answer<K>(typename K::thread&, i32 resource, native<K, shape::rlimit>& out); };
struct set_limit { template <class K> using signature = answer<K>(typename K::thread&, i32 resource, const native<K, shape::rlimit>& limit); };
struct get_usage { template <class K> using signature = answer<K>(typename K::thread&, i32 whose, native<K, shape::rusage>& out); };
/// Priorities are nice values, -20 to 19, of threads; which: 0 all of a process, 1 of a group, 2 of a user, 3 one thread.
struct get_priority { template <class K> using signature = answer<K, i32>(typename K::thread&, i32 which, i32 who); };
struct set_priority { template <class K> using signature = answer<K>(typename K::thread&, i32 which, i32 who, i32 nice); };
/// Words that a program gives its threads as their priority for input and output; children inherit them. Which: as above, but a
/// process is a thread. Answers the word of one of those that are meant, which the personality chooses by `better`.
struct get_io_priority { template <class K> using signature = answer<K, u32>(typename K::thread&, i32 which, i32 who, u32 (*better)(u32, u32)); };
struct set_io_priority { template <class K> using signature = answer<K>(typename K::thread&, i32 which, i32 who, u32 word); };
/// A word in which a thread's way of being scheduled is kept. Children inherit its lower half; 0 is the caller.
struct get_scheduling { template <class K> using signature = answer<K, u32>(typename K::thread&, i32 thread_id); };
struct set_scheduling { template <class K> using signature = answer<K>(typename K::thread&, i32 thread_id, u32 word); };
/// The processors that a thread may run on, one bit each, the first in the lowest; 0 is the caller. Children inherit them. Answers how
/// many bytes there are to tell; EINVAL if they do not fit, or if none of the processors that are wanted is there.
struct get_affinity { template <class K> using signature = answer<K, usize>(typename K::thread&, i32 thread_id, std::span<unsigned char> out); };
struct set_affinity { template <class K> using signature = answer<K>(typename K::thread&, i32 thread_id, std::span<const unsigned char> processors); };
/// The processor that the caller runs on, and the memory node that it belongs to.
struct processor_of_caller { template <class K> using signature = answer<K>(typename K::thread&, u32& processor, u32& node); };
/// Orders what two processes have of a kind by something that is the same for both if and only if it is one thing: negative, 0,
/// positive. The indexes are descriptors, for open files.
struct compare_objects { template <class K> using signature = answer<K, i32>(typename K::thread&, i32 pid, i32 other_pid, process_part part, i32 index, i32 other_index); };
struct yield     { template <class K> using signature = answer<K>(typename K::thread&); };
/// A thread in the caller's process that starts with the caller's registers; it runs when the reservation is committed.
struct create_thread { template <class K> using signature = answer<K, typename K::new_child>(typename K::thread&); };
/// A user word (u32) that is zeroed, and its `wait_word` sleepers woken, when the thread ends or execs. 0 for none.
struct set_clear_on_exit { template <class K> using signature = answer<K>(typename K::thread&, u64 address); };
/// Sleeps while the user word is `expected` (EAGAIN if it is not) until `wake_word`, a signal or the relative timeout (ETIMEDOUT).
/// Among the threads that share this memory.
struct wait_word { template <class K> using signature = answer<K>(typename K::thread&, u64 address, u32 expected, const native<K, shape::timespec>* timeout); };
/// Wakes up to `limit` sleepers; answers how many.
struct wake_word { template <class K> using signature = answer<K, i32>(typename K::thread&, u64 address, u32 limit); };
/// Segment bases of the calling thread; which: 0 FS, 1 GS.
struct set_segment_base { template <class K> using signature = answer<K>(typename K::thread&, u32 which, u64 base); };
struct get_segment_base { template <class K> using signature = answer<K, u64>(typename K::thread&, u32 which); };
/// A thread-local descriptor of 32-bit code: answers its entry number in the descriptor table; -1 asks for a free one. Flags are
/// Linux' modify_ldt bits: 1 seg_32bit, 2-4 contents << 1, 8 read_exec_only, 16 limit_in_pages, 32 seg_not_present, 64 useable.
struct set_thread_area { template <class K> using signature = answer<K, i32>(typename K::thread&, i32 entry, u32 base, u32 limit, u32 flags); };
struct get_thread_area { template <class K> using signature = answer<K>(typename K::thread&, i32 entry, u32& base, u32& limit, u32& flags); };
/// Descriptors of the process' own descriptor table, which child processes get a copy of and exec empties. Flags as above; ENOSYS on a
/// machine that has no such table. `get` answers the bytes of the processor's table, as many as fit and there are.
struct set_segment { template <class K> using signature = answer<K>(typename K::thread&, u32 entry, u32 base, u32 limit, u32 flags); };
struct get_segments { template <class K> using signature = answer<K, usize>(typename K::thread&, std::span<unsigned char> out); };
/// The name shown in listings: at most 15 characters; longer ones are cut.
struct set_process_name { template <class K> using signature = answer<K>(typename K::thread&, std::string_view name); };
struct get_process_name { template <class K> using signature = answer<K, std::string_view>(typename K::thread&); };
/// The signal that the process gets when the thread that made it ends; 0 for none. The calling thread's, which its children do not have.
struct get_parent_death_signal { template <class K> using signature = answer<K, i32>(typename K::thread&); };
struct set_parent_death_signal { template <class K> using signature = answer<K>(typename K::thread&, i32 signal); };
/// Whether others of the same user may look into the process, and whether it leaves a core. Children are as it is; exec makes it so.
struct get_inspectable { template <class K> using signature = answer<K, bool>(typename K::thread&); };
struct set_inspectable { template <class K> using signature = answer<K>(typename K::thread&, bool); };
/// Whether the process is the parent of its descendants' orphans. Children are not.
struct get_adopts_orphans { template <class K> using signature = answer<K, bool>(typename K::thread&); };
struct set_adopts_orphans { template <class K> using signature = answer<K>(typename K::thread&, bool); };
/// Words in which a personality keeps state of its own: the thread's are zeroed in a new thread, a child and a new image; the
/// process' are inherited by children and kept by exec.
struct thread_words { template <class K> using signature = answer<K, std::span<u64>>(typename K::thread&); };
struct process_words { template <class K> using signature = answer<K, std::span<u64>>(typename K::thread&); };
/// Eight of the thread that those it makes, threads and processes, begin with, and that exec keeps. Of any thread a copy: ESRCH.
struct inherited_words { template <class K> using signature = answer<K, std::span<u64>>(typename K::thread&); };
struct get_inherited_words { template <class K> using signature = answer<K>(typename K::thread&, i32 thread_id, std::span<u64> out); };
/// One of `process_words` of any process. ESRCH.
struct get_word_of { template <class K> using signature = answer<K, u64>(typename K::thread&, i32 pid, usize index); };
struct set_word_of { template <class K> using signature = answer<K>(typename K::thread&, i32 pid, usize index, u64 value); };

// --- memory ------------------------------------------------------------------------------------------------------------
struct map       { template <class K> using signature = answer<K, u64>(typename K::thread&, u64 address, u64 size, u32 protection, u32 flags, i32 descriptor, i64 offset); };
struct unmap     { template <class K> using signature = answer<K>(typename K::thread&, u64 address, u64 size); };
struct protect   { template <class K> using signature = answer<K>(typename K::thread&, u64 address, u64 size, u32 protection); };
/// Grow, shrink or move a mapping, or show its pages at a second place; answers its address. Flags are native remap_flags;
/// `new_address` counts with `fixed`. A size of 0 stands for a second mapping of what is shared.
struct remap     { template <class K> using signature = answer<K, u64>(typename K::thread&, u64 address, u64 size, u64 new_size, u32 flags, u64 new_address); };
/// Pages of a shared mapping show its file's bytes from `offset` on.
struct remap_file { template <class K> using signature = answer<K>(typename K::thread&, u64 address, u64 size, u64 offset); };
/// Answers the break in force: `address` if it could be set, the old one otherwise. 0 only asks.
struct set_break { template <class K> using signature = answer<K, u64>(typename K::thread&, u64 address); };
struct sync_memory { template <class K> using signature = answer<K>(typename K::thread&, u64 address, u64 size, u32 flags); };
struct advise    { template <class K> using signature = answer<K>(typename K::thread&, u64 address, u64 size, i32 advice); };
/// Pages stay in memory (native lock_flag::onfault: those that are touched), or need not any more.
struct lock_memory { template <class K> using signature = answer<K>(typename K::thread&, u64 address, u64 size, u32 flags); };
struct unlock_memory { template <class K> using signature = answer<K>(typename K::thread&, u64 address, u64 size); };
/// All mappings, those of now and of the future as flags say. No flags unlock them.
struct lock_all_memory { template <class K> using signature = answer<K>(typename K::thread&, u32 flags); };
/// One byte for each page: 1 if it is in memory (mincore).
struct memory_residency { template <class K> using signature = answer<K>(typename K::thread&, u64 address, u64 size, u64 into); };
/// The mappings cannot be changed any more, but by exec and exit.
struct seal_memory { template <class K> using signature = answer<K>(typename K::thread&, u64 address, u64 size); };
/// Another process' memory. `there` are addresses of its, `here` the caller's. Answers how many bytes were moved.
struct read_memory_of { template <class K> using signature = answer<K, i64>(typename K::thread&, i32 pid, user_vector here, user_vector there); };
struct write_memory_of { template <class K> using signature = answer<K, i64>(typename K::thread&, i32 pid, user_vector here, user_vector there); };
/// Every thread of the process, or of all that have registered, has passed a barrier. EPERM without the registration it needs.
struct memory_barrier { template <class K> using signature = answer<K>(typename K::thread&, i32 command); };

// --- signals -----------------------------------------------------------------------------------------------------------
/// pid > 0 a process, 0 the own group, -1 all, below -1 a group. signal 0 only checks.
struct kill      { template <class K> using signature = answer<K>(typename K::thread&, i32 pid, i32 signal); };
struct kill_thread { template <class K> using signature = answer<K>(typename K::thread&, i32 process, i32 thread, i32 signal); };
struct set_action { template <class K> using signature = answer<K>(typename K::thread&, i32 signal, const native<K, shape::sigaction>* action, native<K, shape::sigaction>* old); };
struct set_mask  { template <class K> using signature = answer<K>(typename K::thread&, i32 how, const native<K, shape::sigset>* set, native<K, shape::sigset>* old); };
struct pending   { template <class K> using signature = answer<K>(typename K::thread&, native<K, shape::sigset>& out); };
/// Waits for a signal with `mask` in force; always answers EINTR.
struct suspend   { template <class K> using signature = answer<K>(typename K::thread&, const native<K, shape::sigset>& mask); };
struct alternate_stack { template <class K> using signature = answer<K>(typename K::thread&, const native<K, shape::sigstack>* stack, native<K, shape::sigstack>* old); };
/// Takes one pending signal of `set`; null timeout waits for ever. Answers its number.
struct wait_signal { template <class K> using signature = answer<K, i32>(typename K::thread&, const native<K, shape::sigset>& set, native<K, shape::siginfo>& info, const native<K, shape::timespec>* timeout); };
/// What a personality's sigreturn ends with, after it has put the interrupted registers back: the mask takes effect, and the call
/// does not answer (the registers are left alone).
struct return_from_handler { template <class K> using signature = answer<K>(typename K::thread&, const native<K, shape::sigset>& mask); };
struct queue_signal { template <class K> using signature = answer<K>(typename K::thread&, i32 pid, i32 signal, const native<K, shape::siginfo>& info); };
/// To one thread of it.
struct queue_thread_signal { template <class K> using signature = answer<K>(typename K::thread&, i32 process, i32 thread, i32 signal, const native<K, shape::siginfo>& info); };

// --- time --------------------------------------------------------------------------------------------------------------
struct clock_get { template <class K> using signature = answer<K>(typename K::thread&, i32 clock, native<K, shape::timespec>& out); };
struct clock_set { template <class K> using signature = answer<K>(typename K::thread&, i32 clock, const native<K, shape::timespec>& time); };
struct clock_resolution { template <class K> using signature = answer<K>(typename K::thread&, i32 clock, native<K, shape::timespec>& out); };
/// `remaining`, if any, receives what was left when a signal came (relative sleeps).
struct sleep     { template <class K> using signature = answer<K>(typename K::thread&, i32 clock, bool absolute, const native<K, shape::timespec>& request, native<K, shape::timespec>* remaining); };
struct get_timer { template <class K> using signature = answer<K>(typename K::thread&, i32 which, native<K, shape::itimerval>& out); };
struct set_timer { template <class K> using signature = answer<K>(typename K::thread&, i32 which, const native<K, shape::itimerval>& value, native<K, shape::itimerval>& old); };

// --- system ------------------------------------------------------------------------------------------------------------
struct system_names { template <class K> using signature = answer<K>(typename K::thread&, native<K, shape::system_names>& out); };
struct set_host_name { template <class K> using signature = answer<K>(typename K::thread&, std::string_view name); };
struct system_status { template <class K> using signature = answer<K>(typename K::thread&, native<K, shape::system_status>& out); };
/// A setting that the system was started with, by its whole name ("linux.osrelease"); empty if it was not given.
struct setting   { template <class K> using signature = answer<K, std::string_view>(typename K::thread&, std::string_view name); };
/// Gives it another value, for everybody and from now on. EPERM unless privileged, EINVAL if it does not fit.
struct set_setting { template <class K> using signature = answer<K>(typename K::thread&, std::string_view name, std::string_view value); };
struct random    { template <class K> using signature = answer<K, i64>(typename K::thread&, user_bytes into); };
// clang-format on

// --- information about processes and the system, for pseudo files
// --------------------------------------------------------------
/// ESRCH if there is no such process, here and below.
struct process_info {
  template <class K>
  using signature = answer<K>(typename K::thread&, i32 pid, native<K, shape::process_info>& out);
};
/// Bytes of a process' memory that are in memory now, and those of them that are of files. ENOENT if that is not known.
struct memory_use {
  template <class K>
  using signature = answer<K>(typename K::thread&, i32 pid, u64& resident, u64& of_files);
};
/// The process or thread with the lowest id above `after`; 0 if there is none.
struct next_process {
  template <class K>
  using signature = answer<K, i32>(typename K::thread&, i32 after);
};
struct next_thread {
  template <class K>
  using signature = answer<K, i32>(typename K::thread&, i32 pid, i32 after);
};
/// The lowest open descriptor above `after`; -1 if there is none.
struct next_descriptor {
  template <class K>
  using signature = answer<K, i32>(typename K::thread&, i32 pid, i32 after);
};
/// Position and status flags of an open descriptor, and the status of its file. EBADF.
struct descriptor_info {
  template <class K>
  using signature = answer<K>(typename K::thread&, i32 pid, i32 descriptor, i64& position, u32& flags, native<K, shape::stat>& status);
};
/// Strings with their NULs, as far as they fit and the kernel has kept them; answers how many bytes.
struct process_text {
  template <class K>
  using signature = answer<K, i64>(typename K::thread&, i32 pid, polyabi::process_text which, std::span<char> out);
};
/// The path of an object of a process as the caller sees it ("pipe:[7]" for what has none); answers its length, ENOENT if none.
struct process_path {
  template <class K>
  using signature = answer<K, i64>(typename K::thread&, i32 pid, process_object which, i32 descriptor, std::span<char> out);
};
/// A limit of any process; `get_limit` is the caller's own.
struct process_limit {
  template <class K>
  using signature = answer<K>(typename K::thread&, i32 pid, i32 resource, native<K, shape::rlimit>& out);
};
/// Likewise, for those who may change it (EPERM), which `changed`, if not null, does in the same step.
struct exchange_limit {
  template <class K>
  using signature = answer<K>(typename K::thread&, i32 pid, i32 resource, const native<K, shape::rlimit>* changed,
                              native<K, shape::rlimit>& before);
};
/// The mapping that holds `address` or the first one above it; false at the end.
struct next_region {
  template <class K>
  using signature = answer<K, bool>(typename K::thread&, i32 pid, u64 address, native<K, shape::region_info>& out,
                                    std::span<char> path);
};
/// Advisory locks in force, from 0, each followed by those who wait for it and have its number; false at the end.
struct next_lock {
  template <class K>
  using signature = answer<K, bool>(typename K::thread&, u32 index, native<K, shape::lock_info>& out);
};
/// Mounts in order, from 0; false at the end. The path is as the caller sees it; mounts that it cannot see have an empty one.
struct next_mount {
  template <class K>
  using signature = answer<K, bool>(typename K::thread&, u32 index, native<K, shape::mount_info>& out, std::span<char> path);
};

} // namespace op

} // namespace polyabi
