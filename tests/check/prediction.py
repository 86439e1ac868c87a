#!/usr/bin/env python3
"""Measures `polyabi check` against reality: each program is judged, then run on the host and under `polyabi run`, and the two runs are
compared. Prints the confusion table and every prediction that was wrong.

    prediction.py POLYABI WORKING-DIRECTORY [--short] [--only NAME...] [--details FILE]

It takes the ELF programs of /usr/bin that are installed, those with a task of their own first, in the order of the table, then all
others by name; `--short` takes twenty that are always there.

Right is a prediction if
  works        the run is the same as on the host;
  limited      the run is the same, or it differs after a call failed that the prediction names;
  fails        the run differs from the host's.
The same is a run whose exit status, standard output and standard error are the host's, and the files it leaves behind. Programs whose
two runs on the host differ are compared by exit status alone. A program that does not succeed on the host is left out.
"""
import argparse
import atexit
import collections
import concurrent.futures
import functools
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

PATIENCE = 20  # seconds, for each run
LEAST_PROGRAMS, LEAST_RIGHT = 300, 0.95
SKIPPED = 77

# Tasks, one a line: a program of /usr/bin, its arguments, `< FILE` at the end for its input. Files are those of `prepare`.
TASKS = """
ls -la --time-style=+ folder
cat lines numbers
tac lines
head -n 2 lines
tail -n 2 lines
sort lines
sort -n numbers
uniq -c lines
wc lines numbers
cut -d , -f 2 table
paste lines numbers
join joined-1 joined-2
comm lines lines
tr a-z A-Z < lines
fold -w 3 lines
fmt text
pr -t lines
nl lines
od -c lines
base32 lines
base64 lines
basenc --base16 lines
md5sum lines
sha1sum lines
sha224sum lines
sha256sum lines
sha384sum lines
sha512sum lines
b2sum lines
cksum lines
sum lines
cp -r folder copy
mv lines moved
ln -s lines link
mkdir -p one/two/three
rmdir empty
rm -r folder
touch new
truncate -s 100 new
chmod 600 lines
mkfifo fifo
mktemp -u --suffix=x aXXXXXX
stat -c '%s %F %a' lines
readlink -f lines
realpath lines
basename /usr/bin/ls
dirname /usr/bin/ls
pathchk lines
dd if=lines of=copy bs=3 status=none
split -l 2 lines part
csplit lines 2
shred -u lines
seq 1 20
yes --version
factor 123456789 9999999967
expr 6 '*' 7
numfmt --to=iec 1234567
printf '%05d %s\\n' 42 text
echo some words
printenv HOME
env -i A=1 /usr/bin/env
id -u
whoami
groups
logname --version
tty
uname -s
arch
hostid --version
nproc --version
date -u -d @0
sleep 0
true
test 1 -lt 2
[ 1 -lt 2 ]
timeout 5 /bin/true
nice -n 1 /bin/echo nice
nohup /bin/true
stdbuf -oL /bin/echo line
tee copy < lines
tsort pairs
ptx text
expand lines
unexpand lines
shuf --random-source=lines -n 1 lines
dircolors -p
vdir --time-style=+ folder
dir folder
du --apparent-size -b lines
sync lines
link lines other
unlink lines
install -m 600 lines installed
chown --reference=lines numbers
runcon --version
chcon --version
stty --version
df --version
pinky --version
users --version
who --version
find folder -name '*.txt'
xargs -n 1 /bin/echo < lines
locate --version
grep -n a lines
egrep 'a|b' lines
fgrep a lines
sed s/a/b/ lines
awk '{ print NR, $1 }' lines
mawk '{ s += $1 } END { print s }' numbers
gawk '{ s += $1 } END { print s }' numbers
diff lines other-lines
diff3 lines other-lines numbers
sdiff lines other-lines
cmp lines lines
patch -s lines difference
tar -cf archive.tar --mtime=@0 --owner=0 --group=0 folder
gzip -nk lines
bzip2 -k lines
xz -k lines
lzma -k lines
zstd -q lines -o lines.zst
lz4 -q lines lines.lz4
cpio -o --quiet --reproducible -H newc < names
bash -c 'for i in 1 2 3; do echo $((i * i)); done | sort -r'
dash -c 'echo $((6 * 7)); (exit 3); echo $?'
sh -c 'cat lines | tr a-z A-Z > upper; cat upper'
zsh -c 'print $((6 * 7))'
busybox sh -c 'ls folder | wc -l'
perl -e 'print join(",", map { $_ * 2 } 1 .. 5), "\\n"; open(F, "lines"); print <F>'
python3 -c 'import os, json; print(json.dumps(sorted(os.listdir("."))))'
ruby -e 'puts (1..5).map { |x| x * x }.inspect'
lua5.4 -e 'print(6 * 7)'
node -e 'console.log(6 * 7)'
tclsh script.tcl
m4 script.m4
bc -q script.bc
dc -e '6 7 * p'
jq -c '.a' data.json
sqlite3 :memory: 'select 6 * 7'
make -s -f script.mk
gcc -c program.c -o program.o
cc -fsyntax-only program.c
g++ -fsyntax-only program.cpp
cpp program.c
as -o empty.o empty.s
ld -r -o joined.o tiny.o
ar rc archive.a lines
ranlib tiny.a
nm tiny.o
objdump -h /bin/true
readelf -h /bin/true
size /bin/true
strings lines
strip -o stripped.o tiny.o
objcopy -O binary tiny.o tiny.bin
addr2line -e tiny.o 0
c++filt _Z1fv
elfedit --version
gprof --version
gcov --version
git init -q repository
git diff --no-index lines other-lines
openssl enc -aes-256-cbc -pbkdf2 -nosalt -k secret -in lines -out lines.secret
curl --version
curl -s file:///etc/hostname
wget --version
ssh -V
ssh-keygen -lf key.pub
gpg --homedir . --batch -q --print-md SHA256 lines
file lines
file /bin/true
less lines
more lines
vim -u NONE -es -c '%s/a/A/ | w | q' lines
nano --version
ed -s lines < script.ed
column -t lines
col < lines
colrm 2 3 < lines
rev lines
hexdump -C lines
look --version
cal 1 2000
getopt -o a:b -- -a 1 -b x
flock lines /bin/true
logger --version
lscpu --version
mcookie --version
namei lines
rename --version
script -qc 'echo inside' typescript
setsid /bin/true
taskset -c 0 /bin/echo here
uuidgen --sha1 --namespace @dns --name example
whereis --version
fallocate -l 10 new
ionice -c 3 /bin/echo here
ipcs -l
lsblk --version
mount --version
findmnt --version
mountpoint folder
nsenter --version
prlimit --nofile=100 /bin/bash -c "ulimit -n"
renice --version
unshare --version
wdctl --version
ps --version
pgrep --version
top -v
free --version
uptime --version
vmstat --version
watch --version
w --version
pmap --version
slabtop --version
kill -l
tput -T xterm cols
infocmp -T xterm
tic -o terms term.ti
toe -V
clear -V
reset -V
gettext text
msgfmt -o words.mo words.po
iconv -f UTF-8 -t ISO-8859-1 lines
locale -a
localedef --version
getent passwd root
getconf PATH
ldd --version
dpkg --version
dpkg-deb --version
dpkg-query -W -f '${Package}\\n' dpkg
apt-get --version
apt-cache --version
cmake -P script.cmake
ninja -f script.ninja
ccache --version
strace -o calls /bin/true
gdb -nx -batch -ex run /bin/true
tmux -V
screen -v
rsync -a folder/ copied/
xxd lines
zip -q -X archive.zip lines
unzip -p tiny.zip
bsdtar -cf archive.tar --uid 0 --gid 0 folder
xmllint --format data.xml
xsltproc style.xsl data.xml
convert --version
clang-14 -fsyntax-only program.c
clang-format-14 program.cpp
llvm-nm-14 tiny.o
stress-ng --cpu 1 --cpu-ops 20 -q
brotli -k lines
pigz -nk lines
lzip -k lines
socat -u OPEN:lines STDOUT
php -n -r 'echo 6 * 7;'
tcc -run program.c
qalc -t '6*7'
"""

# Programs that are not run, because their harmless arguments are none.
EXCLUDED = {
    "aria2c": "tells the release of the kernel",
    "iperf3": "tells the release of the kernel",
    "groff": "what its programs say of themselves comes in any order",
    "chg": "leaves a server behind, and `polyabi run` waits for the last program",
    "pkexec": "waits for an agent",
    "su": "asks for a password",
    "sudo": "asks for a password",
    "login": "asks for a name",
    "mesg": "changes the terminal",
    "wall": "writes to others",
    "write": "writes to others",
    "chfn": "changes users",
    "chsh": "changes users",
    "passwd": "changes users",
    "gpasswd": "changes users",
    "newgrp": "starts a shell",
    "sg": "starts a shell",
    "systemd-tty-ask-password-agent": "waits for passwords",
}

# Files that hold the time at which they were made.
HOLD_TIMES = {"pubring.kbx"}

# Twenty that are everywhere or that the other tests need.
SHORT = ("bash cat date dd diff find gcc grep gzip ls make md5sum perl python3 sed sort stat strings tar xargs").split()

# Output that no two runs need to share.
MASKS = [
    (re.compile(rb"\((\w[\w.-]*):\d+\)"), rb"(\1:PID)"),
    (re.compile(rb"0x[0-9a-f]{6,}"), b"ADDRESS"),
    (re.compile(rb"\b(?:pid|PID)[ =:]*\d+"), b"PID"),
]


def prepare(folder):
    """The files that tasks work on, the same for each run."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(os.path.join(folder, "folder"))
    os.makedirs(os.path.join(folder, "empty"))
    files = {
        "lines": "pear\napple\napple\nfig\n",
        "other-lines": "pear\napple\ncherry\n",
        "numbers": "3\n1\n20\n",
        "table": "a,b,c\nd,e,f\n",
        "joined-1": "a 1\nb 2\n",
        "joined-2": "a 3\nb 4\n",
        "pairs": "a b\nb c\n",
        "text": "Some words, enough of them to be broken into more than one line where somebody breaks lines.\n",
        "data.json": '{"a": [1, 2, {"b": null}]}\n',
        "script.tcl": "puts [expr {6 * 7}]\n",
        "script.m4": "define(`x', `$1-$1')x(`a')\n",
        "script.bc": "6 * 7\n",
        "script.ed": "2d\nw\nq\n",
        "script.mk": "all: copy\n\tcat copy\ncopy: lines\n\tcp lines copy\n",
        "program.c": "int square(int x) { return x * x; }\n",
        "program.cpp": "template <class T> T square(T x) { return x * x; }\nint main() { return square(0); }\n",
        "empty.s": "",
        "difference": "--- lines\n+++ lines\n@@ -1,4 +1,4 @@\n pear\n-apple\n+cherry\n apple\n fig\n",
        "names": "folder\nfolder/a.txt\nlines\n",
        "script.cmake": "file(READ lines text)\nstring(TOUPPER \"${text}\" text)\nmessage(\"${text}\")\n",
        "script.ninja": "rule copy\n  command = cp $in $out\nbuild copy: copy lines\n",
        "data.xml": "<a><b>text</b></a>\n",
        "style.xsl": "<x:stylesheet version='1.0' xmlns:x='http://www.w3.org/1999/XSL/Transform'><x:template match='/'>"
                     "<c><x:value-of select='a/b'/></c></x:template></x:stylesheet>\n",
        "words.po": 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "a"\nmsgstr "b"\n',
        "term.ti": "small|a small terminal,\n\tam, cols#80, cr=\\r, ind=\\n,\n",
        "key.pub": "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEhhbHRlIG5pZW1hbmQgZnVlciBkdW1tISEhISEhISEh nobody\n",
        "folder/a.txt": "a\n",
        "folder/b.txt": "bb\n",
        "folder/c": "ccc\n",
    }
    for name, text in files.items():
        with open(os.path.join(folder, name), "w") as out:
            out.write(text)
    for name, path in made_once().items():
        shutil.copy(path, os.path.join(folder, name))
    for parent, _, names in os.walk(folder):
        for name in names:
            os.utime(os.path.join(parent, name), (10**9, 10**9))


@functools.lru_cache(maxsize=None)
def made_once():
    """Files that tools of the host make: name and path. Where a tool is not there, its tasks fail on the host and are left out."""
    folder = tempfile.mkdtemp(prefix="polyabi-prediction-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with open(os.path.join(folder, "tiny.c"), "w") as source:
        source.write("int tiny(void) { return 42; }\n")
    for command in (["cc", "-c", "tiny.c"], ["ar", "rc", "tiny.a", "tiny.o"], ["zip", "-q", "-X", "tiny.zip", "tiny.c"]):
        try:
            subprocess.run(command, cwd=folder, capture_output=True, check=False)
        except OSError:
            pass
    made = ("tiny.o", "tiny.a", "tiny.zip")
    return {name: os.path.join(folder, name) for name in made if os.path.exists(os.path.join(folder, name))}


def files_of(folder):
    """What a run left behind: names, kinds, contents."""
    found = {}
    for parent, folders, names in os.walk(folder):
        for name in folders + names:
            path = os.path.join(parent, name)
            key = os.path.relpath(path, folder)
            if os.path.islink(path):
                found[key] = ("link", os.readlink(path))
            elif os.path.isdir(path):
                found[key] = ("folder",)
            elif os.path.isfile(path) and name not in HOLD_TIMES:
                with open(path, "rb") as content:
                    found[key] = ("file", masked(content.read()))
            else:
                found[key] = ("other",)
    return found


def masked(output):
    for pattern, replacement in MASKS:
        output = pattern.sub(replacement, output)
    return output


class Run:
    """One run of a command: how it ended, what it said and left."""

    def __init__(self, command, folder, stdin):
        prepare(folder)
        environment = {"PATH": "/usr/bin:/bin", "HOME": folder, "LC_ALL": "C.UTF-8", "TERM": "dumb", "TMPDIR": folder}
        source = open(os.path.join(folder, stdin), "rb") if stdin else subprocess.DEVNULL
        try:
            ended = subprocess.run(command, cwd=folder, env=environment, stdin=source, capture_output=True, timeout=PATIENCE,
                                   start_new_session=True)
            self.status, self.output, self.errors = ended.returncode, masked(ended.stdout), masked(ended.stderr)
        except subprocess.TimeoutExpired:
            self.status, self.output, self.errors = "timeout", b"", b""
        self.files = files_of(folder)

    def facts(self):
        return self.status, self.output, self.errors, self.files

    def difference(self, other, by_status):
        if self.status != other.status:
            return f"exit status {other.status}, not {self.status}: {other.errors[-300:]!r}"
        if by_status:
            return None
        if self.output != other.output:
            return f"output {other.output[:150]!r}, not {self.output[:150]!r}"
        if self.errors != other.errors:
            return f"errors {other.errors[-200:]!r}, not {self.errors[-200:]!r}"
        if self.files != other.files:
            names = {n for n in self.files.keys() | other.files.keys() if self.files.get(n) != other.files.get(n)}
            return f"files {sorted(names)[:5]}"
        return None


def is_elf(path):
    try:
        with open(path, "rb") as program:
            return program.read(4) == b"\x7fELF"
    except OSError:
        return False


def all_tasks():
    """(program, arguments, input) of every program: those with a task of their own, then all others by their version or help."""
    tasks, named = [], set()
    for line in TASKS.strip().splitlines():
        words = shlex.split(line)
        stdin = None
        if len(words) > 2 and words[-2] == "<":
            stdin = words[-1]
            words = words[:-2]
        path = os.path.join("/usr/bin", words[0])
        named.add(words[0])
        if os.path.exists(path) and is_elf(os.path.realpath(path)):
            tasks.append((path, words[1:], stdin))
    seen = {os.path.realpath(path) for path, _, _ in tasks}
    for name in sorted(os.listdir("/usr/bin")):
        path = os.path.join("/usr/bin", name)
        if name in named or name in EXCLUDED or os.path.realpath(path) in seen or not is_elf(path):
            continue
        seen.add(os.path.realpath(path))
        tasks.append((path, None, None))
    return tasks


def reality(tool, task, folder):
    """How a task goes on the host and under polyabi; None if the host itself has no use for it."""
    path, arguments, stdin = task
    host = None
    for candidate in [arguments] if arguments is not None else [["--version"], ["--help"]]:
        host = Run([path] + candidate, folder, stdin)
        if host.status == 0:
            arguments = candidate
            break
    if host.status == "timeout" or (task[1] is None and host.status != 0):
        return None
    again = Run([path] + arguments, folder, stdin)
    if again.status != host.status:
        return None
    ours = Run([tool, "run", path] + arguments, folder, stdin)
    difference = host.difference(ours, host.facts() != again.facts())
    asked = []
    if difference is not None:  # once more, for what was asked for in vain
        report = folder + ".report"
        Run([tool, "check", "--trace", "--json", "--output", report, path] + arguments, folder, stdin)
        if os.path.exists(report):
            if os.path.getsize(report) != 0:  # it is empty where the program did not end in time
                with open(report) as file:
                    asked = [f["call"] for f in json.load(file)[0]["findings"] if f["consequence"] != "none"]
            os.unlink(report)
    return {
        "program": path,
        "arguments": arguments,
        "difference": difference,
        "asked": asked,
    }


def predictions(tool, paths, pool):
    """Some programs for each process: alone each would read the same libraries again."""

    def judge(part):
        ended = subprocess.run([tool, "check", "--json"] + part, capture_output=True, timeout=3000)
        return zip(part, json.loads(ended.stdout))

    parts = [paths[start:start + 25] for start in range(0, len(paths), 25)]
    return {path: one for judged in pool.map(judge, parts) for path, one in judged}


def names_what_failed(judged, asked):
    named = {f["call"].split(" ")[0] for f in judged["findings"] if f["consequence"] != "none"}
    return any(call.split(" ")[0] in named for call in asked)


def is_right(judged, result):
    if judged["verdict"] == "works":
        return result["difference"] is None
    if judged["verdict"] == "limited":
        return result["difference"] is None or names_what_failed(judged, result["asked"])
    return result["difference"] is not None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tool")
    parser.add_argument("folder")
    parser.add_argument("--short", action="store_true", help="twenty programs")
    parser.add_argument("--only", nargs="*", help="names of programs")
    parser.add_argument("--details", help="write every result to this file, as JSON")
    options = parser.parse_args()
    tool, folder = os.path.abspath(options.tool), os.path.abspath(options.folder)
    tasks = all_tasks()
    if options.only:
        tasks = [t for t in tasks if os.path.basename(t[0]) in options.only]
    if options.short:
        tasks = [t for t in tasks if os.path.basename(t[0]) in SHORT]

    results = []
    with concurrent.futures.ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
        pending = [pool.submit(reality, tool, task, f"{folder}/run{i}") for i, task in enumerate(tasks)]
        for i, one in enumerate(pending):
            if (result := one.result()) is not None:
                results.append(result)
            shutil.rmtree(f"{folder}/run{i}", ignore_errors=True)
        judged = predictions(tool, sorted({r["program"] for r in results}), pool)

    table, wrong, deceived = collections.Counter(), [], []
    for result in results:
        one = judged[result["program"]]
        result["verdict"], result["certainty"], result["right"] = one["verdict"], one["certainty"], is_right(one, result)
        table[one["verdict"], "same" if result["difference"] is None else "different"] += 1
        if not result["right"]:
            wrong.append(result)
        if one["verdict"] == "works" and result["difference"] is not None:
            deceived.append(result)
    if options.details:
        with open(options.details, "w") as file:
            json.dump(results, file, indent=1)

    print(f"{'predicted':<12} {'same':>6} {'different':>10}")
    for verdict in ("works", "limited", "fails", "not judged"):
        print(f"{verdict:<12} {table[verdict, 'same']:>6} {table[verdict, 'different']:>10}")
    for result in wrong:
        print(f"WRONG: {result['program']} {shlex.join(result['arguments'])}: {result['verdict']} ({result['certainty']}), but "
              f"{result['difference'] or 'the same'}; asked in vain: {result['asked']}")
    right = (len(results) - len(wrong)) / len(results) if results else 0
    own = sum(1 for t in tasks if t[1] is not None)
    print(f"{len(tasks)} tasks, {own} of them with work of their own, {len(tasks) - len(results)} of no use on the host itself")
    print(f"{len(results)} runs of {len(judged)} programs, {right:.1%} right; {len(deceived)} of those that are said to work do not")
    if options.only:
        return 0
    if len(judged) < (len(SHORT) if options.short else LEAST_PROGRAMS):
        print("too few programs are installed here")
        return SKIPPED
    return 0 if right >= LEAST_RIGHT and not deceived else 1


if __name__ == "__main__":
    sys.exit(main())
