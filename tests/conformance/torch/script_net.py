"""Writes script_net.pt, on which the conformance suite of learners runs; needs PyTorch, which the tests do not:
python3 script_net.py"""
import io
import pathlib
import zipfile

import torch
import torch.nn.functional as F
from torch import nn


class Net(nn.Module):
    """12 features as 3 channels of 4, so batch norm bears a batch of one; dropout; a buffer that is replaced."""

    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(3)
        self.fc1 = nn.Linear(12, 16)
        self.dropout = nn.Dropout(0.1)
        self.fc2 = nn.Linear(16, 4)
        self.register_buffer("seen", torch.zeros(1))

    def forward(self, x):
        if self.training:
            self.seen = self.seen + x.size(0)
        return self.fc2(self.dropout(F.relu(self.fc1(self.norm(x.view(-1, 3, 4)).flatten(1)))))


torch.manual_seed(1)
script = io.BytesIO()
torch.jit.save(torch.jit.script(Net()), script)
# Without .debug_pkl, which has the paths of the machine that wrote it.
path = pathlib.Path(__file__).with_suffix(".pt")
with zipfile.ZipFile(script) as full, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as small:
    for entry in full.infolist():
        if not entry.filename.endswith(".debug_pkl"):
            small.writestr(zipfile.ZipInfo(entry.filename), full.read(entry), zipfile.ZIP_DEFLATED)
