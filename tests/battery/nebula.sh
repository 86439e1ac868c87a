#!/bin/sh
# nebula.sh POLYABI: Debian's nebula makes a network of a lighthouse and two hosts, each under a polyabi of its own with a tunnel
# device of its kernel's, on three addresses of the host's loopback. Across the tunnel: ping, long packets in parts, and datagrams of
# a program. Fails if something does not arrive, or if a program asked for what is not supported. Ends with 77 (skipped) where nebula,
# ping, iproute2 or python3 is not installed.
polyabi=$1
PATH=$PATH:/usr/sbin
for program in nebula nebula-cert ping ip /usr/bin/python3; do command -v $program >/dev/null || exit 77; done
work=$(mktemp -d "${TMPDIR:-/tmp}/polyabi-nebula-XXXXXX") || exit 1
cd "$work" || exit 1
pids=
finish() {
  [ -z "$pids" ] || kill $pids 2>/dev/null
  wait
  [ -z "$POLYABI_KEEP" ] || cp ./*.log ./*.json "$POLYABI_KEEP"
  rm -rf "$work"
}
trap finish EXIT
fail() {
  echo "nebula: $*"
  tail -n 20 ./*.log
  exit 1
}

cert() {
  timeout 60 "$polyabi" run --report cert.json /usr/bin/nebula-cert "$@" || fail "nebula-cert $1"
  grep -q '"reports": \[\]' cert.json || fail "nebula-cert asked for what is not supported: $(cat cert.json)"
}
# configure NAME NUMBER WHETHER-LIGHTHOUSE LIGHTHOUSES: they know each other by the addresses that packets come from alone.
configure() {
  cert sign -name "$1" -ip "10.97.0.$2/24"
  cat >"$1.yml" <<X
pki: {ca: $work/ca.crt, cert: $work/$1.crt, key: $work/$1.key}
static_host_map: {"10.97.0.1": ["127.0.0.11:24242"]}
lighthouse: {am_lighthouse: $3, interval: 2, hosts: [$4], local_allow_list: {"0.0.0.0/0": false, "::/0": false}}
listen: {host: 127.0.0.1$2, port: 24242}
punchy: {punch: true}
tun: {dev: nebula$2, mtu: 1300, tx_queue: 500}
logging: {level: info, format: text}
firewall: {outbound: [{port: any, proto: any, host: any}], inbound: [{port: any, proto: any, host: any}]}
X
}
cert ca -name test
configure lighthouse 1 true ""
configure one 2 false '"10.97.0.1"'
configure two 3 false '"10.97.0.1"'

# A host that answers datagrams until it is told to end.
cat >server.py <<'X'
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("0.0.0.0", 5353))
while True:
    data, peer = s.recvfrom(65535)
    s.sendto(data.upper(), peer)
    if data == b"end": break
print("served", peer[0])
X
cat >client.py <<'X'
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(10)
s.connect(("10.97.0.3", 5353))
print(s.getsockname()[0])
for data in b"hello", b"x" * 4000, b"end":
    s.send(data)
    assert s.recv(65535) == data.upper(), data
t = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
t.settimeout(10)
t.connect(("10.97.0.3", 5354))
t.send(b"nobody is there")
try: t.recv(10)
except ConnectionRefusedError: print("refused")
X
# Debian's ping gives its capabilities up and sets a filter on its raw socket. Everything else that is reported is a fault.
cat >known.py <<'X'
import json, sys
known = {("ping", "capset", "capabilities"), ("ping", "setsockopt", "option")}
reports = json.load(open(sys.argv[1]))["reports"]
wrong = [r for r in reports if (r["program"], r["call"], r["argument"]) not in known]
if wrong: sys.exit(str(wrong))
X
# run NAME SHELL-LINE: nebula, and beside it, in the same system, what the line says.
run() {
  timeout 120 "$polyabi" run -u -k --report "$1.json" /bin/sh -c "/usr/bin/nebula -config $1.yml & $2" >"$1.log" 2>&1 &
  pids="$pids $!"
}
run lighthouse 'wait'
run two '/usr/bin/python3 server.py; echo server ended; sleep 3'
# The first packets may be lost while nebula finds the way.
timeout 120 "$polyabi" run -u -k --report one.json /bin/sh -c '/usr/bin/nebula -config one.yml &
  for i in 1 2 3 4 5 6 7 8 9 10; do ping -c 1 -W 1 10.97.0.3 >/dev/null && break; done
  ping -c 3 10.97.0.3; ping -c 1 -s 3000 10.97.0.3; ping -c 1 10.97.0.2; ping -c 1 127.0.0.1
  ip -4 addr show dev nebula2; ip route show dev nebula2; ip link show nebula2; cat /proc/net/dev | grep -c nebula2
  /usr/bin/python3 client.py' >one.log 2>&1
expect() {
  grep -q -E "$1" one.log || fail "expected: $1"
}
expect '3 packets transmitted, 3 received, 0% packet loss'
[ "$(grep -c -E '^(64|3008) bytes from 10.97.0.' one.log)" = 5 ] || fail "not all pings are answered"
# To the host's own addresses a raw socket leads only for the host's superuser.
[ "$(id -u)" != 0 ] || expect '64 bytes from 127.0.0.1'
expect '3008 bytes from 10.97.0.3'
expect 'inet 10.97.0.2/24 '
expect '10.97.0.0/24 .*scope link.*src 10.97.0.2'
expect 'nebula2: <.*POINTOPOINT.*UP.*> mtu 1300'
expect '^10.97.0.2$'
expect '^refused$'
for i in 1 2 3 4 5; do grep -q 'served 10.97.0.2' two.log && break; sleep 1; done
grep -q 'served 10.97.0.2' two.log || fail "the server has not ended"
kill $pids
wait
pids=
for name in lighthouse one two; do
  [ ! -e "$name.json" ] || /usr/bin/python3 known.py "$name.json" || fail "$name asked for what is not supported"
  grep -i -e 'level=warn' -e 'level=error' -e 'level=fatal' "$name.log" && fail "$name complains"
done
echo "pings and datagrams cross the tunnel"
