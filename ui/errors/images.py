"""Which images the gallery shows, and the page of it that is in view."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from fmnist_core.analysis.agreement import agree
from fmnist_core.analysis.mistakes import select, sort
from fmnist_core.analysis.predictions import Predictions
from fmnist_core.runs.run import Run
from ui import cache
from ui.errors import tagging
from ui.errors.filters import Filters
from ui.errors.selection import Selection

PAGE_SIZE = 48  # images: eight rows of six, where the page is wide


@dataclass(frozen=True)
class _Turned:
    """What the pages are of, the number of their widget, and the page that it opens with."""

    subject: tuple[object, ...]
    widget: int
    first: int


def images(predictions: Predictions, selection: Selection, chosen: Filters) -> np.ndarray:
    """Return the places, in `predictions`, of what the gallery shows, in its order."""
    on_diagonal = selection.true is not None and selection.true == selection.predicted
    places = select(
        predictions,
        true=selection.true,
        predicted=selection.predicted,
        only_wrong=not (chosen.right or on_diagonal),
        min_confidence=chosen.low / 100,
        max_confidence=chosen.high / 100,
        among=tagging.current_tags().images_of(*chosen.tagged) if chosen.tagged else None,
    )
    if chosen.also:
        places = places[_wrong_in_all(predictions, chosen.also)[places]]
    return sort(predictions, places, chosen.order)


def _wrong_in_all(predictions: Predictions, others: tuple[str, ...]) -> np.ndarray:
    """Say of each image whether this run and these have it wrong, bool (N,)."""
    root = cache.run_store().root
    runs = [cache.predictions_of(Run(root / run_id), predictions.part) for run_id in others]
    found = agree([predictions, *runs])
    return np.isin(predictions.index, found.index[found.wrong_in_all])


def page_of(
    places: np.ndarray, place: int, *subject: object, key: str, size: int = PAGE_SIZE
) -> np.ndarray:
    """Draw the pages where there are several, and return the places on the one in view.

    Args:
        places: Of all pages.
        place: Of the image whose page is turned to when the subject changes.
        subject: What the pages are of.
        key: Same key, same gallery.
        size: Images on a page.
    """
    pages = max(1, -(-len(places) // size))
    turned: _Turned | None = st.session_state.get(key)
    if turned is None or turned.subject != subject:
        found = np.flatnonzero(places == place)
        first = 1 + int(found[0]) // size if len(found) else 1
        turned = _Turned(subject, turned.widget + 1 if turned else 1, min(first, pages))
        st.session_state[key] = turned
    page = 1
    if pages > 1:  # another subject, another widget: an old page cannot come back
        widget = f"{key}-{turned.widget}"
        page = min(st.pagination(pages, default=turned.first, key=widget), pages)
    return places[size * (page - 1) : size * page]
