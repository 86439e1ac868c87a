"""What compiling one file costs that joins both personalities with one kernel, and how large the object is."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from measuring import progress

MODULES = ["core", "vfs", "activators", "facilities", "personalities/linux", "personalities/svr4", "kernels/reference"]
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


def cost(source, effort):
    """{compiler: {seconds, memory, code, tables, other}}; seconds are the processor's, which others' work changes least."""
    root = pathlib.Path(source).resolve().parents[1]
    include = [f"-I{root / module / 'include'}" for module in MODULES]
    found = {}
    for compiler in ("g++", "clang++"):
        if not shutil.which(compiler) or not effort.wants(compiler):
            continue
        progress(f"compiling: both personalities for one kernel, {compiler}")
        with tempfile.TemporaryDirectory(prefix="polyabi-bench-") as folder:
            compiled = pathlib.Path(folder) / "both.o"
            child = os.posix_spawnp(compiler, [compiler, *FLAGS, *include, "-c", str(source), "-o", str(compiled)], os.environ)
            _, status, used = os.wait4(child, 0)
            if status != 0:
                progress(f"compiling: {compiler} failed")
                continue
            found[compiler] = {"seconds": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss * 1024, **sections(compiled)}
    return found
