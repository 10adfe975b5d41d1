"""A gallery of images of the data set with their labels, and no network's word on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import streamlit as st

from fmnist_core.analysis.predictions import NUM_IMAGES
from fmnist_core.labels import CLASS_NAMES
from ui import cache
from ui.components.gallery import show_gallery
from ui.data import choice, facts
from ui.errors import tagging
from ui.errors.selection import index_within
from ui.errors.sprite import COLUMNS, sprite


def gallery(
    index: np.ndarray,
    *,
    name: str,
    key: str,
    chosen: int | None = None,
    notes: Sequence[str] | None = None,
    on_open: Callable[[int], None] = lambda image: choice.change(image=image),
) -> None:
    """Draw images; a click opens one, keys from 1 to 9 tag it, the pointer makes it larger.

    Args:
        index: Of the images among all 70,000, in their order, int (N,), at least one.
        name: What they are, for who cannot see them.
        key: Same key, same gallery.
        chosen: The one that is shown in detail.
        notes: A line below each; its number where None.
        on_open: Told which one was clicked.
    """
    tagging.say_problem()
    data = gallery_data(index, notes) | {"chosen": chosen, "name": name, "zoom": True}
    data["leads_away"] = on_open is facts.show_image
    data["tags"] = tagging.tag_data(index, key)
    show_gallery(
        data,
        key=key,
        on_opened_change=lambda: take_opened(key, on_open),
        on_tagged_change=lambda: tagging.take_tagged(key),
    )


def gallery_data(index: np.ndarray, notes: Sequence[str] | None = None) -> dict[str, Any]:
    """Describe images in JSON: "sprite" with "columns" pictures a row, and "tiles"."""
    data = cache.data_set()
    lines = notes or [f"{image:,}" for image in index.tolist()]
    return {
        "sprite": sprite(data.images[index]),
        "columns": COLUMNS,
        "tiles": [
            _tile(image, CLASS_NAMES[label], note, numbered=notes is None)
            for image, label, note in zip(
                index.tolist(), data.labels[index].tolist(), lines, strict=True
            )
        ],
    }


def _tile(image: int, name: str, note: str, *, numbered: bool) -> dict[str, Any]:
    label = f"Image {image:,}: {name}"
    return {
        "image": image,
        "truth": name,
        "taken": note,
        "label": label if numbered else f"{label}, {note}",
    }


def take_opened(key: str, on_open: Callable[[int], None]) -> None:
    """Pass on which image the browser asks for in the component `key`."""
    message = st.session_state[key].get("opened")
    asked = message.get("image") if isinstance(message, Mapping) else None
    image = index_within(asked, NUM_IMAGES)
    if image is not None:
        on_open(image)
