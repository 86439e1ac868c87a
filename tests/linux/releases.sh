#!/bin/sh
# What a chosen release has of the calls. usage: releases.sh POLYABI PROGRAM x86_64|i386
polyabi=$1 program=$2 arch=$3
failed=0
expect() { # RELEASE WORDS-OF-BOTH WORDS-OF-i386-BEFORE-sched_attr
  words=$2
  [ "$arch" = i386 ] && [ -n "$3" ] && words=$(echo "$2" | sed "s/ *\(sched_attr\|clone3\)/ $3 \1/")
  set_release=
  [ -n "$1" ] && set_release="--set linux.osrelease=$1"
  # shellcheck disable=SC2086
  seen=$("$polyabi" run $set_release "$program" | sed 's/^ *//')
  words=$(echo "$words" | sed 's/^ *//')
  [ "$seen" = "$words" ] || { echo "$arch, release '$1': $seen; not $words" >&2; failed=1; }
}
expect "" "sched_attr=56 clone3=EINVAL"
expect "6.1.0-18-amd64" "sched_attr=56 clone3=EINVAL"
expect "next" "sched_attr=56 clone3=EINVAL"
expect "5.9.0" "sched_attr=56 clone3=EINVAL"
expect "5.8.18" "-close_range sched_attr=56 clone3=EINVAL"
expect "5.6" "-close_range sched_attr=56 clone3=E2BIG"
expect "5.4.0-42-generic" "-openat2 -close_range sched_attr=56 clone3=E2BIG"
expect "5.0.21" "-pidfd_open -openat2 -close_range sched_attr=48 clone3=ENOSYS" "-clock_gettime64"
expect "4.4.0" "-copy_file_range -statx -pidfd_open -openat2 -close_range sched_attr=48 clone3=ENOSYS" "-clock_gettime64"
expect "3.2.0" "-renameat2 -mlock2 -copy_file_range -statx -pidfd_open -openat2 -close_range clone3=ENOSYS" "-connect -clock_gettime64"
[ "$("$polyabi" run --set linux.osrelease=4.4.0-1 /bin/sh -c 'uname -r; cat /proc/sys/kernel/osrelease')" = "4.4.0-1
4.4.0-1" ] || { echo "names of the release" >&2; failed=1; }
exit $failed
