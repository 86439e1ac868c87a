// What the kernel asks of a machine about host files further down than one name.
#pragma once

#include <polyabi/reference/machine.hpp>

#include <string_view>

namespace polyabi::reference::machine::host {

/// Whether this directory is the one where the host's own absolute paths begin: links lead below it wherever they lead for the host.
bool is_top(i32 directory);
/// Stands for that directory's descriptor below, and costs the host less: the path begins with "/" then.
inline constexpr i32 top = -100;
/// Where links are followed: nowhere, so that one on the way is ELOOP; on the way; or at the end as well.
enum class links : u8 { nowhere, on_the_way, everywhere };
/// As `attributes_at`, but of a path of one name or more, none of them "..", with a NUL behind it.
i64 attributes_along(i32 directory, std::string_view path, links followed, stat&);
/// The same, for less: the time of birth may be 0.
i64 attributes_along_but_birth(i32 directory, std::string_view path, links followed, stat&);
/// Opens the file of such a path. A link, on the way or at the end, is ELOOP.
i32 open_along(i32 directory, std::string_view path, u32 how);
/// Whether the open file is on a file system whose files are what was written to them: none that makes them up as they are opened.
bool keeps_bytes(i32 descriptor);

} // namespace polyabi::reference::machine::host
