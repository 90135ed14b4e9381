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

import figures
import guard
import peers

HERE = os.path.dirname(os.path.abspath(__file__))
WORKLOADS = ["seed", "seed-3-cycles", "seed-3-cycles-unfollowed", "seed-50", "seed-100",
             "gossip-1000", "cnn-12", "evaluate", "messages", "memory-100", "rounds-12", "recorded-12", *figures.AGGREGATIONS]
QUICK = ["seed", "evaluate", "mesh-100", "regular-100"]
ON_ONE_THREAD = ["seed", "seed-3-cycles", "seed-100", "cnn-12"]
CORES = len(os.sched_getaffinity(0))
LONGEST = 1200  # seconds of one play


def play(command):
    """What a workload prints, and the seconds of its whole process; None and why if it fails."""
    begin = time.perf_counter()
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False,
                              timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return None, f"not done after {LONGEST} s"
    process = time.perf_counter() - begin
    if done.returncode != 0:
        return None, peers.last_line(done.stderr)
    return json.loads(peers.last_line(done.stdout)) | {"process": process}, ""


def start_up(build):
    begin = time.perf_counter()
    subprocess.run([os.path.join(build, "delstep"), "-c", "exit"], check=True, capture_output=True)
    return time.perf_counter() - begin


def own_commands(build, quick):
    program = os.path.join(build, "bench", "workloads")
    names = QUICK if quick else WORKLOADS
    commands = {name: [program, name] for name in names}
    return commands | {figures.one_thread(name): [program, name, "1"]
                       for name in names if name in ON_ONE_THREAD}


def play_round(commands, runs):
    """Plays each once. Of ours none may fail; a peer that fails, and what a build lacks, is named
    and taken out of the later rounds."""
    for key, command in list(commands.items()):
        result, why = play(command)
        if result is None and isinstance(key, str):
            sys.exit(f"{' '.join(command)} failed: {why}")
        if result is None or "skipped" in result:
            print(f"left out, {key if isinstance(key, str) else ', '.join(key)}: "
                  f"{why or result['skipped']}")
            del commands[key]
            runs.pop(key, None)
        else:
            runs.setdefault(key, []).append(result)


def micro(build):
    command = [os.path.join(build, "bench", "kernels_bench"), "--benchmark_format=json"]
    output = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    chosen = ("GFLOP/s", "GB/s", "of_peak", "of_triad")
    return {b["name"]: {"us": b["real_time"] / {"ns": 1e3, "us": 1, "ms": 1e-3}[b["time_unit"]]}
            | {key: b[key] for key in chosen if key in b} for b in output["benchmarks"]}


def print_phases(title, results):
    print(title)
    for name, result in results.items():
        phases = "  ".join(f"{p} {1000 * s:.3g}" for p, s in result["seconds"].items())
        print(f"  {name:30} process {1000 * result['process']:.3g}  {phases}")


def print_rates(document):
    peaks = document["peaks"]
    print(f"this machine at most ({document['blas']}), GFLOP/s or GB/s: "
          + "  ".join(f"{name} {value:.0f}" for name, value in peaks.items()))
    print(f"  {'':30} {'ms a command':>12} {'rate':>14}   share of the peak")
    for (name, phase), r in figures.rates(document["workloads"], peaks).items():
        shares = "  ".join(f"{peak} {share:.2f}" for peak, share in r["shares"].items())
        print(f"  {name + ', ' + phase:30} {r['ms']:12.3f} {r['rate']:6.0f} {r['unit']:7}   "
              f"{shares}")


def print_rest(document):
    workloads = document["workloads"]
    if "messages" in workloads:
        us = figures.microseconds_a_message(workloads["messages"])
        count = workloads["messages"]["work"]["nstep"]["messages"]
        print(f"  queueing and delivering: {us:.3f} us a message ({count:,} messages)")
    if "rounds-12" in workloads and "recorded-12" in workloads:
        late, with_record = figures.recording(workloads)
        print(f"  a recorded round: {late:.2f} x late in a run what it is early, "
              f"{with_record:.2f} x one without a record")
    if "memory-100" in workloads:
        size = workloads["memory-100"]["bytes a node"] / figures.KIB
        print(f"  memory: {size:.0f} KiB a node (weights, Adam, a snapshot of its own)")
    print(f"  start to prompt and end: {1000 * document['start-up']:.0f} ms")


def print_peers(workloads, theirs):
    for (name, peer), result in theirs.items():
        print(f"  {name}, {peer}: {result['versions']}; {result['accuracy']:.3f} right, "
              f"ours {workloads[name]['accuracy']:.3f}")
    print("how many times faster than the peer")
    for (name, peer), row in figures.ratios(workloads, theirs).items():
        cells = "  ".join(f"{what} {value:.1f} x" for what, value in row.items())
        print(f"  {name + ', against ' + peer:50} {cells}")


def second_cache():
    """Bytes of a core's second cache; 0 where the system does not say."""
    try:
        return os.sysconf("SC_LEVEL2_CACHE_SIZE")
    except (OSError, ValueError):
        return 0


def print_targets(document):
    cores = document["peaks"]["fma"] / document["peaks"]["fma 1"]
    print(f"targets; those of train, test and whole processes are for two cores, and all threads "
          f"here multiply {cores:.2f} times as much as one")
    for what, reached, target, more in figures.targets(document):
        met = reached >= target if more else reached <= target
        print(f"  {what:50} {reached:8.2f}   target {target:7.2f}   {'met' if met else 'MISSED'}")


def print_micro(results):
    print("kernels, one thread")
    print(f"  {'':28} {'us':>10} {'rate':>16} {'of the peak':>12}")
    for name, r in results.items():
        rate = f"{r['GFLOP/s']:.0f} GFLOP/s" if "GFLOP/s" in r else ""
        rate = f"{r['GB/s']:.0f} GB/s" if "GB/s" in r else rate
        share = r.get("of_peak", r.get("of_triad"))
        print(f"  {name:28} {r['us']:10.1f} {rate:>16} {'' if share is None else f'{share:12.2f}'}")


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="a few workloads, no kernels")
    parser.add_argument("--json", metavar="FILE", help="default: BUILD_FOLDER/bench.json")
    parser.add_argument("--peers", action="store_true", help="what users would pick, beside us")
    parser.add_argument("--guard", action="store_true", help="only compare instruction counts")
    parser.add_argument("--record", action="store_true", help="with --guard: record them anew")
    return parser.parse_args()


def measure(arguments, build):
    """Plays the rounds; returns all figures, and the peers' results."""
    commands = own_commands(build, arguments.quick)
    machine = os.path.join(build, "bench", "machine")
    alone, why = play(["env", *peers.own_kernels(), machine])
    if alone is None:
        sys.exit(f"{machine} failed: {why}")
    core = alone["openblas told"]
    commands["machine"] = ["env", *peers.own_kernels(), machine]
    if arguments.peers:
        root = os.path.dirname(HERE)
        beside = peers.commands(build, os.path.join(root, "build", "peers"),
                                os.path.join(root, "data"), core)
        commands |= {key: c for key, c in beside.items() if key[0] in commands}
    print(f"unset for the machine's own peaks and the peers alone: "
          f"{', '.join(peers.own_kernels()[1::2]) or 'nothing'}; threads of a peer's library: 1")
    if core:
        print(f"below the peers OpenBLAS is told to take its kernels {core}, as below our LibTorch")
    runs, starts = {}, []
    for done in range(arguments.rounds):
        print(f"round {done + 1} of {arguments.rounds}", file=sys.stderr)
        starts.append(start_up(build))
        play_round(commands, runs)
    results = {key: figures.medians(of_key) for key, of_key in runs.items()}
    machine = results.pop("machine")
    ours = {key: r for key, r in results.items() if isinstance(key, str)}
    theirs = {key: r for key, r in results.items() if key not in ours and key[0] in ours}
    return {"machine": platform.processor() or platform.machine(), "cores": CORES,
            "kernels used": machine["kernels"], "blas": machine["blas"],
            "second cache": second_cache(),
            "rounds": arguments.rounds, "peaks": machine["peaks"], "workloads": ours,
            "peers": {" | ".join(key): r for key, r in theirs.items()},
            "start-up": statistics.median(starts)}, theirs


def main():
    arguments = parse()
    build = os.path.abspath(arguments.build)
    if arguments.guard:
        sys.exit(guard.check(build, os.path.join(HERE, "guard.json"), arguments.record))
    document, theirs = measure(arguments, build)
    print_phases(f"workloads, ms, medians of {arguments.rounds} rounds (kernels: "
                 f"{document['kernels used']}, {CORES} cores)", document["workloads"])
    print_rates(document)
    print_rest(document)
    if theirs:
        print_phases("peers, ms", {", ".join(key): r for key, r in theirs.items()})
        print_peers(document["workloads"], theirs)
    if not arguments.quick:
        document["kernels"] = micro(build)
        print_micro(document["kernels"])
    print_targets(document)
    path = arguments.json or os.path.join(build, "bench.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(document, file, indent=1)
    print(f"written: {path}")


if __name__ == "__main__":
    main()
