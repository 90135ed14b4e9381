"""Sessions: commands, errors, looking, Ctrl-C."""

import gc
import os
import pathlib
import signal
import subprocess
import sys
import threading
import unittest
from unittest import mock

import numpy

import delstep
from small import SMALL, SmallTest, session


class Commands(SmallTest):
    def test_results_are_those_of_json(self):
        s = session()
        train, flood = s("train; flood")
        self.assertEqual(train.cmd, "train")
        self.assertEqual([row["node"] for row in train["trained"]],
                         ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"])
        # A full mesh of four: each sends to the three others.
        self.assertEqual(flood["queued"], 12)
        self.assertEqual(flood.t, 0)
        self.assertEqual(flood.answer["result"]["queued"], 12)
        self.assertEqual(flood["result"]["queued"], 12)
        self.assertIs(flood["ok"], True)
        with self.assertRaises(KeyError):
            flood["nothing"]

    def test_a_word_picks_from_the_last_result(self):
        s = session()
        self.assertEqual(s("flood; nstep; stats")["sent"], 12)

    def test_parts_of_a_loop_come_before_it(self):
        results = session()("repeat 2 { cycle }")
        self.assertEqual([r.cmd for r in results], ["cycle", "cycle", "repeat 2 { ... }"])
        self.assertEqual(results[-1].answer["parts"], 2)

    def test_scripts_of_several_lines(self):
        self.assertEqual(len(session()("cycle # one\n\nrepeat 1 {\n  cycle\n}\n")), 3)

    def test_nothing_to_do_is_one_empty_result(self):
        (result,) = session()("")
        self.assertEqual(result, {})

    def test_scenarios_by_name_and_by_file(self):
        self.assertIn("mnist-12", delstep.scenarios())
        file = self.folder / "mine.toml"
        file.write_text('[data]\nname = "blobs"\n[nodes]\ncount = 3\n')
        self.assertEqual(len(delstep.Session(file).nodes()), 3)

    def test_values_of_all_types(self):
        s = session(seed=7, **{"network.loss": 0.5, "network.autonet": True, "model.hidden": [8, 4],
                               "nodes.names": ["ann", "ben", "cem", "dot"],
                               "training.batch_size": numpy.int64(16)})
        config = s.config()
        self.assertEqual(config["seed"], 7)
        self.assertEqual(config["network.loss"], 0.5)
        self.assertIs(config["network.autonet"], True)
        self.assertEqual(config["model.hidden"], [8, 4])
        self.assertEqual(config["training.batch_size"], 16)
        self.assertEqual(s.nodes()[0]["name"], "ann")

    def test_lists_may_have_any_characters_and_be_arrays(self):
        names = ["\N{GRINNING FACE}", "b\N{LATIN SMALL LETTER A WITH DIAERESIS}", "c\\'d"]
        s = session(**{"nodes.names": names})
        self.assertEqual(s.nodes().column("name")[:3], names)
        for sizes in (numpy.array([10, 20, 30, 40]), [numpy.int64(10), 20, 30, 40], range(10, 50, 10)):
            s = session(**{"partition.name": "size", "partition.partition_sizes": sizes})
            self.assertEqual(s.config()["partition.partition_sizes"], [10, 20, 30, 40])
        self.assertEqual(session(seed=numpy.array(7)).config()["seed"], 7)
        hidden = session(**{"model.hidden": numpy.array([8, 4])})
        self.assertEqual(hidden.config()["model.hidden"], [8, 4])

    def test_values_that_are_none_are_named_by_their_key(self):
        for value in (None, {"a": 1}, {1, 2}, 3 + 4j, [None]):
            with self.assertRaisesRegex(TypeError, "^model.hidden: a number, a text, a path or a list is needed, not"):
                session(**{"model.hidden": value})
        with self.assertRaisesRegex(ValueError, "^data.label: character 1 is half of one"):
            session(**{"data.label": "\ud83d"})

    def test_paths_are_whole_or_refused(self):
        # The system ends a path at a byte 0: another file was read, another folder made.
        table = self.folder / "c.csv"
        table.write_text("node,ms_per_example\n10.0.0.1,3\n10.0.0.2,3\n10.0.0.3,3\n10.0.0.4,3\n")
        for given in (table, str(table), os.fsencode(table)):
            self.assertEqual(session(**{"compute.file": given}).config()["compute.file"], str(table))
        odd = f"{table}\0x"
        for settings in ({"compute.file": odd}, {"model.weights": odd}, {"ns3.pcap": odd},
                         {"aggregation.name": f"{odd}.cpp"}):
            with self.assertRaises(delstep.CommandError) as caught:
                session(**settings)
            self.assertEqual(caught.exception.code, 2, settings)
        for name in ("out", "resume", "scenario"):
            with self.assertRaisesRegex(ValueError, f"^{name}: .* is no path: there is a byte 0 in it"):
                session(**{name: odd})
            with self.assertRaisesRegex(TypeError, f"^{name}: a path is needed, not 3"):
                session(**{name: 3})
        s = session()
        for command in ("load", "save results", "checkpoint", "import all", "export all"):
            self.assertEqual(self.refused(f'{command} "{odd}.npz"', s).code, 2, command)
        self.assertEqual(list(self.folder.iterdir()), [table])
        with self.assertRaisesRegex(delstep.CommandError, "x\udcff.toml"):
            delstep.Session(b"x\xff.toml")

    def test_several_sessions_do_not_disturb_each_other(self):
        a, b, alone = session(seed=1), session(seed=2), session(seed=1)
        for s in (a, b):
            s("train; flood; nstep; ag")
        alone("train; flood; nstep; ag")
        self.assertEqual(a("hash")["world"], alone("hash")["world"])
        self.assertNotEqual(a("hash")["world"], b("hash")["world"])

    def test_exit_closes_the_session(self):
        s = session()
        s("exit")
        self.assertTrue(s.closed)
        self.assertIn("closed", self.refused("cycle", s).message)
        with session() as t:
            pass
        self.assertTrue(t.closed)

    def test_checkpoints(self):
        file = self.folder / "a.ckpt"
        s = session()
        s(f"train; flood; checkpoint {file}; nstep; ag")
        t = delstep.Session(resume=file)
        t("nstep; ag")
        self.assertEqual(s("hash")["world"], t("hash")["world"])


class Errors(SmallTest):
    def test_an_error_has_code_hint_and_command(self):
        s = session()
        error = self.refused("cycle; trian; cycle", s)
        self.assertEqual((error.code, error.command), (2, "trian"))
        self.assertIn("train", error.hint)
        self.assertEqual(error.where, "")
        self.assertIn(error.hint, str(error))
        # What came before it stands, and what came after it was not run.
        self.assertEqual([r.cmd for r in error.results], ["cycle"])
        self.assertEqual(s.cycle, 1)

    def test_refusals_of_the_state(self):
        self.assertEqual(self.refused("train 10.0.0.99", session()).code, 1)
        self.assertEqual(self.refused("expect nodes > 4", session()).code, 5)

    def test_places_in_scripts(self):
        script = self.folder / "a.del"
        script.write_text("cycle\ntrain 10.0.0.99\n")
        error = self.refused(f"load {script}", session())
        self.assertEqual(error.where, f"{script}:2:7")

    def test_open_blocks(self):
        self.assertEqual(self.refused("repeat 2 {", session()).code, 2)

    def test_a_session_that_cannot_begin(self):
        for settings, code in (({"nodes.cuont": 3}, 2), ({"nodes.count": 0}, 2)):
            with self.assertRaises(delstep.CommandError) as caught:
                session(**settings)
            self.assertEqual(caught.exception.code, code)
        with self.assertRaises(delstep.CommandError) as caught:
            delstep.Session("no-such-scenario")
        self.assertEqual(caught.exception.code, 2)


class Looking(SmallTest):
    def test_nodes(self):
        s = session(**{"nodes.names": ["ann", "ben", "cem", "dot"], "topology.name": "ring"})
        s("train ann; test ann local; send ann ben; node down cem")
        ann, ben, cem, dot = s.nodes()
        self.assertEqual((ann["node"], ann["name"]), ("10.0.0.1", "ann"))
        self.assertEqual(ann["neighbours"], ["10.0.0.2", "10.0.0.4"])
        self.assertEqual((ann["trainings"], ben["trainings"]), (1, 0))
        self.assertEqual((ann["test_scope"], ben["test_acc"]), ("local", None))
        self.assertEqual((ann["outbox"], cem["up"]), (1, False))
        # 240 examples for four nodes, of which each holds out floor(60 * 0.15).
        self.assertEqual((dot["examples"], dot["held_out"]), (60, 9))
        self.assertEqual(s.nodes().column("name"), ["ann", "ben", "cem", "dot"])

    def test_looking_leaves_no_trace(self):
        s = session()
        before = s("hash")["world"], len(s("log")["log"])
        s.nodes(), s.graph(), s.metrics(), s.events(), s.model("10.0.0.1"), s.help(), s._repr_html_()
        self.assertEqual((s("hash")["world"], len(s("log")["log"])), (before[0], before[1] + 2))

    def test_events_are_those_of_the_run_directory(self):
        s = session(out=self.folder / "run", **{"groups.east": ["10.0.0.1", "10.0.0.2"],
                                                "partition.samples_per_node": 40})
        s("train 10.0.0.1; flood; nstep; ag; mark here; node add; undo; node add 10.0.0.77; test")
        with self.assertRaises(delstep.CommandError):
            s("trian")
        events = s.events()
        self.assertEqual(s.event_numbers, (0, len(events)))
        self.assertEqual(s.events(since=len(events) - 2), events[-2:])
        self.assertEqual(s.events(since=len(events)), [])
        recorded = delstep.read_run(self.folder / "run")
        self.assertEqual(events, recorded.events)

    def test_metrics_are_those_of_the_run_directory(self):
        s = session(out=self.folder / "run")
        s("train; test local; flood; nstep; ag")
        with mock.patch.dict("sys.modules", {"pandas": None}):
            rows = s.metrics()
            recorded = delstep.read_run(self.folder / "run").metrics
        without_run = [{k: v for k, v in row.items() if k != "run"} for row in rows]
        self.assertEqual(without_run,
                         [{k: v for k, v in row.items() if k != "run"} for row in recorded])
        losses = [row for row in rows if row["metric"] == "train_loss"]
        self.assertEqual(len(losses), 4)
        self.assertIsInstance(losses[0]["value"], float)
        self.assertIsInstance(losses[0]["sim_time"], int)

    def test_without_record_nothing_is_kept(self):
        s = delstep.Session(record=False, **SMALL)
        s("train")
        self.assertEqual(s.events(), [])

    def test_graph(self):
        s = session(**{"topology.name": "line"})
        s("link 10.0.0.1 10.0.0.2 loss 0.25 oneway; link 10.0.0.3 10.0.0.4 down")
        with mock.patch.dict("sys.modules", {"networkx": None}):
            plain = s.graph()
            self.assertEqual([(e["source"], e["target"]) for e in plain["links"]],
                             [("10.0.0.1", "10.0.0.2"), ("10.0.0.2", "10.0.0.3")])
            self.assertEqual(plain["nodes"][0]["id"], "10.0.0.1")
            # Three pairs, both directions, those that are down too.
            directed = s.graph(directed=True)
            self.assertEqual(len(directed["links"]), 6)
            losses = {(e["source"], e["target"]): e["loss"] for e in directed["links"]}
            self.assertEqual((losses["10.0.0.1", "10.0.0.2"], losses["10.0.0.2", "10.0.0.1"]),
                             (0.25, 0))

    def test_graph_of_networkx(self):
        try:
            import networkx
        except ImportError:
            self.skipTest("no networkx")
        graph = session(**{"topology.name": "ring"}).graph()
        self.assertEqual(networkx.diameter(graph), 2)
        self.assertEqual(graph.nodes["10.0.0.1"]["examples"], 60)

    def test_help_and_completion(self):
        s = session()
        self.assertIn("train [NODE...]", s.help("train"))
        self.assertEqual(repr(s.help("train")), str(s.help("train")))
        self.assertIn("train", s.complete("tr"))
        self.assertEqual(self.refused("nonsense", s.help).code, 2)

    def test_notebooks_show_tables_and_the_network(self):
        s = session(**{"nodes.names": ["<b>", "ben", "cem", "dot"]})
        results = s("test local; status")
        page = results._repr_html_()
        self.assertIn("<table>", page)
        self.assertIn("&lt;b&gt;", s.nodes()._repr_html_())
        self.assertNotIn("<b>", s.nodes()._repr_html_() + s._repr_html_())
        picture = s._repr_html_()
        self.assertEqual(picture.count("<circle"), 4)
        self.assertEqual(picture.count("<line"), 6)  # each pair of a full mesh once
        self.assertIn("accuracy", picture)
        s.picture(width=300).save(self.folder / "net.svg")
        self.assertTrue((self.folder / "net.svg").read_text().startswith("<svg"))

    def test_pictures_of_moving_and_of_large_networks(self):
        moving = session(**{"mobility.name": "random-waypoint", "topology.name": "radio"})
        self.assertIn("x", moving.nodes()[0])
        self.assertEqual(moving.picture().svg.count("<circle"), 4)
        ring = session(**{"nodes.count": 40, "topology.name": "ring"})
        self.assertEqual(ring.picture().svg, ring.picture().svg)
        self.assertEqual(ring.picture().svg.count("<line"), 40)


class Models(SmallTest):
    def test_a_model_is_a_view_that_stays(self):
        s = session(**{"model.hidden": [8]})
        model = s.model("10.0.0.1")
        shapes = {name: array.shape for name, array in model.items()}
        # blobs: 16 numbers, 4 classes.
        self.assertEqual(sorted(shapes.values()), [(4,), (4, 8), (8,), (8, 16)])
        first = next(iter(model.values()))
        self.assertFalse(first.flags.owndata)
        self.assertEqual(first.ctypes.data, next(iter(s.model("10.0.0.1").values())).ctypes.data)
        with self.assertRaises(ValueError):
            first[...] = 0
        with self.assertRaises(ValueError):
            first.flags.writeable = True
        before = first.copy()
        s("train")
        self.assertTrue(numpy.array_equal(first, before))
        self.assertFalse(numpy.array_equal(next(iter(s.model("10.0.0.1").values())), before))
        s.close()
        del s
        gc.collect()
        self.assertTrue(numpy.array_equal(first, before))

    def test_setting_a_model(self):
        s = session()
        s("train 10.0.0.1")
        hashes = lambda: {row["node"]: row["model"] for row in s("hash all")["nodes"]}
        self.assertNotEqual(hashes()["10.0.0.1"], hashes()["10.0.0.2"])
        moment = s.moment
        s.set_model("10.0.0.2", s.model("10.0.0.1"))
        self.assertEqual(hashes()["10.0.0.1"], hashes()["10.0.0.2"])
        self.assertEqual(s.moment, moment + 1)
        s("undo")
        self.assertNotEqual(hashes()["10.0.0.1"], hashes()["10.0.0.2"])
        # Doing it again with other numbers is no fault.
        name, bias = next((n, a) for n, a in s.model("10.0.0.2").items() if a.ndim == 1)
        s.set_model("10.0.0.2", {name: numpy.arange(bias.size)})
        self.assertTrue(numpy.array_equal(s.model("10.0.0.2")[name], numpy.arange(bias.size)))
        self.assertIn("set_model 10.0.0.2", [entry["cmd"] for entry in s("log")["log"]])

    def test_models_that_do_not_fit(self):
        s = session()
        name, array = next(iter(s.model("10.0.0.1").items()))
        before = s("hash")["world"]
        with self.assertRaisesRegex(ValueError, "no tensor 'nothing'"):
            s.set_model("10.0.0.1", {"nothing": array})
        with self.assertRaisesRegex(ValueError, "shape"):
            s.set_model("10.0.0.1", {name: array[:1]})
        with self.assertRaisesRegex(ValueError, "no array of numbers"):
            s.set_model("10.0.0.1", {name: "text"})
        with self.assertRaises(delstep.CommandError):
            s.set_model("10.0.0.1", {name: array * numpy.nan})
        with self.assertRaises(delstep.CommandError):
            s.model("10.0.0.99")
        self.assertEqual(s("hash")["world"], before)


class Stopping(SmallTest):
    ENDLESS = "repeat 100000000 cycle"

    def begun(self):
        """A session whose `ag` says that commands run, and the event by which it does."""
        event = threading.Event()

        def own(models):
            event.set()
            return [1] + [0] * (len(models) - 1)

        s = session(**{"aggregation.name": own})
        s("flood; nstep")
        return s, event

    def interrupt(self, event):
        def send():
            event.wait()
            os.kill(os.getpid(), signal.SIGINT)

        thread = threading.Thread(target=send)
        thread.start()
        self.addCleanup(thread.join)

    def test_ctrl_c_stops_the_command_only(self):
        s, event = self.begun()
        self.interrupt(event)
        with self.assertRaises(KeyboardInterrupt) as caught:
            s(f"ag; {self.ENDLESS}")
        self.assertIsInstance(caught.exception, delstep.CommandInterrupted)
        self.assertIsInstance(caught.exception, delstep.CommandError)
        self.assertEqual(caught.exception.code, 130)
        cycle = s.cycle
        s("cycle")
        self.assertEqual(s.cycle, cycle + 1)
        # The handler is Python's own again.
        with self.assertRaises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)

    def test_ctrl_c_stops_what_a_rule_runs_in_another_session_too(self):
        # One node aggregates in this thread, four of them in threads of the run.
        for commands in ("ag 10.0.0.1", "ag"):
            inner, event = self.begun()

            def leads_on(models):
                inner(f"ag; {self.ENDLESS}")

            outer = session(**{"aggregation.name": leads_on, "training.threads": 4})
            outer("flood; nstep")
            self.interrupt(event)
            with self.assertRaises(delstep.CommandInterrupted):
                outer(commands)
            inner("cycle")
            outer("train")

    def test_ctrl_c_ends_the_waiting_of_close(self):
        begun, go_on = threading.Event(), threading.Event()

        def waits(models):
            begun.set()
            go_on.wait()
            return [1] + [0] * (len(models) - 1)

        s = session(**{"aggregation.name": waits})
        s("flood; nstep")
        thread = threading.Thread(target=self.refused, args=(f"ag 10.0.0.1; {self.ENDLESS}", s))
        thread.start()
        begun.wait()

        def interrupt_close():
            while not s.closed:
                pass
            os.kill(os.getpid(), signal.SIGINT)

        signals = threading.Thread(target=interrupt_close)
        signals.start()
        with self.assertRaises(KeyboardInterrupt):
            s.close()
        self.assertFalse(go_on.is_set())
        go_on.set()
        signals.join()
        thread.join()

    def test_a_signal_is_the_users_if_python_says_so(self):
        (s, event), heard = self.begun(), []
        old = signal.signal(signal.SIGINT, lambda *_: heard.append("heard"))
        self.addCleanup(signal.signal, signal.SIGINT, old)
        self.interrupt(event)
        self.assertEqual(self.refused(f"ag; {self.ENDLESS}", s).code, 130)
        self.assertEqual(heard, ["heard"])

    def test_another_thread_may_stop_it_and_python_goes_on_meanwhile(self):
        s, codes = session(), []

        def work():
            codes.append(self.refused(self.ENDLESS, s).code)

        thread = threading.Thread(target=work)
        thread.start()
        # This thread runs, so the lock of Python is free; asked until the command has begun.
        while thread.is_alive():
            s.stop()
            thread.join(0.01)
        self.assertEqual(codes, [130])

    def test_python_ends_while_a_command_runs(self):
        script = f"""
import sys, threading
sys.path.insert(0, {str(pathlib.Path(__file__).parent)!r})
from small import session
begun = threading.Event()
def own(models):
    begun.set()
    return [1] + [0] * (len(models) - 1)
s = session(**{{"aggregation.name": own}})
work = "repeat 100000000 {{ flood; nstep; ag }}"
threading.Thread(target=lambda: s(work), daemon=True).start()
begun.wait()
"""
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True,
                              timeout=120, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_threads_share_a_session(self):
        s = session()
        threads = [threading.Thread(target=lambda: [s("cycle") for _ in range(50)])
                   for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(s.cycle, 200)


if __name__ == "__main__":
    unittest.main()
