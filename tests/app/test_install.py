"""`cmake --install` into a folder: the program finds its parts there, and programs of one's own can be
built against it."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from program import PROGRAM, environment

BUILD = pathlib.Path(os.environ["DELSTEP_BUILD"])
CMAKE = os.environ["DELSTEP_CMAKE"]
SOURCES = pathlib.Path(__file__).resolve().parents[2]
TIMEOUT = 600


def run(*words, cwd, **changes):
    return subprocess.run([str(word) for word in words], cwd=cwd, env=environment(**changes), text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=TIMEOUT, check=False)


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.top = pathlib.Path(tempfile.mkdtemp(prefix="delstep-install-"))
        cls.addClassCleanup(shutil.rmtree, cls.top)
        first = cls.top / "first"
        done = run(CMAKE, "--install", BUILD, "--prefix", first, cwd=cls.top)
        assert done.returncode == 0, done.stderr
        # Moved, so that no path to it can stand anywhere.
        cls.prefix = first.rename(cls.top / "a b")
        cls.home = cls.top / "home"
        cls.home.mkdir()

    def delstep(self, *words, **changes):
        return run(self.prefix / "bin/delstep", *words, cwd=self.home, HOME=str(self.home), **changes)

    def assert_ok(self, done):
        self.assertEqual(done.returncode, 0, f"{done.stdout}\n{done.stderr}")

    def test_scenarios_are_found(self):
        done = self.delstep("scenario", "list")
        self.assert_ok(done)
        self.assertIn("mnist-12", done.stdout)
        (self.prefix / "share/delstep/scenarios/only-here.toml").write_text("[nodes]\ncount = 3\n")
        done = self.delstep("only-here", "data.name=blobs", "-c", "config show nodes.count")
        self.assert_ok(done)
        self.assertRegex(done.stdout, r"nodes\.count +3 +only-here\.toml")

    def test_nothing_of_the_build_or_the_sources_is_used(self):
        done = self.delstep("doctor")
        for folder in (BUILD, SOURCES):
            self.assertNotIn(str(folder) + "/", done.stdout.replace(str(self.prefix), ""))

    def test_data_are_looked_for_in_the_usual_places(self):
        done = self.delstep("doctor")
        self.assertEqual(done.returncode, 4, done.stdout)
        for text in (f"'{self.home}/.local/share/delstep/mnist'", f"'{self.prefix}/share/delstep/data/mnist'",
                     "`delstep setup`"):
            self.assertIn(text, done.stdout)
        elsewhere = self.delstep("doctor", XDG_DATA_HOME=str(self.top / "xdg"), DELSTEP_DATA=str(self.top / "own"))
        self.assertIn(f"'{self.top}/own/mnist'", elsewhere.stdout)
        self.assertIn(f"'{self.top}/xdg/delstep/mnist'", elsewhere.stdout)

    def test_data_beside_the_program_are_found(self):
        data = pathlib.Path(os.environ["DELSTEP_DATA_FOR_TESTS"], "mnist")
        if not data.is_dir():
            self.skipTest("the data are not there: ./dev setup")
        (self.prefix / "share/delstep/data").mkdir()
        (self.prefix / "share/delstep/data/mnist").symlink_to(data)
        try:
            done = self.delstep("partition.samples_per_node=10", "-c", "train 10.0.0.1")
        finally:
            shutil.rmtree(self.prefix / "share/delstep/data")
        self.assert_ok(done)

    def test_a_rule_in_cpp_is_compiled_with_the_installed_headers(self):
        rule = SOURCES / "examples/own_aggregator/nearness.cpp"
        cache = self.top / "cache"
        done = self.delstep("data.name=blobs", "nodes.count=3", f"aggregation.name={rule}", "-c",
                            "train; flood; nstep; ag", XDG_CACHE_HOME=str(cache))
        self.assert_ok(done)
        compiled = next(cache.rglob("*.files")).read_text(encoding="utf-8")
        self.assertIn(f"{self.prefix}/include/delstep/aggregator.h", compiled)
        self.assertNotIn(f"{SOURCES}/include/", compiled)

    def test_the_helper_for_ns3_is_found(self):
        if not (self.prefix / "lib/delstep/delstep-ns3").exists():
            self.skipTest("this build has no ns-3")
        done = self.delstep("data.name=blobs", "nodes.count=3", "network.backend=ns3", "-c", "train; flood; nstep")
        self.assert_ok(done)

    def test_the_plugin_of_libtorch_is_found_and_missed(self):
        plugin = self.prefix / "lib/delstep/delstep_torch.so"
        if not plugin.exists():
            self.skipTest("this build has no LibTorch")
        words = ("data.name=blobs", "nodes.count=2", "model.learner=torch", "-c", "train")
        self.assert_ok(self.delstep(*words))
        hidden = plugin.rename(plugin.with_suffix(".hidden"))
        try:
            done = self.delstep(*words)
        finally:
            hidden.rename(plugin)
        self.assertEqual(done.returncode, 4)
        self.assertIn(str(plugin), done.stderr)
        self.assertIn("install the package delstep-torch", done.stderr)

    def test_pages_and_completions_are_those_of_the_program(self):
        for file, page in (("share/bash-completion/completions/delstep", "bash"),
                           ("share/zsh/site-functions/_delstep", "zsh"),
                           ("share/fish/vendor_completions.d/delstep.fish", "fish")):
            self.assertEqual((self.prefix / file).read_text(encoding="utf-8"),
                             subprocess.run([PROGRAM, "docs", "completion", page], cwd=SOURCES, env=environment(),
                                            capture_output=True, text=True, check=True).stdout)
        page = run("gzip", "-dc", self.prefix / "share/man/man1/delstep.1.gz", cwd=self.top)
        self.assertIn(".TH DELSTEP 1", page.stdout)
        for name in ("copyright", "THIRD-PARTY.md", "docs/guide/install.md"):
            self.assertTrue((self.prefix / "share/doc/delstep" / name).is_file(), name)

    def test_a_program_of_ones_own_is_built_against_it(self):
        if not (self.prefix / "lib/libdelstep.a").exists():
            self.skipTest("only release builds have the library")
        source = self.prefix / "share/doc/delstep-dev/examples/embed"
        build = self.top / "embed"
        self.assert_ok(run(CMAKE, "-S", source, "-B", build, f"-DCMAKE_PREFIX_PATH={self.prefix}",
                           f"-DCMAKE_CXX_FLAGS={os.environ['DELSTEP_CXX_FLAGS']}", cwd=self.top))
        self.assert_ok(run(CMAKE, "--build", build, cwd=self.top))
        done = run(build / "embed", cwd=self.home)
        self.assert_ok(done)
        rounds = [line.split() for line in done.stdout.splitlines()]
        self.assertEqual([words[1] for words in rounds], ["1:", "2:", "3:"])
        for words in rounds:
            # Averaging with neighbours brings models together.
            self.assertLess(float(words[-1]), float(words[4].rstrip(",")))


if __name__ == "__main__":
    unittest.main()
