"""Writes the TorchScript files beside it, which the tests of bringing a model read; needs PyTorch, which the tests do
not. Each is a small perceptron for `data.name=blobs`, well-behaved or not."""

import io
import pathlib
import zipfile
from typing import List

import torch
import torch.nn.functional as F
from torch import nn

FOLDER = pathlib.Path(__file__).parent


class Good(nn.Module):
    """Batch norm and dropout."""

    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(16, 8)
        self.norm = nn.BatchNorm1d(8)
        self.dropout = nn.Dropout(0.2)
        self.fc2 = nn.Linear(8, 4)

    def forward(self, x):
        return self.fc2(self.dropout(F.relu(self.norm(self.fc1(x)))))


class Rebinds(Good):
    """Replaces a buffer instead of changing it in place."""

    def __init__(self):
        super().__init__()
        self.register_buffer("seen", torch.zeros(1))

    def forward(self, x):
        if self.training:
            self.seen = self.seen + x.size(0)
        return self.fc2(self.dropout(F.relu(self.norm(self.fc1(x)))))


class Noisy(Good):
    """Draws random numbers, in training only."""

    def forward(self, x):
        if self.training:
            x = x + 0.1 * torch.randn_like(x)
        return self.fc2(F.relu(self.fc1(x)))


class DrawsAlways(Good):
    def forward(self, x):
        return self.fc2(F.relu(self.fc1(x + torch.randn_like(x))))


class DropsAlways(Good):
    def forward(self, x):
        return self.fc2(F.dropout(F.relu(self.fc1(x)), 0.5))


class Counts(Good):
    """Keeps a number outside of tensors."""

    def __init__(self):
        super().__init__()
        self.count = 0

    def forward(self, x):
        self.count += 1
        return self.fc2(F.relu(self.fc1(x)))


class Remembers(Good):
    """Keeps a list."""

    sizes: List[int]

    def __init__(self):
        super().__init__()
        self.sizes = []

    def forward(self, x):
        self.sizes.append(x.size(0))
        return self.fc2(F.relu(self.fc1(x)))


class HidesATensor(Good):
    """Changes, through a view, a tensor that is no buffer."""

    def __init__(self):
        super().__init__()
        self.total = torch.zeros(3)

    def forward(self, x):
        self.total[0] += 1
        return self.fc2(F.relu(self.fc1(x)))


class Writes(Good):
    def forward(self, x):
        torch.save(x, "written.pt")
        return self.fc2(F.relu(self.fc1(x)))


class GivesTwo(Good):
    def forward(self, x):
        return self.fc2(F.relu(self.fc1(x))), x


class IsNewer(Good):
    """Uses an operator that LibTorch 1.13 does not know."""

    def forward(self, x):
        x = self.fc1(x).unsqueeze(1)
        return self.fc2(F.scaled_dot_product_attention(x, x, x).squeeze(1))


def without_sources(content):
    """Small, and without the paths of the machine that wrote it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if not entry.filename.endswith(".debug_pkl"):
                new.writestr(zipfile.ZipInfo(entry.filename), old.read(entry), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def write(name, save):
    out = io.BytesIO()
    save(out)
    (FOLDER / f"{name}.pt").write_bytes(without_sources(out.getvalue()))


def main():
    torch.manual_seed(1)
    for name, model in {
        "good": Good(), "rebinds": Rebinds(), "noisy": Noisy(), "draws_always": DrawsAlways(),
        "drops_always": DropsAlways(), "counts": Counts(), "remembers": Remembers(),
        "hides_a_tensor": HidesATensor(), "writes": Writes(), "gives_two": GivesTwo(), "newer": IsNewer(),
        "double": Good().double(),
    }.items():
        write(name, lambda out, m=model: torch.jit.save(torch.jit.script(m), out))
    write("traced", lambda out: torch.jit.save(torch.jit.trace(Good().eval(), torch.zeros(2, 16)), out))
    write("frozen", lambda out: torch.jit.save(torch.jit.freeze(torch.jit.script(Good().eval())), out))
    write("state", lambda out: torch.save(Good().state_dict(), out))


if __name__ == "__main__":
    main()
