#!/bin/bash
# internet_peers.sh POLYABI PROGRAM: TLI programs talk to others over TCP: a server to a client of the host's, a client to a server of
# the host's (perl), and a server to busybox' nc under the Linux personality; and to the host's socat over TCP and UDP, both ways.
polyabi=$1 program=$2
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
bad=0
expect() {
  if [ "$2" = "$3" ]; then echo "ok $1"; else
    echo "FAIL $1: '$2' instead of '$3'"
    bad=1
  fi
}
# serve [KIND]: starts the server; its port goes to `port`
serve() {
  : >port
  timeout 60 "$polyabi" run "$program" "${1:-server}" >port &
  server=$!
  for ((i = 0; i < 300; ++i)); do
    port=$(cat port)
    [ -n "$port" ] && return
    sleep 0.1
  done
  echo "FAIL the server does not say its port"
  exit 1
}
serve
exec 3<>"/dev/tcp/127.0.0.1/$port"
echo "from the host" >&3
IFS= read -r -t 20 answer <&3
exec 3>&-
expect "a client of the host's" "$answer" "FROM THE HOST"
wait "$server"
expect "the server's end" "$?" 0

serve
answer=$(echo "from linux" | timeout 60 "$polyabi" run busybox nc 127.0.0.1 "$port")
expect "a Linux program" "$answer" "FROM LINUX"
wait "$server"

rm port
perl -MSocket -e '
  socket(my $s, PF_INET, SOCK_STREAM, 0); bind($s, sockaddr_in(0, INADDR_LOOPBACK)); listen($s, 1);
  $| = 1; print((sockaddr_in(getsockname($s)))[0], "\n");
  alarm 60; accept(my $c, $s); my $line = <$c>; syswrite($c, "got $line"); close($c);' >port &
for ((i = 0; i < 300; ++i)); do [ -s port ] 2>/dev/null && break; sleep 0.1; done
expect "a server of the host's" "$(timeout 60 "$polyabi" run "$program" client "$(cat port)" hello)" "got hello"
wait

if ! command -v socat >/dev/null; then
  echo "skipped: the host has no socat"
  exit $bad
fi
# socat ends its sending side when its input ends, and waits for the other's end: orderly release in both directions.
serve
expect "socat's TCP client" "$(echo "from socat" | timeout 60 socat -t 20 - "TCP4:127.0.0.1:$port")" "FROM SOCAT"
wait "$server"
expect "the server's orderly release" "$?" 0
serve udpserver
expect "socat's UDP client" "$(echo "from socat" | timeout 60 socat -t 5 - "UDP4:127.0.0.1:$port" | head -n 1)" "FROM SOCAT"
wait "$server"
expect "the datagram server's end" "$?" 0
# socat_serves TYPE: socat answers what it gets; its port, which it logs, goes to `port`
socat_serves() {
  : >log
  timeout 60 socat -d -d "$1-LISTEN:0,bind=127.0.0.1" EXEC:"sed -u s/^/got/" 2>log &
  server=$!
  for ((i = 0; i < 300; ++i)); do
    port=$(sed -n 's/.* listening on .*127\.0\.0\.1:\([1-9][0-9]*\)$/\1/p' log)
    [ -n "$port" ] && return
    sleep 0.1
  done
  echo "FAIL socat does not say its port"
  cat log
  exit 1
}
socat_serves TCP4
expect "socat's TCP server" "$(timeout 60 "$polyabi" run "$program" client "$port" " hello"; echo $?)" "got hello
0"
wait "$server"
expect "its end" "$?" 0
port=$(perl -MSocket -e 'socket(my $s, PF_INET, SOCK_DGRAM, 0); bind($s, sockaddr_in(0, INADDR_LOOPBACK)); print((sockaddr_in(getsockname($s)))[0])')
timeout 60 socat "UDP4-RECVFROM:$port,bind=127.0.0.1" EXEC:"sed -u s/^/got/" &
server=$!
for ((i = 0; i < 300; ++i)); do grep -q ":$(printf %04X "$port") " /proc/net/udp && break; sleep 0.1; done
expect "socat's UDP server" "$(timeout 60 "$polyabi" run "$program" udpclient "$port" " hello
"; echo $?)" "got hello
0"
wait "$server"
exit $bad
