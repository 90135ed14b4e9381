"""Brings behaviours as C++ files, which the program compiles."""

import json
import os
import signal
import unittest
import unittest.mock

from program import PLAIN_CRASHES, ProgramTest

BEHAVIOUR = """
#include <delstep/behaviour_module.h>
#include <cstdlib>
#include <stdexcept>
#include <vector>
using namespace delstep;
class Mine : public Behaviour {
 public:
  CONSTRUCTOR
  bool merges() const override { return true; }
  void OnTurn(Host& node) const override { TURN }
  void OnReceive(Host& node, const ReceivedMessage& message) const override { RECEIVE }
  void OnTrained(Host& node) const override { TRAINED }
};
DELSTEP_BEHAVIOUR(Mine)
"""
DISCARD = "node.Discard(message.id);"
# A ring in which each node trains on its turn, tells its first partner, and believes a half of what comes.
TELL = "for (const NodeId peer : node.neighbours()) if (node.IsPartner(peer)) return node.Send(peer);"
HALF = "const MergeTerm half{.message = message.id, .weight = 0.5}; node.Merge(0.5, {&half, 1});"
RING = ["topology.name=ring", "behaviour.period=1s"]


class OwnBehaviour(ProgramTest):
    def behaviour(self, turn, name="my_behaviour.cpp", receive=DISCARD, trained="(void)node;", constructor=""):
        text = BEHAVIOUR.replace("TURN", turn).replace("RECEIVE", receive).replace("TRAINED", trained)
        return self.write(name, text.replace("CONSTRUCTOR", constructor))

    def half(self, name="my_behaviour.cpp"):
        return self.behaviour("node.Train();", name, HALF, TELL)

    def run_program(self, *words, **changes):
        changes.setdefault("XDG_CACHE_HOME", str(self.folder / "cache"))
        return super().run_program(*words, **changes)

    def play(self, commands, *words, **changes):
        return self.run_program(*RING, *words, "-c", commands, **changes)

    def test_nodes_do_what_the_file_says(self):
        self.half()
        # One turn, at 1 s: all train, tell their first neighbour, and all but the last of them merge.
        done = self.play("run 1s; status", "--json", "behaviour.name=my_behaviour.cpp")
        self.assert_code(done, 0)
        status = json.loads(done.stdout.splitlines()[-1])["result"]
        self.assertTrue(all(row["trainings"] == 1 for row in status["nodes"]), status)
        self.assertTrue(all(row["behaviour"] == "my_behaviour.cpp" for row in status["nodes"]), status)
        first = self.play("run 5s; test all global", "behaviour.name=my_behaviour.cpp")
        self.assert_code(first, 0)
        again = self.play("run 2s; run 3s; test all global", "behaviour.name=my_behaviour.cpp", "training.threads=1")
        self.assertEqual(first.stdout.splitlines()[-1], again.stdout.splitlines()[-1])
        # Compiling is told once, and then no more.
        self.assertNotIn("compil", again.stderr)

    def test_it_can_be_set_in_a_run_and_for_single_nodes(self):
        self.half()
        done = self.play("set behaviour.name my_behaviour.cpp 10.0.0.1 10.0.0.2; run 3s; status", "--json")
        self.assert_code(done, 0)
        status = json.loads(done.stdout.splitlines()[-1])["result"]
        self.assertEqual([row["trainings"] for row in status["nodes"]][:3], [3, 3, 0])
        self.assertEqual(status["nodes"][0]["behaviour"], "my_behaviour.cpp")
        self.assertEqual(status["nodes"][2]["behaviour"], "none")
        # However the file is named, it is the same behaviour: these two are partners.
        full = str(self.folder / "my_behaviour.cpp")
        both = self.play(f"set behaviour.name {full} 10.0.0.2; run 3s; stats", "behaviour.name=my_behaviour.cpp",
                         "nodes.count=2", "--json")
        same = self.play("set behaviour.name my_behaviour.cpp 10.0.0.2; run 3s; stats",
                         "behaviour.name=my_behaviour.cpp", "nodes.count=2", "--json")
        self.assert_code(both, 0)
        # 2 nodes, 3 turns, a message for each.
        for done in (both, same):
            self.assertEqual(json.loads(done.stdout.splitlines()[-1])["result"]["delivered"], 6, done.stdout)

    def test_a_file_that_has_changed_is_compiled_when_it_is_set_again(self):
        with unittest.mock.patch.dict(os.environ, {"XDG_CACHE_HOME": str(self.folder / "cache")}):
            program = self.start(*RING, "--json")

        def ask(command):
            self.say(program, json.dumps({"id": command, "cmd": command}))
            while True:
                answer = json.loads(program.stdout.readline())
                if answer.get("id") == command and "ok" in answer:
                    return answer

        for message in ("first", "second"):
            self.behaviour(f'throw std::runtime_error("{message}");')
            self.assertTrue(ask("set behaviour.name my_behaviour.cpp")["ok"])
            self.assertIn("throws: " + message, ask("run 1s")["error"]["message"])
        # Also where it is set for one node alone: all that have it do the same.
        self.behaviour('throw std::runtime_error("third");')
        self.assertTrue(ask("set behaviour.name my_behaviour.cpp 10.0.0.2")["ok"])
        self.assertIn("throws: third", ask("run 1s")["error"]["message"])

    def test_the_template_runs_and_is_never_overwritten(self):
        done = self.run_program("new", "behaviour", small=False)
        self.assert_code(done, 0)
        self.assertEqual(done.stdout, "wrote my_behaviour.cpp; now run: delstep behaviour.name=my_behaviour.cpp\n")
        ran = self.play("run 3s; next 2; test", "behaviour.name=my_behaviour.cpp")
        self.assert_code(ran, 0)
        self.assertNotIn("warning", ran.stderr)
        self.assertIn("(my_behaviour.cpp)", ran.stdout)
        again = self.run_program("new", "behaviour", small=False)
        self.assert_code(again, 1)
        self.assertIn("'my_behaviour.cpp' is there already", again.stderr)
        self.assertIn("delstep new behaviour FILE.cpp", again.stderr)

    def test_other_kinds_of_files_are_told_apart(self):
        self.assert_code(self.run_program("new", "aggregator", small=False), 0)
        self.half()
        rule = self.play("status", "behaviour.name=my_rule.cpp")
        self.assert_code(rule, 3)
        self.assertIn("'my_rule.cpp' is a rule of aggregation, not a behaviour", rule.stderr)
        self.assertIn("aggregation.name=my_rule.cpp", rule.stderr)
        behaviour = self.play("status", "aggregation.name=my_behaviour.cpp")
        self.assert_code(behaviour, 3)
        self.assertIn("'my_behaviour.cpp' is a behaviour, not a rule of aggregation", behaviour.stderr)

    def test_a_scenario_finds_the_file_beside_it_and_the_run_keeps_a_copy(self):
        (self.folder / "study").mkdir()
        self.half("study/mine.cpp")
        self.write("study/run.toml", '[behaviour]\nname = "mine.cpp"\nperiod = "1s"\n')
        words = ["data.name=blobs", "data.samples=240", "nodes.count=4", "training.epochs=1"]
        first = self.run_program("study/run.toml", *words, "--out", "out", "-c", "run 3s", small=False)
        self.assert_code(first, 0)
        self.assertEqual((self.folder / "out/mine.cpp").read_text(), (self.folder / "study/mine.cpp").read_text())
        self.assertIn("mine.cpp", json.loads((self.folder / "out/environment.json").read_text())
                      ["files"]["behaviour.name"]["name"])
        (self.folder / "study/mine.cpp").unlink()
        again = self.run_program("out/config.toml", "--out", "again", "-f", "out/script.del", small=False)
        self.assert_code(again, 0)
        events = (self.folder / "out/events.jsonl").read_text()
        self.assertIn('"behaviour":"mine.cpp"', events)
        self.assertEqual(events, (self.folder / "again/events.jsonl").read_text())

    def test_what_a_run_sets_later_is_named_by_its_full_path(self):
        self.half()
        done = self.run_program(*RING, "--out", "out", "-c", "set behaviour.name my_behaviour.cpp 10.0.0.1; run 2s")
        self.assert_code(done, 0)
        self.assertIn(f"set behaviour.name {self.folder}/my_behaviour.cpp 10.0.0.1",
                      (self.folder / "out/script.del").read_text())

    def test_a_checkpoint_goes_on_and_one_without_its_file_is_refused(self):
        self.half()
        whole = self.play("set behaviour.name my_behaviour.cpp 10.0.0.1 10.0.0.2; run 6s; hash")
        self.assert_code(whole, 0)
        self.assert_code(self.play("set behaviour.name my_behaviour.cpp 10.0.0.1 10.0.0.2; run 3s; checkpoint half"), 0)
        resumed = self.run_program("--resume", "half", "-c", "run 3s; hash", small=False)
        self.assert_code(resumed, 0)
        self.assertEqual(whole.stdout.splitlines()[-1], resumed.stdout.splitlines()[-1])
        (self.folder / "my_behaviour.cpp").unlink()
        gone = self.run_program("--resume", "half", "-c", "run 3s", small=False)
        self.assert_code(gone, 3)
        self.assertIn("cannot read the behaviour 'my_behaviour.cpp'", gone.stderr)

    def test_what_does_not_work_names_the_file(self):
        self.behaviour("int x = nothing;")
        wrong = self.play("run 1s", "behaviour.name=my_behaviour.cpp")
        self.assert_code(wrong, 3)
        self.assertRegex(wrong.stderr, r"my_behaviour\.cpp:\d+:\d+: error: .*nothing")
        gone = self.play("run 1s", "behaviour.name=gone.cpp")
        self.assert_code(gone, 3)
        self.assertIn("'delstep new behaviour' writes one", gone.stderr)
        unknown = self.play("run 1s", "behaviour.name=mine")
        self.assert_code(unknown, 2)
        self.assertIn("on-encounter, or a C++ file such as my_behaviour.cpp", unknown.stderr)
        self.write("empty.cpp", "int x = 1;\n")
        self.assertIn("end the file with DELSTEP_BEHAVIOUR", self.play("run 1s", "behaviour.name=empty.cpp").stderr)
        # In a run a refusal changes nothing.
        later = self.play("set behaviour.name my_behaviour.cpp; config show behaviour.name; set behaviour.name "
                          "my_behaviour.cpp 10.0.0.1; status", "--keep-going")
        self.assert_code(later, 3)
        self.assertRegex(later.stdout, r'behaviour\.name +"none" +')
        self.assertNotIn("my_behaviour", later.stdout)

    def test_broken_promises_end_the_run_with_an_error_and_the_session_goes_on(self):
        broken = [
            ("node.Merge(0.5, {});", "Merge() of weights that sum to 0.5, not to 1"),
            ("const MergeTerm term{.message = MessageId{77}, .weight = 1}; node.Merge(0, {&term, 1});",
             "Merge() of message 77, which is not in the inbox"),
            ("node.Send(NodeId{2});", "Send() to NodeId(2), which is no neighbour"),
            ("node.Send(NodeId{4000000000});", "which is no neighbour"),
            ("if (node.IsPartner(NodeId{4000000000})) abort(); node.Discard(MessageId{1});", "Discard() of message 1"),
            ("if (node.Train()) node.Merge(1, {});", "Merge() while the node trains"),
            ('throw std::runtime_error("oh");', "OnTurn() throws: oh"),
            ("throw 3;", "something that is no std::exception"),
        ]
        for i, (turn, message) in enumerate(broken):
            with self.subTest(message):
                name = self.behaviour(turn, f"mine{i}.cpp")
                done = self.play("run 1s; set behaviour.name none; run 1s; status", "--keep-going", "--json",
                                 f"behaviour.name={name}", "compute.ms_per_example=1")
                self.assert_code(done, 1)
                run, *_, status = [json.loads(line) for line in done.stdout.splitlines()]
                self.assertTrue(run["error"]["message"].startswith("10.0.0.1: " + name), run)
                self.assertIn(message, run["error"]["message"])
                self.assertTrue(status["ok"])
                self.assertEqual(status["t"], 2_000_000_000)

    def test_a_crash_names_the_file(self):
        name = self.behaviour("volatile int* nowhere = reinterpret_cast<int*>(64); *nowhere = 1; (void)node;")
        done = self.play("run 1s", f"behaviour.name={name}", **PLAIN_CRASHES)
        self.assertEqual(done.returncode, -signal.SIGSEGV, done.stderr)
        self.assertIn("delstep: the code in my_behaviour.cpp crashed (SIGSEGV, a wrong address) in OnTurn()\n",
                      done.stderr)

    def test_check_and_constructor(self):
        self.behaviour("(void)node;", constructor="explicit Mine(const BehaviourOptions& options) { "
                       'if (options.peers > 3) throw std::invalid_argument("too many peers"); }')
        self.assert_code(self.play("run 1s", "behaviour.name=my_behaviour.cpp"), 0)
        refused = self.play("run 1s", "behaviour.name=my_behaviour.cpp", "behaviour.peers=4")
        self.assert_code(refused, 2)
        self.assertIn("its constructor throws: too many peers", refused.stderr)
        self.write("good.del", "set behaviour.name my_behaviour.cpp\nset behaviour.name gossip\n")
        self.assert_code(self.run_program("--check", "good.del"), 0)
        for nodes in ("", " 10.0.0.2"):
            self.write("bad.del", f"train\nset behaviour.name nowhere.cpp{nodes}\n")
            bad = self.run_program("--check", "bad.del")
            self.assert_code(bad, 3)
            self.assertIn("bad.del:2", bad.stderr)
        # It merges whole models, so changes of them will not do.
        shares = self.play("run 1s", "behaviour.name=my_behaviour.cpp", "aggregation.share=deltas")
        self.assert_code(shares, 2)
        self.assertIn("aggregation.share", shares.stderr)


if __name__ == "__main__":
    unittest.main()
