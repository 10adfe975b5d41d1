"""Boxes: a map or a vector seen from the front, a little from the right and from above."""

from __future__ import annotations

from fmnist_core.model.drawing import svg
from fmnist_core.model.drawing.ink import BLACK, WHITE, Ink, mixed
from fmnist_core.model.drawing.parts import State
from fmnist_core.model.drawing.rows import PlacedPart
from fmnist_core.model.drawing.scale import BAND_DEPTH
from fmnist_core.model.drawing.svg import Point

# A T-shirt on a map of 28×28.
_SHIRT = "M9 3L11.5 5.5H16.5L19 3L26 7.5L23.5 13L20.5 11.5V25H7.5V11.5L4.5 13L2 7.5Z"
_SHIRT_COLOR = "#d8d8d8"


def box(placed: PlacedPart, ink: Ink) -> str:
    """Draw a part; what is known about it shows when a mouse rests on it."""
    part = placed.part
    if part.layer is None:
        drawn = [_solid(placed, BLACK, edge=ink.line), _shirt(placed)]
    elif part.state is State.WAITS:
        drawn = [_outline(placed, fill=ink.faint, stroke=ink.line, stroke_width=0.8)]
    else:
        drawn = [_solid(placed, ink.of(part.kind))] if part.shape else []
        drawn += [_band(placed, ink.of("activation"))] if part.band else []
    if part.state is State.BROKEN:
        drawn = [svg.group(drawn, opacity=0.4)]
        style = {"fill": "none", "stroke": ink.problem, "stroke_width": 1.6}
        drawn.append(_outline(placed, **style, stroke_dasharray="4 3"))
    return svg.group(drawn, title=part.title)


def faces(placed: PlacedPart, offset: float, depth: float) -> tuple[list[Point], ...]:
    """Return the corners of the front, the top and the right side, from an offset along depth."""
    dx, dy = placed.part.size.skew
    left, right = placed.x + offset, placed.x + offset + depth
    top, bottom = placed.top, placed.bottom
    return (
        [(left, top), (right, top), (right, bottom), (left, bottom)],
        [(left, top), (left + dx, top - dy), (right + dx, top - dy), (right, top)],
        [(right, top), (right + dx, top - dy), (right + dx, bottom - dy), (right, bottom)],
    )


def _solid(placed: PlacedPart, color: str, edge: str = "") -> str:
    """Draw three faces: light falls from above, and the right side lies in shadow."""
    front, top, side = faces(placed, 0.0, placed.part.depth)
    style = {
        "stroke": edge or mixed(color, BLACK, 0.35),
        "stroke_width": 0.6,
        "stroke_linejoin": "round",
    }
    return "".join(
        (
            svg.polygon(side, fill=mixed(color, BLACK, 0.2), **style),
            svg.polygon(top, fill=mixed(color, WHITE, 0.35), **style),
            svg.polygon(front, fill=color, **style),
        )
    )


def _band(placed: PlacedPart, color: str) -> str:
    """Draw the activation at the end of a box as a stripe over front and top."""
    front, top, _ = faces(placed, placed.part.size.depth, BAND_DEPTH)
    return svg.polygon(top, fill=mixed(color, WHITE, 0.35)) + svg.polygon(front, fill=color)


def _outline(placed: PlacedPart, **style: object) -> str:
    corners = faces(placed, 0.0, placed.part.depth)
    return "".join(svg.polygon(face, stroke_linejoin="round", **style) for face in corners)


def _shirt(placed: PlacedPart) -> str:
    """Draw a garment on the right side, the face that shows height and width."""
    size = placed.part.size
    dx, dy = size.skew
    axes = (dx / 28, -dy / 28, 0.0, size.height / 28)
    origin = (placed.x + size.depth, placed.top)
    matrix = " ".join(f"{value:.3f}" for value in (*axes, *origin))
    return svg.path(_SHIRT, transform=f"matrix({matrix})", fill=_SHIRT_COLOR)
