# Files and directories.
echo hello > a; cat a; ls
mkdir -p a/b/c; touch a/b/c/x a/y; ls -R a
mkdir d; chmod 750 d; ls -ld d | cut -c1-10
touch -d '2020-02-03 04:05:06' f; ls -l f | awk '{print $1, $2, $5, $6, $7, $8, $9}'
touch -d '2020-02-03 04:05:06' f; stat -c '%n %s %a %F %Y %h' f
ln -s target link; readlink link; ls -l link | sed 's/.*link/link/'
echo x > a; ln a b; stat -c %h a; rm a; stat -c %h b; cat b
cp nothing there; echo $?
echo one > a; cp a b; cp -r . ../work/sub 2>&1 | head -1; cat b
mkdir -p s/t; echo z > s/t/f; cp -a s u; find u | sort; cmp s/t/f u/t/f && echo same
echo 1 > a; mv a b; ls; mv b /nowhere/x; echo $?
mkdir d; rmdir d; rmdir d; echo $?
mkdir d; mkdir d; echo $?
mkdir d; touch d/x; rmdir d; rm d; rm -r d; ls; echo $?
rm nothing; echo $?; rm -f nothing; echo $?
touch a b c; rm -v a b; ls
cat /nowhere; echo $?
cat < /nowhere; echo $?
dd if=/dev/zero bs=1k count=3 2>/dev/null | wc -c
echo abcdef > f; dd if=f bs=1 skip=2 count=3 2>/dev/null; echo; dd if=f of=g bs=2 seek=1 2>/dev/null; od -c g
echo abcdef > f; truncate -s 3 f; cat f; echo; truncate -s 6 f; od -An -tx1 f
mkdir a; touch a/1 a/2.c; find a -name '*.c'; find a -type f | sort; find a -type d
touch a b; find . -type f -exec echo found {} \; | sort
touch old; touch -d '2000-01-01' old; touch new; find . -newer old -type f
mkdir -p x/y; cd x/y; pwd | sed 's/.*work/work/'; cd ..; pwd | sed 's/.*work/work/'; cd /; pwd
mkdir real; ln -s real soft; cd soft; pwd | sed 's/.*work/work/'; pwd -P | sed 's/.*work/work/'
mkdir -p a/b; realpath a/b/../b | sed 's/.*work/work/'; readlink -f a/../a/b | sed 's/.*work/work/'
basename /usr/lib/x.so .so; dirname /usr/lib/x.so; dirname x; basename /
touch x; test -f x && test ! -d x && [ -e x ] && [ ! -s x ] && echo yes
echo x > x; chmod 644 x; [ -r x ] && [ -w x ] && [ ! -x x ] && echo ok; chmod +x x; [ -x x ] && echo exec
umask; umask 077; touch f; mkdir d; stat -c '%a %n' f d; umask -S
echo a > f; chmod 000 f; stat -c %a f; chmod u=rw,g=r,o= f; stat -c %a f; chmod a+x,g-r f; stat -c %a f
mkfifo p; stat -c '%F %t:%T' p; (echo through > p &); cat p
mknod p p; ls -l p | cut -c1
du -s . > /dev/null && echo fine; mkdir e; du -a e | cut -f2
touch a.txt b.txt c.md; ls *.txt; echo *.md; echo *.none
for i in 1 2 3; do echo $i > f$i; done; tail -n +1 f1 f2 f3
echo data > f; unlink f; ls -A; unlink f; echo $?
install 2>/dev/null; touch .hidden shown; ls; ls -A; ls -a | head -2
mktemp -d ./t.XXXXXX | sed 's/\.[^.]*$/.X/'; ls | wc -l
touch f; chown 0:0 f && stat -c '%u:%g' f
echo x > f; ls -s /dev/null | awk '{print $1}'; stat -c '%F %t:%T' /dev/null /dev/tty /dev . f /proc/version
ls /dev/null /nowhere; echo $?
ls -1 / | grep -E '^(bin|etc|usr|tmp)$'
stat -c '%F %a' /; stat -f -c '%l' / ; stat /nowhere; echo $?
mkdir a; cd a; rmdir ../a; ls; echo $?
ln -s loop loop; cat loop; echo $?
ln -s nowhere dangling; cat dangling; ls -L dangling; [ -L dangling ] && echo link; [ -e dangling ] || echo dangles
touch f; mv f f; echo $?; cp f f; echo $?
echo one > a; echo two > b; mv -f a b; cat b; ls
mkdir src; echo 1 > src/a; mv src dst; cat dst/a
echo hello > 'a b'; cat 'a b'; rm -- 'a b'; touch ./-x; rm -- -x; ls
echo abc > f; > f; wc -c f; echo abc >> f; echo def >> f; cat f
seq 1 100 > f; head -c 10 f; tail -c 5 f; wc f
cd /nowhere; echo $?; cd /dev/null; echo $?
echo x > d; mkdir d; ls d/x; cat d/; echo $?
df . > /dev/null; echo $?; mount > /dev/null; echo $?
sync; echo $?; fsync f 2>/dev/null; touch f; shred -u f; ls
