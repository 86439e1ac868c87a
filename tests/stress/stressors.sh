#!/bin/sh
# stressors.sh POLYABI [CLASS...]: each of stress-ng's stressors of these classes, for two seconds on the host and, where it passes
# there, under polyabi. Prints a table: what does not pass, with what polyabi said is not supported. Fails if the kernel panicked or
# a stressor did not end. SECONDS_EACH changes the two seconds; ONLY is a pattern of names; POLYABI_KEEP is a directory for the output of
# those that do not pass.
set -u
polyabi=$1
shift
[ $# -gt 0 ] || set -- cpu-cache memory pipe scheduler filesystem network interrupt os
command -v stress-ng >/dev/null || { echo "skipped: there is no stress-ng here"; exit 77; }
seconds=${SECONDS_EACH:-2}
limit=$((seconds * 5 + 20))
work=$(mktemp -d "${TMPDIR:-/tmp}/polyabi-stress-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

names() {
  for class in "$@"; do stress-ng --class "$class?" 2>&1 | sed -n "s/^class '.*' stressors: //p"; done | tr ' ' '\n' | sort -u
}

# attempt FILE COMMAND...: how it ended: pass, skip (stress-ng found nothing to do), fail, or hang.
attempt() {
  output=$1
  shift
  timeout -s KILL "$limit" "$@" >"$output" 2>&1 </dev/null
  status=$?
  case $status in
  0) if grep -q -e 'skipping' -e 'not implemented' -e 'skipped' "$output"; then echo skip; else echo pass; fi ;;
  124 | 137) echo hang ;;
  3 | 4) echo skip ;;
  *) echo "fail $status" ;;
  esac
}

passed=0 skipped=0 failed=0 bad=0
for name in $(names "$@"); do
  case $name in ${ONLY:-*}) ;; *) continue ;; esac
  host=$(attempt host.txt stress-ng "--$name" 1 -t "$seconds")
  if [ "$host" != pass ]; then
    skipped=$((skipped + 1))
    continue
  fi
  own=$(attempt own.txt "$polyabi" run -k /usr/bin/stress-ng "--$name" 1 -t "$seconds")
  if grep -q -i 'panic' own.txt; then own=panic; fi
  if [ "$own" = pass ]; then
    passed=$((passed + 1))
    continue
  fi
  failed=$((failed + 1))
  case $own in hang | panic) bad=$((bad + 1)) ;; esac
  [ -z "${POLYABI_KEEP:-}" ] || cp own.txt "$POLYABI_KEEP/$name.txt"
  why=$(grep -e '^polyabi: ' own.txt | grep -v -e 'waiting' | sed 's/^polyabi: //' | sort -u | head -2 | tr '\n' ';')
  [ -n "$why" ] || why=$(grep -e 'fail' -e 'error' -e 'skip' own.txt | head -1 | sed 's/^stress-ng: *//')
  printf '%-20s %-9s %s\n' "$name" "$own" "$why"
done
echo "$passed stressors pass, $failed do not; $skipped do not pass on the host ($bad hung or panicked)"
[ "$bad" = 0 ]
