#!/usr/bin/env python3
"""What fedscale_traces.py makes of FedScale's pickles."""
import pickle
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import fedscale_traces

SCRIPT = Path(__file__).parent / "fedscale_traces.py"


class Evil:
    """What a pickle must not be able to do."""

    def __reduce__(self):
        return print, ("code ran",)


class FedScaleTraces(unittest.TestCase):
    def test_addresses_are_those_that_nodes_have(self):
        self.assertEqual(fedscale_traces.address(0), "10.0.0.1")
        self.assertEqual(fedscale_traces.address(253), "10.0.0.254")
        self.assertEqual(fedscale_traces.address(254), "10.0.1.1")
        self.assertEqual(fedscale_traces.address(254 * 256), "10.1.0.1")

    def test_both_lists_together_say_when_a_device_is_online(self):
        device = {"active": [10, 50], "inactive": [5, 20], "finish_time": 60}
        # It begins with "inactive" at 5, so it is online at 0; the last time goes on to the end.
        self.assertEqual(fedscale_traces.online_times(device), [(0, 5), (10, 20), (50, 60)])

    def test_shorter_cycles_are_repeated_up_to_the_period(self):
        devices = [{"active": [], "inactive": [], "finish_time": 9},
                   {"active": [1], "inactive": [3], "finish_time": 4},
                   {"active": [0], "inactive": [8], "finish_time": 10}]
        period, rows = fedscale_traces.online(devices, 2)
        self.assertEqual(period, 10)
        self.assertEqual(rows, [("10.0.0.1", 1, 3), ("10.0.0.1", 5, 7), ("10.0.0.1", 9, 10),
                                ("10.0.0.2", 0, 8)])

    def run_script(self, folder, *words):
        return subprocess.run([sys.executable, SCRIPT, *words], cwd=folder, text=True,
                              capture_output=True, check=False)

    def test_writes_both_tables(self):
        with tempfile.TemporaryDirectory() as folder:
            capacity = {7: {"computation": 20, "communication": 6100}}
            behaviour = {7: {"active": [0], "inactive": [30], "finish_time": 60}}
            (Path(folder) / "c").write_bytes(pickle.dumps(capacity))
            (Path(folder) / "b").write_bytes(pickle.dumps(behaviour))
            done = self.run_script(folder, "--nodes", "1", "--capacity", "c", "--speeds", "s.csv",
                                   "--behaviour", "b", "--online", "o.csv")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual((Path(folder) / "s.csv").read_text(),
                             "node,ms_per_example,up_kbps,down_kbps\n10.0.0.1,60,6100,6100\n")
            self.assertEqual((Path(folder) / "o.csv").read_text(),
                             "# period 60\nnode,from,to\n10.0.0.1,0,30\n")

    def test_runs_no_code_of_the_file(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "c").write_bytes(pickle.dumps({1: Evil()}))
            done = self.run_script(folder, "--nodes", "1", "--capacity", "c", "--speeds", "s.csv")
            self.assertNotEqual(done.returncode, 0)
            self.assertNotIn("code ran", done.stdout)
            self.assertIn("no plain data", done.stderr)


if __name__ == "__main__":
    unittest.main()
