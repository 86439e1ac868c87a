# Text.
printf 'b\na\nc\n' | sort; printf '10\n9\n1\n' | sort -n; printf '10\n9\n1\n' | sort -rn
printf 'x 3\ny 1\nz 2\n' | sort -k2; printf 'a:2\nb:1\n' | sort -t: -k2n
printf 'a\na\nb\na\n' | uniq; printf 'a\na\nb\n' | uniq -c; printf 'a\nb\nb\n' | uniq -d
seq 5 | tac; seq 1 2 9 | paste -s -d,; seq 3 | rev
echo 'hello world' | tr a-z A-Z; echo aabbcc | tr -s abc; echo a1b2 | tr -d 0-9; echo abc | tr -c 'b\n' x
echo 'a,b,c' | cut -d, -f2; echo abcdef | cut -c2-4; printf 'a\tb\tc\n' | cut -f1,3
seq 20 | head -3; seq 20 | tail -3; seq 20 | head -n -17; seq 20 | tail -n +18
printf 'one\ntwo\nthree\n' | grep t; printf 'one\ntwo\n' | grep -v one; printf 'A\na\n' | grep -ci a; echo x | grep y; echo $?
printf 'foo1\nbar2\n' | grep -E '^[a-z]+[12]$'; printf 'a.b\naxb\n' | grep -F a.b; printf 'abc\n' | grep -o b
echo 'hello world' | sed 's/world/there/'; seq 5 | sed -n '2,4p'; seq 5 | sed '3d'; echo abc | sed 's/\(a\)\(b\)/\2\1/'
printf 'a\nb\nc\n' | sed -e '/b/i before' -e '/b/a after'; seq 3 | sed '$!N;s/\n/-/'; echo a.b.c | sed 'y/./,/'
echo one > f; sed -i 's/one/two/' f; cat f; ls
seq 10 | awk '{s+=$1} END {print s}'; echo 'a b c' | awk '{print $3, NF}'; awk 'BEGIN {printf "%05.2f %s %x\n", 3.14159, "s", 255}'
printf 'k1 v1\nk2 v2\n' | awk '{m[$1]=$2} END {for (k in m) print k, m[k]}' | sort; echo a:b | awk -F: '{print $2}'
awk 'BEGIN {while (("echo sub; echo proc" | getline l) > 0) print "got " l}'; awk 'BEGIN {system("echo called")}'
awk 'BEGIN {print length("hello"), substr("hello", 2, 3), index("hello", "l"), toupper("x"), split("a-b", p, "-"), p[2]}'
awk 'BEGIN {print ENVIRON["LC_ALL"]; exit 3}'; echo $?
printf 'a\nb\n' > x; printf 'a\nc\n' > y; diff x y; echo $?; diff -u x y | tail -n +3; cmp x y; echo $?
printf 'a\nb\n' > x; printf 'a\nc\n' > y; diff -u x y > p; patch x < p; cat x
printf '1\n2\n' > x; printf 'a\nb\n' > y; paste x y; paste -d: x y
printf 'hello\n' | wc; printf 'a b\nc\n' | wc -w; printf 'abc' | wc -c; printf 'a\nb\n' | wc -l
printf 'abc' | md5sum; printf 'abc' | sha1sum; printf 'abc' | sha256sum; printf 'abc' | sha512sum; printf abc | crc32 2>/dev/null
printf 'abc' > f; md5sum f > s; md5sum -c s; echo x > f; md5sum -c s; echo $?
printf 'hello' | base64; printf 'aGVsbG8=' | base64 -d; echo; printf x | base64 -w 0; echo
printf 'hello' | od -c; printf 'AB' | od -An -tx1; printf 'hello\n' | hexdump -C; printf 'hi' | xxd; printf '6869' | xxd -r -p; echo
printf 'a\tb\n' | expand; printf '        a\n' | unexpand -a | od -c; echo 'long line of words to be folded here' | fold -w 10; echo 'ab cd ef' | fold -s -w 4
printf 'a\nb\n' | nl; printf 'a\n\nb\n' | cat -n; printf 'a\tb\n' | cat -A
expr 3 + 4 '*' 2; expr length hello; expr substr hello 2 3; expr hello : 'h\(.*\)o'; expr 1 = 2; echo $?; expr 5 / 0; echo $?
echo '2^10; scale=3; 10/3; sqrt(2)' | bc; echo '3 4 + p' | dc; echo 'obase=16; 255' | bc
factor 360 97; seq -s, 5; seq -w 8 11; seq 1 0.5 2
printf '%s-%d-%x-%o-%c-%5s|%-5s|\n' str 42 255 8 c r l; printf '%b\n' 'a\tb'; printf '%%\n'; printf '%d\n' 0x1f; printf '%s\n' a b c
printf '%d\n' abc; echo $?
printf 'dos\r\n' | dos2unix | od -c; printf 'unix\n' | unix2dos | od -c
printf 'abc\001\002defgh\n' | strings; printf 'x\0y' | tr '\0' '\n'; echo
printf 'b 1\na 2\n' > x; sort x > y; sort -c y && echo sorted; sort -c x; echo $?; sort -u -o x x y; cat x
echo 'a b c d' | xargs -n 2 echo got; printf 'x y\n' | xargs -I{} echo '<{}>'; printf 'a\0b c\0' | xargs -0 -n1 echo; echo | xargs echo none
printf '3\n1\n2\n' | tee copy | sort | tee sorted > /dev/null; cat copy sorted
yes | head -3; yes no | head -2 | tr '\n' ' '; echo
echo 'a:b' | (IFS=: read x y; echo $y $x); printf '1\n2\n' | while read n; do echo "n=$n"; done
printf 'one two\n' | (read a b; echo "$b $a"); printf 'a\\b\n' | (read -r x; echo "$x"); printf 'x' | (read v; echo $? $v)
date -u -d '2021-03-04 05:06:07' '+%Y/%m/%d %H:%M:%S %a %j'; date -u -d @86400 +%F; date -u -r /nowhere; echo $?
cal 2 2024; cal -j 1 2023 | head -3
printf 'begin-base64 644 f\naGk=\n====\n' | uudecode -o -; echo; printf hi > g; uuencode -m g name
echo abc > f; printf '1s/b/X/\nw\nq\n' | ed f; cat f
seq 3 | shuf | sort; shuf -e a | cat; comm 2>/dev/null; look 2>/dev/null; echo done
printf 'aXbX' | tr X '\n' | tac; printf '%s\n' x y z | sed -n '$='; printf 'tab\there\n' | sed 's/\t/ /'
cut -d' ' -f2 < /dev/null; grep x /dev/null; echo $?; grep -r needle . ; echo needle > f; grep -rn needle .; grep -l needle f; grep -q needle f && echo quiet
ascii 2>/dev/null | head -1; printf '\101\n'; echo -e 'a\nb'; echo -n x; echo; echo -E 'a\nb'
