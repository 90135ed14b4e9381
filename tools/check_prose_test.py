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

    def test_a_third_of_a_header_is_enough(self):
        self.write(HEADER, "/// A node.\n\nint a;\nint b;\n")  # 1 of 3
        self.assertEqual([], self.headers())
        self.write(HEADER, "/// A node.\n\nint a;\nint b;\nint c;  ///< it\n")  # 1 of 4
        self.assertEqual([f"{HEADER}: 1 of 4 lines are comments (1 more at the ends of lines), a "
                          "third at least is wanted"], self.headers())

    def test_finds_a_wide_line(self):
        self.write(HEADER, "/// " + "a" * 96 + "\n")
        self.assertEqual([], self.headers())
        self.write(HEADER, "/// " + "a" * 97 + "\n")
        self.assertEqual([f"{HEADER}:1: 101 columns, at most 100 are wanted"], self.headers())

    def test_the_core_is_counted_together_and_without_its_tests(self):
        self.write("src/core/a.cc", "int a;\n" * 18)
        self.write("src/core/acts/b.cc", "// Why.\nint b;\n")  # 1 of 20
        self.write("src/core/acts/b_test.cc", "int c;\n" * 9)
        self.assertEqual([], list(check_prose.check_core(self.root)))
        self.write("src/core/a.cc", "int a;\n" * 19)
        self.assertEqual(1, len(list(check_prose.check_core(self.root))))

    def test_each_phase_of_the_step_has_a_line(self):
        self.write(check_prose.STEP, STEP)
        self.assertEqual([], list(check_prose.check_step(self.root)))
        self.write(check_prose.STEP, STEP.replace("rows\n///     run  ", "rows run  "))
        self.assertEqual([f"{check_prose.STEP}: the pseudo-code of train(nodes) has the phases "
                          "['copy', 'commit'], expected a line each for ['copy', 'run', 'commit']"],
                         list(check_prose.check_step(self.root)))


if __name__ == "__main__":
    unittest.main()
