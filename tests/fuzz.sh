#!/bin/bash
# fuzz.sh TARGET [ARGUMENT...]: runs a libFuzzer target for POLYABI_FUZZ_SECONDS (600) from an empty corpus, or from what it writes itself
# if it knows --write-corpus. What breaks it stays in the build folder as crash-*, leak-*, timeout-*.
target=$1
shift
corpus=$(mktemp -d) || exit 1
trap 'rm -rf "$corpus"' EXIT
if grep -q -- --write-corpus "$target"; then "$target" --write-corpus "$corpus" || exit 1; fi
"$target" -max_total_time="${POLYABI_FUZZ_SECONDS:-600}" -timeout=60 -rss_limit_mb=2048 -max_len=4096 -print_final_stats=1 \
  -artifact_prefix="$(dirname "$target")/" "$@" "$corpus" 2>&1 | grep -avE '^#[0-9]+\s+(NEW|REDUCE|pulse|RELOAD)|^\s+NEW_FUNC'
exit "${PIPESTATUS[0]}"
