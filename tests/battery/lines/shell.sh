# The shell's own features.
echo $((6*7)) $((7/2)) $((7%3)) $((1<<4)) $((0x1f)) $((010)) $((3>2)) $((!5)) $((~0))
x=5; echo $((x+=3)) $x $((x++)) $x $((--x)) $((x>7?1:2)); echo $((1,2))
echo $((1/0)); echo not reached
a=hello; echo ${a#he} ${a%lo} ${#a} ${a:-x} ${b:-default} ${b:=set} $b ${a:+alt} ${a/l/L} ${a//l/L} ${a:1:3}
f=a/b/c.tar.gz; echo ${f##*/} ${f%%.*} ${f%.*} ${f#*/}
unset u; echo ${u?message}; echo not reached
set -- a b c; echo $# $1 $* "$@"; shift; echo $1; set -- ; echo $#
set -u; echo $undefined; echo not reached
set -e; false; echo not reached
set -e; if false; then :; fi; false || true; echo reached; (exit 3); echo not reached
f() { echo in $1; return 4; }; f x; echo $?; unset -f f; f; echo $?
f() { local v=in; echo $v; }; v=out; f; echo $v
if [ 1 -lt 2 ]; then echo lt; elif true; then echo no; else echo no; fi
case abc in a*) echo star;; *) echo other;; esac; case x in [a-m]) echo low;; y|x) echo alt;; esac
for i in a b c; do [ $i = b ] && continue; echo $i; done; for i in 1 2 3; do [ $i = 2 ] && break; echo $i; done
i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done; until [ $i -eq 0 ]; do i=$((i-1)); done; echo $i
echo a | cat | cat | tr a b; false | true; echo $?; true | false; echo $?; ! true; echo $?
set -o pipefail; false | true; echo $?
(echo sub; exit 3); echo $?; (cd /; pwd); { echo brace; exit 5; }
x=1; (x=2; echo $x); echo $x; { x=3; }; echo $x
echo $(echo nested $(echo deep)); echo `echo old`; x=$(printf 'a\n\n'); echo "[$x]"; x=$(exit 7); echo $?
echo "a  b"  c   d; echo 'single $x'; echo "double $((1+1)) \$x \"q\""; echo a\ b; echo $'tab\there'
eval 'x=1; echo $x'; eval "echo \$(echo evaluated)"; y='echo indirect'; $y
trap 'echo bye' EXIT; echo working; exit 2
trap 'echo got int' INT; kill -INT $$; echo after; trap - INT; trap
trap 'echo usr1' USR1; trap 'echo usr2' USR2; kill -USR1 $$; kill -USR2 $$; echo end
trap '' TERM; kill -TERM $$; echo survived; trap - TERM; kill -TERM $$; echo not reached
trap 'echo term; exit 9' TERM; (kill -TERM $$); sleep 1; echo not reached
sleep 0.1 & wait $!; echo $?; (exit 6) & wait $!; echo $?; wait; echo $?
(sleep 0.1; echo late) & echo early; wait; echo done
for i in 1 2 3; do (sleep 0.$i; echo $i) & done; wait; echo all
sleep 10 & p=$!; kill $p; wait $p; echo $?
sleep 10 & kill -9 $!; wait $!; echo $?; kill -0 $! 2>/dev/null; echo $?
sleep 10 & kill -STOP $!; kill -CONT $!; kill -TERM $!; wait $!; echo $?
sh -c 'kill -SEGV $$'; echo $?; sh -c 'kill -ABRT $$'; echo $?; sh -c 'exit 300'; echo $?
sh -c 'kill -KILL $$' | cat; echo $?; (kill -HUP $(sh -c 'echo $PPID')); echo $?
set -m; sleep 0.2 & jobs; wait; jobs; echo $?
set -m; (sleep 0.1; exit 3) & fg; echo $?
set -m; sleep 5 & kill -STOP %1; sleep 0.2; jobs; kill -KILL %1; sleep 0.2; jobs; echo $?
while getopts ab:c o; do echo "$o $OPTARG"; done; echo $OPTIND
set -- -a -b val -x rest; while getopts ab: o; do echo "$o $OPTARG"; done; shift $((OPTIND-1)); echo $*
exec 3> f; echo three >&3; exec 3>&-; cat f; exec 4< f; read x <&4; echo $x
echo out; echo err >&2; { echo o; echo e >&2; } 2>&1 | sort; { echo o; echo e >&2; } 2>/dev/null; ls /nowhere > f 2>&1; cat f
echo x > f; cat f f >> g; cat < f > h; cat h; : > f; wc -c < f; set -C; echo y > g; echo $?; echo z >| g; cat g
echo abc | { read x; echo "got $x"; }; read x < /dev/null; echo $?; printf 'l1\nl2\n' > f; { read a; read b; } < f; echo $b $a
nosuchcommand; echo $?; ./nothing; echo $?; touch f; ./f; echo $?; /; echo $?
echo 'echo script $0 $1' > s; sh s arg; chmod +x s; ./s arg2; . ./s; sh -c 'echo $0 $1' zero one
printf '#!/bin/sh\necho from $0\n' > s; chmod +x s; ./s; printf '#!/nowhere/sh\n' > t; chmod +x t; ./t; echo $?
alias ll='echo aliased'; type cd; type nosuch; command -v echo; command -v nosuch; echo $?; type ll
export V=1; sh -c 'echo $V'; V=2 sh -c 'echo $V'; echo $V; unset V; sh -c 'echo ${V-none}'; env -i A=b env; env X=y sh -c 'echo $X'
IFS=:; set -- $(echo a:b:c); echo $2; unset IFS; x='a b'; for w in $x; do echo $w; done; for w in "$x"; do echo $w; done
touch a1 a2 b1; echo a? [ab]1 *2 'q*' a[!1]; set -f; echo *; set +f; echo ./a*; echo {x,y}
echo ~ | sed 's/.*work/work/'; HOME=/h; echo ~ ~/x; echo a~; echo ~root
echo $? $# $- | cut -c1-3; echo $PPID | grep -q '[0-9]' && echo num; echo ${0##*/}; echo $$ | grep -c .
readonly r=1; r=2; echo not reached
x=5; test $x -eq 5 -a -n "$x" && echo and; [ -z "" -o 1 = 2 ] && echo or; [ a \< b ] && echo less; [[ abc == a* ]] && echo match; [ 1 -eq x ]; echo $?
ulimit -n 64; ulimit -n; ulimit -f; (ulimit -f 1; dd if=/dev/zero of=f bs=1k count=3 2>/dev/null; echo $?); ulimit -c
ulimit -S -s; ulimit -n 10; ulimit -H -n; ulimit -S -n 8; ulimit -n
umask 027; umask; (umask 0; umask); umask; umask u=rwx,g=,o=; umask; umask 999; echo $?
times | grep -c m; time true 2>/dev/null; let x=1+2 2>/dev/null; echo $x; : ignored; true; echo $?
printf '%s\n' "$(yes | head -2)"; yes | (read a; echo $a); { yes; echo $? >&2; } 2>f | head -1; cat f
seq 3 | while read i; do echo $i | (read j; echo "<$j>"); done; seq 3 | (while read i; do s=$((s+i)); done; echo $s)
hash; cd /usr; cd - > /dev/null; OLDPWD=/x; echo $OLDPWD; pwd | sed 's/.*work/work/'
sh -n -c 'if true; then'; echo $?; sh -c 'echo )'; echo $?; sh -c "echo 'x"; echo $?
exec echo replaced; echo not reached
exec nosuchprogram; echo not reached
exec 2>&1; ls /nowhere; sh -x -c 'x=1; echo $x'; sh -v -c 'echo v'
sh -c 'sleep 0.2; echo orphan' & sh -c 'sleep 0.3; echo child' & wait
mkfifo p; cat p & echo piped > p; wait; rm p; (read x; echo "$x") < f; echo $?
set -- $(seq 1 12); echo ${10} ${12}; echo "$*"; IFS=,; echo "$*"
f() { [ $1 -le 1 ] && echo 1 && return; echo $(( $1 * $(f $(($1-1))) )); }; f 8
trap 'echo chld' CHLD; (exit 1); true; trap - CHLD; echo end
trap 'echo err $?; exit' HUP; kill -HUP $$; trap; kill -l 9; kill -l | head -c 20; kill -l 137; kill -s WINCH $$; echo fine
sleep 1 & sleep 0.1; kill -INT $!; wait $!; echo $?; (trap '' INT; sleep 0.4; echo ignored) & sleep 0.1; kill -INT $!; wait
wait 99999; echo $?; jobs; fg; echo $?; bg; echo $?
true && echo a || echo b; false && echo a || echo b; true; false; echo $?; if ! false; then echo neg; fi
a=1 b=2; echo $a$b ${a}x; a=$b; b=${a}${a}; echo $b; a= ; echo "[$a]" ${a:-empty} ${a-unset}; echo ${#} ${#b}
read -t 1 x < /dev/null; echo $?; echo abc | (read -n 2 x; echo $x); printf 'a;b' | (read -d ';' x; echo $x)
