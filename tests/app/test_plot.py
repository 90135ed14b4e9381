"""delstep plot and delstep sweep: pictures of recorded runs, and grids of runs."""

import csv
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time
import unittest
from xml.etree import ElementTree

from program import PROGRAM, SMALL, ProgramTest, environment

ROUNDS = "repeat 3 { train; flood; nstep; ag; test; cycle }"
HAS_GNUPLOT = shutil.which("gnuplot") is not None


def table(text):
    return list(csv.DictReader(text.splitlines()))


class Data(ProgramTest):
    """What would be drawn; needs no gnuplot."""

    def setUp(self):
        super().setUp()
        self.assert_code(self.run_program("--out", "run", "-c", ROUNDS), 0)

    def plot(self, *words):
        return self.run_program("plot", *words, small=False)

    def test_the_curve_is_the_mean_of_the_nodes_with_their_spread(self):
        done = self.plot("run", "--data", "--band", "min-max")
        self.assert_code(done, 0)
        drawn = [row for row in table(done.stdout) if row["metric"] == "test_acc"]
        tests = [e for e in self.events("run") if e["type"] == "evaluated"]
        self.assertEqual([row["x"] for row in drawn], ["0", "1", "2"])  # cycles: no time passes here
        for cycle, row in enumerate(drawn):
            values = [e["accuracy"] for e in tests if e["cycle"] == cycle]
            self.assertEqual(len(values), 4)
            self.assertAlmostEqual(float(row["value"]), sum(values) / 4, places=12)
            self.assertEqual((float(row["low"]), float(row["high"])), (min(values), max(values)))
        # Of a cycle the distance after `ag`: in a full mesh all nodes have the same model then.
        distances = [float(row["value"]) for row in table(done.stdout) if row["metric"] == "consensus_distance"]
        self.assertEqual(len(distances), 3)
        self.assertLess(max(distances), 1e-9)

    def test_over_bytes_a_test_stands_at_what_was_sent_before_it(self):
        rows = table(self.plot("run", "--x", "bytes", "--data", "--metric", "test_acc").stdout)
        with open(self.folder / "run/metrics.csv", newline="") as file:
            sent = [r["value"] for r in csv.DictReader(file) if r["metric"] == "total_bytes"]
        self.assertEqual([row["x"] for row in rows], sent)

    def test_contacts_are_counted_over_the_simulated_time(self):
        lines = [{"v": 2, "type": kind, "t": t, "cycle": 0, "a": "10.0.0.1", "b": b}
                 for kind, t, b in (("contact_began", 10 ** 9, "10.0.0.2"), ("contact_began", 2 * 10 ** 9, "10.0.0.3"),
                                    ("contact_ended", 4 * 10 ** 9, "10.0.0.2"))]
        with open(self.folder / "run/events.jsonl", "a") as file:
            file.writelines(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
        rows = table(self.plot("run", "--x", "time", "--metric", "contacts", "--data").stdout)
        self.assertEqual([(row["x"], row["value"]) for row in rows], [("0", "0"), ("1", "1"), ("2", "2"), ("4", "1")])

    def test_runs_that_differ_by_the_seed_are_one_curve(self):
        self.assert_code(self.run_program("--seed", "8", "--out", "other", "-c", ROUNDS), 0)
        self.assert_code(self.run_program("topology.name=ring", "--out", "ring", "-c", ROUNDS), 0)
        rows = table(self.plot("run", "other", "ring", "--data", "--metric", "test_acc").stdout)
        self.assertEqual([(row["setting"], row["runs"]) for row in rows], [("full", "2")] * 3 + [("ring", "1")] * 3)
        # The same configuration with other commands is another curve, called by its folder.
        self.assert_code(self.run_program("--out", "short", "-c", "train; test"), 0)
        rows = table(self.plot("run", "short", "--data", "--metric", "test_acc").stdout)
        self.assertEqual({row["setting"] for row in rows}, {"run", "short"})

    def test_what_is_wrong_is_said(self):
        (self.folder / "empty").mkdir()
        (self.folder / "bad").mkdir()
        self.write("bad/metrics.csv", "run,step,cycle,sim_time,node,group,metric,value\nr,0,0,0,,all,test_acc/mean,1\n"
                                      "r,x,0,0,,all,test_acc/mean,1\n")
        for words, code, said in ((["nowhere"], 3, "there is no folder 'nowhere'"), (["empty"], 3, "no run directory"),
                                  (["bad"], 3, "metrics.csv:3"), (["run/metrics.csv"], 3, "delstep plot run"),
                                  (["run", "--metric", "test_ac"], 2, "test_acc, test_loss"),
                                  (["run", "--metric", "contacts"], 2, "--x time"),
                                  (["run", "--x", "day"], 2, "time, cycle, bytes, step"),
                                  (["run", "--out", "plot.pdf"], 2, ".svg or .png"), ([], 2, "delstep plot DIR"),
                                  (["run", "-c", "train"], 2, "runs nothing")):
            with self.subTest(words=words):
                done = self.plot(*words)
                self.assert_code(done, code)
                self.assertIn(said, done.stderr)
        self.assert_code(self.run_program("--out", "still", "-c", "cycle"), 0)
        done = self.plot("still")
        self.assertIn(done.returncode, (1, 3), done.stderr)
        self.assert_code(self.run_program("--metric", "x", "-c", "train"), 2)

    def test_without_gnuplot_it_says_what_to_install(self):
        done = self.run_program("plot", "run", small=False, PATH="/nowhere")
        self.assert_code(done, 4)
        self.assertIn("apt-get install gnuplot-nox", done.stderr)
        self.assertFalse((self.folder / "run/plot.svg").exists())

    @unittest.skipUnless(HAS_GNUPLOT, "gnuplot is not installed")
    def test_pictures_are_an_svg_and_a_png(self):
        done = self.plot("run", "--title", "it's `touch x` & <b>")
        self.assert_code(done, 0)
        texts = [text.strip() for text in ElementTree.parse(self.folder / "run/plot.svg").getroot().itertext()]
        for text in ("Test accuracy", "Consensus distance", "Cycle", "it's `touch x` & <b>"):
            self.assertIn(text, texts)
        png = (self.folder / "run/plot.png").read_bytes()
        self.assertEqual(png[:8], b"\x89PNG\r\n\x1a\n")
        self.assertFalse((self.folder / "x").exists())
        self.assert_code(self.plot("run", "--out", "mine.svg"), 0)
        self.assertTrue((self.folder / "mine.svg").read_text().startswith("<?xml"))


class Sweep(ProgramTest):
    def sweep(self, *words, **changes):
        return self.run_program("sweep", *words, **changes)

    def test_every_combination_is_run_once_and_gathered(self):
        done = self.sweep("topology.name=ring,full", "seed=1..2", "--out", "s", "-c", ROUNDS)
        self.assert_code(done, 0)
        runs = [f"topology.name={t},seed={s}" for t in ("ring", "full") for s in (1, 2)]
        self.assertEqual(sorted(p.name for p in (self.folder / "s").iterdir()), sorted([*runs, "sweep.csv"]))
        rows = table((self.folder / "s/sweep.csv").read_text())
        self.assertEqual(list(rows[0])[:4], ["topology.name", "seed", "run", "step"])
        self.assertEqual(list(dict.fromkeys(row["run"] for row in rows)), runs)
        for run in runs:
            with open(self.folder / "s" / run / "metrics.csv", newline="") as file:
                own = list(csv.DictReader(file))
            mine = [{k: v for k, v in row.items() if k in own[0]} for row in rows if row["run"] == run]
            self.assertEqual(mine, own)
        # Each run is the one that its command line would be by itself.
        self.assert_code(self.run_program("topology.name=ring", "seed=2", "--out", "alone", "-c", ROUNDS), 0)
        self.assertEqual((self.folder / "alone/events.jsonl").read_text(),
                         (self.folder / "s" / runs[1] / "events.jsonl").read_text())
        drawn = table(self.run_program("plot", "s", "--data", "--metric", "test_acc", small=False).stdout)
        self.assertEqual([(row["setting"], row["runs"]) for row in drawn], [("ring", "2")] * 3 + [("full", "2")] * 3)

    def test_what_is_done_is_not_run_again(self):
        words = ("seed=1,2", "--out", "s", "-c", ROUNDS)
        self.assert_code(self.sweep(*words), 0)
        events = self.folder / "s/seed=1/events.jsonl"
        before = events.stat().st_mtime_ns
        shutil.rmtree(self.folder / "s/seed=2")
        done = self.sweep(*words, "--json")
        self.assert_code(done, 0)
        self.assertEqual([run["skipped"] for run in json.loads(done.stdout)["result"]["runs"]], [True, False])
        self.assertEqual(events.stat().st_mtime_ns, before)
        # Other commands would be other results under the same names.
        done = self.sweep("seed=1,2", "--out", "s", "-c", "train; test")
        self.assert_code(done, 1)
        self.assertIn("--again", done.stderr)
        self.assertEqual(events.stat().st_mtime_ns, before)
        self.assert_code(self.sweep("seed=1,2", "--out", "s", "-c", "train; test", "--again"), 0)
        self.assertNotEqual(events.stat().st_mtime_ns, before)

    def test_records_of_runs_that_failed_are_kept_from_other_commands(self):
        words = ("seed=1,2", "--out", "s", "-c")
        self.assert_code(self.sweep(*words, "train; test; expect test_acc(mean) > 2"), 5)
        events = self.folder / "s/seed=1/events.jsonl"
        before = events.read_bytes()
        done = self.sweep(*words, "train")
        self.assert_code(done, 1)
        self.assertIn("--again", done.stderr)
        self.assertEqual(events.read_bytes(), before)

    def test_a_file_that_has_changed_is_noticed(self):
        self.write("main.del", "repeat 2 { load inner.del }\n")
        self.write("inner.del", "load deep.del\n")
        self.write("deep.del", "train\n")
        self.write("ring.csv", "10.0.0.1,10.0.0.2\n10.0.0.2,10.0.0.3\n10.0.0.3,10.0.0.4\n")
        words = ["topology.name=file", "topology.file=ring.csv", "seed=1,2", "-f", "main.del", "--out", "s"]
        self.assert_code(self.sweep(*words), 0)
        self.assertIn("2 of them before", self.sweep(*words).stdout)
        for name in ("main.del", "inner.del", "deep.del", "ring.csv"):
            with self.subTest(name=name):
                before = (self.folder / name).read_text()
                self.write(name, before + "# more\n")
                done = self.sweep(*words)
                self.assert_code(done, 1)
                self.assertIn("other commands, settings or files", done.stderr)
                self.write(name, before)
                self.assertIn("2 of them before", self.sweep(*words).stdout)

    def test_a_folder_of_an_earlier_version_is_called_so(self):
        words = ("seed=1,2", "--out", "s", "-c", "train; test")
        self.assert_code(self.sweep(*words), 0)
        state = self.folder / "s/seed=1/sweep.state"
        state.write_text("0123456789abcdef done 0123456789abcdef\n")
        done = self.sweep(*words)
        self.assert_code(done, 1)
        self.assertIn("'s/seed=1' was made by an earlier version", done.stderr)
        self.assertIn("--again", done.stderr)
        self.assert_code(self.sweep(*words, "--again"), 0)
        self.assertIn("2 of them before", self.sweep(*words).stdout)

    def test_where_no_run_is_done_there_is_no_table(self):
        words = ("seed=1,2", "--out", "s", "-c")
        self.assert_code(self.sweep(*words, "train; test"), 0)
        self.assertTrue((self.folder / "s/sweep.csv").exists())
        done = self.sweep(*words, "train; test; expect test_acc(mean) > 2", "--again", "--json")
        self.assert_code(done, 5)
        self.assertEqual(json.loads(done.stdout)["result"]["table"], "")
        self.assertFalse((self.folder / "s/sweep.csv").exists())

    def test_a_run_whose_metrics_are_not_what_it_wrote_is_made_anew(self):
        words = ("seed=1..3", "--out", "s", "-c", ROUNDS)
        self.assert_code(self.sweep(*words), 0)
        whole = (self.folder / "s/sweep.csv").read_bytes()
        metrics = self.folder / "s/seed=2/metrics.csv"
        cuts = [lambda: metrics.write_bytes(metrics.read_bytes()[:120]), lambda: metrics.write_bytes(b""), metrics.unlink]
        for cut in cuts:
            cut()
            done = self.sweep(*words, "--json")
            self.assert_code(done, 0)
            self.assertEqual([run["skipped"] for run in json.loads(done.stdout)["result"]["runs"]], [True, False, True])
            self.assertEqual((self.folder / "s/sweep.csv").read_bytes(), whole)

    def test_runs_beside_those_of_the_sweep_are_named(self):
        self.assert_code(self.sweep("seed=1..3", "--out", "s", "-c", ROUNDS), 0)
        done = self.sweep("seed=3..4", "--out", "s", "-c", ROUNDS)
        self.assert_code(done, 0)
        self.assertIn("2 runs of other values are in s, and not in s/sweep.csv", done.stderr)
        self.assertEqual({row["seed"] for row in table((self.folder / "s/sweep.csv").read_text())}, {"3", "4"})

    def test_a_run_that_fails_stops_no_other_and_gives_its_exit_code(self):
        done = self.sweep("data.name=blobs", "data.samples=240", "nodes.count=4,6,8", "--out", "s",
                          "-c", "train; test; expect nodes != 6; cycle", small=False)
        self.assert_code(done, 5)
        self.assertIn("2 of 3 runs done; 1 failed", done.stdout)
        self.assertIn("expect", done.stderr)
        counts = {row["nodes.count"] for row in table((self.folder / "s/sweep.csv").read_text())}
        self.assertEqual(counts, {"4", "8"})

    def test_nothing_runs_where_something_is_wrong(self):
        (self.folder / "taken/seed=1").mkdir(parents=True)
        self.write("taken/seed=1/thesis.txt", "mine")
        for words, code, said in ((["seed=1"], 2, "no key has several values"), (["seed=1,1"], 2, "twice"),
                                  (["training.lr=0.01,1e-2"], 2, "the same run"),
                                  (["network.latency=20ms,0.02s"], 2, "the same run"),
                                  (["seed=5..1"], 2, "goes down"), (["seed=1,"], 2, "empty value"),
                                  (["seed=1,2", "seed=3,4"], 2, "given twice"),
                                  (["topology.name=ring,rin"], 2, "topology.name"),
                                  (["sede=1,2"], 2, "seed"), (["seed=1..9999999"], 2, "100000"),
                                  (["seed=1,2", "--out", "taken"], 1, "no sweep has made"),
                                  (["seed=1,2", "-f", "nowhere.del"], 3, "nowhere.del"),
                                  (["seed=1,2", "--jobs", "0"], 2, "--jobs"), (["seed=1,2", "-i"], 2, "-i"),
                                  (["seed=1,2", "--page"], 2, "--page"),
                                  (["seed=1,2", "--page-bind", "127.0.0.1"], 2, "--page-bind")):
            with self.subTest(words=words):
                out = [] if "--out" in words else ["--out", "s"]
                script = [] if "-f" in words else ["-c", "train"]
                done = self.sweep(*words, *out, *script)
                self.assert_code(done, code)
                self.assertIn(said, done.stderr)
                self.assertFalse((self.folder / "s").exists())
        self.assertEqual((self.folder / "taken/seed=1/thesis.txt").read_text(), "mine")
        self.assert_code(self.sweep("seed=1,2", "-c", "train"), 2)  # no --out

    def test_the_script_is_the_scenarios_own_one(self):
        self.write("mine.toml", 'seed = 3\n[data]\nname = "blobs"\nsamples = 240\n[nodes]\ncount = 4\n')
        done = self.run_program("sweep", "mine.toml", "seed=1,2", "--out", "s", small=False)
        self.assert_code(done, 2)
        self.assertIn("no script of its own", done.stderr)
        self.write("mine.del", "train\ntest\n")
        self.assert_code(self.run_program("sweep", "mine.toml", "seed=1,2", "--out", "s", small=False), 0)
        self.assertIn("test", (self.folder / "s/seed=2/script.del").read_text().splitlines())

    def test_values_may_be_lists_and_names_of_folders_stay_tame(self):
        self.assert_code(self.sweep("model.hidden=[4],[8,4]", "network.latency=1ms,\"uniform(1ms,2ms)\"", "--out", "s",
                                    "-c", "train; test"), 0)
        names = sorted(p.name for p in (self.folder / "s").iterdir() if p.is_dir())
        self.assertEqual(len(names), 4)
        self.assertIn("model.hidden=[8,4],network.latency=1ms", names)
        for name in names:
            self.assertRegex(name, r"^[\w.=,+@()\[\]-]+$")

    LONG = ("seed=1,2,3", "--jobs", "1", "--out", "s", "-c", "train; test; repeat 1000000 { train }")

    def start_long(self, *words):
        """Returns a sweep whose first run is under way."""
        events = self.folder / "s/seed=1/events.jsonl"
        events.unlink(missing_ok=True)
        program = subprocess.Popen([PROGRAM, "sweep", *SMALL, *self.LONG, *words], cwd=self.folder, env=environment(),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.put_down_sweep, program)
        while not (events.exists() and events.stat().st_size > 2000):
            self.assertIsNone(program.poll())
            time.sleep(0.01)
        return program

    @staticmethod
    def put_down_sweep(program):
        program.kill()
        program.communicate()

    def test_two_sweeps_do_not_work_in_one_folder(self):
        program = self.start_long()
        done = self.sweep(*self.LONG)
        self.assert_code(done, 1)
        self.assertIn("another sweep works in 's'", done.stderr)
        self.assertIn(f"process {program.pid} on ", done.stderr)
        self.assertIsNone(program.poll())
        self.assertTrue((self.folder / "s/seed=1/events.jsonl").exists())

    def test_a_sweep_with_again_that_was_stopped_is_gone_on_with(self):
        self.assert_code(self.sweep("seed=1,2,3", "--out", "s", "-c", "train"), 0)
        program = self.start_long("--again")
        program.send_signal(signal.SIGINT)
        program.communicate()
        # None is refused, and none counts as done: not the ones either that were not begun.
        program = self.start_long()
        program.send_signal(signal.SIGINT)
        out, err = program.communicate()
        self.assertEqual(program.returncode, 130, err)
        self.assertIn("0 of 3 runs done", out)

    def test_ctrl_c_ends_the_runs_and_keeps_what_is_done(self):
        program = self.start_long()
        program.send_signal(signal.SIGINT)
        out, err = program.communicate(timeout=60)
        self.assertEqual(program.returncode, 130, err)
        # The run under way did not fail.
        self.assertEqual(out, "0 of 3 runs done; stopped with 3 to do: the same command goes on\n")
        self.assertFalse((self.folder / "s/seed=3").exists())
        # Nobody is left: the process of the run has ended before.
        here = os.fspath(self.folder)
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                self.assertNotEqual(os.readlink(process / "cwd"), here)
            except OSError:
                pass


if __name__ == "__main__":
    unittest.main()
