// Preloaded, it takes a page of the kernel's part of the address space, until the tool has been started again, or always.
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/mman.h>

__attribute__((constructor)) static void take(void) {
  const int always = getenv("TAKEN_PLACE_ALWAYS") != NULL;
  if (getenv("POLYABI_STARTED_AGAIN") != NULL && !always) return;
  mmap((void*)0x7ff912345000, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
}
