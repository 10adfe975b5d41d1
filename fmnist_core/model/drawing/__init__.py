"""A drawing of a network as an SVG file.

Data flows from left to right, and on to the next row. A map is a box to scale: its right side has
the map's height and width, seen at an angle, and along the flow it is as deep as it has channels.
A vector is a bar. Layers that keep the shape are slabs on the box before them.
"""

from __future__ import annotations

from fmnist_core.model.drawing import svg, words
from fmnist_core.model.drawing.boxes import box
from fmnist_core.model.drawing.ink import Ink, ink
from fmnist_core.model.drawing.labels import blocks_of, label
from fmnist_core.model.drawing.layout import Layout, lay_out
from fmnist_core.model.drawing.legend import legend
from fmnist_core.model.drawing.parts import State, parts_of
from fmnist_core.model.drawing.rows import GAP, MARGIN, POLE, Row
from fmnist_core.model.drawing.scale import scale_of
from fmnist_core.model.drawing.skips import Skip
from fmnist_core.model.drawing.svg import Point
from fmnist_core.model.drawing.views import view
from fmnist_core.model.shapes import Trace
from fmnist_core.specs.model import ModelSpec

ROW_WIDTH = 680  # px
_NARROWEST = 320.0  # px, so that the legend of a single layer has a place


def network_svg(
    model: ModelSpec, found: Trace, *, dark: bool = False, row_width: int = ROW_WIDTH
) -> str:
    """Draw a network.

    Args:
        model: The network; it need not fit: what comes before the problem is drawn, the layer
            with the problem is outlined, and those after it wait.
        found: Its trace.
        dark: For a dark page; the drawing has no background of its own.
        row_width: How wide a row may become in px, at least 320; more layers begin a new one.

    Returns:
        A whole SVG file with letters of 10 and 11 px, which needs nothing else.
    """
    colors = ink(dark=dark)
    scale = scale_of(layer.output for layer in found.layers)
    parts = parts_of(model, found, scale)
    layout = lay_out(blocks_of(parts), row_width)
    width = max(layout.width, _NARROWEST)
    below, bottom = legend(
        parts, scale, colors, at=(MARGIN, layout.bottom + 6), width=width - 2 * MARGIN
    )
    body = [*_network(layout, colors), *(_empty(layout, colors) if not model.layers else ())]
    title, description = words.title(model, found), words.description(model, found)
    return svg.document(width, bottom + MARGIN, title, description, [*body, *below])


def _network(layout: Layout, colors: Ink) -> list[str]:
    """Draw from back to front: labels, then box after box with what each looks at, then skips."""
    ways = {after.part.name: (before, after, points) for before, after, points in layout.ways}
    drawn = [element for row in layout.rows for element in _labels(row, colors)]
    for placed in layout.parts:
        if way := ways.get(placed.part.name):
            before, after, points = way
            waits = after.part.state is State.WAITS
            drawn.append(svg.arrow(points, colors.faint if waits else colors.line))
            drawn += [view(before, after, colors)] if before.axis == after.axis else []
        drawn.append(box(placed, colors))
    return drawn + [_skip(skip, points, colors) for skip, points in layout.skips]


def _labels(row: Row, colors: Ink) -> list[str]:
    """Write what stands below a row, each label at the end of a line from its box."""
    drawn = []
    for placed in row.blocks:
        top = row.labels + placed.drop
        begin, end = next(placed.parts(row.axis)).bottom, top + placed.block.height - 2
        pole = {"stroke": colors.faint, "stroke_width": 1}
        drawn.append(svg.line((placed.x, begin), (placed.x, end), **pole))
        drawn.append(label(placed.block, (placed.x + POLE, top), colors))
    return drawn


def _skip(skip: Skip, points: list[Point], colors: Ink) -> str:
    color = colors.of("merge")
    dot = svg.circle(points[0], 1.8, fill=color)
    return svg.group([dot, svg.arrow(points, color, 1.3)], title=f"{skip.source} → {skip.target}")


def _empty(layout: Layout, colors: Ink) -> list[str]:
    image = layout.parts[0]
    at = (image.right + GAP, image.axis)
    return [svg.text(at, "no layers yet", font_size=11, fill=colors.muted)]
