#!/bin/sh
# Puts Debian's busybox for i386 into a directory, without root and without changing the system:
#   busybox-i386.sh DIRECTORY     leaves DIRECTORY/busybox
# The package lists of i386 are fetched into the directory itself.
set -eu
mkdir -p "$1"
cd "$1"
[ -x busybox ] && exit 0
command -v apt-get >/dev/null || { echo "busybox-i386.sh: apt-get is needed to fetch a package" >&2; exit 1; }

download() {
  rm -f ./*.deb
  apt-get -qq "$@" download busybox-static:i386 >/dev/null 2>&1 && ls ./*.deb >/dev/null 2>&1
}
own_lists() {
  mkdir -p lists/partial cache/archives/partial
  set -- -o APT::Architecture=i386 -o APT::Architectures=i386 -o Dir::State="$PWD" -o Dir::State::Lists="$PWD/lists" \
    -o Dir::State::Status=/dev/null -o Dir::Cache="$PWD/cache" -o Debug::NoLocking=1 -o APT::Sandbox::User=
  apt-get -qq "$@" update >/dev/null 2>&1 || : # a list that is out of step does not matter if ours is there
  download "$@"
}
download || own_lists || { echo "busybox-i386.sh: cannot fetch busybox-static for i386" >&2; exit 1; }
dpkg-deb -x ./*.deb unpacked
cp unpacked/bin/busybox busybox
rm -rf unpacked lists cache ./*.deb
