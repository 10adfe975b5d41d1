"""Skips: the lines over the boxes from an earlier layer to the merge that joins it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from fmnist_core.model.drawing.rows import PlacedPart, Row
from fmnist_core.model.drawing.svg import Point

_LEVEL = 9.0  # px between two skips one above the other
_MOST_ABOVE = 84.0  # px for all skips above a row
_TRACK = 7.0  # px between two skips beside the rows
_MOST_BESIDE = 60.0  # px
_SIDESTEP = 4.0  # px, so that a skip that begins on a box and one that ends there stay apart
_AIR = 6.0  # px


@dataclass(frozen=True)
class Leg:
    """A level stretch of a skip above a row, from x to x; level 1 is the lowest."""

    row: int
    start: float
    end: float
    level: int = 0


@dataclass(frozen=True)
class Skip:
    """A skip from layer to layer.

    Attributes:
        legs: One above the row of both; or one above each of their rows.
        track: Place beside the rows, from 1, where a skip with two legs changes its row.
    """

    source: str
    target: str
    legs: tuple[Leg, ...]
    track: int = 0


def skips_of(rows: Sequence[Row], right: float) -> list[Skip]:
    """Return a skip for each joined layer; those from row to row pass beside them, at `right`."""
    skips = list(_joined(rows, right))
    levels = iter(_levels([leg for skip in skips for leg in skip.legs]))
    return _tracked(
        [
            replace(skip, legs=tuple(replace(leg, level=next(levels)) for leg in skip.legs))
            for skip in skips
        ]
    )


def headroom(skips: Sequence[Skip], row: int) -> float:
    """Return how many px the skips need above a row."""
    levels = _most_levels(skips, row)
    return min(levels * _LEVEL, _MOST_ABOVE) + _AIR if levels else 0.0


def breadth(skips: Sequence[Skip]) -> float:
    """Return how many px the skips need beside the rows."""
    return min(_TRACK * _most_tracks(skips), _MOST_BESIDE)


def corners(skip: Skip, skips: Sequence[Skip], rows: Sequence[Row], right: float) -> list[Point]:
    """Return the points along which a skip runs, now that rows have their axes."""
    parts = {placed.part.name: placed for row in rows for placed in row.parts}
    start, end = _start(parts[skip.source]), _end(parts[skip.target])
    heights = [_height_of(leg, skips, rows[leg.row]) for leg in skip.legs]
    if len(skip.legs) == 1:
        return [start, (start[0], heights[0]), (end[0], heights[0]), end]
    x = right + skip.track * breadth(skips) / _most_tracks(skips)
    over, under = heights
    return [start, (start[0], over), (x, over), (x, under), (end[0], under), end]


def _joined(rows: Sequence[Row], right: float) -> Iterator[Skip]:
    """Find the skips and the stretches they take, without their levels."""
    places = {
        placed.part.name: (number, placed)
        for number, row in enumerate(rows)
        for placed in row.parts
    }
    for target, (below, placed) in places.items():
        for source in placed.part.inputs:
            if source not in places:
                continue
            above, start = places[source][0], _start(places[source][1])[0]
            end = _end(placed)[0]
            if above == below:
                yield Skip(source, target, (Leg(above, start, end),))
            else:
                yield Skip(source, target, (Leg(above, start, right), Leg(below, end, right)))


def _tracked(skips: list[Skip]) -> list[Skip]:
    """Give each skip from row to row its track: the further right it begins, the further in."""
    tracks: dict[int, int] = {}
    changing = [at for at, skip in enumerate(skips) if len(skip.legs) == 2]
    for at in sorted(changing, key=lambda at: -skips[at].legs[0].start):
        met = [tracks[other] for other in tracks if _pass(skips[at], skips[other])]
        tracks[at] = max(met, default=0) + 1
    return [replace(skip, track=tracks.get(at, 0)) for at, skip in enumerate(skips)]


def _pass(one: Skip, other: Skip) -> bool:
    """Say whether two skips pass the same height beside the rows."""
    (begin, end), (other_begin, other_end) = (
        [(leg.row, -leg.level) for leg in skip.legs] for skip in (one, other)
    )
    return begin < other_end and other_begin < end


def _levels(legs: Sequence[Leg]) -> list[int]:
    """Find a level for each stretch: shorter ones run below longer ones."""
    levels: dict[int, int] = {}
    for at in sorted(range(len(legs)), key=lambda at: legs[at].end - legs[at].start):
        met = [levels[other] for other in levels if _meet(legs[at], legs[other])]
        levels[at] = max(met, default=0) + 1
    return [levels[at] for at in range(len(legs))]


def _meet(one: Leg, other: Leg) -> bool:
    return one.row == other.row and one.start < other.end and other.start < one.end


def _most_levels(skips: Sequence[Skip], row: int) -> int:
    return max((leg.level for skip in skips for leg in skip.legs if leg.row == row), default=0)


def _most_tracks(skips: Sequence[Skip]) -> int:
    return max((skip.track for skip in skips), default=0)


def _height_of(leg: Leg, skips: Sequence[Skip], row: Row) -> float:
    step = min(_LEVEL, _MOST_ABOVE / _most_levels(skips, leg.row))
    return row.axis - row.rise - step * leg.level


def _start(placed: PlacedPart) -> Point:
    return (placed.crown[0] + _SIDESTEP, placed.crown[1])


def _end(placed: PlacedPart) -> Point:
    return (placed.crown[0] - _SIDESTEP, placed.crown[1])
