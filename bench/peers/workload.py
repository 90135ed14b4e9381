"""The seed workload for peers: the same shapes, data, optimizer and commands as `workloads seed`."""
import json
import os
import time

import numpy
import torch

NODES, SAMPLES, HELD_OUT, EPOCHS, BATCH, RATE = 12, 5800, 870, 5, 128, 1e-3


def digits(folder):
    """The examples of each node, dealt evenly: ((x, y) to train on, (x, y) held out)."""
    def read(part, kind, header):
        with open(os.path.join(folder, "mnist", f"{part}-{kind}-ubyte"), "rb") as file:
            return numpy.frombuffer(file.read()[header:], numpy.uint8)

    parts = ("train", "t10k")
    x = numpy.concatenate([read(p, "images-idx3", 16).reshape(-1, 784) for p in parts])
    y = numpy.concatenate([read(p, "labels-idx1", 8) for p in parts])
    order = numpy.random.default_rng(1).permutation(len(y))[:NODES * SAMPLES]
    x = torch.from_numpy(x[order].astype(numpy.float32) / 255)
    y = torch.from_numpy(y[order].astype(numpy.int64))
    nodes = []
    for n in range(NODES):
        own = slice(n * SAMPLES, (n + 1) * SAMPLES)
        nodes.append(((x[own][HELD_OUT:], y[own][HELD_OUT:]), (x[own][:HELD_OUT], y[own][:HELD_OUT])))
    return nodes


def network():
    return torch.nn.Sequential(torch.nn.Linear(784, 32), torch.nn.ReLU(), torch.nn.Dropout(0.2),
                               torch.nn.Linear(32, 10))


class Watch:
    """Times phases and prints them as `workloads` does."""

    def __init__(self):
        self.seconds = {}

    def time(self, phase, run):
        begin = time.perf_counter()
        result = run()
        self.seconds[phase] = self.seconds.get(phase, 0) + time.perf_counter() - begin
        return result

    def report(self, name, accuracy):
        print(json.dumps({"workload": name, "accuracy": round(accuracy, 4), "seconds": self.seconds,
                          "torch": torch.__version__}))
