"""Instruction counts of two small fixed workloads: repeatable where seconds are not."""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

LIMIT = 0.05
WORKLOADS = {"train and test": "guard-train", "flood and aggregate": "guard-aggregate"}


def count(build, workload):
    """Instructions of the whole process on one thread, with --portable: valgrind knows no AVX-512."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out",
                   os.path.join(build, "bench", "workloads"), workload, "1", "--portable"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(re.search(r"Collected : (\d+)", done.stderr).group(1))


def check(build, path, record):
    """Prints each count beside the recorded one; returns the exit code."""
    if not shutil.which("valgrind"):
        sys.exit("counting instructions needs valgrind: apt-get install valgrind")
    counts = {name: count(build, workload) for name, workload in WORKLOADS.items()}
    if record:
        with open(path, "w", encoding="utf-8") as file:
            json.dump(counts, file, indent=1)
            file.write("\n")
    with open(path, encoding="utf-8") as file:
        recorded = json.load(file)
    failed = 0
    for name, instructions in counts.items():
        change = instructions / recorded[name] - 1
        beyond = abs(change) > LIMIT
        failed += beyond
        print(f"{name:20} {instructions:>14,} instructions, {change:+.1%}"
              f"{'  BEYOND 5 %' if beyond else ''}")
    if failed:
        print("If the change is meant, record it: ./dev bench --guard --record")
    return 1 if failed else 0
