"""Reads the simulator's lines: each is checked whole before anything is done, and what makes no
sense is a Problem. docs/internals/network-helpers.md describes the protocol."""

import json
from typing import NamedTuple, Optional

LARGEST = 2**63 - 1  # of times, sizes and numbers: the simulator keeps them in 64 bits
LONGEST_LINE = 16 * 2**20  # bytes


class Problem(Exception):
    """What the simulator is told before the helper ends; the hint says what would help."""

    def __init__(self, error, hint=""):
        super().__init__(error)
        self.error, self.hint = error, hint


class Link(NamedTuple):
    """One direction between two nodes."""

    loss: float  # probability that a packet is lost
    latency: int  # ns
    bandwidth: Optional[float]  # bits per second; None: no limit
    up: bool


def decode(line):
    """The object that a line is."""
    try:
        value = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as wrong:
        raise Problem(f"This line is no JSON: {excerpt(line)} ({wrong})") from None
    if not isinstance(value, dict):
        raise Problem(f"A line must be a JSON object, not {excerpt(line)}")
    return value


def excerpt(line):
    """The beginning of what came, fit for a message."""
    text = ascii(line[:60])[2:-1] if isinstance(line, bytes) else ascii(line)[:60]
    return text + ("…" if len(line) > 60 else "")


def whole(line, key, default=None):
    """A whole number of at least 0."""
    value = line.get(key, default)
    if type(value) is not int or not 0 <= value <= LARGEST:  # a bool is an int, and not wanted
        raise Problem(f"`{key}` must be a whole number from 0 to {LARGEST}, not {shown(value)}")
    return value


def truth(line, key):
    value = line.get(key)
    if type(value) is not bool:
        raise Problem(f"`{key}` must be true or false, not {shown(value)}")
    return value


def wholes(line, key):
    """A list of whole numbers."""
    value = line.get(key)
    if not isinstance(value, list):
        raise Problem(f"`{key}` must be a list of whole numbers, not {shown(value)}")
    return [whole({key: item}, key) for item in value]


def link(line, key="link"):
    """The properties of a link, in their ranges."""
    value = line.get(key)
    if not isinstance(value, dict):
        raise Problem(f"`{key}` must be an object, not {shown(value)}")
    unknown = sorted(set(value) - set(Link._fields))
    if unknown:
        raise Problem(f"A link of Mininet has no {shown(unknown[0])}",
                      "it has " + ", ".join(Link._fields))
    loss, bandwidth = value.get("loss"), value.get("bandwidth")
    if not number(loss) or not 0 <= loss <= 1:
        raise Problem(f"`loss` must be a number from 0 to 1, not {shown(loss)}")
    if bandwidth is not None and (not number(bandwidth) or not bandwidth > 0):
        raise Problem(f"`bandwidth` must be a number above 0 or null, not {shown(bandwidth)}")
    return Link(float(loss), whole(value, "latency"), bandwidth, truth(value, "up"))


def number(value):
    """Is it a number, and one that calculations can bear?"""
    return type(value) is float or type(value) is int and abs(value) <= LARGEST


def shown(value):
    """A value as in the line it came in, cut where it is long."""
    try:
        text = json.dumps(value)
    except (ValueError, RecursionError):
        text = "?"
    return text if len(text) <= 60 else text[:60] + "…"
