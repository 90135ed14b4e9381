"""SIGINT and SIGTERM, between commands and in the middle of them. Nothing here waits for a time: each signal follows
output that shows where the program is."""

import signal
import unittest

from program import ProgramTest


class Signals(ProgramTest):
    def until_result(self, program):
        while "RESULT\t10.0.0.4" not in program.stdout.readline():
            pass

    def at_rest(self, *words):
        """A program that has done a command and waits for the next."""
        program = self.start(*words)
        self.say(program, "test local")
        self.until_result(program)
        return program

    def at_work(self, *words):
        """A program in the middle of a script that would take hours."""
        program = self.start(*words, "-c", "repeat 1000000 { test local; train }")
        for _ in range(3):
            self.until_result(program)
        return program

    def end(self, program, number):
        program.send_signal(number)
        # Reading to the end leaves standard input open: closing it could end the program first.
        output = program.stdout.read()
        return program.wait(timeout=60), output

    def test_an_interrupt_while_waiting_for_input_ends_with_130(self):
        self.assertEqual(self.end(self.at_rest(), signal.SIGINT)[0], 130)

    def test_a_request_to_end_while_waiting_for_input_ends_with_143(self):
        self.assertEqual(self.end(self.at_rest(), signal.SIGTERM)[0], 143)

    def test_an_interrupt_stops_a_script_with_130(self):
        self.assertEqual(self.end(self.at_work(), signal.SIGINT)[0], 130)

    def test_an_interrupt_stops_a_script_that_keeps_going(self):
        self.assertEqual(self.end(self.at_work("--keep-going"), signal.SIGINT)[0], 130)

    def test_a_request_to_end_stops_a_script_with_143_and_saves_what_was_done(self):
        code, output = self.end(self.at_work("--out", "run"), signal.SIGTERM)
        self.assertEqual(code, 143)
        events = self.events("run")
        self.assertEqual(events[-1]["type"], "command_done")
        tested = sum(e["type"] == "evaluated" for e in events)
        shown = output.count("\tRESULT\t") if "\tRESULT\t" in output else None
        self.assertGreaterEqual(tested, 12)
        if shown is not None:
            self.assertGreaterEqual(tested, shown)

    def test_an_interrupted_run_can_be_run_again(self):
        self.end(self.at_work("--out", "run", "training.epochs=40"), signal.SIGINT)
        self.run_program("run/config.toml", "--out", "again", "--keep-going", "-f", "run/script.del",
                         small=False)

        def learned(run):
            return [e for e in self.events(run) if e["type"] in ("trained", "evaluated")]

        self.assertEqual(learned("run"), learned("again"))


if __name__ == "__main__":
    unittest.main()
