#!/bin/bash
# trace.sh POLYABI EXPECTED PROGRAM: compares the calls on streams in the trace of a program with lines that are known. What changes from
# run to run is masked: addresses, ports.
polyabi=$1 expected=$2 program=$3
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
for open in /proc/self/fd/*; do # descriptors are in the lines
  number=${open##*/}
  ((number > 2 && number != 255)) && eval "exec $number>&-"
done
timeout 60 "$polyabi" trace -o "$folder/calls" "$program" </dev/null >"$folder/output" 2>&1 || { cat "$folder/output"; exit 1; }
sed -nE 's/^[0-9]+ +//; /^(put|get)p?msg\(|^ioctl\(/ { s/0x[0-9a-f]{5,}/ADDRESS/g; s/(127\.0\.0\.1):[1-9][0-9]*/\1:PORT/g; s/\) +=/) =/; p }' \
  "$folder/calls" | diff -u "$expected" -
