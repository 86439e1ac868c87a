// Local sockets with paths: their files, on the host's file system and in memory.
#include "files.hpp"
#include "sockets.hpp"

using namespace polyabi;
using namespace polyabi::tests;
using namespace polyabi::tests::sockets;

TEST_CASE("a socket's file is made by bind and found by connect", "[sockets]") {
  file_world w;
  guest& g = w.user();
  const i32 listener = make(g, types::stream).descriptor;
  CHECK(w.mkdir("/d") == error::none);
  CHECK(bind(g, listener, "/d/s") == error::none);
  CHECK(bind(g, listener, "/d/other") == error::inval);
  CHECK(bind(g, listener, "/d/s") == error::addrinuse);
  CHECK(name(g, listener) == "/d/s");
  ref::stat s{};
  CHECK(w.status("/d/s", s) == error::none);
  CHECK(s.mode == (ref::file_modes::sock | 0755));
  CHECK(std::filesystem::is_socket(w.host() / "d/s"));
  CHECK(w.open_error("/d/s", flag::rdwr) == error::nxio);
  const i32 client = make(g, types::stream).descriptor;
  CHECK(connect(g, client, "/d/s") == error::connrefused);
  CHECK(listen(g, listener) == error::none);
  CHECK(w.chdir("/d") == error::none);
  CHECK(connect(g, client, "s") == error::none);
  CHECK(peer(g, client) == "/d/s");
  const i32 server = accept(g, listener).descriptor;
  CHECK(write(g, client, "by name") == written{error::none, 7});
  CHECK(receive(g, server).text == "by name");
}

TEST_CASE("the name outlives the socket, and renaming keeps it found", "[sockets]") {
  file_world w;
  guest& g = w.user();
  const i32 first = make(g, types::dgram).descriptor;
  CHECK(bind(g, first, "/one") == error::none);
  CHECK(w.rename("/one", "/two") == error::none);
  const auto to_one = local_address("/one"), to_two = local_address("/two");
  const i32 client = make(g, types::dgram).descriptor;
  CHECK(send(g, client, "x", 0, &to_one).failure == error::noent);
  CHECK(send(g, client, "x", 0, &to_two).size == 1);
  CHECK(receive(g, first).text == "x");
  CHECK(close(g, first) == error::none);
  CHECK(connect(g, client, "/two") == error::connrefused);
  CHECK(bind(g, client, "/two") == error::addrinuse);
  CHECK(w.unlink("/two") == error::none);
  CHECK(bind(g, client, "/two") == error::none);
}

TEST_CASE("looking a socket up fails as any lookup does", "[sockets]") {
  file_world w;
  guest& g = w.user();
  const i32 s = make(g, types::stream).descriptor;
  CHECK(w.make("/file", "text") == error::none);
  CHECK(connect(g, s, "/nothing") == error::noent);
  CHECK(connect(g, s, "/file/x") == error::notdir);
  CHECK(connect(g, s, "/file") == error::connrefused);
  CHECK(bind(g, s, "/nothing/s") == error::noent);
  CHECK(bind(g, s, "/file") == error::addrinuse);
  CHECK(name(g, s).empty());
  w.become(1000);
  CHECK(connect(g, s, "/file") == error::acces); // of root, and not to be written by others
}

TEST_CASE("a message to a path whose socket is of another type", "[sockets]") {
  file_world w;
  guest& g = w.user();
  const i32 stream = make(g, types::stream).descriptor, datagrams = make(g, types::dgram).descriptor;
  CHECK(bind(g, stream, "/s") == error::none);
  const auto to = local_address("/s");
  CHECK(send(g, datagrams, "x", 0, &to).failure == error::prototype);
  CHECK(connect(g, datagrams, "/s") == error::prototype);
}
