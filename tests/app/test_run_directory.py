"""--out DIR: nothing is lost, nothing overwritten, and a run can be run again."""

import csv
import json
import os
import resource
import subprocess
import unittest

from program import ProgramTest, environment

SCRIPT = """train; test local; flood; nstep; ag; test
cycle; group create g; group g add 10.0.0.1 10.0.0.2; set training.lr 0.01
repeat 2 { step; gossip 1; nstep }
node add name eve; node remove 10.0.0.3; train 10.0.0.99; group g test group g; test
"""


class Contents(ProgramTest):
    def record(self, run, *words):
        self.write("script.del", SCRIPT)
        done = self.run_program("partition.samples_per_node=40", "--keep-going", "--out", run, *words,
                                "-f", "script.del", "-c", "save results saved.csv")
        self.assert_code(done, 1)  # that of 10.0.0.99
        return self.folder / run

    def test_every_line_of_the_events_is_an_object_of_version_1(self):
        run = self.record("deep/er/run")
        self.assertEqual([p.name for p in run.glob("*.jsonl")], ["events.jsonl"])
        events = self.events("deep/er/run")
        self.assertTrue(all(e["v"] == 2 and e["t"] >= 0 for e in events))
        self.assertEqual([e["node"] for e in events[:4]], [f"10.0.0.{i}" for i in range(1, 5)])
        commands = [e for e in events if e["type"] == "command_done"]
        self.assertEqual([e["code"] for e in commands if e["code"]], [1])
        self.assertEqual(events[-1]["type"], "command_done")

    def test_results_are_those_that_save_results_writes(self):
        run = self.record("run")
        self.assertEqual((run / "results.csv").read_text(), (self.folder / "saved.csv").read_text())

    def test_results_agree_with_the_events(self):
        run = self.record("run")
        with open(run / "results.csv", newline="") as file:
            rows = [(r["NODE"], r["SCOPE"], r["LOSS"], r["ACC"]) for r in csv.DictReader(file)]
        tests = [(e["node"], e["scope"], f"{e['loss']:.4f}", f"{e['accuracy']:.4f}")
                 for e in self.events("run") if e["type"] == "evaluated"]
        self.assertEqual(rows, tests)
        self.assertGreater(len(rows), 12)

    def test_metrics_are_tidy_and_their_means_are_right(self):
        run = self.record("run")
        with open(run / "metrics.csv", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(list(rows[0]),
                         ["run", "step", "cycle", "sim_time", "node", "group", "metric", "value"])
        self.assertEqual({r["run"] for r in rows}, {"run"})
        first = [r for r in rows if r["step"] == "1"]  # test local
        values = [float(r["value"]) for r in first if r["metric"] == "test_acc:local"]
        mean = [float(r["value"]) for r in first if r["metric"] == "test_acc:local/mean"]
        self.assertEqual(len(values), 4)
        self.assertAlmostEqual(sum(values) / 4, mean[0], places=12)
        nstep = {r["metric"]: float(r["value"]) for r in rows if r["step"] == "3"}
        self.assertEqual(nstep["messages"], 12)  # 4 nodes, full mesh
        self.assertEqual(nstep["messages"], nstep["delivered"] + nstep["drops"] + nstep["in_flight"])
        grouped = {r["metric"] for r in rows if r["group"] == "g"}
        self.assertIn("train_loss/p90", grouped)

    def test_files_only_grow_when_one_goes_back(self):
        # Number 4 is one node on the branch a, and another one on the branch b.
        commands = ("train; branch a; node add 10.0.0.20 like 10.0.0.1; flood; nstep; goto 1; branch b; "
                    "node add 10.0.0.30 like 10.0.0.1; train 10.0.0.30; switch a; ag; test")
        self.assert_code(self.run_program("partition.samples_per_node=40", "--out", "back", "-c", commands), 0)
        events = self.events("back")
        moments = [(e["moment"], e["parent"], e["branch"]) for e in events if e["type"] == "moment_made"]
        self.assertEqual(moments, [(1, 0, "main"), (2, 1, "a"), (3, 2, "a"), (4, 3, "a"), (5, 1, "b"), (6, 5, "b"),
                                   (7, 4, "a")])
        went = [(e["from_moment"], e["moment"], e["branch"]) for e in events if e["type"] == "went_to"]
        self.assertEqual(went, [(4, 1, "main"), (6, 4, "a")])
        self.assertEqual([e["node"] for e in events if e["type"] == "aggregated"][-1], "10.0.0.20")
        with open(self.folder / "back" / "metrics.csv", newline="") as file:
            steps = [int(row["step"]) for row in csv.DictReader(file)]
        self.assertEqual(steps, sorted(steps))
        again = self.run_program("back/config.toml", "--out", "again", "-f", "back/script.del")
        self.assert_code(again, 0)
        self.assertEqual(self.events("again"), events)

    def test_a_run_repeats_bit_by_bit_on_any_number_of_threads(self):
        one = self.record("one", "training.threads=1")
        two = self.record("two", "training.threads=2")
        self.assertEqual((one / "events.jsonl").read_bytes(), (two / "events.jsonl").read_bytes())
        self.assertEqual((one / "results.csv").read_bytes(), (two / "results.csv").read_bytes())
        self.assertEqual((one / "metrics.csv").read_text(),
                         (two / "metrics.csv").read_text().replace("two,", "one,"))

    def test_config_and_script_run_again_to_the_same_events(self):
        run = self.record("run")
        done = self.run_program("run/config.toml", "--keep-going", "-f", "run/script.del", "--out",
                                "again", small=False)
        self.assert_code(done, 1)
        self.assertEqual((run / "events.jsonl").read_bytes(),
                         (self.folder / "again" / "events.jsonl").read_bytes())
        self.assertEqual((run / "config.toml").read_text(),
                         (self.folder / "again" / "config.toml").read_text())

    def test_a_topology_file_is_copied_hashed_and_used_again(self):
        self.write("ring.edges", "0 1\n1 2\n2 3\n3 0\n")
        words = ("topology.name=file", "topology.file=ring.edges")
        self.assert_code(self.run_program(*words, "--out", "run", "-c", "flood; nstep"), 0)
        run = self.folder / "run"
        self.assertEqual((run / "topology.edges").read_text(), "0 1\n1 2\n2 3\n3 0\n")
        facts = json.loads((run / "environment.json").read_text())["topology"]
        self.assertEqual((facts["name"], facts["bytes"]), ("ring.edges", 16))
        (self.folder / "ring.edges").unlink()
        done = self.run_program("run/config.toml", "-f", "run/script.del", "--out", "again", small=False)
        self.assert_code(done, 0)
        self.assertEqual(self.events("run"), self.events("again"))

    def test_files_that_are_not_copied_are_named_by_full_paths(self):
        self.assert_code(self.run_program("-c", "train; export 10.0.0.1 m.npz"), 0)
        script = "import all m.npz; export all k-{}.npz; import all k-{}.npz; train; test"
        self.assert_code(self.run_program("model.weights=m.npz", "--out", "run", "-c", script), 0)
        run, model = self.folder / "run", self.folder / "m.npz"
        lines = (run / "script.del").read_text().splitlines()
        self.assertIn(f"import all {model}", lines)
        self.assertIn("import all k-{}.npz", lines)  # the run writes these itself
        (self.folder / "other").mkdir()
        again = ("../run/config.toml", "-f", "../run/script.del", "--out", "again")
        done = subprocess.run([*self.command()[:1], *again], capture_output=True, text=True, check=False,
                              cwd=self.folder / "other", env=environment())
        self.assert_code(done, 0)
        self.assertEqual(done.stderr, "")
        self.assertEqual((run / "results.csv").read_text(),
                         (self.folder / "other/again/results.csv").read_text())
        self.assert_code(self.run_program("-c", "repeat 2 train; export 10.0.0.1 m.npz"), 0)
        done = self.run_program("run/config.toml", "--quiet", small=False)
        self.assertIn("warning: m.npz is not what it was", done.stderr)

    def test_a_script_names_files_of_keys_and_plans_by_full_paths_too(self):
        # They were relative once, so that the script read other files, or none, from another folder.
        rows = "".join(f"10.0.0.{i + 1},{40 + i}\n" for i in range(4))
        self.write("c 1.csv", "node,ms_per_example\n" + rows)
        self.write("n.csv", "node,from,to\n10.0.0.2,0,1000\n")
        self.assert_code(self.run_program("-c", "train; export 10.0.0.1 m.npz"), 0)
        script = ("set compute.file c 1.csv; set churn.file = n.csv; set churn.name trace; train; "
                  "at 60s import all m.npz; at 70s { repeat 2 { import 10.0.0.1 m.npz }; export all k-{}.npz }; "
                  "every 20s { import all k-{}.npz; set compute.file 'c 1.csv'; set training.lr 0.02 }; run 90s; train; hash all; status")
        first = self.run_program("--keep-going", "--out", "run", "-c", script)
        self.assert_code(first, 3)  # the models of k-{}.npz are there from 70 s on
        here, lines = self.folder, (self.folder / "run/script.del").read_text().splitlines()
        for line in (f'set compute.file "{here}/c 1.csv"', f"set churn.file {here}/n.csv", "set churn.name trace",
                     f"at 60s import all {here}/m.npz",
                     f"at 70s {{ repeat 2 {{ import 10.0.0.1 {here}/m.npz }}; export all k-{{}}.npz }}",
                     f'every 20s {{ import all k-{{}}.npz; set compute.file "{here}/c 1.csv"; set training.lr 0.02 }}'):
            self.assertIn(line, lines)
        (self.folder / "other").mkdir()
        again = subprocess.run([*self.command()[:1], "../run/config.toml", "--keep-going", "-f", "../run/script.del"],
                               capture_output=True, text=True, check=False, cwd=self.folder / "other",
                               env=environment())
        self.assert_code(again, 3)
        models_and_clock = [done.stdout.partition("\nnode")[2] for done in (first, again)]
        self.assertIn("clock 9", models_and_clock[0])
        self.assertEqual(*models_and_clock)

    def test_staleness_is_the_age_of_what_a_tested_node_remembers(self):
        script = "send 10.0.0.1 10.0.0.2; nstep 30ms; send 10.0.0.3 10.0.0.2; nstep 20ms; ag; test; nstep 1s"
        self.assert_code(self.run_program("network.latency=10ms", "--out", "run", "-c", script), 0)
        with open(self.folder / "run" / "metrics.csv", newline="") as file:
            rows = [r for r in csv.DictReader(file) if r["metric"] == "staleness"]
        self.assertEqual([r["node"] for r in rows], ["10.0.0.2"])  # the others remember nobody
        self.assertAlmostEqual(float(rows[0]["value"]), (0.050 + 0.020) / 2)

    def test_loaded_scripts_stand_in_place(self):
        self.write("inner.del", "train 10.0.0.1\n")
        self.write("outer.del", "cycle\nload inner.del\ncycle\n")
        self.assert_code(self.run_program("--out", "run", "-f", "outer.del"), 0)
        script = (self.folder / "run" / "script.del").read_text().splitlines()
        commands = [line for line in script if not line.startswith("#")]
        self.assertEqual(commands, ["cycle", "train 10.0.0.1", "cycle"])
        self.assertTrue(any("inner.del" in line for line in script if line.startswith("#")))

    def test_an_old_run_is_never_overwritten(self):
        run = self.record("run")
        before = (run / "events.jsonl").read_bytes()
        done = self.run_program("--out", "run", "-c", "train")
        self.assert_code(done, 1)
        self.assertIn("--out", done.stderr)
        self.assertEqual((run / "events.jsonl").read_bytes(), before)

    def test_a_place_that_is_no_folder_is_a_file_error(self):
        self.write("file", "")
        self.assert_code(self.run_program("--out", "file/run", "-c", "cycle"), 3)
        self.assert_code(self.run_program("--out", "file", "-c", "cycle"), 3)


class Misfortune(ProgramTest):
    def test_a_kill_leaves_the_results_of_all_finished_commands(self):
        program = self.start("--out", "run")
        for _ in range(3):
            self.say(program, "train; test")
            for _ in range(4):
                while "RESULT" not in program.stdout.readline():
                    pass
        self.say(program, "repeat 1000000 train")
        program.kill()
        program.wait()
        done = [e["command"] for e in self.events("run") if e["type"] == "command_done"]
        self.assertEqual(done[:5], ["train", "test"] * 2 + ["train"])
        tested = sum(e["type"] == "evaluated" for e in self.events("run"))
        self.assertGreaterEqual(tested, 8)  # the third test may have been cut off after its output

    def test_a_full_disk_is_said_once_and_ends_with_the_code_of_files(self):
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))
        done = subprocess.run(self.command("--out", "run", "-c", "repeat 40 { train; test }"), text=True,
                              capture_output=True, cwd=self.folder, env=environment(), timeout=120,
                              preexec_fn=limit, restore_signals=False)
        self.assert_code(done, 3)
        self.assertEqual(done.stderr.count("cannot write"), 1, done.stderr)
        self.assertGreater(len(self.events("run")), 10)

    def test_a_run_that_cannot_begin_leaves_nothing(self):
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
        done = subprocess.run(self.command("--out", "deep/run", "-c", "train"), text=True, capture_output=True,
                              cwd=self.folder, env=environment(), timeout=120, preexec_fn=limit,
                              restore_signals=False)
        self.assert_code(done, 3)
        self.assertEqual(list(self.folder.glob("deep*")), [])
        done = self.run_program("--out", "deep/run", "-c", "train")
        self.assert_code(done, 0)

    def test_no_folder_is_made_for_a_user_who_is_not_there(self):
        done = self.run_program("--out", "~nosuch/run", "-c", "train")
        self.assert_code(done, 3)
        self.assertIn("no such user", done.stderr)
        self.assertEqual(list(self.folder.glob("~*")), [])


if __name__ == "__main__":
    unittest.main()
