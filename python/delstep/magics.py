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


def _complete_in_cells(context: Any) -> Any:
    """Lines of a cell behind its first one, which is all that the hook for magics sees."""
    nothing: dict[str, Any] = {"completions": []}
    session = newest_session()
    if session is None or context.cursor_line == 0 or not context.full_text.startswith("%%delstep"):
        return nothing
    line = context.full_text.split("\n")[context.cursor_line][:context.cursor_position]
    begin, words = session._completion(line)
    from IPython.core.completer import SimpleCompletion

    return {"completions": [SimpleCompletion(word, type="command") for word in words],
            "matched_fragment": line[begin:], "suppress": bool(words)}


def _add_matcher(ipython: Any) -> None:
    try:
        from IPython.core.completer import context_matcher  # of version 8.6
    except ImportError:
        return
    matchers = ipython.Completer.custom_matchers
    if not any(getattr(matcher, "__name__", "") == "_complete_in_cells" for matcher in matchers):
        matchers.append(context_matcher()(_complete_in_cells))


def load_ipython_extension(ipython: Any) -> None:
    ipython.register_magic_function(_magic, magic_kind="line_cell", magic_name="delstep")
    ipython.set_hook("complete_command", _complete, re_key=r"%%?delstep\b.*")
    if hasattr(ipython, "Completer"):
        _add_matcher(ipython)
