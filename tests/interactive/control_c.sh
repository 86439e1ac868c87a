#!/bin/sh
# Keys that send signals.
. "$(dirname "$0")/session.sh"
start "$busybox" sh
screen_is '>'
line 'sleep 100'; sleep 1; key C-c
screen_is '> sleep 100' '^C' '>'
line 'echo $?'
screen_is '> echo $?' 130 '>'
type 'never run'; key C-c; line 'echo after'
see '^C'; screen_is '> echo after' after '>'
line 'cat'; type 'shown'; key Enter; sleep 1; key C-c
screen_is '> cat' shown shown '^C' '>'
line 'while true; do sleep 1; done'; sleep 1; key C-c
screen_is '> while true; do sleep 1; done' '^C' '>'
line 'trap "echo caught" INT; sleep 3; echo on'; sleep 1; key C-c
see caught; see on; same
line 'trap - INT'; sleep 1; line 'sleep 100 | cat'; sleep 1; key C-c; same
line 'sleep 100'; sleep 1; key 'C-\'
see '^\'; line 'echo $?'; see 131; same
line "sh -c 'trap \"\" INT; echo deaf; sleep 2; echo still'"; see deaf; key C-c; see still; same
finish
