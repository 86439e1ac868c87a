"""What compiling one file costs that joins both personalities with one kernel, and what is compiled once for a kernel beside it; how large
the objects are."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from measuring import progress

MODULES = ["core", "vfs", "activators", "facilities", "personalities/linux", "personalities/svr4", "kernels/reference"]
# What joins both, and what every file that joins one of them with this kernel leaves to be compiled once.
SOURCES = ["bench/both_personalities.cpp", "machines/joined/linux.cpp", "machines/joined/svr4.cpp"]
# As a kernel is compiled.
FLAGS = ["-std=c++20", "-O2", "-ffreestanding", "-fno-exceptions", "-fno-rtti", "-fno-stack-protector",
         "-fno-asynchronous-unwind-tables"]


def sections(compiled):
    """Bytes by kind of section."""
    kinds = {"code": 0, "tables": 0, "other": 0}
    for line in subprocess.run(["size", "-A", compiled], capture_output=True, text=True, check=True).stdout.splitlines():
        match = re.match(r"(\.\S+)\s+(\d+)\s", line)
        if not match:
            continue
        name = match.group(1)
        kind = "code" if name.startswith(".text") else "tables" if name.startswith((".rodata", ".data.rel.ro")) else "other"
        kinds[kind] += int(match.group(2))
    return kinds


def compiled(compiler, include, source):
    """{seconds, memory, code, tables, other}, or nothing; seconds are the processor's, which others' work changes least."""
    with tempfile.TemporaryDirectory(prefix="polyabi-bench-") as folder:
        made = pathlib.Path(folder) / "made.o"
        child = os.posix_spawnp(compiler, [compiler, *FLAGS, *include, "-c", str(source), "-o", str(made)], os.environ)
        _, status, used = os.wait4(child, 0)
        if status != 0:
            progress(f"compiling: {compiler} failed")
            return None
        return {"seconds": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss * 1024, **sections(made)}


def cost(root, effort):
    """{compiler: {file: what it costs}}, the file first that joins both."""
    include = [f"-I{root / module / 'include'}" for module in MODULES]
    found = {}
    for compiler in ("g++", "clang++"):
        if not shutil.which(compiler) or not effort.wants(compiler):
            continue
        progress(f"compiling: both personalities for one kernel, {compiler}")
        costs = {source: compiled(compiler, include, root / source) for source in SOURCES}
        if all(costs.values()):
            found[compiler] = costs
    return found
