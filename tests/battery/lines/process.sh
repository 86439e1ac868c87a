# Processes and the system.
echo $$ | grep -c '^[0-9]*$'; sh -c 'echo $PPID' | grep -c '^[0-9]*$'; cut -d' ' -f2 /proc/self/stat; cat /proc/self/comm
uname; uname -s; uname -m; uname -o 2>/dev/null; cat /proc/sys/kernel/ostype
id; id -u; id -un; id -g; id -G | wc -w | grep -c 1; whoami; groups | wc -w | grep -c .
hostname | grep -c .; [ "$(hostname)" = "$(cat /proc/sys/kernel/hostname)" ] && echo same; logname 2>/dev/null; who | wc -l > /dev/null; tty; echo $?
env | sort | grep -v '^_\|PWD\|PATH\|HOME\|SHLVL'; printenv USER 2>/dev/null; echo $USER
nproc | grep -c '[0-9]'; arch; hostid | wc -c; [ -r /proc/uptime ] && uptime | grep -c load
ps | head -1; ps -o pid,comm | grep -q 'ps$'; echo $?; ps -o comm | grep '^ps$' | sort -u; pidof nosuchprocess; echo $?
timeout 0.2 sleep 5; echo $?; timeout 5 true; echo $?; timeout -s KILL 0.2 sleep 5; echo $?
time -p true 2>&1 | sed 's/[0-9.]*$//'; usleep 1000; echo $?; sleep 0.01; echo $?; sleep x; echo $?
nice; nice -n 5 nice; nice -n 5 sh -c 'nice'; renice 5 $$ > /dev/null 2>&1; nice
nohup echo quiet 2>/dev/null; setsid echo session; setsid sh -c 'ps -o pid,sid | grep -c .' > /dev/null; echo $?
tr '\0' ' ' < /proc/self/cmdline; echo; cat /proc/self/environ | tr '\0' '\n' | grep LC_ALL; readlink /proc/self/exe | grep -c busybox
grep -E '^(Name|Umask|State|Threads|SigIgn)' /proc/self/status; grep -c '^Vm' /proc/self/status | grep -c '[0-9]'
readlink /proc/self/cwd | sed 's/.*work/work/'; ls /proc/self/fd | head -3; readlink /proc/self/fd/0; readlink /proc/self/root
awk '{print NF}' /proc/self/stat /proc/uptime /proc/loadavg /proc/self/statm; wc -l < /proc/version; cut -d' ' -f1-2 /proc/version
head -1 /proc/meminfo | sed 's/[0-9]\{1,\}/N/; s/  */ /g'; grep -c '^processor' /proc/cpuinfo | grep -c '[0-9]'; head -1 /proc/stat | awk '{print $1, NF}'
[ -d /proc/$$ ] && echo dir; ls -d /proc/self /proc/1; [ -e /proc/99999999 ] || echo none; cat /proc/99999999/stat; echo $?
grep -c ' / ' /proc/mounts | grep -c '[1-9]'; readlink /proc/mounts; grep proc /proc/filesystems; cat /sys/devices/system/cpu/online | grep -c 0
sh -c 'echo $0; exec sh -c "echo \$0 exec"'; sh -c 'trap "echo in" TERM; kill $$; echo out'
(trap 'echo parent got usr1' USR1; sh -c 'kill -USR1 $PPID'; sleep 0.1; echo end)
echo hi | sh -c 'read x; echo $x from stdin'; sh < /dev/null; echo $?; echo 'echo piped script' | sh; echo 'exit 3' | sh; echo $?
cp /bin/true own; start-stop-daemon -S -x $PWD/own 2>/dev/null; run-parts /nowhere; echo $?; mkdir rp; printf '#!/bin/sh\necho part\n' > rp/one; chmod +x rp/one; run-parts rp
which sh | grep -c sh; which nosuch; echo $?; getopt -o ab: -- -a -b x y; chroot / echo rooted; echo $?
watch 2>/dev/null; dmesg > /dev/null 2>&1; clear | od -c | head -1; reset 2>/dev/null | wc -c | grep -c .; stty < /dev/null; echo $?
kill -0 $$; echo $?; kill -0 99999999; echo $?; kill -BOGUS $$; echo $?; kill; echo $?; killall nosuchthing; echo $?
ls /proc/self/task | wc -l; cat /proc/self/limits | head -1; sed -n 's/^\(Max open files\).*/\1/p' /proc/self/limits; cat /proc/sys/kernel/osrelease | grep -c .
ls -l /dev/null /dev/zero /dev/full /dev/tty | awk '{print $1, $5, $6, $NF}'; echo x > /dev/full; echo $?; head -c 4 /dev/zero | od -An -tx1; head -c 8 /dev/urandom | wc -c
ls -l /dev/stdin | sed 's/.*-> //'; echo via | cat /dev/stdin; echo e > /dev/stderr; echo o > /dev/stdout; echo fd | cat /dev/fd/0
mkdir m; umount m 2>/dev/null; echo $?; swapon -s 2>/dev/null | wc -c > /dev/null; losetup 2>/dev/null | head -0; echo end
flock 2>/dev/null; ionice -c 3 true; echo $?; taskset 1 true 2>/dev/null; echo $?; setpriv --nnp true 2>/dev/null; true; mountpoint / 2>/dev/null; echo end
ipcalc -b 10.1.2.3/24 2>/dev/null; nslookup 2>/dev/null; mkpasswd -m md5 -S saltsalt secret 2>/dev/null; cksum 2>/dev/null < /dev/null; sum < /dev/null 2>/dev/null; echo end
svc 2>/dev/null; microcom 2>/dev/null; ts < /dev/null; echo x | ts %Y 2>/dev/null | awk '{print NF}'; logger -s hello 2>&1 | grep -c hello
sh -c 'sh -c "sh -c \"echo deep \$PPID\"" | grep -c deep'; i=0; while [ $i -lt 30 ]; do /bin/true; i=$((i+1)); done; echo $i
seq 1 20000 | sort -rn | head -1; seq 1 5000 | md5sum; dd if=/dev/zero bs=64k count=32 2>/dev/null | md5sum; seq 300 | xargs -n 10 echo | tail -1
