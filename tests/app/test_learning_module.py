"""Brings models as C++ files, which the program compiles."""

import json
import re
import shutil
import signal
import struct
import subprocess
import unittest

from own_models import ROOT, OwnModelTest
from program import PLAIN_CRASHES, environment

EXAMPLE = ROOT / "examples/own_torch_module/learning_module.cpp"


class LearningModule(OwnModelTest):
    def test_an_example_is_compiled_once_and_learns(self):
        words = ["model.name=module", f"model.file={EXAMPLE}"]
        first = self.learn(str(EXAMPLE))
        self.assert_code(first, 0)
        self.assertRegex(first.stderr, r"compiling \S+learning_module\.cpp[^$]*compiled \S+ in \d+\.\d s")
        second = self.learn(*words)
        self.assert_code(second, 0)
        self.assertNotIn("compil", second.stderr)
        self.assertEqual(first.stdout, second.stdout)
        self.assertEqual(self.signature(*words, "training.threads=1"), self.signature(*words, "training.threads=2"))

        # It brings no data, and says so where they are asked for.
        run = self.run_program(*words, "data.name=module", "-c", "train")
        self.assert_code(run, 2)
        self.assertIn("brings no data set", run.stderr)

    def test_the_template_trains_on_mnist(self):
        self.assert_code(self.run_program("new", "module", small=False), 0)
        self.write_images()
        run = self.run_program("learning_module.cpp", f"data.path={self.folder}", "nodes.count=2", "-c",
                               "train; flood; nstep; ag; test", small=False)
        self.assert_code(run, 0)

    def test_libtorch_takes_the_kernels_that_it_takes_for_built_in_models(self):
        """A module brought LibTorch before the plug-in told OpenBLAS which kernels to take."""
        def cores(*words):
            run = self.run_program(*words, "-c", "train", OPENBLAS_VERBOSE="2")
            self.assert_code(run, 0)
            return set(re.findall(r"^Core: (\w+)", run.stdout + run.stderr, re.MULTILINE))
        expected = cores("model.learner=torch")
        if not expected:
            self.skipTest("NOT TRIED WITHOUT OPENBLAS")
        self.assertEqual(cores(str(EXAMPLE)), expected)

    def write_images(self):
        """A tiny data set under the names of MNIST's files."""
        for part, count in (("train", 40), ("t10k", 20)):
            pixels = bytes((7 * i) % 256 for i in range(count * 784))
            (self.folder / f"{part}-images-idx3-ubyte").write_bytes(struct.pack(">4i", 2051, count, 28, 28) + pixels)
            labels = bytes(i % 10 for i in range(count))
            (self.folder / f"{part}-labels-idx1-ubyte").write_bytes(struct.pack(">2i", 2049, count) + labels)

    def test_a_module_may_bring_its_data(self):
        self.write("own.cpp", """
            #include <delstep/torch/learning_module.h>
            class Mine : public delstep::LearningModule<torch::nn::SequentialImpl> {
             public:
              std::shared_ptr<torch::nn::SequentialImpl> MakeModel(const delstep::DataDescription& data) override {
                return torch::nn::Sequential(torch::nn::Linear(data.features(), data.classes)).ptr();
              }
              delstep::TensorData LoadData() override {
                delstep::TensorData data;
                data.classes = 2;
                data.train_features = torch::randn({200, 3});
                data.train_labels = (data.train_features.sum(1) > 0).to(torch::kInt64);
                return data;
              }
            };
            DELSTEP_LEARNING_MODULE(Mine)
            """)
        script = "repeat 5 { train; flood; nstep; ag }; test global; expect test_acc(mean) > 0.9"
        words = ["nodes.count=4", "training.lr=0.1", "-c", script]
        self.assert_code(self.run_program("own.cpp", *words, small=False), 0)
        # data.scale divides them as it does any others.
        hashes = []
        for scale in ("auto", "none", "1000"):
            run = self.run_program("own.cpp", f"data.scale={scale}", "nodes.count=2", "-c", "train; hash 10.0.0.1",
                                   small=False)
            self.assert_code(run, 0)
            hashes.append(run.stdout.splitlines()[-1])
        self.assertEqual(hashes[0], hashes[1])
        self.assertNotEqual(hashes[0], hashes[2])
        # Chosen by name, other data win.
        run = self.run_program("own.cpp", "data.name=blobs", "-v", "-c", "train", small=False)
        self.assert_code(run, 0)
        self.assertIn("blobs of 2000 examples", run.stderr)

    NET = """
        #include <delstep/torch/learning_module.h>
        struct Net : torch::nn::Module {
          explicit Net(const delstep::DataDescription& data) {
            MAKE
          }
          torch::Tensor forward(torch::Tensor x) { return b(torch::relu(a(x.flatten(1)))); }
          torch::nn::Linear a{nullptr}, b{nullptr};
        };
        class Mine : public delstep::LearningModule<Net> {
         public:
          std::shared_ptr<Net> MakeModel(const delstep::DataDescription& data) override {
            return std::make_shared<Net>(data);
          }
          OPTIMIZER
        };
        DELSTEP_LEARNING_MODULE(Mine)
        """
    BOTH = """a = register_module("a", torch::nn::Linear(data.features(), 8));
              b = register_module("b", torch::nn::Linear(8, data.classes));"""
    REASSIGNED = BOTH + "a->weight = torch::randn({8, data.features()}) * 0.1;"
    EMPTY = """b = register_module("b", torch::nn::Linear(data.features(), data.classes));"""
    OPTIMIZER = """std::unique_ptr<torch::optim::Optimizer> MakeOptimizer(
        const std::vector<torch::Tensor>& parameters, const delstep::TrainOptions& options) override {
      static_cast<void>(options);
      return std::make_unique<torch::optim::SGD>(parameters, torch::optim::SGDOptions(RATE).weight_decay(0.1));
    }"""

    def net(self, name, make, optimizer=""):
        return self.write(name, self.NET.replace("MAKE", make).replace("OPTIMIZER", optimizer))

    def test_a_parameter_that_the_loss_does_not_use_is_named_and_left_alone(self):
        import numpy
        for name, optimizer, words in [("ours.cpp", "", ["training.weight_decay=0.5", "training.optimizer=sgd"]),
                                       ("adam.cpp", "", ["training.weight_decay=0.5"]),
                                       ("own.cpp", self.OPTIMIZER.replace("RATE", "0.1"), [])]:
            with self.subTest(name):
                self.net(name, self.REASSIGNED, optimizer)
                done = self.run_program(name, *words, "data.name=blobs", "-c",
                                        "export 10.0.0.1 before.npz; train; export 10.0.0.1 after.npz")
                self.assert_code(done, 0)
                self.assertEqual(done.stderr.count("delstep: note: 'a.weight' is not used by the loss"), 1)
                self.assertNotIn("'a.bias'", done.stderr)
                before, after = (dict(numpy.load(self.folder / f"{when}.npz")) for when in ("before", "after"))
                self.assertTrue((before["a.weight"] == after["a.weight"]).all())
                for trained in ("a.bias", "b.weight", "b.bias"):
                    self.assertTrue((before[trained] != after[trained]).any(), trained)

    def test_a_crash_names_the_file_and_the_function(self):
        self.net("empty.cpp", self.EMPTY)
        done = self.run_program("empty.cpp", "data.name=blobs", "-c", "train", **PLAIN_CRASHES)
        self.assertEqual(done.returncode, -signal.SIGSEGV)
        self.assertIn("delstep: the code in empty.cpp crashed (SIGSEGV, a wrong address) in forward()\n", done.stderr)

    def test_an_optimizer_keeps_its_own_rate_until_somebody_sets_one(self):
        self.net("fixed.cpp", self.BOTH, self.OPTIMIZER.replace("RATE", "0.25"))
        self.net("follows.cpp", self.BOTH, self.OPTIMIZER.replace("RATE", "options.learning_rate"))

        def play(name, *words, commands="config show training; train; export 10.0.0.1 m.npz"):
            done = self.run_program(name, *words, "--json", "-c", commands)
            self.assert_code(done, 0)
            shown, trained = [json.loads(line)["result"] for line in done.stdout.splitlines()[:2]]
            keys = {row["key"]: (row["value"], row["origin"]) for row in shown["keys"]}
            return keys, trained["trained"][0]["loss"], (self.folder / "m.npz").read_bytes()

        keys, _, own = play("fixed.cpp")
        self.assertEqual(keys["training.lr"], (0.25, "the model's own (SGD)"))
        self.assertIn("the model's own SGD decides", keys["training.optimizer"][1])
        told = self.run_program("fixed.cpp", "training.optimizer=rmsprop", "-c", "status").stderr
        self.assertIn("note: training.optimizer does not count: the model brings its own SGD", told)
        keys, _, same = play("follows.cpp", "training.lr=0.25")
        self.assertEqual(keys["training.lr"], (0.25, "command line"))
        self.assertEqual(own, same)
        keys, _, set_to_default = play("fixed.cpp", "training.lr=0.001")
        self.assertEqual(keys["training.lr"], (0.001, "command line"))
        self.assertEqual(set_to_default, play("follows.cpp", "training.lr=0.001")[2])
        self.assertNotEqual(own, set_to_default)
        # A schedule begins at the model's own rate.
        self.assertEqual(play("fixed.cpp", "training.lr_schedule=exponential")[2], own)
        # A run directory plays it again without choosing a rate.
        self.assert_code(self.run_program("fixed.cpp", "--out", "run", "-c", "train"), 0)
        self.assertIn("# not set: lr = 0.001", (self.folder / "run/config.toml").read_text())

    def test_the_compilers_errors_are_shown_as_they_are(self):
        self.write("wrong.cpp", "int a = 1;\nint b = nothing;\n")
        run = self.run_program("wrong.cpp", "-c", "train")
        self.assert_code(run, 3)
        self.assertRegex(run.stderr, r"(?m)^wrong\.cpp:2:9: error: .*nothing")
        self.assertEqual(run.stdout, "")

    def test_a_file_without_a_module_or_none_at_all_is_an_error(self):
        self.write("empty.cpp", "\n")
        for words, code, phrase in [(["empty.cpp"], 3, "exports no learning module"),
                                    (["absent.cpp"], 3, "cannot read the learning module 'absent.cpp'"),
                                    (["model.name=module"], 2, "model.file")]:
            with self.subTest(words):
                run = self.run_program(*words, "-c", "train")
                self.assert_code(run, code)
                self.assertIn(phrase, run.stderr)

    @unittest.skipUnless(shutil.which("c++"), "needs a compiler")
    def test_a_library_of_another_version_names_both(self):
        self.write("old.cpp", """
            #include "delstep/torch/module_entry.h"
            extern "C" { extern const delstep::LearningModuleEntry delstep_learning_module;
            const delstep::LearningModuleEntry delstep_learning_module = {0, "0.9.9", false, nullptr}; }
            """)
        subprocess.run(["c++", "-std=c++20", "-shared", "-fPIC", f"-I{ROOT}/include", "old.cpp", "-o", "old.so"],
                       cwd=self.folder, env=environment(), check=True)
        run = self.run_program("model.name=module", "model.file=old.so", "-c", "train")
        self.assert_code(run, 3)
        self.assertRegex(run.stderr, r"interface 0 and LibTorch 0\.9\.9, .* interface \d+ and LibTorch \d+\.")

    def test_new_module_overwrites_nothing(self):
        self.write("mine.cpp", "precious")
        run = self.run_program("new", "module", "mine.cpp", small=False)
        self.assert_code(run, 1)
        self.assertEqual((self.folder / "mine.cpp").read_text(), "precious")
        self.assert_code(self.run_program("new", small=False), 2)
        self.assert_code(self.run_program("new", "model", small=False), 2)


if __name__ == "__main__":
    unittest.main()
