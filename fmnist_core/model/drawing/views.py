"""Views: what one value of a layer looks at in the layer before, a window or everything."""

from __future__ import annotations

from fmnist_core.model.drawing import svg
from fmnist_core.model.drawing.ink import Ink
from fmnist_core.model.drawing.parts import State
from fmnist_core.model.drawing.rows import PlacedPart
from fmnist_core.model.drawing.scale import Size


def view(before: PlacedPart, after: PlacedPart, ink: Ink) -> str:
    """Draw what a layer looks at on the right side of the one before, and lines from there."""
    if after.part.state is not State.FITS:
        return ""
    if after.part.fans:
        return _fan(before, after, ink)
    return _window(before, after, ink) if after.part.window else ""


def _window(before: PlacedPart, after: PlacedPart, ink: Ink) -> str:
    """Draw the window to scale, in the middle of the map."""
    side = after.part.window
    dx, dy = (length / 2 for length in Size(0.0, side, side).skew)
    x, y = before.right - before.part.size.skew[0] / 2, before.axis
    corners = [
        (x - dx, y + dy - side / 2),
        (x + dx, y - dy - side / 2),
        (x + dx, y - dy + side / 2),
        (x - dx, y + dy + side / 2),
    ]
    tip = (after.x, y)
    rays = [svg.line(corner, tip, stroke=ink.line, stroke_width=0.6) for corner in corners]
    cone = [corners[0], corners[1], tip, corners[3]]
    frame = {"fill": ink.frame, "stroke": ink.frame, "stroke_width": 0.9}
    return svg.group(
        [
            svg.polygon(cone, fill=ink.line, fill_opacity=0.16),
            *rays,
            svg.polygon(corners, fill_opacity=0.12, **frame),
        ]
    )


def _fan(before: PlacedPart, after: PlacedPart, ink: Ink) -> str:
    """Draw a sheet of light from all of what comes before to all of a vector."""
    dx, dy = before.part.size.skew
    corners = [
        (before.right, before.top - dy),
        (after.x, after.top),
        (after.x, after.bottom),
        (before.right - dx, before.bottom),
        (before.right, before.bottom - dy),
    ]
    strength = 0.3 if ink.dark else 0.13
    return svg.polygon(corners, fill=ink.of(after.part.kind), fill_opacity=strength)
