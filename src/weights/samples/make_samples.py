#!/usr/bin/env python3
"""Writes the samples of this folder; needs PyTorch, safetensors and NumPy.

A sample holds w = [[0, 0.5, 1], [1.5, 2, 2.5]] and b = [-1, 3] unless its name says otherwise.
"""
import collections
import io
import zipfile
from pathlib import Path

import numpy
import torch
from safetensors.torch import save_file

FOLDER = Path(__file__).parent


class Module:
    """Something a state_dict never holds."""


def save_script(name, module):
    """Without what tells where PyTorch was installed."""
    file = io.BytesIO()
    torch.jit.save(torch.jit.script(module), file)
    with zipfile.ZipFile(file) as whole, zipfile.ZipFile(FOLDER / name, "w") as kept:
        for entry in whole.infolist():
            if not entry.filename.endswith("debug_pkl"):
                kept.writestr(zipfile.ZipInfo(entry.filename), whole.read(entry))


def main():
    w = torch.arange(6, dtype=torch.float32).reshape(2, 3) / 2
    b = torch.tensor([-1.0, 3.0])
    plain = {"w": w, "b": b}

    def save(name, what, **options):
        torch.save(what, FOLDER / name, **options)

    save("dict.pt", plain)
    save("protocol4.pt", plain, pickle_protocol=4)
    net = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.BatchNorm1d(2))
    with torch.no_grad():
        net[0].weight.copy_(w)
        net[0].bias.copy_(b)
    save("state_dict.pt", net.state_dict())
    save("checkpoint.pt", {"epoch": 3, "lr": 0.1, "note": "x", "done": [None, True, (1, 2)],
                           "loss": b[0], "seed": 2**64 - 1, "offset": -(2**40),
                           "state_dict": collections.OrderedDict(w=w)})
    save("parameters.pt", {"w": torch.nn.Parameter(w), "b": torch.nn.Parameter(b)})
    save("views.pt", {"w": w, "transposed": w.t(), "row": w[1], "column": w[:, 1],
                      "repeated": b[:, None].expand(2, 2)})
    save("types.pt", {"f16": w.half(), "bf16": w.bfloat16(), "f64": w.double(),
                      "i64": torch.tensor(-5), "i32": torch.tensor([7], dtype=torch.int32),
                      "u8": torch.tensor([255], dtype=torch.uint8),
                      "bool": torch.tensor([True, False]), "empty": torch.zeros(0, 3)})
    save("module.pt", Module())
    save("complex.pt", {"w": w.to(torch.complex64)})
    save("legacy.pt", plain, _use_new_zipfile_serialization=False)
    save_script("script.pt", torch.nn.Linear(3, 2))

    save_file(plain, FOLDER / "plain.safetensors", metadata={"format": "pt"})
    save_file({"f16": w.half(), "bf16": w.bfloat16(), "f64": w.double(), "i64": torch.tensor(-5),
               "bool": torch.tensor([True, False]), "empty": torch.zeros(0, 3)},
              FOLDER / "types.safetensors")
    numpy.savez(FOLDER / "plain.npz", w=w.numpy(), b=b.numpy())


if __name__ == "__main__":
    main()
