"""What is chosen on the Inside page; kept in the session, and in the address of the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from fmnist_core.analysis.channels import MAX_TEXT, channels_text, read_channels
from fmnist_core.runs.ids import RUN_ID
from fmnist_core.specs.data import NUM_IMAGES
from ui.page_choice import InAddress, PageChoice
from ui.readers import number_below, one_of

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


def _beside(text: str) -> int | str | None:
    return text if RUN_ID.fullmatch(text) else number_below(NUM_IMAGES)(text)


def _channels(text: str) -> tuple[int, ...] | None:
    try:
        return tuple(read_channels(text))
    except ValueError:
        return None


def _channels_text(channels: tuple[int, ...]) -> str:
    text = channels_text(channels)
    return text if len(text) <= MAX_TEXT else ""


_PAGE = PageChoice(
    "inside-choice",
    Choice(),
    {
        "view": InAddress("look", one_of(VIEWS)),
        "image": InAddress("image", number_below(NUM_IMAGES)),
        "layer": InAddress("layer", lambda text: text[:60]),
        "channel": InAddress("channel", number_below(MAX_CHANNELS)),
        "off": InAddress("off", _channels, _channels_text),
        "every": InAddress("every", lambda text: text == "1" or None, lambda _: "1"),
        "beside": InAddress("beside", _beside),
    },
)
current, adopt, mirror = _PAGE.current, _PAGE.adopt, _PAGE.mirror


def change(**changes: Any) -> None:
    """Choose something else; the values must be ones that `Choice` allows.

    With another layer, all its channels are on; with an image, an own picture goes.
    """
    if "image" in changes:
        changes = {"own": None, **changes}
    if changes.get("layer", current().layer) != current().layer:
        changes = {"off": (), **changes}
    _PAGE.change(**changes)


def choose_view() -> str:
    """Let the person choose a view; only that one computes."""
    return _PAGE.choose("view", "View", VIEWS, key="inside-view")
