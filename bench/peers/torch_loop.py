"""A plain PyTorch loop, as one writes it: a module and an optimizer a node; one thread a process.

    torch_loop.py DATA CYCLES [PROCESSES [cnn]]
"""
import sys

import torch
from torch import multiprocessing, nn

import workload as w


def convolutions():
    return nn.Sequential(nn.Unflatten(1, (1, 28, 28)),
                         nn.Conv2d(1, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
                         nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                         nn.Linear(64 * 7 * 7, 512), nn.ReLU(), nn.Linear(512, 10))


def train(model, optimizer, data, epochs):
    x, y = data
    criterion = nn.CrossEntropyLoss()
    model.train()
    for _ in range(epochs):
        order = torch.randperm(len(y))
        for i in range(0, len(y), w.BATCH):
            batch = order[i:i + w.BATCH]
            optimizer.zero_grad()
            criterion(model(x[batch]), y[batch]).backward()
            optimizer.step()


def work(models, data, epochs, orders, done):
    """A process that keeps the optimizers of some nodes; the parameters lie in shared memory."""
    torch.set_num_threads(1)
    optimizers = [torch.optim.Adam(m.parameters(), lr=w.RATE) for m in models]
    while orders.get():
        for model, optimizer, own in zip(models, optimizers, data):
            train(model, optimizer, own, epochs)
        done.put(True)


class Processes:
    def __init__(self, count, models, data, epochs):
        self.done, self.orders = multiprocessing.Queue(), []
        for model in models:
            model.share_memory()
        for k in range(count):
            self.orders.append(multiprocessing.Queue())
            multiprocessing.Process(target=work, daemon=True, args=(
                models[k::count], data[k::count], epochs, self.orders[k], self.done)).start()

    def train(self):
        for queue in self.orders:
            queue.put(True)
        for _ in self.orders:
            self.done.get()


def average(models):
    with torch.no_grad():
        means = [torch.stack(parts).mean(0) for parts in zip(*(m.parameters() for m in models))]
        for model in models:
            for own, mean in zip(model.parameters(), means):
                own.copy_(mean)


def test(models, x, y):
    with torch.no_grad():
        return sum((m.eval()(x).argmax(1) == y).float().mean().item() for m in models) / len(models)


def main():
    processes = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    cnn = sys.argv[4:] == ["cnn"]
    epochs, network = (1, convolutions) if cnn else (w.EPOCHS, w.network)
    watch = w.Watch()
    nodes = watch.time("create", lambda: w.digits(200, 30) if cnn else w.digits())
    models = [network() for _ in nodes]
    for model in models:
        model.load_state_dict(models[0].state_dict())
    data = [n[0] for n in nodes]
    optimizers = [torch.optim.Adam(m.parameters(), lr=w.RATE) for m in models]
    spread = Processes(processes, models, data, epochs) if processes > 1 else None
    for _ in range(w.CYCLES):
        if spread:
            watch.time("train", spread.train)
        else:
            watch.time("train", lambda: [train(m, o, d, epochs)
                                         for m, o, d in zip(models, optimizers, data)])
        watch.time("ag", lambda: average(models))
        right = watch.time("test", lambda: test(models, *w.union(nodes)))
    watch.report("PyTorch loop", right)


main()
