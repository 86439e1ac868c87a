"""What bench/run measures, a module for each part, and the page that it writes."""
import sys


def progress(text=""):
    if sys.stderr.isatty():
        print("\r\033[K" + text, end="", file=sys.stderr, flush=True)
    elif text:
        print(text, file=sys.stderr, flush=True)


class Effort:
    """How much is done, and of what: `rows` are beginnings of names, none for all."""

    def __init__(self, quick=False, rows=()):
        self.turns = 1 if quick else 5
        self.milliseconds = 5 if quick else 40
        self.rows = rows

    def wants(self, name):
        return not self.rows or any(name.startswith(row) for row in self.rows)
