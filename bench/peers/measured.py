"""
Runs a command and prints, as JSON, what it took: seconds by the clock, seconds of processor time (user and system) and peak
resident memory in MiB, both of the whole process tree, and what it printed. What takes more than BENCH_SECONDS by the clock
or BENCH_MIB is killed, and `stopped` says so.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

PAGE_MIB = os.sysconf("SC_PAGE_SIZE") / 2**20
TICKS = os.sysconf("SC_CLK_TCK")
MOST_SECONDS = float(os.environ.get("BENCH_SECONDS", "900"))
MOST_MIB = float(os.environ.get("BENCH_MIB", "14000"))


def look(root: int, seconds: dict[int, float]) -> dict[int, float]:
    """
    Resident memory of a process and all below it, by process; pages that they share count for each. Notes the processor
    time of each: of a process that nobody waits for (Spark's JVM) nothing else tells it.
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
    return {pid: sizes.get(pid, 0) for pid in tree}


def kill(pids: list[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def main(command: list[str]) -> None:
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    peak = 0.0
    stopped = None
    seen: dict[int, float] = {}

    def watch() -> None:
        nonlocal peak, stopped
        while process.poll() is None:
            sizes = look(process.pid, seen)
            peak = max(peak, sum(sizes.values()))
            if time.perf_counter() - started > MOST_SECONDS:
                stopped = f"did not finish in {MOST_SECONDS:.0f} s"
            elif peak > MOST_MIB:
                stopped = f"wanted more than {MOST_MIB:.0f} MiB"
            if stopped:
                return kill(list(sizes))
            time.sleep(0.1)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    output = process.communicate()[0]
    seconds = time.perf_counter() - started
    watcher.join()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    report = {
        "code": process.returncode,
        "stopped": stopped,
        "seconds": seconds,
        "cpuSeconds": max(used.ru_utime + used.ru_stime, sum(seen.values())),
        # A process that was gone between two looks is known by its own peak at least.
        "peakMiB": max(peak, used.ru_maxrss / 1024),
        "output": output,
    }
    print(json.dumps(report))


main(sys.argv[1:])
