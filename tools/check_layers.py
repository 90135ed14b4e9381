#!/usr/bin/env python3
"""Checks every #include against tools/layers.txt: prints each forbidden one as FILE:LINE, and each
word of the table that no include needs."""
import re
import sys
from pathlib import Path

SOURCES = {".h", ".cc", ".cpp", ".inc"}
CHECKED = ("include", "src", "apps", "python", "examples")
INCLUDE = re.compile(r'\s*#\s*include\s*(?:"(?P<own>[^"]+)"|<(?P<library>[^>]+)>)')


class Layers:
    """The table: a folder and what it may include."""

    def __init__(self, text):
        self.allowed = {}
        self.lines = {}  # of the table, by folder
        for number, line in enumerate(text.splitlines(), 1):
            folder, colon, names = line.split("#")[0].partition(":")
            if colon:
                self.allowed[folder.strip()] = names.split()
                self.lines[folder.strip()] = number
        self.used = set()  # (folder, word of its line)
        names = {name for allowed in self.allowed.values() for name in allowed}
        self.libraries = {name.strip("<>") for name in names if name.startswith("<")}

    def folder_of(self, path):
        """The deepest folder of the table that holds the path, or None."""
        holders = [f for f in self.allowed if path.startswith(f + "/")]
        return max(holders, key=len, default=None)

    def target_of(self, include):
        """The folder of the table that `#include "include"` reaches into, or None."""
        reached = (self.folder_of(top + include) for top in ("include/", "src/", ""))
        return next(filter(None, reached), None)

    def library_of(self, include):
        """The library of the table that `#include <include>` belongs to, or None."""
        for library in self.libraries:
            if include == library or library.endswith("/") and include.startswith(library):
                return library
        return None

    def grants(self, folder, *words):
        """Whether the folder's line has one of the words; notes which."""
        found = next((word for word in words if word in self.allowed[folder]), None)
        self.used.add((folder, found))
        return found is not None

    def unused(self):
        """Yields an objection for each word of the table that no include has needed so far."""
        for folder, words in self.allowed.items():
            for word in words:
                if (folder, word) not in self.used:
                    yield f"tools/layers.txt:{self.lines[folder]}: {folder} does not use {word}"

    def objection(self, folder, own, library):
        """Why a file of the folder may not have this include, or None."""
        if library:
            known = self.library_of(library)
            if known is None or self.grants(folder, f"<{known}>"):
                return None
            return f"{folder} may not use <{library}>"
        target = self.target_of(own)
        if target is None:
            return f'"{own}" lies in no folder that may be included'
        inner = target.startswith(("src/", "include/"))
        name = target.removeprefix("src/").removeprefix("include/")
        if target == folder or self.grants(folder, own, name) or inner and self.grants(folder, "*"):
            return None
        return f'{folder} may not include {target} ("{own}")'


def check(root, layers):
    """Yields a line for each forbidden include below the root."""
    paths = (path for top in CHECKED for path in (root / top).rglob("*"))
    for path in sorted(path for path in paths if path.suffix in SOURCES):
        name = path.relative_to(root).as_posix()
        if name.endswith("_test.cc"):
            continue
        folder = layers.folder_of(name)
        if folder is None:
            yield f"{name}:1: the folder has no line in tools/layers.txt"
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            objection = match and layers.objection(folder, match["own"], match["library"])
            if objection:
                yield f"{name}:{number}: {objection}"


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent)
    layers = Layers((root / "tools/layers.txt").read_text(encoding="utf-8"))
    problems = list(check(root, layers)) + list(layers.unused())
    print("\n".join(problems or ["layers: every include is allowed"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
