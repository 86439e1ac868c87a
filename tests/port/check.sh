#!/bin/sh
# check.sh COMPILER SOURCE SCRATCH: compiles examples/port/both.cpp as a kernel would and looks at what the object needs.
set -e
compiler=$1 source=$2 object=$3/both-$1.o
includes=
for module in core vfs activators facilities personalities/linux personalities/svr4; do includes="$includes -I$source/$module/include"; done
$compiler -std=c++20 -ffreestanding -fno-exceptions -fno-rtti -mno-red-zone -Os -Wall -Wextra -Wconversion -Wshadow -Werror \
  $includes -c "$source/examples/port/both.cpp" -o "$object"
needs=$(nm -u "$object" | awk '{print $2}' | grep -vxE 'memcpy|memmove|memset|memcmp' || true)
if [ -n "$needs" ]; then
  echo "the object needs more than memcpy, memmove, memset and memcmp:"
  echo "$needs" | c++filt
  exit 1
fi
