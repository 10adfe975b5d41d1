"""Maps of a run's test images as the browser draws them: read once, a few bytes an image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from fmnist_core.analysis.embedding import KIND_OF, METHODS, Embedding, load_embedding
from fmnist_core.analysis.map_agreement import NEIGHBOURS
from fmnist_core.analysis.predictions import Predictions
from fmnist_core.derived.results import load
from fmnist_core.exceptions import FmnistError
from fmnist_core.figures.class_colors import CLASS_COLORS
from fmnist_core.labels import CLASS_NAMES, NUM_CLASSES
from fmnist_core.runs.run import Run
from ui import cache
from ui.format import count
from ui.inside.map_data import encoded

CLASS, RIGHT, ALONE = "Class", "Right or wrong", "Neighbours"
SIDE = 65_535  # places along the longer side of a map
HINT = "Draw around images, or click among them, and they are shown below."
_RIGHT_COLORS = ("#2f8f6b", "#67c7a0")  # as in the gallery
_WRONG_COLORS = ("#c0395b", "#ef8aa4")
# At least so many neighbours of its own class; each colour stands out from its background.
_ALONE = (
    (NEIGHBOURS, f"all {NEIGHBOURS}", ("#6b7688", "#9aa6b8")),
    (11, "11 to 14", ("#0b84a5", "#5cc8e0")),
    (6, "6 to 10", ("#d9722e", "#f0a06b")),
    (0, "0 to 5", ("#c0395b", "#ef8aa4")),
)


@dataclass(frozen=True, kw_only=True)
class Group:
    """Images that are drawn alike.

    Attributes:
        name: What they have in common.
        colors: On light and on dark.
        square: Drawn as squares, not as dots: ten hues cannot be told apart by everybody.
    """

    name: str
    colors: tuple[str, str]
    square: bool = False


def embedding_of(run: Run, method: str) -> Embedding:
    """Return the maps that were computed along with one, read once.

    Args:
        run: One that has weights.
        method: A key of `METHODS`.

    Raises:
        DerivedError: They have not been computed yet.
        StoreError: They are damaged, or the run has no weights yet.
    """
    folder = load(run, KIND_OF[method], cache.run_store())  # each time: it notes that it is in use
    return _embedding(run.run_id, method, str(folder))


@st.cache_resource(show_spinner=False, max_entries=8)  # 0.2 MB each
def _embedding(run_id: str, method: str, folder: str) -> Embedding:
    store = cache.run_store()
    return load_embedding(store.get(run_id), KIND_OF[method], store)


def predicted_of(run: Run, found: Embedding) -> Predictions | None:
    """Return what the run predicted of the images, in their order; None where it did not."""
    try:
        known = cache.predictions_of(run, "test")
    except FmnistError:  # a run that has not ended has maps too
        return None
    places = np.searchsorted(known.index, found.index)
    places = np.minimum(places, len(known) - 1)
    return known.take(places) if np.array_equal(known.index[places], found.index) else None


def colorings(found: Embedding, predictions: Predictions | None) -> dict[str, np.ndarray]:
    """Return the number of each image's group, uint8 (N,), by each way to colour a map."""
    labels = cache.data_set().labels[found.index]
    groups = {CLASS: labels}
    if predictions is not None:
        groups[RIGHT] = predictions.wrong.astype(np.uint8)
    least = np.array([number for number, *_ in _ALONE], np.uint8)
    groups[ALONE] = (found.same[:, np.newaxis] < least).sum(axis=1).astype(np.uint8)
    return groups


def groups_of(coloring: str) -> list[Group]:
    """Describe the groups of a way to colour: what one looks for is drawn above the others."""
    if coloring == RIGHT:
        names = ("right", "wrong")
        return [
            Group(name=name, colors=colors)
            for name, colors in zip(names, (_RIGHT_COLORS, _WRONG_COLORS), strict=True)
        ]
    if coloring == ALONE:
        return [Group(name=f"{name} of {NEIGHBOURS}", colors=colors) for _, name, colors in _ALONE]
    return [
        Group(name=CLASS_NAMES[label], colors=colors, square=label >= NUM_CLASSES // 2)
        for label, colors in enumerate(CLASS_COLORS)
    ]


def map_data(
    found: Embedding,
    method: str,
    *,
    coloring: str,
    groups: np.ndarray,
    predictions: Predictions | None,
) -> dict[str, Any]:
    """Describe a map in JSON, all of it but what is chosen on it.

    Args:
        found: The maps.
        method: Which of them.
        coloring: CLASS, RIGHT or ALONE.
        groups: As `colorings` gives them.
        predictions: Of the images in their order; None where there are none.
    """
    data = point_map_data(
        found.index,
        found.maps[method].points,
        coloring=coloring,
        groups=groups,
        name=f"{count(len(found.index), 'test image')} by {METHODS[method]}",
    )
    if predictions is not None:
        data["taken"] = encoded(predictions.y_pred.astype(np.uint8))
    return data


def point_map_data(
    index: np.ndarray, points: np.ndarray, *, coloring: str, groups: np.ndarray, name: str
) -> dict[str, Any]:
    """Describe images as points in JSON, without what a network takes them for.

    Args:
        index: Of the images, int32 (N,), ascending.
        points: Where they lie, float32 (N, 2), finite.
        coloring: CLASS, RIGHT or ALONE.
        groups: The number of each image's group, uint8 (N,).
        name: What they are, after "Map of".
    """
    counts = np.bincount(groups, minlength=NUM_CLASSES)
    legend = [
        {**vars(group), "count": f"{counts[number]:,}"}
        for number, group in enumerate(groups_of(coloring))
    ]
    return {
        "points": encoded(scaled(points)),
        "index": encoded(index),
        "truth": encoded(cache.data_set().labels[index]),
        "taken": "",
        "group": encoded(groups),
        "groups": legend,
        "ranked": coloring != CLASS,
        "classes": list(CLASS_NAMES),
        "hint": HINT,
        "alt": (
            f"Map of {name}. Arrow keys move a ring, Enter chooses the images in it, Escape none."
        ),
    }


def scaled(points: np.ndarray) -> np.ndarray:
    """Bring points to whole numbers from 0 to `SIDE`, both axes on one scale.

    Args:
        points: float32 (N, 2), finite.

    Returns:
        uint16 (N, 2).
    """
    exact = points.astype(np.float64)
    low, high = exact.min(axis=0), exact.max(axis=0)
    side = float((high - low).max()) or 1.0
    return np.rint((exact - low) / side * SIDE).astype(np.uint16)
