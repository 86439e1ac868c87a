// getmsg as the framework derives it: the personality's own row and handler. The table has no other, and no vendor's errors,
// since this kernel has no services for the rest.
#include "../streams.hpp"

#include <polyabi/svr4/personality.hpp>

namespace bench {
namespace {

using namespace arguments;

struct get_message {
  using needs = operation_list<>;
  template <class Env>
  static auto call(context<Env>& c, i32 descriptor, user_ptr<svr4::strbuf<typename Env::model>> control,
                   user_ptr<svr4::strbuf<typename Env::model>> data, user_ptr<typename Env::model::i32> flags) {
    return svr4::handlers::getmsg::call(c, descriptor, control, data, flags);
  }
};
struct personality : svr4::personality {
  static constexpr bool has_variants = false;
  using syscalls = syscall_table<
      call<at{85}, "getmsg", count(fd, pointer_out<svr4::strbuf>, pointer_out<svr4::strbuf>, scalars<ilp32_i386::i32>),
           get_message>>;
};
struct i386 : svr4::i386 {
  static void error_shown() = delete;
};

} // namespace

void derived_get_message(thread& t, registers& r) {
  vector_of<environment<personality, i386, kernel>>::dispatch(t, r, static_cast<u32>(r.rax));
}

} // namespace bench
