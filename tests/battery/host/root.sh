# Lines for a Debian root of its own (debootstrap): its shell, libraries, packages, perl and python. Not what merges with the native root:
# a listing of a whole directory shows both, and a module that the root lacks is found there.
cat /etc/debian_version /etc/os-release | head -3
echo $BASH_VERSION; echo "${BASH_VERSINFO[5]}"
dpkg -l
dpkg -L bash | head -20
dpkg-query -W -f '${Package} ${Architecture}\n' | sort
dpkg --print-architecture
ldconfig -p | sort
perl -v
perl -e 'print join(" ", map { $_ * $_ } 1..10), "\n"; print "$^V $^O\n"'
perl -MPOSIX -e 'print strftime("%Y-%m-%d", gmtime(86400 * 365)), "\n"'
perl -MConfig -e 'print "$Config{archname} $Config{ptrsize}\n"'
python3 -c 'import sys, struct; print(sys.version_info[:2], struct.calcsize("P"))'
python3 -c 'import subprocess; print(subprocess.run(["sh", "-c", "echo $((6*7)); exit 3"], capture_output=True))'
busybox sh -c 'for i in 1 2 3; do echo $i; done | busybox sed s/2/two/ | busybox wc -l'
busybox | head -1
ls -l /etc/passwd /etc/hostname /bin /lib
getent passwd root daemon; id
apt-cache policy bash 2>&1 | head -3
sha256sum /bin/bash /bin/ls
sort /etc/passwd | cut -d: -f1 | tr '\n' ' '
mkdir a && cd a && echo text >f && ln -s f l && ls -l --time-style=+ && cat l && readlink l && pwd
chroot / /bin/true; echo $?
