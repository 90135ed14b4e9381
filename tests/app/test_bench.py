"""The arithmetic of ./dev bench and of bench/compare.py, on results made up by hand. Nothing here is timed."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

BENCH = pathlib.Path(__file__).resolve().parents[2] / "bench"
sys.path.insert(0, str(BENCH))

import compare  # noqa: E402
import figures  # noqa: E402
import guard  # noqa: E402
import peers  # noqa: E402
import run  # noqa: E402
import scale  # noqa: E402

PEAKS = {"fma 1": 100, "fma": 200, "sgemm step 1": 80, "sgemm 100": 160, "triad 100": 50, "triad 1000": 20}


def result(seconds, process=1.0, **more):
    return {"seconds": seconds, "process": process, "accuracy": 0.9, **more}


def work(times=1, gflop=0, gigabytes=0, messages=0):
    return {"times": times, "gflop": gflop, "gigabytes": gigabytes, "messages": messages}


class Kernels(unittest.TestCase):
    def test_an_openblas_below_a_peer_is_told_which_kernels_to_take(self):
        self.assertEqual(peers.own_kernels("Haswell")[-1:], ["OPENBLAS_CORETYPE=Haswell"])
        self.assertFalse([word for word in peers.own_kernels() if "=" in word])


class Medians(unittest.TestCase):
    def test_each_number_is_the_median_of_its_own_and_the_rest_is_kept(self):
        runs = [result({"train": t, "ag": a}, p) for t, a, p in ((3, 1, 9), (1, 2, 7), (2, 9, 8))]
        self.assertEqual(figures.medians(runs), result({"train": 2, "ag": 2}, 8))

    def test_peaks_are_medians_too(self):
        runs = [result({}, peaks={"fma": peak}) for peak in (90, 110, 100)]
        for one in runs:
            del one["seconds"]
        self.assertEqual(figures.medians(runs)["peaks"], {"fma": 100})


class Growth(unittest.TestCase):
    def test_the_exponent_is_that_of_the_last_step_of_size(self):
        self.assertAlmostEqual(scale.exponent([10, 100, 1000], [7, 0.5, 5]), 1)
        self.assertAlmostEqual(scale.exponent([100, 1000], [0.02, 2]), 2)

    def test_times_too_short_to_tell_have_none(self):
        self.assertIsNone(scale.exponent([100, 1000], [0.0001, 0.002]))
        self.assertIsNone(scale.exponent([100], [1]))


class Rates(unittest.TestCase):
    def rate(self, name, phase, seconds, done):
        return figures.rate(result({phase: seconds}, work={phase: done}), name, phase, PEAKS)

    def test_training_on_all_cores_is_a_share_of_what_all_cores_multiply(self):
        rate = self.rate("seed", "train", 0.25, work(gflop=30))
        self.assertEqual(rate["rate"], 120)  # 30 / 0.25
        self.assertEqual(rate["shares"], {"fma": 0.6, "sgemm": 0.75})  # of 200, of 2 x 80

    def test_training_on_one_thread_is_a_share_of_one_core(self):
        rate = self.rate("seed on one thread", "train", 0.5, work(gflop=30))
        self.assertEqual(rate["shares"], {"fma": 0.6, "sgemm": 0.75})  # 60 of 100, of 80

    def test_a_mesh_is_a_share_of_the_matrix_product_of_its_shape(self):
        rate = self.rate("mesh-100", "ag", 2.0, work(times=2, gflop=160))
        self.assertEqual(rate["ms"], 1000)
        self.assertEqual(rate["shares"], {"fma": 0.4, "sgemm": 0.5})  # 80 of 200, of 160

    def test_few_neighbours_are_a_share_of_the_triad_of_their_size(self):
        rate = self.rate("regular-1000", "ag", 0.5, work(gigabytes=4))
        self.assertEqual((rate["unit"], rate["rate"], rate["shares"]), ("GB/s", 8, {"triad": 0.4}))

    def test_without_a_blas_there_is_no_share_of_it(self):
        peaks = {"fma 1": 100, "fma": 200}
        self.assertEqual(figures.peaks_for("mesh-100", "ag", peaks), {"fma": 200})
        self.assertEqual(figures.peaks_for("seed", "train", peaks), {"fma": 200})

    def test_a_message_is_queued_and_delivered(self):
        one = result({"flood": 0.25, "nstep": 0.75}, work={"nstep": work(messages=2_000_000)})
        self.assertEqual(figures.microseconds_a_message(one), 0.5)


class Ratios(unittest.TestCase):
    OURS = {
        "seed": result({"train": 0.5, "ag": 0.25, "test": 0.001}, 1, work={"train": work(gflop=30)}),
        "seed on one thread": result(
            {"train": 1, "ag": 0.25, "test": 0.001}, 1.5, work={"train": work(gflop=30)}
        ),
        "evaluate": result({"test": 0.5}, work={"test": work(gflop=6)}),
    }

    def test_they_say_how_many_times_faster_we_are(self):
        theirs = {("seed", "X"): result({"train": 10, "ag": 1, "test": 2}, 15)}
        expected = {"train": 20, "train, one thread": 10, "ag": 4, "test": 4, "process": 15}
        self.assertEqual(figures.ratios(self.OURS, theirs), {("seed", "X"): expected})

    def test_a_peer_that_tests_one_model_has_no_ratio_of_it(self):
        theirs = {("seed", "X"): result({"train": 10, "ag": 1, "test of one model": 2}, 15)}
        self.assertNotIn("test", figures.ratios(self.OURS, theirs)["seed", "X"])


class Targets(unittest.TestCase):
    def document(self, kernels="avx2", **rest):
        theirs = {"seed | gossipy as installed": result({"train": 10, "ag": 1}, 15)}
        return {
            "workloads": Ratios.OURS | {"memory-100": result({}, **{"bytes a node": 409_600})},
            "peers": theirs,
            "peaks": PEAKS,
            "kernels used": kernels,
            "start-up": 0.25,
        } | rest

    def test_those_that_were_measured_are_listed_and_no_others(self):
        self.assertEqual(
            figures.targets(self.document()),
            [
                ("train, against gossipy as installed", 20, 20, True),
                ("KiB a node", 400, 400, False),
                ("start to prompt, s", 0.25, 0.1, False),
            ],
        )

    def test_those_of_training_are_of_the_instruction_set(self):
        self.assertEqual(figures.targets(self.document("avx512"))[0][2], 27)
        self.assertEqual(figures.targets(self.document("portable"))[0][0], "KiB a node")

    def test_they_are_the_same_on_every_machine_with_these_instructions(self):
        theirs = {"seed | PyTorch loop": result({"train": 10, "ag": 1}, 15)}
        for fma in (100, 200):
            peaks = PEAKS | {"fma 1": 100, "fma": fma}
            lines = figures.targets(self.document(peaks=peaks, peers=theirs))
            self.assertIn(("train, against PyTorch loop", 20, 16, True), lines)
            self.assertIn(("train on one thread, against PyTorch loop", 10, 9, True), lines)

    def test_a_dense_step_may_be_slower_where_its_rows_do_not_fit_the_second_cache(self):
        micro = {"TrainDense/avx2": {"of_peak": 0.7}, "TrainSparse/avx2": {"of_peak": 1.3}}
        for cache, target in ((0, 0.80), (512 * 1024, 0.72), (2048 * 1024, 0.80)):
            lines = figures.targets(self.document() | {"second cache": cache, "kernels": micro})
            self.assertIn(("dense step, of the peak", 0.7, target, True), lines)


class Rounds(unittest.TestCase):
    def play(self, commands):
        runs = {}
        for _ in range(2):
            run.play_round(commands, runs)
        return runs

    def test_what_the_build_lacks_is_played_once_and_left_out(self):
        commands = {"cnn-12": ["echo", '{"workload": "cnn-12", "skipped": "no LibTorch"}']}
        self.assertEqual((self.play(commands), commands), ({}, {}))

    def test_a_peer_that_fails_is_left_out(self):
        commands = {("seed", "X"): ["false"], ("seed", "Y"): ["echo", '{"seconds": {"train": 1}}']}
        runs = self.play(commands)
        self.assertEqual([key for key in commands], [("seed", "Y")])
        self.assertEqual([r["seconds"] for r in runs["seed", "Y"]], [{"train": 1}] * 2)

    def test_one_of_ours_that_fails_ends_the_run(self):
        with self.assertRaises(SystemExit):
            self.play({"seed": ["false"]})


class Peers(unittest.TestCase):
    def test_all_of_one_workload_have_names_of_their_own(self):
        keys = [(workload, peer.name) for peer in peers.PEERS for workload in peer.workloads]
        self.assertEqual(len(keys), len(set(keys)))

    def test_each_has_its_program_and_the_environments_pin_every_version(self):
        for peer in peers.PEERS:
            source = peer.program if peer.environment else peer.program + ".cc"
            self.assertTrue((BENCH / "peers" / source).exists(), source)
        for path in (BENCH / "peers").glob("requirements*.txt"):
            lines = [line for line in path.read_text().splitlines() if not line.startswith("#")]
            self.assertTrue(all("==" in line for line in lines), path)


class Compare(unittest.TestCase):
    BEFORE = {
        "start-up": 0.5,
        "workloads": {"seed": result({"train": 4}, 6), "gone": result({"train": 1})},
        "peers": {"seed | X": result({"train": 8}, 9)},
        "kernels": {"Adam/avx2": {"us": 10}},
    }
    AFTER = {
        "start-up": 0.25,
        "workloads": {"seed": result({"train": 1}, 2), "new": result({"train": 1})},
        "peers": {"seed | X": result({"train": 8}, 9)},
        "kernels": {"Adam/avx2": {"us": 20}},
    }

    def test_it_divides_what_both_have_measured(self):
        self.assertEqual(
            compare.ratios(compare.flatten(self.BEFORE), compare.flatten(self.AFTER)),
            {
                "start-up": 2,
                "seed: train": 4,
                "seed: process": 3,
                "seed | X: train": 1,
                "seed | X: process": 1,
                "kernel Adam/avx2": 0.5,
            },
        )

    def test_the_program_prints_a_line_a_figure(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = [pathlib.Path(folder, name) for name in ("a.json", "b.json")]
            for path, document in zip(paths, (self.BEFORE, self.AFTER)):
                path.write_text(json.dumps(document))
            done = subprocess.run(
                [sys.executable, "-B", BENCH / "compare.py", *paths], capture_output=True, text=True, check=True
            )
        self.assertIn("seed: train", done.stdout)
        self.assertEqual(done.stdout.splitlines()[0].split(), ["start-up", "2.00", "x"])

    def test_without_two_files_it_says_how_it_is_called(self):
        done = subprocess.run([sys.executable, "-B", BENCH / "compare.py"], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("compare.py A.json B.json", done.stderr)


class Guard(unittest.TestCase):
    def test_it_reports_a_change_beyond_five_per_cent_in_either_direction(self):
        recorded = dict.fromkeys("abcd", 1000)
        beyond = {n: b for n, _, _, b in guard.compare({"a": 1049, "b": 1051, "c": 951, "d": 949}, recorded)}
        self.assertEqual(beyond, {"a": False, "b": True, "c": False, "d": True})


if __name__ == "__main__":
    unittest.main()
