#!/bin/sh
# ^D in programs and at the prompt.
. "$(dirname "$0")/session.sh"
start "$busybox" sh
screen_is '>'
line 'cat > file'; sleep 1; line 'some text'; type 'half'; key C-d; key C-d
screen_is '> cat > file' 'some text' 'half>'
line ''; line 'cat file; echo'; see 'half'; same; same_file file
# The key means the end of a file to whoever reads lines, hence the pauses: the shell's editor takes it as a character.
line 'read x; echo got $x $?'; sleep 1; key C-d; see 'got 1'; same
line 'sh'; sleep 1; line 'echo inner'; see inner; same; key C-d; sleep 1; line 'echo outer'; see outer; same
line '(exit 7)'; sleep 1; key C-d
see 'ended with 7'; same
finish
