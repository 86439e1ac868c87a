#!/usr/bin/env python3
"""every_call_reached.py POLYABI PROGRAMS ANSWERED: each row of the tables of System V Release 4 and of its vendors' variants is called by a
test, through the trap. PROGRAMS has a command line of `polyabi run` on each line, those of the tests of programs; they are run under
`polyabi trace --reached` in folders of their own. Their output is the other tests' business. Rows that are refused, faked or missing
answer what the table says, whatever their arguments are: the program ANSWERED calls each of them by its number and compares."""
import json
import shlex
import subprocess
import sys
import tempfile

polyabi, programs, answered = sys.argv[1:]
VARIANTS = ["svr4:" + name for name in ("solaris", "unixware", "openserver", "interactive", "coherent", "ibcs2")]

# Rows that no program can call without harm: a reason for each. There are none.
EXCEPTIONS = {}


def matrix(personality):
    """The rows by what `--reached` calls them."""
    out = subprocess.run([polyabi, "matrix", "--personality", personality, "--format", "json"], check=True, capture_output=True)
    rows = {}
    for row in json.loads(out.stdout):
        selector = f".{row['selector']}" if "selector" in row else ""
        rows[f"{row['arch']} {row['number']}{selector}"] = row
    return rows


def commands(rows):
    """Command lines of `polyabi run`; `rows` by personality are those that differ from the common ones."""
    for line in open(programs):
        if line.strip():
            yield shlex.split(line)
    for personality, own in rows.items():
        stated = [f"{row['number']}" + (f".{row['selector']}" if "selector" in row else "") + f"={row.get('error', 0)}"
                  for row in own.values()
                  if row["arch"] == "i386" and row["level"] in ("refused", "faked", "missing")]  # ANSWERED is a program of i386
        for at in range(0, len(stated), 200):
            yield ["--personality", personality, answered] + stated[at:at + 200]


def run_all(reached, rows):
    for command in commands(rows):
        line = " ".join(command)[:200]
        with tempfile.TemporaryDirectory() as folder:
            # The programs say which descriptors they get: none but the standard streams are there.
            ended = subprocess.run([polyabi, "trace", "--summary", "--output", "/dev/null", "--reached", reached] + command,
                                   cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
            if ended.returncode != 0:
                print(f"{line}: ends with {ended.returncode} under trace")
                print(ended.stdout.decode(errors="replace")[-400:])
                print(ended.stderr.decode(errors="replace")[-400:])
                yield line


def main():
    common = matrix("svr4")
    rows = {"svr4": common}
    for name in VARIANTS:
        rows[name] = {key: row for key, row in matrix(name).items()
                      if any(row[what] != common.get(key, {}).get(what) for what in ("name", "signature", "level", "reason"))}
    with tempfile.TemporaryDirectory() as folder:
        file = folder + "/reached"
        open(file, "w").close()
        failed = list(run_all(file, rows))
        reached = set()
        for line in open(file):
            personality, arch, number, _ = line.split(" ", 3)
            # A row that a variant shares is the same one under another name.
            key = f"{arch} {number}"
            reached.add((personality if key in rows.get(personality, {}) else "svr4", key))
    left = [f"{personality} {key} {row['name']} ({row['level']}): no program of tests/svr4 calls it"
            for personality, own in rows.items() for key, row in own.items()
            if (personality, key) not in reached and (personality, row["name"]) not in EXCEPTIONS]
    for line in left:
        print(line)
    count = sum(len(own) for own in rows.values())
    print(f"{count - len(left)} of {count} rows are reached")
    return 1 if left or failed else 0


sys.exit(main())
