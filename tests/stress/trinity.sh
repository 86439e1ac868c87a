#!/bin/sh
# trinity.sh POLYABI [SECONDS]: trinity's random calls, as an unprivileged user, under polyabi. Fails if the kernel panicked, if the run
# did not end when it was told to, or if a process was left behind. 77 (skipped) where there is no trinity.
set -u
polyabi=$1 seconds=${2:-600}
command -v trinity >/dev/null || { echo "skipped: there is no trinity here"; exit 77; }
work=$(mktemp -d "${TMPDIR:-/tmp}/polyabi-trinity-XXXXXX") || exit 1
trap 'rm -rf "$work"' EXIT
cp "$polyabi" "$work/polyabi-under-test" || exit 1
as_user=
if [ "$(id -u)" = 0 ]; then
  chown -R 65534:65534 "$work"
  as_user='setpriv --reuid=65534 --regid=65534 --clear-groups'
fi
cd "$work" || exit 1
# Its own generator of socket options crashes now and then.
HOME=$work timeout -s KILL $((seconds + 60)) timeout -s INT "$seconds" $as_user ./polyabi-under-test run -k /usr/bin/trinity -q -a 64 -C 2 \
  -l off --disable-fds=sockets,perf,drm >out.txt 2>&1
status=$?
grep -e 'Ran [0-9]* syscalls' out.txt
sleep 1
bad=0
if grep -i -e 'panic' out.txt; then bad=1; fi
if [ "$status" = 137 ]; then echo "it did not end"; bad=1; fi
if ! grep -q -e 'Ran [0-9]* syscalls' out.txt; then tail -20 out.txt; bad=1; fi
if pgrep -f "$work/|polyabi-under-test" >/dev/null; then echo "processes are left"; bad=1; fi
exit $bad
