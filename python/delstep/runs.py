"""Reading what a run has left behind in the folder of `--out`."""

from __future__ import annotations

import json
import os
import pathlib
from functools import cached_property
from typing import Any

from .results import json_lines, table_of_csv


class RunRecord:
    """A recorded run. Files are read when they are first asked for.

    docs/reference/run-directory.md says what is in each.
    """

    def __init__(self, folder: str | os.PathLike[str]):
        self.folder = pathlib.Path(folder)
        if not (self.folder / "events.jsonl").is_file():
            raise FileNotFoundError(f"{self.folder} is no folder of a run: it has no events.jsonl")

    def _read(self, name: str, errors: str = "strict") -> str:
        return (self.folder / name).read_text(encoding="utf-8", errors=errors)

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        """What happened, in order. A last line that was cut off, as by a crash, is left out."""
        whole, _, _ = self._read("events.jsonl").rpartition("\n")
        return list(json_lines(whole))

    @cached_property
    def metrics(self) -> Any:
        """The tidy table: a pandas DataFrame where pandas is installed, else a list of dicts."""
        return table_of_csv(self._read("metrics.csv"), ("step", "cycle", "sim_time", "value"))

    @cached_property
    def results(self) -> Any:
        """The results of all tests, likewise."""
        return table_of_csv(self._read("results.csv"), ("CYCLE", "LOSS", "ACC"))

    @cached_property
    def config(self) -> dict[str, Any]:
        """The resolved configuration, section by section: `config["nodes"]["count"]`."""
        try:
            import tomllib
        except ImportError:  # before Python 3.11
            import tomli as tomllib  # type: ignore[no-redef]
        return tomllib.loads(self._read("config.toml"))

    @cached_property
    def script(self) -> str:
        """The commands as they were run. Bytes that are no UTF-8 are halves of characters, as in names
        of files: `script.encode(errors="surrogateescape")` has the bytes."""
        return self._read("script.del", "surrogateescape")

    @cached_property
    def environment(self) -> dict[str, Any]:
        """Versions, seed, and hashes of the files that the run began with."""
        facts: dict[str, Any] = json.loads(self._read("environment.json"))
        return facts

    def __repr__(self) -> str:
        return f"<delstep run in {self.folder}>"


def read_run(folder: str | os.PathLike[str]) -> RunRecord:
    """The run that `--out FOLDER`, or `Session(out=FOLDER)`, has recorded."""
    return RunRecord(folder)
