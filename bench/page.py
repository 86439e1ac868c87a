"""The page that bench/run writes: tables and charts."""
import math
import os
from xml.sax.saxutils import escape

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
COLOURS = ["#888888", "#1b6ca8", "#8fb8de", "#d1495b", "#edae49", "#66a182", "#7a5195"]


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
    text = head("peak memory of the largest process", [f"{s}, MB" for s in systems])
    for name, by_system in measured.items():
        text += row([name, *[f"{by_system[s][1] / 1e6:.1f}" if s in by_system else "" for s in systems]])
    return text


def translation_table(rows):
    text = head("case", ["instructions, by hand", "derived", "ratio", "ns, by hand", "derived", "ratio"])
    for case, hand, derived, hand_time, derived_time in rows:
        text += row([case, str(hand), str(derived), f"{derived / hand:.2f}", f"{hand_time:.1f}", f"{derived_time:.1f}",
                     f"{derived_time / hand_time:.2f}"])
    return text


def tables(measured, systems):
    parts = []
    if measured["operations"]:
        parts.append("## Operations\n\n" + ratio_table("operation", "ns", measured["operations"], systems, lambda v: v))
    if measured["programs"]:
        parts.append("## Programs\n\n" + ratio_table("program", "s", measured["programs"], systems, lambda v: v[0]) + "\n" +
                     memory_table(measured["programs"], systems))
    if measured["translation"]:
        parts.append("## Translation\n\n" + translation_table(measured["translation"]))
    return "\n".join(parts)


def chart(measured, systems, value):
    """Bars on a logarithmic scale, a group for each name: to the right of 1 is slower than the host."""
    names = [name for name, by_system in measured.items() if "host" in by_system]
    others = systems[1:]
    bar, gap, left, width = 7, 8, 190, 620
    ratios = {(n, s): value(measured[n][s]) / value(measured[n]["host"]) for n in names for s in others if s in measured[n]}
    low, high = -1, max(1, math.ceil(math.log10(max(ratios.values(), default=10))))
    group = bar * len(others) + gap
    height = group * len(names) + 60
    x_of = lambda r: left + width * (math.log10(max(r, 10 ** low)) - low) / (high - low)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + width + 60} {height}" font-family="sans-serif" '
           'font-size="11">', f'<rect width="100%" height="100%" fill="white"/>']
    for power in range(low, high + 1):
        x = x_of(10.0 ** power)
        out.append(f'<line x1="{x:.1f}" y1="30" x2="{x:.1f}" y2="{height - 20}" stroke="{"#000" if power == 0 else "#ddd"}"/>')
        out.append(f'<text x="{x:.1f}" y="{height - 6}" text-anchor="middle">{10.0 ** power:g}</text>')
    x = left
    for index, system in enumerate(others):
        out.append(f'<rect x="{x}" y="8" width="10" height="10" fill="{COLOURS[(index + 1) % len(COLOURS)]}"/>')
        out.append(f'<text x="{x + 14}" y="17">{escape(system)}</text>')
        x += 30 + 7 * len(system)
    for line, name in enumerate(names):
        y = 34 + line * group
        out.append(f'<text x="{left - 6}" y="{y + group / 2:.1f}" text-anchor="end">{escape(name)}</text>')
        for index, system in enumerate(others):
            if (name, system) not in ratios:
                continue
            start, end = sorted((x_of(1), x_of(ratios[name, system])))
            out.append(f'<rect x="{start:.1f}" y="{y + index * bar}" width="{max(end - start, 1):.1f}" height="{bar - 1}" '
                       f'fill="{COLOURS[(index + 1) % len(COLOURS)]}"/>')
    return "\n".join(out) + "\n</svg>\n"


INTRODUCTION = """# Performance

Written by `./dev bench`; do not edit. Every figure but the host's own is a ratio of one run on one machine: what the operation or the
program costs there, in parts of what it costs on the bare host. Below 1 is quicker than the host. All systems run the same static
program (`bench/system_calls.c`) and the same installed ones; medians of five interleaved runs, each operation by its quickest of eight
rounds. A system that is not installed is not here, and what a system cannot run is left empty.

*polyabi* changes call sites into jumps (`--entry=patched`, the default); *polyabi, dispatch* leaves the program's text as it is, and
each call is a signal of the host. The goals are the project's own.

"""


def conditions():
    """What the machine was like: others may have used it at the same time."""
    name = os.uname()
    return (f"Run on {os.cpu_count()} processors of {name.machine} under Linux {name.release.split('-')[0]}, with a load average of "
            f"{os.getloadavg()[2]:.1f} in the quarter of an hour before its end; above about 1.5 others were at work, and the times waver.\n\n")



def write(docs, measured, systems, text):
    charts = docs / "performance"
    charts.mkdir(exist_ok=True)
    for part, value in (("operations", lambda v: v), ("programs", lambda v: v[0])):
        if not measured[part]:
            continue
        (charts / f"{part}.svg").write_text(chart(measured[part], systems, value))
        title = f"## {part.capitalize()}\n\n"
        text = text.replace(title, f"{title}![{part.capitalize()}: cost against the host's](performance/{part}.svg)\n\n")
    text = text.replace("## Translation\n", "## Translation\n\n"
                        "Entries derived from the tables against the same job written by hand, compiled alike.\n")
    (docs / "performance.md").write_text(INTRODUCTION + conditions() + text)
