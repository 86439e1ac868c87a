// Rows of tables as types.
#pragma once

namespace polyabi {

/// A table answers its own as `rows`; what is derived from them is named after the table and not after the rows: a name that
/// holds some hundred of them is a hundred thousand characters long, and compilers spend a good part of a second on each.
template <class... Rows>
struct row_list {};

} // namespace polyabi
