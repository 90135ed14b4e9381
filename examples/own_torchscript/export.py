"""Writes net.pt, a model that DEL-Step trains on each node: python export.py. Needs PyTorch; DEL-Step does not."""
import torch
from torch import nn


class Net(nn.Module):
    def __init__(self, features, classes):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(features, 24), nn.BatchNorm1d(24), nn.ReLU(), nn.Dropout(0.1))
        self.head = nn.Linear(24, classes)

    def forward(self, x):  # [batch, shape of an example...] -> scores (logits) [batch, classes]
        return self.head(self.body(x.flatten(1)))


torch.manual_seed(1)  # the initial parameters of every node
torch.jit.script(Net(16, 4)).save("net.pt")
