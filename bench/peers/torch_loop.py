"""A plain PyTorch loop, one thread, as one writes it: a module and an optimizer a node."""
import sys

import torch

import workload as w


def train(model, optimizer, data):
    x, y = data
    criterion = torch.nn.CrossEntropyLoss()
    model.train()
    for _ in range(w.EPOCHS):
        order = torch.randperm(len(y))
        for i in range(0, len(y), w.BATCH):
            batch = order[i:i + w.BATCH]
            optimizer.zero_grad()
            criterion(model(x[batch]), y[batch]).backward()
            optimizer.step()


def aggregate(models):
    with torch.no_grad():
        means = [torch.stack(parts).mean(0) for parts in zip(*(m.parameters() for m in models))]
        for model in models:
            for own, mean in zip(model.parameters(), means):
                own.copy_(mean)


def test(models, x, y):
    with torch.no_grad():
        return sum((m.eval()(x).argmax(1) == y).float().mean().item() for m in models) / len(models)


def main():
    torch.set_num_threads(1)
    torch.manual_seed(1)
    watch = w.Watch()
    nodes = watch.time("create", lambda: w.digits(sys.argv[1]))
    first = w.network()
    models = [w.network() for _ in nodes]
    for model in models:
        model.load_state_dict(first.state_dict())
    optimizers = [torch.optim.Adam(m.parameters(), lr=w.RATE) for m in models]
    watch.time("train", lambda: [train(m, o, n[0]) for m, o, n in zip(models, optimizers, nodes)])
    watch.time("ag", lambda: aggregate(models))
    x, y = (torch.cat([n[1][i] for n in nodes]) for i in (0, 1))
    watch.report("torch loop", watch.time("test", lambda: test(models, x, y)))


main()
