"""Runs the notebooks of examples/notebooks: their cells of code in order, in a plain process."""

import json
import os
import pathlib
import unittest

from small import SmallTest

NOTEBOOKS = pathlib.Path(__file__).resolve().parents[2] / "examples/notebooks"


class Notebooks(SmallTest):
    def play(self, name):
        book = json.loads((NOTEBOOKS / name).read_text(encoding="utf-8"))
        self.assertEqual((book["nbformat"], book["metadata"]["kernelspec"]["language"]), (4, "python"))
        before = os.getcwd()
        self.addCleanup(os.chdir, before)
        os.chdir(self.folder)
        names = {"__name__": "__main__"}
        for number, cell in enumerate(book["cells"], 1):
            self.assertTrue(cell["source"], f"{name}: cell {number} is empty")
            if cell["cell_type"] != "code":
                continue
            # What was put out on somebody's machine says nothing on another.
            self.assertEqual((cell["outputs"], cell["execution_count"]), ([], None))
            exec(compile("".join(cell["source"]), f"{name}, cell {number}", "exec"), names)
        return names

    def test_first_steps(self):
        names = self.play("first_steps.ipynb")
        self.assertGreater(names["after"], names["before"])

    def test_own_rule(self):
        names = self.play("own_rule.ipynb")
        self.assertLess(names["distances"]["nearness"], names["distances"]["no exchange"])

    def test_what_if(self):
        names = self.play("what_if.ipynb")
        self.assertTrue(any(row["distance"] > 0 for row in names["difference"]))

    def test_all_are_played(self):
        tested = {name.removeprefix("test_") for name in dir(self) if name.startswith("test_")}
        for file in NOTEBOOKS.glob("*.ipynb"):
            self.assertIn(file.stem, tested)


if __name__ == "__main__":
    unittest.main()
