"""What commands answer, and tables."""

from __future__ import annotations

import csv
import html
import io
from typing import Any, Iterable, Iterator, Sequence


def _text(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, (list, tuple)):
        return " ".join(_text(item) for item in value)
    return str(value)


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _html_table(rows: Sequence[dict[str, Any]], most: int = 60) -> str:
    """A table as notebooks show them; beyond `most` rows it says how many there are."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    head = "".join(f"<th>{html.escape(column)}</th>" for column in columns)
    body = ""
    for row in rows[:most]:
        cells = ""
        for column in columns:
            value = row.get(column)
            number = isinstance(value, (int, float)) and not isinstance(value, bool)
            align = "right" if number else "left"
            cells += f'<td style="text-align:{align}">{html.escape(_text(value))}</td>'
        body += f"<tr>{cells}</tr>"
    more = f"<p>… {len(rows) - most} more rows</p>" if len(rows) > most else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


class Rows(list[dict[str, Any]]):
    """A list of dicts, one per row. Notebooks show it as a table."""

    def column(self, name: str) -> list[Any]:
        """One value per row."""
        return [row[name] for row in self]

    def to_frame(self) -> Any:
        """The same as a pandas DataFrame. Needs pandas."""
        import pandas

        return pandas.DataFrame(list(self))

    def _repr_html_(self) -> str:
        return _html_table(self) if self else "<p>no rows</p>"


class Result(dict[str, Any]):
    """What one command answers: the members of `result` in `--json`.

    >>> s("stats")[0]["sent"]
    0

    Members of the whole object are attributes: `cmd`, `t` (nanoseconds of the simulated clock),
    `cycle`; `answer` is all of it, so `r.answer["result"]` is `r` as a plain dict. For those who
    think in whole objects, `r["result"]`, `r["cmd"]`, `r["ok"]`, ... work too, where the result has
    no member of that name.
    """

    __slots__ = ("answer",)
    answer: dict[str, Any]

    def __init__(self, answer: dict[str, Any]):
        super().__init__(answer["result"] or {})
        self.answer = answer

    @property
    def cmd(self) -> str:
        """The command as it was given."""
        return str(self.answer["cmd"])

    @property
    def ok(self) -> bool:
        """False only in what a CommandError has."""
        return bool(self.answer["ok"])

    @property
    def t(self) -> int:
        """The simulated clock after the command, in nanoseconds."""
        return int(self.answer["t"])

    @property
    def cycle(self) -> int:
        """The cycle in which the command began."""
        return int(self.answer["cycle"])

    def __missing__(self, key: str) -> Any:
        if key == "result":
            return self
        if key in self.answer:
            return self.answer[key]
        raise KeyError(key)

    def rows(self, name: str | None = None) -> Rows:
        """A table of the result; without a name its only one, or the first."""
        if name is not None:
            return Rows(self[name])
        return Rows(next((value for value in self.values() if _is_rows(value)), []))

    def _repr_html_(self) -> str:
        plain = {key: value for key, value in self.items()
                 if not _is_rows(value) and not isinstance(value, dict) and value != []}
        said = f"<p><code>{html.escape(self.cmd)}</code></p>"
        if plain:
            said += "<p>" + " · ".join(
                f"{html.escape(key)} {html.escape(_text(value))}" for key, value in plain.items()
            ) + "</p>"
        for value in self.values():
            if _is_rows(value):
                said += _html_table(value)
        return said


class Results(list[Result]):
    """What the commands of one call answer, in order: a list of `Result`.

    As with `--json`, `repeat` and `load` answer after their parts. A word instead of a number picks
    from the last one: `s("stats")["sent"]`.
    """

    def __getitem__(self, key: Any) -> Any:
        return self[-1][key] if isinstance(key, str) else super().__getitem__(key)

    def rows(self, name: str | None = None) -> Rows:
        """A table of the last result."""
        last: Result = super().__getitem__(-1)
        return last.rows(name)

    def _repr_html_(self) -> str:
        return "".join(result._repr_html_() for result in self)


def _number(text: str) -> Any:
    if text == "":
        return None
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return text


def table_of_csv(text: str, numbers: Iterable[str]) -> Any:
    """A pandas DataFrame where pandas is installed, else Rows. `numbers`: columns of numbers."""
    try:
        import pandas
    except ImportError:
        wanted = set(numbers)
        return Rows({key: _number(value) if key in wanted else value or None
                     for key, value in row.items()} for row in csv.DictReader(io.StringIO(text)))
    texts = {name: "string" for name in text.split("\n", 1)[0].split(",") if name not in numbers}
    return pandas.read_csv(io.StringIO(text), dtype=texts)


def json_lines(text: str) -> Iterator[Any]:
    """The objects of a text with one per line."""
    import json

    lines = text.split("\n")
    # One call for all is several times as fast as one per line.
    return iter(json.loads("[" + ",".join(line for line in lines if line) + "]"))
