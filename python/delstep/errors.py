"""What goes wrong, as exceptions."""

from __future__ import annotations

import traceback as _traceback
from typing import Any


class CommandError(Exception):
    """A command was refused, or a session could not begin.

    `code` says what kind of error it is. The numbers are the exit codes of the program:

    ====  ==========================================================
    1     well formed, but the state forbids it: no such node, ...
    2     wrong whatever the state: unknown verb or key, bad number
    3     a file is missing, unreadable or bad
    4     this build or machine lacks the part
    5     an `expect` did not hold
    130   stopped by Ctrl-C (see CommandInterrupted)
    ====  ==========================================================
    """

    #: What happened: one sentence, without the place.
    message: str
    #: See the class.
    code: int
    #: What to do, or "".
    hint: str
    #: The place in a text, such as "exp.toml:12:7", or "".
    where: str
    #: The command that failed; "" where the session could not begin.
    command: str
    #: The results of the commands that were done before it. They stand.
    results: list[Any]
    #: The whole object of `--json`; {} where the session could not begin.
    answer: dict[str, Any]
    #: Of an exception in a function of yours, which is also `__cause__`: its traceback as text.
    traceback: str | None

    def __init__(self, message: str, *, code: int = 1, hint: str = "", where: str = "",
                 command: str = "", results: list[Any] | None = None,
                 answer: dict[str, Any] | None = None, cause: BaseException | None = None):
        super().__init__(message)
        self.message = message
        self.code = code
        self.hint = hint
        self.where = where
        self.command = command
        self.results = [] if results is None else results
        self.answer = {} if answer is None else answer
        self.traceback = None
        if cause is not None:
            self.__cause__ = cause
            self.traceback = "".join(_traceback.format_exception(cause))

    def __str__(self) -> str:
        # Commands come as a text without a name; its lines are of no use for a single line.
        place = f"{self.where}: " if self.where else ""
        hint = f"\n  hint: {self.hint}" if self.hint else ""
        return f"{place}{self.message}{hint}"


class CommandInterrupted(CommandError, KeyboardInterrupt):
    """Ctrl-C has stopped a command at a safe point. The session goes on.

    It is both a CommandError (with code 130) and a KeyboardInterrupt.
    """


def error_of(message: str, *, code: int, **members: Any) -> CommandError:
    """The error with this code: after Ctrl-C a CommandInterrupted, whatever was stopped by it."""
    kind = CommandInterrupted if code == 130 else CommandError
    return kind(message, code=code, **members)
