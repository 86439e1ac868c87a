#!/bin/sh
# core_debugger.sh POLYABI PROGRAM: a debugger finds the same in the core that a crashing program leaves under polyabi as in the host's
# own.
directory=$(mktemp -d "${TMPDIR:-/tmp}/polyabi-core-XXXXXX") || exit 1
trap 'rm -rf "$directory"' EXIT
if [ "$(cat /proc/sys/kernel/core_pattern)" != core ] || ! command -v gdb >"$directory/which"; then
  echo "no plain cores or no debugger here"
  exit 0
fi
mkdir "$directory/host" "$directory/polyabi"
(cd "$directory/host" && exec "$2") >"$directory/output" 2>&1
(cd "$directory/polyabi" && "$1" run "$2") >"$directory/output" 2>&1

# Addresses, numbers of processes, and a debugger's warning that the processor has more registers than it knows, are another matter in each run; so are the way into the kernel and what it leaves in registers.
ask() {
  where=$1
  program=$2
  shift 2
  gdb -nx -batch "$@" "$program" "$where/core" 2>&1 |
    sed -e 's/0x[0-9a-f]\{5,\}/ADDRESS/g' -e 's/LWP [0-9]*/LWP N/g' -e '/^warning: Section .\.reg-xstate/d' -e 's/  */ /g' -e 's/ADDRESS [0-9][0-9]*$/ADDRESS/' \
      -e 's/^\([re][a-z0-9]*\) ADDRESS.*/\1/' -e '/^r\(8\|9\|10\|11\) /d' -e '/^[fg]s_base\|^k[0-7] /d' \
      -e 's/in __kernel_vsyscall ().*/in a call/' -e 's/in __libc_pause ().*/in a call/' -e 's/in ?? () from .*ld-linux.*/in a call/'
}
look() {
  ask "$1" "$2" -ex 'bt 6' -ex 'print text' -ex 'print number' -ex 'print own_word' -ex 'frame 1' -ex 'info locals' -ex 'info args' \
    -ex 'info registers' -ex 'print $_siginfo.si_signo' -ex 'print $_siginfo._sifields._sigfault.si_addr' -ex 'info float' -ex 'print $xmm0'
  # The host's order of the other threads is that in which they came to stand.
  ask "$1" "$2" -ex 'info threads' -ex 'thread apply all -q print own_word' -ex 'thread apply all -q backtrace 1' |
    sed -n -e 's/^[* ] [0-9]* \(Thread\)/\1/p' -e 's/^[$][0-9]* =/own_word =/p' -e '/^#0/p' | sort
}
look "$directory/host" "$2" >"$directory/expected"
look "$directory/polyabi" "$2" >"$directory/seen"
grep -q goes_deeper "$directory/expected" || { cat "$directory/expected"; exit 1; }
diff -u "$directory/expected" "$directory/seen" && echo "$(wc -l <"$directory/seen") lines are the same"
