"""Brings rules of aggregation as C++ files, which the program compiles."""

import json
import signal
import unittest

from program import PLAIN_CRASHES, ProgramTest

RULE = """
#include <delstep/aggregator_module.h>
#include <cstdlib>
#include <stdexcept>
#include <vector>
using namespace delstep;
class Mine : public {kind} {{
 public:
  Sees sees() const override {{ return Sees::kInbox; }}
 private:
  {body}
}};
DELSTEP_AGGREGATOR(Mine)
"""
WEIGH = "Result<void> DoWeigh(std::span<const PeerModel> models, std::span<double> weights) const override "
SELECT = "Result<std::size_t> DoSelect(std::span<const PeerModel> models) const override "
MERGE = "Result<void> DoMerge(std::span<const PeerModel> models, std::span<float> out) const override "
# What fedavg does, with its arithmetic.
FEDAVG = WEIGH + """{
  double sum = 0;
  for (const PeerModel& peer : models) sum += static_cast<double>(peer.samples);
  for (std::size_t k = 0; k < models.size(); ++k) weights[k] = static_cast<double>(models[k].samples) / sum;
  return {};
}"""
ROUND = "train; flood; nstep; ag; "


class OwnAggregator(ProgramTest):
    def rule(self, body, kind="WeightRule", name="my_rule.cpp"):
        return self.write(name, RULE.format(kind=kind, body=body))

    def run_program(self, *words, **changes):
        changes.setdefault("XDG_CACHE_HOME", str(self.folder / "cache"))
        return super().run_program(*words, **changes)

    def play(self, commands, *words, **changes):
        return self.run_program(*words, "-c", commands, **changes)

    def test_the_ending_may_be_in_capitals(self):
        for name in ("MY_RULE.CPP", "my_rule.Cpp"):
            self.rule(FEDAVG, name=name)
            own = self.play(ROUND + f"set aggregation.name {name}; ag", f"aggregation.name={name}", "--out", name[-3:])
            self.assert_code(own, 0)
            self.assertTrue((self.folder / name[-3:] / "aggregation.cpp").exists())

    def test_a_rule_in_a_file_does_what_the_built_in_one_does(self):
        self.rule(FEDAVG)
        own = self.play(ROUND * 2 + "test all global", "aggregation.name=my_rule.cpp")
        self.assert_code(own, 0)
        self.assertRegex(own.stderr, r"compiling my_rule\.cpp \.\.\.\n[^$]*compiled my_rule\.cpp in \d+\.\d s")
        built_in = self.play(ROUND * 2 + "test all global", "aggregation.name=fedavg")
        self.assertEqual(own.stdout, built_in.stdout)
        again = self.play(ROUND * 2 + "test all global", "aggregation.name=my_rule.cpp", "training.threads=1")
        self.assertNotIn("compil", again.stderr)
        self.assertEqual(own.stdout, again.stdout)
        # In the middle of a run, too, where `config show` says so.
        later = self.play("set aggregation.name my_rule.cpp; config show aggregation.name; " + ROUND * 2 +
                          "test all global")
        self.assert_code(later, 0)
        self.assertRegex(later.stdout, r'aggregation\.name +"my_rule\.cpp" +set')
        self.assertTrue(later.stdout.endswith(own.stdout.splitlines()[-1] + "\n"))

    def test_the_template_runs_and_is_never_overwritten(self):
        done = self.run_program("new", "aggregator", small=False)
        self.assert_code(done, 0)
        self.assertEqual(done.stdout, "wrote my_rule.cpp; now run: delstep aggregation.name=my_rule.cpp\n")
        self.assert_code(self.play(ROUND + "test", "aggregation.name=my_rule.cpp"), 0)
        again = self.run_program("new", "aggregator", small=False)
        self.assert_code(again, 1)
        self.assertIn("'my_rule.cpp' is there already", again.stderr)
        self.assertIn("delstep new aggregator FILE.cpp", again.stderr)

    def test_a_name_with_blanks_is_quoted_where_it_is_to_be_run(self):
        done = self.run_program("new", "aggregator", "my own.cpp", small=False)
        self.assertEqual(done.stdout, "wrote my own.cpp; now run: delstep aggregation.name='my own.cpp'\n")
        with open(self.folder / "my own.cpp", encoding="utf-8") as file:
            page = file.read()
        self.assertIn("delstep aggregation.name='my own.cpp'", page)
        self.assertIn('set aggregation.name "my own.cpp"', page)
        self.assertNotIn("my_rule.cpp", page)

    def test_a_learning_module_is_told_from_a_rule(self):
        self.assert_code(self.run_program("new", "module", small=False), 0)
        done = self.run_program("-c", "set aggregation.name learning_module.cpp")
        self.assert_code(done, 3)
        self.assertIn("'learning_module.cpp' is a learning module, not a rule of aggregation", done.stderr)
        self.assertIn("delstep learning_module.cpp, or model.file=learning_module.cpp", done.stderr)
        self.assertNotIn("#include", done.stderr)

    def test_a_scenario_finds_the_file_beside_it_and_the_run_keeps_a_copy(self):
        (self.folder / "study").mkdir()
        self.rule(FEDAVG, name="study/mine.cpp")
        self.write("study/run.toml", '[aggregation]\nname = "mine.cpp"\n')
        words = ["data.name=blobs", "data.samples=240", "nodes.count=4", "training.epochs=1"]
        first = self.run_program("study/run.toml", *words, "--out", "out", "-c", ROUND, small=False)
        self.assert_code(first, 0)
        self.assertEqual((self.folder / "out/aggregation.cpp").read_text(),
                         (self.folder / "study/mine.cpp").read_text())
        (self.folder / "study/mine.cpp").unlink()
        again = self.run_program("out/config.toml", "--out", "again", "-f", "out/script.del", small=False)
        self.assert_code(again, 0)
        self.assertEqual((self.folder / "out/events.jsonl").read_text(),
                         (self.folder / "again/events.jsonl").read_text())

    def test_what_does_not_work_names_the_file(self):
        self.rule("int x = nothing;")
        wrong = self.play("train", "aggregation.name=my_rule.cpp")
        self.assert_code(wrong, 3)
        self.assertRegex(wrong.stderr, r"my_rule\.cpp:\d+:\d+: error: .*nothing")
        self.assert_code(self.play("train", "aggregation.name=gone.cpp"), 3)
        self.assertIn("'delstep new aggregator' writes one", self.play("train", "aggregation.name=gone.cpp").stderr)
        unknown = self.play("train", "aggregation.name=mine")
        self.assert_code(unknown, 2)
        self.assertIn("krum, or a C++ file such as my_rule.cpp", unknown.stderr)
        self.write("empty.cpp", "int x = 1;\n")
        self.assertIn("end the file with DELSTEP_AGGREGATOR", self.play("train", "aggregation.name=empty.cpp").stderr)
        # In a run a refusal changes nothing: the rule is still the old one.
        later = self.play("set aggregation.name my_rule.cpp; config show aggregation.name", "--keep-going")
        self.assert_code(later, 3)
        self.assertRegex(later.stdout, r'aggregation\.name +"encounter" +')

    def test_broken_promises_are_errors_that_change_nothing(self):
        broken = [
            ("WeightRule", WEIGH + "{ for (double& w : weights) w = 1; return {}; }", "weights of DoWeigh() sum to"),
            ("WeightRule", WEIGH + "{ return {}; }", "sum to nan, not to 1"),
            ("WeightRule", WEIGH + '{ throw std::runtime_error("oh"); }', "DoWeigh() throws: oh"),
            ("WeightRule", WEIGH + "{ throw 3; }", "something that is no std::exception"),
            ("WeightRule", WEIGH + '{ return Refused("needs 9 models"); }', "needs 9 models"),
            ("SelectionRule", SELECT + "{ return std::size_t{99}; }", "chooses place 99 of"),
            ("MergeRule", MERGE + "{ return {}; }", "leaves number 0 of"),
        ]
        for i, (kind, body, message) in enumerate(broken):
            with self.subTest(message):
                name = self.rule(body, kind, f"rule{i}.cpp")
                done = self.play("train; flood; nstep; ag; status", "--keep-going", "--json", f"aggregation.name={name}")
                self.assert_code(done, 1)
                *_, ag, status = [json.loads(line) for line in done.stdout.splitlines()]
                self.assertIn(message, ag["error"]["message"])
                self.assertTrue(status["ok"])
                if "needs 9" not in message:
                    self.assertIn(name, ag["error"]["message"])

    def test_gaps_stay_zero_whatever_a_rule_writes(self):
        name = self.rule(MERGE + "{ for (float& x : out) x = 1; return {}; }", "MergeRule")
        done = self.play("train; flood; nstep; ag; export 10.0.0.1 m.npz; train; test", f"aggregation.name={name}")
        self.assert_code(done, 0)

    def test_a_crash_names_the_file(self):
        name = self.rule(SELECT + "{ volatile int* nowhere = reinterpret_cast<int*>(64); return std::size_t(*nowhere); }", "SelectionRule")
        done = self.play("train; flood; nstep; ag", f"aggregation.name={name}", **PLAIN_CRASHES)
        self.assertEqual(done.returncode, -signal.SIGSEGV, done.stderr)
        self.assertIn("delstep: the code in my_rule.cpp crashed (SIGSEGV, a wrong address) in DoSelect()\n", done.stderr)

    def test_check_and_constructor(self):
        self.write("my_rule.cpp", RULE.format(kind="WeightRule", body=FEDAVG).replace(
            " public:", " public:\n  explicit Mine(const AggregationOptions& options) {\n"
            '    if (options.trim > 0.3) throw std::invalid_argument("trim is too large");\n  }\n', 1))
        self.assert_code(self.play("train", "aggregation.name=my_rule.cpp"), 0)
        refused = self.play("train", "aggregation.name=my_rule.cpp", "aggregation.trim=0.4")
        self.assert_code(refused, 2)
        self.assertIn("its constructor throws: trim is too large", refused.stderr)
        self.write("good.del", "set aggregation.name my_rule.cpp\nset aggregation.name fedavg\n")
        self.write("bad.del", "train\nset aggregation.name nowhere.cpp\n")
        self.assert_code(self.run_program("--check", "good.del"), 0)
        bad = self.run_program("--check", "bad.del")
        self.assert_code(bad, 3)
        self.assertIn("bad.del:2", bad.stderr)


if __name__ == "__main__":
    unittest.main()
