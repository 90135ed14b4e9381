#!/usr/bin/env python3
"""Draws tools/layers.txt as a picture, src/layers.svg; with --check says whether the picture is
stale.

Each block of the table is a frame with its title. The first block is the ground floor, the last one
the roof; those between stand side by side, since they do not need each other. In a frame whoever
includes stands above what is included. An arrow that follows from others is left out, and of the
ground floor a room only names what it uses, in small print."""
import argparse
import itertools
import random
import re
import sys
import textwrap
from pathlib import Path
from xml.sax.saxutils import escape

import check_layers

ROOT = Path(__file__).parent.parent
PICTURE = "src/layers.svg"

BOX_WIDTH, BOX_HEIGHT, LANE_WIDTH = 132, 80, 10
GAP_X, GAP_Y, MARGIN = 14, 38, 18
MOST_IN_A_ROW = 5
TRIES = 200
SUBTITLE, SMALL = 14, 13  # heights of letters
LETTER = 0.56  # the width of one, in heights
COLOURS = ["#e8f1e4", "#fdf0d8", "#e3ecf7", "#f5e6ee", "#eeeeee"]


class Block:
    """A block of the table: its title, and its folders with what they may include."""

    def __init__(self, title, folders):
        self.title, self.folders = title, folders


def blocks_of(text):
    """The blocks of the table, from the first line that names a folder on."""
    layers = check_layers.Layers(text)
    blocks = []
    for paragraph in text.split("\n\n"):
        lines = paragraph.splitlines()
        folders = [line.partition(":")[0].strip() for line in lines if not line.startswith("#")]
        title = " ".join(line.lstrip("# ") for line in lines if line.startswith("#"))
        folders = [folder for folder in folders if folder]
        if folders:
            blocks.append(Block(title, folders))
    return layers, blocks


def edges_of(layers):
    """{folder: the folders that it may include}, libraries and `*` left out."""
    edges = {}
    for folder, words in layers.allowed.items():
        edges[folder] = set()
        for word in words:
            parent = word.rpartition("/")[0] if word.endswith(".h") else word
            for name in ("include/" + parent, "src/" + parent):
                if name in layers.allowed and name != folder:
                    edges[folder].add(name)
    return edges


def reach(edges):
    """{folder: all folders that it reaches along edges}."""
    reached = {}

    def visit(folder):
        if folder not in reached:
            reached[folder] = set()
            for other in edges[folder]:
                reached[folder] |= {other} | visit(other)
        return reached[folder]

    for folder in edges:
        visit(folder)
    return reached


def reduced(edges):
    """The edges without those that follow from others."""
    reached = reach(edges)
    return {folder: {other for other in others
                     if not any(other in reached[between] for between in others)}
            for folder, others in edges.items()}


def places_in(rows):
    """{item: where in its row it stands, between 0 and 1}."""
    return {item: (index + 0.5) / len(row) for row in rows for index, item in enumerate(row)}


def wrapped(text, width, size):
    """The lines of a text in letters of that size."""
    return textwrap.wrap(text, int(width / (LETTER * size)))


def lines_of_title(words, width):
    """What stands before the first colon or semicolon, which is bold, and the lines of the rest."""
    bold, *rest = re.split("[:;]", words.rstrip("."), maxsplit=1)
    return [bold, *wrapped("".join(rest).strip(), width, SUBTITLE)]


class Frame:
    """The rooms of a block, laid out in rows. A lane is the place that a long arrow takes in a row
    that it passes: (from, to, row)."""

    def __init__(self, block, edges, to_the_left=frozenset()):
        self.block = block
        self.to_the_left = to_the_left
        rooms = block.folders
        self.edges = {room: sorted(edges[room] & set(rooms)) for room in rooms}
        self.parents = {room: [p for p in rooms if room in self.edges[p]] for room in rooms}
        # A room that needs most of the others, or that they need, is a beam over all of the frame.
        self.beams = {room for room in rooms if MOST_IN_A_ROW <=
                      max(len(self.edges[room]), len(self.parents[room]))}
        self.row = self.rows_of(rooms)
        self.rows = [[room for room in rooms if self.row[room] == row]
                     for row in range(max(self.row.values()) + 1)]
        self.chains = self.lay_lanes()
        self.sort_rows()
        self.place()

    def rows_of(self, rooms):
        """A row for each room, below all that include it."""
        row = {}
        lintels = [room for room in self.beams if not self.parents[room]]

        def depth(room):
            if room not in row:
                above = self.parents[room] or [lintel for lintel in lintels if lintel != room]
                row[room] = max((depth(parent) + 1 for parent in above), default=0)
            return row[room]

        for room in rooms:
            depth(room)
        # Whom nobody includes stands close to what it includes.
        for room in rooms:
            if room not in lintels and not self.parents[room] and self.edges[room]:
                row[room] = max(row[room], min(row[child] for child in self.edges[room]) - 1)
        # A row that is too long gives rooms that include nothing of the frame to the next one.
        for number in range(len(rooms)):
            there = [room for room in rooms if row[room] == number]
            leaves = [room for room in there if not self.edges[room] and room not in self.beams]
            for room in leaves[:max(0, len(there) - MOST_IN_A_ROW)]:
                row[room] += 1
        return row

    def lay_lanes(self):
        """{(from, to): the places that the arrow passes, both ends included}."""
        chains = {}
        for room, children in self.edges.items():
            for child in children:
                lanes = [(room, child, row)
                         for row in range(self.row[room] + 1, self.row[child])]
                for lane in lanes:
                    self.rows[lane[2]].append(lane)
                chains[room, child] = [room, *lanes, child]
        return chains

    def sort_rows(self):
        """Orders each row so that few arrows cross: the best of many tries, which begin with other
        orders. The dice are fixed, so that the same table gives the same picture."""
        # A beam is as wide as the frame: it pulls nobody to its middle, and no arrow crosses there.
        links = [(upper, lower) for chain in self.chains.values()
                 for upper, lower in zip(chain, chain[1:])
                 if upper not in self.beams and lower not in self.beams]
        dice = random.Random(1)
        tries = []
        for _ in range(TRIES):
            rows = [sorted(row, key=lambda _: dice.random()) for row in self.rows]
            self.settle(rows, links)
            tries.append((self.effort(rows, links), len(tries), rows))
        self.rows = min(tries)[2]

    def settle(self, rows, links):
        """Moves each item, again and again, to where its neighbours above and below stand."""
        near = {}
        for upper, lower in links:
            near.setdefault(upper, []).append(lower)
            near.setdefault(lower, []).append(upper)
        place = places_in(rows)

        def wish(item):
            if item in self.to_the_left:
                return -1
            wishes = [place[other] for other in near.get(item, [])]
            return sum(wishes) / len(wishes) if wishes else place[item]

        for sweep in range(12):
            for row in rows if sweep % 2 else reversed(rows):
                row.sort(key=wish)
                place.update(places_in([row]))

    @staticmethod
    def effort(rows, links):
        """What it takes to read the rows: arrows that cross, and how far arrows run sideways."""
        place = places_in(rows)
        level = {item: number for number, row in enumerate(rows) for item in row}
        crossings = sum(level[upper] == level[other]
                        and (place[upper] - place[other]) * (place[lower] - place[another]) < 0
                        for (upper, lower), (other, another) in itertools.combinations(links, 2))
        return crossings + sum(abs(place[upper] - place[lower]) for upper, lower in links)

    @staticmethod
    def width_of(item):
        return BOX_WIDTH if isinstance(item, str) else LANE_WIDTH

    def place(self):
        """Coordinates within the frame: `x` the middle of an item, `y` the top of its row."""
        lengths = [sum(map(self.width_of, row)) + GAP_X * (len(row) - 1) for row in self.rows]
        self.width = max(*lengths, 1.4 * BOX_WIDTH) + 2 * MARGIN
        self.title = lines_of_title(self.block.title, self.width - 2 * MARGIN)
        self.inset = 26 + 17 * len(self.title)
        self.height = self.inset + len(self.rows) * (BOX_HEIGHT + GAP_Y) - GAP_Y + MARGIN
        self.x, self.y = {}, {}
        for number, (row, length) in enumerate(zip(self.rows, lengths)):
            spare = (self.width - 2 * MARGIN - length) / len(row)
            x = MARGIN
            for item in row:
                width = self.width_of(item) + spare
                self.x[item] = x + width / 2
                self.y[item] = self.inset + number * (BOX_HEIGHT + GAP_Y)
                x += width + GAP_X

    def stretch(self, width, height):
        """Spreads the rooms over a larger frame."""
        pitch = (height - self.inset - MARGIN - BOX_HEIGHT) / max(1, len(self.rows) - 1)
        for number, row in enumerate(self.rows):
            for item in row:
                self.x[item] *= width / self.width
                self.y[item] = self.inset + number * pitch
        self.width, self.height = width, height


class Picture:
    """SVG, written piece by piece."""

    def __init__(self):
        self.pieces = []

    def text(self, x, y, words, size=15, style=""):
        self.pieces.append(f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" {style}>'
                           f"{escape(words)}</text>")

    def rectangle(self, x, y, width, height, colour, line="#8a8a8a"):
        self.pieces.append(f'<rect x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" '
                           f'height="{height:.0f}" rx="6" fill="{colour}" stroke="{line}"/>')

    def arrow(self, points):
        """A curve through the points, from above to below."""
        path = f"M{points[0][0]:.0f},{points[0][1]:.0f}"
        for (x0, y0), (x1, y1) in zip(points, points[1:]):
            bend = (y1 - y0) / 2
            path += f" C{x0:.0f},{y0 + bend:.0f} {x1:.0f},{y1 - bend:.0f} {x1:.0f},{y1:.0f}"
        self.pieces.append(f'<path d="{path}" fill="none" stroke="#444" stroke-width="1.4" '
                           'marker-end="url(#head)"/>')

    def room(self, x, y, width, folder, small=""):
        """A box with the folder's name, and small print; x is its middle."""
        self.rectangle(x - width / 2, y, width, BOX_HEIGHT, "#ffffff", "#555555")
        path, slash, name = folder.removeprefix("src/").rpartition("/")
        if path:
            self.text(x, y + 17, path + slash, 13, 'text-anchor="middle" fill="#555"')
        self.text(x, y + 36, name, 17, style='text-anchor="middle" font-weight="600"')
        for number, line in enumerate(wrapped(small, width, SMALL)):
            self.text(x, y + 54 + 15 * number, line, SMALL, 'text-anchor="middle" fill="#555"')

    def title(self, x, y, lines):
        self.text(x, y, lines[0], 18, 'font-weight="700"')
        for number, line in enumerate(lines[1:], 1):
            self.text(x, y + 2 + 17 * number, line, SUBTITLE, 'fill="#555"')

    def svg(self, width, height):
        head = (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" '
                f'width="{width:.0f}" height="{height:.0f}" '
                'font-family="Helvetica, Arial, DejaVu Sans, sans-serif" fill="#222">')
        marker = ('<defs><marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
                  'markerHeight="7" orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="#444"/></marker>'
                  "</defs>")
        background = f'<rect width="{width:.0f}" height="{height:.0f}" fill="#ffffff"/>'
        note = "<!-- Made by tools/draw_layers.py from tools/layers.txt. -->"
        return "\n".join([head, note, marker, background, *self.pieces, "</svg>"]) + "\n"


def small_print(folder, direct, ground):
    """What the room uses of the ground floor, without the first room and what follows."""
    used = direct[folder] & set(ground.block.folders[1:])
    names = [name for name in ground.block.folders if name in used
             and not any(name in direct[other] for other in used)]
    return ", ".join(name.removeprefix("src/").removeprefix("include/") for name in names)


def draw_frame(picture, frame, left, top, colour, small):
    picture.rectangle(left, top, frame.width, frame.height, colour)
    picture.title(left + MARGIN, top + 24, frame.title)
    for (upper, lower), chain in frame.chains.items():
        x_of = dict(frame.x)
        if upper in frame.beams:  # straight from beam to room
            x_of[upper] = x_of[chain[1]]
        if lower in frame.beams:
            x_of[lower] = x_of[chain[-2]]
        points = [(left + x_of[upper], top + frame.y[upper] + BOX_HEIGHT)]
        for lane in chain[1:-1]:
            points += [(left + frame.x[lane], top + frame.y[lane] - 4),
                       (left + frame.x[lane], top + frame.y[lane] + BOX_HEIGHT + 4)]
        picture.arrow([*points, (left + x_of[lower], top + frame.y[lower])])
    for room in frame.block.folders:
        beam = room in frame.beams
        width = frame.width - 2 * MARGIN if beam else BOX_WIDTH
        x = frame.width / 2 if beam else frame.x[room]
        picture.room(left + x, top + frame.y[room], width, room, small(room))


def draw(text):
    """The picture of the table, as SVG."""
    layers, blocks = blocks_of(text)
    direct = edges_of(layers)
    thinned = reduced(direct)
    ground, *middle, roof = blocks
    ground = Frame(ground, thinned)
    towers = []
    for block in reversed(middle):
        before = [room for tower in towers for room in tower.block.folders]
        reached = {other for room in before for other in thinned[room]}
        towers.append(Frame(block, thinned, reached & set(block.folders)))
    picture = Picture()

    height = max(tower.height for tower in towers)
    width = sum(tower.width for tower in towers) + MARGIN * (len(towers) + 1)
    title = lines_of_title(roof.title, width)
    inset = 26 + 17 * len(title)
    roof_height = inset + BOX_HEIGHT + MARGIN
    top = MARGIN + roof_height + GAP_Y
    where, middles = {}, []
    left = MARGIN
    for tower, colour in zip(towers, COLOURS[1:]):
        tower.stretch(tower.width, height)
        draw_frame(picture, tower, left, top, colour,
                   lambda room: small_print(room, direct, ground))
        middles.append(left + tower.width / 2)
        picture.arrow([(middles[-1], top - GAP_Y), (middles[-1], top)])
        where |= {room: (left + tower.x[room], top + tower.y[room])
                  for room in tower.block.folders}
        left += tower.width + MARGIN
    draw_bridges(picture, towers, thinned, where)

    picture.rectangle(MARGIN, MARGIN, width - 2 * MARGIN, roof_height, COLOURS[-1])
    picture.title(2 * MARGIN, MARGIN + 24, title)
    for number, room in enumerate(roof.folders):
        x = MARGIN + (width - 2 * MARGIN) * (2 * number + 1) / (2 * len(roof.folders))
        picture.room(x, MARGIN + inset, BOX_WIDTH, room)

    below = top + height + GAP_Y
    for tower, x in zip(towers, middles):
        picture.arrow([(x, top + height), (x, below)])
    ground.stretch(width - 2 * MARGIN, ground.height)
    draw_frame(picture, ground, MARGIN, below, COLOURS[0], lambda room: "")
    bottom = below + ground.height + 24
    first = ground.block.folders[0]
    notes = ["An arrow: may include. A dashed one leads from one tower to another. Arrows that "
             "follow from others are left out.",
             "Small print: what a room uses of the ground floor in addition to "
             f"{first}, which every room uses."]
    for line in notes:
        picture.text(MARGIN, bottom, line, SUBTITLE, 'fill="#555"')
        bottom += 20
    return picture.svg(width, bottom + MARGIN)


def draw_bridges(picture, towers, thinned, where):
    """Arrows from one tower to another, from side to side."""
    for tower in towers:
        for room in tower.block.folders:
            for other in sorted(thinned[room]):
                if other in where and other not in tower.block.folders:
                    (x0, y0), (x1, y1) = where[room], where[other]
                    side = BOX_WIDTH / 2 * (1 if x1 > x0 else -1)
                    x0, x1 = x0 + side, x1 - side
                    y0, y1, bend = y0 + BOX_HEIGHT / 2, y1 + BOX_HEIGHT / 2, (x1 - x0) / 2
                    picture.pieces.append(
                        f'<path d="M{x0:.0f},{y0:.0f} C{x0 + bend:.0f},{y0:.0f} '
                        f'{x1 - bend:.0f},{y1:.0f} {x1:.0f},{y1:.0f}" fill="none" stroke="#444" '
                        'stroke-width="1.4" stroke-dasharray="5 3" marker-end="url(#head)"/>')


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--check", action="store_true", help="fail if the picture is stale")
    parser.add_argument("root", nargs="?", type=Path, default=ROOT)
    arguments = parser.parse_args()
    picture = draw((arguments.root / "tools/layers.txt").read_text(encoding="utf-8"))
    file = arguments.root / PICTURE
    if not arguments.check:
        file.write_text(picture, encoding="utf-8")
        return 0
    if file.is_file() and file.read_text(encoding="utf-8") == picture:
        return 0
    print(f"{PICTURE} is not what tools/layers.txt says: run tools/draw_layers.py", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
