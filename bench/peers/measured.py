"""
Runs a command and prints, as JSON, what it took: seconds by the clock, seconds of processor time (user and system) and peak
resident memory in MiB, both of the whole process tree, and the last line that it printed.
"""

import json
import os
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path

PAGE_MIB = os.sysconf("SC_PAGE_SIZE") / 2**20
TICKS = os.sysconf("SC_CLK_TCK")


def look(root: int, seconds: dict[int, float]) -> float:
    """
    Resident memory of a process and all below it; pages that they share count for each. Notes the processor time of each:
    of a process that nobody waits for (Spark's JVM) nothing else tells it.
    """
    parents: dict[int, int] = {}
    sizes: dict[int, float] = {}
    used: dict[int, float] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                facts = (entry / "stat").read_text().rpartition(")")[2].split()
                parents[int(entry.name)] = int(facts[1])
                used[int(entry.name)] = (int(facts[11]) + int(facts[12])) / TICKS
                sizes[int(entry.name)] = int((entry / "statm").read_text().split()[1]) * PAGE_MIB
            except OSError:
                continue
    tree = {root}
    while more := {pid for pid, parent in parents.items() if parent in tree} - tree:
        tree |= more
    seconds.update((pid, used[pid]) for pid in tree if pid in used)
    return sum(sizes.get(pid, 0) for pid in tree)


def main(command: list[str]) -> None:
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    peak = 0.0
    seen: dict[int, float] = {}

    def watch() -> None:
        nonlocal peak
        while process.poll() is None:
            peak = max(peak, look(process.pid, seen))
            time.sleep(0.1)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    output = process.communicate()[0]
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    # A process that was gone between two looks is known by its own peak at least.
    peak = max(peak, used.ru_maxrss / 1024)
    lines = output.strip().split("\n")
    report = {
        "code": process.returncode,
        "seconds": time.perf_counter() - started,
        "cpuSeconds": max(used.ru_utime + used.ru_stime, sum(seen.values())),
        "peakMiB": peak,
        "last": lines[-1],
        "tail": lines[-12:],
    }
    print(json.dumps(report))


main(sys.argv[1:])
