"""Checkpoints through the program: a run that goes on in another process is the run that was never stopped."""

import json
import os
import re
import signal
import subprocess
import unittest
import zipfile

from program import ProgramTest, environment

LATENCY = ["network.latency=30ms", "network.loss=0.1"]
ROUND = "train; flood; nstep 10ms; step; test global; gossip 1; nstep 15ms; cycle"


class CheckpointTest(ProgramTest):
    def events_text(self, run):
        return (self.folder / run / "events.jsonl").read_text()

    def resume(self, *words, text="", **changes):
        return self.run_program("--resume", *words, text=text, small=False, **changes)

    def assert_goes_on(self, whole, begun, resumed):
        """The events of both parts, one after the other, are those of the run that was never stopped."""
        self.assertEqual(self.events_text(begun) + self.events_text(resumed), self.events_text(whole))


class Resume(CheckpointTest):
    def test_nodes_that_joined_or_left_are_no_contradiction(self):
        # A note said "nodes.count = 3, as  has (not 4, as command line says)".
        for change in ("node remove 10.0.0.1", "node add like 10.0.0.2"):
            self.assert_code(self.run_program("-c", f"{change}; checkpoint n.ckpt"), 0)
            done = self.resume("n.ckpt", "-c", "hash")
            self.assert_code(done, 0)
            self.assertNotIn("nodes.count", done.stderr)

    def test_tables_of_nodes_are_in_it(self):
        # The files were read again: what they held by then counted, and without them nothing went on.
        self.write("c.csv", "10.0.0.1,40\n")
        self.write("n.csv", "10.0.0.2,0,5\n")
        words = ["compute.file=c.csv", "churn.name=trace", "churn.file=n.csv"]
        script = "train 10.0.0.1; undo; checkpoint a.ckpt; train 10.0.0.1; hash; run 10s; hash"
        whole = self.run_program(*words, "-c", script, "--out", "run")
        self.assert_code(whole, 0)
        hashes = re.findall(r"\b[0-9a-f]{16}\b", whole.stdout)
        self.assertEqual(len(set(hashes)), 2)
        for change in (lambda: (self.write("c.csv", "10.0.0.1,70\n"), self.write("n.csv", "10.0.0.2,0,7\n")),
                       lambda: [(self.folder / name).unlink() for name in ("c.csv", "n.csv")]):
            change()
            done = self.resume("a.ckpt", "-c", "train 10.0.0.1; hash; run 10s; hash")
            self.assert_code(done, 0)
            self.assertEqual(re.findall(r"\b[0-9a-f]{16}\b", done.stdout), hashes)
            self.assertNotIn("warning", done.stderr)
        # A run that begins anew reads them.
        self.write("c.csv", "10.0.0.1,70\n")
        self.write("n.csv", "10.0.0.2,0,5\n")
        done = self.run_program("run/config.toml", "-c", "hash", small=False)
        self.assertIn("warning: c.csv is not what it was", done.stderr)
        self.assertNotIn("n.csv is not", done.stderr)

    def test_a_file_that_is_read_again_and_has_changed_is_named(self):
        trace = "time,node,x,y\n0,a,0,0\n0,b,1,1\n9,a,5,5\n9,b,6,6\n"
        self.write("t.csv", trace)
        words = ["mobility.name=trace", "mobility.file=t.csv", "topology.name=radio", "nodes.count=2"]
        self.assert_code(self.run_program(*words, "-c", "run 1s; checkpoint a.ckpt"), 0)
        done = self.resume("a.ckpt", "-c", "hash")
        self.assert_code(done, 0)
        self.assertNotIn("warning", done.stderr)
        self.write("t.csv", trace.replace("5,5", "7,7"))
        done = self.resume("a.ckpt", "-c", "hash")
        self.assert_code(done, 0)
        self.assertIn("warning: t.csv is not what it was when a.ckpt was written", done.stderr)
        # Nodes that stay where they are read no trace.
        self.assert_code(self.run_program("mobility.file=t.csv", "-c", "checkpoint b.ckpt"), 0)
        self.write("t.csv", trace)
        done = self.resume("b.ckpt", "-c", "hash")
        self.assert_code(done, 0)
        self.assertNotIn("is not what it was", done.stderr)

    def test_a_script_goes_on_at_the_command_after_the_checkpoint(self):
        self.write("round.del", f"{ROUND}\nrepeat 2 {{ train; checkpoint here.ckpt; ag }}\n")
        self.write("main.del", "repeat 3 {\n  load round.del\n  lrate 0.5 10.0.0.2\n}\ntest\n")
        # The last checkpoint is in the second part of the third round.
        self.assert_code(self.run_program(*LATENCY, "-f", "main.del", "-c", "log results; stats", "--out", "whole"), 0)
        whole = self.events_text("whole")
        (self.folder / "round.del").unlink()  # loaded files are in the checkpoint
        done = self.resume("here.ckpt", "--out", "more")
        self.assert_code(done, 0)
        more = self.events_text("more")
        self.assertTrue(whole.endswith(more))
        self.assertIn('"evaluated"', more)
        # The second argument of the run, too, and the log from its beginning.
        self.assertEqual(done.stdout.count("RESULT"), 4 * 3 + 4 + 4)
        self.assertIn("consensus", done.stdout)

    def test_going_back_reaches_before_the_checkpoint(self):
        first = "train; mark a; flood; undo; train 10.0.0.1; break deliver"
        then = "goto a; switch main; nstep; break; undo 2; train 10.0.0.2; diff a"
        whole = self.run_program(*LATENCY, "-c", f"{first}; checkpoint a.ckpt; {then}; history", "--out", "whole")
        self.assert_code(whole, 0)
        self.assert_code(self.run_program(*LATENCY, "-c", f"{first}; checkpoint a.ckpt", "--out", "begun"), 0)
        done = self.resume("a.ckpt", "-c", f"{then}; history", "--out", "resumed")
        self.assert_code(done, 0)
        self.assert_goes_on("whole", "begun", "resumed")
        self.assertTrue(done.stdout)
        self.assertTrue(whole.stdout.endswith(done.stdout))

    def test_settings_and_origins_come_back(self):
        self.write("exp.toml", "[training]\nlr = 0.02\n")
        done = self.run_program("exp.toml", "data.name=blobs", "training.batch_size=16", "-c",
                                "set training.momentum 0.5; set training.epochs 2 10.0.0.1; config show; checkpoint a",
                                small=False)
        self.assert_code(done, 0)
        again = self.resume("a", "-c", "config show; status 10.0.0.1")
        self.assert_code(again, 0)
        def shown(text):
            return [line for line in text.splitlines() if line.startswith("training.") and "  " in line]

        told = shown(done.stdout)
        self.assertEqual(shown(again.stdout), told)
        self.assertTrue(any("exp.toml:2" in line for line in told))
        self.assertTrue(any(line.endswith("set") for line in told))

    def test_is_refused_beside_what_belongs_to_the_start(self):
        self.assert_code(self.run_program("-c", "checkpoint a"), 0)
        for words in (["training.lr=0.1"], ["seed=3"], ["--seed", "3"], ["mnist-12"], ["--portable"]):
            done = self.resume("a", *words, "-c", "status")
            self.assert_code(done, 2)
            self.assertIn("beside --resume", done.stderr)
        for words in (["training.threads=2"], ["data.path="], ["--json"], ["--out", "x"], ["-v"]):
            self.assert_code(self.resume("a", *words, "-c", "status"), 0)

    def test_other_commands_drop_what_was_queued_and_say_so(self):
        self.write("main.del", "checkpoint a\ntrain 10.0.0.3\ntrain\n")
        self.assert_code(self.run_program("-f", "main.del"), 0)
        done = self.resume("a", "-c", "echo other")
        self.assert_code(done, 0)
        self.assertEqual(done.stdout, "other\n")
        self.assertIn("train 10.0.0.3 (main.del:2)", done.stderr)
        done = self.resume("a", "--json", "-i", text='{"id":1,"cmd":"echo asked"}\n')
        self.assertIn("main.del:2", done.stderr)
        self.assertEqual([json.loads(line)["cmd"] for line in done.stdout.splitlines()], ["echo asked"])
        # Alone it goes on.
        done = self.resume("a")
        self.assert_code(done, 0)
        self.assertEqual(done.stdout.count("trained"), 2, done.stdout)

    def test_a_script_that_was_at_its_end_has_loaded_nothing_more(self):
        # Errors of other commands said "loaded from b.del:1".
        self.write("b.del", "checkpoint b.ckpt\n")
        self.write("c.del", "send 10.0.0.9 10.0.0.1\n")
        self.assert_code(self.run_program("-f", "b.del"), 0)
        for words, text in ((["-f", "c.del"], ""), ([], "send 10.0.0.9 10.0.0.1\n")):
            done = self.resume("b.ckpt", *words, text=text)
            self.assertIn("no node named '10.0.0.9'", done.stderr)
            self.assertNotIn("loaded from", done.stderr)

    def test_where_nothing_was_queued_commands_come_from_standard_input(self):
        self.assert_code(self.run_program("-c", "cycle; checkpoint a"), 0)
        done = self.resume("a", text="status\n")
        self.assert_code(done, 0)
        self.assertIn("cycle", done.stdout)

    def test_the_exit_code_so_far_counts(self):
        done = self.run_program("--keep-going", "-c", "group nobody train; checkpoint a; train; train 10.9.9.9; echo end")
        self.assert_code(done, 1)
        done = self.resume("a")
        self.assert_code(done, 1)
        self.assertIn("end", done.stdout)

    def test_a_checkpoint_can_be_looked_into(self):
        self.assert_code(self.run_program("-c", "cycle; checkpoint a; train"), 0)
        with zipfile.ZipFile(self.folder / "a") as archive:
            self.assertIsNone(archive.testzip())
            manifest = json.loads(archive.read("manifest.json"))
            self.assertEqual((manifest["v"], manifest["cycle"], manifest["nodes"]), (2, 1, 4))
            self.assertEqual(manifest["next"], "train (-c:1)")
            self.assertIn(b"[training]", archive.read("config.toml"))

    def test_json_says_the_file_and_its_size(self):
        done = self.run_program("--json", "-c", "checkpoint a")
        result = json.loads(done.stdout)["result"]
        self.assertEqual(result, {"file": "a", "bytes": os.path.getsize(self.folder / "a")})

    def test_every_learner_goes_on(self):
        learners = self.run_program("--version").stdout
        models = [["data.name=blobs"], ["data.name=blobs", "training.optimizer=adam", "model.dropout=0.2"]]
        if not any("torch" in line and "absent" in line for line in learners.splitlines()):
            pictures = ["data.name=mnist", "partition.samples_per_node=20", "training.batch_size=10"]
            models += [[*pictures, "model.name=cnn"], [*pictures, "model.name=resnet20"]]
        for model in models:
            words = [*model, "nodes.count=3", "training.epochs=1", *LATENCY]
            script = f"{ROUND}; checkpoint a; echo behind; {ROUND}; test"
            for path in ("whole", "more"):
                subprocess.run(["rm", "-rf", str(self.folder / path)], check=True)
            self.assert_code(self.run_program(*words, "-c", script, "--out", "whole", small=False), 0)
            self.assert_code(self.resume("a", "--out", "more"), 0)
            self.assertTrue(self.events_text("whole").endswith(self.events_text("more")), model)


class Refusals(CheckpointTest):
    def test_what_is_no_checkpoint_is_refused_by_name(self):
        self.write("text", "train\n")
        with zipfile.ZipFile(self.folder / "other.zip", "w") as archive:
            archive.writestr("x", "y")
        (self.folder / "empty").write_bytes(b"")
        for name in ("text", "other.zip", "empty", "missing", "."):
            done = self.resume(name, "-c", "status")
            self.assert_code(done, 3)
            self.assertIn(f"'{name}'", done.stderr)

    def test_another_format_is_refused_by_name(self):
        self.assert_code(self.run_program("-c", "checkpoint a"), 0)
        self.change("a", "manifest.json", lambda text: text.replace(b'"v": 2', b'"v": 7'))
        done = self.resume("a", "-c", "status")
        self.assert_code(done, 3)
        self.assertIn("format 7", done.stderr)

    def test_other_data_are_refused_by_name(self):
        self.assert_code(self.run_program("-c", "checkpoint a"), 0)
        self.change("a", "config.toml", lambda text: text.replace(b"samples = 240", b"samples = 241"))
        done = self.resume("a", "-c", "status")
        self.assert_code(done, 3)
        self.assertIn("240 examples of blobs", done.stderr)
        self.assertIn("241 examples", done.stderr)

    def test_another_layout_is_refused_by_name(self):
        self.assert_code(self.run_program("model.hidden=[5]", "-c", "checkpoint a"), 0)
        self.change("a", "config.toml", lambda text: text.replace(b"hidden = [5]", b"hidden = [6]"))
        done = self.resume("a", "-c", "status")
        self.assert_code(done, 3)
        self.assertIn("another layout", done.stderr)

    def change(self, name, entry, how):
        """Repacks it with one entry changed."""
        with zipfile.ZipFile(self.folder / name) as archive:
            entries = {info.filename: archive.read(info) for info in archive.infolist()}
        changed = how(entries[entry])
        self.assertNotEqual(changed, entries[entry])
        with zipfile.ZipFile(self.folder / name, "w") as archive:
            for info, content in {**entries, entry: changed}.items():
                archive.writestr(info, content)

    def test_a_file_cut_anywhere_is_refused_by_name(self):
        self.assert_code(self.run_program("nodes.count=2", "data.samples=20", "data.features=1", "model.hidden=[1]",
                                          "-c", "checkpoint a"), 0)
        whole = (self.folder / "a").read_bytes()
        for size in range(0, len(whole), max(1, len(whole) // 60)):
            (self.folder / "cut").write_bytes(whole[:size])
            done = self.resume("cut", "-c", "status")
            self.assert_code(done, 3)
            self.assertIn("'cut'", done.stderr)

    def test_arguments_that_do_not_fit_are_usage_errors(self):
        for words in (["--checkpoint-every", "30s"], ["--checkpoint", "a", "--checkpoint-every", "0commands"],
                      ["--checkpoint", "a", "--checkpoint-every", "often"], ["--checkpoint", "a", "--checkpoint-every", "0s"],
                      ["--resume"], ["--checkpoint"], ["doctor", "--resume", "a"]):
            self.assert_code(self.run_program(*words, small=False), 2)

    def test_a_missing_folder_is_said_before_the_run(self):
        done = self.run_program("--checkpoint", "none/a", "-c", "train")
        self.assert_code(done, 3)
        self.assertEqual(done.stdout, "")
        self.assert_code(self.run_program("-c", "checkpoint none/a"), 3)


class ByItself(CheckpointTest):
    EVERY = ["--checkpoint", "auto.ckpt", "--checkpoint-every"]

    def script(self, rounds):
        return f"repeat {rounds} {{ {ROUND} }}"

    def test_a_run_that_is_killed_at_any_time_goes_on(self):
        self.assert_code(self.run_program(*LATENCY, "-c", self.script(10), "--out", "whole"), 0)
        whole = self.events_text("whole")
        for kill_after in (3, 9, 30):
            run = f"killed-{kill_after}"
            program = self.start(*LATENCY, *self.EVERY, "1commands", "-c", self.script(10), "--out", run)
            for _ in range(kill_after):
                program.stdout.readline()
            program.kill()
            program.wait()
            # Whatever the kill came into: the file is whole.
            done = self.resume("auto.ckpt", "--out", f"more-{kill_after}")
            self.assert_code(done, 0)
            more = self.events_text(f"more-{kill_after}")
            self.assertTrue(whole.endswith(more))
            self.assertGreater(len(more), 0)
            self.assertTrue(whole.startswith(self.events_text(run).rsplit("\n", 1)[0]))

    def test_a_kill_in_the_middle_of_writing_leaves_the_old_one(self):
        # A model so large that writing takes a while.
        program = self.start("data.features=400", "model.hidden=[4000]", *self.EVERY, "1commands", "-c", "repeat 1000 cycle")
        auto = self.folder / "auto.ckpt"
        while not auto.exists() or not list(self.folder.glob("auto.ckpt.*")):
            self.assertIsNone(program.poll())
        program.kill()
        program.wait()
        self.assertTrue(list(self.folder.glob("auto.ckpt.*")), "the new one was not done")
        self.assert_code(self.resume("auto.ckpt", "-c", "status"), 0)

    def test_a_request_to_end_writes_one_before_the_command_that_it_stopped(self):
        words = [*LATENCY, "training.epochs=4000"]
        self.assert_code(self.run_program(*words, "-c", self.script(4), "--out", "whole"), 0)
        program = self.start(*words, "--checkpoint", "auto.ckpt", "-c", self.script(4), "--out", "begun")
        for _ in range(8):
            program.stdout.readline()
        program.send_signal(signal.SIGTERM)
        _, told = program.communicate(timeout=60)
        self.assertEqual(program.returncode, 143)
        self.assertIn("--resume auto.ckpt goes on", told)
        done = self.resume("auto.ckpt", "--out", "more")
        self.assert_code(done, 0)
        self.assertTrue(self.events_text("whole").endswith(self.events_text("more")))

    def test_what_a_stopped_command_has_done_is_not_in_it(self):
        # It would train for hours, and some nodes are done before others.
        program = self.start("training.epochs=1000000", "--checkpoint", "auto.ckpt", "-c",
                             "cycle; set training.epochs 1 10.0.0.1; train; echo never")
        program.stdout.readline()
        program.stdout.readline()
        program.send_signal(signal.SIGTERM)
        output, _ = program.communicate(timeout=60)
        self.assertEqual((program.returncode, output), (143, ""))
        with zipfile.ZipFile(self.folder / "auto.ckpt") as archive:
            self.assertEqual(json.loads(archive.read("manifest.json"))["next"], "train (-c:1)")
        done = self.resume("auto.ckpt", "--json", "-c", "status")
        self.assertEqual([node["trainings"] for node in json.loads(done.stdout)["result"]["nodes"]], [0] * 4)

    def test_every_so_many_commands(self):
        self.assert_code(self.run_program(*self.EVERY, "3commands", "-c", "train; cycle; cycle; cycle; train"), 0)
        with zipfile.ZipFile(self.folder / "auto.ckpt") as archive:
            # After three commands, and not after five.
            self.assertEqual(json.loads(archive.read("manifest.json"))["cycle"], 2)

    def test_a_run_that_goes_on_saves_itself_too(self):
        self.assert_code(self.run_program(*self.EVERY, "3commands", "-c", "repeat 8 cycle"), 0)
        self.assert_code(self.resume("auto.ckpt", *self.EVERY, "1commands"), 0)
        with zipfile.ZipFile(self.folder / "auto.ckpt") as archive:
            self.assertEqual(json.loads(archive.read("manifest.json"))["cycle"], 8)

    def test_a_full_disk_leaves_the_old_one_and_is_said_once(self):
        self.assert_code(self.run_program("-c", "cycle; checkpoint auto.ckpt"), 0)
        before = (self.folder / "auto.ckpt").read_bytes()
        # A limit of the size of files is a full disk for one program.
        words = self.command(*self.EVERY, "1commands", "-c", "repeat 5 train; echo end")
        limited = ["bash", "-c", 'ulimit -f 1; exec "$@"', "bash", *words]
        done = subprocess.run(limited, capture_output=True, text=True, cwd=self.folder, env=environment(), timeout=60,
                              stdin=subprocess.DEVNULL, check=False)
        self.assert_code(done, 3)
        self.assertEqual(done.stderr.count("cannot write"), 1, done.stderr)
        self.assertIn("end", done.stdout)
        self.assertEqual((self.folder / "auto.ckpt").read_bytes(), before)
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ["auto.ckpt"])


if __name__ == "__main__":
    unittest.main()
