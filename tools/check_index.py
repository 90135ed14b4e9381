#!/usr/bin/env python3
"""Checks the documents against the tree: each file and function that the index of mechanisms
(docs/internals/README.md) and the tour (src/README.md) name in their tables exists, each link leads
to a file and a heading, each path that a document names is there, and the list of the documents
(docs/README.md) has every page."""
import re
import sys
from pathlib import Path

LIST = "docs/README.md"
LISTED = ("docs/guide/*.md", "docs/reference/*.md")
TABLES = ("docs/internals/README.md", "src/README.md")
DOCUMENTS = ("*.md", "docs/**/*.md", "src/**/*.md", "bench/*.md", "examples/**/*.md",
             "tests/**/*.md")
TOPS = ("include/", "apps/", "python/", "tests/", "tools/", "docs/", "bench/")
PLACE = re.compile(r"`([\w./-]+\.(?:h|cc|inc|py))(?::(\w+))?`")
PATH = re.compile(r"`((?:src|include|apps|tests|tools|docs|bench|examples|fuzz)/[\w./-]*)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.*)$", re.M)
FENCE = re.compile(r"^```.*?^```", re.M | re.S)
COMMENT = re.compile(r"//.*")


def source(path):
    """The text of a source without its comments."""
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def whereabouts(root, name):
    """What to add about the sources that have a function or test of that name."""
    word = re.compile(rf"\b{name}\(|^TEST\w*\(\w+, {name}\)", re.M)
    found = [path.relative_to(root).as_posix()
             for top in ("src", "apps", "include", "tests")
             for path in sorted((root / top).rglob("*.cc")) if word.search(source(path))]
    return f"; {name} is in {', '.join(found[:3])}" if found else ""


def check_index(root, document):
    """Yields an objection for each place that the tables of a document name and the tree lacks."""
    text = (root / document).read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("| "):
            continue
        for file, name in PLACE.findall(line):
            path = root / (file if file.startswith(TOPS) else "src/" + file)
            if not path.is_file():
                moved = whereabouts(root, name) if name else ""
                yield f"{document}:{number}: there is no {file}{moved}"
            elif name and not re.search(rf"\b{name}\b", source(path)):
                yield f"{document}:{number}: {file} has no {name}{whereabouts(root, name)}"


def anchors(text):
    """The names by which the headings of a document can be linked."""
    words = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in
             HEADING.findall(FENCE.sub("", text)))
    return {heading.strip().replace(" ", "-") for heading in words}


def check_links(root):
    """Yields an objection for each link within the tree, and each path, that leads nowhere."""
    documents = {path for pattern in DOCUMENTS for path in root.glob(pattern)}
    for path in sorted(documents):
        text = FENCE.sub("", path.read_text(encoding="utf-8"))
        name = path.relative_to(root).as_posix()
        for place in PATH.findall(text):
            if not (root / place).exists() and "/my_" not in place:  # an example of a new file
                yield f"{name}: there is no {place}"
        for link in LINK.findall(text):
            if re.match(r"\w+:", link):
                continue
            file, _, anchor = link.partition("#")
            target = path.parent / file if file else path
            if not target.exists():
                yield f"{name}: the link to {link} leads nowhere"
            elif anchor and anchor not in anchors(target.read_text(encoding="utf-8")):
                yield f"{name}: {file or name} has no heading #{anchor}"


def check_list(root):
    """Yields an objection for each page that the list of the documents leaves out."""
    links = LINK.findall((root / LIST).read_text(encoding="utf-8"))
    listed = {(root / LIST).parent.joinpath(link.partition("#")[0]).resolve() for link in links}
    for page in sorted(path for pattern in LISTED for path in root.glob(pattern)):
        if page.resolve() not in listed:
            yield f"{LIST}: {page.relative_to(root).as_posix()} is not in the list"


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent)
    problems = [problem for document in TABLES for problem in check_index(root, document)]
    problems += [*check_links(root), *check_list(root)]
    print("\n".join(problems or ["documents: every file, function and link is there"]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
