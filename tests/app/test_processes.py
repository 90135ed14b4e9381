"""Runs on several processes by mpirun: the same as one process, bit for bit; loudly skipped without mpirun."""

import contextlib
import json
import os
import pathlib
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
import unittest
import zipfile

from program import PROGRAM, SMALL, ProgramTest, environment

BUILT_WITH_MPI = (pathlib.Path(PROGRAM).parent / "delstep_mpi.so").exists()
MPIRUN = shutil.which("mpirun") if BUILT_WITH_MPI else None
SANITIZED = any(name in pathlib.Path(PROGRAM).read_bytes() for name in (b"__asan_init", b"__tsan_init"))
# Going back, a node that comes back and one that leaves, labels, attacks, another optimizer: whatever makes
# or moves rows.
EVERYTHING = """train
flood
nstep
ag
test
gossip 2
nstep
ag
train 10.0.0.2 10.0.0.5
hash
undo
node down 10.0.0.3
train
flood
nstep
ag
node up 10.0.0.3
node remove 10.0.0.4
train
flood
nstep
step
test local
hash
goto 3
hash
labels 10.0.0.1 flip 0 1
attack noise 0.1 10.0.0.2
attack sign-flip 10.0.0.6
train
flood
nstep
ag
set training.optimizer sgd
train
test
status
neighborhood 10.0.0.1
stats
hash
"""
NODES = 7


def without_memory(text):
    """The figures of the process itself differ."""
    return [line for line in text.splitlines() if not line.startswith("memory ")]


@unittest.skipUnless(MPIRUN, "no mpirun, or a program without MPI")
class Processes(ProgramTest):
    @staticmethod
    def starter(processes):
        root = ["--allow-run-as-root"] if os.geteuid() == 0 else []
        return [MPIRUN, *root, "--oversubscribe", "-n", str(processes)]

    def command(self, *words, processes=1):
        return (self.starter(processes) if processes > 1 else []) + [PROGRAM, *SMALL, f"nodes.count={NODES}", *words]

    def play(self, *words, text="", processes=1):
        return subprocess.run(self.command(*words, processes=processes), input=text, capture_output=True, text=True,
                              cwd=self.folder, env=environment(), timeout=self.TIMEOUT, check=False)

    def test_everything_is_as_with_one_process(self):
        alone = self.play("--keep-going", text=EVERYTHING)
        self.assert_code(alone, 0)
        self.assertEqual(len(re.findall(r"^[0-9a-f]{16}$", alone.stdout, re.M)), 4)
        for processes in (2, 3, 4):
            with self.subTest(processes=processes):
                many = self.play("--keep-going", text=EVERYTHING, processes=processes)
                self.assert_code(many, 0)
                self.assertEqual(without_memory(many.stdout), without_memory(alone.stdout))

    def test_every_rule_and_compressor_gives_the_same(self):
        rounds = ("train; flood; nstep; ag; attack noise 0.1 10.0.0.2; attack same 10.0.0.5 10.0.0.6; attack scale 2 10.0.0.7;"
                  "train; flood; nstep; ag; gossip 2; nstep; flood; nstep; ag; test; hash")
        ways = [[f"aggregation.name={name}"] for name in ("encounter", "dpsgd", "median", "trimmed-mean", "krum")]
        ways += [[f"compression.name={name}", f"aggregation.share={share}"]
                 for name in ("top-k", "random-k", "int8", "stochastic") for share in ("parameters", "deltas")]
        # Rules that look at models, where these are changes.
        ways += [[f"aggregation.name={name}", f"aggregation.share={share}"]
                 for name in ("median", "krum") for share in ("deltas", "gradients")]
        ways += [["aggregation.name=median", "aggregation.share=deltas", "compression.name=top-k"],
                 ["compression.name=top-k", "compression.error_feedback=false"],
                 ["compression.name=top-k", "model.init=per-node"],
                 ["aggregation.share=gradients"], ["model.init=per-node"], ["training.proximal_mu=0.1"],
                 ["aggregation.rate=0.5", "aggregation.name=krum"]]
        for way in ways:
            with self.subTest(way=way):
                alone, many = (self.play(*way, "-c", rounds, processes=n) for n in (1, 3))
                self.assert_code(many, 0)
                self.assertEqual(many.stdout, alone.stdout)

    def test_events_and_metrics_are_byte_for_byte_the_same(self):
        commands = "train; flood; nstep; ag; test; gossip 1; nstep; ag; test local"
        for processes in (1, 3):
            self.assert_code(self.play("--out", f"of-{processes}", "-c", commands, processes=processes), 0)
        for name in ("events.jsonl", "metrics.csv", "results.csv"):
            one, three = ((self.folder / f"of-{n}" / name).read_text() for n in (1, 3))
            # The name of the run differs, and how long a command took is the clock's.
            one, three = (re.sub(r'"wall_ms":[^,}]*', "", re.sub(r"of-\d", "", text)) for text in (one, three))
            self.assertEqual(three.splitlines(), one.splitlines(), name)

    def test_each_process_keeps_its_nodes_and_trains_them(self):
        done = self.play("--json", "-c", "train; train; stats memory", processes=3)
        self.assert_code(done, 0)
        results = [json.loads(line) for line in done.stdout.splitlines() if "stats memory" in line]
        processes = results[-1]["result"]["processes"]
        # 7 nodes over 3 processes: 3, 2, 2; each was trained twice.
        self.assertEqual([p["kept_nodes"] for p in processes], [3, 2, 2])
        self.assertEqual([p["trainings"] for p in processes], [6, 4, 4])
        self.assertEqual([p["process"] for p in processes], [0, 1, 2])
        row = processes[1]["row_bytes"] / processes[1]["rows"]
        for process in processes:
            # A model and a state for each node at least, and what the two moments before need.
            self.assertGreaterEqual(process["rows"], 2 * process["kept_nodes"])
            self.assertLessEqual(process["rows"], 2 * (3 * process["kept_nodes"] + 1))
            self.assertGreater(row, 0)
        # All begin with the same two rows, and nothing was exchanged: each other process has received those.
        self.assertEqual([p["received_bytes"] for p in processes][0], 0)
        self.assertEqual(processes[1]["received_bytes"], processes[2]["received_bytes"])

    def test_a_checkpoint_goes_on_with_another_number_of_processes(self):
        first = "train; flood; nstep; ag; train; checkpoint run.ckpt"
        rest = "flood; nstep; ag; train; test; hash"
        whole = self.play("-c", f"train; flood; nstep; ag; train; {rest}")
        self.assert_code(whole, 0)
        self.assert_code(self.play("-c", first, processes=3), 0)
        for processes in (1, 2, 4):
            with self.subTest(processes=processes):
                done = self.resumed("-c", rest, processes=processes)
                self.assert_code(done, 0)
                self.assertEqual(done.stdout.splitlines()[-1], whole.stdout.splitlines()[-1])

    CHECKPOINT = "train; flood; nstep; ag; train; checkpoint run.ckpt"

    def test_a_checkpoint_has_the_bytes_of_one_process_and_nothing_travels_for_it(self):
        self.assert_code(self.play("-c", self.CHECKPOINT), 0)
        alone = (self.folder / "run.ckpt").read_bytes()
        for processes in (2, 3):
            with self.subTest(processes=processes):
                done = self.play("--json", "-c", "train; stats memory; checkpoint run.ckpt; stats memory",
                                 processes=processes)
                self.assert_code(done, 0)
                stats = [json.loads(line)["result"]["processes"] for line in done.stdout.splitlines()
                         if "stats memory" in line]
                self.assertEqual([p["received_bytes"] for p in stats[1]], [p["received_bytes"] for p in stats[0]])
                self.assert_code(self.play("-c", self.CHECKPOINT, processes=processes), 0)
                self.assertEqual((self.folder / "run.ckpt").read_bytes(), alone)

    def resumed(self, *words, processes):
        command = self.command(processes=processes)
        command = command[:command.index(PROGRAM) + 1] + ["--resume", "run.ckpt", *words]
        return subprocess.run(command, capture_output=True, text=True, cwd=self.folder, env=environment(),
                              timeout=self.TIMEOUT, check=False)

    def test_each_process_reads_its_own_models_from_a_checkpoint(self):
        self.assert_code(self.play("-c", self.CHECKPOINT), 0)
        done = self.resumed("--json", "-c", "train; stats memory", processes=3)
        self.assert_code(done, 0)
        result = [json.loads(line) for line in done.stdout.splitlines() if "stats memory" in line][-1]["result"]
        self.assertEqual([p["received_bytes"] for p in result["processes"]], [0, 0, 0])
        self.assertEqual([p["trainings"] for p in result["processes"]], [3, 2, 2])

    def test_a_damaged_checkpoint_is_found_by_whoever_reads_it(self):
        self.assert_code(self.play("-c", self.CHECKPOINT), 0)
        whole = (self.folder / "run.ckpt").read_bytes()
        with zipfile.ZipFile(self.folder / "run.ckpt") as archive:
            state = archive.read("world.bin")
        begin = whole.index(state)
        # The last byte is one of the last row, and the middle one of some row.
        for at in (begin + len(state) - 1, begin + len(state) // 2):
            (self.folder / "run.ckpt").write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
            for processes in (1, 3):
                done = self.resumed("-c", "train", processes=processes)
                self.assertEqual(done.returncode, 3, done.stderr)
                self.assertIn("run.ckpt", done.stderr)
        self.assertIn("check sum", done.stderr)
        (self.folder / "run.ckpt").write_bytes(whole[:len(whole) // 2])
        self.assertEqual(self.resumed("-c", "train", processes=3).returncode, 3)

    def test_a_member_that_cannot_write_leaves_the_old_checkpoint_and_the_run(self):
        program = subprocess.Popen(self.command("--keep-going", processes=3), stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1,
                                   cwd=self.folder, env=environment())
        self.addCleanup(self.put_down, program)
        self.say(program, "train; checkpoint run.ckpt")
        self.assertTrue(any(line.startswith("wrote run.ckpt") for line in program.stdout))
        before = (self.folder / "run.ckpt").read_bytes()
        # A limit of the size of files is a full disk for one process.
        children = pathlib.Path(f"/proc/{program.pid}/task/{program.pid}/children").read_text().split()
        resource.prlimit(int(children[1]), resource.RLIMIT_FSIZE, (1000, resource.RLIM_INFINITY))
        out, errors = program.communicate("train; checkpoint run.ckpt\ntrain\necho end\n", timeout=self.TIMEOUT)
        self.assertEqual(program.returncode, 3, errors)
        self.assertIn(f"process 1: cannot write '{self.folder}/run.ckpt': File too large", errors)
        self.assertIn("end", out)
        self.assertEqual((self.folder / "run.ckpt").read_bytes(), before)
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ["run.ckpt"])

    def test_a_member_that_does_not_see_the_folder_sends_its_models(self):
        if subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode != 0:
            self.skipTest("no mount namespaces: a folder that one process does not see IS NOT TESTED")
        self.assert_code(self.play("-c", self.CHECKPOINT), 0)
        alone = (self.folder / "run.ckpt").read_bytes()
        (self.folder / "run.ckpt").unlink()
        hide = f'mount -t tmpfs none {self.folder} && exec "$@"'
        script = f'if [ "$OMPI_COMM_WORLD_RANK" = 1 ]; then exec unshare -m bash -c \'{hide}\' bash "$@"; fi; exec "$@"'
        command = [*self.starter(3), "bash", "-c", script, "bash", *self.command("-c", self.CHECKPOINT)]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, env=environment(),
                              timeout=self.TIMEOUT, stdin=subprocess.DEVNULL, check=False)
        self.assert_code(done, 0)
        self.assertIn("process 1 cannot see its folder", done.stdout)
        self.assertEqual((self.folder / "run.ckpt").read_bytes(), alone)

    def test_errors_and_exit_codes_are_those_of_the_first_process(self):
        for commands, code in (("train 10.0.0.99", 1), ("tarin", 2), ("expect nodes == 8", 5)):
            done = self.play("-c", commands, processes=2)
            self.assertEqual(done.returncode, code, done.stderr)
            alone = self.play("-c", commands)
            self.assertIn(alone.stderr, done.stderr)
        for words in (["--version"], ["--help"], ["training.lr=no"]):
            done = self.play(*words, processes=2)
            self.assertEqual(done.stdout, self.play(*words).stdout)

    def sweep(self, folder, processes=1):
        small = [word for word in SMALL if not word.startswith("nodes")]
        return subprocess.run([*(self.starter(processes) if processes > 1 else []), PROGRAM, "sweep", *small,
                               "nodes.count=4,5", "seed=1..3", "-f", "run.del", "--out", folder],
                              capture_output=True, text=True, cwd=self.folder, env=environment(),
                              timeout=self.TIMEOUT, check=False)

    def test_a_sweep_is_dealt_to_all_processes_and_survives_a_run(self):
        # Those of five nodes fail their `expect`.
        self.write("run.del", "train; flood; nstep; ag; test all global; expect nodes == 4")
        done = self.sweep("runs", processes=3)
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn("3 of 6 runs done; 3 failed", done.stdout)
        self.assertEqual(self.sweep("alone").returncode, 5)
        one, three = ((self.folder / name / "sweep.csv").read_text() for name in ("alone", "runs"))
        self.assertEqual(three, one)
        # What was done stays, and is not run again.
        self.assertIn("3 of them before", self.sweep("runs", processes=2).stdout)

    def test_a_sweep_takes_its_settings_from_the_environment_of_the_first_process(self):
        # On several machines each has an environment of its own. It counts less than the command line: the
        # nodes are those of the file.
        self.write("ring.csv", "10.0.0.1,10.0.0.2\n10.0.0.2,10.0.0.3\n10.0.0.3,10.0.0.4\n")
        small = [word for word in SMALL if not word.startswith("nodes")]
        words = [PROGRAM, "sweep", *small, "topology.name=file", "topology.file=ring.csv", "seed=1..6", "-c", "train",
                 "--jobs", "1", "--out", "runs"]
        starter = self.starter(1)
        command = [*starter, "-x", "DELSTEP_TRAINING_LR=0.5", "-x", "DELSTEP_NODES_COUNT=9", *words, ":", *starter[-2:], "-x",
                   "DELSTEP_TRAINING_BATCH_SIZE=7", *words]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, env=environment(),
                              stdin=subprocess.DEVNULL, timeout=self.TIMEOUT, check=False)
        self.assert_code(done, 0)
        configs = [(self.folder / f"runs/seed={seed}/config.toml").read_text() for seed in range(1, 7)]
        self.assertEqual([re.search(r"^lr = (.*)$", text, re.M)[1] for text in configs], ["0.5"] * 6)
        self.assertEqual([re.search(r"^count = (.*)$", text, re.M)[1] for text in configs], ["4"] * 6)
        self.assertEqual([text for text in configs if re.search(r"^batch_size = 7$", text, re.M)], [])

    def test_a_process_that_dies_ends_the_run(self):
        program = subprocess.Popen(self.command("-c", "repeat 1000000 { train; flood; nstep; ag }", processes=3),
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   cwd=self.folder, env=environment())
        self.addCleanup(self.put_down, program)
        program.stdout.readline()  # it runs
        children = pathlib.Path(f"/proc/{program.pid}/task/{program.pid}/children")
        members = [int(pid) for pid in children.read_text().split()]
        self.assertEqual(len(members), 3)
        os.kill(members[-1], signal.SIGKILL)
        _, errors = program.communicate(timeout=self.TIMEOUT)
        self.assertNotEqual(program.returncode, 0)
        self.assertIn("exited on signal 9", errors)
        for pid in members:
            self.wait_until_gone(pid)

    @unittest.skipIf(SANITIZED, "a sanitizer needs memory of its own")
    def test_a_process_that_runs_out_of_memory_says_so(self):
        for number in (0, 1):
            with self.subTest(process=number):
                program = self.start_many(*SMALL, "model.hidden=[20000]", processes=2)
                self.say(program, "train; echo begun")
                self.assertIn("begun\n", program.stdout)
                pid = self.children(program.pid)[number]
                size = int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[0]) * resource.getpagesize()
                resource.prlimit(pid, resource.RLIMIT_AS, (size + 2 ** 24, resource.RLIM_INFINITY))
                # Moments keep the models of each.
                _, errors = program.communicate("repeat 1000 train\n", timeout=self.TIMEOUT)
                self.assertNotEqual(program.returncode, 0)
                self.assertIn(f"process {number} on {socket.gethostname()}: out of memory", errors)

    def start_many(self, *words, processes=3):
        program = subprocess.Popen([*self.starter(processes), PROGRAM, *words], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, bufsize=1,
                                   cwd=self.folder, env=environment())
        self.addCleanup(self.put_down, program)
        return program

    @staticmethod
    def children(pid):
        found = []
        for task in pathlib.Path(f"/proc/{pid}/task").glob("*"):
            try:
                found += [int(child) for child in (task / "children").read_text().split()]
            except OSError:
                pass
        return sorted(found)

    def test_a_signal_to_all_processes_writes_the_checkpoint(self):
        # As srun, scancel and a limit of time send it: nobody else holds the models of a member that ends at once.
        program = self.start_many(*SMALL, "--checkpoint", "run.ckpt", "-c", "repeat 1000000 { train; flood; nstep; ag }")
        program.stdout.readline()
        for _ in range(2):  # Slurm sends it twice when the time is over
            for pid in self.children(program.pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGTERM)
        self.assert_ends_with_checkpoint(program)

    def test_a_signal_that_mpirun_passes_on_writes_the_checkpoint(self):
        program = self.start_many(*SMALL, "--checkpoint", "run.ckpt", "-c", "repeat 1000000 { train; flood; nstep; ag }")
        program.stdout.readline()
        program.send_signal(signal.SIGUSR1)
        self.assert_ends_with_checkpoint(program)

    def assert_ends_with_checkpoint(self, program):
        _, errors = program.communicate(timeout=self.TIMEOUT)
        self.assertEqual(program.returncode, 143, errors)
        self.assertIn("--resume run.ckpt goes on", errors)
        self.assert_code(self.resumed("-c", "train; hash", processes=2), 0)

    def test_a_checkpoint_that_was_not_finished_goes_with_the_next(self):
        program = self.start_many(*SMALL, "data.features=400", "model.hidden=[4000]", "-c",
                                  "train; repeat 1000000 checkpoint run.ckpt", processes=2)
        while not list(self.folder.glob("run.ckpt.part-*")):
            self.assertIsNone(program.poll())
        # Stopped first: between two looks it may have been finished.
        members = self.children(program.pid)
        for pid in members:
            os.kill(pid, signal.SIGSTOP)
        if not list(self.folder.glob("run.ckpt.part-*")):
            self.write("run.ckpt.part-aB3dE6", "as if it had been killed in the middle")
        os.kill(members[0], signal.SIGKILL)
        os.kill(members[1], signal.SIGKILL)
        program.communicate(timeout=self.TIMEOUT)
        self.assertTrue(list(self.folder.glob("run.ckpt.part-*")))
        self.assert_code(self.play("-c", self.CHECKPOINT, processes=2), 0)
        self.assertEqual(sorted(p.name for p in self.folder.iterdir()), ["run.ckpt"])

    def test_runs_of_a_sweep_end_with_the_process_that_started_them(self):
        for killed, processes in ((1, 3), (0, 3), (0, 1)):
            with self.subTest(killed=killed, processes=processes):
                starter = self.starter(processes) if processes > 1 else []
                program = subprocess.Popen([*starter, PROGRAM, "sweep", *SMALL, "seed=1..6", "--jobs", "2", "--quiet",
                                            "--out", f"runs-{killed}-{processes}", "-c", "repeat 1000000 train"],
                                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                           text=True, cwd=self.folder, env=environment())
                self.addCleanup(self.put_down_sweep, program)
                runs = []
                while len(runs) < 2 * processes:
                    self.assertIsNone(program.poll())
                    ranks = self.children(program.pid) if processes > 1 else [program.pid]
                    runs = [run for rank in ranks for run in self.children(rank) if self.is_run(run)]
                os.kill(ranks[killed], signal.SIGKILL)
                program.communicate(timeout=self.TIMEOUT)
                self.assertNotEqual(program.returncode, 0)
                for pid in runs:
                    self.wait_until_gone(pid)

    def put_down_sweep(self, program):
        program.kill()
        program.communicate()

    @staticmethod
    def is_run(pid):
        try:
            return b"repeat" in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False

    # A folder that is another one for process 1, as on another machine.
    def play_with_other_folder(self, *words, other=None):
        if subprocess.run(["unshare", "-m", "true"], capture_output=True, check=False).returncode != 0:
            self.skipTest("no mount namespaces: a folder that differs between processes IS NOT TESTED")
        here = self.folder / "data"
        mount = f"mount -t tmpfs none {here}" if other is None else f"mount --bind {self.folder / other} {here}"
        script = (f'if [ "$OMPI_COMM_WORLD_RANK" = 1 ]; then exec unshare -m bash -c \'{mount} && exec "$@"\' bash "$@"; fi; '
                  'exec "$@"')
        return subprocess.run([*self.starter(2), "bash", "-c", script, "bash", PROGRAM, *words], capture_output=True,
                              text=True, cwd=self.folder, env=environment(), timeout=self.TIMEOUT,
                              stdin=subprocess.DEVNULL, check=False)

    def two_folders(self):
        for name in ("data", "other"):
            (self.folder / name).mkdir()
        rows = [f"{i},{i % 7},{i % 2}\n" for i in range(300)]
        self.write("data/d.csv", "a,b,class\n" + "".join(rows))
        return rows

    OWN_DATA = ["data.name=csv", "data.path=data/d.csv", "data.label=class", "nodes.count=4"]
    NOTHING = ["-c", "echo begun"]  # no data are needed for this: the start alone must tell

    def assert_start_refused(self, done, *said):
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertNotIn("begun", done.stdout)
        for text in (*said, "process 1", "on every machine"):
            self.assertIn(text, done.stderr)

    def test_data_that_differ_or_are_missing_end_the_start(self):
        rows = self.two_folders()
        others = {"cut": rows[:100], "other": [row.replace("5,", "6,") for row in rows],
                  "wider": [f"1,{row}" for row in rows]}
        for name, lines in others.items():
            with self.subTest(name=name):
                header = "x,a,b,class\n" if name == "wider" else "a,b,class\n"
                self.write("other/d.csv", header + "".join(lines))
                done = self.play_with_other_folder(*self.OWN_DATA, *self.NOTHING, other="other")
                self.assert_start_refused(done, "data/d.csv", "hash")
        self.assert_start_refused(self.play_with_other_folder(*self.OWN_DATA, *self.NOTHING), "data/d.csv")
        self.assert_code(self.run_program(*self.OWN_DATA, "-c", "train; checkpoint run.ckpt", small=False), 0)
        done = self.play_with_other_folder("--resume", "run.ckpt", *self.NOTHING, other="other")
        self.assert_start_refused(done, "data/d.csv", "hash")

    def test_runs_of_a_sweep_that_would_read_other_files_end_it(self):
        # One run takes place in the first process at most, as that does one at a time.
        words = ["sweep", *SMALL, "seed=1..6", "--jobs", "1", "-f", "data/run.del", "--out"]
        self.two_folders()
        self.write("data/run.del", "repeat 3 load more.del\n")
        self.write("data/more.del", "train\n")
        for name, text in (("run.del", "train; test\n"), ("more.del", "test\n")):
            with self.subTest(name=name):
                for other in ("run.del", "more.del"):
                    self.write(f"other/{other}", (self.folder / "data" / other).read_text())
                self.write(f"other/{name}", text)
                done = self.play_with_other_folder(*words, f"of-{name}", other="other")
                self.assertEqual(done.returncode, 3, done.stderr)
                for said in ("process 1", f"'data/{name}'", "another one than the first process has", "every machine"):
                    self.assertIn(said, done.stderr)
        done = self.play_with_other_folder(*words, "of-none")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("process 1: on ", done.stderr)
        self.assertIn("data/run.del", done.stderr)

    def test_a_process_with_another_checkpoint_of_this_name_leaves_its_models_to_the_first(self):
        # Its file is longer: it might do for the other one.
        for folder, more in (("data", ""), ("other", "train; test; ")):
            (self.folder / folder).mkdir()
            done = self.run_program("-c", f"train; {more}checkpoint {folder}/run.ckpt")
            self.assert_code(done, 0)
        sizes = [(self.folder / folder / "run.ckpt").stat().st_size for folder in ("data", "other")]
        self.assertLess(*sizes)
        whole = self.run_program("-c", "train; train; hash")
        done = self.play_with_other_folder("--resume", "data/run.ckpt", "-c", "train; hash", other="other")
        self.assert_code(done, 0)
        self.assertEqual(done.stdout.splitlines()[-1], whole.stdout.splitlines()[-1])

    def test_data_are_read_at_the_start_by_all(self):
        self.two_folders()
        hashes = []
        for processes in (1, 2):
            self.two_folders_again()
            words = [*self.OWN_DATA, "--keep-going"]
            program = (self.start_many(*words, processes=2) if processes > 1 else
                       subprocess.Popen([PROGRAM, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True, bufsize=1, cwd=self.folder,
                                        env=environment()))
            self.addCleanup(self.put_down, program)
            self.say(program, "echo begun")
            self.assertEqual(program.stdout.readline(), "begun\n")
            self.write("data/d.csv", "a,b,class\n1,1,1\n2,2,0\n")
            out, errors = program.communicate("train\nhash\n", timeout=self.TIMEOUT)
            self.assertEqual(program.returncode, 0, errors)
            hashes.append(out.splitlines()[-1])
        self.assertRegex(hashes[0], "^[0-9a-f]{16}$")
        self.assertEqual(hashes[1], hashes[0])

    def two_folders_again(self):
        shutil.rmtree(self.folder / "data")
        shutil.rmtree(self.folder / "other")
        self.two_folders()

    def test_a_rule_that_differs_or_is_missing_ends_the_start(self):
        self.two_folders()
        self.assert_code(self.run_program("new", "aggregator", "data/mine.cpp", small=False), 0)
        rule = (self.folder / "data/mine.cpp").read_text()
        self.write("data/mine.cpp", '#include "factor.h"\n' + rule)
        self.write("other/mine.cpp", '#include "factor.h"\n' + rule)
        self.write("data/factor.h", "constexpr int kFactor = 1;\n")
        rule_of_own = "aggregation.name=data/mine.cpp"
        self.write("other/factor.h", "constexpr int kFactor = 1;\n")
        done = self.play_with_other_folder(*SMALL, rule_of_own, *self.NOTHING, other="other")
        self.assert_code(done, 0)
        self.write("other/factor.h", "constexpr int kFactor = 2;\n")
        done = self.play_with_other_folder(*SMALL, rule_of_own, *self.NOTHING, other="other")
        self.assert_start_refused(done, "aggregation.name", "data/mine.cpp")
        self.assert_start_refused(self.play_with_other_folder(*SMALL, rule_of_own, *self.NOTHING), "data/mine.cpp")
        # In the middle all goes on as it was.
        rest = "flood; nstep; ag; hash"
        done = self.play_with_other_folder(*SMALL, "--keep-going", "-c",
                                           f"train; set aggregation.name data/mine.cpp; {rest}", other="other")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("process 1", done.stderr)
        alone = self.run_program(*SMALL, "-c", f"train; {rest}", small=False)
        self.assertEqual(done.stdout.splitlines()[-1], alone.stdout.splitlines()[-1])

    # The first one computes with more than plain SSE2, on any machine but the oldest.
    def test_a_processor_that_computes_other_bits_ends_the_start(self):
        script = 'if [ "$OMPI_COMM_WORLD_RANK" = 1 ]; then export DELSTEP_KERNELS=portable; fi; exec "$@"'
        for portable, code in (("false", 4), ("true", 0)):
            done = subprocess.run([*self.starter(2), "bash", "-c", script, "bash", PROGRAM, *SMALL, f"portable={portable}",
                                   "-c", "echo begun"], capture_output=True, text=True, cwd=self.folder,
                                  env=environment(), timeout=self.TIMEOUT, stdin=subprocess.DEVNULL, check=False)
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertEqual("begun" in done.stdout, code == 0)

    # As a machine on which the program was not brought up to date.
    def test_a_process_of_another_build_ends_the_start(self):
        stamp = re.compile(rb"(\d+)(\.\d+\.\d+ 1 \d+\.\d+\.\d+)")
        for path in (pathlib.Path(PROGRAM), pathlib.Path(PROGRAM).parent / "delstep_mpi.so"):
            changed, times = stamp.subn(lambda found: b"9" * len(found[1]) + found[2], path.read_bytes())
            self.assertGreater(times, 0, f"{path} has no stamp of its build")
            (self.folder / path.name).write_bytes(changed)
            (self.folder / path.name).chmod(0o755)
        other = [str(self.folder / pathlib.Path(PROGRAM).name), *SMALL, "-c", "echo begun"]
        self.assert_code(subprocess.run(other, capture_output=True, text=True, cwd=self.folder, env=environment(),
                                        timeout=self.TIMEOUT, stdin=subprocess.DEVNULL, check=False), 0)
        done = subprocess.run([*self.starter(1), PROGRAM, *SMALL, "-c", "echo begun", ":", "-n", "1", *other],
                              capture_output=True, text=True, cwd=self.folder, env=environment(), timeout=self.TIMEOUT,
                              stdin=subprocess.DEVNULL, check=False)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertNotIn("begun", done.stdout)
        self.assertRegex(done.stderr, r"process 1 on \S+ is another build of delstep \(9\.")
        self.assertIn("the same version of delstep on all machines", done.stderr)

    def test_a_starter_of_another_mpi_is_told(self):
        for number in ("0", "1"):
            done = self.run_program("-c", "echo begun", PMI_RANK=number, PMI_SIZE="2")
            self.assert_code(done, 4)
            self.assertNotIn("begun", done.stdout)
            self.assertIn(f"process {number} of several", done.stderr)
        self.assert_code(self.run_program("-c", "echo begun", PMI_RANK="0", PMI_SIZE="1"), 0)

    def test_processes_of_srun_that_do_not_know_of_each_other_are_told_once(self):
        lonely = {"SLURM_STEP_NUM_TASKS": "2", "SLURM_NTASKS": "2"}
        # With --quiet too. A batch script has no number of tasks of a step; a step may have one.
        for variables, warned in (({**lonely, "SLURM_PROCID": "0"}, True), ({**lonely, "SLURM_PROCID": "1"}, False),
                                  ({"SLURM_PROCID": "0", "SLURM_NTASKS": "2"}, False),
                                  ({"SLURM_PROCID": "0", "SLURM_STEP_NUM_TASKS": "1"}, False)):
            done = self.run_program("--quiet", "-c", "train", **variables)
            self.assert_code(done, 0)
            self.assertEqual("srun --mpi=pmix" in done.stderr, warned, done.stderr)
        done = self.run_program("sweep", *SMALL, "seed=1,2", "-c", "train", "--out", "runs", small=False,
                                **lonely, SLURM_PROCID="0")
        self.assert_code(done, 0)
        self.assertEqual(done.stderr.count("srun --mpi=pmix"), 1)
        for run in (self.folder / "runs").glob("*/output.txt"):
            self.assertNotIn("srun", run.read_text())

    def test_a_process_that_does_not_see_the_folder_of_a_sweep_is_named(self):
        self.two_folders()
        done = self.play_with_other_folder("sweep", *SMALL, "seed=1..4", "--jobs", "1", "-c", "train", "--out", "data/runs")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("process 1: cannot write 'data/runs/", done.stderr)
        self.assertIn("all machines must see the folder", done.stderr)

    def test_too_many_processes_are_told_once(self):
        done = self.play("-c", "echo begun", processes=65)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertEqual(done.stderr.count("at most 64 processes"), 1)

    def wait_until_gone(self, pid):
        while self.is_running(pid):
            time.sleep(0.02)  # the test ends by its limit of time if it stays

    @staticmethod
    def is_running(pid):
        # Whose parent has died may stay listed: nobody has asked for its exit code.
        try:
            return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
        except OSError:
            return False


if __name__ == "__main__":
    if not MPIRUN:
        print("a run on several processes IS NOT TESTED: no mpirun; install openmpi-bin", file=sys.stderr)
    unittest.main()
