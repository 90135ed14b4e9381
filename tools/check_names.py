#!/usr/bin/env python3
"""Checks that no two classes of the program have one name: prints each name with the files that have it.

Two classes `delstep::X` in files that never include each other compile and link, and then the one's inline
functions may run on the other's objects. What stands in an anonymous namespace or in another class is its own.
"""
import re
import sys
from collections import defaultdict
from pathlib import Path

CHECKED = ("include", "src", "apps", "python")
# What test programs have for themselves is never linked with another part's.
ONLY_IN_TESTS = re.compile(r"(_test|_test_tools|fixture)\.(h|cc)$")
NOT_CODE = re.compile(r'//[^\n]*|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'', re.DOTALL)
NAMESPACE = re.compile(r"\bnamespace(?P<name>\s+[\w:]+)?\s*$")
CLASS = re.compile(r"\b(?:class|struct|union|enum(?:\s+class)?)\s+(?P<name>\w+)\s*(?:final\s*)?(?::[^:].*)?$", re.DOTALL)


def classes(text):
    """The full names of all classes that the text defines in named namespaces."""
    names, around, before = [], [], ""  # `around`: names of namespaces, None for another brace
    for piece in re.findall(r"[{};]|[^{};]+", NOT_CODE.sub(" ", text)):
        if piece == "{":
            namespace, defined = NAMESPACE.search(before), CLASS.search(before)
            if defined and None not in around and "" not in around:
                names.append("::".join([*around, defined["name"]]))
            around.append((namespace["name"] or "").strip() if namespace else None)
        elif piece == "}" and around:
            around.pop()
        before = piece if piece not in "{};" else ""
    return names


def main(root):
    files = defaultdict(list)
    for folder in CHECKED:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".h", ".cc") and not ONLY_IN_TESTS.search(path.name):
                for name in classes(path.read_text()):
                    files[name].append(str(path.relative_to(root)))
    twice = {name: where for name, where in files.items() if len(where) > 1}
    for name, where in sorted(twice.items()):
        print(f"{name}: {', '.join(where)}")
    print(f"names: {len(twice)} classes have the name of another" if twice else "names: every class has its own")
    return 1 if twice else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent))
