// EXPECT: this system call number is out of range for a dense table
#include <polyabi/core/syscall_table.hpp>
using namespace polyabi;
using namespace polyabi::arguments;
#ifdef BROKEN
using table = syscall_table<call<3, "read", status(fd)>, call<0x2828, "sigprocmask", status(fd)>>;
#else
using table = syscall_table<call<3, "read", status(fd)>, call<0x28, "sigprocmask", status(fd)>>;
#endif
static_assert(table::well_formed<0>);
