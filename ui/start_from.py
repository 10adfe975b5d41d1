"""Where a network comes from: a template, a network of a report, or a run."""

from __future__ import annotations

from functools import partial
from itertools import groupby

import streamlit as st

from fmnist_core.exceptions import FmnistError
from fmnist_core.model.presets import PRESETS, Preset
from fmnist_core.model.shapes import trace
from fmnist_core.runs.run import Run
from ui import cache, draft
from ui.format import count
from ui.layout import friendly_errors

_RUNS = "My runs"
_GROUPS = {group: tuple(found) for group, found in groupby(PRESETS, key=lambda each: each.group)}


@st.dialog("Start from", width="large")
def choose_start() -> None:
    """Let the person choose what becomes the draft; the present one stays behind Undo."""
    group = st.segmented_control(
        "Source", [*_GROUPS, _RUNS], default=next(iter(_GROUPS)), key="start-group", required=True
    )
    if group == _RUNS:
        _runs()
    else:
        for preset in _GROUPS[group]:
            _entry(preset)


def _entry(preset: Preset) -> None:
    size = count(trace(preset.experiment.model).parameters, "parameter")
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = st.button(
            preset.name,
            key=f"preset-{preset.name}",
            on_click=partial(draft.take_preset, preset),
            width=190,
        )
        st.caption(f"{preset.summary} {size}.", width="stretch")
    if chosen:
        st.rerun()


def _runs() -> None:
    """Offer the runs whose network can be read, newest first."""
    with friendly_errors():
        rows = [row for row in cache.run_store().summaries() if not row.problem]
        titles = {row.run_id: f"{row.title} · {row.model} · {row.run_id}" for row in rows}
        if not titles:
            st.info("There are no runs yet. Train a network, then start from it here.")
            return
        run_id = st.selectbox("Run", titles, format_func=titles.get, key="start-run")
        take = partial(take_run, run_id)
        if st.button("Start from this run", key="take-run", type="primary", on_click=take):
            st.rerun()


def build_on_button(run: Run) -> None:
    """Draw the way from a run to a network that is made from it."""
    if st.button(
        "Build on this run",
        key=f"build-on-{run.run_id}",
        icon=":material/edit:",
        help="Opens its network on the Build page, with its settings and as its child.",
    ):
        take_run(run.run_id)
        st.switch_page("build.py")


def take_run(run_id: str) -> None:
    """Make the network of a run the draft, or say why not."""
    try:
        draft.take_run(cache.run_store().get(run_id))
    except FmnistError as error:
        draft.refuse(str(error))
