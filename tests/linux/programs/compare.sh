#!/bin/sh
# compare.sh POLYABI PROGRAM: what the program prints and how it ends must be the same on the host and under polyabi.
directory=$(mktemp -d "${TMPDIR:-/tmp}/polyabi-compare-XXXXXX") || exit 1
trap 'rm -rf "$directory"' EXIT
"$2" >"$directory/host" 2>&1
echo "ended with $?" >>"$directory/host"
"$1" run "$2" >"$directory/polyabi" 2>&1
echo "ended with $?" >>"$directory/polyabi"
diff -u "$directory/host" "$directory/polyabi" && echo "$(wc -l <"$directory/host") lines are the same"
