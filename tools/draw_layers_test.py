#!/usr/bin/env python3
"""The picture of the layers shows what the table says."""
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree
from pathlib import Path

import draw_layers

TABLE = """# Who may include whom.

# The ground.
include/delstep:
src/base: delstep/result.h <fmt/>
src/math: delstep

# The parts: never the core.
src/data: delstep base math archive
src/archive: delstep base

# The core.
src/core: delstep base archive
src/core/world: delstep

# The roof.
apps/delstep: * <fmt/>
"""


class DrawLayers(unittest.TestCase):
    def setUp(self):
        self.layers, self.blocks = draw_layers.blocks_of(TABLE)
        self.edges = draw_layers.edges_of(self.layers)

    def test_blocks_have_titles_and_folders(self):
        self.assertEqual(["The ground.", "The parts: never the core.", "The core.", "The roof."],
                         [block.title for block in self.blocks])
        self.assertEqual(["src/data", "src/archive"], self.blocks[1].folders)

    def test_a_header_counts_as_its_folder_and_a_library_as_nothing(self):
        self.assertEqual({"include/delstep"}, self.edges["src/base"])
        self.assertEqual(set(), self.edges["apps/delstep"])

    def test_arrows_that_follow_from_others_are_left_out(self):
        thinned = draw_layers.reduced(self.edges)
        # data -> archive -> base -> delstep; math is reached in no other way.
        self.assertEqual({"src/archive", "src/math"}, thinned["src/data"])
        self.assertEqual({"src/base"}, thinned["src/archive"])
        before, after = draw_layers.reach(self.edges), draw_layers.reach(thinned)
        self.assertEqual(before, after)  # nothing is lost

    def test_whoever_includes_stands_above(self):
        text = (draw_layers.ROOT / "tools/layers.txt").read_text(encoding="utf-8")
        layers, blocks = draw_layers.blocks_of(text)
        thinned = draw_layers.reduced(draw_layers.edges_of(layers))
        for block in blocks:
            frame = draw_layers.Frame(block, thinned)
            for room, children in frame.edges.items():
                for child in children:
                    self.assertLess(frame.y[room], frame.y[child], f"{room} -> {child}")
            for row in frame.rows:
                beams = frame.beams & set(row)
                self.assertTrue(not beams or len(row) == 1, f"{row} lies under {beams}")

    def test_every_room_is_in_the_picture(self):
        picture = draw_layers.draw(TABLE)
        texts = [element.text for element in xml.etree.ElementTree.fromstring(picture).iter()
                 if element.tag.endswith("}text")]
        for name in ("delstep", "base", "math", "data", "archive", "core", "world"):
            self.assertIn(name, texts)
        self.assertIn("base, math", texts)  # small print of data
        # In the frames: base and math to delstep, data to archive. Of the two frames that stand side
        # by side: one from the roof to each, one from each to the ground, and core to archive.
        self.assertEqual(3 + 2 + 2 + 1, picture.count("marker-end"))

    def test_check_tells_a_stale_picture(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "tools").mkdir()
            Path(folder, "src").mkdir()
            table = Path(folder, "tools/layers.txt")
            table.write_text(TABLE)

            def run(*arguments):
                command = [sys.executable, draw_layers.__file__, *arguments, folder]
                return subprocess.run(command, stderr=subprocess.PIPE, text=True, check=False)

            self.assertEqual(1, run("--check").returncode)  # none is there
            self.assertEqual(0, run().returncode)
            self.assertEqual(0, run("--check").returncode)
            table.write_text(TABLE.replace("src/math: delstep", "src/math: base"))
            stale = run("--check")
            self.assertEqual(1, stale.returncode)
            self.assertIn("run tools/draw_layers.py", stale.stderr)


if __name__ == "__main__":
    unittest.main()
