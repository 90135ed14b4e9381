"""Time that runs, through the program: a run that goes on from a checkpoint, is played from its record, or was
interrupted and is played again, is the same run."""

import signal
import unittest

from program import ProgramTest

LIVING = ["network.latency=exponential(30ms)", "network.loss=0.1", "compute.ms_per_example=0.5", "behaviour.name=gossip",
          "behaviour.period=1s", "behaviour.jitter=200ms"]
PLANS = "every 700ms { train 10.0.0.1; test 10.0.0.2 local }; at 2500ms { node down 10.0.0.3; cycle }; "


class Living(ProgramTest):
    def told(self, run, *types):
        """Events of the run without the ends of commands; those of some types alone."""
        return [e for e in self.events(run)
                if (e["type"] in types if types else e["type"] not in ("command_done", "moment_made"))]

    def test_goes_on_from_a_checkpoint_with_what_is_planned(self):
        # 1.3 s lies in the middle of trainings and before a plan.
        words = [*LIVING, "-c", f"{PLANS} run 1300ms; checkpoint here.ckpt; run 2s; schedule; hash"]
        whole = self.run_program(*words, "--out", "whole")
        self.assert_code(whole, 0)
        resumed = self.run_program("--resume", "here.ckpt", "--out", "more", small=False)
        self.assert_code(resumed, 0)
        self.assertTrue(whole.stdout.endswith(resumed.stdout))
        text = (self.folder / "whole" / "events.jsonl").read_text()
        more = (self.folder / "more" / "events.jsonl").read_text()
        self.assertTrue(text.endswith(more))
        self.assertIn('"turn_taken"', more)

    def test_positions_say_which_nodes_their_trace_has_taken_away(self):
        self.write("t.csv", "node,time,x,y\n0,0,1,1\n0,90,,\n1,0,5,5\n1,100,6,6\n")
        words = ["mobility.name=trace", "mobility.file=t.csv", "topology.name=radio", "nodes.count=2"]
        done = self.run_program(*words, "-v", text="positions\nrun 95s\npositions\n")
        self.assert_code(done, 0)
        tables = [line.split() for line in done.stdout.splitlines() if line.startswith(("node", "10.0.0."))]
        # 95 s are 95 of the 100 s of the way from 5 m to 6 m.
        self.assertEqual(tables, [["node", "x/m", "y/m"], ["10.0.0.1", "1.00", "1.00"], ["10.0.0.2", "5.00", "5.00"],
                                  ["node", "x/m", "y/m", "state"], ["10.0.0.1", "1.00", "1.00", "down"],
                                  ["10.0.0.2", "5.95", "5.95"]])

    def test_its_record_plays_the_same_run(self):
        self.write("main.del", "every 700ms {\n  train 10.0.0.1  # often\n  test 10.0.0.2 local\n}\n"
                   "at 2s { node down 10.0.0.9; echo after }\nrun 3s\nnext 5\nnstep 500ms\nrun until sent > 20 for 5s\n")
        done = self.run_program(*LIVING, "--keep-going", "-f", "main.del", "--out", "run")
        self.assert_code(done, 1)
        self.assertIn("at 2s, 'node down 10.0.0.9' (planned command 2)", done.stderr)
        script = (self.folder / "run" / "script.del").read_text()
        self.assertIn("\nevery 700ms { train 10.0.0.1; test 10.0.0.2 local }\n", script)
        self.assertNotIn("\ntrain 10.0.0.1", script, "what a plan runs is no command of the record")
        self.run_program("run/config.toml", "--keep-going", "-f", "run/script.del", "--out", "again", small=False)
        self.assertEqual((self.folder / "run" / "events.jsonl").read_text(),
                         (self.folder / "again" / "events.jsonl").read_text())

    def test_what_a_plan_has_measured_has_its_own_time_in_metrics(self):
        self.assert_code(self.run_program("-c", "every 2s test 10.0.0.1 local; run 7s", "--out", "run"), 0)
        rows = [line.split(",") for line in (self.folder / "run" / "metrics.csv").read_text().splitlines()]
        self.assertEqual([row[3] for row in rows if row[6] == "test_acc:local" and row[4]], ["2", "4", "6"])

    def test_an_interrupt_ends_a_run_with_130_and_it_can_be_played_again(self):
        program = self.start(*LIVING, "--out", "run", "-c", "every 1s test local; run 250h")
        for _ in range(3):
            while "RESULT\t10.0.0.4" not in program.stdout.readline():
                pass
        program.send_signal(signal.SIGINT)
        program.stdout.read()
        self.assertEqual(program.wait(timeout=60), 130)
        self.run_program("run/config.toml", "--out", "again", "-f", "run/script.del", small=False)
        self.assertEqual(self.told("run"), self.told("again"))
        self.assertGreater(len(self.told("run", "evaluated")), 11)


if __name__ == "__main__":
    unittest.main()
