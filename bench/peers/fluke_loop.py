"""fluke: its Client and Server (federated averaging), driven round by round."""
from importlib.metadata import version

import torch
from fluke import FlukeENV
from fluke.client import Client
from fluke.config import OptimizerConfigurator
from fluke.data import FastDataLoader
from fluke.evaluation import ClassificationEval
from fluke.server import Server

import workload as w


def loader(data, **options):
    return FastDataLoader(*data, num_labels=10, **options)


def main():
    watch = w.Watch()
    FlukeENV().open_cache("bench")
    evaluator = ClassificationEval(eval_every=1, n_classes=10)
    FlukeENV().set_evaluator(evaluator)
    FlukeENV().set_eval_cfg(post_fit=False, pre_fit=False)
    nodes = watch.time("create", w.digits)
    optimizer = OptimizerConfigurator({"name": torch.optim.Adam, "lr": w.RATE},
                                      {"name": "StepLR", "step_size": 1, "gamma": 1})
    clients = [Client(i, loader(n[0], batch_size=w.BATCH, shuffle=True), None, optimizer,
                      torch.nn.CrossEntropyLoss(), w.EPOCHS) for i, n in enumerate(nodes)]
    server = Server(w.network(), loader(w.union(nodes), batch_size=0), clients)
    for client in clients:
        client.set_channel(server.channel)
    for cycle in range(w.CYCLES):
        watch.time("flood", lambda: server.broadcast_model(clients))
        watch.time("train", lambda: [c.local_update(cycle + 1) for c in clients])
        watch.time("ag", lambda: server.aggregate(
            clients, list(server.receive_client_models(clients, state_dict=False))))
        right = watch.time("test of one model",
                           lambda: server.evaluate(evaluator, server.test_set, cycle + 1))
    watch.report("fluke", float(right["accuracy"]), f"fluke-fl {version('fluke-fl')}")


main()
