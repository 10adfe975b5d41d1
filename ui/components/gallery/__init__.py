"""Images of the data set as a grid: one sprite, one message a choice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ui.components.own_component import own_component

_component = own_component(
    __file__,
    '<div class="gallery" role="group"></div>',
    css=["gallery.css"],
    js=["../elements.js", "../walk.js", "../tagging.js", "gallery.js"],
)


def show_gallery(
    data: dict[str, Any],
    *,
    key: str,
    on_opened_change: Callable[[], None],
    on_tagged_change: Callable[[], None],
) -> None:
    """Draw the images, or bring those that stand there up to date.

    Args:
        data: As `ui.errors.gallery.gallery_data` makes it, or without a word of a network
            `ui.data.gallery.gallery_data`; with "zoom", images grow under the pointer;
            with "leads_away", tagging one does not open it; with "pairs", two by two.
        key: Where the image that was opened lies in the session state, under "opened": {"image":
            its index}. It is not to be trusted.
        on_opened_change: Called before the page runs again with another image.
        on_tagged_change: Called before the page runs again with changed tags, which lie under
            "tagged" as `ui.tagging.take_tagged` reads them.
    """
    _component(
        key=key,
        data=data,
        default={"opened": None, "tagged": None},
        on_opened_change=on_opened_change,
        on_tagged_change=on_tagged_change,
    )
