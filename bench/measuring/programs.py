"""What whole programs cost on each system."""
import pathlib
import shutil
import statistics
import sys

from measuring import progress


def make_inputs(folder):
    """What the programs work on: 5,000 small files, a large one, a script of SQL, and a makefile."""
    tree = pathlib.Path(folder) / "tree"
    for directory in range(50):
        (tree / str(directory)).mkdir(parents=True)
        for name in range(100):
            (tree / str(directory) / f"{name}.txt").write_text(f"{directory} {name}\n" * 20)
    words = "".join(f"{number * 2654435761 % 1000003} " for number in range(800_000))
    (tree.parent / "large").write_text(words)
    rows = "\n".join(f"insert into t values ({row}, 'name {row * 7919 % 20011}');" for row in range(20_000))
    (tree.parent / "rows.sql").write_text(f"create table t (a integer primary key, b text);\nbegin;\n{rows}\ncommit;\n"
                                          "select count(*), max(b) from t;\n")
    targets = [f"out{number}" for number in range(60)]
    (tree.parent / "Makefile").write_text("all: " + " ".join(targets) + "\n" + "".join(
        f"{target}:\n\t@sed s/1/2/ tree/{number % 50}/1.txt | sort > {target}\n" for number, target in enumerate(targets)))


PROGRAMS = [
    ("start of busybox", "busybox", ["busybox", "true"]),
    ("shell, 300,000 turns", "dash", ["dash", "-c", "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done"]),
    ("gzip of 6 MB", "gzip", ["sh", "-c", "gzip -c large > /dev/null"]),
    ("find and wc, 5,000 files", "find", ["sh", "-c", "find tree -type f -print0 | xargs -0 wc -c > /dev/null"]),
    ("tar of 5,000 files", "tar", ["sh", "-c", "tar cf - tree | cat > /dev/null"]),
    ("sqlite3, 20,000 rows", "sqlite3", ["sh", "-c", "rm -f rows.db; sqlite3 rows.db < rows.sql"]),
    ("start of python3", "python3", [sys.executable, "-c", "import json"]),
    ("redis, 4,000 requests", "redis-benchmark", ["sh", "-c",
     "redis-server --port 0 --unixsocket $PWD/redis --save '' --appendonly no > /dev/null & "
     "until [ -S redis ]; do sleep 0.02; done; redis-benchmark -s redis -n 2000 -q -t set,get > /dev/null; "
     "redis-cli -s redis shutdown nosave 2> /dev/null; wait; rm -f redis"]),
    ("make -j2, 60 targets", "make", ["sh", "-c", "rm -f out*; make -s -j2"]),
]


def cost(starter, systems, folder, effort):
    """{program: {system: (median of seconds, bytes of the largest process, or None)}}"""
    wanted = [entry for entry in PROGRAMS if effort.wants(entry[0]) and shutil.which(entry[1])]
    if wanted:
        make_inputs(folder)
    found = {}
    given_up = set()
    for turn in range(effort.turns):
        for program, _, command in wanted:
            for system in systems:
                if (program, system.name) in given_up:
                    continue
                progress(f"programs: run {turn + 1} of {effort.turns}, {program}, {system.name}")
                took = system.timed(starter, command, folder)
                if took is None:
                    given_up.add((program, system.name))
                    found.get(program, {}).pop(system.name, None)
                    continue
                found.setdefault(program, {}).setdefault(system.name, []).append(took)
                if took[0] > 8:  # once is enough
                    given_up.add((program, system.name))
    return {program: {name: (statistics.median(took for took, _ in values), max_of(size for _, size in values))
                      for name, values in by_system.items()} for program, by_system in found.items()}


def max_of(sizes):
    return max((size for size in sizes if size is not None), default=None)
