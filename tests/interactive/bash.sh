#!/bin/sh
# The host's bash, with readline and job control.
. "$(dirname "$0")/session.sh"
start /bin/bash --norc --noprofile
screen_is '>'
line 'echo hello $((6*7))'
screen_is '> echo hello $((6*7))' 'hello 42' '>'
type 'eco x'; key Left Left Left; type h; key C-e; type yz; key Enter
screen_is '> echo xyz' xyz '>'
key C-r; type hello; sleep 1; key Enter
see 'hello 42'; same
line 'sleep 100'; sleep 1; key C-z; see Stopped; line 'bg'; sleep 1; line 'jobs -r'; see Running; line 'fg'; sleep 1; key C-c; same
# Keys that come while a program runs are echoed where they come: not a test.
line 'clear'; whole_screen_is '>'; line 'echo $?'; same
in_both 'touch completed.file'
type 'ls comp'; key Tab; key Enter; see completed.file; same
line 'for i in a b; do'; line 'echo $i'; line 'done'; same
line 'clear; cat << END'; line 'in the document'; line 'END'; see 'in the document'; same
line 'read -s -p secret: x; echo; echo $x'; sleep 1; line 'word'; see word; same
line 'exit 3'; see 'ended with 3'; same
finish
