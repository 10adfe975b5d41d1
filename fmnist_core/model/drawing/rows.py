"""Rows: blocks from left to right like words in a line, and their labels, none over another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fmnist_core.model.drawing.labels import SLAB_GAP, Block
from fmnist_core.model.drawing.parts import Part

MARGIN = 16.0  # px around everything
GAP = 18.0  # px between blocks: room for an arrow
POLE = 5.0  # px from the line that leads to a label to its text
_LABEL_GAP = 9.0  # px between two labels side by side
_TIER_GAP = 4.0  # px between two labels one above the other
_BELOW_BOX = 8.0  # px
_STACKINGS = (0.0, 90.0, 120.0)  # px that labels may take one above the other, the least first
_STEPS = 5  # halvings when the width of rows is balanced


@dataclass(frozen=True)
class PlacedPart:
    """A part at a place.

    Attributes:
        x: Left edge of its front.
        axis: Height of the line along which everything flows, through the middle of each box.
    """

    part: Part
    x: float
    axis: float

    @property
    def right(self) -> float:
        """Return where its silhouette ends."""
        return self.x + self.part.depth + self.part.size.skew[0]

    @property
    def top(self) -> float:
        """Return the upper edge of its front; the back reaches higher by its skew."""
        return self.axis - (self.part.size.height - self.part.size.skew[1]) / 2

    @property
    def bottom(self) -> float:
        """Return the lower edge of its front."""
        return self.top + self.part.size.height

    @property
    def crown(self) -> tuple[float, float]:
        """Return the middle of its upper face, where skips begin and end."""
        dx, dy = self.part.size.skew
        return (self.x + (self.part.depth + dx) / 2, self.top - dy / 2)


@dataclass(frozen=True)
class PlacedBlock:
    """A block whose front begins at `x`, with its label `drop` px below the highest of its row."""

    block: Block
    x: float
    drop: float = 0.0

    @property
    def silhouette(self) -> float:
        """Return where its last box ends."""
        return self.x + self.block.extent

    @property
    def reach(self) -> float:
        """Return where its label ends."""
        return self.x + POLE + self.block.width

    def parts(self, axis: float) -> Iterator[PlacedPart]:
        """Place the box and its slabs along an axis."""
        x = self.x
        for part in self.block.parts:
            yield PlacedPart(part, x, axis)
            x += part.depth + SLAB_GAP


@dataclass(frozen=True)
class Row:
    """One line of blocks along an axis, which is 0 until the rows are put below each other."""

    blocks: tuple[PlacedBlock, ...] = ()
    axis: float = 0.0

    @property
    def parts(self) -> list[PlacedPart]:
        """Return its parts from left to right."""
        return [part for placed in self.blocks for part in placed.parts(self.axis)]

    @property
    def rise(self) -> float:
        """Return how far boxes reach above the axis, and below it."""
        return max(placed.block.rise for placed in self.blocks)

    @property
    def right(self) -> float:
        """Return where its last box or label ends."""
        return max(max(placed.silhouette, placed.reach) for placed in self.blocks)

    @property
    def labels(self) -> float:
        """Return where the highest label begins."""
        return self.axis + self.rise + _BELOW_BOX

    @property
    def bottom(self) -> float:
        """Return where the lowest label ends."""
        return self.labels + _hang(self.blocks)


def rows_of(blocks: Sequence[Block], width: float) -> list[Row]:
    """Fill as few rows of at most `width` px as possible, with as little stacking as that takes."""
    choices = [(_filled(blocks, width, stacking), stacking) for stacking in _STACKINGS]
    rows, stacking = min(choices, key=lambda choice: len(choice[0]))
    return rows if len(rows) == 1 else _balanced(blocks, rows, width, stacking)


def _balanced(blocks: Sequence[Block], rows: list[Row], width: float, stacking: float) -> list[Row]:
    """Find the narrowest width that takes no more rows, so that the last is not nearly empty."""
    low, high = width / 2, width
    for _ in range(_STEPS):
        middle = (low + high) / 2
        tried = _filled(blocks, middle, stacking)
        if len(tried) > len(rows):
            low = middle
        else:
            rows, high = tried, middle
    return rows


def _filled(blocks: Sequence[Block], width: float, stacking: float) -> list[Row]:
    """Fill rows as words fill lines."""
    rows = [Row()]
    for block in blocks:
        longer = _with(rows[-1], block, stacking)
        if rows[-1].blocks and longer.right > MARGIN + width:
            rows.append(_with(Row(), block, stacking))
        else:
            rows[-1] = longer
    return rows


def _with(row: Row, block: Block, stacking: float) -> Row:
    """Return a row with one more block, moved right until its label has a place."""
    if not row.blocks:
        return Row((PlacedBlock(block, MARGIN),))
    near = PlacedBlock(block, row.blocks[-1].silhouette + GAP)
    hung = _hung((*row.blocks, near))
    if _hang(hung) <= stacking or not any(placed.drop for placed in hung):
        return Row(hung)
    free = max(placed.reach for placed in row.blocks) + _LABEL_GAP
    return Row((*row.blocks, PlacedBlock(block, max(near.x, free))))


def _hung(blocks: Sequence[PlacedBlock]) -> tuple[PlacedBlock, ...]:
    """Hang each label below those to the right of it whose lines it would cross."""
    hung: list[PlacedBlock] = []
    for placed in reversed(blocks):
        covered = [other for other in hung if other.x < placed.reach + _LABEL_GAP]
        drops = [other.drop + other.block.height + _TIER_GAP for other in covered]
        hung.append(PlacedBlock(placed.block, placed.x, max(drops, default=0.0)))
    return tuple(reversed(hung))


def _hang(blocks: Sequence[PlacedBlock]) -> float:
    """Return how far labels reach below the highest."""
    return max(placed.drop + placed.block.height for placed in blocks)
