"""The ticked runs beside each other: their curves, what they cost, and what sets them apart."""

from __future__ import annotations

import streamlit as st

from fmnist_core.runs.run import Run
from fmnist_core.runs.summary import RunSummary
from ui import cache
from ui.components.plotly_live import plotly_live
from ui.format import count, escape, percent
from ui.layout import friendly_errors
from ui.lineage import lineage
from ui.repeats import spread_lines
from ui.run_colors import run_styles
from ui.run_curves import AXES, METRICS, RunLine, curves_figure
from ui.run_parallel import MAX_AXES, differing, parallel_figure
from ui.run_scatter import COSTS, front, points, scatter_figure
from ui.sweep_heat import heat_view

MAX_DRAWN = 15  # runs that can be told apart in one chart
TICK_SECONDS = 2.0
_VIEWS = _CURVES, _COST, _SETTINGS, _HEAT, _LINEAGE = (
    *("Curves", "Accuracy and cost", "Settings", "Heat map", "Lineage"),
)


def ticked_runs(chosen: list[RunSummary], rows: list[RunSummary]) -> None:
    """Draw the view that was chosen of the ticked runs; damaged ones are left out, and named.

    Args:
        chosen: The ticked runs.
        rows: All runs.
    """
    sound = [row for row in chosen if not row.problem]
    if not sound:
        st.caption("Tick runs to lay their curves over each other.")
        return
    st.header("Ticked runs", anchor=False)
    if left_out := [row.run_id for row in chosen if row.problem]:
        st.caption(f"Left out, as damaged: {', '.join(left_out)}.")
    spread_lines(sound, rows)
    view = st.segmented_control(
        "View",
        _VIEWS,
        default=_CURVES,
        key="ticked-view",
        required=True,
        label_visibility="collapsed",
        persist_state="session",
    )
    if view == _HEAT:  # of any number of runs
        heat_view(sound, key="ticked")
        return
    if len(sound) > MAX_DRAWN:
        st.caption(f"The first {MAX_DRAWN} of {len(sound)} ticked runs are drawn.")
    draw = {
        _CURVES: _draw_curves,
        _COST: _draw_cost,
        _SETTINGS: draw_settings,
        _LINEAGE: lineage,
    }[view]
    live = view == _CURVES and any(row.live for row in sound)
    st.fragment(draw, run_every=TICK_SECONDS if live else None)(sound[:MAX_DRAWN])


def names_of(rows: list[RunSummary]) -> dict[str, str]:
    """Name each run by its title, and by its id too where several have the same."""
    titles = [row.title for row in rows]
    return {
        row.run_id: row.title if titles.count(row.title) == 1 else f"{row.title} {row.run_id}"
        for row in rows
    }


def _draw_curves(rows: list[RunSummary]) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        label = st.selectbox(
            "Figure", list(METRICS), key="curves-metric", width=260, persist_state="session"
        )
        axis = st.segmented_control(
            "By", AXES, default=AXES[0], key="curves-axis", required=True, persist_state="session"
        )
        weight = st.slider(
            "Smoothing",
            0.0,
            0.99,
            0.0,
            0.01,
            key="curves-smoothing",
            persist_state="session",
            help="How much of the past each point keeps; the raw curve stays behind it, faintly.",
            width=220,
        )
    lines = _lines(rows)
    figure = curves_figure(lines, METRICS[label], axis, weight)
    drawn = sum(bool(trace["x"]) for trace in figure["data"] if trace.get("showlegend", True))
    if drawn < len(rows):
        st.caption(f"{drawn} of {count(len(rows), 'run')} have such figures so far.")
    with st.container(border=True):
        plotly_live(
            figure,
            key="runs-curves",
            revision=f"{label}-{axis}",
            alt=f"{label} by {axis.lower()} of {count(drawn, 'run')}: "
            + ", ".join(line.name for line in lines),
        )


def _lines(rows: list[RunSummary]) -> list[RunLine]:
    names, styles = names_of(rows), run_styles([row.run_id for row in rows])
    found = []
    for row in rows:
        with friendly_errors():  # one that is gone meanwhile takes no other along
            run = Run(cache.run_store().root / row.run_id)
            asked = cache.experiment_of(row.run_id)
            steps = asked.train.steps_per_epoch(asked.train_size)
            line = RunLine(names[row.run_id], styles[row.run_id], cache.history_of(run), steps)
            found.append(line)
    return found


def _draw_cost(rows: list[RunSummary]) -> None:
    cost = st.segmented_control(
        "Against",
        list(COSTS),
        format_func=COSTS.get,
        default="time",
        key="cost-axis",
        persist_state="session",
        required=True,
    )
    names, styles = names_of(rows), run_styles([row.run_id for row in rows])
    found = points(rows, names, cost)
    if not found:
        st.info("None of the ticked runs has ended with figures yet.")
        return
    best = ", ".join(f"{each.name} {percent(each.accuracy)}" for each in front(found))
    st.caption(
        f"Validation accuracy of {count(len(found), 'run')} of {len(rows)}, with 95 % Wilson "
        f"intervals. Not beaten in both by any other, cheapest first: "
        f"{escape(best, 2000)}. Where intervals overlap, the difference may be chance."
    )
    with st.container(border=True):
        plotly_live(
            scatter_figure(found, styles, cost),
            key="runs-scatter",
            revision=cost,
            alt=f"Validation accuracy against {COSTS[cost].lower()}; not beaten: {best}",
        )


def draw_settings(rows: list[RunSummary], *, key: str = "runs-parallel") -> None:
    """Draw runs as lines through the settings in which they differ, to their accuracy.

    Args:
        rows: Sound runs, at most 15.
        key: Of the chart.
    """
    axes = differing(rows)
    if len(rows) < 2 or not axes:
        st.info(
            "Tick another run to see what sets them apart."
            if len(rows) < 2
            else "These runs have the same settings and networks of the same name and size."
        )
        return
    left_out = len(axes) - (MAX_AXES - 1)
    more = (
        f" {count(left_out, 'further setting')} that differ are not drawn." if left_out > 0 else ""
    )
    st.caption(f"An axis for each setting that differs, and validation accuracy last.{more}")
    names, styles = names_of(rows), run_styles([row.run_id for row in rows])
    with st.container(border=True):
        plotly_live(
            parallel_figure(rows, names, styles),
            key=key,
            revision=",".join(axes),
            alt=f"Settings of {count(len(rows), 'run')} as lines to their validation accuracy.",
        )
