// What guests that look at single calls have in common, whatever their width.
#pragma once
#include "guest_calls.h"

/// Flags that a call must leave alone.
static const word arithmetic = 0x8d5, direction = 0x400;
/// These programs are linked between these.
static const word text_start = 0x8000000, text_end = 0x9000000;

/// The guest's own: a call from the chosen shape of site, and a complaint if it has changed anything.
static void call_and_compare(word flags, long self);

static void registers(long self) {
  for (int round = 0; round < 8; ++round) { // the first ones are dispatched, and change the site
    call_and_compare(0x202, self);
    call_and_compare(0x202 | arithmetic, self);
    for (int bit = 0; bit < 12; ++bit)
      if ((arithmetic & 1ul << bit) != 0) call_and_compare(0x202 | 1ul << bit, self);
    call_and_compare(0x202 | direction, self);
  }
}

/// Calls for ever; signal 10 has a handler that says "h". A child sends one for each byte it reads, and says "s".
static void entries(long self) {
  if (call(nr_fork, 0, 0, 0, 0) == 0) {
    char byte;
    while (call(nr_read, 0, (word)&byte, 1, 0) == 1) {
      call(nr_kill, (word)self, 10, 0, 0);
      call(nr_write, 1, (word) "s", 1, 0);
    }
    leave(0);
  }
  call_and_compare(0x202, self);
  say("up\n");
  for (;;) call_and_compare(0x202 | arithmetic, self);
}
