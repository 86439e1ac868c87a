#!/usr/bin/env bash
# The hosted machine on a processor with protection keys, for machines whose own has none: boots Linux in QEMU, without KVM, with the
# tool and the tests of the hosted machine in its initial file system, and runs them there.
# usage: protection-in-qemu.sh BIN            (the build's folder of programs)
# POLYABI_TEST_KERNEL names the kernel to boot. Without it the newest of /boot is, or of Debian's cloud images, which is fetched.
set -euo pipefail
bin=$1

skip() { echo "skipped: $*"; exit 77; }
for needed in qemu-system-x86_64 cpio busybox; do command -v "$needed" >/dev/null || skip "no $needed"; done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The kernel is not installed, only unpacked: this machine goes on booting its own.
fetch_kernel() {
  local package
  package=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null | awk '/Depends: linux-image-/ { print $2; exit }')
  [[ -n $package ]] || return 0
  (cd "$work" && apt-get download -qq "$package" >/dev/null 2>&1 && dpkg -x "$package"_*.deb kernel) || return 0
  find "$work/kernel/boot" -name 'vmlinuz-*'
}
kernel=${POLYABI_TEST_KERNEL:-$(find /boot -name 'vmlinuz-*' 2>/dev/null | sort -V | tail -n 1)}
[[ -n $kernel ]] || kernel=$(fetch_kernel)
[[ -r $kernel ]] || skip "no kernel to boot"

# --- The file system: the programs where they are here, since the tests know their places, and the libraries that they need.
root=$work/root
mkdir -p "$root"/{bin,dev,etc,proc,sys,tmp,usr/bin}
put() {
  local file
  for file in "$1" $(ldd "$1" 2>/dev/null | grep -o '/[^ ]*' || true); do
    mkdir -p "$root$(dirname "$file")"
    cp -L "$file" "$root$file"
  done
}
for program in polyabi polyabi-check hosted_{,entry_,compat_,clock_,protection_}guest test_hosted_{protection,guests,endings,rest,entry}; do
  put "$bin/$program"
done
put "$bin/hosted_taken_place.so"
put "$(command -v busybox)"
cp -L "$(command -v busybox)" "$root/bin/busybox"
echo polyabi >"$root/etc/hostname"
cat >"$root/init" <<INIT
#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/bin:/usr/bin POLYABI_PROTECT=on POLYABI_TEST_SLOWNESS=10
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
mkdir -p /dev/pts
mount -t devpts devpts /dev/pts
echo "keys: \$(grep -c -w ospke /proc/cpuinfo), \$(uname -r)"
# try NAME [ARGUMENT...]: runs one test and says how it ended.
try() {
  local name=\$1
  shift
  $bin/test_hosted_\$name "\$@" >/tmp/log 2>&1
  echo "\$name \$POLYABI_ENTRY: \$?"
  grep -A9 FAILED /tmp/log
}
for POLYABI_ENTRY in dispatch patched; do
  export POLYABI_ENTRY
  for name in protection guests endings rest; do try \$name; done
done
try entry "a call changes*,every shape*,a program finds*"
try entry "a signal may come at every instruction*" -c "shape 0"
echo finished
poweroff -f
INIT
chmod +x "$root/init"
(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) >"$work/initrd"

timeout "${POLYABI_QEMU_SECONDS:-3000}" qemu-system-x86_64 -accel tcg -cpu max -m 1024 -smp 2 -kernel "$kernel" -initrd "$work/initrd" \
  -append 'console=ttyS0 quiet panic=-1' -nographic -nodefaults -serial stdio -no-reboot </dev/null 2>/dev/null |
  sed -u 's/\r//; s/\x1b[^A-Za-z]*[A-Za-z]//g' | tee "$work/console"
grep -q '^finished' "$work/console" || { echo "failed: the machine did not come to the end"; exit 1; }
grep -q '^keys: 0' "$work/console" && skip "this QEMU has no protection keys"
all=$(grep -cE '^[a-z]+ (dispatch|patched): ' "$work/console")
well=$(grep -cE '^[a-z]+ (dispatch|patched): 0$' "$work/console")
echo "$well of $all ended well"
((all == 10 && well == all))
