# Read by battery.sh; each runs in a folder of its own that has the files which battery.sh makes.
#   program NAME COMMAND               what it is to print is on standard input
#   in_terminal NAME COMMAND FILE KEYS...   what the file is to hold when the keys have been typed, and that a screen was drawn
program '[' '[ -f a ] && [ ! -f nothing ] && echo file' <<'end'
file
end
program apropos 'apropos sort | grep -c "" | sed "s/[1-9][0-9]*/some/"' <<'end'
some
end
program ar 'ar rc l.a a b; ar t l.a; rm a; ar x l.a a; sed 1q a' <<'end'
a
b
one
end
program as 'cc -S p.c; as -gxo p.o p.s; nm p.o | grep main' <<'end'
.text    00000000 main
end
program awk 'awk "{ print NR, \$2 }" fruit' <<'end'
1 3
2 1
3 2
4 1
end
program bc 'echo "2^64; scale=5; 1/3; define f(n) {
if (n < 2) return (1)
return (n * f(n - 1))
}
f(20)" | bc' <<'end'
18446744073709551616
.33333
2432902008176640000
end
program cc 'cc p.c && ./p' <<'end'
42
end
program cgrep 'cgrep two a' <<'end'
a: two
end
program compress 'compress -f text; l text.Z >/dev/null && echo smaller' <<'end'
smaller
end
program uncompress 'compress -f text; uncompress text.Z; wc text' <<'end'
    100     200     792 text
end
program zcat 'compress -f text; zcat text.Z | sed -n 3p' <<'end'
line 3
end
program date 'date -u | grep -c "[0-9][0-9]:[0-9][0-9]:[0-9][0-9]"' <<'end'
1
end
program detab 'printf "a\tb\n" | detab' <<'end'
a       b
end
program df 'df >/dev/null && echo told' <<'end'
told
end
program dirname 'dirname /usr/lib/libc.a' <<'end'
/usr/lib
end
program ed 'printf "1p\n\$d\n1s/n/N/\nw\nq\n" | ed - a; sed "" a' <<'end'
one
oNe
two
end
program egrep 'egrep "o(n|w)" a' <<'end'
one
end
program env 'env A=b env | grep "^A="' <<'end'
A=b
end
program expr 'expr 6 "*" 7; expr abcde : "ab\(.*\)"' <<'end'
42
cde
end
program file 'file a /bin/sh' <<'end'
a: probably text
/bin/sh: COFF stripped executable (Intel 386) 
end
program grep 'grep -n e a; grep -c "^t" a; grep nothing a || echo none' <<'end'
1:one
3:three
2
none
end
program help 'help echo | sed 1q' <<'end'
echo -- Repeat/expand an argument
end
program id 'id | grep -c uid' <<'end'
1
end
program kill 'kill -9 99999 || echo nobody; (kill -15 $$; read x); echo not reached' <<'end'
kill: process 99999: no such process
nobody
end
program l 'l a | grep -c "14.*a\$"' <<'end'
1
end
program ld 'cc -c p.c; ld -o q /lib/crts0.o p.o /lib/libc.a && ./q' <<'end'
42
end
program lex 'lex scan.l; grep -c yylex lex.yy.c | sed "s/[1-9][0-9]*/some/"' <<'end'
some
end
program yacc 'yacc sum.y && cc y.tab.c && echo "1+2+39" | ./y.tab' <<'end'
42
end
program make 'make -f rules; make -f rules' <<'end'
cc -c p.c
cc -o p p.o
end
program man 'man 2>&1 | sed 1q | grep -c ""' <<'end'
1
end
program mv 'mv a c; sed 1q c; [ -f a ] || echo gone' <<'end'
one
gone
end
program nm 'nm /lib/crts0.o | grep UNDEF' <<'end'
UNDEF    00000000 exit
UNDEF    00000000 main
end
program nohup 'nohup dirname /a/b 2>/dev/null; sed "" nohup.out 2>/dev/null' <<'end'
/a
end
program nroff 'nroff roff | sed "/^\$/d"' <<'end'
          Left                indented text
end
program prep 'prep a' <<'end'
one
two
three
end
program printf 'printf "%d %s %05d\n" 4 x 42' <<'end'
4 x 00042
end
program ranlib 'cc -c p.c; ar rc x.a p.o 2>/dev/null; ranlib x.a; ar t x.a' <<'end'
p.o
end
program rm 'rm a; [ -f a ] || echo gone; rm a' <<'end'
gone
rm: a: no such file or directory
end
program sed 'sed -n -e "s/o/0/gp" -e "\$!d" a; sed -e "2,3d" -e "s/.*/(&)/" a' <<'end'
0ne
tw0
(one)
end
program sh 'for i in 1 2 3; do case $i in 2) continue ;; esac; echo $i; done; f() { echo f$1; }; f x; (exit 3); echo $?' <<'end'
1
3
fx
3
end
program size 'cc -c p.c; size p.o' <<'end'
28+0+0 28 (1c)
end
program srcpath 'srcpath . a' <<'end'
./.
./a
end
program strip 'cc p.c; strip p; ./p' <<'end'
42
end
program stty 'stty </dev/null' <<'end'
stty: can't get terminal parameters for stdin
end
program tr 'tr a-z A-Z <a; echo abc | tr -d b' <<'end'
ONE
TWO
THREE
ac
end
program troff 'troff -p roff | sed 1q' <<'end'
/state save def
end
program ttytype 'ttytype || echo no terminal' <<'end'
ttytype: Not a tty
no terminal
end
program uname 'uname -s | grep -c ""' <<'end'
1
end
program wc 'wc a; wc -l <text' <<'end'
      3       3      14 a
    100
end
program xargs 'sed "" a | xargs printf "%s-%s-%s"' <<'end'
one-two-three
end
program captoinfo 'captoinfo /dev/null && echo done' <<'end'
done
end
program cpio 'printf "a\nb\n" | cpio -oc >c.cpio; rm a b; cpio -ic <c.cpio; sed 1q a' <<'end'
1 block
1 block
one
end
program ctags '/usr/bin/ctags p.c 2>/dev/null; sed -n "s/main.*/main/p" tags' <<'end'
main
end
program elvis 'TERM=vt100 elvis -h 2>&1 | sed 1q | grep -c ""' <<'end'
1
end
in_terminal elvis 'elvis a' a 'jcwchanged' '\033' 'Oabove' '\033' 'Gdd' ':wq\r' <<'end'
one
above
changed
a screen
end
in_terminal vi 'vi new' new 'ityped in vi' '\033' ':w\r' ':q\r' <<'end'
typed in vi
a screen
end
program ex 'printf "1s/one/ONE/\nw\nq\n" | ex a >/dev/null; sed 1q a' <<'end'
ONE
end
program fmt 'fmt a' <<'end'
one two three
end
program gtar 'gtar cf t.tar a b; rm a; gtar xf t.tar; gtar tf t.tar; sed 1q a' <<'end'
a
b
one
end
program infocmp 'infocmp vt100 | sed -n 2p' <<'end'
vt100|vt100-am|DEC VT100 (w/advanced video),
end
program ksh 'ksh -c "integer i=3; let i=i*2; print \$i; s=up; print \${#s}"' <<'end'
6
2
end
program tic 'tic 2>&1 | sed 1q' <<'end'
tic: File name needed.  Usage:
end
program unzip 'zip z a >/dev/null; rm a; unzip z >/dev/null; sed 1q a' <<'end'
one
end
program zip 'zip z a' <<'end'
  adding: a (stored 0%)
end
program upac 'upac' <<'end'
upac: Usage: upac <file system>
end
program dpac 'dpac' <<'end'
dpac: Usage: dpac <file system>
end
program spac 'spac' <<'end'
spac: Usage: spac <file system>
end
program qpac 'qpac' <<'end'
qpac: Usage: qpac <file system>
end
program fmap 'fmap' <<'end'
-1 usage: fmap <DevToMap> [blksbeyondfinal]
end
program reprint 'reprint | sed "/^\$/d"' <<'end'
usage:  reprint request_num [start_page] [end_page]
end
program fdisk 'fdisk' <<'end'
fdisk: No partition devices were specified.
end
program tape 'tape 2>&1 | sed 1q' <<'end'
Usage: tape command [device]
end
program msgs 'msgs' <<'end'
msgs: Can't stat: /usr/spool/mail/msgs
end
program script 'script out </dev/null' <<'end'
stdin and stdout must be tty devices
end
program uudecode 'uudecode <coded; sed "" plain' <<'end'
Cat
end
