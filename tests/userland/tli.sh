#!/bin/bash
# tli.sh POLYABI USERLAND: a C program with <tiuser.h>, compiled by the userland's compiler and run.
polyabi=$1 userland=$2
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
"$userland/svr4-cc" -Wall -Wextra -Werror "$here/tli.c" -o "$folder/tli" || exit 1
timeout 60 "$polyabi" run --end-rest "$folder/tli" </dev/null >"$folder/output" 2>&1
status=$?
diff -u "$here/tli.txt" "$folder/output" && [ "$status" -eq 0 ]
