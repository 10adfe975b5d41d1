"""Repeating a run with other seeds, and how far the repeats lie apart."""

from __future__ import annotations

import streamlit as st

from fmnist_core.analysis.spread import spread
from fmnist_core.exceptions import FmnistError
from fmnist_core.runs.repeats import DEFAULT, repeats, siblings
from fmnist_core.runs.run import Run
from fmnist_core.runs.summary import RunSummary
from ui import cache
from ui.format import escape, percent
from ui.launching import launch_all
from ui.layout import show_problem

_REFUSAL = "repeat-refusal"


def repeat_button(row: RunSummary, rows: list[RunSummary]) -> None:
    """Draw the button that queues repeats; closed while some of them wait or train."""
    live = sum(each.live for each in siblings(rows, row))
    words = (
        "Queues the same experiment with other seeds, as its children: how far they lie apart "
        "says what chance does."
    )
    if live:
        words = f"{live} of its kind wait or train already."
    st.button(
        f"Repeat with {DEFAULT} seeds",
        key="runs-repeat",
        icon=":material/casino:",
        disabled=bool(live or row.problem),
        help=words,
        on_click=_repeat,
        args=(row.run_id,),
    )
    if sentence := st.session_state.pop(_REFUSAL, ""):
        show_problem(sentence)


def _repeat(run_id: str) -> None:
    store = cache.run_store()
    rows = store.summaries()
    row = next((each for each in rows if each.run_id == run_id), None)
    if row is None or any(each.live for each in siblings(rows, row)):
        return  # gone, or a second click: the page shows either
    try:
        launch_all(repeats(Run(store.root / run_id), rows))
    except FmnistError as error:
        st.session_state[_REFUSAL] = str(error)


def spread_lines(chosen: list[RunSummary], rows: list[RunSummary]) -> None:
    """Say how far the ticked runs lie from those that differ from them only in their seed."""
    kinds = {row.recipe: row for row in reversed(chosen) if row.recipe}
    for row in reversed(kinds.values()):
        ended = [each for each in siblings(rows, row) if each.result]
        if len(ended) < 2:
            continue
        found = spread([each.result.validation.accuracy for each in ended if each.result])
        seeds = ", ".join(str(each.setting("seed")) for each in reversed(ended))
        st.markdown(
            f"**{escape(row.title)}** and its repeats, {found.runs} runs with the seeds "
            f"{escape(seeds)}: validation accuracy {percent(found.mean)} in the mean (95 % "
            f"interval {100 * found.low:.2f}–{100 * found.high:.2f} %), from "
            f"{percent(found.smallest)} to {percent(found.largest)}, "
            f"standard deviation {100 * found.deviation:.2f} points."
        )
