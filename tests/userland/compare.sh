#!/bin/bash
# compare.sh POLYABI USERLAND: runs each line of lines.txt by the shell of the SVR4 userland, under polyabi, and by the same sources'
# programs built for the host; output and exit status have to be the same.
polyabi=$1 userland=$2
here=$(cd "$(dirname "$0")" && pwd)
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
common=(HOME=/nowhere TZ=UTC0 LC_ALL=C)
bad=0 all=0
# in_folder COMMAND...: output, standard error and status, from a folder of its own
in_folder() {
  rm -rf "$folder/work" && mkdir "$folder/work"
  (cd "$folder/work" && timeout -k 1 60 "$@" </dev/null 2>&1; echo "status $?")
}
while IFS= read -r line; do
  ((++all))
  host=$(in_folder env -i "${common[@]}" PATH="$userland/host" "$userland/host/sh" -c "$line")
  svr4=$(in_folder env -i "${common[@]}" PATH=/bin "$polyabi" run --end-rest --personality svr4 --root "$userland/root" sh -c "$line")
  # A shell names itself as it was called.
  host=${host//"$userland/host/sh"/sh}
  if [ "$host" != "$svr4" ]; then
    ((++bad))
    printf 'DIFFERENT: %s\n' "$line"
    diff <(echo "$host") <(echo "$svr4") | sed 's/^/    /'
  fi
done <"$here/lines.txt"
echo "$((all - bad)) of $all lines are the same"
[ "$bad" -eq 0 ]
