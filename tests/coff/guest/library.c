// A target shared library of System V Release 3: linked for one address, with a table of functions at its beginning.
static int times = 2;

static int twice(int n) {
  static int calls; // in .bss
  return n * times + 0 * ++calls;
}

struct table {
  unsigned size;
  int (*twice)(int);
};
__attribute__((section(".text.table"))) const struct table table = {sizeof table, twice};
