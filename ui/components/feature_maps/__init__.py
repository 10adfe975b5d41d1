"""The maps of a layer as a grid, in which one is chosen, or some are crossed out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

_FOLDER = Path(__file__).parent
_SHARED = _FOLDER.parent
_SCRIPTS = (_SHARED / "elements.js", _SHARED / "pixels.js", _FOLDER / "maps.js")

_component = st.components.v2.component(
    "fmnist_feature_maps",
    html='<div class="maps"></div>',
    css=(_FOLDER / "maps.css").read_text(encoding="utf-8"),
    js="\n".join(path.read_text(encoding="utf-8") for path in _SCRIPTS),
)


def show_feature_maps(
    data: dict[str, Any], *, key: str, on_opened_change: Callable[[], None]
) -> None:
    """Draw the maps, or bring those that stand there up to date.

    Args:
        data: As `ui.inside.map_data.grid_data` makes it, and "chosen", the number of a map; or
            "off", the numbers of maps that are crossed out: a click asks to change one of them.
        key: Where the map that was chosen lies in the session state, under "opened": {"channel":
            its number}; with "off" also "clicks": [{"channel", "at"}, …], the latest last, each
            made at another "at" in ms. It is not to be trusted.
        on_opened_change: Called before the page runs again with another map.
    """
    _component(key=key, data=data, default={"opened": None}, on_opened_change=on_opened_change)
