#!/bin/bash
# program.sh POLYABI EXPECTED PROGRAM ARG...: runs a program in a folder of its own and compares what it prints. With TTY=1 it gets a
# terminal. ENVIRONMENT is all it inherits.
polyabi=$1 expected=$2
shift 2
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
# The programs say which descriptors they get: none but the standard streams are to be there. 255 is bash's own.
for open in /proc/self/fd/*; do
  number=${open##*/}
  ((number > 2 && number != 255)) && eval "exec $number>&-"
done
cd "$folder" || exit 1
if [ -n "$TTY" ]; then
  # A terminal prints a carriage return before each line's end, and script(1) types an end of file where its own input ends.
  script -qec "stty sane; exec $polyabi run $*" /dev/null </dev/null | tr -d '\r\000' | sed 's/^\^[@D]//; s/\x08//g' >output
  status=0
else
  "$polyabi" run "$@" </dev/null >output 2>&1
  status=$?
fi
diff -u "$expected" output && [ "$status" -eq 0 ]
