"""The gallery: pictures of the chosen images, what they are, and what they were taken for."""

from __future__ import annotations

from typing import Any

import numpy as np

from fmnist_core.analysis.predictions import Predictions
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.specs.data import NUM_IMAGES
from ui import cache, tagging
from ui.components.gallery import show_gallery
from ui.errors import selection
from ui.format import percent
from ui.readers import opened
from ui.sprite import COLUMNS, sprite


def gallery(
    predictions: Predictions, places: np.ndarray, shown: int | None, *, name: str, key: str
) -> None:
    """Draw one page of images; a click opens one, and keys from 1 to 9 tag it.

    Args:
        predictions: Of the part.
        places: In `predictions`, of the images on the page, in their order, at least one.
        shown: Index of the image that is shown in detail.
        name: What the images are, for who cannot see them.
        key: Same key, same gallery.
    """
    data = gallery_data(predictions, places) | {"chosen": shown, "name": name}
    data["tags"] = tagging.tag_data(predictions.index[places], key)
    show_gallery(
        data,
        key=key,
        on_opened_change=lambda: take_opened(key),
        on_tagged_change=lambda: tagging.take_tagged(key),
    )


def gallery_data(predictions: Predictions, places: np.ndarray) -> dict[str, Any]:
    """Describe images in JSON: "sprite" with "columns" pictures a row, and "tiles"."""
    pictures = cache.data_set().images[predictions.index[places]]
    return {
        "sprite": sprite(pictures),
        "columns": COLUMNS,
        "tiles": [_tile(predictions, int(place)) for place in places],
    }


def _tile(predictions: Predictions, place: int) -> dict[str, Any]:
    index = int(predictions.index[place])
    truth = CLASS_NAMES[predictions.y_true[place]]
    taken = CLASS_NAMES[predictions.y_pred[place]]
    confidence = float(predictions.confidence[place])
    right = not predictions.wrong[place]
    said = f"predicted {taken} with {percent(confidence, 1)}, {'right' if right else 'wrong'}"
    return {
        "image": index,
        "truth": truth,
        "taken": f"{'✓' if right else '→'} {taken}",
        "confidence": percent(confidence, 0),
        "share": round(confidence, 3),
        "right": right,
        "label": f"Image {index:,}: {truth}, {said}",
    }


def take_opened(key: str) -> None:
    """Show the image in detail that the browser asks for in the component `key`."""
    image = opened(key, "image", NUM_IMAGES)
    if image is not None:
        selection.change(image=image)
