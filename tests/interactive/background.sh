#!/bin/sh
# Jobs in the background that use the terminal, and pipelines that are stopped.
. "$(dirname "$0")/session.sh"
start "$busybox" sh
screen_is '>'
line '(sleep 1; echo from behind) & wait'; see 'from behind'; same
line 'sleep 100 | cat'; sleep 1; key C-z; see Stopped; line 'kill -KILL %1; sleep 1; jobs'; see Killed; same
line 'clear'; sleep 1
line '(sleep 1; cat) &'; sleep 2; line 'jobs'; see 'tty input'; line 'kill -KILL %1; sleep 1; jobs'; see Killed; same
line 'clear'; sleep 1
line 'stty tostop'; sleep 1; line '(sleep 1; echo stopped writer) &'; sleep 2; line 'jobs'; see 'tty output'
line 'stty -tostop; fg'; see 'stopped writer'; same
line 'clear'; sleep 1
line 'cat > file'; sleep 1; line 'kept'; sleep 1; key C-z; see Stopped; line 'fg'; sleep 1; key C-d; sleep 1; line 'cat file; echo end'; see end; same; same_file file
finish
