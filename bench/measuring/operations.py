"""What single operations cost on each system."""
import contextlib
import os
import statistics
import subprocess
import time

from measuring import progress
from measuring.instructions import lines

GATES = [("getpid by int $0x80", "linux", "gate"), ("getpid by AT_SYSINFO", "linux", "library"),
         ("SVR4's getpid by lcall $7", "svr4", "gate")]


@contextlib.contextmanager
def one_processor():
    """For all that is started meanwhile: where a host puts two processes that wake each other in turns decides more than any system."""
    all_of_them = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(all_of_them)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, all_of_them)


def cost(binaries, program, systems, folder, effort):
    """{operation: {system: median of nanoseconds}}."""
    with one_processor():
        return by_program(program, systems, folder, effort) | by_gate(binaries, systems, folder, effort)


def medians(found):
    return {operation: {name: statistics.median(values) for name, values in by_system.items()}
            for operation, by_system in found.items()}


def by_program(program, systems, folder, effort):
    """In the order of the program, which is one for all systems."""
    names = [name for name in lines([program, "--names"]) if effort.wants(name)]
    found = {}
    for turn in range(effort.turns if names else 0):
        for system in systems:
            progress(f"operations: run {turn + 1} of {effort.turns}, {system.name}")
            try:
                said, _ = system.output([str(program), folder, str(effort.milliseconds), *names], folder)
            except subprocess.TimeoutExpired:
                continue
            for line in said.splitlines():
                operation, _, value = line.partition("\t")
                if value:
                    found.setdefault(operation, {}).setdefault(system.name, []).append(float(value))
    return medians(found)


def by_gate(binaries, systems, folder, effort):
    """The same for the gates of 32-bit programs: the time of many calls less that of none. System V's gate is set against the
    host's own."""
    found = {}
    calls = 300_000
    for operation, program, way in GATES:
        if not effort.wants(operation):
            continue
        for turn in range(effort.turns):
            for system in systems:
                if not system.runs_32_bit:
                    continue
                progress(f"{operation}: run {turn + 1} of {effort.turns}, {system.name}")
                own = "linux" if system.name == "host" else program
                took = []
                for turns in (0, calls):
                    start = time.monotonic_ns()
                    _, good = system.output([str(binaries / f"bench_gate_calls_{own}"), way, str(turns)], folder)
                    took.append(time.monotonic_ns() - start)
                if good:
                    found.setdefault(operation, {}).setdefault(system.name, []).append((took[1] - took[0]) / calls)
    return medians(found)
