#!/bin/sh
# debian-root.sh DIRECTORY ARCHITECTURE: a small Debian in a directory, made once. 77 where it cannot be made here.
set -u
if [ -e "$1/made" ]; then exit 0; fi
[ "$(id -u)" = 0 ] || { echo "skipped: only root can make a root directory of Debian"; exit 77; }
command -v debootstrap >/dev/null || { echo "skipped: there is no debootstrap here"; exit 77; }
rm -rf "$1" && mkdir -p "$1" || exit 1
debootstrap --arch="$2" --variant=minbase --include=python3-minimal,busybox,perl,ed bookworm "$1" || exit 1
: >"$1/made"
