"""One image of the data set, large, with what the networks make of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ui.components.own_component import own_component

_component = own_component(
    __file__,
    '<section class="card"></section>',
    css=["../button.css", "card.css", "../neighbours.css"],
    js=["../elements.js", "../tagging.js", "../neighbours.js", "card.js"],
)


def show_image_card(
    data: dict[str, Any],
    *,
    key: str,
    on_opened_change: Callable[[], None],
    on_tagged_change: Callable[[], None],
) -> None:
    """Draw an image, or bring the one that stands there up to date.

    Args:
        data: As `ui.errors.detail.card_data` makes it. Where "picture", "nearest" or "others" are
            not there, neither is that part of the card.
        key: Where the neighbour that was asked for lies in the session state, under "opened":
            {"image": its index}. It is not to be trusted.
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
