"""`%load_ext delstep`: commands of the console in a notebook, with Tab."""

from __future__ import annotations

from typing import Any

from .results import Results
from .session import newest_session


def _run(commands: str) -> Results:
    session = newest_session()
    if session is None:
        raise RuntimeError("there is no session yet: s = delstep.Session()")
    return session(commands)


def _magic(line: str, cell: str | None = None) -> Results:
    """%delstep COMMANDS, or a cell of commands under %%delstep: for the session made last."""
    return _run(line if cell is None else f"{line}\n{cell}")


def _complete(_: Any, event: Any) -> list[str]:
    session = newest_session()
    line = event.line.lstrip("%").removeprefix("delstep").lstrip()
    return [] if session is None else session.complete(line)


def load_ipython_extension(ipython: Any) -> None:
    ipython.register_magic_function(_magic, magic_kind="line_cell", magic_name="delstep")
    ipython.set_hook("complete_command", _complete, re_key=r"%%?delstep\b.*")
