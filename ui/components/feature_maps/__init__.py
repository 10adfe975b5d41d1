"""The maps of a layer as a grid, in which one is chosen, or some are crossed out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ui.components.own_component import own_component

_component = own_component(
    __file__,
    '<div class="maps"></div>',
    css=["maps.css"],
    js=["../elements.js", "../walk.js", "../pixels.js", "maps.js"],
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
