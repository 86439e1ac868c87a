#!/usr/bin/env python3
"""every_call_reached.py POLYABI PROGRAM...: each call of Linux' tables that is native or emulated, on both architectures, is made by one of
the programs whose output is compared with the host's. Here they are run under `polyabi trace --reached`; their output is the other tests'
business. Each runs as it is there, and as the superuser of a system of the newest release that the tables know."""
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import reached

polyabi, *programs = sys.argv[1:]
WAYS = [[], ["--superuser", "--set", "linux.osrelease=6.12.0"]]


def main():
    rows = {key: row for key, row in reached.matrix(polyabi, "linux").items()
            if "selector" not in row and row["level"] in ("native", "emulated")}
    with tempfile.TemporaryDirectory() as folder:
        file = folder + "/reached"
        open(file, "w").close()
        for program in programs:
            for way in WAYS:
                reached.trace(polyabi, way + [program], file)
        called = {key for personality, key in reached.rows_of(file) if personality == "linux"}
    left = [f"{key} {row['name']} ({row['level']}): no program of tests/linux/programs makes it" for key, row in rows.items() if key not in called]
    for line in left:
        print(line)
    print(f"{len(rows) - len(left)} of {len(rows)} calls are made")
    return 1 if left else 0


sys.exit(main())
