"""What is drawn beside the maps of an image: those of another image, or of another run."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import streamlit as st

from fmnist_core.analysis.predictions import NUM_IMAGES
from fmnist_core.runs.run import Run
from fmnist_core.runs.summary import RunSummary
from ui import cache
from ui.format import escape
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
    others = [
        row
        for row in cache.run_store().summaries()
        if row.result and row.run_id != subject.run.run_id
    ]
    options = (NOTHING, IMAGE, RUN) if others else (NOTHING, IMAGE)
    what = st.segmented_control(
        "Beside it", options, default=NOTHING, required=True, key=_WHAT, persist_state="session"
    )
    if what == IMAGE:
        return _other_image(subject)
    return _other_run(subject, others) if what == RUN and others else None


def _other_image(subject: Subject) -> tuple[str, Subject]:
    data = cache.data_set()
    if _INDEX not in st.session_state:  # at first one of the class that the image is taken for
        places = np.flatnonzero(data.labels == subject.predicted)
        st.session_state[_INDEX] = int(places[places != subject.index][-1])
    with st.container(width=150):
        index = st.number_input(
            "Image beside", 0, NUM_IMAGES - 1, key=_INDEX, persist_state="session"
        )
    return image_title(index, int(data.labels[index])), replace(subject, image=data.images[index])


def _other_run(subject: Subject, others: list[RunSummary]) -> tuple[str, Subject]:
    titles = {row.run_id: run_title(row) for row in others}
    with st.container(width=300):
        run_id = st.selectbox(
            "Run beside", titles, format_func=titles.get, key=_RUN, persist_state="session"
        )
    run = Run(cache.run_store().root / run_id)
    return run_heading(run), replace(subject, run=run)


def run_heading(run: Run) -> str:
    """Name a run above its maps, in markdown."""
    return f"{run_mark(run.run_id)} {escape(run.title)} · {escape(run.run_id)}"
