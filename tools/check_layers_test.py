#!/usr/bin/env python3
"""The layers check finds what it is there to find."""
import tempfile
import unittest
from pathlib import Path

import check_layers

TABLE = """
include/delstep:
src/base: <fmt/>
src/core: delstep base <fmt/>   # a comment
src/network/builtin: delstep <zlib.h>
apps: * <fmt/>
examples: delstep
"""


class CheckLayers(unittest.TestCase):
    def problems(self, files):
        """What the check says of these files, each with one include."""
        with tempfile.TemporaryDirectory() as folder:
            for name, include in files.items():
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(f"#pragma once\n  #include {include}\n")
            return list(check_layers.check(Path(folder), check_layers.Layers(TABLE)))

    def test_accepts_what_the_table_allows(self):
        self.assertEqual([], self.problems({
            "src/core/a.cc": '"base/text.h"',
            "src/core/b.cc": '"core/a.h"',
            "src/core/c.cc": '"delstep/types.h"',
            "src/core/d.cc": "<vector>",
            "src/core/e.cc": "<fmt/core.h>",
            "src/network/builtin/a.cc": "<zlib.h>",
            "apps/delstep/a.cc": '"network/builtin/x.h"',
            "apps/delstep/b.cc": '"apps/delstep/x.h"',
            "examples/a.cc": '"delstep/types.h"',
        }))

    def test_refuses_a_folder_that_is_not_listed(self):
        self.assertEqual(['src/base/a.cc:2: src/base may not include src/core ("core/run.h")'],
                         self.problems({"src/base/a.cc": '"core/run.h"'}))
        self.assertEqual(1, len(self.problems({"src/core/a.cc": '"network/builtin/x.h"'})))
        self.assertEqual(1, len(self.problems({"examples/a.cc": '"base/text.h"'})))
        self.assertEqual(1, len(self.problems({"include/delstep/a.h": '"base/text.h"'})))

    def test_refuses_tests_as_a_dependency_even_of_apps(self):
        self.assertEqual(1, len(self.problems({"apps/a.cc": '"tests/fakes/fake.h"'})))

    def test_refuses_a_library_that_is_not_listed(self):
        self.assertEqual(["include/delstep/a.h:2: include/delstep may not use <fmt/core.h>"],
                         self.problems({"include/delstep/a.h": "<fmt/core.h>"}))
        self.assertEqual(1, len(self.problems({"src/core/a.cc": "<zlib.h>"})))

    def test_refuses_a_folder_that_the_table_does_not_know(self):
        self.assertEqual(1, len(self.problems({"src/stray/a.cc": "<vector>"})))

    def test_refuses_a_word_of_the_table_that_nobody_needs(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "src/core").mkdir(parents=True)
            Path(folder, "src/core/a.cc").write_text('#include "base/text.h"\n')
            layers = check_layers.Layers("src/base:\nsrc/core: delstep base <fmt/>\n")
            self.assertEqual([], list(check_layers.check(Path(folder), layers)))
            self.assertEqual(["tools/layers.txt:2: src/core does not use delstep",
                              "tools/layers.txt:2: src/core does not use <fmt/>"],
                             list(layers.unused()))

    def test_can_allow_a_single_header(self):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "src/base").mkdir(parents=True)
            Path(folder, "src/base/a.cc").write_text(
                '#include "delstep/result.h"\n#include "delstep/types.h"\n')
            layers = check_layers.Layers("include/delstep:\nsrc/base: delstep/result.h\n")
            self.assertEqual(
                ['src/base/a.cc:2: src/base may not include include/delstep ("delstep/types.h")'],
                list(check_layers.check(Path(folder), layers)))

    def test_lets_tests_include_anything(self):
        self.assertEqual([], self.problems({"src/base/a_test.cc": '"core/run.h"'}))


if __name__ == "__main__":
    unittest.main()
