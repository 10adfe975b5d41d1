"""What the Errors page looks at: a run with predictions and a part, or the way to one."""

from __future__ import annotations

import streamlit as st

from fmnist_core.analysis.predictions import PARTS
from fmnist_core.exceptions import StoreError
from fmnist_core.runs.run import Run
from fmnist_core.runs.summary import RunSummary
from ui import cache, state
from ui.confusions import kept_model
from ui.errors import selection
from ui.layout import show_problem
from ui.report_button import report_button
from ui.run_choice import choose_run
from ui.segments import choose_segment


def choose_subject(rows: list[RunSummary]) -> Run | None:
    """Let the person choose a run and a part.

    Args:
        rows: All runs, the best by validation accuracy first. Where none was chosen yet, the first
            of them is shown that has predictions, those that validated on test images last.

    Returns:
        The run, if it has predictions that can be read; else it is said what to do.
    """
    if not state.chosen_run_id():
        honest_first = sorted(rows, key=lambda row: not row.honest)
        state.choose_run(next(filter(None, map(_with_predictions, honest_first)), ""))
    if sentence := selection.refused():
        st.warning(sentence, icon=":material/link_off:")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        with st.container(width=420):
            run = choose_run(rows) if rows else None
        if run:
            _choose_part()
            report_button(run, selection.current().part, key="errors-report")
    if run is None:
        _without_run(rows)
        return None
    return run if _has_predictions(run) else None


def _with_predictions(row: RunSummary) -> str:
    """Return the run's id if it has predictions, else ""."""
    return row.run_id if Run(cache.run_store().root / row.run_id).has_predictions else ""


def about_part(run: Run) -> None:
    """Say of which epoch the figures are, and why nothing is to be chosen by test images."""
    result = run.result
    if result:
        st.caption(f"All figures are of {kept_model(result)}: the best by validation accuracy.")
    if selection.current().part == "test":
        st.caption(
            ":material/info: Test images are for the last figure only. Who chooses a network or a "
            "setting by what is seen here gets a test accuracy that flatters: choose on validation."
        )
    if result and result.test_used_for_validation:
        st.caption(
            ":material/info: In this run the test images were the validation images too, so its "
            "figures flatter."
        )


def _choose_part() -> None:
    choose_segment(
        "Images",
        {part: part.capitalize() for part in PARTS},
        chosen=selection.current().part,
        on_choose=lambda part: selection.change(part=part, image=None),
        key="errors-part",
        show_label=True,
    )


def _without_run(rows: list[RunSummary]) -> None:
    if rows:
        st.info("Choose a run that has ended. Its mistakes are shown here.")
    else:
        st.info("There are no runs yet. Train one, and its mistakes are shown here.")
    _way_to_train("Train")


def _has_predictions(run: Run) -> bool:
    """Say what to do where there is nothing to look at."""
    try:
        cache.predictions_of(run, selection.current().part)
    except StoreError as error:
        if run.has_predictions:
            show_problem(f"{error} Or choose another run above.")
        else:
            st.info(f"{run.why_no_predictions} Or choose another run above.")
        _way_to_train("Open it on Train" if run.result else "Watch it")
        return False
    return True


def _way_to_train(label: str) -> None:
    if st.button(label, key="errors-train", type="primary", icon=":material/model_training:"):
        st.switch_page("train.py")
