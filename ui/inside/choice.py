"""What is chosen on the Inside page; kept in the session, and in the address of the page."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from fmnist_core.analysis.channels import MAX_TEXT, channels_text, read_channels
from fmnist_core.runs.ids import RUN_ID
from fmnist_core.specs.data import NUM_IMAGES
from ui.components.address_bar import address_bar

# The first one is shown first.
VIEWS = {
    "maps": "Feature maps",
    "filters": "Filters",
    "surgery": "Surgery",
    "arithmetic": "Arithmetic",
    "saliency": "Saliency",
    "embedding": "Embedding",
    "time": "Time machine",
    "health": "Health",
}
MAX_CHANNELS = 100_000  # what an address can name; the layer decides what there is
_KEY = "inside-choice"


@dataclass(frozen=True, kw_only=True, eq=False)
class Own:
    """A picture of somebody's own, sent here by the Classify page.

    Attributes:
        name: Of its file; it cannot be trusted.
        pixels: uint8 (28, 28).
    """

    name: str
    pixels: np.ndarray


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What the Inside page looks at.

    Attributes:
        view: A key of `VIEWS`.
        image: Index into the 70,000 pooled images; None until one is chosen.
        own: Shown instead of that one; None for none. No address can hold it.
        layer: Name of a layer, which the network may not have; "" for the first one of the view.
        channel: Number of a channel, which the layer may not have; None for the first one shown.
        off: Numbers of the layer's channels that are switched off in the view of surgery, rising.
        every: Judge surgery on all images that it knows, where that takes longer.
        beside: What stands beside it: index of an image, or id of a run, which may not exist; None
            for nothing.
    """

    view: str = next(iter(VIEWS))
    image: int | None = None
    own: Own | None = None
    layer: str = ""
    channel: int | None = None
    off: tuple[int, ...] = ()
    every: bool = False
    beside: int | str | None = None


def current() -> Choice:
    """Return what this session has chosen."""
    return st.session_state.get(_KEY, Choice())


def change(**changes: Any) -> None:
    """Choose something else; the values must be ones that `Choice` allows.

    With another layer, all its channels are on; with an image, an own picture goes.
    """
    if "image" in changes:
        changes = {"own": None, **changes}
    if changes.get("layer", current().layer) != current().layer:
        changes = {"off": (), **changes}
    st.session_state[_KEY] = dataclasses.replace(current(), **changes)


def adopt(params: Mapping[str, str]) -> None:
    """Take over what an address says; what it says wrongly is left out."""
    channel = _number(params.get("channel", ""))
    view = params.get("look", "")
    st.session_state[_KEY] = Choice(
        view=view if view in VIEWS else Choice.view,
        image=_image(params.get("image", "")),
        layer=params.get("layer", "")[:60],
        channel=channel,
        off=_channels(params.get("off", "")),
        every=params.get("every") == "1",
        beside=_beside(params.get("beside", "")),
    )


def _number(text: str) -> int | None:
    """Read a whole number of at most five digits."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else None


def _image(text: str) -> int | None:
    image = _number(text)
    return image if image is not None and image < NUM_IMAGES else None


def _beside(text: str) -> int | str | None:
    return text if RUN_ID.fullmatch(text) else _image(text)


def _channels(text: str) -> tuple[int, ...]:
    try:
        return tuple(read_channels(text))
    except ValueError:
        return ()


def mirror() -> None:
    """Bring the page's address up to date; what is as it is at first is left out."""
    chosen = current()
    off = channels_text(chosen.off)
    params = {
        "look": "" if chosen.view == Choice.view else chosen.view,
        "image": "" if chosen.image is None else str(chosen.image),
        "layer": chosen.layer,
        "channel": "" if chosen.channel is None else str(chosen.channel),
        "off": off if len(off) <= MAX_TEXT else "",
        "every": "1" if chosen.every else "",
        "beside": "" if chosen.beside is None else str(chosen.beside),
    }
    address_bar(params, page="inside-choice")
