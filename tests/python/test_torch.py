"""PyTorch modules as models."""

import pathlib
import sys
import types
import unittest
from unittest import mock

import delstep
from small import SmallTest


class Torch(SmallTest):
    def test_a_module_is_written_and_named(self):
        """Against what it uses of torch, as torch is rarely here."""
        saved = []

        class Script:
            def save(self, file):
                saved.append(file)

        jit = types.SimpleNamespace(script=lambda module: Script(), ScriptModule=Script)
        with mock.patch.dict(sys.modules, {"torch": types.SimpleNamespace(jit=jit)}):
            file = str(self.folder / "net.pt")
            keys = delstep.torch_model(object(), file)
            self.assertEqual(keys, {"model.name": "torchscript", "model.file": file})
            temporary = delstep.torch_model(Script())["model.file"]
            self.addCleanup(pathlib.Path(temporary).unlink)
            self.assertTrue(temporary.endswith(".pt"))
        self.assertEqual(saved[0], file)

    def test_a_module_as_the_model(self):
        try:
            import torch
        except ImportError:
            self.skipTest("no torch")
        net = torch.nn.Sequential(torch.nn.Linear(16, 4))
        try:
            s = delstep.Session(**delstep.torch_model(net, self.folder / "net.pt"),
                                **{"data.name": "blobs", "nodes.count": 2})
        except delstep.CommandError as error:
            if error.code == 4:
                self.skipTest("built without LibTorch")
            raise
        self.assertEqual(s.model("10.0.0.1")["0.weight"].shape, (4, 16))


if __name__ == "__main__":
    unittest.main()
