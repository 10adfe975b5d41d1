"""Colours of cells: one scale for amounts, one for differences, each for a light and a dark page.

A cell names a step of a scale; the letters on it are black or white, whichever is easier to read.
"""

from __future__ import annotations

STEPS = 24  # of the scale for amounts, and of each side of that for differences

Color = tuple[int, int, int]

# (on light, on dark): the page's own background, then the far ends of the scales
_NOTHING: tuple[Color, Color] = ((0xFF, 0xFF, 0xFF), (0x17, 0x1E, 0x27))
_MUCH: tuple[Color, Color] = ((0x12, 0x4A, 0x9E), (0x8A, 0xB6, 0xFF))
_LESS: tuple[Color, Color] = ((0x1F, 0x5F, 0xBF), (0x79, 0xAA, 0xFF))
_MORE: tuple[Color, Color] = ((0xB3, 0x4F, 0x12), (0xF0, 0xA0, 0x6B))


def mix(start: Color, end: Color, share: float) -> Color:
    """Return the colour at `share`, in [0, 1], of the way from one to the other."""
    red, green, blue = (round(a + share * (b - a)) for a, b in zip(start, end, strict=True))
    return red, green, blue


def luminance(color: Color) -> float:
    """Return the relative luminance, in [0, 1] (WCAG 2.2)."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in color)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ink(color: Color) -> Color:
    """Return black or white, whichever has more contrast on this colour: 4.5:1 or more."""
    bright = luminance(color)
    return (0, 0, 0) if (bright + 0.05) ** 2 > 1.05 * 0.05 else (255, 255, 255)


def color_of(step: int, *, dark: bool, signed: bool) -> Color:
    """Return the colour of a step: 0 to `STEPS`, of signed ones -`STEPS` to `STEPS`."""
    end = _MUCH if not signed else _LESS if step < 0 else _MORE
    return mix(_NOTHING[dark], end[dark], abs(step) / STEPS)


def scale_css() -> str:
    """Return a rule for each step of both scales, for elements with data-scale and data-step."""
    return "\n".join(
        _rule(step, signed=signed)
        for signed in (False, True)
        for step in range(-STEPS if signed else 0, STEPS + 1)
    )


def _rule(step: int, *, signed: bool) -> str:
    light, dark = (color_of(step, dark=dark, signed=signed) for dark in (False, True))
    name = "signed" if signed else "amount"
    return (
        f'[data-scale={name}] [data-step="{step}"] {{ '
        f"background: light-dark({_hex(light)}, {_hex(dark)}); "
        f"color: light-dark({_hex(ink(light))}, {_hex(ink(dark))}); }}"
    )


def _hex(color: Color) -> str:
    return "#{:02x}{:02x}{:02x}".format(*color)
