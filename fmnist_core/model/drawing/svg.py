"""A few SVG elements as text.

Everything is said by plain attributes: no style sheet, no variable, no id and no reference, so
that a file looks the same in a browser, an editor and a printed thesis, and two of them can stand
in one page. All lengths are px.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

FONT = "system-ui, sans-serif"
Point = tuple[float, float]

# Advance widths of DejaVu Sans, the widest of the usual system fonts, in 1/1000 em.
_ADVANCES = {
    **dict.fromkeys("ijl'", 285),
    **dict.fromkeys("ft.,·: ()", 395),
    **dict.fromkeys("r_s-", 525),
    **dict.fromkeys("mMwW%", 980),
    **dict.fromkeys("×√…+", 1000),
}
_USUAL_ADVANCE = 640


@lru_cache(maxsize=4096)
def text_width(content: str, size: float) -> float:
    """Estimate how wide a text becomes at a font size; rather too wide than too narrow."""
    return sum(_ADVANCES.get(character, _USUAL_ADVANCE) for character in content) * size / 1000


def wrapped(words: Iterable[str], size: float, width: float) -> list[str]:
    """Break a text into lines between the given words."""
    lines: list[str] = []
    for word in words:
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines


def document(width: float, height: float, title: str, description: str, body: Iterable[str]) -> str:
    """Return a whole SVG file; it has no size of its own and fits what it is put into."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_number(width)} {_number(height)}" '
        f'role="img" font-family="{FONT}">\n'
        f"<title>{escape(title)}</title>\n<desc>{escape(description)}</desc>\n"
        + "\n".join(body)
        + "\n</svg>\n"
    )


def group(elements: Iterable[str], title: str = "", **attributes: object) -> str:
    """Put elements together; the title shows when a mouse rests on them."""
    note = f"<title>{escape(title)}</title>" if title else ""
    return f"<g{_written(attributes)}>{note}{''.join(elements)}</g>"


def text(at: Point, content: str, **attributes: object) -> str:
    """Write text with its baseline at a point."""
    return f"<text{_written({'x': at[0], 'y': at[1], **attributes})}>{escape(content)}</text>"


def polygon(points: Sequence[Point], **attributes: object) -> str:
    """Draw a closed outline."""
    joined = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
    return f'<polygon points="{joined}"{_written(attributes)}/>'


def rectangle(at: Point, width: float, height: float, **attributes: object) -> str:
    """Draw a rectangle from its upper left corner."""
    place = {"x": at[0], "y": at[1], "width": width, "height": height}
    return f"<rect{_written({**place, **attributes})}/>"


def image(at: Point, width: float, height: float, url: str) -> str:
    """Show the picture of a data URL."""
    place = {"x": at[0], "y": at[1], "width": width, "height": height, "href": url}
    return f"<image{_written(place)}/>"


def line(start: Point, end: Point, **attributes: object) -> str:
    """Draw a straight line."""
    place = {"x1": start[0], "y1": start[1], "x2": end[0], "y2": end[1]}
    return f"<line{_written({**place, **attributes})}/>"


def circle(at: Point, radius: float, **attributes: object) -> str:
    """Draw a dot."""
    return f"<circle{_written({'cx': at[0], 'cy': at[1], 'r': radius, **attributes})}/>"


def path(steps: str, **attributes: object) -> str:
    """Draw along SVG's own path commands."""
    return f'<path d="{steps}"{_written(attributes)}/>'


def arrow(points: Sequence[Point], color: str, stroke_width: float = 1.2) -> str:
    """Draw a line along points, upright and level by turns, with round corners and a head."""
    (x0, y0), (x, y) = points[-2:]
    along = ((x > x0) - (x < x0), (y > y0) - (y < y0))
    back = (x - 5 * along[0], y - 5 * along[1])
    wings = [(back[0] + 3 * side * along[1], back[1] + 3 * side * along[0]) for side in (1, -1)]
    shaft = path(
        _rounded([*points[:-1], back], 7), fill="none", stroke=color, stroke_width=stroke_width
    )
    return shaft + polygon([(x, y), *wings], fill=color)


def _rounded(points: Sequence[Point], radius: float) -> str:
    """Return path commands along points whose corners are rounded as far as there is room."""
    steps = [f"M{_pair(points[0])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        room = min(radius, _distance(before, corner) / 2, _distance(corner, after) / 2)
        steps.append(f"L{_pair(_towards(corner, before, room))}")
        steps.append(f"Q{_pair(corner)} {_pair(_towards(corner, after, room))}")
    return "".join([*steps, f"L{_pair(points[-1])}"])


def _distance(one: Point, other: Point) -> float:
    return abs(one[0] - other[0]) + abs(one[1] - other[1])  # along the axes


def _towards(start: Point, end: Point, length: float) -> Point:
    share = length / (_distance(start, end) or 1.0)
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)


def _pair(point: Point) -> str:
    return f"{_number(point[0])} {_number(point[1])}"


def _number(value: float) -> str:
    """Write a length to a hundredth."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _written(attributes: dict[str, object]) -> str:
    """Write attributes; an underscore in a name stands for SVG's hyphen."""
    return "".join(
        f" {name.replace('_', '-')}={_quoted(value)}" for name, value in attributes.items()
    )


def _quoted(value: object) -> str:
    return f'"{_number(value)}"' if isinstance(value, float) else quoteattr(str(value))
