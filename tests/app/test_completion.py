"""Completion of the command line in bash, zsh and fish, by these shells themselves."""

import os
import pty
import select
import shutil
import subprocess
import sys
import unittest

from program import ProgramTest, environment

# What is typed, and the one word that it becomes.
TYPED = (("--ke", "--keep-going"), ("docs netw", "docs networks"), ("docs completion zs", "docs completion zsh"),
         ("training.optimizer=rms", "training.optimizer=rmsprop"), ("mnist-1", "mnist-12"),
         ("--color=alw", "--color=always"), ("doct", "doctor"))


class Completion(ProgramTest):
    def script(self, shell):
        done = self.run_program("docs", "completion", shell, small=False)
        self.assert_code(done, 0)
        return done.stdout

    def skip_without(self, shell):
        if shutil.which(shell) is None:
            print(f"completion of {shell} is not tested: install {shell}", file=sys.stderr)
            self.skipTest(f"no {shell}")

    def bash(self, words):
        typed = " ".join(f"'{word}'" for word in ["delstep", *words])
        return subprocess.run(["bash", "-c", f"compopt() {{ :; }}; . ./completion.bash; COMP_WORDS=({typed}); "
                               f"COMP_CWORD={len(words)}; _delstep; printf '%s\n' \"${{COMPREPLY[@]}}\""],
                              text=True, capture_output=True, cwd=self.folder, env=environment(), timeout=60,
                              check=False).stdout.split()

    def test_bash_is_what_is_made_without_a_shell(self):
        self.assertEqual(self.run_program("docs", "completion", small=False).stdout, self.script("bash"))

    def test_bash(self):
        self.write("completion.bash", self.script("bash"))
        for typed, expected in TYPED + (("training.lr_s", "training.lr_schedule="),):
            # bash makes a word of each '='.
            words = typed.replace("=", " = ").split()
            self.assertIn(expected.replace("=", " = ").split()[-1] if "=" in typed else expected.split()[-1],
                          self.bash(words))

    def test_zsh(self):
        self.skip_without("zsh")
        self.write("_delstep", self.script("zsh"))
        for typed, expected in TYPED:
            with self.subTest(typed=typed):
                self.assertEqual(self.zsh(typed), expected)

    def zsh(self, typed):
        """What stands on the line after Tab: `delstep` is a function there that tells."""
        start = ("PS1= PROMPT_EOL_MARK= ; unsetopt zle_bracketed_paste; fpath=($PWD $fpath); autoload -U compinit; "
                 "compinit -u -D; delstep() { print -r -- \"GOT:$*:END\" }; print REA''DY\n")
        process, terminal = self.in_terminal("zsh", "-f", "-i")
        self.say_and_wait(terminal, start, "READY")
        text = self.say_and_wait(terminal, f"delstep {typed}\t\n", ":END")
        process.kill()
        process.wait()
        return text[text.rindex("GOT:") + 4:text.rindex(":END")].strip()

    def in_terminal(self, *words):
        ours, theirs = pty.openpty()
        process = subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs, cwd=self.folder,
                                   env=environment(TERM="dumb", HOME=str(self.folder)), start_new_session=True)
        os.close(theirs)
        self.addCleanup(os.close, ours)
        return process, ours

    def say_and_wait(self, terminal, text, mark):
        os.write(terminal, text.encode())
        said = ""
        # The typed line may hold the mark too, in quotes.
        while mark not in said:
            readable, _, _ = select.select([terminal], [], [], self.TIMEOUT)
            self.assertTrue(readable, f"{mark} does not come: {said}")
            said += os.read(terminal, 65536).decode(errors="replace")
        return said

    def test_fish(self):
        self.skip_without("fish")
        self.write("delstep.fish", self.script("fish"))
        for typed, expected in TYPED + (("training.lr_s", "training.lr_schedule="),):
            with self.subTest(typed=typed):
                done = subprocess.run(["fish", "--no-config", "-c",
                                       f"source delstep.fish; complete -C 'delstep {typed}'"],
                                      text=True, capture_output=True, cwd=self.folder,
                                      env=environment(HOME=str(self.folder)), timeout=60, check=False)
                self.assertEqual(done.stderr, "")
                self.assertIn(expected.split()[-1], [line.split("\t")[0] for line in done.stdout.splitlines()])


if __name__ == "__main__":
    unittest.main()
