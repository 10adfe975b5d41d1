"""Where parameters and multiply-adds lie: two bars a layer, as an SVG file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fmnist_core.model.catalogue import CATALOGUE
from fmnist_core.model.drawing import svg
from fmnist_core.model.drawing.ink import Ink, ink
from fmnist_core.model.drawing.svg import text_width
from fmnist_core.model.shapes import LayerShape, Trace
from fmnist_core.specs.model import ModelSpec

WIDTH = 372.0  # px, as are all lengths here; the panel beside the layers is as wide
_MARGIN, _HEADING = 10.0, 46.0
_BAR, _LINE, _ROW_GAP, _NOTE_LINE = 9.0, 13.0, 6.0, 15.0
_TOTAL_SIZE, _SIZE, _SMALL = 14.0, 11.0, 10.0  # letters
_LONGEST_NAME = 21  # characters
_SHARE = text_width("100.0 %", _SMALL) + 4
_THINNEST = 1.5  # of a bar that is not 0
_MOST_LINES = 4  # of layers without cost

_FULL: Mapping[str, object] = {}
_OUTLINED: Mapping[str, object] = {"fill_opacity": 0.25, "stroke_width": 1}


@dataclass(frozen=True)
class Measure:
    """What is counted.

    Attributes:
        name: Its name.
        values: One number a layer.
        formulas: How each comes about; "" for 0.
        style: How its bars differ from those of the other measure.
    """

    name: str
    values: tuple[int, ...]
    formulas: tuple[str, ...]
    style: Mapping[str, object]

    @property
    def total(self) -> int:
        """Return the number of the whole network."""
        return sum(self.values)

    @property
    def numbers_width(self) -> float:
        """Return the width of its longest number in px."""
        return max((text_width(f"{value:,}", _SMALL) for value in self.values), default=0.0)

    def share(self, at: int) -> str:
        """Write what a layer has of the total."""
        percent = 100 * self.values[at] / self.total
        return f"{percent:.1f} %" if percent >= 0.1 else "<0.1 %"


def cost_bars_svg(model: ModelSpec, found: Trace, *, dark: bool = False) -> str:
    """Draw how parameters and multiply-adds are shared out among the layers.

    Args:
        model: The network; of one that does not fit, the layers before the problem are shown.
        found: Its trace.
        dark: For a dark page; the drawing has no background of its own.

    Returns:
        A whole SVG file, which needs nothing else. A full bar stands for parameters, an outlined
        one for multiply-adds; the longest of each is that of the costliest layer. Percentages are
        of the whole network. Layers without cost are named below.
    """
    colors = ink(dark=dark)
    fills = {layer.name: colors.of(CATALOGUE[layer.type].kind) for layer in model.layers}
    layers = [layer for layer in found.layers if any(layer.cost)]
    measures = _measures(layers)
    names = max((text_width(_short(layer.name), _SIZE) for layer in layers), default=0.0)
    numbers = max(measure.numbers_width for measure in measures)
    left, right = 2 * _MARGIN + names, WIDTH - _MARGIN - _SHARE - numbers - 8
    drawn = list(_headings(measures, colors))
    y = _MARGIN + _HEADING
    for at, layer in enumerate(layers):
        drawn.append(_name(layer.name, y, colors))
        for measure in (measure for measure in measures if measure.values[at]):
            fill = fills[layer.name]
            drawn.append(_bar(measure, at, fill, colors, ends=(left, right), top=y))
            y += _LINE
        y += _ROW_GAP
    for line in _notes(found, layers):
        y += _NOTE_LINE
        drawn.append(svg.text((_MARGIN, y), line, font_size=_SMALL, fill=colors.muted))
    title = f"Cost of the layers of {model.name or 'a network without a name'}"
    return svg.document(WIDTH, y + _MARGIN, title, _words(layers, measures), drawn)


def _measures(layers: Sequence[LayerShape]) -> tuple[Measure, Measure]:
    costs = [layer.cost for layer in layers]
    return (
        Measure(
            "Parameters",
            tuple(cost.trainable + cost.non_trainable for cost in costs),
            tuple(layer.formula for layer in layers),
            _FULL,
        ),
        Measure(
            "Multiply-adds an image",
            tuple(cost.mult_adds for cost in costs),
            tuple(layer.mult_adds_formula for layer in layers),
            _OUTLINED,
        ),
    )


def _headings(measures: Sequence[Measure], colors: Ink) -> Iterator[str]:
    """Write the totals side by side, each with how its bars look."""
    for number, measure in enumerate(measures):
        x = _MARGIN + number * WIDTH / 2
        swatch = {"rx": 1.5, "fill": colors.line, "stroke": colors.line, "stroke_width": 1}
        yield svg.rectangle((x + 0.5, _MARGIN + 1), 14, 8, **{**swatch, **measure.style})
        named_at = (x + 21, _MARGIN + 9)
        yield svg.text(named_at, measure.name, font_size=_SMALL, fill=colors.muted)
        total_at, total = (x, _MARGIN + 27), f"{measure.total:,}"
        yield svg.text(total_at, total, font_size=_TOTAL_SIZE, fill=colors.text)


def _name(name: str, y: float, colors: Ink) -> str:
    words = svg.text((_MARGIN, y + _BAR), _short(name), font_size=_SIZE, fill=colors.text)
    return svg.group([words], title=name)


def _short(name: str) -> str:
    half = _LONGEST_NAME // 2
    return name if len(name) <= _LONGEST_NAME else f"{name[:half]}…{name[-half:]}"


def _bar(
    measure: Measure, at: int, fill: str, colors: Ink, *, ends: tuple[float, float], top: float
) -> str:
    """Draw bar, number and share of a layer; how the number comes about is the title."""
    left, right = ends
    length = max((right - left) * measure.values[at] / max(measure.values), _THINNEST)
    look = {"rx": 1.5, "fill": fill, "stroke": fill, "stroke_width": 0, **measure.style}
    words = {"font_size": _SMALL, "text_anchor": "end"}
    number_at, share_at = (WIDTH - _MARGIN - _SHARE, top + _BAR), (WIDTH - _MARGIN, top + _BAR)
    drawn = [
        svg.rectangle((left, top + 0.5), length, _BAR, **look),
        svg.text(number_at, f"{measure.values[at]:,}", fill=colors.text, **words),
        svg.text(share_at, measure.share(at), fill=colors.muted, **words),
    ]
    return svg.group(drawn, title=measure.formulas[at])


def _notes(found: Trace, costly: Sequence[LayerShape]) -> list[str]:
    """Name the layers without cost in a few lines at most."""
    named = {layer.name for layer in costly}
    free = [layer.name for layer in found.layers if layer.name not in named]
    if not free:
        return []
    words = [f"{name}," for name in free[:-1]] + [f"{free[-1]}."]
    lines = svg.wrapped(["Without cost:", *words], _SMALL, WIDTH - 2 * _MARGIN)
    return lines if len(lines) <= _MOST_LINES else [f"Without cost: {len(free)} layers."]


def _words(layers: Sequence[LayerShape], measures: Sequence[Measure]) -> str:
    """Say the numbers for who cannot see the bars."""
    totals = ", ".join(f"{measure.total:,} {measure.name.lower()}" for measure in measures)
    rows = [
        f"{layer.name} {', '.join(f'{measure.values[at]:,}' for measure in measures)}"
        for at, layer in enumerate(layers)
    ]
    return f"In total {totals}. By layer: {'; '.join(rows)}." if rows else f"In total {totals}."
