// The brands that the tool knows: those of the personalities it is built with.
#include "identify.hpp"

#include <polyabi/linux/brand.hpp>
#include <polyabi/svr4/brand.hpp>

namespace polyabi::tool {

namespace {

constexpr activators::named_brand all_brands[] = {
    {"linux", architecture::x86_64, &brands::linux_images},
    {"linux", architecture::i386, &brands::linux_images},
    {"svr4", architecture::i386, &brands::svr4_images},
    {"svr4", architecture::x86_64, &brands::solaris_amd64_images},
    {"svr4:solaris", architecture::i386, &brands::solaris_images},
    {"svr4:unixware", architecture::i386, &brands::unixware_images},
    {"svr4:openserver", architecture::i386, &brands::openserver_images},
    {"svr4:interactive", architecture::i386, &brands::interactive_images},
    {"svr4:coherent", architecture::i386, &brands::coherent_images},
    {"svr4:ibcs2", architecture::i386, &brands::ibcs2_images},
};

} // namespace

std::span<const activators::named_brand> known_brands() {
  return all_brands;
}

} // namespace polyabi::tool
