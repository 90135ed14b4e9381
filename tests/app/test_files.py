#!/usr/bin/env python3
"""Other people's files, and places where files cannot be written: what the program makes of them."""

import gzip
import os
import resource
import signal
import subprocess
import unittest

import program

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"


class Files(program.ProgramTest):
    def table(self, *words):
        return self.run_program("nodes.count=1", "training.epochs=1", *words, small=False)

    def says(self, done, code, *parts):
        self.assert_code(done, code)
        for part in parts:
            self.assertIn(part, done.stdout + done.stderr)

    def test_a_record_is_not_taken_for_a_header(self):
        self.write("plain.csv", "".join(f"{i % 2},{i},{i + 1}\n" for i in range(9)))
        csv = ["data.name=csv", "data.path=plain.csv", "data.label=0"]
        self.says(self.table(*csv, "-c", "data show"), 3, "plain.csv:1", "numbers alone",
                  "data.header=false")
        done = self.table(*csv, "data.header=false", "-c", "data show")
        self.says(done, 0, "9 examples")
        last = self.table("data.name=csv", "data.path=plain.csv", "data.label=-1",
                          "data.header=false", "-c", "data show")
        self.says(last, 0, "9 examples")
        self.write("s.toml", '[nodes]\ncount = 1\n[data]\nname = "csv"\npath = "plain.csv"\n'
                   'label = 0\nheader = false\nscale = 2\n')
        self.says(self.table("s.toml", "-c", "data show"), 0, "9 examples")

    def test_what_is_too_small_for_a_number_is_0(self):
        self.write("tiny.csv", "x,label\n1e-400,a\n1,b\n")
        done = self.table("data.name=csv", "data.path=tiny.csv", "-c", "data show")
        self.says(done, 0, "2 examples")

    def test_the_index_of_pandas_is_refused(self):
        self.write("index.csv", "Unnamed: 0,x,label\n0,1.5,a\n1,2.5,b\n")
        done = self.table("data.name=csv", "data.path=index.csv", "-c", "data show")
        self.says(done, 3, "index.csv:1", "'Unnamed: 0'", "index=False")

    def test_endings_may_be_written_in_capitals(self):
        self.write("S.TOML", "[nodes]\ncount = 3\n")
        self.write("L.DEL", "cycle\n")
        commands = "export 10.0.0.1 M.NPZ; test; save results R.CSV; save topology T.GML; load L.DEL"
        done = self.run_program("S.TOML", "-c", commands)
        self.assert_code(done, 0)
        for name in ["M.NPZ", "R.CSV", "T.GML"]:
            self.assertGreater((self.folder / name).stat().st_size, 0)
        done = self.run_program("model.weights=M.NPZ", "topology.name=file", "topology.file=T.GML",
                                "nodes.count=4", "--out", "run", "-c", "status")
        self.assert_code(done, 0)

    def test_a_tilde_is_the_home_folder_in_keys_options_and_commands(self):
        home = self.folder / "my home"
        home.mkdir()
        (home / "t.csv").write_text("x,label\n" + "1,a\n2,b\n" * 10)
        (home / "c.del").write_text("cycle\n")
        (home / "s.toml").write_text('[nodes]\ncount = 1\n[data]\nname = "csv"\npath = "~/t.csv"\n')
        commands = 'test; save results "~/r.csv"; export 10.0.0.1 ~/m.npz; save topology ~/t.json; load ~/c.del'
        done = self.run_program("data.name=csv", "data.path=~/t.csv", "nodes.count=1",
                                "--out=~/run", "-f", "~/c.del", "-c", commands, small=False,
                                HOME=str(home))
        self.assert_code(done, 0)
        for name in ["r.csv", "m.npz", "t.json", "run"]:
            self.assertTrue((home / name).exists(), name)
        done = self.run_program("~/s.toml", "model.weights=~/m.npz", "-c", "status", small=False,
                                HOME=str(home))
        self.assert_code(done, 0)
        self.assertEqual(os.listdir(self.folder), ["my home"])

    def limited(self, *words, size):
        def limit():
            # As `ulimit -f` does; Python itself ignores the signal, and its children would too.
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        return subprocess.run(self.command(*words), capture_output=True, text=True, cwd=self.folder,
                              env=program.environment(), timeout=self.TIMEOUT, check=False,
                              preexec_fn=limit)

    def test_a_limit_on_files_ends_the_recording_but_not_the_run(self):
        done = self.limited("--out", "run", "-c", "repeat 20 { train 10.0.0.1; flood; nstep }; cycle",
                            size=10240)
        self.assert_code(done, 3)
        self.assertEqual(done.stderr.count("File too large"), 1, done.stderr)
        # Each line is whole.
        for name in ["events.jsonl", "script.del", "metrics.csv", "results.csv"]:
            text = (self.folder / "run" / name).read_text()
            self.assertTrue(text.endswith("\n"), name)

    def test_a_limit_on_files_leaves_no_half_file(self):
        done = self.limited("-c", "export 10.0.0.1 m.npz", "model.hidden=[4000]", size=10240)
        self.says(done, 3, "cannot write", "m.npz", "File too large")
        self.assertEqual(os.listdir(self.folder), [])

    def test_a_full_disk_is_said_once(self):
        done = subprocess.run(["sh", "-c", '"$@" > /dev/full', "sh",
                               *self.command("-c", "status")], capture_output=True, text=True,
                              cwd=self.folder, env=program.environment(), check=False)
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertEqual(done.stderr.count("No space left"), 1, done.stderr)

    def test_closed_streams_are_not_mistaken_for_files(self):
        for number, closed in enumerate(["<&-", ">&-", "2>&-", "<&- >&- 2>&-"]):
            run = f"run{number}"
            done = subprocess.run(["sh", "-c", f'"$@" {closed}', "sh",
                                   *self.command("--out", run, "-c", "bogus-not; status")],
                                  capture_output=True, text=True, cwd=self.folder, timeout=60,
                                  env=program.environment(), check=False)
            self.assertIn(done.returncode, (2, 3), closed)
            for name in (self.folder / run).glob("*"):
                if name.name == "events.jsonl":  # which tells of the error as of any event
                    continue
                self.assertNotIn("no command named", name.read_text(), f"{closed} {name}")

    def test_plain_pictures_are_read(self):
        for name in ["cat", "dog"]:
            (self.folder / "pics" / name).mkdir(parents=True)
        (self.folder / "pics/cat/0.pgm").write_text("P2\n2 2\n255\n0 9 8 255\n")
        (self.folder / "pics/dog/0.ppm").write_text("P3\n1 1\n255\n255 0 0\n")
        done = self.table("data.name=images", "data.path=pics", "data.image_size=4", "-c",
                          "data show")
        self.says(done, 0, "2 examples")

    def test_pointers_of_git_lfs_are_named_by_every_reader(self):
        for name in ["d.csv", "d.npz", "d.json", "d.txt", "w.pt", "w.safetensors", "w.npz", "g.txt",
                     "g.graphml", "g.gml", "g.json", "s.toml", "s.del", "c.cpp"]:
            self.write(name, POINTER)
        (self.folder / "pics/a").mkdir(parents=True)
        self.write("pics/a/1.png", POINTER)
        for words in [["data.name=csv", "data.path=d.csv"], ["data.name=npz", "data.path=d.npz"],
                      ["data.name=leaf", "data.path=d.json"], ["data.name=text", "data.path=d.txt"],
                      ["data.name=images", "data.path=pics"],
                      *[["data.name=blobs", f"model.weights=w.{e}"]
                        for e in ["pt", "safetensors", "npz"]],
                      *[["data.name=blobs", "topology.name=file", f"topology.file=g.{e}"]
                        for e in ["txt", "graphml", "gml", "json"]],
                      *[["data.name=blobs", f"{key}c.cpp"]
                        for key in ["", "aggregation.name=", "behaviour.name="]],
                      ["s.toml"], ["data.name=blobs", "-f", "s.del"]]:
            done = self.run_program("nodes.count=2", *words, "-c", "status", small=False)
            self.says(done, 3, "is a pointer of Git LFS", "git lfs pull")
            # The name stands there once.
            self.assertNotRegex(done.stderr, r"(\S+): '\1' is a pointer")

    def test_a_saved_topology_has_the_names_of_nodes(self):
        names = ['nodes.names=["ann","ben"]']
        links = {words: self.run_program("topology.name=line", *words, "-c", "link").stdout
                 for words in [(), tuple(names)]}
        for ending in ["graphml", "gml", "json", "dot", "edges", "csv"]:
            file = f"net.{ending}"
            self.says(self.run_program("topology.name=line", *names, "-c", f"save topology {file}"), 0)
            text = (self.folder / file).read_text()
            has_names = ending not in ("edges", "csv")
            self.assertEqual(has_names, "ann" in text, text)
            self.assertEqual(has_names, "10.0.0.1" not in text, text)
            self.assertIn("10.0.0.3", text)
            if ending == "dot":
                continue
            # The same nodes are found, also by a scenario that has no names.
            for words, expected in links.items():
                back = self.run_program("topology.name=file", f"topology.file={file}", *words, "-c", "link")
                self.assertEqual(back.stdout, expected, text)

    def test_names_find_nodes_whatever_their_addresses(self):
        names = 'nodes.names=["ann","ben","cy","dan"]'
        own = 'nodes.addresses=["192.168.1.5","10.0.0.1","10.0.0.2","10.0.0.3"]'
        self.says(self.run_program("topology.name=star", names, own, "-c", "save topology n.gml"), 0)
        back = self.run_program("topology.name=file", "topology.file=n.gml", names, "-c", "neighborhood ann")
        star = self.run_program("topology.name=star", names, "-c", "neighborhood ann")
        self.says(back, 0)
        self.assertEqual(back.stdout, star.stdout)

    def test_the_hint_for_utf_16_converts_it(self):
        text = "Das ist ein Text. " * 20
        (self.folder / "wide.txt").write_bytes(text.encode("utf-16"))
        words = ["data.name=text", "data.sequence=4", "model.name=lstm"]
        done = self.table(*words, "data.path=wide.txt", "-c", "status")
        self.says(done, 3, "is in UTF-16", "iconv -f utf-16 -t utf-8 wide.txt > NEW")
        hint = next(line for line in done.stderr.splitlines() if "iconv" in line)
        command = hint[hint.index("iconv"):].replace("NEW", "narrow.txt")
        subprocess.run(["sh", "-c", command], check=True, cwd=self.folder)
        self.assertEqual((self.folder / "narrow.txt").read_text(encoding="utf-8"), text)
        for name, content in [("s.toml", "[nodes]\ncount = 1\n"), ("c.del", "cycle\n")]:
            (self.folder / name).write_bytes(content.encode("utf-16"))
        self.says(self.run_program("s.toml"), 3, "is in UTF-16")
        self.says(self.run_program("-f", "c.del"), 3, "is in UTF-16")

    def test_old_line_ends_and_a_byte_order_mark_are_fine(self):
        (self.folder / "s.toml").write_bytes(b"\xef\xbb\xbf[nodes]\rcount = 3\r")
        (self.folder / "c.del").write_bytes(b"\xef\xbb\xbfcycle\rcycle\r")
        done = self.run_program("s.toml", "-f", "c.del", "-c", "cycle")
        self.says(done, 0, "cycle 3")

    def test_what_cannot_be_opened_is_said_with_the_reason(self):
        self.write("packed.csv", "")
        (self.folder / "packed.toml").write_bytes(gzip.compress(b"[nodes]\n"))
        os.mkfifo(self.folder / "pipe.csv")
        os.symlink("nowhere.csv", self.folder / "link.csv")
        for words, part in [(["data.name=csv", "data.path=none.csv"], "No such file or directory"),
                            (["data.name=csv", "data.path=packed.csv"], "is empty"),
                            (["data.name=csv", "data.path=pipe.csv"], "a device or pipe"),
                            (["data.name=csv", "data.path=link.csv"], "which is not there"),
                            (["data.name=npz", "data.path=."], "is a folder"),
                            (["data.name=images", "data.path=packed.toml"], "is packed by gzip"),
                            (["data.name=blobs", "model.weights=none.pt"], "No such file"),
                            (["data.name=blobs", "model.name=module", "model.file=none.cpp"],
                             "No such file"),
                            (["none.toml"], "No such file"), (["packed.toml"], "is packed by gzip"),
                            (["data.name=blobs", "-f", "."], "it is a folder")]:
            self.says(self.run_program("nodes.count=1", *words, small=False), 3, part)

    def test_what_of_a_data_set_is_not_read_is_said(self):
        (self.folder / "d").mkdir()
        for name in ["train", "test", "extra"]:
            self.write(f"d/{name}.csv", "x,label\n1,a\n2,b\n3,a\n4,b\n")
        csv = ["data.name=csv", "data.path=d", "-c", "status"]
        self.says(self.table(*csv), 0, "delstep: note: 'd/extra.csv' is not read")
        self.assertNotIn("note", self.table("--quiet", *csv).stderr)

    def test_a_folder_as_standard_input_is_named(self):
        folder = os.open(self.folder, os.O_RDONLY)
        done = subprocess.run([program.PROGRAM], stdin=folder, text=True, capture_output=True, cwd=self.folder,
                              env=program.environment(), check=False)
        os.close(folder)
        self.says(done, 3, "standard input is a folder")

    def test_a_name_that_is_no_utf_8_is_printed_safely(self):
        name = b"a\xff\x1b[31m.toml"
        done = subprocess.run([program.PROGRAM, name], capture_output=True, cwd=self.folder,
                              env=program.environment(), check=False)
        self.assertEqual(done.returncode, 3)
        self.assertNotIn(b"\x1b", done.stderr)
        done.stderr.decode("utf-8")


if __name__ == "__main__":
    unittest.main()
