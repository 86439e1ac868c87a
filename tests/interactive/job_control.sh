#!/bin/sh
# Stopping, background, foreground.
. "$(dirname "$0")/session.sh"
start "$busybox" sh
screen_is '>'
line 'sleep 100'; sleep 1; key C-z
see Stopped; same
line jobs; same
line 'bg'; sleep 1; line jobs; see Running; same
line 'fg'; sleep 1; key C-c
screen_is '> fg' 'sleep 100' '^C' '>'
line 'cat'; sleep 1; type first; key Enter; sleep 1; key C-z; see Stopped
line 'fg'; sleep 1; type second; key Enter; sleep 1; key C-d
screen_is '> fg' cat second second '>'
line 'sleep 2 & sleep 100'; sleep 1; key C-z; see Stopped; same
line 'kill %2'; sleep 1; line 'wait'; sleep 2; line 'jobs'; line 'echo all gone'; see 'all gone'; same
finish
