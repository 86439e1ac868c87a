#!/bin/sh
# check.sh COMPILER FILE INCLUDE...: FILE must compile as it is, and with -DBROKEN must fail with its EXPECT text in the first error.
compiler=$1 file=$2
shift 2
flags="-std=c++20 -c -o /dev/null"
for folder in "$@"; do flags="$flags -I$folder"; done
expected=$(sed -n 's,^// EXPECT: ,,p' "$file")
if ! $compiler $flags "$file"; then
  echo "$file: must compile without -DBROKEN"
  exit 1
fi
if errors=$($compiler $flags -DBROKEN "$file" 2>&1); then
  echo "$file: compiles with -DBROKEN, but must not"
  exit 1
fi
first=$(printf '%s\n' "$errors" | grep -m 1 'error:')
case $first in
*"$expected"*) ;;
*)
  printf '%s: the first error is\n  %s\nand must contain\n  %s\n' "$file" "$first" "$expected"
  exit 1
  ;;
esac
