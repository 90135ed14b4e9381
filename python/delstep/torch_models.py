"""PyTorch modules as models of nodes."""

from __future__ import annotations

import os
import tempfile
from typing import Any


def torch_model(module: Any, file: str | os.PathLike[str] | None = None) -> dict[str, str]:
    """The keys that give every node a copy of a torch.nn.Module, to be passed to Session.

    >>> s = delstep.Session(**delstep.torch_model(Net()), **{"data.name": "mnist"})

    The module is compiled with torch.jit.script (a module that is TorchScript already stays as it
    is) and written to `file`, or to a temporary file. Nodes begin with its parameters. What a
    module must be like is in docs/guide/pytorch.md; needs torch here, and a build with LibTorch.
    """
    import torch

    if file is None:
        handle, file = tempfile.mkstemp(prefix="delstep-model-", suffix=".pt")
        os.close(handle)
    scripted = module if isinstance(module, torch.jit.ScriptModule) else torch.jit.script(module)
    scripted.save(os.fspath(file))
    return {"model.name": "torchscript", "model.file": os.fspath(file)}
