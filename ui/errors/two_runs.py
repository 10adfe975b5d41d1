"""The view of two runs: what the second one fixes and breaks, and whether that is chance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from fmnist_core.analysis.comparison import Comparison, verdict
from fmnist_core.analysis.metrics import confusion
from fmnist_core.analysis.mistakes import select, sort
from fmnist_core.analysis.predictions import Predictions
from fmnist_core.exceptions import StoreError
from fmnist_core.figures.matrix import difference_data, matrix_data
from fmnist_core.model.difference import experiment_difference
from fmnist_core.runs.run import Run
from fmnist_core.runs.summary import RunSummary
from ui import cache
from ui.errors import analyses, selection
from ui.errors.detail import detail
from ui.errors.gains import gains_table
from ui.errors.gallery import gallery
from ui.errors.matrix import choose_look, draw
from ui.errors.other_run import choose_other, marked, names_of
from ui.errors.selection import Selection
from ui.format import count, escape, percent, points, share_interval
from ui.layout import first_on_a_phone, friendly_errors, show_problem, stay_in_view, tile
from ui.pager import page_of
from ui.report_button import report_button

MAX_PAIRS = 10
PAGE_SIZE = 24
_PANEL = "errors-two-detail"
_ORDER = "most confident wrong"


@dataclass(frozen=True, kw_only=True)
class _Side:
    """One of the two runs: its name, and what it predicted on the common images."""

    name: str
    run: Run
    predictions: Predictions

    @property
    def confusion(self) -> np.ndarray:
        return confusion(self.predictions.y_true, self.predictions.y_pred)


@st.fragment
def two_runs(run: Run, others: list[RunSummary]) -> None:
    """Draw the view for a run; `others` are those that have ended, the best first."""
    if others:
        with friendly_errors():
            other = choose_other(run, others)
            try:
                _compare(other, run, others)
            except StoreError as error:
                show_problem(f"{error} Choose another run to compare with.")
    else:
        st.info("There is no other run that has ended. Train another one to compare with.")
        if st.button("Train", key="errors-train-another", icon=":material/model_training:"):
            st.switch_page("train.py")
    selection.mirror()


def _compare(before: Run, after: Run, others: list[RunSummary]) -> None:
    part = selection.current().part
    found = analyses.comparison_of(before, after, part)
    names = names_of(before, after)
    sides = [
        _Side(name=name, run=run, predictions=_common(cache.predictions_of(run, part), found))
        for name, run in zip(names, (before, after), strict=True)
    ]
    _verdict(found, *names)
    report_button(after, part, before=before, key="errors-report-two")
    _figures(found, *sides)
    _changes(*sides)
    _gains(found)
    _matrices(*sides)
    row = [other for other in others if other.run_id == before.run_id]
    _galleries(found, *sides, row, (before.run_id, after.run_id))


def _common(predictions: Predictions, found: Comparison) -> Predictions:
    return predictions.take(np.isin(predictions.index, found.index))


def _verdict(found: Comparison, before: str, after: str) -> None:
    with st.container(border=True):
        st.markdown(f"**{escape(verdict(found, before, after), 600)}**")
        st.caption(
            "McNemar's exact test on the images on which the two disagree. It is about these two "
            "trained networks: whether their settings do it, repeats with other seeds tell."
        )


def _figures(found: Comparison, before: _Side, after: _Side) -> None:
    images = len(found.index)
    with st.container(horizontal=True):
        for side, correct in ((before, found.correct_a), (after, found.correct_b)):
            tile(
                f"Accuracy of {marked(side.run, side.name, 40)}",
                percent(correct / images),
                f"{correct:,} of {images:,}, 95 % interval {share_interval(correct, images)}",
            )
        low, high = found.overall.interval
        tile(
            "Difference",
            f"{points(found.overall.gain)} points",
            f"95 % interval {points(low)} to {points(high)}",
            help_text="The interval is by paired bootstrap over the images.",
        )
        tile(
            "Fixed and broken",
            f"{found.overall.fixed:,} and {found.overall.broken:,}",
            f"of {count(images, 'image')}",
        )


def _changes(before: _Side, after: _Side) -> None:
    """List what differs in network and settings."""
    st.subheader("What was changed", anchor=False)
    experiments = [cache.experiment_of(side.run.run_id) for side in (before, after)]
    phrases = experiment_difference(*experiments)
    if not phrases:
        st.write("Nothing: network and settings are the same. What differs is chance.")
        return
    first, second = (marked(side.run, side.name) for side in (before, after))
    st.caption(f"From {first} to {second}: {count(len(phrases), 'change')}.")
    st.markdown(" · ".join(escape(phrase) for phrase in phrases))


def _gains(found: Comparison) -> None:
    st.subheader("What is gained", anchor=False)
    by = st.segmented_control(
        "On each",
        ("class", "confusion"),
        default="class",
        required=True,
        key="errors-gains",
        persist_state="session",
    )
    if by == "class":
        gains_table(found.classes, name="Class", alt="What is gained on each class.")
        return
    pairs = found.pairs[:MAX_PAIRS]
    gains_table(pairs, name="Confusion", alt="What is gained on each confusion.")
    st.caption(
        f"{len(pairs)} of {count(len(found.pairs), 'confusion')} that changed, the largest change "
        "first. Fixed: no longer taken for that class. Broken: taken for it now."
    )


def _matrices(before: _Side, after: _Side) -> None:
    st.header("Confusions", anchor=False)
    look = choose_look()
    order = look.order(before.confusion + after.confusion)
    options = {"by": look.by, "order": order, "diagonal": look.diagonal}
    left, middle, right = st.columns(3, gap="small")
    for column, side, key in ((left, before, "before"), (middle, after, "after")):
        with column:
            st.markdown(f"**{marked(side.run, side.name)}**")
            draw(matrix_data(side.confusion, **options), key=f"errors-matrix-{key}")
    with right:
        st.markdown("**Difference**")
        draw(
            difference_data(before.confusion, after.confusion, **options),
            key="errors-matrix-difference",
        )


def _galleries(
    found: Comparison,
    before: _Side,
    after: _Side,
    others: list[RunSummary],
    subject: tuple[str, str],
) -> None:
    """Draw what was fixed, what was broken, and one of these images in detail."""
    chosen = selection.current()
    fixed = _chosen_of(before.predictions, found.fixed, chosen)
    broken = _chosen_of(after.predictions, found.broken, chosen)
    place = _place(found, fixed, broken, chosen.image)
    if place is None:
        st.info("No image changed like that. Choose another cell, or press Escape in a matrix.")
        return
    left, middle, right = st.columns(3, gap="medium")
    for column, name, places, side in (
        (left, "Fixed", fixed, before),
        (middle, "Broken", broken, after),
    ):
        with column:
            st.header(f"{name}: {len(places):,}", anchor=False)
            st.caption(f"As {marked(side.run, side.name)} takes them.")
            _gallery(side, places, place, name, (*subject, chosen))
    with right, st.container(key=_PANEL):
        listed = fixed if place in fixed else broken
        detail(after.run, after.predictions, place, listed, others)
    stay_in_view(_PANEL)
    first_on_a_phone(_PANEL)


def _gallery(
    side: _Side, places: np.ndarray, place: int, name: str, subject: tuple[object, ...]
) -> None:
    key = f"errors-{name.lower()}"
    page = page_of(places, place, *subject, key=f"{key}-pages", size=PAGE_SIZE)
    if not len(page):
        st.write("None.")
        return
    shown = int(side.predictions.index[place])
    gallery(side.predictions, page, shown, name=f"{name} images", key=key)


def _chosen_of(wrong: Predictions, changed: np.ndarray, chosen: Selection) -> np.ndarray:
    """Return the places of the changed images, by the run that has them wrong."""
    places = select(wrong, true=chosen.true, predicted=chosen.predicted)
    return sort(wrong, places[changed[places]], _ORDER)


def _place(
    found: Comparison, fixed: np.ndarray, broken: np.ndarray, image: int | None
) -> int | None:
    """Return the place of the image in detail: the chosen one if it changed, else the first."""
    listed = np.concatenate([fixed, broken])
    here = listed[found.index[listed] == image] if image is not None else listed[:0]
    first = here if len(here) else listed
    return int(first[0]) if len(first) else None
