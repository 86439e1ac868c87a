# The host's coreutils, findutils, perl and friends.
mkdir d; touch -d '2020-01-02 03:04:05 UTC' d/a d/b; chmod 640 d/b; /bin/ls -l --time-style=full-iso d | tail -n +2
/bin/ls -la /etc > f; /bin/ls -la /etc | cmp - f; echo $?; /bin/ls -1 /usr | head -3; /bin/ls /nowhere; echo $?
printf 'b\na\nc\n' | /usr/bin/sort; seq 1000 -1 1 | /usr/bin/sort -n | head -2; /usr/bin/sort /nowhere; echo $?
mkdir -p a/b/c; touch a/b/f.txt a/g.txt; /usr/bin/find a | /usr/bin/sort; /usr/bin/find a -name '*.txt' -printf '%f %s\n' | sort; find . -type d -empty
/usr/bin/perl -e 'print "hello $]\n"; print join(",", map { $_ * 2 } 1..5), "\n"; exit 3'; echo $?
/usr/bin/perl -e 'my $p = fork; if (!$p) { exit 5 } waitpid $p, 0; print $? >> 8, "\n"; print `echo sub`; system "false"; print $?, "\n"'
/usr/bin/perl -e '$SIG{USR1} = sub { print "caught\n" }; kill USR1 => $$; $SIG{ALRM} = sub { die "alarm\n" }; alarm 1; eval { sleep 5 }; print $@'
/usr/bin/perl -e 'open F, ">", "f" or die; print F "line $_\n" for 1..3; close F; open F, "<", "f"; print reverse <F>; print -s "f", "\n"; my @s = stat "f"; printf "%o\n", $s[2]'
/usr/bin/perl -e 'pipe R, W; if (!fork) { close R; print W "from child\n"; exit } close W; print <R>; wait; opendir D, "/"; print scalar(grep { /^(etc|usr)$/ } readdir D), "\n"'
/usr/bin/perl -MPOSIX -e 'print POSIX::strftime("%Y-%m-%d", gmtime 86400), "\n"; print((POSIX::uname())[0], "\n"); print getcwd() =~ /work/ ? "cwd\n" : "no\n"'
/bin/cat /proc/self/comm; /usr/bin/tr a-z A-Z < /etc/hostname | wc -l; /usr/bin/cut -d: -f1 /etc/passwd | head -2; /usr/bin/wc -l /etc/passwd | cut -d' ' -f2
cp /etc/passwd p; cmp /etc/passwd p; mv p q; /bin/ln -s q l; readlink l; rm q l; ls; stat -c '%A %s %n' /etc/passwd | cut -c1-10; mktemp -d -p . x.XXX | wc -c
/usr/bin/md5sum /bin/busybox | cut -c1-32; sha256sum /bin/ls | cut -c1-64; dd if=/dev/zero bs=1M count=4 2>/dev/null | sha1sum; seq 100000 | tail -1
mkdir t; echo x > t/f; tar cf t.tar t; tar tvf t.tar | awk '{print $1, $6}'; gzip t.tar; zcat t.tar.gz | tar xO t/f; sed -n 1p /etc/passwd | cut -d: -f1; grep -c root /etc/passwd
date -u -d '2021-03-04 05:06:07' '+%F %T'; env | sort | grep '^USER'; id -u; nice -n 3 nice; timeout 0.2 sleep 5; echo $?; printf '%s\n' a b | xargs -n1 echo x; test -t 0; echo $?
awk 'BEGIN { while (i++ < 3) print i; "echo cmd" | getline x; print x }'; echo 'a b' | sed 's/a/b/'; diff /etc/passwd /etc/passwd && echo same; head -c 5 /dev/zero | od -An -c; basename /a/b
strace -f -qq -e trace=write,exit_group -e signal=none -o log sh -c 'echo a; (echo b; exit 4); exit 3'; echo $?; sed 's/^[0-9]* *//; s/  *=/ =/' log
strace -c -o log sh -c 'echo counted'; grep -c write log; strace /nowhere 2>&1 | sed 's/0x[0-9a-f]*/A/g' | tail -1; echo 'int add(int a, int b) { return a + b; } int main(void) { return add(1, 2); }' > d.c; gcc -g d.c -o d; gdb -nx -batch -ex 'set debuginfod enabled off' -ex 'break add' -ex run -ex bt -ex 'p a' -ex finish -ex continue ./d 2>&1 | sed 's/0x[0-9a-f]*/A/g; s/process [0-9]*/process N/' | grep -v '^Using host\|^\[Thread debugging'
command -v gcc >/dev/null || exit 0; printf '#include <pthread.h>\n#include <stdio.h>\nint x;\nvoid* f(void* a) { x++; return a; }\nint main(int n, char** v) { pthread_t t; pthread_create(&t, 0, f, 0); if (n > 1) x++; pthread_join(t, 0); printf("ok %%d\\n", x); return 3; }\n' > a.c; gcc -g -pthread -fsanitize=thread a.c -o t && setarch -R ./t; echo $?; setarch -R ./t race > out 2> err; echo $?; grep -c 'WARNING: ThreadSanitizer: data race' err; gcc -g -fsanitize=undefined -pthread a.c -o u && ./u; echo $?
command -v clang >/dev/null || exit 0; printf '#include <stdlib.h>\n#include <stdio.h>\nint main(int n, char** v) { int* p = malloc(40); if (n == 1) p[1] = n; if (p[1] == 7) puts("seven"); puts("end"); free(p); return 3; }\n' > a.c; clang -g -fsanitize=memory a.c -o m && setarch -R ./m; echo $?; setarch -R ./m not 2> err; echo $?; grep -c 'WARNING: MemorySanitizer: use-of-uninitialized-value' err; grep -o 'a.c:[0-9:]*' err | head -1
command -v proot >/dev/null || exit 0; proot -r / echo hi; echo $?; mkdir -p r; proot -b /etc:/r -r / sh -c 'head -1 /etc/passwd; exit 3'; echo $?
command -v gcc >/dev/null || exit 0; printf '#include <stdlib.h>\nint main(int n, char** v) { volatile char* p = malloc(10); if (n > 1) p[n + 8] = 1; p = 0; return 3; }\n' > a.c; gcc -g -fsanitize=address a.c -o a && ./a 2> err; echo $?; grep -o 'Direct leak of 10 byte.s. in 1' err; ./a x y 2> err; echo $?; grep -o 'ERROR: AddressSanitizer: heap-buffer-overflow' err; ASAN_OPTIONS=detect_leaks=0 ./a; echo $?
