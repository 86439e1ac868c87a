"""The systems that are compared: each runs the same programs."""
import os
import pathlib
import shutil
import subprocess


class System:
    """One that runs a program when its own command stands in front."""

    def __init__(self, name, prefix=(), runs_32_bit=False):
        self.name = name
        self.prefix = list(prefix)
        self.runs_32_bit = runs_32_bit

    @property
    def installed(self):
        return not self.prefix or shutil.which(self.prefix[0]) is not None

    def output(self, command, folder, seconds=120):
        """What a command prints, and whether it ended well."""
        ran = subprocess.run([*self.prefix, *command], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                             timeout=seconds)
        return ran.stdout, ran.returncode == 0

    def timed(self, starter, command, folder, seconds=60):
        """(seconds, bytes of the largest process) of a command, or None if it failed; `starter` is what starts and measures it."""
        # All is started by its path: qemu-user wants that.
        whole = [*self.prefix, *command]
        for index in {0, len(self.prefix)}:
            whole[index] = shutil.which(whole[index])
        child = subprocess.Popen([starter, "--run", *whole], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                                 start_new_session=True)
        try:
            output, _ = child.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, 9)
            child.communicate()
            return None
        return measured(output)


def measured(line):
    """What the starter has printed: nanoseconds, kilobytes and the status."""
    nanoseconds, kilobytes, status = line.split()
    return (float(nanoseconds) / 1e9, int(kilobytes) * 1024) if int(status) == 0 else None


class UserModeLinux(System):
    """A kernel as a process, with the host's files as its root. It is booted for each command, and that does not count: what is
    measured is measured in it. Its processes' memory is a part of its own, and not told."""

    def __init__(self):
        super().__init__("user-mode-linux", ["linux.uml"])

    @property
    def installed(self):
        return super().installed and shutil.which("busybox") is not None

    def boot(self, lines, folder, seconds):
        """What the lines print, which are run as a shell's of busybox in place of init."""
        init = pathlib.Path(folder) / "init"
        busybox = shutil.which("busybox")
        tmpfs = f"{busybox} mount -t tmpfs none"
        init.write_text("\n".join([f"#!{busybox} sh", f"export PATH={os.environ['PATH']} HOME=/", f"{busybox} mount -t proc none /proc",
                                   f"{tmpfs} /dev/shm", f"{busybox} ifconfig lo 127.0.0.1 up", f"cd {folder}", "echo begin", *lines,
                                   "echo end", f"{busybox} halt -f", ""]))
        init.chmod(0o755)
        memory = "/dev/shm" if os.path.isdir("/dev/shm") else folder
        child = subprocess.Popen([*self.prefix, "mem=1G", "rootfstype=hostfs", "rootflags=/", "rw", f"init={init}", f"uml_dir={folder}",
                                  "con=null", "con0=fd:0,fd:1", "ssl=null", "quiet"],
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                                 env={**os.environ, "TMPDIR": memory}, start_new_session=True)
        try:
            output, _ = child.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, 9)
            child.communicate()
            raise
        said = [line.rstrip("\r") for line in output.splitlines()]
        if "begin" not in said or "end" not in said:
            return None
        return said[said.index("begin") + 1:said.index("end")]

    def output(self, command, folder, seconds=120):
        quoted = " ".join(f"'{word}'" for word in command)
        said = self.boot([quoted], folder, seconds)
        return "\n".join(said or []), said is not None

    def timed(self, starter, command, folder, seconds=60):
        words = [str(starter), "--run", shutil.which(command[0]), *command[1:]]
        try:
            said = self.boot([" ".join("'" + word.replace("'", "'\\''") + "'" for word in words)], folder, seconds)
        except subprocess.TimeoutExpired:
            return None
        if not said:
            return None
        took = measured(said[-1])
        return (took[0], None) if took else None


def installed(polyabi):
    """Those that are there, the host first."""
    sandbox = ["--network=host", "--rootless", "do"]
    known = [
        System("host", runs_32_bit=True),
        System("polyabi", [str(polyabi), "run"], runs_32_bit=True),
        System("polyabi, dispatch", [str(polyabi), "run", "--entry=dispatch"], runs_32_bit=True),
        System("qemu-user", ["qemu-x86_64"]),
        System("proot", ["proot"]),
        System("strace", ["strace", "-f", "-o", "/dev/null"]),
        System("gVisor, systrap", ["runsc", "--platform=systrap", *sandbox]),
        System("gVisor, ptrace", ["runsc", "--platform=ptrace", *sandbox]),
        UserModeLinux(),
    ]
    return [system for system in known if system.installed]
