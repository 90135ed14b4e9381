#!/usr/bin/env python3
"""Shows how the cost of each command grows with the number of nodes.

    scale.py PROGRAM [--sizes 1000,10000,100000] [--out] [--messages N] [--rounds N] [--json FILE]

Light nodes: 10 points each, a logistic regression of 68 parameters, 8 neighbours. Each size is a run
of its own, which answers over a pipe (--json). A figure is CPU seconds of all threads, read from
/proc, so that other work on the machine disturbs it little; the least of the rounds. The exponent is
that of the last step of size: 1 is linear, and a command that only looks must not be above it.

--out records the runs. --messages sends that many through 10,000 nodes as well (a flood of 8 a node
each) and prints the CPU time per message.
"""
import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import time

LIGHT = ["data.name=blobs", "topology.name=regular", "topology.degree=8", "model.name=logreg",
         "training.local_steps=1", "history.why=false"]
POINTS = 10
# The name of a figure, and its commands. A round plays all of them in this order.
COMMANDS = [
    ("train", ["train"]),
    ("gossip 2", ["gossip 2"]),
    ("nstep", ["nstep"]),
    ("ag", ["ag"]),
    ("test local", ["test local"]),
    ("test sample 10", ["test sample 10"]),
    ("stats", ["stats"]),
    ("status", ["status"]),
    ("links", ["link"]),
    ("traffic by node", ["stats nodes"]),
    ("neighborhood of one", ["neighborhood 10.0.0.7"]),
    ("train one", ["train 10.0.0.7"]),
    ("hash", ["hash"]),
    ("expect", ["expect trained(min) >= 1"]),
    ("undo, redo", ["undo", "redo"]),
]
SECONDS = 1e-9


class Run:
    """A run of `nodes` nodes, and the CPU time that it has used."""

    def __init__(self, program, nodes, folder, more=()):
        words = [program, "--json", "--keep-going", f"nodes.count={nodes}", f"data.samples={nodes * POINTS}", *LIGHT,
                 *more]
        if folder:
            words += ["--out", os.path.join(folder, f"run-{nodes}")]
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL)
        self.answer("echo")
        self.start = self.cpu()

    def cpu(self):
        """Seconds on a processor so far, of all threads: /proc counts them in nanoseconds."""
        tasks = f"/proc/{self.process.pid}/task"
        total = 0
        for task in os.listdir(tasks):
            with open(f"{tasks}/{task}/schedstat", encoding="ascii") as file:
                total += int(file.read().split()[0])
        return total * SECONDS

    def resident(self):
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024

    def answer(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()
        return self.process.stdout.readline()

    def seconds(self, lines):
        """CPU and wall seconds of these lines; none where one of them failed."""
        self.answer("echo")  # what the command before has left to be freed is its own
        cpu, wall = self.cpu(), time.perf_counter()
        done = all([b'"ok":true' in self.answer(line)[:300] for line in lines])
        self.answer("echo")
        return (self.cpu() - cpu, time.perf_counter() - wall) if done else None

    def end(self):
        self.process.stdin.close()
        self.process.stdout.read()
        self.process.wait()


def measure(program, nodes, folder, rounds):
    """Name -> (CPU seconds, wall seconds), and the most memory in MiB."""
    run = Run(program, nodes, folder)
    best = {"start": (run.start, run.start), "group of all": run.seconds(["group create everyone all"])}
    for _ in range(rounds):
        for name, lines in COMMANDS:
            seconds = run.seconds(lines)
            if seconds:
                best[name] = min(best.get(name, seconds), seconds)
    memory = run.resident()
    run.end()
    return best, memory


def exponent(sizes, seconds):
    """Of the last step of size; nothing where the time is too short to tell."""
    if len(sizes) < 2 or min(seconds[-2:]) < 0.0005:
        return None
    return math.log(seconds[-1] / seconds[-2]) / math.log(sizes[-1] / sizes[-2])


def show(sizes, figures):
    print(f"{'CPU seconds':22}" + "".join(f"{size:>12,}" for size in sizes) + f"{'exponent':>10}")
    for name in figures[0]:
        row = [best[name][0] for best in figures if name in best]
        if len(row) < len(sizes):
            continue
        power = exponent(sizes, row)
        print(f"{name:22}" + "".join(f"{value:12.4f}" for value in row)
              + (f"{power:10.2f}" if power is not None else f"{'-':>10}"))


def per_message(program, wanted, folder, rounds):
    """CPU microseconds per message of queueing and of delivering; floods of 10,000 nodes."""
    nodes, degree = 10000, 8
    run = Run(program, nodes, folder, ["history.memory=0B"])
    floods = max(1, round(wanted / (nodes * degree)))
    queue, step, mix = [], [], []
    for _ in range(rounds):
        queue.append(run.seconds(["flood"] * floods)[0])
        step.append(run.seconds(["nstep"])[0])
        mix.append(run.seconds(["ag"])[0])
    run.end()
    messages = floods * nodes * degree
    return messages, {name: [round(1e6 * value / messages, 3) for value in values]
                      for name, values in (("queue", queue), ("nstep", step), ("ag", mix))}


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--out", action="store_true")
    parser.add_argument("--messages", type=int, default=0)
    parser.add_argument("--json")
    asked = parser.parse_args(arguments)
    sizes = [int(size) for size in asked.sizes.split(",") if size]
    document = {}
    with tempfile.TemporaryDirectory() as folder:
        folder = folder if asked.out else None
        measured = [measure(asked.program, size, folder, asked.rounds) for size in sizes]
        if measured:
            show(sizes, [best for best, _ in measured])
            print(f"{'memory, MiB':22}" + "".join(f"{memory:12.0f}" for _, memory in measured))
            document["sizes"] = {size: {"seconds": best, "memory": memory}
                                 for size, (best, memory) in zip(sizes, measured)}
        if asked.messages:
            count, figures = per_message(asked.program, asked.messages, folder, asked.rounds)
            print(f"{count:,} messages through 10,000 nodes, CPU us per message, round by round:")
            for name, values in figures.items():
                print(f"  {name:8}" + " ".join(f"{value:7.3f}" for value in values))
            document["messages"] = {"count": count, "microseconds": figures}
    if asked.json:
        with open(asked.json, "w", encoding="utf-8") as file:
            json.dump(document, file, indent=1)


if __name__ == "__main__":
    main(sys.argv[1:])
