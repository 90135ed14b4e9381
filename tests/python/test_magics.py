"""The magics of IPython, against what they use of it."""

import types
import unittest

import delstep
from small import SmallTest, session


class FakeIPython:
    def register_magic_function(self, function, magic_kind, magic_name):
        self.magic = function
        self.said = (magic_kind, magic_name)

    def set_hook(self, name, hook, re_key):
        self.complete = hook
        self.hooked = (name, re_key)


class Magics(SmallTest):
    def setUp(self):
        super().setUp()
        self.ipython = FakeIPython()
        delstep.load_ipython_extension(self.ipython)

    def test_commands_go_to_the_session_made_last(self):
        first, last = session(), session()
        self.assertEqual(self.ipython.said, ("line_cell", "delstep"))
        self.ipython.magic("cycle; cycle")
        self.ipython.magic("", "repeat 2 {\n  cycle\n}\n")
        self.assertEqual((first.cycle, last.cycle), (0, 4))

    def test_without_a_session(self):
        session().close()
        with self.assertRaisesRegex(RuntimeError, "no session"):
            self.ipython.magic("cycle")

    def test_tab(self):
        s = session()
        words = self.ipython.complete(None, types.SimpleNamespace(line="%delstep train 10.0.0."))
        self.assertIn("10.0.0.4", words)
        # What is before the word may have any characters.
        for line in ("tra", "echo äöü; tra", "echo 😀; tra"):
            begin, words = s._completion(line)
            self.assertEqual((line[begin:], words), ("tra", ["train"]))
        s.close()
        self.assertEqual(self.ipython.complete(None, types.SimpleNamespace(line="%delstep t")), [])

    def test_in_ipython_itself(self):
        try:
            import IPython
            from IPython.core.interactiveshell import InteractiveShell
        except ImportError:
            self.skipTest("no IPython")
        shell = InteractiveShell.instance()
        self.addCleanup(InteractiveShell.clear_instance)
        shell.run_line_magic("load_ext", "delstep")
        s = session()
        shell.run_line_magic("delstep", "cycle")
        self.assertEqual(s.cycle, 1)
        if IPython.version_info < (8, 6):
            return
        from IPython.core.completer import provisionalcompleter

        def offered(cell):
            """As a notebook asks: what a cell becomes, with the cursor at its end."""
            with provisionalcompleter():
                return {cell[:c.start] + c.text for c in shell.Completer.completions(cell, len(cell))}

        self.assertIn("%delstep train", offered("%delstep tra"))
        self.assertIn("%%delstep\ncycle\ntrain 10.0.0.4", offered("%%delstep\ncycle\ntrain 10.0.0."))
        self.assertIn("%%delstep\ncycle; train", offered("%%delstep\ncycle; tra"))
        self.assertNotIn("train", " ".join(offered("x = 1\ntra")))
        shell.run_line_magic("reload_ext", "delstep")
        self.assertEqual([m.__name__ for m in shell.Completer.custom_matchers].count("_complete_in_cells"), 1)


if __name__ == "__main__":
    unittest.main()
