#!/bin/sh
# stressors.sh POLYABI [CLASS...]: each of stress-ng's stressors of these classes, for two seconds on the host and, where it passes
# there, under polyabi. Prints a table of what does not pass, with the reason that known.txt gives and the support table confirms. Fails
# if one has no such reason, if the kernel panicked, or if a stressor did not end. Ends with 77 (skipped) where there is no stress-ng.
# SECONDS_EACH changes the two seconds; ONLY is a pattern of names; POLYABI_KEEP is a directory for the output of those that do not
# pass.
set -u
polyabi=$(realpath "$1")
shift
[ $# -gt 0 ] || set -- cpu-cache memory pipe scheduler filesystem network interrupt os
command -v stress-ng >/dev/null || { echo "skipped: there is no stress-ng here"; exit 77; }
known=$(cd "$(dirname "$0")" && pwd)/known.txt
seconds=${SECONDS_EACH:-2}
limit=$((seconds * 5 + 20))
work=$(mktemp -d "${TMPDIR:-/tmp}/polyabi-stress-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
"$polyabi" matrix --personality linux --arch x86_64 --format json >matrix.json || exit 1

# All but `resources`, which takes all of the disk for a moment, on the host as well.
names() {
  for class in "$@"; do stress-ng --class "$class?" 2>&1 | sed -n "s/^class '.*' stressors: //p"; done | tr ' ' '\n' | sort -u |
    grep -v -x -e resources -e ''
}

# options NAME: what a stressor is told besides, on both sides. Nice values are kept here and not scheduled by, so that of loadavg's 32768
# threads without sleep the one that makes and ends the others gets its share and no more, and takes minutes.
options() {
  case $1 in loadavg) echo --loadavg-max 256 ;; esac
}

# attempt FILE COMMAND...: how it ended: pass, skip (stress-ng found nothing to do), fail, or hang.
attempt() {
  output=$1
  shift
  timeout -s KILL "$limit" "$@" >"$output" 2>&1 </dev/null
  status=$?
  case $status in
  0) if grep -q -e 'skipping' -e 'not implemented' -e 'skipped' -e 'aborted early' "$output"; then echo skip; else echo pass; fi ;;
  124 | 137) echo hang ;;
  3 | 4) echo skip ;;
  *) echo "fail $status" ;;
  esac
}

# reason NAME: why it cannot pass; nothing if nobody knows, or if the support table says something else.
reason() {
  python3 - "$1" "$known" matrix.json <<'P'
import json, sys
name, known, matrix = sys.argv[1:]
for line in open(known):
    word, _, why = line.strip().partition(" ")
    if word != name: continue
    if not why.startswith("call "): print(why)
    for row in json.load(open(matrix)) if why.startswith("call ") else []:
        if row["name"] == why[5:] and row["level"] == "refused" and row["reason"]: print(f"`{row['name']}` is refused: {row['reason']}")
P
}

passed=0 explained=0 unexplained=0 not_here=0
for name in $(names "$@"); do
  case $name in ${ONLY:-*}) ;; *) continue ;; esac
  if [ "$(attempt host.txt stress-ng "--$name" 1 -t "$seconds" $(options "$name"))" != pass ]; then
    not_here=$((not_here + 1))
    continue
  fi
  own=$(attempt own.txt "$polyabi" run -k /usr/bin/stress-ng "--$name" 1 -t "$seconds" $(options "$name"))
  if grep -q -i 'panic' own.txt; then own=panic; fi
  if [ "$own" = pass ]; then
    passed=$((passed + 1))
    continue
  fi
  [ -z "${POLYABI_KEEP:-}" ] || cp own.txt "$POLYABI_KEEP/$name.txt"
  why=
  case $own in hang | panic) ;; *) why=$(reason "$name") ;; esac
  if [ -n "$why" ]; then
    explained=$((explained + 1))
    echo "| $name | $why |"
  else
    unexplained=$((unexplained + 1))
    echo "| $name | **$own**: $(grep -e 'fail' -e 'error' -e 'skip' -e '^polyabi: ' own.txt | head -2 | sed 's/^stress-ng: *//' | tr '\n' ' ')|"
  fi
done
echo "$passed stressors pass as on the host, $explained cannot, $unexplained fail; $not_here do not pass on the host itself"
[ "$unexplained" = 0 ]
