"""Layout: rows below each other, with room for labels, skips and the way from row to row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fmnist_core.model.drawing.labels import Block
from fmnist_core.model.drawing.rows import GAP, MARGIN, PlacedPart, Row, rows_of
from fmnist_core.model.drawing.skips import Skip, breadth, corners, headroom, skips_of
from fmnist_core.model.drawing.svg import Point

_ROW_GAP = 22.0  # px between the labels of a row and what stands above the next
_CHANNEL = 10.0  # px below the labels, where the way to the next row runs
_LEFT = 5.0  # px, where it comes down


@dataclass(frozen=True)
class Layout:
    """A drawing without its legend, in px.

    Attributes:
        ways: Between parts that follow each other: (from, to, corner points).
        skips: Each with its corner points.
        width: With the margins.
        bottom: Where the last label ends.
    """

    rows: list[Row]
    ways: list[tuple[PlacedPart, PlacedPart, list[Point]]]
    skips: list[tuple[Skip, list[Point]]]
    width: float
    bottom: float

    @property
    def parts(self) -> list[PlacedPart]:
        """Return all parts in order."""
        return [part for row in self.rows for part in row.parts]


def lay_out(blocks: Sequence[Block], width: float) -> Layout:
    """Place everything in rows of at most `width` px."""
    rows = rows_of(blocks, width - 2 * MARGIN)
    right = max(row.right for row in rows) + (GAP if len(rows) > 1 else 0.0)
    skips = skips_of(rows, right)
    rows = _stacked(rows, skips)
    return Layout(
        rows,
        _ways(rows, right),
        [(skip, corners(skip, skips, rows, right)) for skip in skips],
        right + breadth(skips) + MARGIN,
        rows[-1].bottom,
    )


def _stacked(rows: Sequence[Row], skips: Sequence[Skip]) -> list[Row]:
    """Give each row its axis."""
    stacked: list[Row] = []
    top = MARGIN
    for number, row in enumerate(rows):
        axis = top + headroom(skips, number) + row.rise
        stacked.append(replace(row, axis=axis))
        top = stacked[-1].bottom + _ROW_GAP
    return stacked


def _ways(rows: Sequence[Row], right: float) -> list[tuple[PlacedPart, PlacedPart, list[Point]]]:
    """Lead from each box to the next; slabs touch what they follow, so nothing leads there."""
    ways = []
    for number, row in enumerate(rows):
        for before, after in zip(row.blocks, row.blocks[1:], strict=False):
            last, first = list(before.parts(row.axis))[-1], next(after.parts(row.axis))
            ways.append((last, first, [(last.right, row.axis), (first.x - 1, row.axis)]))
        if number + 1 < len(rows):
            last, first = row.parts[-1], rows[number + 1].parts[0]
            low, end = row.bottom + _CHANNEL, (first.x - 1, first.axis)
            turns = [(right, row.axis), (right, low), (_LEFT, low), (_LEFT, first.axis)]
            ways.append((last, first, [(last.right, row.axis), *turns, end]))
    return ways
