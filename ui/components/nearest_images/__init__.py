"""The training images nearest to a picture, with their classes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

_FOLDER = Path(__file__).parent
_SHARED = _FOLDER.parent
_STYLES = (_FOLDER / "nearest.css", _SHARED / "neighbours.css")
_SCRIPTS = (_SHARED / "elements.js", _SHARED / "neighbours.js", _FOLDER / "nearest.js")

_component = st.components.v2.component(
    "fmnist_nearest_images",
    html='<section class="neighbours"></section>',
    css="\n".join(path.read_text(encoding="utf-8") for path in _STYLES),
    js="\n".join(path.read_text(encoding="utf-8") for path in _SCRIPTS),
)


def show_nearest_images(data: dict[str, Any], *, key: str) -> None:
    """Draw the images, or bring those that stand there up to date.

    Args:
        data: As `ui.neighbour_tiles.nearest_tiles` makes it.
        key: Same key, same place.
    """
    _component(key=key, data=data)
