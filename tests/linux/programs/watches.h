// What an inotify descriptor has to tell, an event in a line: what happened and the name, if there is one.
#pragma once

#include <stdio.h>
#include <sys/inotify.h>
#include <unistd.h>

static inline void tell_events(int watch) {
  char events[4096];
  const ssize_t size = read(watch, events, sizeof events);
  for (ssize_t at = 0; at < size;) {
    const struct inotify_event *e = (const struct inotify_event *)(events + at);
    printf("event %x %s\n", e->mask, e->len ? e->name : "");
    at += (ssize_t)(sizeof *e + e->len);
  }
}
