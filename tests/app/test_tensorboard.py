"""The event file of `recording.tensorboard`: its records, and that equal runs write equal bytes."""

import csv
import struct
import unittest

from program import ProgramTest

ROUND = "group create east 10.0.0.1 10.0.0.2; train; flood; nstep; ag; test local; test"
FILE = "tb/events.out.tfevents.0.delstep"


class Tensorboard(ProgramTest):
    def record(self, run, *words, commands=ROUND):
        done = self.run_program("recording.tensorboard=true", "--out", run, *words, "-c", commands)
        self.assert_code(done, 0)
        return self.folder / run / FILE

    def test_is_not_there_unless_wanted(self):
        self.assert_code(self.run_program("--out", "plain", "-c", "train"), 0)
        self.assertFalse((self.folder / "plain/tb").exists())

    def test_equal_runs_write_equal_bytes(self):
        first, second = self.record("one"), self.record("two", "training.threads=1")
        self.assertEqual(first.read_bytes(), second.read_bytes())
        self.assertGreater(first.stat().st_size, 500)

    def test_records_follow_each_other_to_the_end(self):
        data, at, records = self.record("run").read_bytes(), 0, 0
        while at < len(data):
            at += 8 + 4 + struct.unpack_from("<Q", data, at)[0] + 4
            records += 1
        self.assertEqual(at, len(data))
        # The version; then one record per command that has rows in metrics.csv.
        steps = {row["step"] for row in self.metrics("run")}
        self.assertEqual(records, 1 + len(steps))

    def test_a_folder_that_holds_one_is_refused(self):
        self.record("run")
        for file in (self.folder / "run").glob("*.*"):
            file.unlink()
        done = self.run_program("--out", "run", "-c", "train")
        self.assert_code(done, 1)
        self.assertIn(f"holds a run already: {FILE}", done.stderr)

    def metrics(self, run):
        with open(self.folder / run / "metrics.csv", newline="") as file:
            return list(csv.DictReader(file))


if __name__ == "__main__":
    unittest.main()
