"""Keras models as nodes' models: exported, trained on four nodes, and compared with Keras itself.

Runs where the program was built with TensorFlow; DELSTEP_TENSORFLOW_PYTHON is the Python that has it.
"""
import json
import os
import pathlib
import subprocess
import unittest
import zipfile

from program import PROGRAM, ProgramTest, environment

ROOT = pathlib.Path(__file__).resolve().parents[2]
PYTHON = os.environ.get("DELSTEP_TENSORFLOW_PYTHON")

# Data that a small network can learn: a class a direction, pictures of 3 channels.
PREPARE = """
import sys
sys.path.insert(0, sys.argv[1])
import numpy, tensorflow as tf
from export_keras import export

random = numpy.random.default_rng(5)
centres = random.normal(size=[4, 8, 8, 3])
def draw(count):
    y = random.integers(4, size=count)
    return (centres[y] + random.normal(size=[count, 8, 8, 3])).astype("float32"), y
x, y = draw(320)
x_test, y_test = draw(100)
numpy.savez("data.npz", x_train=x, y_train=y, x_test=x_test, y_test=y_test)

def network(dropout):
    tf.keras.utils.set_random_seed(3)
    layers = [tf.keras.layers.Input([8, 8, 3]), tf.keras.layers.Conv2D(6, 3, activation="relu"),
              tf.keras.layers.BatchNormalization(), tf.keras.layers.Flatten()]
    if dropout:
        layers.append(tf.keras.layers.Dropout(0.3))
    return tf.keras.Sequential([*layers, tf.keras.layers.Dense(4)])

# The same network for pictures of one size, and for those of any size.
for name, size in [("fixed", 8), ("open", None)]:
    tf.keras.utils.set_random_seed(3)
    export(tf.keras.Sequential([tf.keras.layers.Input([size, size, 3]), tf.keras.layers.Conv2D(6, 3),
                                tf.keras.layers.GlobalAveragePooling2D(), tf.keras.layers.Dense(4)]),
           tf.keras.optimizers.SGD(0.1), name)

export(network(True), tf.keras.optimizers.Adam(), "with_dropout")
export(network(False), tf.keras.optimizers.SGD(0.1), "sgd")
import export_keras
source = open(export_keras.__file__).read()
assert '"get_rate"' in source
older = {"__name__": "older"}
exec(source.replace('"get_rate"', '"of_nobody"'), older)
older["export"](network(False), tf.keras.optimizers.SGD(0.1), "older")
# Answers of evaluate that are none of a whole batch. The last one's graph does not tell its shape.
loss, correct = 'loss_of(y, logits), "correct"', "tf.reduce_sum(tf.cast(right, tf.int64))}"
for name, old, new in [("losses", loss, 'tf.zeros_like(y, tf.float32), "correct"'),
                       ("negative", correct, "-tf.reduce_sum(tf.ones_like(y))}"),
                       ("doubled", correct, "2 * tf.reduce_sum(tf.ones_like(y))}"),
                       ("untold", correct, "tf.reshape(tf.ones_like(y), tf.boolean_mask(tf.shape(y), [True]))}")]:
    assert source.count(old) == 1
    wrong = {"__name__": "wrong"}
    exec(source.replace(old, new), wrong)
    wrong["export"](network(False), tf.keras.optimizers.SGD(0.1), name)

model, optimizer = network(False), tf.keras.optimizers.Adam(0.01)
export(model, tf.keras.optimizers.Adam(), "plain")
loss_of = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
losses = []
for step in range(2):
    with tf.GradientTape() as tape:
        loss = loss_of(y, model(x, training=True))
    optimizer.apply_gradients(zip(tape.gradient(loss, model.trainable_variables),
                                  model.trainable_variables))
    logits = model(x_test, training=False)
    losses.append([float(loss), float(loss_of(y_test, logits)),
                   int((logits.numpy().argmax(1) == y_test).sum())])
import json
json.dump(losses, open("keras.json", "w"))
"""


@unittest.skipUnless(PYTHON, "built without TensorFlow")
class Keras(ProgramTest):
    @classmethod
    def setUpClass(cls):
        import tempfile
        cls.exported = tempfile.TemporaryDirectory(prefix="delstep-keras-")
        done = subprocess.run([PYTHON, "-c", PREPARE, str(ROOT / "examples" / "own_tensorflow")],
                              cwd=cls.exported.name, capture_output=True, text=True, check=False,
                              env={**environment(), "TF_CPP_MIN_LOG_LEVEL": "3"})
        assert done.returncode == 0, done.stderr

    @classmethod
    def tearDownClass(cls):
        cls.exported.cleanup()

    def play(self, model, commands, *words, code=0):
        data = ["data.name=npz", f"data.path={self.exported.name}/data.npz", "data.pool=train",
                "model.name=tensorflow", f"model.file={self.exported.name}/{model}", "--json"]
        done = self.run_program(*data, *words, "-c", commands, small=False)
        self.assert_code(done, code)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def test_a_step_is_that_of_keras(self):
        expected = json.loads(pathlib.Path(self.exported.name, "keras.json").read_text())
        replies = self.play("plain", "train; test; train; test", "nodes.count=1",
                            "data.test_fraction=0", "training.batch_size=320", "training.epochs=1",
                            "training.lr=0.01")
        for step, (loss, test_loss, right) in enumerate(expected):
            trained, tested = replies[2 * step]["result"], replies[2 * step + 1]["result"]
            self.assertAlmostEqual(trained["trained"][0]["loss"], loss, delta=2e-5)
            self.assertAlmostEqual(tested["results"][0]["loss"], test_loss, delta=2e-5)
            self.assertAlmostEqual(tested["results"][0]["accuracy"], right / 100, delta=0.0101)

    def test_pictures_of_any_size_have_their_channels_last_too(self):
        fixed, any_size = (self.play(model, "train", "nodes.count=2", "training.epochs=1")[0]["result"]
                           for model in ("fixed", "open"))
        self.assertEqual(fixed, any_size)

    def test_running_statistics_are_not_compressed(self):
        """A compressed variance could be negative. Until the first aggregation both runs are the same."""
        def exported(compressor):
            self.play("plain", "train; flood; nstep; ag; export 10.0.0.1 model.npz", "nodes.count=2",
                      "training.epochs=1", f"compression.name={compressor}")
            with zipfile.ZipFile(self.folder / "model.npz") as file:
                tensors = {name: file.read(name) for name in file.namelist()}
            statistics = {name: tensors.pop(name) for name in list(tensors) if "moving_" in name}
            self.assertEqual(len(statistics), 2)
            return statistics, tensors
        (plain, weights), (sent, others) = exported("none"), exported("stochastic")
        self.assertEqual(plain, sent)
        self.assertNotEqual(weights, others)

    def test_four_nodes_learn_together_and_threads_change_no_bit(self):
        commands = "train; flood; nstep; ag; " * 8 + "test; status"
        runs = [self.play("with_dropout", commands, "nodes.count=4", "training.epochs=2",
                          "training.batch_size=16", f"training.threads={n}") for n in (1, 2)]
        self.assertEqual(runs[0], runs[1])
        accuracy = [row["accuracy"] for row in runs[0][-2]["result"]["results"]]
        self.assertGreater(min(accuracy), 0.9)

    def test_a_run_goes_on_after_a_checkpoint_and_after_going_back(self):
        # Dropout's draws and the memory of Adam are of the node, so they come back with it.
        one = "train; flood; nstep; ag"
        words = ["nodes.count=3", "training.epochs=1"]
        *_, whole = self.play("with_dropout", f"{one}; checkpoint a.ckpt; {one}; hash", *words)
        more = self.run_program("--resume", "a.ckpt", "--json", small=False)
        self.assert_code(more, 0)
        self.assertEqual(json.loads(more.stdout.splitlines()[-1])["result"], whole["result"])
        replies = self.play("with_dropout", f"{one}; {one}; hash; undo 4; {one}; hash", *words)
        hashes = [reply["result"] for reply in replies if reply["cmd"] == "hash"]
        self.assertEqual(hashes, [whole["result"]] * 2)

    def test_the_optimizer_keeps_its_own_rate_until_somebody_sets_one(self):
        def play(model, *words):
            shown, trained = self.play(model, "config show training.lr; train", "nodes.count=2", *words)
            row, = [row for row in shown["result"]["keys"] if row["key"] == "training.lr"]
            return (row["value"], row["origin"]), [row["loss"] for row in trained["result"]["trained"]]

        own, losses = play("sgd")
        self.assertEqual(own, (0.1, "the model's own (SGD)"))
        older, same = play("older")
        self.assertEqual(older[0], 0.1)
        self.assertEqual(losses, same)
        chosen, as_told = play("sgd", "training.lr=0.1")
        self.assertEqual(chosen, (0.1, "command line"))
        self.assertEqual(losses, as_told)
        self.assertNotEqual(losses, play("sgd", "training.lr=0.001")[1])

    def test_answers_that_no_batch_can_have_are_errors(self):
        for model, code, phrase in [
                ("losses", 3, "'loss' of signature 'evaluate' has the shape [-1], expected one number"),
                # Tested in one batch: the 15 held-out examples of the 100 that a node gets.
                ("negative", 1, "says that -15 of 15 examples are right, expected 0 to 15"),
                ("doubled", 1, "says that 30 of 15 examples are right, expected 0 to 15"),
                ("untold", 1, "`correct` of the model is 15 numbers, expected one for the whole batch")]:
            with self.subTest(model):
                done = self.run_program("data.name=npz", f"data.path={self.exported.name}/data.npz",
                                        "partition.samples_per_node=100", "nodes.count=2", "model.name=tensorflow",
                                        f"model.file={self.exported.name}/{model}", "-c", "test 10.0.0.1 local",
                                        small=False)
                self.assert_code(done, code)
                self.assertIn(phrase, done.stderr)

    def test_what_the_model_cannot_do_is_said(self):
        def refused(*words, code):
            done = self.run_program("data.name=blobs", "nodes.count=2", "model.name=tensorflow",
                                    *words, "-c", "train", small=False)
            self.assert_code(done, code)
            return done.stderr
        self.assertIn("model.file", refused(code=2))
        self.assertIn("cannot load", refused("model.file=nowhere", code=3))
        plain = f"model.file={self.exported.name}/plain"
        self.assertIn("x takes examples of [8, 8, 3]", refused(plain, code=2))
        self.assertIn("per-node", refused(plain, "model.init=per-node", code=2))
        self.assertIn("proximal_mu", refused(plain, "training.proximal_mu=0.1", code=2))


if __name__ == "__main__":
    unittest.main()
