#!/usr/bin/env python3
"""Runs the benchmarks of a build and prints medians, as ratios to this machine's own peaks.

    run.py BUILD_FOLDER [--rounds N] [--quick] [--json FILE] [--peers] [--guard [--record]]

Whole workloads are played in rounds, everything in turn, so that a machine whose speed drifts
treats all alike. The JSON file holds every figure; compare.py compares two of them.
"""
import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time

import guard
import peers

HERE = os.path.dirname(os.path.abspath(__file__))
WORKLOADS = ["seed", "seed-3-cycles", "seed-50", "seed-100", "gossip-1000", "evaluate", "messages"]
AGGREGATIONS = [f"{shape}-{n}" for shape in ("mesh", "mean", "regular") for n in (12, 100, 1000)]
QUICK = ["seed", "evaluate", "mesh-100", "regular-100"]
MEGAFLOP_A_STEP, STEPS = 13.09, 2340  # of the seed workload, zeros counted


def play(command):
    """The JSON line that a workload prints, and the seconds of its whole process."""
    begin = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stderr}")
    return json.loads(done.stdout) | {"process": time.perf_counter() - begin}


def start_up(build):
    begin = time.perf_counter()
    subprocess.run([os.path.join(build, "delstep"), "-c", "exit"], check=True, capture_output=True)
    return time.perf_counter() - begin


def medians(runs):
    """Of several outputs of one workload: the median of each number, the spread left out."""
    result = {k: v for k, v in runs[0].items() if k not in ("seconds", "process")}
    result["process"] = statistics.median(r["process"] for r in runs)
    result["seconds"] = {phase: statistics.median(r["seconds"][phase] for r in runs)
                         for phase in runs[0]["seconds"]}
    return result


def print_workload(name, result):
    phases = "  ".join(f"{p} {1000 * s:.3g}" for p, s in result["seconds"].items())
    print(f"  {name:16} {phases}")


def micro(build, arguments):
    command = [os.path.join(build, "bench", "kernels_bench"), "--benchmark_format=json"] + arguments
    output = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    chosen = ("GFLOP/s", "GB/s", "of_peak", "of_triad")
    return {b["name"]: {"us": b["real_time"] / {"ns": 1e3, "us": 1, "ms": 1e-3}[b["time_unit"]]}
            | {key: b[key] for key in chosen if key in b} for b in output["benchmarks"]}


def print_micro(results):
    print(f"  {'':28} {'us':>10} {'rate':>16} {'of the peak':>12}")
    for name, r in results.items():
        rate = f"{r['GFLOP/s']:.0f} GFLOP/s" if "GFLOP/s" in r else ""
        rate = f"{r['GB/s']:.0f} GB/s" if "GB/s" in r else rate
        share = r.get("of_peak", r.get("of_triad"))
        print(f"  {name:28} {r['us']:10.1f} {rate:>16} {'' if share is None else f'{share:12.2f}'}")


def print_ratios(results):
    """Of the seed workload: ours against each peer, and ours against the machine."""
    ours = results["seed"]
    for name in ("seed on one thread", "seed"):
        threads = 1 if "one" in name else os.cpu_count()
        rate = MEGAFLOP_A_STEP * STEPS / results[name]["seconds"]["train"] / 1000
        print(f"  {name}: {rate:.0f} GFLOP/s counted dense, "
              f"{rate / threads / ours['peak_gflops']:.2f} of the peak of {threads} core(s)")
    for peer in peers.NAMES:
        if peer in results:
            theirs = results[peer]
            alone = theirs["seconds"]["train"] / results["seed on one thread"]["seconds"]["train"]
            print(f"  against {peer} ({theirs['accuracy']:.3f} right, ours {ours['accuracy']:.3f}): "
                  f"train {theirs['seconds']['train'] / ours['seconds']['train']:.1f} x, "
                  f"on one thread {alone:.1f} x, "
                  f"ag {theirs['seconds']['ag'] / ours['seconds']['ag']:.1f} x, "
                  f"process {theirs['process'] / ours['process']:.1f} x")


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="a few workloads, no kernels")
    parser.add_argument("--json", metavar="FILE", help="default: BUILD_FOLDER/bench.json")
    parser.add_argument("--peers", action="store_true", help="PyTorch and gossipy beside us")
    parser.add_argument("--guard", action="store_true", help="only compare instruction counts")
    parser.add_argument("--record", action="store_true", help="with --guard: record them anew")
    return parser.parse_args()


def main():
    arguments = parse()
    build = os.path.abspath(arguments.build)
    if arguments.guard:
        sys.exit(guard.check(build, os.path.join(HERE, "guard.json"), arguments.record))
    program = os.path.join(build, "bench", "workloads")
    commands = {name: [program, name] for name in
                (QUICK if arguments.quick else WORKLOADS + AGGREGATIONS)}
    commands["seed on one thread"] = [program, "seed", "1"]
    if arguments.peers:
        commands |= peers.commands(os.path.join(os.path.dirname(build), "peers"),
                                   os.path.join(os.path.dirname(HERE), "data"))
    runs = {name: [] for name in commands}
    starts = []
    for done in range(arguments.rounds):
        print(f"round {done + 1} of {arguments.rounds}", file=sys.stderr)
        starts.append(start_up(build))
        for name, command in commands.items():
            runs[name].append(play(command))
    results = {name: medians(of_name) for name, of_name in runs.items()}

    print(f"workloads, ms, medians of {arguments.rounds} rounds "
          f"(kernels: {results['seed']['kernels']}, {os.cpu_count()} cores)")
    for name, result in results.items():
        print_workload(name, result)
    print(f"  {'start-up':16} {1000 * statistics.median(starts):.3g}")
    print("ratios")
    print_ratios(results)
    document = {"machine": platform.processor() or platform.machine(), "cores": os.cpu_count(),
                "workloads": results, "start-up": statistics.median(starts)}
    if not arguments.quick:
        print("kernels, one thread")
        document["kernels"] = micro(build, [])
        print_micro(document["kernels"])
    path = arguments.json or os.path.join(build, "bench.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(document, file, indent=1)
    print(f"written: {path}")


if __name__ == "__main__":
    main()
