#!/usr/bin/env python3
"""compare.py A.json B.json: how many times faster B is than A, phase by phase."""
import json
import sys


def flatten(document):
    """Name -> seconds (kernels: microseconds) of everything in a result of run.py."""
    flat = {"start-up": document["start-up"]}
    for name, result in {**document["workloads"], **document.get("peers", {})}.items():
        flat |= {f"{name}: {phase}": s for phase, s in result["seconds"].items()}
        flat[f"{name}: process"] = result["process"]
    return flat | {f"kernel {name}": k["us"] for name, k in document.get("kernels", {}).items()}


def ratios(before, after):
    """Name -> before / after, of what both have measured."""
    return {name: seconds / after[name] for name, seconds in before.items()
            if after.get(name, 0) > 0}


def main(arguments):
    if len(arguments) != 2:
        sys.exit(__doc__)
    documents = []
    for path in arguments:
        with open(path, encoding="utf-8") as file:
            documents.append(json.load(file))
    for name, ratio in ratios(*map(flatten, documents)).items():
        print(f"{name:60} {ratio:8.2f} x")


if __name__ == "__main__":
    main(sys.argv[1:])
