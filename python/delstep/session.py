"""A session: a network of learning nodes, and the commands of the console."""

from __future__ import annotations

import atexit
import json
import numbers
import os
import warnings
import weakref
from typing import Any, Mapping

from . import _native
from .errors import CommandError, error_of
from .pages import PageAddresses
from .parts import Part, _all_with, _chosen
from .pictures import Picture, draw_network
from .results import Result, Results, Rows, json_lines, table_of_csv
from .values import array_of, path_of, text_of, words_of

_all: "weakref.WeakSet[Session]" = weakref.WeakSet()
_made = 0
_of_other_processes: list[Any] = []


def newest_session() -> "Session | None":
    """Of the sessions that are open, the one that was made last: what the magics of IPython talk
    to."""
    return max((session for session in _all if not session.closed),
               key=lambda session: session._number, default=None)


@atexit.register
def _close_all() -> None:
    """While there is still a Python that other threads can come back to."""
    for session in list(_all):
        try:
            session.close()
        except Warning:  # where warnings are errors: the others are closed all the same
            pass


def _warn_of_record(failure: str | None) -> None:
    """The files of a run cannot be written any more; told once, for the caller's caller."""
    if failure is not None:
        warnings.warn(f"{failure}: the session goes on, and what happens is not recorded any more",
                      RuntimeWarning, stacklevel=3)


class HelpText(str):
    """A text that a prompt shows line by line."""

    def __repr__(self) -> str:
        return str(self)


class Session:
    """A run that you talk to in the words of the console.

    >>> s = delstep.Session("mnist-12", **{"nodes.count": 25})
    >>> s("train; flood; nstep; ag; test")["results"][0]["accuracy"]

    `scenario` is a name, a .toml file or a .cpp file; without it the default scenario. Keys of the
    configuration are keyword arguments: `seed=7`, `**{"training.lr": 0.01}`. A value may be a function
    for `aggregation.name`, `behaviour.name` and `partition.name`.

    - `out`: a folder for the files of the run, as `--out`. When they cannot be written any more, as on
      a full disk, a RuntimeWarning says so once
    - `resume`: a checkpoint to go on from, instead of a scenario
    - `record=False`: keep no events and metrics; for very long runs

    Raises CommandError where the program would end with an error.

    Several sessions may live in one process. Threads may share one: its commands come one after the
    other, and other threads of Python go on meanwhile.
    """

    def __init__(self, scenario: str | os.PathLike[str] = "", *,
                 out: str | os.PathLike[str] | None = None,
                 resume: str | os.PathLike[str] | None = None, record: bool = True,
                 overrides: Mapping[str, Any] | None = None, **settings: Any):
        global _made
        words, parts = [], []
        for key, value in {**(overrides or {}), **settings}.items():
            words_of(key, "a key")
            part = _chosen(key, value)
            if part is not None:
                parts.append(part)
            words.append(f"{key}={part.name if part is not None else text_of(value, key)}")
        self._run: _native.Run | None = _native.Run(
            path_of(scenario, "scenario"), words, path_of(resume or "", "resume"), path_of(out or "", "out"),
            record, _all_with(parts))
        _made += 1
        self._number, self._process = _made, os.getpid()
        _all.add(self)

    # ---- Commands.

    def __call__(self, commands: str) -> Results:
        """Runs commands, as a script has them, and returns what each answers.

        Raises CommandError for the first one that fails. What was done before it stands, and its
        `results` has the answers. After Ctrl-C it is a CommandInterrupted, which is a
        KeyboardInterrupt too. `exit` closes the session.
        """
        text, exits, interrupted, raised, unrecorded = self._open.run(words_of(commands, "commands"))
        results = Results(map(Result, json.loads(text)))
        if exits:
            self.close()
        try:
            for place, result in enumerate(results):
                if not result.ok:
                    raise self._error(result, results[:place], raised)
            if interrupted:
                raise KeyboardInterrupt
            return results
        finally:  # a warning may be an error: then it has that of the command with it
            _warn_of_record(unrecorded)

    @staticmethod
    def _error(failed: Result, before: list[Result], raised: Any) -> CommandError:
        error = failed.answer["error"]
        # The place in a text that has no name and a single line says nothing.
        where = "" if error["where"].startswith("request:1:") else error["where"]
        return error_of(error["message"], code=error["code"], hint=error["hint"], where=where,
                        command=failed.cmd, results=before, answer=failed.answer, cause=raised)

    def stop(self) -> None:
        """Stops the command that runs, at its next safe point. To be called from another thread."""
        self._open.stop()

    # ---- Looking. None of these is logged, and none changes anything.

    def nodes(self) -> Rows:
        """One dict per present node: `node` (the address), `name`, `up`, `examples`, `trainings`,
        `test_acc`, `neighbours`, ... with the names that `neighborhood` and `status` have in
        `--json`; `x` and `y` where nodes have places."""
        return Rows(self._open.nodes())

    def model(self, node: str) -> dict[str, Any]:
        """The node's model as it is now: {name: array}. The arrays are read-only views without a
        copy. They keep these numbers, and stay good, whatever becomes of the node and the
        session."""
        return self._open.model(words_of(node, "a node"))

    def set_model(self, node: str, tensors: Mapping[str, Any]) -> None:
        """Replaces tensors of the node's model; those that are not named stay, as does the state of
        its optimizer. It makes a moment, so `undo` takes it back. Raises ValueError for a name or
        a shape that the model does not have."""
        _warn_of_record(self._open.set_model(
            words_of(node, "a node"), {name: array_of(value) for name, value in tensors.items()}))

    def events(self, since: int = 0) -> list[dict[str, Any]]:
        """What has happened, as the lines of `events.jsonl`, from number `since` on. The newest
        262,144 events are kept; `event_numbers` says which."""
        if not isinstance(since, numbers.Integral):
            raise TypeError(f"since={since!r}: the number of an event is an integer")
        if since < 0:
            raise ValueError(f"since={since}: events are numbered from 0 on")
        return list(json_lines(self._open.events(min(int(since), self.event_numbers[1]))))

    @property
    def event_numbers(self) -> tuple[int, int]:
        """The number of the oldest event that is kept, and that of the next one to come."""
        return self._open.event_numbers()

    def metrics(self) -> Any:
        """The tidy table of `metrics.csv`: a pandas DataFrame where pandas is installed, else a list
        of dicts."""
        return table_of_csv(self._open.metrics(), ("step", "cycle", "sim_time", "value"))

    def graph(self, directed: bool = False) -> Any:
        """The present topology. With networkx a Graph with an edge per pair of neighbours whose link
        is up, or with `directed` a DiGraph with every direction, those that are down too. Nodes
        are addresses, with what nodes() says as attributes; edges have `loss`, `latency`,
        `bandwidth`, `up`. Without networkx the same as a dict in node-link form."""
        nodes, links = self.nodes(), self._open.links()
        if not directed:
            pairs: dict[tuple[str, str], dict[str, Any]] = {}
            for source, target, link in links:
                if link["up"] and (target, source) not in pairs:
                    pairs[source, target] = link
            links = [(source, target, link) for (source, target), link in pairs.items()]
        try:
            import networkx
        except ImportError:
            return {"directed": directed, "multigraph": False, "graph": {},
                    "nodes": [{"id": row["node"], **row} for row in nodes],
                    "links": [{"source": source, "target": target, **link}
                              for source, target, link in links]}
        graph = networkx.DiGraph() if directed else networkx.Graph()
        graph.add_nodes_from((row["node"], row) for row in nodes)
        graph.add_edges_from(links)
        return graph

    def config(self) -> dict[str, Any]:
        """All values of the configuration by key, as they are now."""
        values: dict[str, Any] = json.loads(self._open.config())
        return values

    def help(self, topic: str = "") -> HelpText:
        """What `help TOPIC` says: of a command, a key, a word."""
        return HelpText(self._open.help(words_of(topic, "a topic")))

    def complete(self, line: str) -> list[str]:
        """The words that may end a line of commands which has been typed so far."""
        return self._completion(line)[1]

    def _completion(self, line: str) -> tuple[int, list[str]]:
        """With the place from which on a word replaces the line."""
        begin, words = self._open.complete(words_of(line, "a line"))
        return len(line.encode()[:begin].decode()), words  # counted in bytes there, in characters here

    def picture(self, **options: Any) -> Picture:
        """The network as a picture: nodes by place (or on a circle), coloured by the accuracy of
        their last test. Options: `width`, `height` in pixels, `names=False`."""
        return draw_network(self.nodes(), self._open.links(), **options)

    # ---- The page.

    def page(self, port: int = 0, *, bind: str = "127.0.0.1", off: bool = False) -> PageAddresses | None:
        """Serves a page of the session, for a browser, and returns its addresses: the network, live,
        and a line for commands. Called again it returns the same addresses.

        >>> s.page()

        `port`: 0 is any free one. `bind`: "0.0.0.0" lets other machines in, with the addresses that
        have the token. `off=True` ends the page and returns None; `exit` in the page does that too.
        What is typed in the page runs between two commands of yours, and yours wait for it. The page
        ends with the session. Raises CommandError for a port that is in use.
        """
        if off:
            self._open.end_page()
            return None
        if not isinstance(port, numbers.Integral) or not 0 <= port <= 65535:
            raise ValueError(f"port={port!r}: a port is a number from 0 to 65535, 0 for any free one")
        return PageAddresses(*self._open.serve_page(int(port), bind))

    @property
    def now(self) -> int:
        """The simulated clock, in nanoseconds."""
        return self._open.now

    @property
    def cycle(self) -> int:
        return self._open.cycle

    @property
    def moment(self) -> int:
        """The number of the present moment, for `goto`, `diff` and `history`."""
        return self._open.moment

    @property
    def notes(self) -> list[str]:
        """What you should know of how the run began: keys that count for nothing, and the like."""
        return self._open.notes

    # ---- The end.

    @property
    def _open(self) -> "_native.Run":
        if self._run is None:
            raise CommandError("the session is closed", hint="begin another: delstep.Session()")
        if self._process != os.getpid():
            # Its threads stayed there, and a command would wait for them for ever.
            raise CommandError("the session belongs to the process that this one was forked from",
                               hint="begin one here: delstep.Session()")
        return self._run

    @property
    def closed(self) -> bool:
        return self._run is None

    def close(self) -> None:
        """Ends the session and frees what it holds; a command that another thread runs is stopped.
        Views of models stay good."""
        run, self._run = self._run, None
        if run is not None and self._process != os.getpid():
            _of_other_processes.append(run)  # its threads are not here, so it cannot be ended
        elif run is not None:
            _warn_of_record(run.close())

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def __repr__(self) -> str:
        if self._run is None:
            return "<delstep.Session, closed>"
        return f"<delstep.Session {self._run.prompt.strip().rstrip('>').rstrip()}>"

    def _repr_html_(self) -> str:
        if self._run is None:
            return "<p>a session that is closed</p>"
        said = self._run.prompt.strip().rstrip(">").strip("[] ")
        return f"<p>{said}</p>{self.picture()._repr_svg_()}"
