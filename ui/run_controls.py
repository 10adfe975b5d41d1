"""What a person can tell a run: a button for each order that its state allows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from fmnist_core.exceptions import FmnistError
from fmnist_core.runs import commands
from fmnist_core.runs.control import ADDED_EPOCHS
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import (
    FAILED,
    FINISHED,
    INTERRUPTED,
    PAUSED,
    QUEUED,
    STOPPED,
    Status,
)
from fmnist_core.settings import settings_of
from fmnist_core.specs import TrainSpec
from ui import queue
from ui.layout import show_problem
from ui.settings import setting_input

RATE = settings_of(TrainSpec)["learning_rate"]
_PROBLEM = "control-problem"  # the id of a run, and why it could not do what it was told


def run_controls(run: Run, status: Status) -> None:
    """Draw the buttons of a run, in one line."""
    waiting = {command.name for command in commands.pending(run.folder)}
    if status.state == QUEUED:
        queue.stop_button(run, "Remove from the queue")
    elif status.live:
        if status.state == PAUSED:
            _order(run, Run.resume, "Resume", "play_arrow", busy=commands.RESUME in waiting)
        else:
            _order(run, Run.pause, "Pause", "pause", busy=commands.PAUSE in waiting)
        _order(
            run,
            Run.step_epoch,
            "One epoch",
            "skip_next",
            busy=commands.STEP in waiting,
            help_text="Train to the end of this epoch, and pause there.",
        )
        queue.stop_button(run, "Stop and keep", "The best weights so far are kept.")
        _adjust(run)
    else:
        _after_the_end(run, status)


def show_refusal(run: Run) -> None:
    """Say once why the run could not do what it was told last."""
    run_id, problem = st.session_state.get(_PROBLEM, ("", ""))
    if run_id == run.run_id:
        del st.session_state[_PROBLEM]
        show_problem(problem)


def _after_the_end(run: Run, status: Status) -> None:
    begun = run.can_go_on
    if status.state == INTERRUPTED or (begun and status.state in (STOPPED, FAILED)):
        _order(run, Run.resume, "Resume", "play_arrow", help_text="Go on from the last checkpoint.")
        _other_starts(run)
    if begun and status.state in (FINISHED, STOPPED):
        with st.popover("Train longer", icon=":material/more_time:"):
            _add_epochs(run)


def _other_starts(run: Run) -> None:
    """Offer the ways back that lose something."""
    with st.popover("Other ways", icon=":material/history:"):
        st.caption("For a run whose last checkpoint is damaged, or does not fit any more.")
        _order(
            run,
            lambda run: run.resume(from_previous=True),
            "From the checkpoint before",
            "undo",
            name="previous",
        )
        _order(
            run,
            lambda run: run.resume(from_zero=True),
            "From the beginning",
            "restart_alt",
            name="zero",
            help_text="What it has learned so far is dropped.",
        )


def _adjust(run: Run) -> None:
    """Offer another learning rate, and more epochs."""
    with st.popover("Adjust", icon=":material/tune:"):
        key = f"rate-{run.run_id}"
        shown = st.session_state.get(key, run.experiment.train.learning_rate)
        setting_input(RATE, shown, key=key)
        st.caption("From the next batch on; a schedule falls from there in proportion.")
        _order(
            run,
            lambda run: run.set_learning_rate(st.session_state[key]),
            "Set learning rate",
            "speed",
            name="set-rate",
        )
        _add_epochs(run)


def _add_epochs(run: Run) -> None:
    key = f"epochs-{run.run_id}"
    setting_input(ADDED_EPOCHS, st.session_state.get(key, ADDED_EPOCHS.default), key=key)
    if run.experiment.train.schedule != "constant":
        st.caption("Beyond the first plan, the schedule stays at its last learning rate.")
    _order(
        run,
        lambda run: run.add_epochs(st.session_state[key]),
        "Add epochs",
        "more_time",
        name="extend",
    )


def _order(
    run: Run,
    tell: Callable[[Run], Any],
    label: str,
    icon: str,
    *,
    name: str = "",
    busy: bool = False,
    help_text: str | None = None,
) -> None:
    """Draw a button; while its order waits to be heard, it says so.

    What is told reads its widgets when it is clicked: a value may have been typed a moment before.
    """
    st.button(
        f"{label} …" if busy else label,
        key=f"{name or tell.__name__}-{run.run_id}",
        icon=f":material/{icon}:",
        help=help_text,
        disabled=busy,
        on_click=_tell,
        args=(run, tell),
    )


def _tell(run: Run, tell: Callable[[Run], Any]) -> None:
    try:
        tell(run)
    except FmnistError as error:  # it has changed its state meanwhile, or the value is bad
        st.session_state[_PROBLEM] = (run.run_id, str(error))
