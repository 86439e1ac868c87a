#!/bin/bash
# foreign_builds.sh POLYABI WORK: programs that compilers make for other systems, and whose `polyabi identify` says they are, with the
# reason. Go's are built here for each of its systems, where `go` is installed (Debian's golang-go; WORK keeps its cache). The
# environment variable POLYABI_ESBUILD may name a folder with packages of esbuild's for other systems (npm pack @esbuild/sunos-x64 ...):
# they are looked at as well. Nothing of either is kept in the repository. Ends with 77 where there is neither.
polyabi=$1 work=$2
mkdir -p "$work" && cd "$work" || exit 1
failed=0 looked=0
# expect FILE IDENTITY: what stands behind "FILE: ELF ..., "
expect() {
  local said
  said=$("$polyabi" identify "$1")
  said=${said#"$1: ELF "}
  ((++looked))
  if [ "$said" != "$2" ]; then
    printf 'FAIL %s\n  is:       %s\n  is to be: %s\n' "$1" "$said" "$2"
    failed=1
  else
    printf 'ok %s: %s\n' "$1" "$said"
  fi
}
unclaimed() { echo "not recognised: marked for $1, which no personality claims"; }
wide="x86-64 executable" narrow="i386 executable"
by_gate="linux, by gate: a static image without marks enters the kernel as this system's do"
by_interpreter='svr4, by interpreter: the interpreter is one of this system (/lib/amd64/ld.so.1)'

if command -v go >/dev/null; then
  export GOCACHE=$work/cache GO111MODULE=off CGO_ENABLED=0 GOFLAGS=
  printf 'package main\n\nfunc main() { println("built for another system") }\n' >program.go
  build() {
    [ -x "$1-$2" ] || GOOS=$1 GOARCH=$2 nice go build -o "$1-$2" program.go || { echo "FAIL go build for $1-$2"; failed=1; }
  }
  while read -r system machine identity; do
    build "$system" "$machine"
    expect "$system-$machine" "$identity"
  done <<end
linux amd64 $wide, static; $by_gate (syscall)
linux 386 $narrow, static; $by_gate (int \$0x80)
freebsd amd64 $wide, static; $(unclaimed FreeBSD)
freebsd 386 $narrow, static; $(unclaimed FreeBSD)
netbsd amd64 $wide, static; $(unclaimed NetBSD)
netbsd 386 $narrow, static; $(unclaimed NetBSD)
openbsd amd64 $wide, dynamic; $(unclaimed OpenBSD)
openbsd 386 $narrow, dynamic; $(unclaimed OpenBSD)
solaris amd64 $wide, dynamic; $by_interpreter
illumos amd64 $wide, dynamic; $by_interpreter
dragonfly amd64 $wide, static; $by_gate (syscall)
end
  # That DragonFly's is taken for Linux' is no mistake of the rules: it has neither a mark nor a note, and its gate is Linux' too.
else
  echo "left out: Go's builds, as go is not installed"
fi

for package in "${POLYABI_ESBUILD:-/nonexistent}"/*.tgz; do
  [ -f "$package" ] || continue
  rm -rf package
  tar -xzf "$package" package/bin/esbuild || continue
  name=$(basename "$package")
  mv package/bin/esbuild "${name%.tgz}"
  case $name in
  *sunos*) expect "${name%.tgz}" "$wide, dynamic; $by_interpreter" ;;
  *freebsd*) expect "${name%.tgz}" "$wide, static; $(unclaimed FreeBSD)" ;;
  *netbsd*) expect "${name%.tgz}" "$wide, static; $(unclaimed NetBSD)" ;;
  *openbsd*) expect "${name%.tgz}" "$wide, dynamic; $(unclaimed OpenBSD)" ;;
  *linux*) expect "${name%.tgz}" "$wide, static; $by_gate (syscall)" ;;
  esac
  rm -f "${name%.tgz}"
done
[ "$looked" -gt 0 ] || { echo "skipped: neither go nor POLYABI_ESBUILD"; exit 77; }
exit "$failed"
