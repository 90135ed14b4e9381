#!/usr/bin/env python3
"""compare.py A.json B.json: how many times faster B is than A, phase by phase."""
import json
import sys


def figures(path):
    """Name -> seconds (kernels: microseconds) of everything in a result of run.py."""
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    flat = {"start-up": document["start-up"]}
    for name, workload in document["workloads"].items():
        flat |= {f"{name}: {phase}": s for phase, s in workload["seconds"].items()}
        flat[f"{name}: process"] = workload["process"]
    flat |= {f"kernel {name}": k["us"] for name, k in document.get("kernels", {}).items()}
    return flat


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    before, after = map(figures, sys.argv[1:])
    for name, seconds in before.items():
        if name in after and after[name] > 0:
            print(f"{name:44} {seconds / after[name]:8.2f} x")


main()
