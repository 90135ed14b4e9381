"""The LibTorch plug-in through the program: loaded when a model needs it, equal for any threads."""

import re
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

    def skip_where_there_is_a_device(self):
        done = self.run_program("doctor", "data.name=blobs", small=False)
        if re.search("ok +LibTorch's devices", done.stdout):
            self.skipTest("NOT TRIED WITHOUT A DEVICE: this machine has one")
        self.assertRegex(done.stdout, r"note +LibTorch's devices +the CPU alone: \S")

    def test_without_a_device_it_says_why_and_what_to_do(self):
        self.skip_where_there_is_a_device()
        for words in (["model.name=mlp"], ["model.name=logreg", "model.learner=torch"]):
            done = self.run_program("training.device=cuda", *words, "-c", "train")
            self.assertEqual(done.returncode, 4, done.stderr)
            self.assertRegex(done.stderr, r"error: training\.device = cuda: (this LibTorch|LibTorch finds)")
            self.assertIn("training.device=cpu computes without", done.stderr)
        done = self.run_program("doctor", "training.device=cuda:1", "data.name=blobs", small=False)
        self.assertEqual(done.returncode, 4, done.stdout)
        self.assertRegex(done.stdout, r"MISSING +training\.device +training\.device = cuda:1: ")

    def test_a_device_that_is_not_there_leaves_the_run_as_it_was(self):
        self.skip_where_there_is_a_device()
        script = "train; set training.device cuda; config show training.device; undo; train; test"
        plain = self.run_program("--keep-going", "-c", "train; undo; train; test")
        done = self.run_program("--keep-going", "-c", script)
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn("training.device = cuda: ", done.stderr)
        self.assertRegex(done.stdout, r'training\.device +"cpu" +default')
        self.assertEqual(done.stdout.splitlines()[-3:], plain.stdout.splitlines()[-3:])

    def test_openblas_has_the_kernels_of_the_instruction_set(self):
        def doctor(*words):
            done = self.run_program("doctor", "data.name=blobs", *words, small=False)
            return re.search(r"LibTorch's BLAS +(.*)", done.stdout)[1]
        found = doctor()
        if not re.match("OpenBLAS .*DYNAMIC_ARCH", found):
            self.skipTest("NOT TRIED WITHOUT OPENBLAS: " + found)
        version = self.run_program("--version", small=False).stdout
        family = {"avx512": "SkylakeX", "avx2": "Haswell"}.get(re.search(r"instructions +(\w+)", version)[1])
        if family:
            self.assertRegex(found, rf" {family} .*told it to take its kernels {family}$")
        self.assertRegex(doctor("--portable"), "told it to take its kernels Prescott")

    def test_learners_without_a_way_to_devices_are_named(self):
        done = self.run_program("training.device=cuda", "model.learner=dense", "-c", "train")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("the learner 'dense' computes on the CPU alone, not on training.device = cuda", done.stderr)
        self.assertIn("model.learner=torch has the same models", done.stderr)

    def test_a_name_that_is_no_device_is_refused(self):
        done = self.run_program("training.device=gpu", "-c", "train")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("training.device must be cpu, cuda or the number of a GPU such as cuda:1, not 'gpu'", done.stderr)

    def test_a_checkpoint_goes_on_on_another_device(self):
        self.run_program("-c", "train; checkpoint there")
        done = self.run_program("--resume", "there", "training.device=cpu", "-c", "train", small=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_perceptron_does_not_load_it(self):
        done = self.run_program("-c", "train", LD_DEBUG="files")
        self.assertIn("libstdc++", done.stderr)
        self.assertNotIn("libtorch", done.stderr)


if __name__ == "__main__":
    unittest.main()
