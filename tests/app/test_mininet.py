"""The program over Mininet: the same scripts and faults. Where namespaces are not allowed this is said."""

import json
import os
import subprocess
import unittest

from backend_cases import BackendTest
from program import SMALL


class Mininet(BackendTest):
    BACKEND = ("network.backend=mininet",)
    NAME = "Mininet"
    TTL = "mininet.ttl"

    def test_a_round_ends_in_the_same_models_as_with_the_built_in_network(self):
        self.case_a_round_ends_in_the_same_models_as_with_the_built_in_network()

    def test_nodes_come_and_go_while_it_runs(self):
        self.case_nodes_come_and_go_while_it_runs()

    def test_it_tells_of_itself(self):
        self.case_it_tells_of_itself()

    def test_what_it_cannot_do_is_refused_by_the_name_of_the_key(self):
        self.case_what_it_cannot_do_is_refused_by_the_name_of_the_key()

    def test_a_helper_that_is_killed_costs_what_was_on_the_way_and_nothing_else(self):
        self.case_a_helper_that_is_killed_costs_what_was_on_the_way_and_nothing_else()

    def test_nothing_is_left_of_a_program_that_is_killed(self):
        self.case_nothing_is_left_of_a_program_that_is_killed()

    def test_two_sessions_at_once_do_not_meet(self):
        self.case_two_sessions_at_once_do_not_meet()

    def test_an_interrupt_stops_a_step(self):
        self.case_an_interrupt_stops_a_step()

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
