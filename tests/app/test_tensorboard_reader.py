"""The event file of `recording.tensorboard`, read back by TensorBoard's own reader."""

import csv
import os
import pathlib
import struct
import subprocess
import sys
import unittest

from program import ProgramTest
from test_tensorboard import FILE, ROUND

# Run by the Python that has TensorBoard: a line per value, tab-separated, as its own reader gives it.
READER = """
import sys
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
for event in EventFileLoader(sys.argv[1]).Load():
    for value in event.summary.value:
        number = value.tensor.float_val[0] if value.HasField("tensor") else value.simple_value
        print(value.tag, event.step, event.wall_time, number, sep="\\t")
"""


def python_with_tensorboard():
    """That of `./dev setup --tensorflow`, which brings TensorBoard; None: there is none."""
    candidates = [os.environ.get("DELSTEP_TENSORFLOW_PYTHON"), sys.executable]
    for python in filter(None, candidates):
        if pathlib.Path(python).exists() and subprocess.run(
                [python, "-c", "import tensorboard"], capture_output=True, check=False).returncode == 0:
            return python
    return None


def tag_of(row):
    """As docs/reference/run-directory.md says it."""
    metric, _, figure = row["metric"].partition("/") if not row["node"] else (row["metric"], "", "")
    words = metric.split(":", 1)
    if len(words) == 1 and metric.startswith("test_"):
        words.append("general")
    words.append(row["node"] or (row["group"] if row["group"] != "all" else ""))
    return "/".join(word for word in (*words, figure) if word)


PYTHON = python_with_tensorboard()


class Reader(ProgramTest):
    def test_reads_what_metrics_csv_has(self):
        done = self.run_program("recording.tensorboard=true", "network.latency=20ms", "--out", "run", "-c", ROUND)
        self.assert_code(done, 0)
        done = subprocess.run([PYTHON, "-c", READER, self.folder / "run" / FILE], capture_output=True, text=True,
                              timeout=self.TIMEOUT, check=False)
        self.assert_code(done, 0)
        read = [line.split("\t") for line in done.stdout.splitlines()]
        with open(self.folder / "run/metrics.csv", newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual([(tag, int(step)) for tag, step, _, _ in read],
                         [(tag_of(row), int(row["step"])) for row in rows])
        for (tag, _, wall_time, value), row in zip(read, rows):
            # A float has 24 bits.
            single = struct.unpack("f", struct.pack("f", float(row["value"])))[0]
            self.assertEqual(float(value), single, tag)
            self.assertEqual(float(wall_time), float(row["sim_time"]), tag)
        tags = {tag for tag, _, _, _ in read}
        self.assertLessEqual({"test_acc/local/10.0.0.3", "test_acc/local/mean", "test_acc/local/east/mean",
                              "test_acc/general/mean", "train_loss/10.0.0.1", "consensus_distance",
                              "total_bytes"}, tags)
        # The clock has gone on by the latency: times are of the simulation.
        self.assertEqual({float(time) for _, _, time, _ in read}, {0.0, 0.02})


if __name__ == "__main__":
    if PYTHON is None:
        sys.exit("TensorBoard's reader IS NOT TESTED: there is no TensorBoard; ./dev setup --tensorflow "
                 "installs it")
    unittest.main()
