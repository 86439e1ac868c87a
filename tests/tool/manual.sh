#!/bin/sh
# Each subcommand and each of its options stands in the manual page, and nothing stands there that the tool does not have.
# usage: manual.sh POLYABI PAGE
polyabi=$1 page=$2
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0
fail() { echo "$*" >&2; failed=1; }

# The options in a help text, one a line.
offered() {
  "$polyabi" "$@" --help | sed -n 's/^  \(-[^ ]*\).*/\1/p' | sed 's/{[^}]*}//g' | tr ',' '\n' | grep -vxE -e '-h|--help|--version' | sort -u
}
# The options in the page's section about a subcommand.
described() {
  awk -v section=".SS polyabi $1" '/^\.S[HS]/ { on = $0 == section } on' "$page" | sed 's/\\-/-/g' |
    grep -oE -e '(^|[^a-z0-9-])--?[a-z][a-z-]*' | grep -oE -e '--?[a-z][a-z-]*$' | grep -vx -e '--help' | sort -u
}

"$polyabi" --help | awk '/^Subcommands:/ { on = 1; next } /^[^ ]/ { on = 0 } on && NF { print $1 }' | sort >"$work/subcommands"
[ -s "$work/subcommands" ] || fail "polyabi --help lists no subcommands"
sed -n 's/^\.SS polyabi //p' "$page" | sort >"$work/sections"
sed -n 's/^\.B polyabi \([a-z]*\)$/\1/p' "$page" | sort >"$work/synopsis"
for what in sections synopsis; do
  cmp -s "$work/subcommands" "$work/$what" ||
    fail "the page's $what: $(tr '\n' ' ' <"$work/$what"); polyabi --help: $(tr '\n' ' ' <"$work/subcommands")"
done

described run >"$work/described.run"
while read -r subcommand; do
  offered "$subcommand" >"$work/offered"
  described "$subcommand" >"$work/described"
  # trace and check have options of run; the page says so instead of listing them again.
  if [ "$subcommand" = trace ] || [ "$subcommand" = check ]; then sort -u "$work/described" "$work/described.run"; else cat "$work/described"; fi >"$work/all"
  for option in $(comm -23 "$work/offered" "$work/all"); do fail "polyabi $subcommand $option is not in the page"; done
  for option in $(comm -13 "$work/offered" "$work/described"); do fail "the page has $option for polyabi $subcommand, which has it not"; done
done <"$work/subcommands"
exit $failed
