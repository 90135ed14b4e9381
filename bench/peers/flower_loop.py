"""Flower: a ClientApp a node and the FedAvg strategy, in this process, so that no message is wired.

That is kind to Flower: its simulation adds a Ray worker and a serialised message for each node.
"""
import logging
from importlib.metadata import version

import torch
from flwr.app import ArrayRecord, ConfigRecord, Context, Message, MetricRecord, RecordDict
from flwr.clientapp import ClientApp
from flwr.serverapp.strategy import FedAvg
from flwr.supercore.task_identity import TaskIdentity

import workload as w

app = ClientApp()
state = []  # of each node: model, optimizer, data; Flower leaves what a client keeps to the client


@app.train()
def train(message, context):
    model, optimizer, ((x, y), _) = state[context.node_id]
    model.load_state_dict(message.content["arrays"].to_torch_state_dict())
    model.train()
    criterion = torch.nn.CrossEntropyLoss()
    for _ in range(w.EPOCHS):
        for batch in torch.randperm(len(y)).split(w.BATCH):
            optimizer.zero_grad()
            criterion(model(x[batch]), y[batch]).backward()
            optimizer.step()
    return reply(message, len(y), arrays=ArrayRecord(model.state_dict()))


@app.evaluate()
def evaluate(message, context):
    model = state[context.node_id][0]
    model.load_state_dict(message.content["arrays"].to_torch_state_dict())
    x, y = held_out
    with torch.no_grad():
        right = (model.eval()(x).argmax(1) == y).float().mean().item()
    return reply(message, len(y), accuracy=right)


def reply(message, examples, arrays=None, **metrics):
    content = {"metrics": MetricRecord({"num-examples": examples, **metrics})}
    if arrays is not None:
        content["arrays"] = arrays
    return Message(RecordDict(content), reply_to=message)


def call(kind, arrays):
    config = ConfigRecord({"lr": w.RATE})
    return [app(Message(RecordDict({"arrays": arrays, "config": config}), dst_node_id=i,
                        message_type=kind),
                Context(run_id=0, node_id=i, node_config={}, state=RecordDict(), run_config={}))
            for i in range(w.NODES)]


logging.disable()
TaskIdentity.task_id = TaskIdentity.run_id = TaskIdentity.node_id = 1  # as a run of Flower does
watch = w.Watch()
nodes = watch.time("create", w.digits)
held_out = w.union(nodes)
for node in nodes:
    network = w.network()
    state.append((network, torch.optim.Adam(network.parameters(), lr=w.RATE), node))
strategy = FedAvg()
shared = ArrayRecord(state[0][0].state_dict())
for cycle in range(w.CYCLES):
    replies = watch.time("train", lambda: call("train", shared))
    shared, _ = watch.time("ag", lambda: strategy.aggregate_train(cycle, replies))
    replies = watch.time("test", lambda: call("evaluate", shared))
    results = strategy.aggregate_evaluate(cycle, replies)
watch.report("Flower", results["accuracy"], f"flwr {version('flwr')}")
