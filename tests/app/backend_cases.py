"""What a script sees of a packet backend; each backend's test file runs these cases."""

import contextlib
import json
import os
import pathlib
import signal
import time

ROUND = "train; flood; nstep; ag"


def children(parent):
    """Process numbers of all that descends from a process, as the kernel lists them."""
    found = []
    for task in pathlib.Path(f"/proc/{parent}/task").glob("*/children"):
        for child in task.read_text().split():
            found += [int(child), *children(int(child))]
    return found


def step_reports(done):
    """What each network step of a script said."""
    return [line for line in done.stdout.splitlines() if line.startswith("sent ")]


def is_gone(process):
    try:
        state = pathlib.Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state in "ZX"


class BackendCases:
    """Tests that hold for every backend with a helper program; to be mixed into a ProgramTest."""

    BACKEND = ()  # words of the command line
    NAME = ""

    def command(self, *words):
        return super().command(*self.BACKEND, *words)

    def session(self, *words):
        """A conversation in JSON, whose answers ask() returns."""
        return self.start("--json", "--keep-going", *words)

    def ask(self, program, command):
        self.say(program, command)
        return json.loads(program.stdout.readline())

    def await_gone(self, processes):
        end = time.monotonic() + 30
        while not all(map(is_gone, processes)):
            self.assertLess(time.monotonic(), end, f"left: {processes}")
            time.sleep(0.02)

    def built_in(self, *words):
        return self.run_program(*words, "network.backend=builtin", "ns3.topology=mesh")

    # --- the same scripts ---------------------------------------------------------------------------------------------

    def test_a_round_ends_in_the_same_models_as_with_the_built_in_network(self):
        script = f"{ROUND}; {ROUND}; hash all; expect lost == 0 and in_flight == 0"
        # A rule that does not look at the order in which models have come.
        words = ("aggregation.name=dpsgd", "--json", "-c", script)
        mine, its = self.run_program(*words), self.built_in(*words)
        self.assert_code(mine, 0)
        self.assert_code(its, 0)
        models = [json.loads(line)["result"]["nodes"] for done in (mine, its)
                  for line in done.stdout.splitlines() if json.loads(line)["cmd"] == "hash all"]
        self.assertEqual(models[0], models[1])

    def test_nodes_come_and_go_while_it_runs(self):
        done = self.run_program(
            "partition.samples_per_node=40", "-c",
            "node add name eve; flood; nstep; node down 10.0.0.2; flood; nstep; node up 10.0.0.2; "
            "node remove 10.0.0.3; flood; nstep; link eve 10.0.0.1 down; flood; nstep; "
            "expect queued == 0 and in_flight == 0")
        self.assert_code(done, 0)
        counts = step_reports(done)
        # 5 nodes; then 4 that send to all 5; then 4 nodes; then 4 without one link, both ways.
        self.assertIn("sent 20, delivered 20, lost 0", counts[0])
        self.assertIn("sent 16, delivered 12, lost 4", counts[1])
        self.assertIn("sent 12, delivered 12, lost 0", counts[2])
        self.assertIn("sent 12, delivered 10, lost 2", counts[3])

    def test_it_tells_of_itself(self):
        done = self.run_program("-c", "network show")
        self.assert_code(done, 0)
        self.assertRegex(done.stdout, self.NAME + r" \d+\.\d+")
        version = self.run_program("--version", small=False)
        self.assertRegex(version.stdout, self.NAME + r" \d+\.\d+")

    def test_what_it_cannot_do_is_refused_by_the_name_of_the_key(self):
        for key, value in (("network.sharing", "fair"), ("network.latency", "uniform(1ms,2ms)"),
                           ("network.up", "1Mbps")):
            done = self.run_program(f"{key}={value}", "-c", "flood")
            self.assert_code(done, 2)
            self.assertIn(key, done.stderr)
        done = self.run_program("--keep-going", "-c", "set network.latency exponential(5ms); flood; nstep")
        self.assert_code(done, 1)
        self.assertIn("network.latency", done.stderr)
        self.assertIn("sent 12, delivered 12", done.stdout)

    # --- faults -------------------------------------------------------------------------------------------------------

    def test_a_helper_that_is_killed_costs_what_was_on_the_way_and_nothing_else(self):
        program = self.session("network.bandwidth=1Mbps")
        self.ask(program, "train")
        model = self.ask(program, "hash 10.0.0.1")["result"]
        self.ask(program, "flood")
        self.ask(program, "nstep 1ms")
        before = self.ask(program, "status")["result"]
        self.assertEqual(before["in_flight"], 12)
        helpers = children(program.pid)
        self.assertTrue(helpers)
        for helper in helpers:
            # One that another started may go with it.
            with contextlib.suppress(ProcessLookupError):
                os.kill(helper, signal.SIGKILL)
        answer = self.ask(program, "nstep")
        self.assertFalse(answer["ok"])
        self.assertEqual(answer["error"]["code"], 4, answer)
        self.assertIn("network restart", answer["error"]["hint"])
        after = self.ask(program, "stats")["result"]
        self.assertEqual((after["lost_backend"], after["in_flight"]), (12, 0))
        self.assertEqual(self.ask(program, "hash 10.0.0.1")["result"], model)
        self.assertIsNotNone(self.ask(program, "network show")["result"]["gone"])
        self.assertTrue(self.ask(program, "train 10.0.0.1")["ok"])
        self.assertTrue(self.ask(program, "flood")["ok"])
        self.assertFalse(self.ask(program, "nstep")["ok"])
        # What was queued waits for the new one.
        self.assertTrue(self.ask(program, "network restart")["ok"])
        step = self.ask(program, "nstep")["result"]
        self.assertEqual((step["sent"], step["delivered"], step["lost"]), (12, 12, 0))
        self.after_a_death(program)
        self.say(program, "exit")
        program.stdin.close()
        self.assertEqual(program.wait(timeout=60), 4)
        self.await_gone(helpers)

    def after_a_death(self, program):
        """What else a backend can do then."""

    def test_nothing_is_left_of_a_program_that_is_killed(self):
        program = self.session("network.bandwidth=100kbps")
        self.ask(program, "flood")
        self.ask(program, "nstep 1ms")
        family = children(program.pid)
        self.assertTrue(family)
        self.say(program, "nstep")  # at work when it is killed
        program.kill()
        program.wait()
        self.await_gone(family)

    def test_two_sessions_at_once_do_not_meet(self):
        both = [self.session() for _ in range(2)]
        for program in both:
            self.ask(program, "flood")
        for program in both:
            step = self.ask(program, "nstep")["result"]
            self.assertEqual((step["delivered"], step["lost"]), (12, 0))

    def test_an_interrupt_stops_a_step(self):
        program = self.start("network.bandwidth=1kbps", f"{self.TTL}=1h", "-c",
                             "echo begins; flood; nstep")
        while "begins" not in program.stdout.readline():
            pass
        family = children(program.pid)
        program.send_signal(signal.SIGINT)
        self.assertEqual(program.wait(timeout=60), 130)
        self.await_gone(family)
