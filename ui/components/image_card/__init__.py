"""One image of the data set, large, with what the networks make of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

_FOLDER = Path(__file__).parent

_component = st.components.v2.component(
    "fmnist_image_card",
    html='<section class="card"></section>',
    css=(_FOLDER / "card.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "card.js").read_text(encoding="utf-8"),
)


def show_image_card(
    data: dict[str, Any], *, key: str, on_opened_change: Callable[[], None]
) -> None:
    """Draw an image, or bring the one that stands there up to date.

    Args:
        data: As `ui.errors.detail.card_data` makes it.
        key: Where the neighbour that was asked for lies in the session state, under "opened":
            {"image": its index}. It is not to be trusted.
        on_opened_change: Called before the page runs again with another image.
    """
    _component(key=key, data=data, default={"opened": None}, on_opened_change=on_opened_change)
