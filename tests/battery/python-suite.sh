#!/bin/sh
# python-suite.sh POLYABI MODULE...: modules of CPython's own test-suite, on the host and under polyabi. Fails if a test that passes
# on the host does not here. Ends with 77 (skipped) where Debian's libpython3.11-testsuite is not installed.
polyabi=$1
shift
python=/usr/bin/python3
"$python" -c 'import test.test_socket' 2>/dev/null || exit 77
directory=$(mktemp -d "${TMPDIR:-/tmp}/polyabi-python-XXXXXX") || exit 1
trap 'rm -rf "$directory"' EXIT
cd "$directory" || exit 1
# outcomes FILE: "test outcome" for each test, sorted; a test prints between its name and its outcome what it likes.
outcomes() {
  "$python" - "$1" <<'P'
import re, sys
name, seen = None, {}
for line in open(sys.argv[1], errors="replace"):
    started = re.match(r"(test\w*) \(([\w.]+)\)", line)
    if started: name = started[2]
    ended = re.search(r"\.\.\. (?:.*)?\b(ok|FAIL|ERROR|expected failure)\s*$|\.\.\. (skipped)", line) or re.match(r"(ok|FAIL|ERROR)\s*$", line)
    if ended and name:
        seen[name] = ended[1] or "skipped"
        name = None
for name in sorted(seen): print(name, seen[name])
P
}
status=0
for module in "$@"; do
  timeout -s KILL 300 "$python" -m unittest -v "test.$module" >"$directory/host.log" 2>&1 </dev/null
  timeout -s KILL 600 "$polyabi" run -k "$python" -m unittest -v "test.$module" >"$directory/polyabi.log" 2>&1 </dev/null
  outcomes "$directory/host.log" >"$directory/host"
  outcomes "$directory/polyabi.log" >"$directory/polyabi"
  good=$(grep -c ' ok$' "$directory/host") own=$(grep -c ' ok$' "$directory/polyabi")
  grep ' ok$' "$directory/host" | cut -d' ' -f1 >"$directory/must"
  grep -E ' (ok|skipped)$' "$directory/polyabi" | cut -d' ' -f1 >"$directory/fine"
  missing=$(grep -vxFf "$directory/fine" "$directory/must")
  echo "$module: $good pass on the host, $own under polyabi"
  [ -z "$missing" ] || { status=1; echo "$missing" | sed 's/^/  not here: /'; [ -z "$POLYABI_KEEP" ] || cp "$directory/polyabi.log" "$POLYABI_KEEP/$module.log"; }
done
exit $status
