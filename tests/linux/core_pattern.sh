#!/bin/sh
# core_pattern.sh POLYABI PROGRAM: where the core of a crashing program lies, for each specifier of core(5), and with core_uses_pid. What
# they have to stand for the shell that starts the program tells.
directory=$(mktemp -d "${TMPDIR:-/tmp}/polyabi-pattern-XXXXXX") || exit 1
trap 'rm -rf "$directory"' EXIT
polyabi=$1
program=$2
name=$(basename "$program" | cut -c1-15)
failed=0

# attempt SETTINGS EXPECTED: crashes in a directory of its own; EXPECTED is the name, in which PID and TIME are what they were.
attempt() {
  settings=$1
  expected=$2
  rm -rf "$directory/run"
  mkdir "$directory/run" "$directory/run/sub"
  before=$(date +%s)
  (cd "$directory/run" && "$polyabi" run $settings /bin/sh -c '"$0" & echo $! >pid; wait $!' "$program") >"$directory/output" 2>&1
  after=$(date +%s)
  pid=$(cat "$directory/run/pid")
  rm -f "$directory/run/pid"
  found=$(cd "$directory/run" && find . -type f)
  [ -z "$expected$found" ] && { echo "$settings: none"; return; }
  for now in $(seq "$before" "$after"); do
    wanted=./$(echo "$expected" | sed -e "s/PID/$pid/g" -e "s/TIME/$now/g")
    [ "$found" = "$wanted" ] && { echo "$settings: $expected"; return; }
  done
  echo "$settings: not $wanted but ${found:-nothing}"
  failed=1
}

pattern() { attempt "--set linux.core_pattern=$1" "$2"; }
in_name=$(echo "$program" | tr / '!')
pattern core core
pattern 'a%%b' 'a%b'
pattern c.%p c.PID
pattern c.%P c.PID
pattern c.%u.%g "c.$(id -u).$(id -g)"
pattern c.%d c.1
pattern c.%s c.11
pattern c.%t c.TIME
pattern c.%h "c.$(uname -n)"
pattern c.%e "c.$name"
pattern c.%f "c.$(basename "$program")"
pattern c.%E "c.$in_name"
pattern c.%i.%I c.PID.PID
pattern c.%c c.18446744073709551615
pattern c.%z.%p c..PID
pattern c% c
pattern sub/%e-%p-%s "sub/$name-PID-11"
pattern missing/c ''
attempt '--set linux.core_uses_pid=1' core.PID
attempt '--set linux.core_uses_pid=1 --set linux.core_pattern=c.%p' c.PID
attempt '--set linux.core_uses_pid=1 --set linux.core_pattern=c.%s' c.11.PID
exit $failed
