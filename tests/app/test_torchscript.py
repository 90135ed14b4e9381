"""Brings models as TorchScript files, written by torchscript/make_models.py."""

import re
import unittest

from own_models import ROOT, OwnModelTest

SCRIPTS = ROOT / "tests/app/torchscript"


class TorchScript(OwnModelTest):
    def words(self, name):
        return ["model.name=torchscript", f"model.file={SCRIPTS / name}.pt"]

    def test_a_model_with_batch_norm_and_dropout_learns(self):
        self.assert_code(self.learn(*self.words("good")), 0)

    def test_a_traced_model_learns(self):
        self.assert_code(self.learn(*self.words("traced")), 0)

    def test_no_number_of_threads_changes_a_bit(self):
        for name in ("good", "rebinds", "noisy"):
            with self.subTest(name):
                one = self.signature(*self.words(name), "training.threads=1")
                self.assertEqual(one, self.signature(*self.words(name), "training.threads=2"))
                self.assertEqual(one, self.signature(*self.words(name), "training.threads=2"))
                self.assertNotEqual(one, self.signature(*self.words(name), "seed=21"))

    def test_all_nodes_start_from_the_values_of_the_file(self):
        run = self.run_program(*self.words("good"), "-c", "test global; stats")
        self.assert_code(run, 0)
        self.assertEqual(1, len(set(re.findall(r"global\s+(\S+\s+\S+)", run.stdout))), run.stdout)
        refused = self.run_program(*self.words("good"), "model.init=per-node", "-c", "train")
        self.assert_code(refused, 2)
        self.assertIn("same initial parameters", refused.stderr)

    def test_what_escapes_a_nodes_rows_is_refused_with_a_way_out(self):
        refused = {
            "counts": ["attribute 'count', which is no buffer", "register_buffer"],
            "remembers": ["attribute 'sizes'", "register_buffer"],
            "hides_a_tensor": ["attribute 'total', which is no parameter or buffer"],
            "draws_always": ["aten::randn_like", "self.training"],
            "drops_always": ["dropout that is on in evaluation too", "self.training"],
            "writes": ["aten::save"],
            "gives_two": ["not a tensor"],
            "frozen": ["no parameters to train", "freeze"],
            "double": ["fc1.weight"],
        }
        for name, phrases in refused.items():
            with self.subTest(name):
                run = self.run_program(*self.words(name), "-c", "train")
                self.assert_code(run, 2)
                for phrase in phrases:
                    self.assertIn(phrase, run.stderr)
        self.assertFalse((self.folder / "written.pt").exists())

    def test_data_of_another_shape_are_an_error_that_names_the_shape(self):
        shape = self.run_program(*self.words("good"), "data.features=9", "-c", "train")
        self.assert_code(shape, 2)
        self.assertIn("batch of shape [2, 9]", shape.stderr)
        classes = self.run_program(*self.words("good"), "data.classes=5", "-c", "train")
        self.assert_code(classes, 2)
        self.assertIn("[2, 4], not into scores [2, 5] for the 5 classes", classes.stderr)

    def test_what_is_no_script_says_how_to_write_one(self):
        (self.folder / "text.pt").write_text("not a model")
        (self.folder / "cut.pt").write_bytes((SCRIPTS / "good.pt").read_bytes()[:3000])
        for file, phrase in [(SCRIPTS / "state.pt", "torch.save() wrote it"), ("text.pt", "torch.jit.script"),
                             ("cut.pt", "cut.pt"), ("absent.pt", "cannot read 'absent.pt'")]:
            with self.subTest(file):
                run = self.run_program("model.name=torchscript", f"model.file={file}", "-c", "train")
                self.assert_code(run, 3)
                self.assertIn(phrase, run.stderr)
        self.assert_code(self.run_program("model.name=torchscript", "-c", "train"), 2)

    def test_a_file_of_a_newer_pytorch_names_both_versions(self):
        run = self.run_program(*self.words("newer"), "-c", "train")
        if run.returncode == 0:
            self.skipTest("this LibTorch knows the operator")
        self.assert_code(run, 3)
        self.assertRegex(run.stderr, r"written by PyTorch 2\.1 or later .*LibTorch \d+\.\d+\.\d+ cannot read it")
        self.assertIn("scaled_dot_product_attention", run.stderr)


if __name__ == "__main__":
    unittest.main()
