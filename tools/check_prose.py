#!/usr/bin/env python3
"""Checks that what STYLE.md says of comments is so: a public header is prose to a third at least,
the files of the core say why, and the pseudo-code of the step has each phase on its own line."""
import re
import sys
from pathlib import Path

PUBLIC = "include/delstep"
CORE = "src/core"
LEAST_IN_HEADER = 1 / 3  # of each
LEAST_IN_CORE = 0.05  # of all files together
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
                   "of lines), a third at least is wanted")
        for number, line in enumerate(text.splitlines(), 1):
            if len(line) > WIDTH:
                yield f"{name}:{number}: {len(line)} columns, at most {WIDTH} are wanted"


def check_core(root):
    """Yields an objection if the files of the core hardly say why."""
    counts = [count(path.read_text(encoding="utf-8")) for path in (root / CORE).rglob("*.cc")
              if not path.name.endswith("_test.cc")]
    comments, lines = sum(c[0] for c in counts), sum(c[2] for c in counts)
    if comments < LEAST_IN_CORE * lines:
        yield (f"{CORE}: {comments} of {lines} lines in .cc files are comments, "
               f"{LEAST_IN_CORE:.0%} at least are wanted: say why above each block that needs it")


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


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent)
    problems = [*check_headers(root), *check_core(root), *check_step(root)]
    print("\n".join(problems or ["prose: headers, core and pseudo-code say what they should"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
