"""The training images that the network finds most alike to the image in detail."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from fmnist_core.analysis.features import likely_seconds
from fmnist_core.analysis.neighbours import NOTHING, in_words, source, used_as
from fmnist_core.analysis.predictions import Predictions
from fmnist_core.derived.kinds import FEATURES
from fmnist_core.derived.results import DONE, state
from fmnist_core.exceptions import FmnistError, StoreError
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.run import Run
from ui import cache
from ui.derived import offer
from ui.errors import analyses
from ui.errors.sprite import COLUMNS, sprite
from ui.format import escape
from ui.layout import friendly_errors

SHOWN = 8
HEADING = "Nearest training images"
# What is written at an image that the network did not learn from.
_HELD_OUT = {"training": "", "validation": "held out", "": "not used"}


def nearest_data(run: Run, predictions: Predictions, place: int) -> dict[str, Any] | None:
    """Describe the nearest training images of an image in JSON; None until they can be told."""
    try:
        if state(run, FEATURES, cache.run_store()).state != DONE:
            return None
        found = analyses.nearest_of(run, int(predictions.index[place]), SHOWN)
        split, features = cache.split_of(run), analyses.features_of(run)
    except FmnistError:  # said below, by `offer_nearest`
        return None
    true, taken = int(predictions.y_true[place]), int(predictions.y_pred[place])
    index, similarity, label = found.index[0], found.similarity[0], found.label[0]
    there = index != NOTHING
    uses = used_as(index, split)
    rows = zip(index[there], similarity[there], label[there], uses[there], strict=True)
    notes = [in_words(label, true, taken)]
    if there.any():
        notes.append(source(features))
    if kept := int((uses[there] != "training").sum()):
        notes.append(f"Not trained on: {kept} of {len(index)}, marked.")
    return {
        "heading": HEADING,
        "sprite": sprite(cache.data_set().images[index[there]]) if there.any() else "",
        "columns": COLUMNS,
        "tiles": [_tile(*row, true=true) for row in rows],
        "notes": notes,
    }


def _tile(
    index: np.int32, similarity: np.float32, label: np.uint8, use: str, *, true: int
) -> dict[str, Any]:
    right = int(label) == true
    name, mark = CLASS_NAMES[label], _HELD_OUT[use]
    said = "its own class" if right else "another class"
    return {
        "name": name,
        "text": f"{similarity:.3f}",
        "kind": "right" if right else "wrong",
        "mark": mark,
        "label": f"Image {index:,}: {name}, {said}, similarity {similarity:.3f}"
        + (f", {mark}" if mark else ""),
    }


def offer_nearest(run: Run) -> None:
    """Draw what can be done where the nearest images cannot be told yet."""
    st.markdown(f"**{HEADING}**")
    try:
        found = state(run, FEATURES, cache.run_store())
    except StoreError as error:  # no weights yet, which is nothing wrong
        st.caption(escape(str(error)))
        return
    with friendly_errors():
        if found.state == DONE:
            analyses.nearest_of(run, 0, SHOWN)  # they are there, but cannot be read: it says why
            return
        offer(
            run,
            FEATURES,
            label="Find the nearest training images",
            why="Computes what the network reads from all 70,000 images, once a run.",
            seconds=likely_seconds(run),
        )
