#!/usr/bin/env python3
"""every_call_reached.py POLYABI PROGRAMS ANSWERED: each row of the tables of System V Release 4 and of its vendors' variants is called by a
test, through the trap. PROGRAMS has a command line of `polyabi run` on each line, those of the tests of programs; they are run under
`polyabi trace --reached` in folders of their own. Their output is the other tests' business. Rows that are refused, faked or missing
answer what the table says, whatever their arguments are: the program ANSWERED calls each of them by its number and compares."""
import pathlib
import shlex
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import reached

polyabi, programs, answered = sys.argv[1:]
VARIANTS = ["svr4:" + name for name in ("solaris", "unixware", "openserver", "interactive", "coherent", "ibcs2")]

# Rows that no program can call without harm: a reason for each. There are none.
EXCEPTIONS = {}


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


def run_all(file, rows):
    for command in commands(rows):
        line = " ".join(command)[:200]
        ended = reached.trace(polyabi, command, file)
        if ended.returncode != 0:
            print(f"{line}: ends with {ended.returncode} under trace")
            print(ended.stdout.decode(errors="replace")[-400:])
            print(ended.stderr.decode(errors="replace")[-400:])
            yield line


def main():
    common = reached.matrix(polyabi, "svr4")
    rows = {"svr4": common}
    for name in VARIANTS:
        rows[name] = {key: row for key, row in reached.matrix(polyabi, name).items()
                      if any(row[what] != common.get(key, {}).get(what) for what in ("name", "signature", "level", "reason"))}
    with tempfile.TemporaryDirectory() as folder:
        file = folder + "/reached"
        open(file, "w").close()
        failed = list(run_all(file, rows))
        # A row that a variant shares is the same one under another name.
        called = {(personality if key in rows.get(personality, {}) else "svr4", key) for personality, key in reached.rows_of(file)}
    left = [f"{personality} {key} {row['name']} ({row['level']}): no program of tests/svr4 calls it"
            for personality, own in rows.items() for key, row in own.items()
            if (personality, key) not in called and (personality, row["name"]) not in EXCEPTIONS]
    for line in left:
        print(line)
    count = sum(len(own) for own in rows.values())
    print(f"{count - len(left)} of {count} rows are reached")
    return 1 if left or failed else 0


sys.exit(main())
