#!/bin/bash
# battery.sh POLYABI: runs programs of MWC Coherent 4.2 for the 386, static COFF executables, out of the tree that the environment
# variable POLYABI_COHERENT names (its /bin, /lib, /usr ...), compares what they print with lines.sh, and prints a table. Without a
# tree it ends with 77. The tree is only read: each program works in a folder of its own.
polyabi=$1
here=$(cd "$(dirname "$0")" && pwd)
tree=${POLYABI_COHERENT-}
if [ -z "$tree" ] || [ ! -x "$tree/bin/sh" ]; then
  echo "skipped: POLYABI_COHERENT names no tree of Coherent's programs"
  exit 77
fi
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT

files() {
  printf 'one\ntwo\nthree\n' >a
  printf 'one\n2\nthree\n' >b
  printf 'pear 3\napple 1\nfig 2\napple 1\n' >fruit
  for ((i = 1; i <= 100; ++i)); do echo "line $i"; done >text
  printf '.in 10\n.ta 20\nLeft\tindented text\n' >roff
  printf 'begin 644 plain\n$0V%%T"@``\n`\nend\n' | sed 's/.*V%%T.*/$0V%T"@``/' >coded
  printf '#include <stdio.h>\nint main() { printf("%%d\\n", 6 * 7); return 0; }\n' >p.c
  printf 'all: p\np: p.o\n\tcc -o p p.o\np.o: p.c\n\tcc -c p.c\n' >rules
  printf '%s\n' '%%' '[0-9]+ printf("number %s\n", yytext);' '[a-z]+ printf("word %s\n", yytext);' '[ \n] ;' '%%' \
    'main() { yylex(); return 0; }' 'yywrap() { return 1; }' >scan.l
  printf '%s\n' '%{' '#include <stdio.h>' '%}' '%token N' '%%' "line: sum '\\n' { printf(\"%d\\n\", \$1); } ;" \
    "sum: N | sum '+' N { \$\$ = \$1 + \$3; } ;" '%%' \
    'yylex() { int c = getchar(); if (c == EOF) return 0; if (c < 48 || c > 57) return c;' \
    'yylval = 0; do yylval = yylval * 10 + c - 48; while ((c = getchar()) >= 48 && c <= 57); ungetc(c, stdin); return N; }' \
    'yyerror(s) char *s; { puts(s); }' 'main() { yyparse(); return 0; }' >sum.y
}

good=0 bad=0 left=()
only=${2-}
# Whether one of the tree's own COFF programs has this name: the host's are in sight, too.
is_program() {
  local at
  for at in bin usr/bin etc; do
    [ "$(head -c 2 "$tree/$at/$1" 2>/dev/null)" = $'L\001' ] && return
  done
  return 1
}
# A terminal's abilities as the programs read them: the tree has no termcap of its own.
termcap='vt100:am:bs:co#80:li#24:cm=\E[%i%d;%dH:cl=\E[H\E[J:ce=\E[K:cd=\E[J:up=\E[A:do=^J:nd=\E[C:le=^H:ho=\E[H:sr=\EM:so=\E[7m:se=\E[m:'
run=("$polyabi" run --end-rest --env PATH=/bin:/usr/bin:/etc --env TERM=vt100 --env TZ=GMT0 --env "TERMCAP=$termcap" --root "$tree"
     "$tree/bin/sh" -c)
# program NAME COMMAND: what the command prints is compared with standard input.
program() {
  local name=$1 command=$2 expected got
  expected=$(cat)
  [ -z "$only" ] || [ "$only" = "$name" ] || return
  begin_in_folder
  if is_program "$name"; then
    got=$(timeout -k 1 60 "${run[@]}" "$command" </dev/null 2>&1)
  else
    got="is no program of the tree"
  fi
  judge "$name" "$command"
}
# in_terminal NAME COMMAND FILE KEYS...: the command has a pseudo-terminal, in which the keys are typed, a second between them; then
# the file is compared with standard input.
in_terminal() {
  local name=$1 command=$2 file=$3 expected got keys
  expected=$(cat)
  shift 3
  [ -z "$only" ] || [ "$only" = "$name" ] || return
  if ! command -v script >/dev/null; then
    echo "$name: left out, script(1) is not here"
    return
  fi
  begin_in_folder
  if is_program "$name"; then
    {
      for keys in "$@"; do
        sleep 1
        printf '%b' "$keys"
      done
      sleep 2
    } | timeout -k 1 60 script -qec "stty sane rows 24 cols 80; exec $(printf '%q ' "${run[@]}" "$command")" /dev/null >screen
    # What was typed and where the program has moved to: the cursor was addressed.
    got=$(cat "$file"; grep -q $'\033\\[[0-9]*;[0-9]*H' screen && echo "a screen")
  else
    got="is no program of the tree"
  fi
  judge "$name" "$command"
}
begin_in_folder() {
  mkdir "$folder/work" && cd "$folder/work" || exit 1
  files
}
# Compares `got` with `expected`, both of the caller.
judge() {
  local name=$1 command=$2
  cd / && rm -rf "$folder/work"
  if [ "$got" = "$expected" ]; then
    printf '%-12s good\n' "$name"
    ((++good))
  else
    printf '%-12s BAD: %s\n' "$name" "$command"
    diff <(echo "$expected") <(echo "$got") | sed 's/^/    /'
    ((++bad))
  fi
}
. "$here/lines.sh"
echo "$good programs of $((good + bad)) do what they are to do"
[ "$bad" -eq 0 ] || exit 1
