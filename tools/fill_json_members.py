#!/usr/bin/env python3
"""Fills in which commands answer with which member of JSON, from what the transcripts saw:

    DELSTEP_PRINT_MEMBERS=1 build/dev/tests/transcripts_test --gtest_filter='JsonMembers.*' | tools/fill_json_members.py

adds the commands to src/console/commands/json_members.cc, and lists the members that are not described there."""

import pathlib
import re
import sys

LIST = pathlib.Path(__file__).resolve().parents[1] / "src/console/commands/json_members.cc"
TEXT = r'"(?:[^"\\]|\\.)*"'


def main():
    source = LIST.read_text()
    for line in sys.stdin:
        seen = re.fullmatch(r"member (\w+): (.*)\n", line)
        if not seen:
            continue
        row = re.search(rf'\{{"{seen[1]}",\s*{TEXT},(?:\s*{TEXT})+,\s*((?:"[^"]*"\s*)+)\}}', source)
        if not row:
            print(f"not described: {seen[1]} ({seen[2]})")
            continue
        known = "".join(re.findall(r'"([^"]*)"', row[1]))
        verbs = " ".join(sorted({*known.split(), *seen[2].split()}))
        source = source[:row.start(1)] + f'"{verbs}"' + source[row.end(1):]
    LIST.write_text(source)


if __name__ == "__main__":
    main()
