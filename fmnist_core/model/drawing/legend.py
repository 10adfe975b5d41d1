"""The legend: the kinds of layers that occur, and what lengths and marks mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fmnist_core.model.catalogue import KINDS
from fmnist_core.model.drawing import svg
from fmnist_core.model.drawing.ink import Ink
from fmnist_core.model.drawing.parts import Part, State
from fmnist_core.model.drawing.scale import Scale
from fmnist_core.model.drawing.svg import Point, text_width

_SIZE, _LINE, _GAP = 10.0, 16.0, 14.0  # px: letters, line height, between entries
_SWATCH, _SWATCH_GAP = 9.0, 5.0  # px
_LONGEST_BAR = 40.0  # px


def legend(
    parts: Sequence[Part], scale: Scale, ink: Ink, *, at: Point, width: float
) -> tuple[list[str], float]:
    """Return the elements of the legend from its upper left corner, and where it ends in px."""
    left, y = at
    x, y, drawn = left, y + _LINE, []
    for bar, color, words in _entries(parts, scale, ink):
        needed = bar + _SWATCH_GAP + text_width(words, _SIZE)
        if x > left and x + needed > left + width:
            x, y = left, y + _LINE
        drawn.append(svg.rectangle((x, y - 8), bar, _SWATCH, rx=1.5, fill=color))
        words_at = (x + bar + _SWATCH_GAP, y)
        drawn.append(svg.text(words_at, words, font_size=_SIZE, fill=ink.text))
        x += needed + _GAP
    for line in _balanced(" ".join(_notes(parts, scale)).split(), width):
        y += _LINE
        drawn.append(svg.text((left, y), line, font_size=_SIZE, fill=ink.muted))
    return drawn, y


def _entries(parts: Sequence[Part], scale: Scale, ink: Ink) -> Iterator[tuple[float, str, str]]:
    """Return a swatch for each kind, and the depth of some round number of channels."""
    shown = {part.kind for part in parts if part.shape or part.inputs}
    shown |= {"activation"} if any(part.band for part in parts) else set()
    for kind in KINDS:
        if kind in shown:
            yield _SWATCH, ink.of(kind), kind
    if scale.linear and any(_is_deep(part) for part in parts):
        channels = 1
        while 2 * channels <= scale.channels[1] and scale.depth(2 * channels) <= _LONGEST_BAR:
            channels *= 2
        yield scale.depth(channels), ink.line, f"{channels} channels deep"


def _is_deep(part: Part) -> bool:
    return part.layer is not None and part.shape is not None and len(part.shape) == 3


def _notes(parts: Sequence[Part], scale: Scale) -> Iterator[str]:
    yield "Height and width of maps to scale."
    if not scale.linear:
        fewest, most = scale.channels
        yield f"Depth by the square root of the channels, as they range from {fewest} to {most:,}."
    if any(part.shape and len(part.shape) == 1 for part in parts):
        yield "Vectors: length on a log scale."
    if any(part.slab and part.state is not State.WAITS for part in parts):
        yield "Thin slabs keep the shape."
    if any(part.window for part in parts):
        yield "Small frame: what one value of the next layer sees."


def _balanced(words: Sequence[str], width: float) -> list[str]:
    """Break a text into lines of about the same length, so that none is left with a word."""
    lines = svg.wrapped(words, _SIZE, width)
    even = text_width(" ".join(words), _SIZE) / len(lines) + _LONGEST_BAR
    narrower = svg.wrapped(words, _SIZE, min(even, width))
    return narrower if len(narrower) == len(lines) else lines
