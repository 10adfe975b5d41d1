"""Launching an experiment: once, however often the button is clicked."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from fmnist_core.exceptions import FmnistError
from fmnist_core.jobs import launch
from fmnist_core.runs.status import FINISHED
from fmnist_core.specs import Experiment
from ui import cache, state
from ui.layout import show_problem

_LAUNCHED = "launched"  # the experiment this session launched last, and the id of its run


def launch_button(experiment: Experiment | None) -> None:
    """Draw the button; closed for None, and for what was launched already.

    It is no callback: that would launch what was drawn before the click, without a value that was
    typed a moment earlier.
    """
    again = experiment is not None and _is_launched(experiment)
    clicked = st.button(
        "Launch",
        key="launch",
        type="primary",
        icon=":material/rocket_launch:",
        disabled=experiment is None or again,
        help="Train in the background." if experiment else "Mend what is marked above first.",
    )
    if again:
        st.caption("This is launched. Change a setting, such as the seed, to launch another run.")
    elif clicked and experiment:
        _launch(experiment)


def launch_all(experiments: Iterable[Experiment]) -> None:
    """Queue runs in the background.

    Raises:
        FmnistError: One of them cannot be trained or saved; those before it are queued.
    """
    for experiment in experiments:
        launch(experiment, cache.run_store())


def _launch(experiment: Experiment) -> None:
    """Queue the run and look at it."""
    try:
        run = launch(experiment, cache.run_store())
    except FmnistError as error:
        show_problem(error)
        return
    st.session_state[_LAUNCHED] = (experiment, run.run_id)
    state.choose_run(run.run_id)
    st.rerun()


def _is_launched(experiment: Experiment) -> bool:
    """Say whether this session launched just this, and it waits, runs or has finished."""
    launched, run_id = st.session_state.get(_LAUNCHED, (None, ""))
    if launched != experiment:
        return False
    try:
        status = cache.run_store().get(run_id).status
    except FmnistError:  # deleted or damaged since
        return False
    return status.live or status.state == FINISHED
