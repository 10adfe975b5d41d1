"""Which images the gallery shows: filters, their order, and the page of it that is in view."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from fmnist_core.analysis.agreement import agree
from fmnist_core.analysis.mistakes import SORTS, select, sort
from fmnist_core.analysis.predictions import Predictions
from fmnist_core.runs.run import Run
from ui import cache
from ui.errors import tagging
from ui.errors.selection import Selection
from ui.errors.tag_menu import tag_menu

_CONFIDENCE, _TAGGED, _RIGHT = "errors-confidence", "errors-tagged", "errors-right"
PAGE_SIZE = 48  # images: eight rows of six, where the page is wide


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What of the chosen classes is shown.

    Attributes:
        order: One of `SORTS`.
        low, high: Confidence, whole percent, 0 to 100.
        right: Show the images that were predicted right too.
        tagged: Show only images that bear one of these words; all where there is none.
        also: Show only images that these runs have wrong too, by their ids.
    """

    order: str
    low: int
    high: int
    right: bool
    tagged: tuple[str, ...]
    also: tuple[str, ...]


@dataclass(frozen=True)
class _Turned:
    """What the pages are of, the number of their widget, and the page that it opens with."""

    subject: tuple[object, ...]
    widget: int
    first: int


def filters(others: dict[str, str]) -> Filters:
    """Draw order and filters, and return them.

    Args:
        others: Titles of runs that predicted the same images, by id.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=210):
            order = st.selectbox(
                "Sort by", list(SORTS), key="errors-order", persist_state="session"
            )
        with st.container(width=260):
            low, high = st.slider(
                "Confidence",
                0,
                100,
                (0, 100),
                format="%d %%",
                key=_CONFIDENCE,
                persist_state="session",
                help="The probability that the network gave to the class it predicted.",
            )
        with st.container(width=230):
            tagged = st.multiselect(
                "Tagged",
                tagging.current_tags().words,
                placeholder="or not",
                key=_TAGGED,
                persist_state="session",
                help="Only images that bear one of these tags.",
            )
        also = _choose_also(others)
        right = st.toggle("Show right ones too", key=_RIGHT, persist_state="session")
        tag_menu()
    return Filters(order=order, low=low, high=high, right=right, tagged=tuple(tagged), also=also)


def _choose_also(others: dict[str, str]) -> tuple[str, ...]:
    """Let the person choose runs that must have the images wrong too; none where there is none."""
    if not others:
        return ()
    with st.container(width=260):
        chosen = st.multiselect(
            "Also wrong in",
            list(others),
            format_func=lambda run_id: others.get(run_id, run_id),
            placeholder="or not",
            key=f"errors-also-{'-'.join(others)}",
            persist_state="session",
            help="Only images that this run and all of these have wrong.",
        )
    return tuple(chosen)


def show_tagged(word: str) -> None:
    """Set the filters to all images that bear a word, before they are drawn."""
    st.session_state[_CONFIDENCE] = (0, 100)
    st.session_state[_TAGGED] = [word]
    st.session_state[_RIGHT] = True


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
