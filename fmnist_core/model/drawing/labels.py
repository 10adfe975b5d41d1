"""Labels: the lines below a box, which it shares with the slabs that follow it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from fmnist_core.model.drawing import svg
from fmnist_core.model.drawing.ink import Ink
from fmnist_core.model.drawing.parts import Part, State
from fmnist_core.model.drawing.svg import Point, text_width

NAME_SIZE, NOTE_SIZE, LINE_HEIGHT = 11.0, 10.0, 13.0  # px
SLAB_GAP = 2.5  # px
_LONGEST_LINE = 16  # characters of a name
_MOST_WAITING = 6  # layers under one label
_SWATCH = 10.0  # px, a small square and the space after it
_NOTE_GAP = 4.0  # px between a name and a note in one line


@dataclass(frozen=True)
class Line:
    """One line: part of a name, a note, or both; a slab's begins with its colour."""

    part: Part
    name: str = ""
    note: str = ""
    indent: float = 0.0
    swatch: bool = False

    @property
    def width(self) -> float:
        """Return how far it reaches, in px."""
        gap = _NOTE_GAP if self.name and self.note else 0.0
        name, note = text_width(self.name, NAME_SIZE), text_width(self.note, NOTE_SIZE)
        return self.indent + name + gap + note


@dataclass(frozen=True)
class Block:
    """A box with the slabs that follow it."""

    parts: tuple[Part, ...]

    @cached_property
    def lines(self) -> list[Line]:
        """Return the label: name and notes of the box, then a line or two for each slab."""
        first, *slabs = self.parts
        lines = [Line(first, name=words) for words in broken_name(first.name)]
        lines += [Line(first, note=note) for note in first.notes]
        return lines + [line for slab in slabs for line in _slab_lines(slab)]

    @cached_property
    def width(self) -> float:
        """Return the width of the widest line in px."""
        return max(line.width for line in self.lines)

    @cached_property
    def extent(self) -> float:
        """Return the width of the box and its slabs in px."""
        depth = sum(part.depth for part in self.parts) + SLAB_GAP * (len(self.parts) - 1)
        return depth + max(part.size.skew[0] for part in self.parts)

    @cached_property
    def rise(self) -> float:
        """Return how far they reach above the middle, and below it, in px."""
        return max((part.size.height + part.size.skew[1]) / 2 for part in self.parts)

    @property
    def height(self) -> float:
        """Return the height of all lines in px."""
        return LINE_HEIGHT * len(self.lines)


def blocks_of(parts: Sequence[Part]) -> list[Block]:
    """Put each slab to the box before it; layers that wait stand together."""
    groups: list[list[Part]] = []
    for part in parts:
        if groups and part.slab and _joins(part, groups[-1]):
            groups[-1].append(part)
        else:
            groups.append([part])
    return [Block(tuple(group)) for group in groups]


def _joins(part: Part, group: list[Part]) -> bool:
    waiting = group[0].state is State.WAITS
    if part.state is State.WAITS:
        return waiting and len(group) < _MOST_WAITING
    return not waiting


def broken_name(name: str) -> list[str]:
    """Break a layer's name into lines after underscores; a longer piece loses its end."""
    lines = [""]
    for piece in re.findall(r"[^_]*_|[^_]+", name):
        if lines[-1] and len(lines[-1]) + len(piece) > _LONGEST_LINE:
            lines.append("")
        lines[-1] += piece
    return [_shortened(line) for line in lines]


def _shortened(line: str) -> str:
    return line if len(line) <= _LONGEST_LINE else f"{line[: _LONGEST_LINE - 1]}…"


def _slab_lines(slab: Part) -> Iterator[Line]:
    waits = slab.state is State.WAITS
    words = broken_name(slab.name)
    for number, word in enumerate(words):
        yield Line(
            slab,
            name=word,
            note=" ".join(slab.notes) if number == len(words) - 1 else "",
            indent=0.0 if waits else _SWATCH,
            swatch=number == 0 and not waits,
        )


def label(block: Block, at: Point, ink: Ink) -> str:
    """Write the lines of a block from their upper left corner."""
    x, y = at
    drawn = []
    for number, line in enumerate(block.lines):
        drawn.append(_line(line, (x, y + LINE_HEIGHT * number + NAME_SIZE - 1), ink))
    return "".join(drawn)


def _line(line: Line, at: Point, ink: Ink) -> str:
    colors = {State.FITS: ink.text, State.BROKEN: ink.problem, State.WAITS: ink.muted}
    x, y = at
    drawn = []
    if line.swatch:
        drawn.append(svg.rectangle((x, y - 7), 7, 7, rx=1, fill=ink.of(line.part.kind)))
    x += line.indent
    if line.name:
        color = colors[line.part.state]
        drawn.append(svg.text((x, y), line.name, font_size=NAME_SIZE, fill=color))
        x += text_width(line.name, NAME_SIZE) + _NOTE_GAP
    if line.note:
        drawn.append(svg.text((x, y), line.note, font_size=NOTE_SIZE, fill=ink.muted))
    return "".join(drawn)
