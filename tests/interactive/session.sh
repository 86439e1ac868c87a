# What the interactive tests share. Two terminals of tmux, one with a program on the host and one with the same program under
# polyabi, are sent the same keys and must come to show the same.
#
#   . session.sh; start busybox sh    begins both
#   type 'text'                       characters as they are
#   key Up C-c Enter                  keys by tmux' names
#   escape                            the key, and a pause after it
#   see 'text'                        waits until both screens hold a line with this text
#   same                              waits until both screens are the same
#   screen_is 'line' 'line' ...       and the last lines of both are these
#   whole_screen_is 'line' 'line' ... and they are all that is there
#   finish                            says how it went; the exit status is that
#
# Called with the path of polyabi as the only argument.

polyabi=${1:?path of polyabi}
busybox=${BUSYBOX:-/bin/busybox}
name=$(basename "$0" .sh)
socket=polyabi-$name-$$
place=$(mktemp -d "${TMPDIR:-/tmp}/polyabi-$name-XXXXXX")
failures=0
patience=${POLYABI_PATIENCE:-30}

command -v tmux >/dev/null || { echo "$name: tmux is needed"; exit 1; }
tmux_() { tmux -L "$socket" -f /dev/null "$@"; }
clean_up() {
  tmux_ kill-server 2>/dev/null
  rm -rf "$place"
}
trap clean_up EXIT
trap 'exit 1' HUP INT TERM

# Each program has a directory of its own, in which the test may put files first: "$place/host" and "$place/polyabi".
mkdir "$place/host" "$place/polyabi"
in_both() { (cd "$place/host" && eval "$1") && (cd "$place/polyabi" && eval "$1"); }

start() {
  environment="env -i PATH=/usr/bin:/bin TERM=screen LC_ALL=C.UTF-8 HOME=/nowhere HISTFILE= PS1='> ' PS2='more> ' SHELL=/bin/sh"
  tmux_ new-session -d -s host -x 80 -y 24 "cd '$place/host'; $environment $*; echo ended with \$?; exec sleep 1000"
  tmux_ new-session -d -s polyabi -x 80 -y 24 "cd '$place/polyabi'; $environment '$polyabi' run $*; echo ended with \$?; exec sleep 1000"
}
type() { for s in host polyabi; do tmux_ send-keys -t "$s" -l -- "$1"; done; }
key() { for s in host polyabi; do tmux_ send-keys -t "$s" "$@"; done; }
# Alone: a key that follows at once would be part of a sequence.
escape() { sleep 0.5; key Escape; sleep 1; }
line() { type "$1"; key Enter; }
resize() { for s in host polyabi; do tmux_ resize-window -t "$s" -x "$1" -y "$2"; done; }
screen() { tmux_ capture-pane -p -t "$1"; }

fail() {
  failures=$((failures + 1))
  echo "FAIL $name: $1"
  for s in host polyabi; do
    echo "--- the screen of $s"
    screen "$s" | sed '/^$/d; s/^/    /'
  done
}

# Repeats a condition until it holds or patience is over.
wait_for() {
  limit=$(($(date +%s) + patience))
  until "$@"; do
    [ "$(date +%s)" -lt "$limit" ] || return 1
    sleep 0.1
  done
}

both_show() {
  for s in host polyabi; do screen "$s" | grep -qF -- "$1" || return 1; done
}
see() { wait_for both_show "$1" || fail "'$1' does not appear"; }

screens_agree() { [ "$(screen host)" = "$(screen polyabi)" ]; }
same() { wait_for screens_agree || fail "the screens differ"; }

tail_is() {
  for s in host polyabi; do
    [ "$(screen "$s" | sed '/^$/d' | tail -n "$count")" = "$wanted" ] || return 1
  done
}
last_lines_are() {
  count=$1
  shift
  wanted=$(printf '%s\n' "$@")
  wait_for tail_is || fail "the last lines are not: $wanted"
}
screen_is() { last_lines_are $# "$@"; }
whole_screen_is() { last_lines_are 1000 "$@"; }

# Cursor and contents: full-screen programs.
cursor() { tmux_ display-message -p -t "$1" '#{cursor_x},#{cursor_y}'; }
cursors_agree() { [ "$(cursor host)" = "$(cursor polyabi)" ]; }
same_with_cursor() {
  same
  wait_for cursors_agree || fail "the cursors are at $(cursor host) and $(cursor polyabi)"
}

same_file() { cmp -s "$place/host/$1" "$place/polyabi/$1" || fail "the file $1 differs"; }

finish() {
  [ "$failures" -eq 0 ] && echo "$name: the same on both"
  exit "$((failures > 0))"
}
