#!/bin/bash
# build.sh OUT CACHE POLYABI: makes a small userland of System V Release 4 in OUT/root, as i386 ELF, from sources in Debian's packages:
# newlib as the C library over the system-call stubs of examples/svr4/libc, and lua, bzip2, minigzip and dash on it. The same
# sources, built for the host, go to OUT/host: tests compare the two.
#
# What is fetched stays in CACHE. `dash` asks what signals are called here, which the userland's own headers know: POLYABI runs that
# program.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
out=$1 cache=$2 polyabi=$3
stubs=$here/../examples/svr4/libc
log=$out/build.log
if [ -f "$out/complete" ] && [ -z "$(find "$here" "$stubs" -newer "$out/complete" -type f)" ]; then exit 0; fi
mkdir -p "$out"/{include,lib,root/bin,root/usr,host} "$cache"
: >"$log"
exec 3>&1
trap 'status=$?; [ $status -eq 0 ] || { echo "userland: failed; the end of $log:"; tail -n 30 "$log"; } >&3' EXIT
CCACHE=$(command -v ccache || true)
export CCACHE
jobs=$(nproc)

# --- sources: newlib is a package of its own, the others are Debian's source packages
sources=(lua5.4 bzip2 zlib dash)
fetch() {
  [ -f "$cache/complete" ] && return
  local apt=$cache/apt
  mkdir -p "$apt/lists/partial"
  # The mirror that packages come from has their sources, too.
  apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' 'Component: main' |
    awk '$1 ~ /debian/ && !seen[$0]++ { sub("/$", "", $1); print "deb-src " $1 "/ " $2 " main" }' >"$apt/sources.list"
  local own=(-o Dir::Etc::SourceList="$apt/sources.list" -o Dir::Etc::SourceParts=/dev/null -o Dir::State::Lists="$apt/lists"
             -o Dir::Cache="$apt" -o APT::Sandbox::User=root)
  apt-get "${own[@]}" -qq update
  (cd "$cache" && apt-get "${own[@]}" -qq source "${sources[@]}")
  # As it was released: Debian's changes would need the autotools.
  mkdir -p "$cache/dash"
  tar -xf "$cache"/dash_*.orig.tar.* -C "$cache/dash" --strip-components=1
  touch "$cache/complete"
}
fetch >>"$log" 2>&1
source_of() { find "$cache" -mindepth 1 -maxdepth 1 -type d -name "$1-*" | sort | tail -n 1; }

# --- the C library
cp -R "$here/include/." "$out/include/"
cp "$stubs/stropts.h" "$out/include/stropts.h"
cp "$stubs/tli.h" "$out/include/tiuser.h"
sed "s|^out=OUT|out=$out|" "$here/svr4-cc.in" >"$out/svr4-cc"
chmod +x "$out/svr4-cc"
cc=$out/svr4-cc
if [ ! -f "$out/lib/libc.a" ] || [ -n "$(find "$here/include" "$here/svr4-cc.in" -newer "$out/lib/libc.a" -type f)" ]; then
  mkdir -p "$out/newlib-source" "$out/newlib"
  tar -xf /usr/src/newlib/newlib-*.tar.xz -C "$out/newlib-source" --strip-components=1
  (
    cd "$out/newlib"
    "$out/newlib-source/newlib/configure" --host=i386-pc-elf --with-newlib --disable-multilib --disable-newlib-supplied-syscalls \
      CC="$cc" CFLAGS=-g0 AR=ar RANLIB=ranlib AS=as
    make -j"$jobs" all
  ) >>"$log" 2>&1
  cp "$out/newlib/libc.a" "$out/newlib/libm.a" "$out/lib/"
fi
newlib=$out/newlib-source/newlib/libc
{
  gcc -m32 -DPOLYABI_C_LIBRARY -c "$stubs/start.S" -o "$out/lib/start.o"
  gcc -m32 -c "$stubs/comment.S" -o "$out/lib/comment.o"
  objects=()
  for file in "$here"/libc/*.c "$stubs/tli.c" "$newlib"/posix/{execl,execle,execlp,execv,execvp,popen}.c \
    "$newlib"/unix/getpwent.c; do
    object=$out/lib/$(basename "$file" .c).o
    "$cc" -Wall -D_COMPILING_NEWLIB -DMISSING_SYSCALL_NAMES -I"$newlib/posix" -c "$file" -o "$object"
    objects+=("$object")
  done
  rm -f "$out/lib/libsvr4.a"
  ar rcs "$out/lib/libsvr4.a" "${objects[@]}"
} >>"$log" 2>&1

# --- programs: each once for the userland and once for the host
# both NAME LIBRARIES FILE...: compiles and links
both() {
  local name=$1 libraries=$2
  shift 2
  "$cc" -w $defines "$@" $libraries -o "$out/root/bin/$name"
  gcc -w -O1 $defines "$@" $libraries -o "$out/host/$name"
}
programs() {
  local lua bzip2 zlib dash
  lua=$(source_of lua5.4)/src bzip2=$(source_of bzip2) zlib=$(source_of zlib) dash=$cache/dash
  mkdir -p "$out/lua" # what Debian's own build makes: where modules of other architectures are
  echo '#define DEB_HOST_MULTIARCH ""' >"$out/lua/lua5.4-deb-multiarch.h"
  defines="-DLUA_USE_C89 -I$out/lua"
  both lua -lm $(find "$lua" -name '*.c' ! -name luac.c)
  defines="-D_FILE_OFFSET_BITS=32 -I$bzip2"
  both bzip2 "" "$bzip2"/{bzip2,blocksort,huffman,crctable,randtable,compress,decompress,bzlib}.c
  defines="-DHAVE_UNISTD_H -I$zlib"
  both minigzip "" "$zlib"/test/minigzip.c "$zlib"/{adler32,compress,crc32,deflate,gzclose,gzlib,gzread,gzwrite,infback,inffast,inflate,inftrees,trees,uncompr,zutil}.c
  dash "$dash" "$cc" "$out/dash" "$polyabi run" --host=i386-pc-sysv4 ac_cv_func_open64=no
  cp "$out/dash/src/dash" "$out/root/bin/sh"
  dash "$dash" gcc "$out/dash-host" ""
  cp "$out/dash-host/src/dash" "$out/host/sh"
}
# dash SOURCE COMPILER FOLDER RUNNER [ARG...]
dash() {
  local source=$1 compiler=$2 folder=$3 runner=$4
  shift 4
  mkdir -p "$folder"
  (
    cd "$folder"
    [ -f Makefile ] || "$source/configure" "$@" CC="$compiler" CFLAGS=-w --disable-lineno
    # The names of signals are those of the system that it is built for.
    "$compiler" -w -I. -include config.h "$source/src/mksignames.c" -o signames
    mkdir -p src
    printf '#!/bin/sh\nexec %s %s\n' "$runner" "$folder/signames" >src/mksignames
    chmod +x src/mksignames
    rm -f src/dash
    make CC_FOR_BUILD=gcc AM_CPPFLAGS_FOR_BUILD=-I. CFLAGS_FOR_BUILD=-w
  )
}
programs >>"$log" 2>&1
touch "$out/complete"
