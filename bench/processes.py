#!/usr/bin/env python3
"""Times of a run on 1, 2, ... processes, and the rows that travel per command, beside the fewest that must.

    bench/processes.py [PROGRAM] [--most K] [--nodes N] [--degree D]

Each number of processes plays the same commands on the same perceptrons; hashes are compared. The fewest rows that
must travel are computed from the graph: those of which a node of a process has received a copy, and which are not
at home there, each once per process.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys

COMMANDS = ["train", "flood", "nstep", "ag", "test local", "hash"]
PARAMETERS = 784 * 32 + 32 + 32 * 10 + 16  # of the perceptron, each tensor to the next multiple of 16


def play(program, processes, scenario, commands=tuple(COMMANDS)):
    words = [program, *scenario, "--json"]
    for command in commands:
        words += ["-c", command, *(["-c", "stats memory"] if processes > 1 else [])]
    if processes > 1:
        root = ["--allow-run-as-root"] if os.geteuid() == 0 else []
        words = [shutil.which("mpirun"), *root, "--oversubscribe", "--bind-to", "none", "-n", str(processes), *words]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines() if '"result"' in line]


def home(node, nodes, processes):
    """As src/core/cluster/homes.h has it."""
    rounds = -(-nodes // (64 * processes))
    return node * processes * rounds // nodes % processes


def least(neighbours, processes):
    """Bytes that must travel for `ag` after a flood: each process lacks those of its nodes' peers that are not at home."""
    nodes = len(neighbours)
    lacks = {(home(node, nodes, processes), peer) for node, peers in enumerate(neighbours) for peer in peers
             if home(peer, nodes, processes) != home(node, nodes, processes)}
    return len(lacks) * PARAMETERS * 4


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", nargs="?", default="build/release/delstep")
    parser.add_argument("--most", type=int, default=4)
    parser.add_argument("--nodes", type=int, default=96)
    parser.add_argument("--degree", type=int, default=8)
    given = parser.parse_args()
    scenario = ["data.name=mnist", f"nodes.count={given.nodes}", "topology.name=regular",
                f"topology.degree={given.degree}", "training.epochs=1", "training.threads=1", "history.memory=0"]
    graph = play(given.program, 1, scenario, ["neighborhood"])[0]["result"]["nodes"]
    places = {row["node"]: i for i, row in enumerate(graph)}
    neighbours = [[places[peer] for peer in row["neighbours"]] for row in graph]
    hashes = set()
    for processes in range(1, given.most + 1):
        results = play(given.program, processes, scenario)
        wanted = least(neighbours, processes) / 1e6
        hashes.add(next(r["result"]["world"] for r in results if r["cmd"] == "hash"))
        received = [sum(p["received_bytes"] for p in r["result"]["processes"])
                    for r in results if r["cmd"] == "stats memory"]
        moved = [b - a for a, b in zip([0, *received], received)]
        row = "".join(f"  {command} {bytes / 1e6:.2f} MB" for command, bytes in zip(COMMANDS, moved))
        print(f"{processes} processes:{row or '  nothing travels'}; ag needs {wanted:.2f} MB at least", flush=True)
    print("one hash" if len(hashes) == 1 else f"HASHES DIFFER: {hashes}")
    return len(hashes) != 1


if __name__ == "__main__":
    sys.exit(main())
