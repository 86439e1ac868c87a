/* A static i386 program for the tests, if the compiler can make one. */
int main(void) {
  return 0;
}
