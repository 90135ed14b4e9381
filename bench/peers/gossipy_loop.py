"""gossipy: a TorchModelHandler a node, which trains, merges what all others sent, and evaluates."""
from importlib.metadata import version

import torch
from gossipy.model import TorchModel
from gossipy.model.handler import TorchModelHandler

import workload as w


class Network(TorchModel):
    def __init__(self):
        super().__init__()
        self.layers = w.network()

    def init_weights(self):
        pass

    def forward(self, x):
        return self.layers(x)


def main():
    watch = w.Watch()
    nodes = watch.time("create", w.digits)
    net = Network()
    handlers = [TorchModelHandler(net, torch.optim.Adam, {"lr": w.RATE},
                                  torch.nn.CrossEntropyLoss(), w.EPOCHS, w.BATCH) for _ in nodes]
    for _ in range(w.CYCLES):
        watch.time("train", lambda: [h._update(n[0]) for h, n in zip(handlers, nodes)])
        sent = watch.time("flood", lambda: [h.copy() for h in handlers])
        watch.time("ag", lambda: [h._merge(sent[:i] + sent[i + 1:])
                                  for i, h in enumerate(handlers)])
        results = watch.time("test", lambda: [h.evaluate(w.union(nodes)) for h in handlers])
    watch.report("gossipy", sum(r["accuracy"] for r in results) / len(results),
                 f"gossipy-dfl {version('gossipy-dfl')}")


main()
