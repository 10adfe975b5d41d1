"""What five reports claim, what was measured here, and training it again."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from fmnist_core.exceptions import FmnistError
from fmnist_core.export.reference_list import bounds, claimed, found, why
from fmnist_core.format import duration
from fmnist_core.model import presets
from fmnist_core.reference import REPORTS, Claim, Measured, Report, digits, measure
from fmnist_core.reference.asked import wanted
from fmnist_core.reference.figures import HEADINGS, figures
from fmnist_core.reference.measured import (
    HIGHER,
    IMPLAUSIBLE,
    LOWER,
    MARKS,
    REPRODUCED,
    run_ids_of,
    went_through,
)
from fmnist_core.runs.outcome import Outcome
from fmnist_core.runs.run import Run
from fmnist_core.runs.summary import RunSummary, recipe
from ui import cache, state
from ui.errors import selection
from ui.format import count, escape
from ui.launching import launch_all
from ui.layout import show_problem
from ui.reference_grid import reference_grid
from ui.reference_times import reference_times
from ui.run_ticks import tick

_REFUSED = "references-refused"


def overview(measured: list[Measured]) -> None:
    """Say how many of all claims were measured, and what came out."""
    with st.container(horizontal=True):
        runs = sum(bool(each.runs) for each in measured)
        st.metric("Measured here", f"{runs} of {len(measured)} claims", border=True)
        for verdict in (REPRODUCED, HIGHER, LOWER, IMPLAUSIBLE):
            number = sum(each.verdict == verdict for each in measured)
            st.metric(f"{MARKS[verdict]} {verdict.capitalize()}", f"{number}", border=True)


def choose_report(measured: list[Measured]) -> Report:
    """Let the person choose a report; at first it is one of which something was measured."""
    titles = {report.key: report.title for report in REPORTS}
    known = {each.claim.name for each in measured if each.runs}
    with_runs = (report for report in REPORTS if known & {claim.name for claim in report.claims})
    first = next(with_runs, REPORTS[0])
    key = st.segmented_control(
        "Report",
        titles,
        format_func=titles.get,
        default=first.key,
        required=True,
        key="references-report",
        label_visibility="collapsed",
        persist_state="session",
    )
    return next(report for report in REPORTS if report.key == key)


def draw_report(report: Report, rows: list[RunSummary]) -> None:
    """Draw a report's question, its claims beside what was measured, and what can be done."""
    st.header(report.question, anchor=False)
    measured = [measure(claim, rows) for claim in report.claims]
    st.dataframe(
        pd.DataFrame([_line(each) for each in measured]),
        hide_index=True,
        height="content",
        alt=f"The claims of {report.title} beside what was measured here",
    )
    for each in measured:
        if said := why(each):
            st.markdown(f"- **{escape(each.claim.label)}**: {escape(said)}")
    if report.answer:
        st.markdown(report.answer)
    if digits.CLAIM in report.claims:
        st.markdown(digits.sentence(digits.read_result(cache.run_store().root)))
    st.caption(
        "Test accuracy unless it says validation; 95 % Wilson intervals; ± is the standard "
        "deviation between seeds. “Reproduced” says: so near that two runs of one recipe, each "
        "judged by images of its own, would differ by more in one of twenty cases. Every run of a "
        "recipe counts."
    )
    _figures(measured)
    _actions(report, measured, rows)
    reference_grid(report, rows)
    reference_times(report)
    _notes(report)


def _line(each: Measured) -> dict[str, str]:
    losses = [_outcome(row) for row in each.runs]
    return {
        "What": each.claim.label,
        "The report says": claimed(each.claim),
        "Measured": found(each),
        "95 % interval": bounds(each),
        "Runs": f"{len(each.runs):,}",
        "Training": duration(losses[0].seconds) if losses else "–",
        "Verdict": f"{MARKS[each.verdict]} {each.verdict}",
    }


def _figures(measured: list[Measured]) -> None:
    """Draw the figures of the runs, as reports print them."""
    run_ids = run_ids_of(measured)
    if not run_ids:
        return
    with st.expander(f"All figures of {count(len(run_ids), 'run')}"):
        root = cache.run_store().root
        lines = [figures(Run(root / run_id)) for run_id in run_ids]
        st.dataframe(
            pd.DataFrame(lines, columns=list(map(str.capitalize, HEADINGS))),
            hide_index=True,
            height="content",
            alt="All figures of the runs",
        )
        st.caption(
            "Accuracy and loss of the test images; precision, recall and F1 are means over the "
            "classes, weighted by their images. An epoch is training and validation together."
        )


def _outcome(row: RunSummary) -> Outcome:
    assert row.result is not None  # `measure` takes no other
    return row.result


def _actions(report: Report, measured: list[Measured], rows: list[RunSummary]) -> None:
    """Draw the way to the runs, and the buttons that train what is missing or another seed."""
    if refused := st.session_state.pop(_REFUSED, ""):
        show_problem(refused)
    run_ids = run_ids_of(measured)
    missing = wanted(report.claims, rows)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if st.button(
            f"Open {count(len(run_ids), 'run')}",
            key="references-open",
            icon=":material/table_rows:",
            disabled=not run_ids,
            help="Ticks them on the Runs page: their curves, costs and settings side by side.",
        ):
            tick(run_ids)
            st.switch_page("runs.py")
        if len(measured) == 2 and all(each.runs for each in measured):
            _compare(*(each.runs[0].run_id for each in measured))
        st.button(
            f"Train what is missing: {count(len(missing), 'run')}",
            key="references-missing",
            icon=":material/rocket_launch:",
            disabled=not missing,
            on_click=_train,
            args=(report.claims,),
            help="Queues a run for each claim that has none.",
        )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        claims = {claim.name: claim for claim in report.claims}
        with st.container(width=360):
            name = st.selectbox(
                "Repeat one of them",
                claims,
                format_func=lambda each: claims[each].label,
                key=f"references-claim-{report.key}",
                persist_state="session",
            )
        st.button(
            "Train another seed",
            key="references-repeat",
            icon=":material/casino:",
            on_click=_train,
            args=((claims[name],), _known_seeds(claims[name], rows) + 1),
            help="How far seeds lie apart says what chance does.",
        )
    waiting = [row for row in rows if row.live]
    if waiting:
        st.caption(f"{count(len(waiting), 'run')} waiting or training; the Train page shows them.")


def _compare(before: str, after: str) -> None:
    if st.button(
        "Compare their confusion matrices",
        key="references-compare",
        icon=":material/compare_arrows:",
        help="On the Errors page: both matrices, their difference, what was fixed and broken.",
    ):
        state.choose_run(after)
        selection.change(view="two", other=before, part="test")
        st.switch_page("errors.py")


def _known_seeds(claim: Claim, rows: list[RunSummary]) -> int:
    """Count the seeds with which a claim was trained, or is being trained."""
    wanted_recipe = recipe(claim.experiment())
    return sum(row.recipe == wanted_recipe and (row.live or went_through(row)) for row in rows)


def _train(claims: tuple[Claim, ...], seeds: int = 1) -> None:
    """Queue what is missing; a second click finds it there."""
    try:
        launch_all(wanted(claims, cache.run_store().summaries(), seeds=seeds))
    except FmnistError as error:
        st.session_state[_REFUSED] = str(error)


def _notes(report: Report) -> None:
    """Draw what each preset chose where its report says nothing."""
    noted: dict[str, list[str]] = {}
    for claim in report.claims:
        noted.setdefault(presets.load(claim.preset).notes, []).append(claim.label)
    with st.expander("What the report does not say, and what was chosen here"):
        for note, labels in noted.items():
            st.markdown(f"**{escape(', '.join(labels))}**: {escape(note, 1_000)}")
    if losses := [claim for claim in report.claims if claim.loss is not None]:
        said = "; ".join(f"{claim.label} {claim.loss:.4f}" for claim in losses)
        st.caption(f"Losses that it reports: {said}. Those measured stand at each run.")
