"""Reading recorded runs."""

import resource
import unittest
import warnings
from unittest import mock

import delstep
from small import SmallTest, session


class Runs(SmallTest):
    def test_all_files_of_a_run(self):
        folder = self.folder / "run"
        s = session(out=folder)
        s("train; test local; cycle")
        s.close()
        run = delstep.read_run(folder)
        self.assertEqual(run.config["nodes"]["count"], 4)
        self.assertEqual(run.config["data"]["name"], "blobs")
        self.assertTrue(run.script.endswith("\ntrain\ntest local\ncycle\n"))
        self.assertEqual(run.events[-1]["type"], "command_done")
        self.assertIn("seed", run.environment)
        with mock.patch.dict("sys.modules", {"pandas": None}):
            self.assertEqual([row["NODE"] for row in run.results if row["TYPE"] == "RESULT"],
                             ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"])
            self.assertIsInstance(run.results[0]["LOSS"], float)

    def test_a_line_that_was_cut_off_is_left_out(self):
        folder = self.folder / "run"
        s = session(out=folder)
        s("cycle")
        s.close()
        whole = delstep.read_run(folder).events
        with open(folder / "events.jsonl", "a") as events:
            events.write('{"v":2,"type":"comm')
        self.assertEqual(delstep.read_run(folder).events, whole)

    def test_a_script_may_have_bytes_that_are_no_text(self):
        folder = self.folder / "run"
        session(out=folder).close()
        with open(folder / "script.del", "ab") as script:
            script.write(b"echo a\xffb\n")
        last = delstep.read_run(folder).script.splitlines()[-1]
        self.assertEqual(last.encode(errors="surrogateescape"), b"echo a\xffb")

    def test_a_record_that_cannot_be_written_any_more_is_told_of_once(self):
        def set_weights(s):
            s.set_model("10.0.0.1", s.model("10.0.0.1"))

        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        for number, use in enumerate((lambda s: s("cycle"), set_weights)):
            s = session(out=self.folder / f"run{number}")
            # As on a full disk: no file may grow any more.
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
            try:
                with self.assertWarnsRegex(RuntimeWarning, "cannot write .*: File too large: the session goes on"):
                    use(s)
                with warnings.catch_warnings():
                    warnings.simplefilter("error")
                    use(s)
                    s.close()
            finally:
                resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    def test_a_folder_without_a_run(self):
        with self.assertRaisesRegex(FileNotFoundError, "events.jsonl"):
            delstep.read_run(self.folder)

    def test_a_run_is_not_written_over(self):
        session(out=self.folder / "run").close()
        with self.assertRaises(delstep.CommandError) as caught:
            session(out=self.folder / "run")
        self.assertEqual(caught.exception.code, 1)

    def test_frames_where_pandas_is(self):
        try:
            import pandas
        except ImportError:
            self.skipTest("no pandas")
        s = session()
        s("train; test local")
        frame = s.metrics()
        self.assertIsInstance(frame, pandas.DataFrame)
        self.assertEqual(len(frame[frame.metric == "train_loss"]), 4)
        self.assertEqual(len(s.nodes().to_frame()), 4)


if __name__ == "__main__":
    unittest.main()
