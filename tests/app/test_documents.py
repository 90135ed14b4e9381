"""Plays the sessions of the README and the guides: what they show must be what the program says.

A block ```console begins with `$ delstep ARGUMENTS`; lines with `> ` are typed, the others come back. Where nothing is
shown behind a command its output is left out. A script may stand before it, after `$ cat FILE`: then nothing is typed,
and all lines below `$ delstep` come back. Numbers with a decimal point may differ a little: the bits of a run hold
for one instruction set, and documents are read on many. Whole numbers count something and must be the same, unless the
document marks one as `~1234`."""

import pathlib
import re
import unittest

from program import ProgramTest

ROOT = pathlib.Path(__file__).resolve().parents[2]

NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?")
ABOUT = re.compile(r"~(?=\d)")


def sessions(path):
    """(arguments, [(command, output lines)]) of each block."""
    for block in re.findall(r"^```console\n(.*?)^```", path.read_text(), re.M | re.S):
        head, *lines = block.rstrip("\n").split("\n")
        assert head.startswith("$ delstep"), f"{path}: {head}"
        turns = []
        for line in lines:
            if line.startswith("> "):
                turns.append((line[2:], []))
            else:
                turns[-1][1].append(line)
        yield head.split()[2:], turns


def agree(shown, said):
    """The same words, and the same numbers: those with a point, or marked, within a tenth."""
    plain = ABOUT.sub("", shown)
    if NUMBER.sub("#", " ".join(plain.split())) != NUMBER.sub("#", " ".join(said.split())):
        return False
    marked = [match.start() > 0 and shown[match.start() - 1] == "~" for match in NUMBER.finditer(shown)]
    return all(
        abs(float(a) - float(b)) <= 0.1 * max(float(a), float(b)) if about or "." in a or "." in b else a == b
        for about, a, b in zip(marked, NUMBER.findall(plain), NUMBER.findall(said)))


def as_typed(command):
    """The options that let a script say what a person sees who types the line at the prompt: a command typed alone
    shows its table, which -v does too."""
    several = ";" in command or command.startswith(("repeat ", "load "))
    return () if several else ("-v",)


def scripts(path):
    """(name, text, arguments, output lines) of each block that begins with a script."""
    found = re.findall(r"^```console\n\$ cat (\S+)\n(.*?)^\$ delstep (.*?)\n(.*?)^```", path.read_text(), re.M | re.S)
    return [(name, text, words.split(), output.splitlines()) for name, text, words, output in found]


class Agreement(unittest.TestCase):
    def test_numbers(self):
        self.assertTrue(agree("sent 30, loss 0.50", "sent 30, loss 0.52"))
        self.assertFalse(agree("sent 30, loss 0.50", "sent 30, loss 0.60"))
        self.assertFalse(agree("sent 30, loss 0.50", "sent 31, loss 0.50"))
        self.assertTrue(agree("sent ~30", "sent 31"))
        self.assertFalse(agree("sent ~30", "sent 40"))
        self.assertFalse(agree("10.0.0.1", "10.0.0.2"))
        self.assertFalse(agree("sent 30", "lost 30"))


class Documents(ProgramTest):
    def play(self, name):
        path = ROOT / name
        blocks = list(sessions(path))
        self.assertTrue(blocks, f"{name} shows no session")
        for words, turns in blocks:
            for number in range(len(turns)):
                # A command's own output: what the session says beyond what it says without it.
                command, shown = turns[number]
                before, after = (self.said(words, turns[:end], as_typed(command))
                                 for end in (number, number + 1))
                said = after[len(before):]
                if not shown:
                    continue
                self.assertEqual(len(shown), len(said), f"{name}: {command}\n" + "\n".join(said))
                for line, other in zip(shown, said):
                    self.assertTrue(agree(line, other), f"{name}: {command}\n{line}\n{other}")

    def said(self, words, turns, options):
        key = (tuple(words), tuple(command for command, _ in turns), options)
        if key not in self.known:
            run = self.run_program(*words, *options, text="".join(c + "\n" for c, _ in turns), small=False)
            if "`delstep setup`" in run.stderr:
                self.skipTest("the data are not there: ./dev setup")
            self.assertEqual(run.returncode, 0, run.stderr)
            self.known[key] = [line for line in run.stdout.splitlines() if not line.startswith("> ")]
        return self.known[key]

    def play_scripts(self, name):
        path = ROOT / name
        blocks = scripts(path)
        self.assertEqual(len(blocks), path.read_text().count("```console\n"), f"{name} has a block that no test plays")
        for script, text, words, shown in blocks:
            self.write(script, text)
            run = self.run_program(*words, small=False)
            self.assertEqual(run.returncode, 0, run.stderr)
            said = run.stdout.splitlines()
            self.assertEqual(len(shown), len(said), f"{name}: {script}\n" + run.stdout)
            for line, other in zip(shown, said):
                self.assertTrue(agree(line, other), f"{name}: {script}\n{line}\n{other}")

    def setUp(self):
        super().setUp()
        self.known = {}

    def test_readme(self):
        self.play("README.md")

    def test_first_session(self):
        self.play("docs/guide/first-session.md")

    def test_studies(self):
        self.play("docs/guide/studies.md")

    def test_communication(self):
        self.play("docs/guide/communication.md")

    def test_living(self):
        self.play("docs/guide/living.md")

    def test_scripts(self):
        self.play_scripts("docs/guide/scripts.md")

    def test_what_if(self):
        self.play("docs/guide/what-if.md")

    def test_model_files(self):
        self.play("docs/guide/model-files.md")

    def test_packets(self):
        if re.search(r" ns3 +absent", self.run_program("--version", small=False).stdout):
            self.skipTest("this build has no ns-3")
        self.play("docs/guide/packets.md")


if __name__ == "__main__":
    unittest.main()
