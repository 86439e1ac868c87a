// EXPECT: this system call number stands in two rows of the table
#include <polyabi/core/syscall_table.hpp>
using namespace polyabi;
using namespace polyabi::arguments;
#ifdef BROKEN
using table = syscall_table<call<3, "read", status(fd)>, call<3, "write", status(fd)>>;
#else
using table = syscall_table<call<3, "read", status(fd)>, call<4, "write", status(fd)>>;
#endif
static_assert(table::well_formed<0>);
