"""A sheet of paper to draw on, by mouse, pen, finger or keys."""

from __future__ import annotations

from ui.components.own_component import own_component

_component = own_component(
    __file__,
    '<div class="pad"></div>',
    css=["../button.css", "pad.css"],
    js=["../elements.js", "pad.js"],
)


def draw_pad(*, png: str | None, key: str) -> object:
    """Draw the sheet; the page runs again after each stroke.

    Args:
        png: What stands on it at first, a data URL that this function returned; None for nothing.
        key: Same key, same sheet.

    Returns:
        What stands on it now: a data URL of a PNG of 280×280 pixels as far as the browser can be
        trusted, which it cannot; None for an empty sheet.
    """
    label = "Paper to draw on: arrow keys move the pen, the space bar puts it down and lifts it"
    found = _component(
        key=key, data={"png": png, "label": label}, default={"png": png}, on_png_change=lambda: None
    )
    return found.png
