"""What becomes of the compiler of a user's C++ file when the run is stopped meanwhile."""

import json
import os
import select
import signal
import time
import unittest

from program import ProgramTest


class Compiling(ProgramTest):
    def setUp(self):
        super().setUp()
        # Whoever includes a named pipe waits in it, so the compiler works until we say so.
        self.write("my_rule.cpp", '#include "endless.h"\n')
        os.mkfifo(self.folder / "endless.h")

    def compiles(self):
        """Returns when the compiler reads, with the end of the pipe that it reads from."""
        writing = os.open(self.folder / "endless.h", os.O_WRONLY)
        self.addCleanup(os.close, writing)
        return writing

    def start(self, *words):
        return super().start(*words, XDG_CACHE_HOME=str(self.folder / "cache"))

    def expect_no_reader(self, writing):
        wait = select.poll()
        wait.register(writing, 0)  # of a pipe that nobody reads any more: POLLERR
        self.assertEqual([writing], [ready for ready, _ in wait.poll(1000 * self.TIMEOUT)], "the compiler goes on")

    def expect_no_folder(self):
        end = time.monotonic() + self.TIMEOUT
        while left := list((self.folder / "cache/delstep").iterdir()):
            self.assertLess(time.monotonic(), end, left)
            os.sched_yield()

    def test_the_compiler_and_its_folder_go_with_the_program(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL):
            with self.subTest(number=number):
                program = self.start("aggregation.name=my_rule.cpp")
                writing = self.compiles()
                program.send_signal(number)
                program.wait(timeout=60)
                self.expect_no_reader(writing)
                self.expect_no_folder()

    def test_an_interrupt_in_a_session_stops_the_compiler_and_leaves_the_session(self):
        program = self.start("--json")
        self.say(program, json.dumps({"id": 1, "cmd": "set aggregation.name my_rule.cpp"}))
        writing = self.compiles()
        program.send_signal(signal.SIGINT)
        stopped = json.loads(program.stdout.readline())
        self.assertEqual(stopped["error"]["code"], 130)
        self.assertIn("stopped while 'my_rule.cpp' was compiled", stopped["error"]["message"])
        self.expect_no_reader(writing)
        self.expect_no_folder()
        self.say(program, json.dumps({"id": 2, "cmd": "config show aggregation.name"}))
        self.assertTrue(json.loads(program.stdout.readline())["ok"])


if __name__ == "__main__":
    unittest.main()
