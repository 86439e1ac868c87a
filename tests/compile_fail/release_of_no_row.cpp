// EXPECT: no row of the table has this name: a release cannot have brought it
#include <polyabi/core/release_history.hpp>
using namespace polyabi;
using namespace polyabi::arguments;
using table = syscall_table<call<at{436}, "close_range", status(uint_, uint_, uint_)>>;
#ifdef BROKEN
using history = release_history<brought<release{5, 9}, "closerange">>;
#else
using history = release_history<brought<release{5, 9}, "close_range">>;
#endif
static_assert(history::appeared<table, 0>[436] == release{5, 9});
