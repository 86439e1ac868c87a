#!/bin/sh
# syncthing.sh POLYABI: two instances of Debian's syncthing, each under a polyabi of its own, share a folder of a thousand files over
# loopback, in both directions, and serve their web interface to the host's curl. Fails if a file does not arrive, if a program asked
# for what is not supported, or if a log tells of an error. Ends with 77 (skipped) where syncthing or curl is not installed.
polyabi=$1
command -v syncthing >/dev/null && command -v curl >/dev/null || exit 77
work=$(mktemp -d "${TMPDIR:-/tmp}/polyabi-syncthing-XXXXXX") || exit 1
cd "$work" || exit 1
pids=
finish() {
  [ -z "$pids" ] || kill $pids 2>/dev/null
  wait
  [ -z "$POLYABI_KEEP" ] || cp ./*.log ./*.json ./*.sums "$POLYABI_KEEP"
  rm -rf "$work"
}
trap finish EXIT
fail() {
  echo "syncthing: $*"
  tail -n 20 ./*.log
  exit 1
}

# configure NAME GUI-PORT PORT OTHER-PORT OWN-ID OTHER-ID: no network but loopback, one folder shared with the other.
configure() {
  cat >"$1/config.xml" <<X
<configuration version="36">
  <folder id="shared" label="shared" path="$work/$1/shared" type="sendreceive" rescanIntervalS="3600" fsWatcherEnabled="true" fsWatcherDelayS="1">
    <device id="$5"/><device id="$6"/>
  </folder>
  <device id="$5" name="$1" compression="metadata"><address>dynamic</address></device>
  <device id="$6" name="other" compression="metadata"><address>tcp://127.0.0.1:$4</address></device>
  <gui enabled="true" tls="false"><address>127.0.0.1:$2</address><apikey>$key</apikey></gui>
  <options>
    <listenAddress>tcp://127.0.0.1:$3</listenAddress><globalAnnounceEnabled>false</globalAnnounceEnabled>
    <localAnnounceEnabled>false</localAnnounceEnabled><relaysEnabled>false</relaysEnabled><natEnabled>false</natEnabled>
    <reconnectionIntervalS>2</reconnectionIntervalS><startBrowser>false</startBrowser><urAccepted>-1</urAccepted>
    <autoUpgradeIntervalH>0</autoUpgradeIntervalH><crashReportingEnabled>false</crashReportingEnabled>
  </options>
</configuration>
X
}

key=polyabi
for name in one two; do
  timeout 60 "$polyabi" run --report "generate-$name.json" /usr/bin/syncthing generate --home "$work/$name" --no-default-folder \
    >"generate-$name.log" 2>&1 || fail "no keys could be made"
  mkdir -p "$name/shared"
done
one=$(sed -n 's/.*Device ID: //p' generate-one.log) two=$(sed -n 's/.*Device ID: //p' generate-two.log)
configure one 27481 27482 27484 "$one" "$two"
configure two 27483 27484 27482 "$two" "$one"
for i in $(seq 1000); do
  [ $((i % 100)) = 1 ] && mkdir -p "one/shared/folder $i" && folder="one/shared/folder $i"
  head -c $((i * 37 % 20000)) /dev/urandom >"$folder/file $i"
done
for name in one two; do
  timeout 300 "$polyabi" run -k --report "$name.json" /usr/bin/syncthing serve --home "$work/$name" --no-browser --no-restart \
    >"$name.log" 2>&1 &
  pids="$pids $!"
done

# asked PORT PATH: what the instance answers; until it does, again.
asked() {
  curl -s -f -m 10 --retry 30 --retry-delay 1 --retry-connrefused -H "X-API-Key: $key" "http://127.0.0.1:$1$2"
}
for port in 27481 27483; do
  asked $port / | grep -q '<title ng-bind=.*Syncthing' || fail "no web interface at port $port"
done
# same: both folders have the same files with the same bytes.
same() {
  (cd one/shared && find . -path ./.stfolder -prune -o -type f -exec md5sum {} + 2>/dev/null | sort) >one.sums
  (cd two/shared && find . -path ./.stfolder -prune -o -type f -exec md5sum {} + 2>/dev/null | sort) >two.sums
  [ "$(wc -l <one.sums)" = "$1" ] && cmp -s one.sums two.sums
}
until_same() {
  for i in $(seq 120); do
    same "$1" && return
    sleep 1
  done
  fail "$(wc -l <two.sums) of $(wc -l <one.sums) files are the same after two minutes"
}
until_same 1000
# And back: a new file, a changed one, a renamed one, and one that is gone. What others than its own guests do to the host's files
# no watch of inotify tells of: syncthing is asked to look.
echo new >two/shared/new; echo changed >>"two/shared/folder 1/file 1"
mv "two/shared/folder 1/file 2" two/shared/renamed; rm "two/shared/folder 1/file 3"
curl -s -f -m 60 -X POST -H "X-API-Key: $key" "http://127.0.0.1:27483/rest/db/scan?folder=shared" || fail "cannot be asked to look"
until_same 1000
for port in 27481 27483; do
  curl -s -f -m 10 -X POST -H "X-API-Key: $key" "http://127.0.0.1:$port/rest/system/shutdown" >/dev/null || fail "does not end"
done
wait
pids=
for name in one two; do
  grep -q '"reports": \[\]' "$name.json" || fail "$name asked for what is not supported: $(cat "$name.json")"
  grep -i -E 'WARNING|not implemented|not permitted|invalid argument|panic' "$name.log" | grep -v -e 'privileged or system user' -e 'no password' &&
    fail "$name complains"
done
echo "1000 files in both, as they changed in either"
