#!/usr/bin/env python3
"""The check of the comments finds what it is there to find."""
import tempfile
import unittest
from pathlib import Path

import check_prose

HEADER = "include/delstep/types.h"
STEP = """/// The step:
///
///   train(nodes)                        at now
///     copy       the rows
///     run        the learner
///     commit     for each a:
///                  done:    rows
///   nstep [duration]            from now to now'
///     transmit   what waits
///     pass       time
///     deliver    what arrives
///   nstep(nodes) [duration]   the same
///     transmit   less
///     pass       less
///     deliver    less
///   aggregate(nodes)
///     plan       weights
///     sum        rows
///     commit     them
///   step(nodes)
///     plan       as above
///     train      the others
///     commit     the plans
"""


class CheckProse(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def headers(self):
        return list(check_prose.check_headers(self.root))

    def test_counts_comments_and_those_at_ends_of_lines_apart(self):
        text = "#pragma once\n\n/// A node.\n  // Why.\nint a;  ///< it\nint b;  // it\n"
        self.assertEqual((2, 1, 5), check_prose.count(text))

    def test_about_half_of_a_header_must_be_prose(self):
        code = "int a;\n" * 9
        self.write(HEADER, "/// A node.\n" * 7 + code)  # 7 of 16
        self.assertEqual([], self.headers())
        self.write(HEADER, "/// A node.\n" * 7 + code + "int c;  ///< it\n")  # 7 of 17
        self.assertEqual([f"{HEADER}: 7 of 17 lines are comments (1 more at the ends of lines), "
                          "43% at least are wanted"], self.headers())

    def test_finds_a_wide_line(self):
        self.write(HEADER, "/// " + "a" * 96 + "\n")
        self.assertEqual([], self.headers())
        self.write(HEADER, "/// " + "a" * 97 + "\n")
        self.assertEqual([f"{HEADER}:1: 101 columns, at most 100 are wanted"], self.headers())

    def sources(self):
        return list(check_prose.check_sources(self.root))

    def test_sources_are_counted_by_folder_and_without_tests(self):
        self.write("src/core/a.cc", "int a;\n" * 57)
        self.write("src/core/b.cc", "// Why.\n" * 3)  # 3 of 60
        self.write("src/core/b_test.cc", "int c;\n" * 9)
        self.assertEqual([], self.sources())
        self.write("src/core/a.cc", "int a;\n" * 58)  # 3 of 61
        self.assertEqual(["src/core: 3 of 61 lines in .cc files are comments, 5% at least are "
                          "wanted: say why above each block that needs it"], self.sources())

    def test_a_folder_without_a_share_of_its_own_has_that_of_the_one_above(self):
        self.assertEqual(check_prose.LEAST_IN_SOURCES["src"], check_prose.least_in("src/new"))
        self.assertEqual(check_prose.LEAST_IN_SOURCES["src/core/acts"],
                         check_prose.least_in("src/core/acts/new"))

    def test_each_folder_with_a_share_is_there(self):
        root = Path(check_prose.__file__).parent.parent
        for folder in check_prose.LEAST_IN_SOURCES:
            self.assertTrue((root / folder).is_dir(), folder)

    def test_each_phase_of_the_step_has_a_line(self):
        self.write(check_prose.STEP, STEP)
        self.assertEqual([], list(check_prose.check_step(self.root)))
        self.write(check_prose.STEP, STEP.replace("rows\n///     run  ", "rows run  "))
        self.assertEqual([f"{check_prose.STEP}: the pseudo-code of train(nodes) has the phases "
                          "['copy', 'commit'], expected a line each for ['copy', 'run', 'commit']"],
                         list(check_prose.check_step(self.root)))


if __name__ == "__main__":
    unittest.main()
