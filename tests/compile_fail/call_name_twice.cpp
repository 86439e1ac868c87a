// EXPECT: the name of this system call number stands in two rows of one architecture
#include <polyabi/core/syscall_table.hpp>
using namespace polyabi;
using namespace polyabi::arguments;
#ifdef BROKEN
using table = syscall_table<call<at{4, 106}, "stat", status(path)>, call<at{absent, 18}, "stat", status(path, address)>>;
#else
using table = syscall_table<call<at{4, 106}, "stat", status(path)>, call<at{absent, 18}, "oldstat", status(path, address)>>;
#endif
static_assert(table::well_formed<0> && table::well_formed<1>);
