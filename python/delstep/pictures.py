"""The network as a picture, without any library but NumPy."""

from __future__ import annotations

import html
import math
from typing import Any, Sequence

#: Beyond so many, links make a picture black.
MOST_LINKS = 3000
#: Beyond so many nodes the forces would take seconds.
MOST_FOR_FORCES = 300

# From bad to good; readable for those who see no red or green.
_SCALE = ((68, 1, 84), (59, 82, 139), (33, 145, 140), (94, 201, 98), (253, 231, 37))


class Picture:
    """An SVG picture. Notebooks show it; `save` writes it."""

    def __init__(self, svg: str):
        self.svg = svg

    def save(self, file: str) -> None:
        with open(file, "w", encoding="utf-8") as out:
            out.write(self.svg)

    def _repr_svg_(self) -> str:
        return self.svg


def _colour(accuracy: float | None) -> str:
    if accuracy is None:
        return "#b8bec6"
    place = min(max(accuracy, 0.0), 1.0) * (len(_SCALE) - 1)
    below = min(int(place), len(_SCALE) - 2)
    share = place - below
    mixed = (round(a + (b - a) * share) for a, b in zip(_SCALE[below], _SCALE[below + 1]))
    return "#" + "".join(f"{part:02x}" for part in mixed)


def _circle(count: int) -> list[tuple[float, float]]:
    """The first one on top, clockwise."""
    turn = 2 * math.pi / max(count, 1)
    return [(math.sin(k * turn), -math.cos(k * turn)) for k in range(count)]


def _forces(count: int, pairs: Sequence[tuple[int, int]]) -> list[tuple[float, float]]:
    """Places by forces (Fruchterman and Reingold 1991): neighbours attract each other, all repel.
    Begins with the circle, so equal graphs have equal pictures."""
    import numpy

    place = numpy.array(_circle(count))
    adjacent = numpy.zeros((count, count))
    for a, b in pairs:
        adjacent[a, b] = adjacent[b, a] = 1
    natural = math.sqrt(1 / count)
    for step in range(80):
        apart = place[:, None] - place[None]
        distance = numpy.maximum(numpy.linalg.norm(apart, axis=2), 1e-3)
        force = natural**2 / distance**2 - adjacent * distance / natural
        move = (apart * force[:, :, None]).sum(axis=1)
        length = numpy.maximum(numpy.linalg.norm(move, axis=1), 1e-9)
        place += move * (numpy.minimum(length, 0.1 * (1 - step / 80)) / length)[:, None]
    return [(float(x), float(y)) for x, y in place]


def _places(nodes: Sequence[dict[str, Any]],
            pairs: Sequence[tuple[int, int]]) -> list[tuple[float, float]]:
    count = len(nodes)
    if nodes and "x" in nodes[0]:
        return [(row["x"], row["y"]) for row in nodes]
    crowded = 4 * len(pairs) > count * (count - 1)  # half of all pairs
    if count < 4 or count > MOST_FOR_FORCES or crowded or not pairs:
        return _circle(count)
    return _forces(count, pairs)


def draw_network(nodes: Sequence[dict[str, Any]], links: Sequence[tuple[str, str, dict[str, Any]]],
                 width: int = 480, height: int = 360, names: bool = True) -> Picture:
    """See Session.picture(). A hollow node is down."""
    index = {row["node"]: k for k, row in enumerate(nodes)}
    pairs = sorted({(min(index[a], index[b]), max(index[a], index[b])) for a, b, link in links
                    if link["up"] and a in index and b in index})
    places = _places(nodes, pairs)
    low = [min((place[axis] for place in places), default=0) for axis in (0, 1)]
    span = [max((place[axis] for place in places), default=0) - low[axis] or 1 for axis in (0, 1)]
    edge = 30
    points = [(edge + (x - low[0]) / span[0] * (width - 2 * edge),
               edge + (y - low[1]) / span[1] * (height - 2 * edge)) for x, y in places]
    radius = 9 if len(nodes) <= 40 else 5 if len(nodes) <= 300 else 2.5
    drawn = "" if len(pairs) > MOST_LINKS else "".join(
        f'<line x1="{points[a][0]:.1f}" y1="{points[a][1]:.1f}" '
        f'x2="{points[b][0]:.1f}" y2="{points[b][1]:.1f}"/>' for a, b in pairs)
    discs = ""
    for row, (x, y) in zip(nodes, points):
        accuracy = row["test_acc"]
        told = row["node"] + (f" {row['name']}" if row["name"] else "")
        told += "" if accuracy is None else f", accuracy {accuracy:.3f} ({row['test_scope']})"
        told += "" if row["up"] else ", down"
        fill = _colour(accuracy) if row["up"] else "none"
        discs += (f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}">'
                  f"<title>{html.escape(told)}</title></circle>")
        if names and len(nodes) <= 40:
            label = row["name"] or row["node"].split(".", 2)[2]
            discs += f'<text x="{x:.1f}" y="{y + radius + 11:.1f}">{html.escape(label)}</text>'
    about = f"{len(nodes)} nodes, {len(pairs)} pairs of neighbours"
    return Picture(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" '
        f'height="{height}" role="img" aria-label="{about}">'
        f'<g stroke="#9aa4b0" stroke-width="1" opacity="0.6">{drawn}</g>'
        f'<g stroke="#39424e" font-family="sans-serif" font-size="10" text-anchor="middle">'
        f'<style>text{{stroke:none;fill:#39424e}}</style>{discs}</g></svg>')
