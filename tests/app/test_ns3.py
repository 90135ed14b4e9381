"""The program over ns-3: the same scripts, arithmetic, going back, faults. Where the build has no ns-3 this is said."""

import json
import os
import subprocess
import unittest

from backend_cases import ROUND, BackendCases, step_reports
from program import ProgramTest

THERE = "absent" not in [line for line in subprocess.run(
    [os.environ["DELSTEP_PROGRAM"], "--version"], capture_output=True, text=True, check=True).stdout.splitlines()
    if " ns3 " in line][0]
BYTES = 64 + 4 * 676  # of a model of the small data set


class Ns3(BackendCases, ProgramTest):
    BACKEND = ("network.backend=ns3",)
    NAME = "ns-3"
    TTL = "ns3.ttl"

    def answers(self, *words):
        done = self.run_program("--json", *words)
        self.assert_code(done, 0)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def after_a_death(self, program):
        """Moments in which the network had gone can be saved like the others."""
        self.assertTrue(self.ask(program, "checkpoint after.ckpt")["ok"])
        resumed = self.run_program("--resume", "after.ckpt", "-i", small=False, text="undo; hash; goto 4; stats\n")
        self.assert_code(resumed, 4)  # that of the session so far
        self.assertIn("lost 12 (backend 12)", resumed.stdout)

    # --- times --------------------------------------------------------------------------------------------------------

    def test_a_message_over_udp_takes_the_time_of_its_packets(self):
        """2,768 bytes are two datagrams of 1,472 and 1,296 bytes of payload, each with 20 of IP, 8 of UDP, 2 of PPP."""
        script = "send 10.0.0.1 10.0.0.2; nstep"
        words = ("network.bandwidth=1Mbps", "network.latency=20ms")
        packets = self.answers(*words, "ns3.transport=udp", "-c", script)[-1]["result"]["after"]
        bits = 8 * (BYTES + 2 * 30)
        self.assertAlmostEqual(packets, bits * 1000 + 20_000_000, delta=2)
        # The built-in network knows no headers: it is exact in the message alone.
        done = self.built_in("--json", *words, "-c", script)
        plain = json.loads(done.stdout.splitlines()[-1])["result"]["after"]
        self.assertEqual(plain, 8 * BYTES * 1000 + 20_000_000)
        self.assertAlmostEqual(packets - plain, 8 * 60 * 1000, delta=2)

    def test_an_open_tcp_connection_takes_the_built_in_time_and_its_headers(self):
        """54 bytes of headers for each 1,448 of the model, and 1 % for the rest."""
        script = "send 10.0.0.1 10.0.0.2; nstep; send 10.0.0.1 10.0.0.2; nstep"
        words = ("network.bandwidth=1Mbps", "network.latency=2ms")
        step = self.answers(*words, "-c", script)[-1]["result"]
        took = step["after"] - step["before"]
        segments = -(-BYTES // 1448)
        expected = 8 * (BYTES + 54 * segments) * 1000 + 2_000_000
        self.assertAlmostEqual(took, expected, delta=expected / 100)

    def test_a_shared_uplink_is_shared_as_in_the_built_in_network(self):
        """Three models through one uplink of 1 Mbit/s: 3 * 22.144 ms, and headers; within 10 %."""
        script = "flood 10.0.0.1; nstep; flood 10.0.0.1; nstep"
        words = ("network.sharing=fair", "network.up=1Mbps", "network.latency=2ms")
        step = self.answers(*words, "ns3.topology=star", "-c", script)[-1]["result"]
        done = self.built_in("--json", *words, "-c", script)
        plain = json.loads(done.stdout.splitlines()[-1])["result"]
        self.assertEqual(plain["after"] - plain["before"], 3 * 8 * BYTES * 1000 + 2_000_000)
        self.assertAlmostEqual(step["after"] - step["before"], plain["after"] - plain["before"],
                               delta=(plain["after"] - plain["before"]) / 10)

    # --- going back ---------------------------------------------------------------------------------------------------

    def test_what_is_taken_back_and_done_again_is_the_same(self):
        for topology in ("mesh", "star", "csma"):
            answers = self.answers(
                f"ns3.topology={topology}", "network.loss=0.02", "network.bandwidth=1Mbps", "-c",
                f"{ROUND}; flood; nstep 5ms; mark here; nstep; ag; hash; goto here; nstep; ag; hash; "
                f"undo 3; branch other; nstep 30ms; switch main; hash")
            hashes = [answer["result"]["world"] for answer in answers if answer["cmd"] == "hash"]
            self.assertEqual(len(set(hashes)), 1, f"{topology}: {hashes}")

    def test_a_run_goes_on_from_a_checkpoint_with_messages_in_the_air(self):
        words = ("network.loss=0.02", "network.bandwidth=1Mbps", "--json")
        whole = self.answers(*words, "-c", f"{ROUND}; flood; nstep 5ms; checkpoint a.ckpt; nstep; ag; hash")
        resumed = self.run_program("--json", "--resume", "a.ckpt", small=False)
        self.assert_code(resumed, 0)
        self.assertEqual(json.loads(resumed.stdout.splitlines()[-1])["result"], whole[-1]["result"])

    def test_a_setting_that_was_changed_on_the_way_is_changed_when_the_run_goes_on(self):
        for change in ("network.latency 1ms", "network.bandwidth 500kbps", "network.loss 0.3"):
            script = f"flood; nstep 15ms; set {change}; checkpoint a.ckpt; nstep; flood; nstep; hash"
            whole = self.answers("ns3.transport=udp", "network.bandwidth=1Mbps", "-c", script)
            resumed = self.run_program("--json", "--resume", "a.ckpt", small=False)
            self.assert_code(resumed, 0)
            self.assertEqual(json.loads(resumed.stdout.splitlines()[-1])["result"], whole[-1]["result"], change)

    def test_a_long_history_takes_few_processes(self):
        answers = self.answers("-c", "repeat 40 { flood; nstep }; hash; undo 60; redo 60; hash")
        hashes = [answer["result"]["world"] for answer in answers if answer["cmd"] == "hash"]
        self.assertEqual(hashes[0], hashes[1])

    # --- wifi ---------------------------------------------------------------------------------------------------------

    WIFI = ("ns3.topology=wifi", "topology.name=radio", "radio.range=100", "mobility.area=1000x1000",
            "nodes.count=3")

    def test_over_wifi_one_hears_who_is_near(self):
        done = self.run_program(
            *self.WIFI, "ns3.ttl=5s", "-c",
            "move 10.0.0.1 0 0; move 10.0.0.2 99 0; move 10.0.0.3 300 0; flood; nstep; stats links; "
            "move 10.0.0.3 150 0; flood 10.0.0.3; nstep; expect in_flight == 0")
        self.assert_code(done, 0)
        counts = step_reports(done)
        self.assertIn("sent 2, delivered 2, lost 0", counts[0])
        self.assertIn("sent 1, delivered 1, lost 0", counts[1])

    def test_nodes_move_in_ns3_as_in_the_simulator(self):
        done = self.run_program(
            *self.WIFI, "mobility.name=random-waypoint", "mobility.speed=20", "mobility.area=150x150",
            "behaviour.name=gossip", "behaviour.period=2s", "ns3.ttl=1s", "-c", "run 20s; stats")
        self.assert_code(done, 0)

    def test_what_interfaces_see_can_be_captured(self):
        self.assert_code(self.run_program("ns3.pcap=air", "-c", "send 10.0.0.1 10.0.0.2; nstep"), 0)
        files = list((self.folder / "air").rglob("*.pcap"))
        self.assertTrue(files)
        # The magic number of the format, in either order of bytes.
        self.assertIn(files[0].read_bytes()[:4], (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4",
                                                  b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d"))


if __name__ == "__main__":
    if not THERE:
        print("ns-3 IS NOT TESTED: this build has no helper for it; install libns3-dev")
    else:
        unittest.main()
