"""The LibTorch plug-in through the program: loaded when a model needs it, equal for any threads."""

import unittest

import program

PICTURES = ["data.name=mnist", "nodes.count=3", "partition.samples_per_node=40",
            "training.epochs=1", "training.batch_size=16"]


class TorchTest(program.ProgramTest):
    def setUp(self):
        super().setUp()
        learners = self.run_program("--version").stdout
        if any("torch" in line and "absent" in line for line in learners.splitlines()):
            self.skipTest("built without LibTorch")

    def events(self, model, threads):
        """What a run writes down of training and an exchange: losses with all their digits."""
        out = f"{model}-{threads}"
        done = self.run_program(*PICTURES, f"model.name={model}", f"training.threads={threads}",
                                "--out", out, "-c", "train; flood; nstep; ag; train; test",
                                small=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return (self.folder / out / "events.jsonl").read_text()

    def test_threads_change_nothing(self):
        for model in ("cnn", "lenet", "resnet20"):
            self.assertEqual(self.events(model, 1), self.events(model, 2), model)

    def test_a_model_that_does_not_fit_the_data_names_both_keys(self):
        done = self.run_program("model.name=cnn", "-c", "train")
        self.assertEqual(done.returncode, 2, done.stdout)
        self.assertIn("model.name 'cnn' learns pictures; an example of data.name 'blobs'",
                      done.stderr)

    def test_a_perceptron_does_not_load_it(self):
        done = self.run_program("-c", "train", LD_DEBUG="files")
        self.assertIn("libstdc++", done.stderr)
        self.assertNotIn("libtorch", done.stderr)


if __name__ == "__main__":
    unittest.main()
