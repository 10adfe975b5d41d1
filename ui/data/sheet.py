"""Pictures of 28×28 numbers side by side, for a light and a dark page."""

from __future__ import annotations

from collections.abc import Sequence

from fmnist_core.figures.pixel_sheet import SIDE, Picture, sheet_svg
from ui.components.picture import picture

_THEMES = {"light": False, "dark": True}


def draw_sheet(
    pictures: Sequence[Picture],
    *,
    limit: float,
    columns: int,
    name: str,
    side: int = SIDE,
    signed: bool = False,
) -> None:
    """Draw pictures as `sheet_svg` takes them, which can be saved under their name."""
    svgs = {
        theme: sheet_svg(
            pictures, limit=limit, columns=columns, dark=dark, title=name, side=side, signed=signed
        )
        for theme, dark in _THEMES.items()
    }
    stem = name.lower().replace(" ", "-").replace("/", "-")
    picture(svgs, key=f"data-sheet-{stem}", file_name=stem, alt=name)
