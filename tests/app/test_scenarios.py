"""Plays the scenarios: each script checks its own claim, paired on one seed, and must hold for others.

Data sets that are not there are no failure: `./dev setup` fetches them. The scripts take a second or
two each, so that a few seeds fit; docs/scenarios has what was measured over five.
"""

import json
import pathlib
import subprocess
import unittest

from program import PROGRAM, ProgramTest, environment

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
SCENARIOS = REPOSITORY / "scenarios"
NAMES = sorted(file.stem for file in SCENARIOS.glob("*.toml"))
WANTED = ["byzantine", "campus-wifi", "churn", "data-mules", "encounters", "epidemic", "lesson",
          "lossy-mesh", "mnist-12", "non-iid-ring", "stragglers", "two-islands", "vehicular"]
# Those that take longer than a second or two of computing are played with one seed.
SLOW = {"campus-wifi": [1], "encounters": [1], "mnist-12": [1]}


class Scenarios(ProgramTest):
    def test_there_are_the_thirteen(self):
        self.assertEqual(NAMES, WANTED)

    def test_each_is_listed_with_what_it_is_about_without_its_data(self):
        done = self.run_program("scenario", "list", "--json", small=False,
                                DELSTEP_DATA=str(self.folder))
        self.assert_code(done, 0)
        rows = json.loads(done.stdout)["result"]["scenarios"]
        self.assertEqual([row["name"] for row in rows], NAMES)
        for row in rows:
            first = (SCENARIOS / f"{row['name']}.toml").read_text().splitlines()[0]
            self.assertEqual("# " + row["about"], first)
            self.assertLessEqual(len(first), 100)
            self.assertTrue(row["about"].endswith("."), row)

    def test_the_console_says_what_the_shell_says(self):
        for what in ("scenario list", "scenario show churn"):
            shell = self.run_program(*what.split(), small=False)
            console = self.run_program("-c", what)
            self.assert_code(shell, 0)
            self.assert_code(console, 0)
            self.assertEqual(shell.stdout, console.stdout)

    def test_one_is_shown_with_its_file_and_its_script(self):
        done = self.run_program("scenario", "show", "churn", "--json", small=False)
        self.assert_code(done, 0)
        shown = json.loads(done.stdout)["result"]
        self.assertEqual(shown["name"], "churn")
        self.assertEqual(pathlib.Path(shown["file"]).resolve(), SCENARIOS / "churn.toml")
        self.assertEqual(pathlib.Path(shown["script"]).resolve(), SCENARIOS / "churn.del")
        for file in ("churn.toml", "churn.del"):
            self.assertIn((SCENARIOS / file).read_text().strip(), shown["text"])

    def test_unknown_names_and_words_are_refused(self):
        slip = self.run_program("scenario", "show", "chrun", small=False)
        self.assert_code(slip, 2)
        self.assertIn("did you mean 'churn'?", slip.stderr)
        for words in (["scenario"], ["scenario", "play"], ["scenario", "list", "churn"],
                      ["scenario", "list", "seed=1"]):
            self.assert_code(self.run_program(*words, small=False), 2)
        console = self.run_program("-c", "scenario show chrun")
        self.assert_code(console, 1)
        self.assertIn("-c:1:15", console.stderr)

    def test_a_script_is_found_from_anywhere_and_a_nearer_one_wins(self):
        self.assert_code(self.run_program("--check", "churn.del"), 0)
        loaded = self.run_program("-c", "load link-all-16.del")
        self.assert_code(loaded, 1)  # there are four nodes, and it names sixteen
        self.assertIn("link-all-16.del:", loaded.stderr)
        self.write("churn.del", "echo here I am\n")
        for words in (["-f", "churn.del"], ["-c", "load churn.del"]):
            done = self.run_program(*words)
            self.assert_code(done, 0)
            self.assertIn("here I am", done.stdout)

    def test_each_has_a_page_in_the_index(self):
        index = (REPOSITORY / "docs/scenarios/README.md").read_text()
        for name in NAMES:
            self.assertIn(f"({name}.md)", index)
            self.assertIn(f"delstep {name} -f {name}.del",
                          (REPOSITORY / f"docs/scenarios/{name}.md").read_text())


def play(name, seed):
    """One run of a script; in a subprocess of its own, from a folder that has no scenarios."""

    def test(self):
        done = subprocess.run([PROGRAM, name, "-f", f"{name}.del", f"seed={seed}", "--quiet"],
                              capture_output=True, text=True, cwd=self.folder, check=False,
                              env=environment(), timeout=600)
        if done.returncode == 3 and "no files of data set" in done.stderr:
            self.skipTest(done.stderr)
        self.assert_code(done, 0)
        # It has claimed something: at least two conditions, one for each side.
        self.assertGreaterEqual(done.stdout.count("as expected"), 2)

    return test


for scenario in NAMES:
    for number in SLOW.get(scenario, [1, 2, 3]):
        setattr(Scenarios, f"test_claim_of_{scenario.replace('-', '_')}_seed_{number}",
                play(scenario, number))


if __name__ == "__main__":
    unittest.main()
