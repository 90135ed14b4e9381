"""Rules of aggregation, behaviours and partitioners that are Python functions."""

import pathlib
import signal
import unittest
from unittest import mock

import numpy

import delstep
from small import SmallTest, script_of, session


def row(s, node):
    """All numbers of a model."""
    return numpy.concatenate([tensor.ravel() for tensor in s.model(node).values()])


def equal(models):
    return [1 / len(models)] * len(models)


class Rules(SmallTest):
    MEET = "train; flood; nstep"

    def test_weights_are_those_of_fedavg(self):
        # All nodes hold equally many examples, so equal weights are fedavg's.
        a = session(**{"aggregation.name": equal})
        b = session(**{"aggregation.name": "fedavg"})
        for s in (a, b):
            s(self.MEET + "; ag")
        numpy.testing.assert_allclose(row(a, "10.0.0.3"), row(b, "10.0.0.3"), rtol=1e-6)
        self.assertEqual(a.config()["aggregation.name"], "equal")

    def test_what_a_rule_is_shown(self):
        shown = []

        @delstep.aggregation_rule(name="looks")
        def looks(models):
            shown.append((models.nodes, models.examples.tolist(), models.degrees.tolist(),
                          models.values.shape, {n: a.shape for n, a in models[0].items()}, models[-1]))
            return equal(models)

        s = session(**{"topology.name": "line", "training.threads": 1, "aggregation.name": looks})
        s(self.MEET)
        trained = s.model("10.0.0.2")
        s("ag 10.0.0.1")
        nodes, examples, degrees, shape, tensors, last = shown[0]
        self.assertEqual(nodes, ["10.0.0.1", "10.0.0.2"])
        self.assertEqual(examples, [51, 51])  # 60 without floor(60 * 0.15) held out
        self.assertEqual(degrees, [1, 2])     # of a line: its end, and the one beside it
        self.assertEqual(shape[0], 2)
        self.assertEqual(tensors, {n: a.shape for n, a in trained.items()})
        for name, array in trained.items():
            self.assertTrue(numpy.array_equal(last[name], array))

    def test_models_are_gone_after_the_call(self):
        kept = []

        def keeps(models):
            kept.append(models)
            return equal(models)

        s = session(**{"aggregation.name": keeps})
        s(self.MEET + "; ag 10.0.0.1")
        with self.assertRaisesRegex(RuntimeError, "call has ended"):
            kept[0].values

    def test_choosing_one(self):
        rule = delstep.aggregation_rule(lambda models: len(models) - 1, name="last", returns="choose")
        s = session(**{"aggregation.name": rule})
        s(self.MEET)
        last = row(s, "10.0.0.4")
        s("ag 10.0.0.1")
        self.assertTrue(numpy.array_equal(row(s, "10.0.0.1"), last))

    def test_merging_numbers_and_tensors(self):
        median = delstep.aggregation_rule(lambda models: numpy.median(models.values, axis=0),
                                          name="my-median", returns="merge")
        a, b = session(**{"aggregation.name": median}), session(**{"aggregation.name": "median"})
        for s in (a, b):
            s(self.MEET + "; ag")
        numpy.testing.assert_allclose(row(a, "10.0.0.1"), row(b, "10.0.0.1"), rtol=1e-6)

        def biases(models):
            return {name: array + 1 for name, array in models[0].items() if array.ndim == 1}

        rule = delstep.aggregation_rule(biases, returns="merge")
        s = session(**{"aggregation.name": rule})
        s(self.MEET)
        before = s.model("10.0.0.1")
        s("ag 10.0.0.1")
        for name, array in s.model("10.0.0.1").items():
            numpy.testing.assert_allclose(array, before[name] + (array.ndim == 1), rtol=1e-6)

    def test_seeing_the_guestbook(self):
        counts = {"inbox": [], "guestbook": []}
        for sees, seen in counts.items():
            def rule(models, seen=seen):
                seen.append(len(models))
                return equal(models)

            s = session(**{"aggregation.name": delstep.aggregation_rule(rule, name="counts", sees=sees)})
            s("send 10.0.0.2 10.0.0.1; nstep; ag 10.0.0.1; send 10.0.0.3 10.0.0.1; nstep; ag 10.0.0.1")
        self.assertEqual(counts, {"inbox": [2, 2], "guestbook": [2, 3]})

    def test_parts_are_found_by_name_and_changed_in_a_run(self):
        delstep.aggregation_rule(equal, name="by-name")
        s = session(**{"aggregation.name": "by-name"})
        s("set aggregation.name fedavg; set aggregation.name by-name")
        self.assertIn("by-name", s.complete("set aggregation.name b"))

    def test_an_exception_changes_nothing_and_comes_with_its_traceback(self):
        def broken(models):
            return models.nodes[99]

        s = session(**{"aggregation.name": broken})
        s(self.MEET)
        before, moment = s("hash")["world"], s.moment
        error = self.refused("ag", s)
        self.assertEqual(error.code, 1)
        self.assertIn("aggregation rule 'broken' raised IndexError: list index out of range",
                      error.message)
        self.assertIsInstance(error.__cause__, IndexError)
        self.assertIn("return models.nodes[99]", error.traceback)
        self.assertEqual((s("hash")["world"], s.moment), (before, moment))
        # The next command has nothing to do with it.
        self.assertIsNone(self.refused("trian", s).__cause__)

    def test_results_that_do_not_fit(self):
        for returns, function, message in (
                ("weights", lambda models: [1], "must return 4 weights"),
                ("weights", lambda models: [1] * len(models), "sum to 4, not to 1"),
                ("weights", lambda models: [numpy.nan] * 4, "not to 1"),
                ("weights", lambda models: "text", "raised ValueError"),
                ("weights", lambda models: [0.25 + 0j] * 4, "has complex numbers"),
                ("merge", lambda models: models.values[0] * 1j, "has complex numbers"),
                ("weights", lambda models: None, "aggregation rule 'wrong'"),
                ("choose", lambda models: 4, "chooses model 4 of 4"),
                ("choose", lambda models: "text", "raised ValueError"),
                ("merge", lambda models: [1, 2], "numbers, as long as a row"),
                ("merge", lambda models: numpy.full_like(models.values[0], numpy.inf), "number 0"),
                ("merge", lambda models: {"no": 1}, "no tensor 'no'")):
            rule = delstep.aggregation_rule(function, name="wrong", returns=returns)
            s = session(**{"aggregation.name": rule})
            s(self.MEET)
            before = s("hash")["world"]
            self.assertIn(message, self.refused("ag", s).message)
            self.assertEqual(s("hash")["world"], before)

    def test_a_rule_that_changes_its_mind_after_undo_leaves_nothing_changed(self):
        shares = [0.25] * 4
        s = session(**{"aggregation.name": delstep.aggregation_rule(lambda models: shares, name="reads-a-global")},
                    out=self.folder / "out")
        s(self.MEET + "; ag; undo")
        before, moment = s("hash")["world"], s.moment
        shares = [1, 0, 0, 0]
        error = self.refused("ag", s)
        self.assertIn("'ag' left another world than it did before", error.message)
        self.assertIn("aggregation rule 'reads-a-global' gives another result", error.hint)
        self.assertEqual((s("hash")["world"], s.moment), (before, moment))
        shares = [0.25] * 4
        s("ag")
        self.assertEqual(s.moment, moment + 1)
        s.close()
        self.assertEqual(script_of(self.folder / "out")[-5:], ["undo", "hash", "# taken back: ag", "hash", "ag"])

    def test_the_session_cannot_be_used_in_its_own_rule(self):
        def reaches(models):
            s.nodes()

        s = session(**{"aggregation.name": reaches})
        s(self.MEET)
        self.assertIn("cannot be used in it", self.refused("ag", s).message)

    def test_sessions_that_use_each_other_in_their_rules(self):
        # Each would wait for the command of the other, which waits for this function.
        for reaches, message in ((lambda: a.nodes(), "cannot be used in it"), (lambda: a.close(), None)):
            def of_a(models):
                b("ag 10.0.0.1")
                return equal(models)

            def of_b(models):
                reaches()
                return equal(models)

            a, b = session(**{"aggregation.name": of_a}), session(**{"aggregation.name": of_b})
            a(self.MEET)
            b(self.MEET)
            if message is None:
                a("ag 10.0.0.1")
                self.assertTrue(a.closed)
                continue
            error = self.refused("ag 10.0.0.1", a)
            self.assertIn(message, error.message)
            # And none of it is left: each may be used again.
            b("train")
            a("train")

    def test_names(self):
        def SomeThing_new(models):
            pass

        self.assertEqual(delstep.aggregation_rule(SomeThing_new).name, "some-thing-new")
        with self.assertRaises(ValueError):
            delstep.aggregation_rule(equal, name="With Blanks")
        with self.assertRaises(ValueError):
            delstep.aggregation_rule(equal, returns="nothing")
        with self.assertRaisesRegex(ValueError, "built-in"):
            delstep.aggregation_rule(equal, name="krum")
        session(**{"aggregation.name": "krum"})  # later sessions are as always
        with self.assertRaises(TypeError):
            session(**{"behaviour.name": delstep.aggregation_rule(equal)})


class Behaviours(SmallTest):
    RUN = {"topology.name": "ring", "behaviour.period": "1s"}

    def test_a_function_is_called_at_each_turn(self):
        @delstep.behaviour
        def trains(node):
            node.train()

        s = session(**self.RUN, **{"behaviour.name": trains})
        s("run 3s")
        self.assertEqual(s.nodes().column("trainings"), [3, 3, 3, 3])
        self.assertEqual(s.nodes()[0]["behaviour"], "trains")

    def test_a_class_hears_of_everything(self):
        heard = []

        @delstep.behaviour
        class Speaks:
            def on_turn(self, node):
                node.memory[0] += 1
                node.wake(node.now + 500_000_000)
                if node.node == "10.0.0.1":
                    node.send(node.neighbours[0], kind="request", number=7, weight=0.5)

            def on_receive(self, node, message):
                heard.append((node.node, message["from"], message["kind"], message["number"],
                              message["weight"], message["has_model"], message["examples"]))
                node.merge(0.75, [(message["message"], 0.25)])

            def on_wake(self, node):
                heard.append((node.node, node.now, node.memory[0]))

        s = session(**self.RUN, **{"behaviour.name": Speaks})
        s("train 10.0.0.1; train 10.0.0.2")
        own, other = row(s, "10.0.0.2"), row(s, "10.0.0.1")
        s("run 1s")
        self.assertEqual(heard, [("10.0.0.2", "10.0.0.1", "request", 7, 0.5, True, 51)])
        numpy.testing.assert_allclose(row(s, "10.0.0.2"), 0.75 * own + 0.25 * other, rtol=1e-5)
        heard.clear()
        s("run 500ms")
        self.assertEqual(heard, [(f"10.0.0.{k}", 1_500_000_000, 1.0) for k in (1, 2, 3, 4)])
        # The memory is a part of the world: gone back to with it.
        s("undo; run 500ms")
        self.assertEqual(heard[4:], heard[:4])

    def test_chance_comes_from_the_run(self):
        def draws(node):
            node.memory[:3] = node.uniform(), node.normal(), node.below(10)

        def play():
            s = session(**self.RUN, **{"behaviour.name": draws})
            s("run 2s")
            return s("hash")["world"]

        self.assertEqual(play(), play())

    def test_an_exception_changes_nothing(self):
        class Late:
            def on_turn(self, node):
                node.train()
                if node.now == 2_000_000_000 and node.node == "10.0.0.3":
                    raise ValueError("too late")

        s = session(**self.RUN, **{"behaviour.name": Late})
        before = s("hash")["world"]
        error = self.refused("run 5s", s)
        self.assertIn("behaviour 'late': on_turn raised ValueError: too late", error.message)
        self.assertIn("on_turn", error.traceback)
        self.assertEqual((s("hash")["world"], s.now), (before, 0))
        self.assertEqual(s.nodes().column("trainings"), [0, 0, 0, 0])

    def test_what_an_exception_leaves_half_done_makes_no_moment_and_no_branch(self):
        breaks = False

        def works(node):
            node.train()
            if breaks and node.now >= 2_000_000_000:
                raise ValueError("no")

        def state():
            return s("hash")["world"], s("history")["moments"], s("branch")["branches"], s.nodes()

        s = session(**self.RUN, **{"behaviour.name": works}, out=self.folder / "out")
        s("every 1s { test global }; train; test global; run 3s; cycle; undo 2")
        before = state()
        breaks = True
        self.refused("run 3s", s)
        self.assertEqual(state(), before)
        s("redo 2")
        self.assertEqual(s.cycle, 1)
        self.refused("run 3s", s)
        breaks = False
        s("run 3s")
        self.assertEqual([branch["branch"] for branch in s("branch")["branches"]], ["main"])
        s.close()
        # Nothing of the failures would be left to be done again.
        script = script_of(self.folder / "out")
        self.assertEqual(script.count("# taken back: run 3s"), 2)
        self.assertEqual(script.count("run 3s"), 2)

    def test_ctrl_c_in_a_behaviour_stops_the_run_there(self):
        trained = []

        def turns(node):
            if node.now == 2_000_000_000 and node.node == "10.0.0.3":
                signal.raise_signal(signal.SIGINT)
            node.train()
            trained.append(node.node)

        s = session(**self.RUN, **{"behaviour.name": turns}, out=self.folder / "out")
        moment = s.moment
        with self.assertRaises(KeyboardInterrupt):
            s("run 5s")
        self.assertEqual((s.now, s.moment), (2_000_000_000, moment + 1))
        nodes = s.nodes()
        # All have trained in the first second; what two have begun in the next one ends after the turns.
        self.assertEqual(nodes.column("trainings"), [1, 1, 1, 1])
        self.assertEqual(trained, [*nodes.column("node"), "10.0.0.1", "10.0.0.2"])
        s.close()
        script = script_of(self.folder / "out")
        self.assertTrue(script[script.index("# interrupted: run 5s") + 1].startswith("next "), script)

    def test_a_rule_that_fails_in_a_run_takes_the_run_back(self):
        calls = []

        def late(models):
            calls.append(len(models))
            return equal(models) if len(calls) < 5 else [1]

        s = session(**{"topology.name": "ring", "aggregation.name": late})
        s("every 1s { ag; train; flood }")
        before, moment = s("hash")["world"], s.moment
        error = self.refused("run 5s", s)
        self.assertIn("aggregation rule 'late': it must return 3 weights", error.message)
        self.assertEqual((s("hash")["world"], s.moment, s.now), (before, moment, 0))
        # Nobody has models in the first second. Four nodes aggregate in the next one, and fail in the third.
        self.assertGreater(len(calls), 4)

    def test_a_behaviour_of_one_node_that_changes_its_mind_leaves_nothing_changed(self):
        turns = []

        @delstep.behaviour(name="counts-turns")
        def counts(node):
            turns.append(node.node)
            node.memory[0] = len(turns)

        s = session(**self.RUN)
        s("set behaviour.name counts-turns 10.0.0.1; run 2s; undo")
        before, history = s("hash")["world"], s("history")["moments"]
        error = self.refused("run 2s", s)
        self.assertIn("behaviour 'counts-turns' gives another result", error.hint)
        self.assertEqual((s("hash")["world"], s("history")["moments"]), (before, history))

    def test_broken_promises(self):
        for call, message in ((lambda node: node.send("10.0.0.3"), "node.send() to 10.0.0.3, which is no neighbour"),
                              (lambda node: node.send("10.0.0.99"), "no node named"),
                              (lambda node: node.send("10.0.0.2", kind="x"), "choose 'model'"),
                              (lambda node: node.merge(0.5, []), "node.merge() of weights"),
                              (lambda node: node.discard(12), "node.discard() of message 12"),
                              (lambda node: node.wake(-1), "node.wake() at a time"),
                              (lambda node: node.below(0), "below(0)"),
                              (lambda node: node.train("x"), "TypeError")):
            s = session(**self.RUN, **{"behaviour.name": delstep.behaviour(call, name="breaks")})
            self.assertIn(message, self.refused("run 1s", s).message)

    def test_a_node_is_gone_after_the_call(self):
        kept = []
        s = session(**self.RUN, **{"behaviour.name": delstep.behaviour(kept.append, name="keeps")})
        s("run 1s")
        with self.assertRaisesRegex(RuntimeError, "has ended"):
            kept[0].neighbours

    def test_a_behaviour_without_methods(self):
        with self.assertRaises(TypeError):
            delstep.behaviour(type("Empty", (), {}))


class OwnFiles(SmallTest):
    def test_a_behaviour_in_cpp_finds_what_it_needs_of_the_module(self):
        example = pathlib.Path(__file__).resolve().parents[2] / "examples/own_behaviour/patient.cpp"
        with mock.patch.dict("os.environ", {"XDG_CACHE_HOME": str(self.folder)}):
            s = session(**{"behaviour.name": example, "behaviour.period": "1s"})
        s("run 2s")
        self.assertEqual(s.nodes().column("trainings"), [2, 2, 2, 2])


class Partitioners(SmallTest):
    def test_examples_are_dealt_as_the_function_says(self):
        asked = []

        @delstep.partitioner
        def by_class(request):
            asked.append(request)
            return [request.pool[request.labels[request.pool] == k] for k in range(request.nodes)]

        s = session(**{"partition.name": by_class})
        self.assertEqual((asked[0].nodes, asked[0].classes, len(asked[0].pool)), (4, 4, 240))
        for node in s("data show").rows():
            self.assertEqual(sum(count > 0 for count in node["labels"].values()), 1)

    def test_chance_follows_from_the_seed(self):
        def shuffled(request):
            return numpy.array_split(request.random.permutation(request.pool), request.nodes)

        deal = lambda seed: session(seed=seed, **{"partition.name": shuffled})("hash")["world"]
        self.assertEqual(deal(1), deal(1))
        self.assertNotEqual(deal(1), deal(2))

    def test_what_does_not_fit(self):
        for function, message in ((lambda r: [], "returns 0 lists for 4 nodes"),
                                  (lambda r: [r.pool] * r.nodes, "dealt twice"),
                                  (lambda r: [[10**6], [], [], []], "there is no example 1000000; the data set has"),
                                  (lambda r: [[-1], [], [], []], "there is no example -1"),
                                  (lambda r: [[0.5], [], [], []], "[0.5] is no list of whole numbers"),
                                  (lambda r: ["ab", [], [], []], "'ab' is no list of whole numbers"),
                                  (lambda r: [r.pool[:1], [], [], r.pool[:1]], "is dealt twice"),
                                  (lambda r: 1 / 0, "raised ZeroDivisionError")):
            with self.assertRaises(delstep.CommandError) as caught:
                session(**{"partition.name": delstep.partitioner(function, name="wrong")})
            self.assertIn(message, caught.exception.message)
        self.assertIsInstance(caught.exception.__cause__, ZeroDivisionError)

    def test_ctrl_c_in_a_partitioner_is_a_keyboard_interrupt(self):
        def stopped(request):
            signal.raise_signal(signal.SIGINT)

        with self.assertRaises(delstep.CommandInterrupted) as caught:
            session(**{"partition.name": stopped})
        self.assertIsInstance(caught.exception, KeyboardInterrupt)
        self.assertEqual((caught.exception.code, caught.exception.message),
                         (130, "stopped in partitioner 'stopped'"))


class Untellable(SmallTest):
    """Exceptions that cannot say what they are."""

    class Mute(Exception):
        def __str__(self):
            raise RuntimeError("nor can I say why")

    CASES = ((lambda: ValueError("a\udce4b"), "raised ValueError: a\\udce4b"),
             (Mute, "raised Mute: (its text cannot be shown)"))

    def test_of_a_behaviour(self):
        kept = []

        def breaks(node):
            kept.append(node)
            node.train()
            if node.node == "10.0.0.3":
                raise make()

        for make, message in self.CASES:
            s = session(**Behaviours.RUN, **{"behaviour.name": breaks})
            before, moment = s("hash")["world"], s.moment
            error = self.refused("echo begun; run 5s; echo never", s)
            self.assertIn(f"behaviour 'breaks': on_turn {message}", error.message)
            self.assertEqual([result.cmd for result in error.results], ["echo begun"])
            with self.assertRaisesRegex(RuntimeError, "has ended"):
                kept[-1].now
            # What the failed commands have answered, and what they have left undone, does not come with the next one.
            self.assertEqual([result.cmd for result in s("hash")], ["hash"])
            self.assertEqual((s("hash")["world"], s.now, s.moment), (before, 0, moment))

    def test_of_a_rule(self):
        kept = []

        def breaks(models):
            kept.append(models)
            raise make()

        for make, message in self.CASES:
            s = session(**{"aggregation.name": breaks})
            s(Rules.MEET)
            error = self.refused("ag", s)
            self.assertIn(f"aggregation rule 'breaks' {message}", error.message)
            self.assertTrue(error.traceback)
            with self.assertRaisesRegex(RuntimeError, "call has ended"):
                kept[-1].nodes

    def test_of_a_partitioner(self):
        def breaks(request):
            raise make()

        for make, message in self.CASES:
            with self.assertRaises(delstep.CommandError) as caught:
                session(**{"partition.name": breaks})
            self.assertIn(f"partitioner 'breaks' {message}", caught.exception.message)

    def test_a_docstring(self):
        def mumbles(models):
            return equal(models)

        mumbles.__doc__ = "half of a \udce4"
        s = session(**{"aggregation.name": mumbles})
        self.assertIn("mumbles", s.help("aggregation.name"))


if __name__ == "__main__":
    unittest.main()
