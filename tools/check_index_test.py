#!/usr/bin/env python3
"""The check of the documents finds what it is there to find."""
import tempfile
import unittest
from pathlib import Path

import check_index

INDEX = "docs/internals/README.md"
ROW = "| how it ages | `core/guestbook.h` | `core/guestbook.cc:Tick` | `tests/a_test.cc:Ages` |\n"


class CheckIndex(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.write(INDEX, ROW)
        self.write("src/core/guestbook.h", "void Tick();\n")
        self.write("src/core/guestbook.cc", "void Tick() {}\n")
        self.write("tests/a_test.cc", "TEST(Guestbook, Ages) {}\n")

    def write(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def test_accepts_what_is_there(self):
        self.assertEqual([], list(check_index.check_index(self.root, INDEX)))

    def test_misses_a_file(self):
        (self.root / "src/core/guestbook.h").unlink()
        self.assertEqual(["docs/internals/README.md:1: there is no core/guestbook.h"],
                         list(check_index.check_index(self.root, INDEX)))

    def test_misses_a_function_and_says_where_it_has_gone(self):
        self.write("src/core/guestbook.cc", "// Tick() was here\n")
        self.write("src/core/clock.cc", "void Tick() {}\n")
        self.assertEqual(["docs/internals/README.md:1: core/guestbook.cc has no Tick; Tick is in "
                          "src/core/clock.cc"], list(check_index.check_index(self.root, INDEX)))

    def test_misses_a_test(self):
        self.write("tests/a_test.cc", "TEST(Guestbook, Forgets) {}\n")
        self.assertEqual(["docs/internals/README.md:1: tests/a_test.cc has no Ages"],
                         list(check_index.check_index(self.root, INDEX)))

    def test_follows_links(self):
        self.write("docs/a.md", "# A title, *here*\n"
                   "[b](b.md) [c](c.md#two-words) [d](#a-title-here)"
                   " [e](https://example.org/x)\n```\n[f](f.md)\n```\n")
        self.write("docs/c.md", "## Two words\n")
        self.assertEqual(["docs/a.md: the link to b.md leads nowhere"],
                         list(check_index.check_links(self.root)))
        self.write("docs/b.md", "[c](c.md#three-words)\n`src/core` has `src/core/guestbook.h`\n")
        self.assertEqual(["docs/b.md: c.md has no heading #three-words"],
                         list(check_index.check_links(self.root)))

    def test_misses_a_page_in_the_list(self):
        self.write("docs/README.md", "[a](guide/a.md#first) [b](reference/b.md)\n")
        self.write("docs/guide/a.md", "# A\n")
        self.write("docs/reference/b.md", "# B\n")
        self.assertEqual([], list(check_index.check_list(self.root)))
        self.write("docs/guide/c.md", "# C\n")
        self.assertEqual(["docs/README.md: docs/guide/c.md is not in the list"],
                         list(check_index.check_list(self.root)))

    def test_misses_a_path_that_a_document_names(self):
        self.write("docs/a.md", "See `src/modules` and `core/guestbook.h`.\n")
        self.assertEqual(["docs/a.md: there is no src/modules"],
                         list(check_index.check_links(self.root)))


if __name__ == "__main__":
    unittest.main()
