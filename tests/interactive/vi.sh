#!/bin/sh
# busybox' vi opens a file, changes it and saves it; and less shows one.
. "$(dirname "$0")/session.sh"
in_both 'printf "first line\nsecond line\nthird line\n" > text; seq 100 > numbers'
start "$busybox" sh
screen_is '>'
line 'vi text'
see 'third line'; same_with_cursor
key j w; same_with_cursor
type 'cwchanged'; escape; same_with_cursor
type 'Oabove'; escape
see above; same_with_cursor
type '/third'; key Enter; type 'dd'; type 'G$'; same_with_cursor
resize 70 15; sleep 1; key C-l; same_with_cursor
line ':wq'
see 'text'; line 'cat text'; see 'second changed'; same; same_file text
line 'vi new'; sleep 1; type 'ihello from vi'; escape; same_with_cursor; line ':w'; see '1L'; same_with_cursor; line ':q'; sleep 1
line 'clear; cat new'; screen_is 'hello from vi' '>'; same_file new
line 'vi numbers'; see 10; key C-f C-f; see 30; same_with_cursor; type '50G'; same_with_cursor; line ':q!'
line 'clear; less numbers'; see 10; key Space; see 20; same_with_cursor; type G; see 100; type q; same
line 'clear; more numbers'; see 10; key Space; see 20; type q; same
line 'echo a | vi -; clear'; sleep 1; line ':q!'; line 'clear; echo over'; see over; same
finish
