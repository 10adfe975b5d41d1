"""The training images nearest to a picture, with their classes."""

from __future__ import annotations

from typing import Any

from ui.components.own_component import own_component

_component = own_component(
    __file__,
    '<section class="neighbours"></section>',
    css=["nearest.css", "../neighbours.css"],
    js=["../elements.js", "../neighbours.js", "nearest.js"],
)


def show_nearest_images(data: dict[str, Any], *, key: str) -> None:
    """Draw the images, or bring those that stand there up to date.

    Args:
        data: As `ui.neighbour_tiles.nearest_tiles` makes it.
        key: Same key, same place.
    """
    _component(key=key, data=data)
