"""The training images that the network finds most alike to the image in detail."""

from __future__ import annotations

from typing import Any

import streamlit as st

from fmnist_core.analysis.features import likely_seconds
from fmnist_core.analysis.neighbours import in_words
from fmnist_core.analysis.predictions import Predictions
from fmnist_core.derived.kinds import FEATURES
from fmnist_core.derived.results import DONE, state
from fmnist_core.exceptions import FmnistError, StoreError
from fmnist_core.runs.run import Run
from ui import cache
from ui.derived import offer
from ui.errors import analyses
from ui.format import escape
from ui.layout import friendly_errors
from ui.neighbour_tiles import HEADING, Marks, nearest_tiles

SHOWN = 8
_MARKS = Marks(same="its own class", same_sign="✓", other="another class", other_sign="✗")


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
    said = in_words(found.label[0], true, taken)
    return nearest_tiles(found, features, split, said=said, label=true, marks=_MARKS)


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
