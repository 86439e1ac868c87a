#!/usr/bin/env python3
"""`polyabi check` as a command: verdicts of runs, folders, broken files, what is told on a terminal.

    command.py POLYABI FOLDER-OF-PROGRAMS
"""
import json
import os
import pathlib
import pty
import select
import shutil
import subprocess
import sys
import tempfile
import unittest

TOOL, PROGRAMS = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).absolute()
ASKS, PLAIN = str(PROGRAMS / "check_asks"), str(PROGRAMS / "check_like_go")
PATIENCE = 120


def check(*words, **how):
    return subprocess.run([TOOL, "check", *map(str, words)], capture_output=True, timeout=PATIENCE, **how)


class Runs(unittest.TestCase):
    def judged(self, *words):
        with tempfile.NamedTemporaryFile() as answer:
            ended = check("--trace", "--json", "--output", answer.name, *words)
            return ended, json.loads(pathlib.Path(answer.name).read_text())[0]

    def test_a_run_that_lacks_nothing(self):
        ended, judged = self.judged(ASKS)
        self.assertEqual((ended.returncode, judged["verdict"]), (0, "works"))
        self.assertEqual(judged["run"]["ending"], "exited with 3")
        called = {c["call"]: c for c in judged["run"]["calls"]}
        self.assertEqual((called["getppid"]["count"], called["getppid"]["errors"], called["getppid"]["level"]), (1, 0, "native"))

    def test_options_behind_the_program_are_its_own(self):
        ended, judged = self.judged(ASKS, "--json")
        self.assertEqual((ended.returncode, judged["verdict"]), (1, "limited"))
        found = {f["call"]: f for f in judged["findings"] if f["consequence"] == "limits"}
        self.assertEqual(set(found), {"bpf", "syscall_0x3e7", "openat flags 0x40000000"})
        self.assertEqual((found["bpf"]["count"], found["bpf"]["level"]), (2, "refused"))
        self.assertEqual(found["syscall_0x3e7"]["level"], "missing")
        reports = {(r["call"], r["argument"], r["value"]): r["count"] for r in judged["run"]["reports"]}
        self.assertEqual(reports["openat", "flags", 0x40000000], 1)
        self.assertEqual(judged["run"]["lost"], 0)

    def test_the_answer_goes_beside_what_the_program_says(self):
        ended = check("--trace", "/bin/echo", "said")
        self.assertEqual((ended.returncode, ended.stdout), (0, b"said\n"))
        self.assertIn(b"/bin/echo: works (certainty: high; of a run that exited with 0)", ended.stderr)
        self.assertIn(b"native calls:", ended.stderr)

    def test_what_does_not_run(self):
        self.assertEqual(check("--trace", "/no/such/program").returncode, 3)
        self.assertEqual(check("--trace", "/etc/passwd").returncode, 3)
        ended = check("--trace", "/bin/sh", "-c", "kill -9 $$")
        self.assertEqual(ended.returncode, 0)
        self.assertIn(b"was killed by signal 9", ended.stderr)


class Folders(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="polyabi-check-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def verdicts(self, *words):
        ended = check("--json", *words)
        self.assertEqual(ended.stderr, b"")
        return {os.path.relpath(j["file"], self.folder): j["verdict"] for j in json.loads(ended.stdout)}

    def test_rubbish_and_loops(self):
        here = self.folder
        shutil.copy(PLAIN, here / "plain")
        os.link(here / "plain", here / "same")
        (here / "link").symlink_to("plain")
        (here / "loop").symlink_to("loop")
        (here / "dangling").symlink_to("nowhere")
        (here / "deep").mkdir()
        (here / "deep" / "up").symlink_to(here)
        shutil.copy(PLAIN, here / "deep" / "another")
        (here / "text").write_text("no program\n")
        (here / "empty").touch()
        (here / "noise").write_bytes(os.urandom(5000))
        os.mkfifo(here / "pipe")
        whole = (here / "plain").read_bytes()
        for size in (4, 20, 63, 64, 100, 200, len(whole) // 2):
            (here / f"short-{size}").write_bytes(whole[:size])
        seen = self.verdicts(here)
        self.assertEqual(seen["link" if "link" in seen else "plain"], "works")
        self.assertEqual(seen[os.path.join("deep", "another")], "works")
        self.assertEqual([n for n in seen if n in ("link", "plain", "same")], ["link"])
        self.assertFalse({"text", "empty", "noise", "pipe", "loop", "dangling"} & set(seen))
        self.assertFalse(any(n.startswith("short") and v == "works" for n, v in seen.items()), seen)

    def test_a_folder_without_programs(self):
        ended = check(self.folder)
        self.assertEqual((ended.returncode, ended.stdout), (0, b""))

    def test_names_of_files_are_no_terminal_codes(self):
        shutil.copy(PLAIN, self.folder / "a\x1b[31m\nb")
        self.assertIn(b"a\\x1b[31m\\x0ab: works", check(self.folder).stdout)


class Pages(unittest.TestCase):
    def test_a_bar_on_a_terminal(self):
        with tempfile.TemporaryDirectory() as work:
            ours, theirs = pty.openpty()
            tool = subprocess.Popen([TOOL, "check", "--html", f"{work}/page", PLAIN, "/etc/passwd"], stderr=theirs)
            os.close(theirs)
            shown = b""
            while select.select([ours], [], [], PATIENCE)[0]:
                try:
                    part = os.read(ours, 4096)
                except OSError:  # the other end is closed
                    break
                shown += part
            os.close(ours)
            self.assertEqual(tool.wait(PATIENCE), 3)
            self.assertIn(b"] 0/2 ", shown)
            self.assertTrue(shown.endswith(b"\r\x1b[K"), shown[-20:])
            self.assertNotIn(b"\n", shown)

    def test_lines_elsewhere(self):
        with tempfile.TemporaryDirectory() as work:
            ended = check("--html", f"{work}/page", PLAIN)
            self.assertEqual(ended.stderr, f"1/1 {PLAIN}: works\n".encode())
            self.assertTrue(pathlib.Path(work, "page").read_text().startswith("<!DOCTYPE html>"))

    def test_what_cannot_be_written(self):
        for option in ("--html", "--output"):
            ended = check(option, "/no/such/folder/page", PLAIN)
            self.assertEqual(ended.returncode, 125)
            self.assertIn(b"No such file or directory", ended.stderr)
        self.assertNotEqual(check("--html", "/dev/full", PLAIN).returncode, 0)


class Parts(unittest.TestCase):
    """`check` is a program beside the tool."""

    def test_its_help_is_its_own(self):
        ended = check("--help")
        self.assertEqual(ended.returncode, 0)
        self.assertIn(b"polyabi check [OPTIONS] PROGRAM", ended.stdout)

    def test_a_tool_that_stands_alone(self):
        with tempfile.TemporaryDirectory(dir=PROGRAMS) as folder:
            alone = os.path.join(folder, "polyabi")
            os.link(TOOL, alone)
            ended = subprocess.run([alone, "check", PLAIN], capture_output=True, timeout=PATIENCE)
            self.assertEqual(ended.returncode, 125)
            self.assertIn(f"cannot start {folder}/polyabi-check: No such file or directory".encode(), ended.stderr)


unittest.main(argv=sys.argv[:1])
