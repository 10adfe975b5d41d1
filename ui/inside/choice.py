"""What is chosen on the Inside page; kept in the session, and in the address of the page."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from fmnist_core.analysis.predictions import NUM_IMAGES
from ui.components.address_bar import address_bar

# The first one is shown first.
VIEWS = {
    "maps": "Feature maps",
    "filters": "Filters",
    "arithmetic": "Arithmetic",
    "saliency": "Saliency",
    "embedding": "Embedding",
    "time": "Time machine",
    "health": "Health",
}
MAX_CHANNELS = 100_000  # what an address can name; the layer decides what there is
_KEY = "inside-choice"


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What the Inside page looks at.

    Attributes:
        view: A key of `VIEWS`.
        image: Index into the 70,000 pooled images; None until one is chosen.
        layer: Name of a layer, which the network may not have; "" for the first one of the view.
        channel: Number of a channel, which the layer may not have; None for the first one shown.
    """

    view: str = next(iter(VIEWS))
    image: int | None = None
    layer: str = ""
    channel: int | None = None


def current() -> Choice:
    """Return what this session has chosen."""
    return st.session_state.get(_KEY, Choice())


def change(**changes: Any) -> None:
    """Choose something else; the values must be ones that `Choice` allows."""
    st.session_state[_KEY] = dataclasses.replace(current(), **changes)


def adopt(params: Mapping[str, str]) -> None:
    """Take over what an address says; what it says wrongly is left out."""
    image = _number(params.get("image", ""))
    channel = _number(params.get("channel", ""))
    view = params.get("look", "")
    st.session_state[_KEY] = Choice(
        view=view if view in VIEWS else Choice.view,
        image=image if image is not None and image < NUM_IMAGES else None,
        layer=params.get("layer", "")[:60],
        channel=channel,
    )


def _number(text: str) -> int | None:
    """Read a whole number of at most five digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else None


def mirror() -> None:
    """Bring the page's address up to date; what is as it is at first is left out."""
    chosen = current()
    params = {
        "look": "" if chosen.view == Choice.view else chosen.view,
        "image": "" if chosen.image is None else str(chosen.image),
        "layer": chosen.layer,
        "channel": "" if chosen.channel is None else str(chosen.channel),
    }
    address_bar(params, page="inside-choice")
