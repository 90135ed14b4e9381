"""The command line: what it takes, what it refuses, with which exit code."""

import json
import pathlib
import shutil
import subprocess
import unittest

from program import PROGRAM, ProgramTest, environment


class Order(ProgramTest):
    def test_scripts_and_commands_run_in_the_order_given(self):
        self.write("a.del", "group create a")
        self.write("b.del", "group create b")
        done = self.run_program("-c", "group create first", "-f", "a.del", "-c", "group create between",
                                "-f", "b.del", "-c", "log")
        self.assert_code(done, 0)
        places = [done.stdout.index(f"[group create {name}]") for name in ("first", "a", "between", "b")]
        self.assertEqual(places, sorted(places), done.stdout)

    def test_a_dash_is_standard_input_in_its_turn(self):
        done = self.run_program("-c", "cycle", "-f", "-", "-c", "log", text="train\n")
        self.assert_code(done, 0)
        self.assertIn("1\tCOMMAND\tOK\t[train]", done.stdout)

    def test_the_last_seed_wins(self):
        for words in (["--seed", "3", "seed=4"], ["seed=3", "--seed", "4"], ["seed=9", "--seed=4"]):
            done = self.run_program("--out", f"run{words[0][-1]}{len(words)}{words[-1][-1]}"
                                    + words[0].strip("-")[:4], *words, "-c", "cycle")
            self.assert_code(done, 0)
        for config in self.folder.glob("*/config.toml"):
            self.assertIn("seed = 4", config.read_text())


class Kernels(ProgramTest):
    def test_the_environment_chooses_them_and_a_wrong_name_is_refused(self):
        done = self.run_program("--version", small=False, DELSTEP_KERNELS="portable")
        self.assert_code(done, 0)
        self.assertRegex(done.stdout, "(?m)^instructions +portable$")
        done = self.run_program("-c", "cycle", DELSTEP_KERNELS="portable")
        self.assert_code(done, 0)
        self.assertNotIn("DELSTEP_KERNELS", done.stderr)
        done = self.run_program("--version", small=False, DELSTEP_KERNELS="abacus")
        self.assert_code(done, 2)
        self.assertIn("no kernels named DELSTEP_KERNELS='abacus'", done.stderr)


class Refusals(ProgramTest):
    def refused(self, code, part, *words, small=True):
        done = self.run_program(*words, small=small)
        self.assert_code(done, code)
        self.assertIn("delstep: error: ", done.stderr)
        self.assertIn(part, done.stderr)
        self.assertEqual(done.stdout, "")

    def test_an_unknown_option_is_a_usage_error_with_a_suggestion(self):
        self.refused(2, "did you mean '--keep-going'?", "--keep-goin", "-c", "cycle")

    def test_an_unknown_key_is_a_usage_error_with_a_suggestion(self):
        self.refused(2, "training.epochs", "training.epoch=3", "-c", "cycle")

    def test_an_unknown_scenario_is_a_usage_error(self):
        self.refused(2, "mnist-21", "mnist-21", "-c", "cycle")

    def test_two_scenarios_are_a_usage_error(self):
        self.refused(2, "one scenario", "a.toml", "b.toml")

    def test_an_option_without_its_value_is_a_usage_error(self):
        self.refused(2, "-f", "-f")
        self.refused(2, "--out", "--out=", "-c", "cycle")

    def test_a_missing_file_is_a_file_error(self):
        self.refused(3, "nowhere.toml", "nowhere.toml", "-c", "cycle")

    def test_a_wrong_file_is_a_file_error_that_names_the_line(self):
        self.write("bad.toml", "seed = 1\n[training]\nepochs = 'many'\n")
        done = self.run_program("bad.toml", "-c", "cycle", small=False)
        self.assert_code(done, 3)
        self.assertIn("bad.toml:3:", done.stderr)

    def test_what_this_machine_lacks_is_unavailable(self):
        done = self.run_program("network.backend=mininet", "-c", "cycle", PATH="/nowhere")
        self.assert_code(done, 4)
        self.assertIn("error: cannot start unshare", done.stderr)
        self.assertIn("hint: install util-linux", done.stderr)

    def test_are_the_same_from_file_argument_and_standard_input(self):
        for commands, code in (("cycle", 0), ("train 10.0.0.99", 1), ("trian", 2), ("load none.del", 3),
                               ("repeat 2 {", 2), ("lrate 7", 2)):
            self.write("script.del", commands + "\n")
            for done in (self.run_program("-f", "script.del"), self.run_program("-c", commands),
                         self.run_program(text=commands), self.run_program("-f", "-", text=commands)):
                with self.subTest(commands=commands, how=done.args):
                    self.assert_code(done, code)

    def test_an_error_ends_a_run_and_keep_going_goes_on_with_its_code(self):
        commands = "trian; cycle; train 10.0.0.99; log"
        self.assertNotIn("[cycle]", self.run_program("-c", commands).stdout)
        done = self.run_program("--keep-going", "-c", commands)
        self.assert_code(done, 2)
        self.assertIn("[cycle]", done.stdout)

    def test_exit_keeps_the_code_so_far(self):
        self.assert_code(self.run_program("--keep-going", "-c", "train 10.0.0.99; exit; cycle"), 1)
        self.assert_code(self.run_program("-c", "exit", "-c", "trian"), 0)


class BeforeARun(ProgramTest):
    """What is wrong whatever the state is found before the first command runs."""

    def test_a_typo_in_the_last_line_is_found_first(self):
        self.write("late.del", "repeat 3 { train }\nsave resutls x.csv\n")
        for words in (["-f", "late.del"], ["-c", "train", "-f", "late.del"], ["-c", "train; load late.del"],
                      ["-c", "train", "-c", "save resutls x.csv"], ["-c", "train; set training.optimizer rmsprpo"]):
            with self.subTest(words=words):
                done = self.run_program(*words)
                self.assert_code(done, 2)
                self.assertEqual(done.stdout, "")
                self.assertIn("did you mean", done.stderr)

    def test_nothing_is_left_behind(self):
        self.assert_code(self.run_program("--out", "run", "-c", "train; flod"), 2)
        self.assertFalse((self.folder / "run").exists())

    def test_all_errors_are_told_the_one_of_a_brace_too(self):
        self.write("bad.del", "flod\nrepeat 3 {\n train\n set training.lr ten\n")
        for words in (["-f", "bad.del"], ["--check", "bad.del"]):
            done = self.run_program(*words)
            self.assert_code(done, 2)
            for place in ("bad.del:1:1:", "bad.del:2:10:", "bad.del:4:6:"):
                self.assertIn(place, done.stderr)

    def test_what_the_state_refuses_fails_when_it_is_reached(self):
        done = self.run_program("-c", "cycle; train 10.0.0.99; cycle")
        self.assert_code(done, 1)
        self.assertEqual(done.stdout, "cycle 1\n")
        done = self.run_program("-c", "cycle; load none.del")
        self.assert_code(done, 3)
        self.assertEqual(done.stdout, "cycle 1\n")

    def test_keep_going_checks_nothing(self):
        done = self.run_program("--keep-going", "-c", "cycle; flod; cycle")
        self.assert_code(done, 2)
        self.assertEqual(done.stdout, "cycle 1\ncycle 2\n")

    def test_standard_input_runs_as_it_comes(self):
        for words in ([], ["-f", "-"]):
            done = self.run_program(*words, text="cycle\nflod\ncycle\n")
            self.assert_code(done, 2)
            self.assertEqual(done.stdout, "cycle 1\n")

    def test_a_pipe_is_read_once(self):
        done = subprocess.run(["bash", "-c", '"$@" -f <(echo cycle)', "-", *self.command()], text=True,
                              capture_output=True, cwd=self.folder, env=environment(), timeout=60, check=False)
        self.assert_code(done, 0)
        self.assertEqual(done.stdout, "cycle 1\n")

    def test_a_script_that_is_not_there_has_a_near_name(self):
        self.write("rounds.del", "cycle\n")
        done = self.run_program("-f", "rounds.dell")
        self.assert_code(done, 3)
        self.assertIn("did you mean 'rounds.del'?", done.stderr)


class Speaking(ProgramTest):
    def test_echo_shows_each_command_and_comment_of_a_script(self):
        self.write("lesson.del", "# Warm up\nrepeat 2 {cycle} # twice\necho and now\npause Look\n")
        for option in ("--echo", "-v"):
            done = self.run_program(option, "-f", "lesson.del")
            self.assert_code(done, 0)
            self.assertEqual(done.stdout, "# Warm up\n> repeat 2 { ... }\n> cycle  # twice\ncycle 1\n> cycle  # twice\n"
                             "cycle 2\n> echo and now\nand now\n> pause Look\n")
        self.assertEqual(self.run_program("--echo", "--quiet", "-f", "lesson.del").stdout, "")
        lines = self.run_program("--echo", "--json", "-f", "lesson.del").stdout.splitlines()
        self.assertTrue(all(json.loads(line)["ok"] for line in lines))

    def test_a_variable_that_is_no_key_gets_a_warning(self):
        done = self.run_program("-c", "cycle", DELSTEP_TRAINING_LRR="3")
        self.assert_code(done, 0)
        self.assertIn("DELSTEP_TRAINING_LRR", done.stderr)
        self.assertIn("did you mean 'DELSTEP_TRAINING_LR'?", done.stderr)
        done = self.run_program("--quiet", "-c", "cycle", DELSTEP_TRAINING_LRR="3")
        self.assertIn("DELSTEP_TRAINING_LRR", done.stderr)
        self.assertEqual(self.run_program("-c", "cycle", DELSTEP_TRAINING_LR="0.5", DELSTEP_DATA="/tmp").stderr, "")

    def test_slips_on_the_command_line_have_hints(self):
        for word, hint in (("topology=ring", "topology.name"), ("nodes=16", "nodes.count"), ("data=blobs", "data.name"),
                           ("lr=0.1", "training.lr")):
            done = self.run_program(word, "-c", "cycle")
            self.assert_code(done, 2)
            self.assertIn(f"did you mean '{hint}'?", done.stderr)
        done = self.run_program("training.lr=.05", "model.hidden=64,32", "network.bandwidth=10mbps", "network.autonet=on",
                                "--json", "-c", "config show")
        self.assert_code(done, 0)
        for value in (':0.05,', ':[64,32],', '"10Mbps"'):
            self.assertIn(value, done.stdout)

    def test_a_command_in_place_of_a_scenario_is_told_where_it_belongs(self):
        done = self.run_program("status", small=False)
        self.assert_code(done, 2)
        self.assertIn("delstep -c 'status'", done.stderr)
        self.assertIn("usage: delstep", self.run_program("help", small=False).stdout)

    def test_a_locale_without_utf_8_gets_ascii(self):
        for locale, ascii_only in (("C", True), ("POSIX", True), ("C.UTF-8", False), ("", False)):
            done = self.run_program("-c", "guestbook 10.0.0.1", LC_ALL=locale, LANG="", LC_CTYPE="")
            self.assertEqual(done.stdout.isascii(), ascii_only, locale)

    def test_the_manual_page_names_every_command(self):
        page = self.run_program("docs", "man", small=False)
        self.assert_code(page, 0)
        for line in (".TH DELSTEP 1", ".B train [NODE...]", ".B repeat N COMMAND | repeat N { ... }", "\\-\\-keep\\-going"):
            self.assertIn(line, page.stdout)


class ClosedStreams(ProgramTest):
    def shell(self, redirections, *words):
        return subprocess.run(["bash", "-c", f'"$@" {redirections}', "-", *self.command(*words)], text=True,
                              capture_output=True, cwd=self.folder, env=environment(), timeout=60, check=False)

    def test_nothing_crashes_and_nothing_is_written_into_files(self):
        for i, closed in enumerate((">&-", "2>&-", "<&-", ">&- 2>&-", ">&- 2>&- <&-")):
            with self.subTest(closed=closed):
                done = self.shell(closed, "--out", f"run{i}", "-c", "train; flood; nstep; ag; test; save results r.csv; bogus",
                                  "--keep-going")
                # Where results cannot be printed the run ends, as with a full disk; nothing is lost in a file.
                self.assert_code(done, 3 if ">&-" in closed.split() else 2)
                if ">&-" in closed.split():
                    continue
                self.assertTrue((self.folder / "r.csv").read_text().startswith("CYCLE,TYPE,NODE,SCOPE,LOSS,ACC\n0,"))
                self.assertNotIn("bogus'", (self.folder / "r.csv").read_text())
                for event in self.events(f"run{i}"):
                    self.assertIn("type", event)

    def test_without_standard_input_there_are_no_commands(self):
        self.assert_code(self.shell("<&-"), 0)


class Check(ProgramTest):
    def test_runs_nothing_and_has_the_code_of_the_first_error(self):
        self.write("good.del", "train\nsave results never.csv\n")
        self.write("bad.del", "train\ntrain 10.0.0.99\ntrian\n")
        done = self.run_program("--check", "good.del")
        self.assert_code(done, 0)
        self.assertEqual(done.stdout, "")
        self.assertFalse((self.folder / "never.csv").exists())
        done = self.run_program("--check", "bad.del")
        self.assert_code(done, 1)
        self.assertIn("bad.del:2:", done.stderr)
        self.assertIn("bad.del:3:", done.stderr)

    def test_knows_what_the_scenario_says_of_nodes(self):
        self.write("exp.toml", '[groups]\nslow = ["10.0.0.[3-4]"]\n')
        self.write("slow.del", "train @slow\n")
        self.assert_code(self.run_program("exp.toml", "--check", "slow.del"), 0)
        for text in ('[groups]\nslow = ["10.0.0.[3-9]"]\n', '[training.at."@nobody"]\nlr = 1\n'):
            self.write("exp.toml", text)
            done = self.run_program("exp.toml", "--check", "slow.del")
            self.assert_code(done, 3)
            self.assertIn("exp.toml:2:1", done.stderr)

    def test_looks_for_the_folders_of_what_is_to_be_written(self):
        self.write("save.del", "save results no/x.csv\nexport 10.0.0.1 no/m.npz\nsave topology no/x.edges\n")
        done = self.run_program("--check", "save.del")
        self.assert_code(done, 3)
        self.assertEqual(done.stderr.count("there is no folder 'no'"), 3)

    def test_all_that_would_run_is_checked(self):
        self.write("good.del", "cycle\n")
        self.write("bad.del", "trian\n")
        self.assert_code(self.run_program("--check", "good.del", "-f", "bad.del"), 2)
        self.assert_code(self.run_program("--check", "good.del", "-c", "trian"), 2)
        done = self.run_program("--check", "-", text="cycle\nfold\n")
        self.assert_code(done, 2)
        self.assertIn("stdin:2:1: error: no command named 'fold'\n  fold\n  ^~~~", done.stderr)


class Streams(ProgramTest):
    def test_json_puts_nothing_but_objects_on_standard_output(self):
        done = self.run_program("--json", "--keep-going", "-c", "train; test; trian; stats")
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([line["ok"] for line in lines], [True, True, False, True])

    def test_json_tells_classes_from_what_else_a_row_holds(self):
        self.write("words.csv", "length,label\n4,node\n7,samples\n3,cat\n4,node\n")
        done = self.run_program("data.name=csv", "data.path=words.csv", "nodes.count=1", "--json", "-c", "data show",
                                small=False)
        self.assert_code(done, 0)
        row = json.loads(done.stdout)["result"]["nodes"][0]
        self.assertEqual([row["node"], row["examples"]], ["10.0.0.1", 4])
        self.assertEqual(row["labels"], {"node": 2, "samples": 1, "cat": 1})

    def test_a_reader_that_leaves_ends_the_program_quietly(self):
        program = subprocess.Popen(self.command("-c", "repeat 100000 { test; log }"), text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   cwd=self.folder, env=environment())
        program.stdout.readline()
        program.stdout.close()
        self.assertEqual(program.stderr.read(), "")
        program.stderr.close()
        self.assertEqual(program.wait(timeout=60), 0)

    def test_a_full_disk_behind_standard_output_is_an_error(self):
        with open("/dev/full", "w") as full:
            done = subprocess.run(self.command("-c", "test"), stdout=full, stderr=subprocess.PIPE,
                                  text=True, cwd=self.folder, env=environment(), timeout=60)
        self.assertEqual(done.returncode, 3)
        self.assertIn("standard output", done.stderr)


class Information(ProgramTest):
    def test_help_fits_a_small_terminal(self):
        done = self.run_program("--help", small=False)
        self.assert_code(done, 0)
        lines = done.stdout.splitlines()
        self.assertLessEqual(len(lines), 24)
        self.assertLessEqual(max(map(len, lines)), 80)

    def test_the_reference_pages_are_those_that_the_program_prints(self):
        pages = pathlib.Path(__file__).parents[2] / "docs" / "reference"
        for page in ("commands", "config", "json", "networks"):
            done = self.run_program("docs", page, small=False)
            self.assert_code(done, 0)
            self.assertEqual((pages / f"{page}.md").read_text(), done.stdout,
                             f"delstep docs {page} > docs/reference/{page}.md")

    def test_the_signature_is_the_recorded_one(self):
        test = pathlib.Path(__file__).parents[1] / "regressions" / "signature_test.cc"
        for threads in ("1", "2"):
            done = self.run_program("bench", "--signature", "--portable", f"training.threads={threads}",
                                    small=False)
            self.assert_code(done, 0)
            self.assertIn(f'"{done.stdout.strip()}"', test.read_text())

    def test_version_names_every_backend(self):
        done = self.run_program("--version", small=False)
        self.assert_code(done, 0)
        for name in ("dense", "torch", "tensorflow", "builtin", "ns3", "mininet"):
            self.assertRegex(done.stdout, rf"\b{name} +\S")

    def test_doctor_tells_whether_the_scenario_can_run(self):
        self.assert_code(self.run_program("doctor", "data.name=blobs", small=False), 0)
        self.write("empty", "")
        done = self.run_program("doctor", "data.path=.", small=False)
        self.assert_code(done, 4)
        self.assertIn("MISSING", done.stdout)

    def test_doctor_says_not_ok_of_a_learner_whose_plug_in_does_not_load(self):
        program = shutil.copy(PROGRAM, self.folder / "delstep")
        self.write("delstep_torch.so", "")  # beside the program, so it is the one that is taken

        def doctor(*words):
            return subprocess.run([program, "doctor", "data.name=blobs", *words], cwd=self.folder, text=True,
                                  capture_output=True, env=environment(), timeout=60, check=False)
        done = doctor()
        if "absent: built without LibTorch" in done.stdout:
            self.skipTest("built without LibTorch")
        self.assertRegex(done.stdout, r"NOT OK +learner torch +the LibTorch plug-in cannot be loaded: .*\n +to do: ")
        self.assertNotIn("ok       learner torch", done.stdout)
        self.assert_code(done, 0)  # the scenario does without it
        self.assert_code(doctor("model.name=lenet"), 4)

    def test_the_default_scenario_needs_no_file(self):
        done = subprocess.run([PROGRAM, "data.name=blobs", "-c", "status"], cwd=self.folder, text=True,
                              capture_output=True, env=environment(), timeout=60)
        self.assert_code(done, 0)

    def test_scenarios_are_found_in_the_folders_of_the_variable(self):
        (self.folder / "mine").mkdir()
        self.write("mine/three.toml", "nodes.count = 3\ndata.name = 'blobs'\n")
        done = self.run_program("three", "-c", "train 10.0.0.4", small=False,
                                DELSTEP_SCENARIOS=str(self.folder / "mine"))
        self.assert_code(done, 1)


if __name__ == "__main__":
    unittest.main()
