// The host's error numbers as the kernel's. Linux' asm-generic/errno-base.h and errno.h.
#include "state.hpp"

namespace polyabi::hosted {

namespace {

using reference::error;

struct row {
  u8 host;
  error native;
};

constexpr row rows[] = {
    {1, error::perm},           {2, error::noent},          {3, error::srch},          {4, error::intr},
    {5, error::io},             {6, error::nxio},           {7, error::toobig},        {8, error::noexec},
    {9, error::badf},           {10, error::child},         {11, error::again},        {12, error::nomem},
    {13, error::acces},         {14, error::fault},         {15, error::notblk},       {16, error::busy},
    {17, error::exist},         {18, error::xdev},          {19, error::nodev},        {20, error::notdir},
    {21, error::isdir},         {22, error::inval},         {23, error::nfile},        {24, error::mfile},
    {25, error::notty},         {26, error::txtbsy},        {27, error::fbig},         {28, error::nospc},
    {29, error::spipe},         {30, error::rofs},          {31, error::mlink},        {32, error::pipe},
    {33, error::dom},           {34, error::range},         {35, error::deadlk},       {36, error::nametoolong},
    {37, error::nolck},         {38, error::nosys},         {39, error::notempty},     {40, error::loop},
    {42, error::nomsg},         {43, error::idrm},          {60, error::nostr},        {61, error::nodata},
    {62, error::time},          {63, error::nosr},          {66, error::remote},       {67, error::nolink},
    {71, error::proto},         {72, error::multihop},      {74, error::badmsg},       {75, error::overflow},
    {84, error::ilseq},         {87, error::users},         {88, error::notsock},      {89, error::destaddrreq},
    {90, error::msgsize},       {91, error::prototype},     {92, error::noprotoopt},   {93, error::protonosupport},
    {94, error::socktnosupport}, {95, error::opnotsupp},    {96, error::pfnosupport},  {97, error::afnosupport},
    {98, error::addrinuse},     {99, error::addrnotavail},  {100, error::netdown},     {101, error::netunreach},
    {102, error::netreset},     {103, error::connaborted},  {104, error::connreset},   {105, error::nobufs},
    {106, error::isconn},       {107, error::notconn},      {108, error::shutdown},    {109, error::toomanyrefs},
    {110, error::timedout},     {111, error::connrefused},  {112, error::hostdown},    {113, error::hostunreach},
    {114, error::already},      {115, error::inprogress},   {116, error::stale},       {122, error::dquot},
    {125, error::canceled},     {130, error::ownerdead},    {131, error::notrecoverable},
};

constexpr usize host_errors = 134;

struct table {
  u16 native[host_errors]{};
  constexpr table() {
    // What the kernel has no number for (module and key errors, 44 to 59 and the like) comes from no call that the machine makes.
    for (u16& number : native) number = static_cast<u16>(error::io);
    for (const row& r : rows) native[r.host] = static_cast<u16>(r.native);
  }
};
constexpr table numbers;

} // namespace

u16 error_of_host(i64 answer) {
  const u64 number = static_cast<u64>(-answer);
  return number < host_errors ? numbers.native[number] : static_cast<u16>(error::io);
}

} // namespace polyabi::hosted
