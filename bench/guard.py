"""Instruction counts of two small fixed workloads: repeatable where seconds are not.

The counted code is the same on every x86-64: `--portable` for our own kernels and random words, and
the C library is told to choose its plain string functions, whatever the processor could do.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

LIMIT = 0.05
WORKLOADS = {"train and test": "guard-train", "flood and aggregate": "guard-aggregate"}
PLAIN_C_LIBRARY = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-AVX512F,-AVX512VL,-AVX512BW,-ERMS,"
                                     "-FSRM,-SSSE3,-SSE4_1,-SSE4_2,-AVX_Fast_Unaligned_Load"
                                     ":glibc.cpu.x86_non_temporal_threshold=0x1000000"}


def count(build, workload):
    """Instructions of the whole process on one thread."""
    with tempfile.TemporaryDirectory() as folder:
        command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out",
                   os.path.join(build, "bench", "workloads"), workload, "1", "--portable"]
        done = subprocess.run(command, capture_output=True, text=True, check=False,
                              env=os.environ | PLAIN_C_LIBRARY)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not found:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return int(found.group(1))


def compare(counts, recorded):
    """[(name, instructions, change against the recorded ones, whether it is beyond the limit)]."""
    changes = [(name, n, n / recorded[name] - 1) for name, n in counts.items()]
    return [(name, n, change, abs(change) > LIMIT) for name, n, change in changes]


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
    lines = compare(counts, recorded)
    for name, instructions, change, beyond in lines:
        print(f"{name:20} {instructions:>14,} instructions, {change:+.1%}"
              f"{'  BEYOND 5 %' if beyond else ''}")
    failed = any(beyond for *_, beyond in lines)
    if failed:
        print("If the change is meant, record it: ./dev bench --guard --record")
    return 1 if failed else 0
