#!/usr/bin/env python3
"""Checks every #include against tools/layers.txt and prints each forbidden one as FILE:LINE."""
import re
import sys
from pathlib import Path

SOURCES = {".h", ".cc", ".cpp", ".inc"}
CHECKED = ("include", "src", "apps", "examples")
INCLUDE = re.compile(r'\s*#\s*include\s*(?:"(?P<own>[^"]+)"|<(?P<library>[^>]+)>)')


class Layers:
    """The table: a folder and what it may include."""

    def __init__(self, text):
        self.allowed = {}
        for line in text.splitlines():
            folder, colon, names = line.split("#")[0].partition(":")
            if colon:
                self.allowed[folder.strip()] = names.split()
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

    def objection(self, folder, own, library):
        """Why a file of the folder may not have this include, or None."""
        allowed = self.allowed[folder]
        if library:
            known = self.library_of(library)
            if known is None or f"<{known}>" in allowed:
                return None
            return f"{folder} may not use <{library}>"
        target = self.target_of(own)
        if target is None:
            return f'"{own}" lies in no folder that may be included'
        inner = target.startswith(("src/", "include/"))
        name = target.removeprefix("src/").removeprefix("include/")
        if target == folder or name in allowed or "*" in allowed and inner:
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
    problems = list(check(root, layers))
    print("\n".join(problems or ["layers: every include is allowed"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
