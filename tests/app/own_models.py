"""What the tests of bringing a model of one's own share."""

import pathlib
import re
import subprocess

from program import PROGRAM, ProgramTest

ROOT = pathlib.Path(__file__).resolve().parents[2]
VERSION = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout
HAS_TORCH = not re.search(r"torch +absent", VERSION)


class OwnModelTest(ProgramTest):
    def setUp(self):
        super().setUp()
        if not HAS_TORCH:
            self.skipTest("built without LibTorch")

    def run_program(self, *words, **changes):
        changes.setdefault("XDG_CACHE_HOME", str(self.folder / "cache"))
        return super().run_program(*words, **changes)

    def signature(self, *words):
        """A hash of all that a fixed run computes, on `blobs`. One batch an epoch: batch norm wants no batch of one."""
        run = self.run_program("bench", "--signature", "data.features=16", "data.classes=4",
                               "training.batch_size=1000", *words, small=False)
        self.assert_code(run, 0)
        return run.stdout

    def learn(self, *words):
        """A few cycles of gossip on `blobs`; fails below an accuracy of 0.6."""
        script = "repeat 4 { train; gossip 1; nstep; ag }; test global; expect test_acc(mean) > 0.6"
        return self.run_program(*words, "training.lr=0.01", "training.epochs=3", "-c", script)
