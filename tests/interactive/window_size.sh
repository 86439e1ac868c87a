#!/bin/sh
# The size of the window, and the signal of its change.
. "$(dirname "$0")/session.sh"
start "$busybox" sh
screen_is '>'
line 'stty size'
screen_is '> stty size' '24 80' '>'
resize 60 20; sleep 1
line 'stty size'
screen_is '> stty size' '20 60' '>'
line "sh -c 'trap \"stty size; echo changed\" WINCH; while :; do sleep 0.1; done'"; sleep 1
resize 70 22
see '22 70'; see changed; key C-c; same
line 'stty rows 10 cols 40; stty size'; see '10 40'; same
line 'clear; stty -a | head -1'; see baud; same
line 'stty raw; stty -raw; stty -echo; echo hidden; stty echo'; see hidden; same
line 'stty -icanon min 1; dd bs=1 count=1 2>/dev/null; stty icanon'; sleep 1; type x; sleep 1; line 'echo y'; see y; same
finish
