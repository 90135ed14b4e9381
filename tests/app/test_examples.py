"""Runs every script of the examples; their `expect`s are the test."""

import pathlib
import unittest

from program import PROGRAM, environment
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEFAULT = ["data.name=blobs", "nodes.count=8", "partition.samples_per_node=100"]


class Examples(unittest.TestCase):
    def test_every_script_runs_to_its_end(self):
        scripts = sorted(ROOT.glob("examples/*/run.del"))
        self.assertTrue(scripts)
        for script in scripts:
            scenario = script.with_suffix(".toml")
            words = [str(scenario)] if scenario.exists() else DEFAULT
            with self.subTest(script.parent.name):
                run = subprocess.run([PROGRAM, *words, "-f", str(script)], capture_output=True,
                                     text=True, cwd=ROOT, env=environment(), timeout=120, check=False)
                if run.returncode == 4:
                    self.skipTest(run.stderr)  # needs a library that this build lacks
                self.assertEqual(run.returncode, 0, run.stderr)


if __name__ == "__main__":
    unittest.main()
