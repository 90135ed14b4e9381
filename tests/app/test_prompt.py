"""A conversation with the prompt, on a pseudo-terminal."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
import unittest

from program import ProgramTest, environment


class Prompt(ProgramTest):
    def talk(self, *words, until="]> ", **changes):
        """Starts the program at a terminal of 100 columns, and waits for its prompt or another text."""
        self.master, slave = pty.openpty()
        self.addCleanup(os.close, self.master)
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))

        def own_terminal():
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        changes.setdefault("XDG_STATE_HOME", str(self.folder / "state"))
        self.program = subprocess.Popen(self.command(*words), stdin=slave, stdout=slave, stderr=slave,
                                        cwd=self.folder, preexec_fn=own_terminal,
                                        env=environment(HOME=str(self.folder), **changes))
        os.close(slave)
        self.addCleanup(self.program.wait)
        self.addCleanup(self.program.kill)
        self.heard = ""
        self.expect(until)

    def type(self, keys):
        os.write(self.master, keys.encode())

    def expect(self, text):
        """Reads until `text` has come; what stood before it is dropped."""
        end = time.monotonic() + self.TIMEOUT
        while text not in self.heard:
            ready, _, _ = select.select([self.master], [], [], max(0, end - time.monotonic()))
            self.assertTrue(ready and time.monotonic() < end, f"waited for {text!r}, heard {self.heard[-1000:]!r}")
            try:
                self.heard += os.read(self.master, 65536).decode(errors="replace")
            except OSError:  # the program has gone
                self.fail(f"the program ended; waited for {text!r}, heard {self.heard!r}")
        before, _, self.heard = self.heard.partition(text)
        return before

    def finish(self):
        while True:
            try:
                if not os.read(self.master, 65536):
                    break
            except OSError:
                break
        return self.program.wait(timeout=60)

    def test_runs_commands_and_ends_with_0_in_spite_of_errors(self):
        self.talk()
        self.type("trian\r")
        self.expect("did you mean 'train'?")
        self.expect("]> ")
        self.type("exit\r")
        self.assertEqual(self.finish(), 0)

    def test_help_is_paged_where_it_is_longer_than_the_terminal(self):
        self.talk(PAGER="sed s/^/PAGED:/")
        self.type("help\r")
        self.expect("PAGED:interface")
        self.expect("]> ")
        self.type("help cycle\r")  # a few lines
        self.assertNotIn("PAGED", self.expect("]> "))
        self.type("exit\r")
        self.assertEqual(self.finish(), 0)

    def test_ctrl_c_in_the_pager_is_the_pagers(self):
        self.talk(PAGER="trap 'echo STOPPED; exit' INT; echo PAGED; while :; do sleep 0.1; done")
        for _ in range(2):
            self.type("help\r")
            self.expect("PAGED")
            self.type("\x03")
            self.expect("STOPPED")
            self.expect("]> ")
        self.type("cycle\r")
        self.expect("cycle 1")

    def test_help_comes_where_the_pager_is_not_there(self):
        self.talk(PAGER="delstep-has-no-such-pager")
        self.type("help\r")
        self.expect("interface\r\n  neighborhood")
        self.expect("]> ")

    def test_a_long_repeat_tells_how_far_it_is(self):
        self.talk()
        self.type("repeat 1000000 { train 10.0.0.1 }\r")
        self.expect("/1000000 · ")
        self.type("\x03")
        self.expect("]> ")

    def test_ctrl_d_leaves(self):
        self.talk()
        self.type("\x04")
        self.assertEqual(self.finish(), 0)

    def test_ctrl_d_in_an_open_block_or_quote_gives_the_prompt_back(self):
        self.talk()
        for begun, error in (("repeat 2 {", "'{' is never closed"), ('echo "a', "is never closed")):
            self.type(begun + "\r")
            self.expect("...> ")
            self.type("\x04")
            self.expect(error)
            self.expect("]> ")
        self.type("cycle\r")
        self.expect("cycle 1")
        self.expect("]> ")
        self.type("\x04")
        self.assertEqual(self.finish(), 0)

    def test_the_marks_of_a_bracketed_paste_are_no_input(self):
        self.talk()
        self.type("\x1b[200~echo one\recho two\r\x1b[201~")
        self.expect("\none\r\n")
        self.expect("\ntwo\r\n")
        self.type("echo three\r")
        self.expect("\nthree\r\n")
        self.type("exit\r")
        self.assertNotIn("no command", self.expect("exit"))
        self.assertEqual(self.finish(), 0)

    def test_an_empty_enter_repeats_the_last_step(self):
        self.talk()
        self.type("train 10.0.0.2\r")
        self.expect("]> ")
        self.type("cycle\r")
        self.expect("]> ")
        self.type("\r")
        self.expect("]> ")
        self.type("log\r")
        self.expect("[train 10.0.0.2]")
        self.expect("[cycle]")
        self.expect("[train 10.0.0.2]")
        self.type("exit\r")
        self.assertEqual(self.finish(), 0)

    def test_tab_completes_a_verb(self):
        self.talk()
        self.type("neigh\t")
        self.expect("neighborhood ")
        self.type("\r")
        self.expect("10.0.0.4")
        self.type("exit\r")
        self.finish()

    def test_tab_completes_the_name_of_a_scenario(self):
        self.talk()
        self.type("scenario show mnist-1\t")
        self.expect("mnist-12 ")
        self.type("\x03")
        self.expect("]> ")

    def test_ctrl_c_in_a_run_is_no_error(self):
        self.talk()
        self.type("every 1s echo ticked; run\r")
        self.expect("1s: ticked")
        self.type("\x03")
        self.assertNotIn("error", self.expect("between two happenings"))
        self.expect("]> ")

    def test_ctrl_c_drops_the_line_and_stays(self):
        self.talk()
        self.type("train nonsense")
        self.expect("nonsense")
        self.type("\x03")
        self.expect("]> ")
        self.type("log\r")
        self.expect("]> ")
        self.type("cycle\r")
        self.expect("cycle 1")
        self.type("exit\r")
        self.assertEqual(self.finish(), 0)

    def test_ctrl_c_stops_a_command_and_keeps_the_prompt(self):
        self.talk("training.epochs=1")
        self.type("repeat 1000000 { cycle; train }\r")
        self.expect("cycle 3")
        self.type("\x03")
        self.expect("]> ")
        self.type("exit\r")
        self.assertEqual(self.finish(), 0)

    def test_ctrl_c_at_an_idle_prompt_never_ends_the_session(self):
        self.talk("training.epochs=1")
        for _ in range(2):
            self.type("repeat 1000000 { cycle; train }\r")
            self.expect("trained ")  # no word of the prompt, as "cycle " is
            self.type("\x03")
            self.expect("^C")
            self.expect("]> ")
            # At once after a command was stopped, again, and with a half-typed line.
            for keys in ("", "", "train nons"):
                if keys:
                    self.type(keys)
                    self.expect(keys)
                self.type("\x03")
                self.expect("^C")  # a prompt before it is only drawn again
                self.expect("]> ")
        self.type("exit\r")
        self.assertEqual(self.finish(), 0)

    def test_ctrl_c_twice_while_a_command_runs_ends_with_130(self):
        # An epoch takes half a second or more, and a command stops between two.
        self.talk("nodes.count=2", "training.epochs=1", "data.samples=20000", "data.features=784", "model.hidden=[1024]")
        # On a machine that is busy enough the second one comes too late, or together with the first: then
        # once more.
        while self.program.poll() is None:
            try:
                self.type("cycle; train\r")
                self.expect("cycle ")
                self.type("\x03")
                self.expect("^C")
                self.type("\x03")
                self.expect("]> ")
            except (AssertionError, OSError):  # the program has gone
                break
        self.assertEqual(self.program.wait(timeout=60), 130)

    def test_a_request_to_end_ends_the_prompt_with_143(self):
        self.talk()
        self.program.send_signal(signal.SIGTERM)
        self.assertEqual(self.finish(), 143)

    def test_an_open_block_asks_for_more_and_ctrl_c_forgets_it(self):
        self.talk()
        self.type("repeat 2 {\r")
        self.expect("...> ")
        self.type("\x03")
        self.expect("]> ")
        self.type("exit\r")
        self.assertEqual(self.finish(), 0)

    def test_the_history_outlives_the_session_and_is_private(self):
        self.talk()
        self.type("train 10.0.0.3\r")
        self.expect("]> ")
        self.type("exit\r")
        self.finish()
        folder = self.folder / "state" / "delstep"
        self.assertEqual(folder.stat().st_mode & 0o777, 0o700)
        self.talk()
        self.type("\x12" + "10.0.0.3")  # Ctrl-R
        self.expect("train 10.0.0.3")
        self.type("\r")
        self.expect("]> ")
        self.type("log\r")
        self.expect("[train 10.0.0.3]")
        self.type("exit\r")
        self.finish()

    def test_the_history_is_text_that_people_can_read(self):
        folder = self.folder / "state" / "delstep"
        folder.mkdir(parents=True)
        # As earlier versions wrote it, by libedit.
        (folder / "history").write_text("_HiStOrY_V2_\ntrain\\04010.0.0.3\n")
        self.talk()
        self.type("cycle\r")
        self.expect("cycle 1")
        self.type("exit\r")
        self.finish()
        self.assertEqual((folder / "history").read_text(), "train 10.0.0.3\ncycle\nexit\n")

    def test_an_error_drops_the_rest_of_the_line(self):
        self.talk()
        self.type("cycle; train 10.0.0.99; cycle\r")
        self.expect("cycle 1")
        said = self.expect("]> ")
        self.assertIn("no node named '10.0.0.99'", said)
        self.assertIn("dropped", said)
        self.assertNotIn("stdin:", said)
        self.assertNotIn("cycle 2", said)
        self.type("exit\r")
        self.finish()

    def test_a_line_with_an_unknown_verb_runs_nothing(self):
        self.talk()
        self.type("cycle; flod; cycle\r")
        said = self.expect("]> ")
        self.assertIn("did you mean 'flood'?", said)
        self.assertIn("nothing of this line was run", said)
        self.assertNotIn("cycle 1", said)
        self.type("repeat 2 {cycle}\r")
        self.expect("cycle 2")
        self.type("exit\r")
        self.finish()

    def test_a_pause_waits_for_enter_and_ctrl_c_ends_it(self):
        self.talk()
        self.type("pause Look here; cycle\r")
        self.expect("Look here [Enter] ")
        self.type("\r")
        self.expect("cycle 1")
        self.expect("]> ")
        self.type("pause; cycle\r")
        self.expect("[Enter] ")
        self.type("\x03")
        said = self.expect("]> ")
        self.assertNotIn("cycle 2", said)
        self.type("exit\r")
        self.assertEqual(self.finish(), 0)

    def test_a_no_to_the_question_of_a_test_means_no(self):
        self.talk("test.limit=10")
        self.type("test\r")
        self.assertIn("more than test.limit = 10", self.expect("[Enter] "))
        self.type("no\r")
        self.assertNotIn("RESULT", self.expect("nothing was tested"))
        self.expect("]> ")
        self.type("test\r")
        self.expect("[Enter] ")
        self.type("yes\r")
        self.expect("RESULT")
        self.expect("]> ")
        self.type("exit\r")
        self.assertEqual(self.finish(), 0)

    def test_a_pause_of_a_script_waits_at_a_terminal_too(self):
        self.write("lesson.del", "cycle\npause Look\ncycle\n")
        for key, code, said in (("\n", 0, "cycle 2"), ("\x03", 130, "dropped")):
            self.talk("-f", "lesson.del", until="Look [Enter] ")
            self.type(key)
            self.expect(said)
            self.assertEqual(self.finish(), code)

    def test_an_empty_enter_does_not_repeat_what_was_interrupted(self):
        self.talk("training.epochs=1")
        self.type("repeat 1000000 { train }\r")
        self.expect("trained ")
        self.type("\x03")
        self.expect("dropped")
        self.expect("]> ")
        self.type("\r")
        self.assertNotIn("trained", self.expect("]> "))
        self.type("exit\r")
        self.finish()

    def test_tab_puts_a_name_with_blanks_in_quotes(self):
        self.write("Aufgabe 1 – gossip.del", "cycle\n")
        self.talk()
        self.type("load Auf\t")
        self.expect('load "Aufgabe 1 – gossip.del" ')
        self.type("\r")
        self.expect("cycle 1")
        self.type("exit\r")
        self.finish()

    def test_without_utf_8_signs_are_ascii(self):
        self.talk(LC_ALL="C")
        self.type("status\r")
        self.assertTrue(self.expect("]> ").isascii())
        self.type("exit\r")
        self.finish()

    def test_a_history_that_cannot_be_kept_is_no_matter(self):
        self.write("state", "a file where the folder should be")
        self.talk()
        self.type("cycle\r")
        self.expect("cycle 1")
        self.type("exit\r")
        self.assertEqual(self.finish(), 0)

    def test_usage_shows_while_a_command_is_typed(self):
        self.talk()
        self.type("train ")
        self.expect("[NODE")
        self.type("\x03")
        self.expect("]> ")
        self.type("exit\r")
        self.finish()

    def test_a_script_may_come_before_the_prompt(self):
        self.write("first.del", "cycle\ntrain 10.0.0.99\ncycle\n")
        self.talk("-i", "-f", "first.del")
        self.type("cycle\r")
        self.expect("cycle 2")
        self.type("exit\r")
        self.assertEqual(self.finish(), 0)


if __name__ == "__main__":
    unittest.main()
