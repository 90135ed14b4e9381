"""The program over Mininet: the same scripts and faults. Where namespaces are not allowed this is said."""

import json
import os
import subprocess
import unittest

from backend_cases import BackendCases
from program import SMALL, ProgramTest


class Mininet(BackendCases, ProgramTest):
    BACKEND = ("network.backend=mininet",)
    NAME = "Mininet"
    TTL = "mininet.ttl"

    def test_one_cannot_go_back_and_is_told_so(self):
        done = self.run_program("-c", "flood; nstep; undo")
        self.assert_code(done, 1)
        self.assertIn("mininet", done.stderr)

    def test_it_says_whose_clock_it_has(self):
        done = self.run_program("--json", "-c", "network show")
        self.assertEqual(json.loads(done.stdout)["result"]["clock"], "wall")

    def test_bandwidth_and_latency_take_their_time(self):
        """2,768 bytes at 100 kbit/s are 221.44 ms of bits, and 50 ms on the way; never less."""
        done = self.run_program("network.bandwidth=100kbps", "network.latency=50ms", "-c",
                                "send 10.0.0.1 10.0.0.2; nstep; expect clock >= 271.44ms")
        self.assert_code(done, 0)


if __name__ == "__main__":
    tried = subprocess.run([os.environ["DELSTEP_PROGRAM"], *SMALL, "network.backend=mininet", "-c", "status"],
                           capture_output=True, text=True, check=False)
    if tried.returncode == 4:
        print(f"Mininet IS NOT TESTED: {tried.stderr.strip()}")
    else:
        unittest.main()
