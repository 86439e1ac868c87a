"""The page that bench/run writes: tables and charts."""
import os

from measuring import charts

# Most that an operation or a program may cost, as a part of the host's own.
GOALS = {
    "getpid": 0.5, "clock_gettime by call": 0.8, "clock_gettime by vDSO": 1.1, "fstat": 0.5, "stat": 1.3, "stat on tmpfs": 1.0,
    "open+close": 1.3, "open+close on tmpfs": 1.0, "read 1 of /dev/zero": 0.5, "write 1 to /dev/null": 0.5,
    "pipe in one process": 0.5, "socketpair in one process": 0.5, "pipe ping-pong": 1.2, "futex wake": 0.5, "page fault": 1.2,
    "fork+wait": 2.0, "fork+exec+wait": 2.0, "signal delivery": 1.0, "epoll_wait": 0.5,
    "getpid by int $0x80": 0.5, "getpid by AT_SYSINFO": 0.5, "SVR4's getpid by lcall $7": 0.5,
    "shell, 300,000 turns": 1.05, "gzip of 6 MB": 1.05, "find and wc, 5,000 files": 1.3, "tar of 5,000 files": 1.3,
    "sqlite3, 20,000 rows": 1.3, "make -j2, 60 targets": 1.3,
}
# Of compiling one file, and how much more a call may cost at the largest size than at the smallest.
MOST_SECONDS, MOST_BYTES, MOST_GROWTH = 20, 1.5e9, 5.0

INTRODUCTION = """# Performance

Written by `./dev bench`; do not edit. Every figure but the host's own is a ratio of one run on one machine: what the operation or the
program costs there, in parts of what it costs on the bare host. Below 1 is quicker than the host. All systems run the same static
program (`bench/system_calls.c`) and the same installed ones; medians of five interleaved runs, each operation by its quickest of eight
rounds, all processes of it on one processor. A system that is not installed is not here, and what a system cannot run is left empty.

*polyabi* changes call sites into jumps (`--entry=patched`, the default); *polyabi, dispatch* leaves the program's text as it is, and
each call is a signal of the host. *user-mode-linux* is a kernel of its own with the host's files as its root: its clock measures, its
boot is not counted, and its processes' memory is within its own. *qemu-user* runs the first program alone: what that executes, as
shells and make do, runs on the host itself. The goals are the project's own.

"""


def row(cells):
    return "| " + " | ".join(cells) + " |\n"


def head(first, others):
    return row([first, *others]) + row(["---", *["---:"] * len(others)])


def ratio_table(title, unit, measured, systems, value):
    """One line for each name: the host's own value, then ratios."""
    others = systems[1:]
    text = head(title, [f"host, {unit}", *others, "goal"])
    for name, by_system in measured.items():
        if "host" not in by_system:
            continue
        host = value(by_system["host"])
        cells = [f"{value(by_system[s]) / host:.2f}" if s in by_system else "" for s in others]
        goal = GOALS.get(name)
        text += row([name, f"{host:,.0f}" if host >= 100 else f"{host:.1f}" if host >= 1 else f"{host:.3f}", *cells,
                     f"{goal:.2f}" if goal is not None else ""])
    return text


def memory_table(measured, systems):
    told = [s for s in systems if any(by_system.get(s, (0, None))[1] is not None for by_system in measured.values())]
    text = head("peak memory of the largest process", [f"{s}, MB" for s in told])
    for name, by_system in measured.items():
        text += row([name, *[f"{by_system[s][1] / 1e6:.1f}" if s in by_system else "" for s in told]])
    return text


def translation(rows, _):
    text = head("case", ["instructions, by hand", "derived", "ratio", "ns, by hand", "derived", "ratio"])
    for case, hand, derived, hand_time, derived_time in rows:
        text += row([case, str(hand), str(derived), f"{derived / hand:.2f}", f"{hand_time:.1f}", f"{derived_time:.1f}",
                     f"{derived_time / hand_time:.2f}"])
    return text


def growth(measured, _):
    text = head("what grows", ["sizes", "instructions of a call", "growth", "goal"])
    for name, points in measured.items():
        first, last = points[0][1], points[-1][1]
        text += row([name, " ".join(f"{size:,}" for size, _ in points), " ".join(f"{cost:,.0f}" for _, cost in points),
                     f"{(last / first - 1) * 100:+.1f} %", f"{MOST_GROWTH:.0f} %"])
    return text


def compiling(measured, _):
    text = head("compiler, file", ["seconds", "goal", "peak memory, MB", "goal", "code, KB", "tables, KB", "other, KB"])
    for compiler, files in measured.items():
        for file, c in files.items():
            joins = file == next(iter(files))
            text += row([f"{compiler}, `{file}`", f"{c['seconds']:.1f}", str(MOST_SECONDS) if joins else "", f"{c['memory'] / 1e6:,.0f}",
                         f"{MOST_BYTES / 1e6:,.0f}" if joins else "", *[f"{c[kind] / 1e3:,.0f}" for kind in ("code", "tables", "other")]])
    return text


def operations(measured, systems):
    return ratio_table("operation", "ns", measured, systems, lambda v: v)


def programs(measured, systems):
    return ratio_table("program", "s", measured, systems, lambda v: v[0]) + "\n" + memory_table(measured, systems)


# (name, title, what it says before its table, its table, its chart)
PARTS = [
    ("translation", "Translation", "Entries derived from the tables against the same job written by hand, compiled alike.", translation, None),
    ("growth", "Growth", "Instructions of one call as something grows that has nothing to do with it, with the smallest as 1.",
     growth, lambda measured, _: charts.growth(measured)),
    ("compiling", "Compiling", "One file that joins Linux on x86-64 and SVR4 on i386 with the reference kernel, optimised as a kernel is; "
     "seconds of the processor. What depends on the kernel alone and on no architecture (pseudo files and what is behind them, netlink) "
     "is not in it: a kernel compiles that once for all files that join a personality with it, and it is below. *Tables* are constant "
     "data: vectors, maps, rows and names.", compiling, None),
    ("operations", "Operations", "", operations, lambda measured, systems: charts.bars(measured, systems, lambda v: v)),
    ("programs", "Programs", "", programs, lambda measured, systems: charts.bars(measured, systems, lambda v: v[0])),
]


def tables(measured, systems):
    return "\n".join(f"## {title}\n\n" + table(measured[part], systems)
                     for part, title, _, table, _ in PARTS if measured.get(part))


def conditions():
    """What the machine was like: others may have used it at the same time."""
    name = os.uname()
    return (f"Run on {os.cpu_count()} processors of {name.machine} under Linux {name.release.split('-')[0]}, with a load average of "
            f"{os.getloadavg()[2]:.1f} in the quarter of an hour before its end; above about 1.5 others were at work, and the times waver.")


def write(docs, measured, systems):
    folder = docs / "performance"
    folder.mkdir(exist_ok=True)
    sections = [INTRODUCTION + conditions() + "\n"]
    for part, title, words, table, chart in PARTS:
        if not measured.get(part):
            continue
        section = f"## {title}\n\n" + (words + "\n\n" if words else "")
        if chart:
            (folder / f"{part}.svg").write_text(chart(measured[part], systems))
            section += f"![{title}](performance/{part}.svg)\n\n"
        sections.append(section + table(measured[part], systems))
    (docs / "performance.md").write_text("\n".join(sections))
