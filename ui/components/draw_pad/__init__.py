"""A sheet of paper to draw on, by mouse, pen, finger or keys."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_FOLDER = Path(__file__).parent
_SCRIPTS = (_FOLDER.parent / "elements.js", _FOLDER / "pad.js")

_component = st.components.v2.component(
    "fmnist_draw_pad",
    html='<div class="pad"></div>',
    css=(_FOLDER / "pad.css").read_text(encoding="utf-8"),
    js="\n".join(path.read_text(encoding="utf-8") for path in _SCRIPTS),
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
