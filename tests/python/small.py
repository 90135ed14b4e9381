"""What the tests of this folder share: a small synthetic run."""

import pathlib
import shutil
import tempfile
import unittest

import delstep

SMALL = {"data.name": "blobs", "data.samples": 240, "nodes.count": 4, "training.epochs": 1}


def session(scenario="", **changes):
    return delstep.Session(scenario, **{**SMALL, **changes})


def script_of(folder):
    """The lines of the script that a run has recorded there."""
    return (folder / "script.del").read_text().splitlines()


class SmallTest(unittest.TestCase):
    """Each test has a folder of its own."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="delstep-test-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def refused(self, commands, of):
        """The error of commands that must fail."""
        with self.assertRaises(delstep.CommandError) as caught:
            of(commands)
        return caught.exception
