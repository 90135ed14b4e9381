"""Models that come from files and go to files, as NumPy and a reader of safetensors in six lines see them."""

import json
import unittest

import numpy
from program import ProgramTest


def read_safetensors(path):
    content = path.read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:start])
    return {name: numpy.frombuffer(content[start + e["data_offsets"][0]:start + e["data_offsets"][1]],
                                   {"F32": "<f4", "I64": "<i8"}[e["dtype"]]).reshape(e["shape"])
            for name, e in header.items()}


class ModelFiles(ProgramTest):
    def save(self, name, **arrays):
        numpy.savez(self.folder / name, **arrays)

    def given(self):
        """The tensors of a perceptron of 16, 32 and 4 neurons."""
        rng = numpy.random.default_rng(7)
        shapes = {"fc1.weight": (32, 16), "fc1.bias": 32, "fc2.weight": (4, 32), "fc2.bias": 4}
        return {name: rng.normal(size=shape).astype(numpy.float32)
                for name, shape in shapes.items()}

    def test_a_model_goes_in_and_comes_out_unchanged(self):
        given = self.given()
        self.save("in.npz", **given)
        done = self.run_program("model.weights=in.npz", "-c",
                                "export 10.0.0.3 out.npz; export 10.0.0.4 out.safetensors")
        self.assertEqual(done.returncode, 0, done.stderr)
        for out in (numpy.load(self.folder / "out.npz"),
                    read_safetensors(self.folder / "out.safetensors")):
            self.assertEqual(set(out), set(given))
            for name, array in given.items():
                self.assertTrue(numpy.array_equal(out[name], array), name)

    def test_half_precision_is_widened(self):
        given = {name: array.astype(numpy.float16) for name, array in self.given().items()}
        self.save("in.npz", **given)
        done = self.run_program("model.weights=in.npz", "-c", "export 10.0.0.1 out.npz")
        self.assertEqual(done.returncode, 0, done.stderr)
        out = numpy.load(self.folder / "out.npz")
        self.assertTrue(numpy.array_equal(out["fc1.weight"], given["fc1.weight"].astype("f4")))

    def test_a_transposed_weight_is_not_guessed(self):
        given = self.given()
        given["fc1.weight"] = given["fc1.weight"].T
        self.save("in.npz", **given)
        done = self.run_program("model.weights=in.npz", "-c", "status")
        self.assertEqual(done.returncode, 3)
        self.assertIn("fc1.weight [16, 32] <f4, expected [32, 16]", done.stderr)
        self.assertIn("save its transpose", done.stderr)

    def test_every_node_has_a_file_of_its_own(self):
        done = self.run_program("-c", "train; export all model-{}.npz")
        self.assertEqual(done.returncode, 0, done.stderr)
        files = sorted(self.folder.glob("model-*.npz"))
        self.assertEqual([f.name for f in files], [f"model-10.0.0.{i}.npz" for i in (1, 2, 3, 4)])
        models = [numpy.load(file)["fc1.weight"] for file in files]
        self.assertFalse(numpy.array_equal(models[0], models[1]))


if __name__ == "__main__":
    unittest.main()
