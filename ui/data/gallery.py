"""A gallery of images of the data set with their labels, and no network's word on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from fmnist_core.labels import CLASS_NAMES
from fmnist_core.specs.data import NUM_IMAGES
from ui import cache, tagging
from ui.components.gallery import show_gallery
from ui.data import choice
from ui.readers import opened
from ui.sprite import COLUMNS, sprite

PAGE_SIZE = 100  # images on a page of the view of images


def gallery(
    index: np.ndarray,
    *,
    name: str,
    key: str,
    chosen: int | None = None,
    notes: Sequence[str] | None = None,
    leads_away: bool = False,
    pairs: bool = False,
) -> None:
    """Draw images; a click opens one, keys from 1 to 9 tag it, the pointer makes it larger.

    Args:
        index: Of the images among all 70,000, in their order, int (N,), at least one.
        name: What they are, for who cannot see them.
        key: Same key, same gallery.
        chosen: The one that is shown in detail.
        notes: A line below each; its number where None.
        leads_away: A click leads to the view of images; else the image becomes the chosen one.
        pairs: Whether each two belong together.
    """
    tagging.say_problem()
    data = gallery_data(index, notes) | {"chosen": chosen, "name": name, "zoom": True}
    data |= {"leads_away": leads_away, "pairs": pairs or None}
    data["tags"] = tagging.tag_data(index, key)
    show_gallery(
        data,
        key=key,
        on_opened_change=lambda: take_opened(key, show_image if leads_away else _choose),
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


def _choose(image: int) -> None:
    choice.change(image=image)


def show_image(image: int) -> None:
    """Open an image in the view of images, among those of its class."""
    labels = cache.data_set().labels
    label = int(labels[image])
    place = int(np.searchsorted(np.flatnonzero(labels == label), image))
    page = 1 + place // PAGE_SIZE
    choice.change(view="images", part="all", label=label, page=page, image=image)


def take_opened(key: str, on_open: Callable[[int], None]) -> None:
    """Pass on which image the browser asks for in the component `key`."""
    image = opened(key, "image", NUM_IMAGES)
    if image is not None:
        on_open(image)
