"""The view of a pair: two classes taken for each other, both ways, by one run or by two."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from fmnist_core.analysis.comparison import p_text
from fmnist_core.analysis.metrics import confusion as count_confusion
from fmnist_core.analysis.pairs import Pile, mean_image, pile
from fmnist_core.analysis.predictions import Predictions
from fmnist_core.exceptions import FmnistError
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.run import Run
from fmnist_core.runs.summary import RunSummary
from ui import cache
from ui.errors import analyses, selection
from ui.errors.detail import detail
from ui.errors.gallery import gallery
from ui.errors.other_run import choose_other, marked, names_of
from ui.errors.top_list import top_list
from ui.format import count, escape, percent, points, share_interval
from ui.layout import first_on_a_phone, friendly_errors, show_problem, stay_in_view, tile
from ui.pager import page_of

PAGE_SIZE = 24
_BOTH, _PANEL, _SIDE = "errors-pair-both", "errors-pair-detail", "errors-pair-side"
_ZOOM = 3  # times as large as 28×28: three stand side by side on a phone

Way = tuple[int, int]  # true class, predicted class


@dataclass(frozen=True, kw_only=True)
class _Side:
    """A run, its name, and what it predicted."""

    run: Run
    name: str
    predictions: Predictions

    def pile(self, way: Way) -> Pile:
        return pile(self.predictions, *way)

    def mean(self, found: Pile) -> np.ndarray | None:
        return mean_image(cache.data_set().images[self.predictions.index[found.places]])


@st.fragment
def pair(run: Run, others: list[RunSummary]) -> None:
    """Draw the view for a run; `others` are those that have ended, the best first."""
    with friendly_errors():
        chosen = selection.current()
        predictions = cache.predictions_of(run, chosen.part)
        if chosen.true is None or chosen.predicted in (None, chosen.true):
            st.info("Choose two classes that are taken for each other.", icon=":material/compare:")
            top_list(count_confusion(predictions.y_true, predictions.y_pred))
        else:
            ways = ((chosen.true, chosen.predicted), (chosen.predicted, chosen.true))
            _pair(run, predictions, others, ways)
    selection.mirror()


def _pair(
    run: Run, predictions: Predictions, others: list[RunSummary], ways: tuple[Way, Way]
) -> None:
    (first, second), _ = ways
    with st.container(
        horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"
    ):
        st.header(f"{CLASS_NAMES[first]} ↔ {CLASS_NAMES[second]}", anchor=False)
        st.button(
            "Another pair",
            key="errors-pair-other",
            icon=":material/undo:",
            on_click=selection.choose_classes,
            args=(None, None),
        )
    other = _beside(run, others)
    sides = _sides(run, predictions, other)
    st.caption(
        "Pictures are the means of a pile, with how many images it has: what is mistaken stands "
        "between what is rightly the one and the other. Intervals are 95 %."
    )
    for column, way in zip(st.columns(2, gap="medium"), ways, strict=True):
        with column:
            _way(way, sides, run, other if len(sides) > 1 else None)
    _images(sides, ways, others, run.run_id)


def _beside(run: Run, others: list[RunSummary]) -> Run | None:
    """Let the person choose a run to stand beside this one, or none."""
    if not others:
        return None
    st.session_state[_BOTH] = bool(selection.current().other)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        both = st.toggle(
            "Beside another run", key=_BOTH, on_change=_take_both, args=(others[0].run_id,)
        )
        return choose_other(run, others) if both else None


def _take_both(best: str) -> None:
    selection.change(other=best if st.session_state[_BOTH] else "", image=None)


def _sides(run: Run, predictions: Predictions, other: Run | None) -> list[_Side]:
    if other is None:
        return [_Side(run=run, name=run.title, predictions=predictions)]
    other_name, name = names_of(other, run)
    own = _Side(run=run, name=name, predictions=predictions)
    try:
        theirs = cache.predictions_of(other, predictions.part)
    except FmnistError as error:
        show_problem(f"{error} Choose another run to stand beside this one.")
        return [own]
    return [own, _Side(run=other, name=other_name, predictions=theirs)]


def _way(way: Way, sides: list[_Side], run: Run, other: Run | None) -> None:
    """Draw one direction: how many, and what they look like, by each run."""
    true, taken = way
    st.subheader(f"{CLASS_NAMES[true]} → {CLASS_NAMES[taken]}", anchor=False)
    for side in sides:
        found = side.pile(way)
        name = marked(side.run, side.name, 40) if other else escape(side.name, 40)
        tile(name, f"{len(found):,} of {found.of:,}", _share(found))
        with st.container(horizontal=True):
            _means(side, found)
    if other:
        _gain(way, run, other)


def _share(found: Pile) -> str:
    if found.interval is None:
        return "no such image"
    interval = share_interval(len(found), found.of)
    return f"{percent(len(found) / found.of, 1)}, 95 % interval {interval}"


def _means(side: _Side, found: Pile) -> None:
    """Draw the mean image of the pile between those of what is rightly one class or the other."""
    true, taken = CLASS_NAMES[found.true], CLASS_NAMES[found.predicted]
    piles = {
        f"rightly {true}": side.pile((found.true, found.true)),
        f"{true} → {taken}": found,
        f"rightly {taken}": side.pile((found.predicted, found.predicted)),
    }
    for words, each in piles.items():
        mean = side.mean(each)
        said = f"{words}, {len(each):,}"
        if mean is None:
            st.caption(said)
        else:
            st.image(
                mean.repeat(_ZOOM, axis=0).repeat(_ZOOM, axis=1),
                caption=said,
                width=28 * _ZOOM,
                alt=f"Mean of {count(len(each), 'image')}, {words}, by {side.name}",
            )


def _gain(way: Way, run: Run, other: Run) -> None:
    """Say in a line whether the run makes this mistake less often than the other one."""
    try:
        found = analyses.comparison_of(other, run, selection.current().part)
    except FmnistError as error:
        show_problem(str(error))
        return
    each = next((x for x in found.pairs if (x.true, x.predicted) == way), None)
    if each is None:
        st.caption("Both runs make this mistake on the same images.")
        return
    low, high = each.gain.interval
    chance = "likely real" if each.likely_real else "may be chance"
    st.caption(
        f"Against {marked(other, other.title, 40)}: {each.gain.fixed:,} fixed, "
        f"{each.gain.broken:,} broken, {points(each.gain.gain)} points "
        f"(95 % interval {points(low)} to {points(high)}), {p_text(each.adjusted_p)} after Holm: "
        f"{chance}."
    )


def _images(
    sides: list[_Side], ways: tuple[Way, Way], others: list[RunSummary], run_id: str
) -> None:
    """Draw both piles of a run as galleries, with one of the images in detail."""
    st.header("The images, hardest to decide first", anchor=False)
    side = _choose_side(sides)
    piles = [side.pile(way) for way in ways]
    chosen = selection.current()
    place = _place(side.predictions, piles, chosen.image)
    if place is None:
        st.info("This run takes none of these for the other. Choose another pair.")
        return
    *columns, right = st.columns(3, gap="medium")
    for number, (column, found) in enumerate(zip(columns, piles, strict=True)):
        with column:
            _gallery(side, found, place, f"errors-pair-{number}", (run_id, side.name, chosen))
    with right, st.container(key=_PANEL):
        listed = next((each.places for each in piles if place in each.places), piles[0].places)
        detail(side.run, side.predictions, place, listed, others)
    stay_in_view(_PANEL)
    first_on_a_phone(_PANEL)


def _choose_side(sides: list[_Side]) -> _Side:
    if len(sides) == 1:
        return sides[0]
    names = [side.name for side in sides]
    marks = {side.name: marked(side.run, side.name) for side in sides}
    name = st.segmented_control(
        "As it is taken by",
        names,
        format_func=marks.get,
        default=names[0],
        required=True,
        key="-".join([_SIDE, *names]),
    )
    return sides[names.index(name)]


def _gallery(side: _Side, found: Pile, place: int, key: str, subject: tuple[object, ...]) -> None:
    name = f"{CLASS_NAMES[found.true]} → {CLASS_NAMES[found.predicted]}"
    st.subheader(f"{name}: {len(found):,}", anchor=False)
    page = page_of(found.places, place, *subject, key=f"{key}-pages", size=PAGE_SIZE)
    if not len(page):
        st.write("None.")
        return
    shown = int(side.predictions.index[place])
    gallery(side.predictions, page, shown, name=name, key=key)


def _place(predictions: Predictions, piles: list[Pile], image: int | None) -> int | None:
    """Return the place of the image in detail: the chosen one if it is here, else the first."""
    listed = np.concatenate([each.places for each in piles])
    here = listed[predictions.index[listed] == image] if image is not None else listed[:0]
    first = here if len(here) else listed
    return int(first[0]) if len(first) else None
