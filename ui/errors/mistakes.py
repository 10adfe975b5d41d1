"""The view of mistakes: matrix → images → one image, in a fragment, so that a click is quick."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fmnist_core.analysis.metrics import confusion as count_confusion
from fmnist_core.analysis.predictions import Predictions
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.run import Run
from fmnist_core.runs.summary import RunSummary
from ui import cache
from ui.errors import selection
from ui.errors.asked_runs import known_runs
from ui.errors.detail import detail
from ui.errors.downloads import zip_button
from ui.errors.figures import figures
from ui.errors.filters import Filters, filters, in_address
from ui.errors.gallery import gallery
from ui.errors.images import images
from ui.errors.matrix import matrix
from ui.errors.movement import movement
from ui.errors.selection import Selection
from ui.errors.top_list import top_list
from ui.format import count
from ui.layout import first_on_a_phone, friendly_errors, stay_in_view
from ui.pager import page_of

_PANEL = "errors-detail"


@st.fragment
def mistakes(run: Run, others: list[RunSummary]) -> None:
    """Draw the view for a run; `others` are the runs that an image is looked up in."""
    address: dict[str, str] = {}
    with friendly_errors():
        chosen = selection.current()
        predictions = cache.predictions_of(run, chosen.part)
        confusion = count_confusion(predictions.y_true, predictions.y_pred)
        figures(confusion, chosen)
        left, right = st.columns([3, 2], gap="medium")
        with left:
            matrix(confusion)
        with right:
            top_list(confusion)
            _way_to_pair(chosen)
        address = in_address(_images(run, predictions, others, chosen))
    selection.mirror(address)


def _images(
    run: Run, predictions: Predictions, others: list[RunSummary], chosen: Selection
) -> Filters:
    """Draw the gallery, with one of its images in detail beside it; return what was filtered."""
    with st.container(
        horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"
    ):
        st.header(heading(chosen), anchor=False)
        clear_button(chosen)
    shown = filters(known_runs(predictions, others))
    places = images(predictions, chosen, shown)
    place = _place(predictions, places, chosen.image)
    if place is None:
        st.info("No image is like that. Widen the filters, or choose another cell.")
        return shown
    left, right = st.columns([3, 2], gap="medium")
    with right, st.container(key=_PANEL):
        detail(run, predictions, place, places, others)
        movement(run, predictions.part, int(predictions.index[place]))
    stay_in_view(_PANEL)
    first_on_a_phone(_PANEL)
    with left:
        page = page_of(places, place, run.run_id, chosen, shown, key="errors-pages")
        with st.container(
            horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
        ):
            st.caption(_extent(len(page), len(places), chosen))
            zip_button(run, predictions, places, heading=heading(chosen), shown=shown)
        if len(page):
            index = int(predictions.index[place])
            gallery(predictions, page, index, name=heading(chosen), key="errors-gallery")
    return shown


def clear_button(chosen: Selection) -> None:
    """Offer the images of all classes again, where classes are chosen."""
    if chosen.true is not None or chosen.predicted is not None:
        st.button(
            "Clear the choice",
            key="errors-clear",
            icon=":material/close:",
            on_click=selection.choose_classes,
            args=(None, None),
        )


def _way_to_pair(chosen: Selection) -> None:
    """Lead from a cell to its two classes, in both directions."""
    if chosen.true is None or chosen.predicted in (None, chosen.true):
        return
    if st.button("Open the pair", key="errors-open-pair", icon=":material/compare:"):
        selection.change(view="pair", image=None)
        st.rerun()  # the whole page: the view is chosen outside this fragment


def heading(chosen: Selection) -> str:
    """Say in a few words which images are shown."""
    if chosen.true is None and chosen.predicted is None:
        return "All classes"
    if chosen.predicted is None:
        return f"{CLASS_NAMES[chosen.true]}, whatever it is taken for"
    if chosen.true is None:
        return f"Whatever is taken for {CLASS_NAMES[chosen.predicted]}"
    return f"{CLASS_NAMES[chosen.true]} → {CLASS_NAMES[chosen.predicted]}"


def _place(predictions: Predictions, places: np.ndarray, image: int | None) -> int | None:
    """Return the place of the image that is shown in detail: the chosen one, else the first."""
    if image is not None:
        if (place := predictions.place_of(image)) is not None:
            return place
        st.warning(
            f"Image {image:,} is not among the {len(predictions.index):,} {predictions.part} "
            "images of this run. The first of the gallery is shown instead."
        )
    return int(places[0]) if len(places) else None


def _extent(shown: int, found: int, chosen: Selection) -> str:
    images = count(found, f"{chosen.part} image")
    return f"{shown} of {images}. Arrow keys move, Enter opens, 1 to 9 tag."
