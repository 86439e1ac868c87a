# bash, with pipes and subshells.
echo hello from bash $((6*7))
x=(a b c); echo ${x[1]} ${#x[@]}; declare -A m; m[k]=v; echo ${m[k]}
for ((i=0; i<3; i++)); do echo $i; done
echo one two three | while read a b c; do echo "$c $b $a"; done
(cd /; pwd); echo $(echo nested $(echo deep)); { echo x; echo y; } | sort -r
[[ hello =~ ^h(.*)o$ ]] && echo ${BASH_REMATCH[1]}; [[ a < b && -d / ]] && echo yes
cat <<< 'here string'; diff <(echo a) <(echo b); echo $?
printf -v v '%05d' 42; echo $v; echo ${v^^} ${v/0/x}; s=hello; echo ${s^} ${s:1:3} ${s: -2}
trap 'echo bye $?' EXIT; (exit 3); echo $?; exit 4
trap 'echo usr1' USR1; kill -USR1 $$; echo after
sleep 0.1 & wait $!; echo $?; sleep 5 & kill $!; wait $!; echo $?
set -m; (exit 7) & wait %1; echo $?
set -o pipefail; false | true; echo $? ${PIPESTATUS[@]}
mapfile -t l < <(seq 3); echo ${l[@]}; readarray -t r <<< $'a\nb'; echo ${#r[@]}
coproc cat; echo through >&${COPROC[1]}; read -u ${COPROC[0]} line; echo $line; kill $COPROC_PID
exec 5<>f; echo text >&5; cat f; exec 5>&-; ulimit -n 128; ulimit -n; umask 027; umask
ls /nowhere; echo $?; nosuchcommand; echo $?; /etc/passwd; echo $?
seq 100 | awk '{s+=$1} END {print s}'; seq 5 | tac | tr '\n' ' '; echo; yes | head -1000 | wc -l
f() { local n=$1; (( n <= 1 )) && echo 1 || echo $(( n * $(f $((n-1))) )); }; f 6
echo {1..5} {a,b}{x,y}; shopt -s nullglob; echo *.none; touch a.c b.c; echo *.c; echo !(a).c
select x in a b; do echo $x; break; done <<< 1; getopts ab: o -b val; echo $o $OPTARG; type -t cd ls nosuch
let x=5*3; echo $x; echo $((2**10)) $((16#ff)); printf '%q\n' 'a b'; echo -e 'a\tb'
