"""Parts of a run that are functions of yours: rules of aggregation, behaviours, partitioners."""

from __future__ import annotations

import inspect
import re
from typing import Any, Callable, Sequence

from . import _native

#: Parts made by the decorators, by kind and name. Every session that begins later has them.
_known: dict[str, dict[str, "Part"]] = {"aggregation": {}, "behaviour": {}, "partition": {}}

_KEYS = {"aggregation.name": "aggregation", "behaviour.name": "behaviour",
         "partition.name": "partition"}
_METHODS = ("on_turn", "on_receive", "on_trained", "on_meet", "on_part", "on_wake")


def _name_of(thing: Any, name: str | None) -> str:
    """As the names of built-in parts: small letters with hyphens."""
    if name is None:
        name = getattr(thing, "__name__", type(thing).__name__)
        name = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).replace("_", "-").lower()
        name = name.strip("-").replace("<lambda>", "lambda")
    if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
        raise ValueError(f"the name {name!r}: use small letters, digits and hyphens, such as 'my-rule'")
    return name


def _check_name(part: Part) -> None:
    """Before it is entered: else each later session would meet it."""
    if part.name in _native.built_in_parts()[part.kind]:
        raise ValueError(f"the name {part.name!r} is that of a built-in part: give another one, "
                         f"such as name={'my-' + part.name!r}")


def _sentence_of(thing: Any) -> str:
    """The first line of the docstring, for lists of parts."""
    lines = (inspect.getdoc(thing) or "a function in Python").splitlines()
    return lines[0].rstrip(".")


def _has_methods(thing: Any) -> bool:
    return any(hasattr(thing, method) for method in _METHODS)


class Part:
    """A function with the name by which scenarios and `set` choose it."""

    kind: str

    def __init__(self, function: Any, name: str | None):
        self.name = _name_of(function, name)
        self.sentence = _sentence_of(function)
        self.function = function

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self.function(*arguments, **named)

    def __repr__(self) -> str:
        return f"<delstep {self.kind} {self.name!r}>"


class AggregationRule(Part):
    kind = "aggregation"

    def __init__(self, function: Callable[..., Any], name: str | None = None, returns: str = "weights",
                 sees: str = "inbox"):
        super().__init__(function, name)
        if returns not in ("weights", "choose", "merge"):
            raise ValueError(f"returns={returns!r}: choose 'weights', 'choose' or 'merge'")
        if sees not in ("inbox", "guestbook"):
            raise ValueError(f"sees={sees!r}: choose 'inbox' or 'guestbook'")
        self.returns = returns
        self.sees = sees


class Behaviour(Part):
    kind = "behaviour"

    def __init__(self, thing: Any, name: str | None = None, merges: bool = True):
        super().__init__(thing, name)
        self.merges = bool(getattr(thing, "merges", merges))
        methods = thing() if inspect.isclass(thing) else thing
        for method in _METHODS:
            setattr(self, method, getattr(methods, method, None))
        if not _has_methods(methods) and not inspect.isclass(thing) and callable(thing):
            self.on_turn = thing
        elif not _has_methods(methods):
            raise TypeError(f"{self.name}: a behaviour has at least one of " + ", ".join(_METHODS))


class PartitionRequest:
    """What a partitioner is asked for."""

    #: Labels of the whole data set, by number of the example (int32 array).
    labels: Any
    #: How many classes there are.
    classes: int
    #: Numbers of the examples to deal, in random order (uint32 array).
    pool: Any
    #: How many nodes get a list.
    nodes: int
    #: Where examples come from (an index into `source_names` per example), or empty arrays.
    sources: Any
    source_names: list[str]
    #: `partition.alpha`, `.weight`, `.num_classes_per_partition` and `.partition_sizes`.
    alpha: float
    weight: float
    num_classes_per_partition: int
    partition_sizes: list[int]
    #: The only source of chance: a NumPy generator that follows from the scenario's seed.
    random: Any

    def __init__(self, *, seed: Sequence[int], **members: Any):
        import numpy

        self.__dict__.update(members)
        self.random = numpy.random.default_rng(list(seed))


class Partitioner(Part):
    kind = "partition"

    def deal(self, **members: Any) -> Any:
        return self.function(PartitionRequest(**members))


_KINDS: dict[str, type[Part]] = {"aggregation": AggregationRule, "behaviour": Behaviour,
                                 "partition": Partitioner}


def _decorator(kind: type[Part], thing: Any, options: dict[str, Any]) -> Any:
    def enter(function: Any) -> Part:
        part = kind(function, **options)
        _check_name(part)
        _known[part.kind][part.name] = part
        return part

    return enter if thing is None else enter(thing)


def aggregation_rule(function: Callable[..., Any] | None = None, *, name: str | None = None,
                     returns: str = "weights", sees: str = "inbox") -> Any:
    """Makes a rule of aggregation of a function. Use it as a decorator.

    >>> @delstep.aggregation_rule
    ... def equal(models):
    ...     return [1 / len(models)] * len(models)
    >>> s = delstep.Session(**{"aggregation.name": equal})

    The function is given the models that a node may use, its own first (`Models` in the guide), and
    returns

    - `returns="weights"`: one weight per model; they sum to 1. The usual kind, and the fastest.
    - `returns="choose"`: the number of the model that is the result.
    - `returns="merge"`: the numbers of the result, as long as a row of `models.values`, or a dict of
      tensors as `models[0]` is one.

    `sees="inbox"` shows the newest message of each sender in the inbox, `"guestbook"` every record of
    the guestbook. The name is that of the function with hyphens, unless `name` is given. An exception
    makes the command fail, and no node changes.
    """
    return _decorator(AggregationRule, function,
                      {"name": name, "returns": returns, "sees": sees})


def behaviour(thing: Any = None, *, name: str | None = None, merges: bool = True) -> Any:
    """Makes a behaviour of a class, or of a function that is called at each turn of a node.

    >>> @delstep.behaviour
    ... class Chatty:
    ...     def on_turn(self, node):
    ...         node.train()
    ...     def on_trained(self, node):
    ...         for peer in node.neighbours:
    ...             node.send(peer)
    ...     def on_receive(self, node, message):
    ...         node.merge(0.5, [(message["message"], 0.5)])

    One object serves all nodes: what a node remembers belongs into `node.memory`, eight numbers that
    are saved, hashed and undone with the node. `merges`: it calls `node.merge`.
    """
    return _decorator(Behaviour, thing, {"name": name, "merges": merges})


def partitioner(function: Callable[..., Any] | None = None, *, name: str | None = None) -> Any:
    """Makes a way to deal examples to nodes of a function. Use it as a decorator.

    >>> @delstep.partitioner
    ... def alternating(request):
    ...     return [request.pool[k::request.nodes] for k in range(request.nodes)]

    It is given a `PartitionRequest`, and returns one list of numbers of examples per node: each from
    `request.pool`, and each at most once. Chance comes from `request.random` alone.
    """
    return _decorator(Partitioner, function, {"name": name})


def _chosen(key: str, value: Any) -> Part | None:
    """The part, where the value of a key is one or a function that can be made one."""
    kind: Callable[..., Part] | None = _KINDS.get(_KEYS.get(key, ""))
    if isinstance(value, Part):
        if value.kind != _KEYS.get(key):
            raise TypeError(f"{key} cannot be {value!r}")
        return value
    if kind is None or not (callable(value) or kind is Behaviour and _has_methods(value)):
        return None
    return kind(value, None)


def _all_with(chosen: list[Part]) -> dict[str, list[Part]]:
    """The parts of a session by kind: those of the decorators, and what it was given."""
    parts = {kind: dict(known) for kind, known in _known.items()}
    for part in chosen:
        parts[part.kind][part.name] = part
    return {kind: list(some.values()) for kind, some in parts.items()}
