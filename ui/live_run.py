"""The chosen run as it trains, and its figures once it has ended."""

from __future__ import annotations

import contextlib
from typing import Any

import streamlit as st

from fmnist_core.analysis.metrics import confusion as count_confusion
from fmnist_core.exceptions import StoreError
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.model.shapes import trace
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import FAILED, INTERRUPTED, Status
from fmnist_core.runs.summary import RunSummary
from ui import cache, queue
from ui.components.live_tiles import live_tiles
from ui.components.plotly_live import plotly_live
from ui.confusions import kept_model, most_confused
from ui.format import count, escape
from ui.layout import friendly_errors, tile
from ui.live_data import CURVES, curve_key, curves, live_data, tiles
from ui.progress import progress_of
from ui.run_controls import run_controls, show_refusal
from ui.run_figures import final_figures
from ui.run_state import state_badge

# The browser follows a live run by itself; these are for the queue around it.
TICK_SECONDS = 3.0
LIVE_TICK_SECONDS = 10.0


def live_run(run: Run, rows: list[RunSummary]) -> None:
    """Draw a run; while it or another one lives, what is drawn follows.

    Args:
        run: The run.
        rows: All runs.
    """
    before = _liveness(run, rows)
    tick = LIVE_TICK_SECONDS if before[0] else TICK_SECONDS
    st.fragment(_panel, run_every=tick if any(before) else None)(run, before)


def _liveness(run: Run, rows: list[RunSummary]) -> tuple[bool, bool]:
    """Say whether the run lives, and whether any run does."""
    return run.status.live, any(row.live for row in rows)


def _panel(run: Run, before: tuple[bool, bool]) -> None:
    rows: list[RunSummary] = []
    with friendly_errors():
        rows = cache.run_store().summaries()
        if _liveness(run, rows) != before:
            st.rerun()  # the whole page, once
        queue.keep_working(rows)
        queue.keep_ready()
        status = run.status
        _head(run, status)
        _body(run, status)
    with friendly_errors():
        queue.waiting_runs(rows, run.run_id)


def _head(run: Run, status: Status) -> None:
    """Draw the name, the state, what was asked for and what can be done."""
    experiment = run.experiment
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(escape(run.title), anchor=False, width="content")
        state_badge(status.state)
        if experiment.data.split == "resplit":
            st.badge("test set used for validation", color="orange", icon=":material/warning:")
        run_controls(run, status)
    show_refusal(run)
    train = experiment.train
    st.caption(
        f"{escape(experiment.model.name) or 'unnamed'}, "
        f"{count(trace(experiment.model).parameters, 'parameter')} · batch {train.batch_size}, "
        f"{train.optimizer} {train.learning_rate:g}, {train.schedule}, seed {train.seed} · "
        f"run {run.run_id}"
    )
    if status.message:
        draw = {FAILED: st.error, INTERRUPTED: st.warning}.get(status.state, st.info)
        draw(escape(status.message))


def _body(run: Run, status: Status) -> None:
    """Draw figures and curves."""
    if status.live:
        found = live_data(run)
        live_tiles(found, run.run_id, key=f"live-{run.run_id}", on_changed_change=_draw_anew)
        _curves(run, found["figures"])
        return
    history = cache.history_of(run)
    progress = progress_of(run.experiment, history, planned_steps=status.planned_steps)
    if result := run.result:
        final_figures(result, progress)
    else:
        with st.container(horizontal=True):
            for each in tiles(status, history, progress)[:-1]:  # no time is left
                tile(each["label"], each["value"], each["note"] or None)
    _curves(run, curves(run.run_id, history))
    if sentence := _confused(run, status, progress.epochs):
        st.markdown(sentence)


def _confused(run: Run, status: Status, epochs: int) -> str:
    """Name the commonest confusions of a run that has ended; "" where they are not known.

    Of the model that it has kept, as on the Errors page; without one, of its last epoch.
    """
    if result := run.result:
        with contextlib.suppress(StoreError):  # the Errors page says what is wrong with them
            found = cache.predictions_of(run, "validation")
            counts = count_confusion(found.y_true, found.y_pred)
            return most_confused(counts, CLASS_NAMES, when=f"by {kept_model(result)}")
    confusion = cache.confusion_of(run, status.epoch) if status.epoch else None
    if confusion is None:
        return ""
    when = f"after epoch {status.epoch} of {epochs}, the last one trained"
    return most_confused(confusion, CLASS_NAMES, when=when)


def _draw_anew() -> None:
    """Take that the browser has seen a change; the panel then draws what it is."""


def _curves(run: Run, figures: dict[str, dict[str, Any]]) -> None:
    """Draw loss and accuracy side by side; nothing before the first batch."""
    if not figures:
        return
    for column, (name, heading) in zip(st.columns(2), CURVES.items(), strict=True):
        key = curve_key(name, run.run_id)
        with column, st.container(border=True):
            st.markdown(f"**{heading}**")
            plotly_live(
                figures[key]["figure"], key=key, revision=run.run_id, alt=figures[key]["alt"]
            )
