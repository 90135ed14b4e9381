"""Runs the real program on a small synthetic data set; what all tests of this folder share."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

PROGRAM = os.environ["DELSTEP_PROGRAM"]
SMALL = ["data.name=blobs", "data.samples=240", "nodes.count=4", "training.epochs=1"]
# A crash on purpose ends the program as it would without a sanitizer, which has a handler of its own.
PLAIN_CRASHES = {"ASAN_OPTIONS": "handle_segv=0", "TSAN_OPTIONS": "handle_segv=0"}


def environment(**changes):
    """Ours without what would change the program's ways."""
    kept = {k: v for k, v in os.environ.items()
            if not k.startswith("DELSTEP_") and k not in ("NO_COLOR", "OPENBLAS_CORETYPE")}
    return {**kept, "TERM": "xterm", "LC_ALL": "C.UTF-8", **changes}


class ProgramTest(unittest.TestCase):
    """Each test has a working folder of its own."""

    TIMEOUT = 600  # seconds for a run of the program: only what hangs, or a loaded machine, takes minutes

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="delstep-test-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def command(self, *words):
        return [PROGRAM, *SMALL, *words]

    def run_program(self, *words, text="", small=True, **changes):
        """Runs it to its end with `text` as standard input."""
        words = self.command(*words) if small else [PROGRAM, *words]
        return subprocess.run(words, input=text, capture_output=True, text=True, cwd=self.folder,
                              env=environment(**changes), timeout=self.TIMEOUT, check=False)

    def start(self, *words, **changes):
        """Starts it with pipes, for a conversation."""
        program = subprocess.Popen(self.command(*words), stdin=subprocess.PIPE, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=1,
                                   cwd=self.folder, env=environment(**changes))
        self.addCleanup(self.put_down, program)
        return program

    @staticmethod
    def put_down(program):
        program.kill()
        program.wait()
        for stream in (program.stdin, program.stdout, program.stderr):
            try:
                stream.close()
            except BrokenPipeError:  # what it never read
                pass

    def say(self, program, commands):
        program.stdin.write(commands + "\n")
        program.stdin.flush()

    def write(self, name, text):
        (self.folder / name).write_text(text)
        return name

    def events(self, run):
        """All complete lines of a run's events, parsed."""
        text = (self.folder / run / "events.jsonl").read_text()
        return [json.loads(line) for line in text.splitlines(keepends=True) if line.endswith("\n")]

    def assert_code(self, done, code):
        self.assertEqual(done.returncode, code, f"stdout: {done.stdout}\nstderr: {done.stderr}")
