"""The chosen run as it trains, and its figures once it has ended."""

from __future__ import annotations

import streamlit as st

from fmnist_core.figures.training import accuracy_figure, loss_figure
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.model.shapes import trace
from fmnist_core.runs.metrics_log import History
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import FAILED, INTERRUPTED, PAUSED, QUEUED, Status
from ui import cache, queue
from ui.components.plotly_live import plotly_live
from ui.confusions import most_confused
from ui.format import NONE, count, duration, escape, percent
from ui.layout import friendly_errors, tile
from ui.progress import Progress, progress_of
from ui.run_controls import run_controls, show_refusal
from ui.run_figures import final_figures
from ui.run_state import state_badge

TICK_SECONDS = 1.0
_CURVES = {"loss": "Loss, in nats", "accuracy": "Accuracy"}


def live_run(run: Run) -> None:
    """Draw a run; while it or another one lives, what is drawn follows once a second."""
    before = _liveness(run)
    st.fragment(_panel, run_every=TICK_SECONDS if any(before) else None)(run, before)


def _liveness(run: Run) -> tuple[bool, bool]:
    """Say whether the run lives, and whether any run does."""
    return run.status.live, any(row.live for row in cache.run_store().summaries())


def _panel(run: Run, before: tuple[bool, bool]) -> None:
    with friendly_errors():
        if _liveness(run) != before:
            st.rerun()  # the whole page, once
        queue.keep_working(cache.run_store().summaries())
        queue.keep_ready()
        status = run.status
        _head(run, status)
        _body(run, status)
    with friendly_errors():
        queue.waiting_runs(run.run_id)


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
    history = cache.history_of(run)
    progress = progress_of(
        run.experiment,
        history,
        run.heartbeat if status.live else None,
        planned_steps=status.planned_steps,
    )
    result = None if status.live else run.result
    if result:
        final_figures(result, progress)
    else:
        _live_tiles(status, history, progress)
    if status.live:
        st.progress(progress.share, text=_progress_text(run, status, progress))
    if history.steps:
        _curves(run, history)
    confusion = cache.confusion_of(run, status.epoch) if status.epoch else None
    if confusion is not None:
        st.markdown(most_confused(confusion, CLASS_NAMES, now=status.live))


def _progress_text(run: Run, status: Status, progress: Progress) -> str:
    if status.state == QUEUED:
        return queue.place_text(run.run_id)
    if not progress.step:
        return "Starting: loading TensorFlow and the data; this takes a few seconds."
    paused = "Paused. " if status.state == PAUSED else ""
    return f"{paused}{percent(progress.share, 0)} of {progress.steps:,} steps"


def _live_tiles(status: Status, history: History, progress: Progress) -> None:
    last = history.epochs[-1]["val_accuracy"] if history.epochs else None
    best = f"best {percent(status.val_accuracy)}" if history.epochs else None
    speed, left = progress.images_per_second, progress.seconds_left
    epoch = f"{progress.epoch} of {progress.epochs}" if progress.step else f"0 of {progress.epochs}"
    with st.container(horizontal=True):
        tile("Epoch", epoch, f"step {progress.step:,} of {progress.steps:,}")
        tile("Validation accuracy", percent(last), best)
        tile("Speed", f"{speed:,.0f} images/s" if speed else NONE)
        if status.live:
            left = None if status.state == PAUSED else left
            tile("Time left", f"about {duration(left)}" if left else NONE)


def _curves(run: Run, history: History) -> None:
    """Draw loss and accuracy side by side."""
    last = history.epochs[-1] if history.epochs else None
    for column, name, figure in zip(
        st.columns(2),
        _CURVES,
        (loss_figure(history), accuracy_figure(history)),
        strict=True,
    ):
        alt = f"{name.capitalize()} by step, up to step {history.steps[-1]:,}."
        if last:
            alt += f" Epoch {last['epoch']}: training {last[name]:.4f}, validation "
            alt += f"{last[f'val_{name}']:.4f}."
        with column, st.container(border=True):
            st.markdown(f"**{_CURVES[name]}**")
            plotly_live(figure, key=f"{name}-{run.run_id}", revision=run.run_id, alt=alt)
