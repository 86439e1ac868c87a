#!/bin/bash
# internet_peers.sh POLYABI PROGRAM: TLI programs talk to others over TCP: a server to a client of the host's, a client to a server of
# the host's (perl), and a server to busybox' nc under the Linux personality.
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
# serve: starts the server; its port goes to `port`
serve() {
  : >port
  timeout 60 "$polyabi" run "$program" server >port &
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
exit $bad
