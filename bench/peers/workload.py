"""The seed workload for peers: the shapes, data, optimizer and commands of `workloads seed`.

    SCRIPT DATA CYCLES
"""
import json
import os
import sys
import time

import numpy
import torch

NODES, SAMPLES, HELD_OUT, EPOCHS, BATCH, RATE = 12, 5800, 870, 5, 128, 1e-3
DATA, CYCLES = sys.argv[1], int(sys.argv[2])


def digits(samples=SAMPLES, held_out=HELD_OUT):
    """The examples of each node, dealt evenly: ((x, y) to train on, (x, y) held out)."""
    def read(part, kind, header):
        with open(os.path.join(DATA, "mnist", f"{part}-{kind}-ubyte"), "rb") as file:
            return numpy.frombuffer(file.read()[header:], numpy.uint8)

    parts = ("train", "t10k")
    x = numpy.concatenate([read(p, "images-idx3", 16).reshape(-1, 784) for p in parts])
    y = numpy.concatenate([read(p, "labels-idx1", 8) for p in parts])
    order = numpy.random.default_rng(1).permutation(len(y))[:NODES * samples]
    x = torch.from_numpy(x[order].astype(numpy.float32) / 255)
    y = torch.from_numpy(y[order].astype(numpy.int64))
    nodes = []
    for n in range(NODES):
        own = slice(n * samples, (n + 1) * samples)
        nodes.append(((x[own][held_out:], y[own][held_out:]),
                      (x[own][:held_out], y[own][:held_out])))
    return nodes


def union(nodes):
    """The held-out examples of all nodes: what each model is tested on."""
    return tuple(torch.cat([n[1][i] for n in nodes]) for i in (0, 1))


def network():
    return torch.nn.Sequential(torch.nn.Linear(784, 32), torch.nn.ReLU(), torch.nn.Dropout(0.2),
                               torch.nn.Linear(32, 10))


class Watch:
    """Times phases and prints them as `workloads` does."""

    def __init__(self):
        torch.set_num_threads(1)  # with more it is slower: the products are small
        torch.manual_seed(1)
        self.seconds = {}

    def time(self, phase, run):
        begin = time.perf_counter()
        result = run()
        self.seconds[phase] = self.seconds.get(phase, 0) + time.perf_counter() - begin
        return result

    def report(self, name, accuracy, version=""):
        blas = "MKL" if torch.backends.mkl.is_available() else "other BLAS"
        versions = f"{version}{', ' if version else ''}PyTorch {torch.__version__}, {blas}"
        print(json.dumps({"workload": name, "versions": versions, "accuracy": round(accuracy, 4),
                          "seconds": self.seconds}))
