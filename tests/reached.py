"""Which rows of a personality's tables programs call (`polyabi trace --reached`)."""
import json
import subprocess
import tempfile


def matrix(polyabi, personality):
    """The rows by what `--reached` calls them."""
    out = subprocess.run([polyabi, "matrix", "--personality", personality, "--format", "json"], check=True, capture_output=True)
    rows = {}
    for row in json.loads(out.stdout):
        selector = f".{row['selector']}" if "selector" in row else ""
        rows[f"{row['arch']} {row['number']}{selector}"] = row
    return rows


def trace(polyabi, command, reached):
    """Runs a command line of `polyabi run` in a folder of its own; how it ended. Rows are appended to the file `reached`."""
    with tempfile.TemporaryDirectory() as folder:
        # The programs say which descriptors they get: none but the standard streams are there.
        return subprocess.run([polyabi, "trace", "--summary", "--output", "/dev/null", "--reached", reached] + command,
                              cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)


def rows_of(reached):
    """(personality, row) of each line of the file."""
    for line in open(reached):
        personality, arch, number, _ = line.split(" ", 3)
        yield personality, f"{arch} {number}"
