"""What the processor does for one call: counted by callgrind, so the same in each run, whatever else the machine does."""
import re
import subprocess

from measuring import progress


def of_one_call(command):
    """The difference of two runs, which take the number of turns as their last argument."""
    counts = []
    turns = (1000, 3000)
    for number in turns:
        ran = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", *command, str(number)],
                             capture_output=True, text=True, check=True)
        counts.append(int(re.search(r"Collected : (\d+)", ran.stderr).group(1)))
    return (counts[1] - counts[0]) / (turns[1] - turns[0])


def lines(command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def translation(binaries, effort):
    """The derived entries against the same job by hand: (case, instructions by hand, derived, ns by hand, derived)."""
    counter = binaries / "bench_instructions"
    cases = [case for case in lines([counter]) if effort.wants(case)]
    if not cases:
        return []
    progress("translation: times")
    wanted = "|".join("^" + re.sub(r"\W", ".", case) + "/" for case in cases)
    ran = subprocess.run([binaries / "bench_translation", "--benchmark_format=csv", f"--benchmark_repetitions={effort.turns}",
                          f"--benchmark_filter={wanted}", "--benchmark_report_aggregates_only=true",
                          "--benchmark_enable_random_interleaving=true",
                          f"--benchmark_min_time={effort.milliseconds / 100}"],
                         capture_output=True, text=True, check=True)
    times = dict(re.findall(r'^"([^"]*?)(?:_median)?",[^,]*,[^,]*,([^,]*),', ran.stdout, re.M))
    rows = []
    for case in cases:
        progress(f"translation: instructions of {case}")
        by_hand, derived = (round(of_one_call([counter, case, side])) for side in ("hand", "derived"))
        rows.append((case, by_hand, derived, float(times[case + "/by hand"]), float(times[case + "/derived"])))
    return rows


def growth(binaries, effort):
    """What a call costs as something grows: {case: [(size, instructions)]}."""
    program = binaries / "bench_growth"
    found = {}
    for line in lines([program]):
        case, *sizes = line.split("\t")
        if not effort.wants(case):
            continue
        for size in sizes:
            progress(f"growth: {case}, {size}")
            found.setdefault(case, []).append((int(size), of_one_call([program, case, size])))
    return found
