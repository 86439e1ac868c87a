#!/bin/sh
# The prompt, and the line editor of busybox' shell.
. "$(dirname "$0")/session.sh"
start "$busybox" sh
screen_is '>'
line 'echo hello'
screen_is '> echo hello' hello '>'
type 'ecXo hi'; key Left Left Left Left; key BSpace; type h; key Enter
screen_is '> echo hi' hi '>'
type 'echo one two'; key C-w; type three; key Enter
screen_is '> echo one three' 'one three' '>'
type 'bc'; key C-a; type 'echo a'; key C-e; type d; key Enter
screen_is '> echo abcd' abcd '>'
type 'rubbish'; key C-u; line 'echo clean'
screen_is '> echo clean' clean '>'
key Up Up; key Enter
screen_is '> echo abcd' abcd '>'
line "echo 'two"; line "lines'"
screen_is "> echo 'two" "more> lines'" two lines '>'
in_both 'touch uniquename'
type 'echo uniq'; key Tab; key Enter
see 'uniquename'; same
line 'printf "no newline"'
same
line 'clear; echo top'
screen_is top '>'
line 'for i in 1 2 3'; line 'do echo $i; done'
screen_is 'more> do echo $i; done' 1 2 3 '>'
line 'seq 40'
see 40; same
finish
