#!/usr/bin/env python3
"""Checks that what STYLE.md says of comments is so: about half of a public header is prose, the
sources say why above their blocks, and the pseudo-code of the step has each phase on its own line.
With --count it prints how many lines are comments, header by header and folder by folder."""
import re
import sys
from pathlib import Path

PUBLIC = "include/delstep"
LEAST_IN_HEADER = 0.43  # of each
# Of all .cc files of a folder together, tests excepted; the longest path that fits counts. What
# they are below is what was reached: raise them when more is said.
LEAST_IN_SOURCES = {
    "src": 0.03,
    "src/aggregation": 0.09,
    "src/base": 0.05,
    "src/compression": 0.08,
    "src/console": 0.02,
    "src/core": 0.05,
    "src/core/acts": 0.10,
    "src/core/engine": 0.08,
    "src/core/world": 0.06,
    "src/data": 0.02,
    "src/learning/dense": 0.06,
    "src/math": 0.06,
    "src/network": 0.07,
    "src/recording": 0.05,
    "src/scenario": 0.05,
}
WIDTH = 100
STEP = "include/delstep/simulation.h"
PHASES = {
    "train(nodes)": ["copy", "run", "commit"],
    "nstep [duration]": ["transmit", "pass", "deliver"],
    "nstep(nodes) [duration]": ["transmit", "pass", "deliver"],
    "aggregate(nodes)": ["plan", "sum", "commit"],
    "step(nodes)": ["plan", "train", "commit"],
}
HEAD = re.compile(r"^///   (\S.*?)(?:  |$)")
PHASE = re.compile(r"^///     (\w+)  ")


def count(text):
    """Lines that are comments, lines of code that end in `///<`, and all that are not blank."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    comments = sum(line.startswith("//") for line in lines)
    at_ends = sum("///<" in line and not line.startswith("//") for line in lines)
    return comments, at_ends, len(lines)


def check_headers(root):
    """Yields an objection for each public header with little prose or with a wide line. Comments at
    the ends of lines do not count as prose: they say what a field is, and little more."""
    for path in sorted((root / PUBLIC).rglob("*.h")):
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(root).as_posix()
        comments, at_ends, lines = count(text)
        if comments < LEAST_IN_HEADER * lines:
            yield (f"{name}: {comments} of {lines} lines are comments ({at_ends} more at the ends "
                   f"of lines), {LEAST_IN_HEADER:.0%} at least are wanted")
        for number, line in enumerate(text.splitlines(), 1):
            if len(line) > WIDTH:
                yield f"{name}:{number}: {len(line)} columns, at most {WIDTH} are wanted"


def count_sources(root):
    """For each folder below src with .cc files: (comments, lines) of these files together."""
    counts = {}
    for path in sorted((root / "src").rglob("*.cc")):
        if path.name.endswith("_test.cc"):
            continue
        comments, _, lines = count(path.read_text(encoding="utf-8"))
        known = counts.setdefault(path.parent.relative_to(root).as_posix(), [0, 0])
        known[0] += comments
        known[1] += lines
    return counts


def least_in(folder):
    """The share of comments that is wanted in a folder: that of the nearest folder with one."""
    while folder not in LEAST_IN_SOURCES:
        folder = folder.rpartition("/")[0]
    return LEAST_IN_SOURCES[folder]


def check_sources(root):
    """Yields an objection for each folder whose sources hardly say why."""
    for folder, (comments, lines) in count_sources(root).items():
        if comments < least_in(folder) * lines:
            yield (f"{folder}: {comments} of {lines} lines in .cc files are comments, "
                   f"{least_in(folder):.0%} at least are wanted: say why above each block that "
                   "needs it")


def phases(text):
    """The phases of each act in the pseudo-code of the step, in order."""
    found, act = {}, None
    for line in text.splitlines():
        if head := HEAD.match(line):
            act = head[1]
        elif (phase := PHASE.match(line)) and act in PHASES:
            found.setdefault(act, []).append(phase[1])
    return found


def check_step(root):
    """Yields an objection for each act whose phases are not there, one a line."""
    found = phases((root / STEP).read_text(encoding="utf-8"))
    for act, wanted in PHASES.items():
        if found.get(act) != wanted:
            yield (f"{STEP}: the pseudo-code of {act} has the phases {found.get(act, [])}, "
                   f"expected a line each for {wanted}")


def print_counts(root):
    """Comments of each header and of each folder of sources, as shares of their lines."""
    for path in sorted((root / PUBLIC).rglob("*.h")):
        comments, _, lines = count(path.read_text(encoding="utf-8"))
        print(f"{comments / lines:5.1%}  {path.relative_to(root).as_posix()}")
    for folder, (comments, lines) in count_sources(root).items():
        print(f"{comments / lines:5.1%}  {folder}  (at least {least_in(folder):.0%})")


def main():
    words = [word for word in sys.argv[1:] if word != "--count"]
    root = Path(words[0] if words else Path(__file__).parent.parent)
    if "--count" in sys.argv:
        print_counts(root)
        return 0
    problems = [*check_headers(root), *check_sources(root), *check_step(root)]
    print("\n".join(problems or ["prose: headers, sources and pseudo-code say what they should"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
