"""What is drawn beside the maps of an image: those of another image, or of another run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from fmnist_core.runs.run import Run
from fmnist_core.specs.data import NUM_IMAGES
from ui import cache
from ui.format import escape
from ui.inside import choice
from ui.inside.image import Subject, image_title
from ui.run_choice import run_title
from ui.run_colors import run_mark

NOTHING, IMAGE, RUN = "Nothing", "An image", "A run"
_WHAT, _INDEX, _RUN = "inside-beside", "inside-beside-image", "inside-beside-run"


def choose_beside(subject: Subject) -> tuple[str, Subject] | None:
    """Let the person choose what stands beside.

    Returns:
        What it is, in markdown, and another image or run in place of the subject's; its label and
        probabilities stay the subject's. None for nothing.
    """
    others = {
        row.run_id: run_title(row)
        for row in cache.run_store().summaries()
        if row.result and row.run_id != subject.run.run_id
    }
    _check(subject, list(others))
    beside = choice.current().beside
    what = IMAGE if isinstance(beside, int) else RUN if beside else NOTHING
    st.session_state[_WHAT] = what
    st.segmented_control(
        "Beside it",
        (NOTHING, IMAGE, RUN) if others else (NOTHING, IMAGE),
        required=True,
        key=_WHAT,
        on_change=_take,
        args=(subject, list(others)),
    )
    if isinstance(beside, int):
        return _other_image(subject, beside)
    return _other_run(subject, beside, others) if beside else None


def _check(subject: Subject, others: list[str]) -> None:
    """Put another run, or nothing, in the place of one that cannot stand beside."""
    beside = choice.current().beside
    if not isinstance(beside, str) or beside in others:
        return
    if beside != subject.run.run_id:
        instead = "Another one is shown." if others else "Nothing is shown beside this one."
        st.warning(
            f"There is no other run {escape(beside)} that has ended. {instead}",
            icon=":material/search_off:",
        )
    choice.change(beside=next(iter(others), None))


def _take(subject: Subject, others: list[str]) -> None:
    what = st.session_state[_WHAT]
    if what == IMAGE:
        choice.change(beside=_like(subject))
    else:
        choice.change(beside=others[0] if what == RUN else None)


def _like(subject: Subject) -> int:
    """Return an image of the class that the subject's is taken for."""
    places = np.flatnonzero(cache.data_set().labels == subject.predicted)
    return int(places[places != subject.index][-1])


def _other_image(subject: Subject, index: int) -> tuple[str, Subject]:
    st.session_state[_INDEX] = index
    with st.container(width=150):
        st.number_input(
            "Image beside",
            0,
            NUM_IMAGES - 1,
            key=_INDEX,
            on_change=lambda: choice.change(beside=st.session_state[_INDEX]),
        )
    data = cache.data_set()
    return image_title(index, int(data.labels[index])), replace(subject, image=data.images[index])


def _other_run(subject: Subject, run_id: str, others: dict[str, str]) -> tuple[str, Subject]:
    st.session_state[_RUN] = run_id
    with st.container(width=300):
        st.selectbox(
            "Run beside",
            others,
            format_func=others.get,
            key=_RUN,
            on_change=lambda: choice.change(beside=st.session_state[_RUN]),
        )
    run = Run(cache.run_store().root / run_id)
    return run_heading(run), replace(subject, run=run)


def run_heading(run: Run) -> str:
    """Name a run above its maps, in markdown."""
    return f"{run_mark(run.run_id)} {escape(run.title)} · {escape(run.run_id)}"
