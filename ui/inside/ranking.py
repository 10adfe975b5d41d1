"""Which filters of a layer are of most and of least use, and what is left without them."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from fmnist_core.analysis.intervals import Z_95
from fmnist_core.analysis.usefulness import LayerUsefulness, likely_seconds, load_usefulness, stops
from fmnist_core.derived.kinds import USEFULNESS
from fmnist_core.derived.results import DONE, load, state
from fmnist_core.exceptions import FmnistError
from fmnist_core.figures.training import layout
from fmnist_core.runs.run import Run
from ui import cache
from ui.components.plotly_live import plotly_live
from ui.derived import offer
from ui.format import count, percent, points, signed
from ui.inside.operation import Operation, toggle
from ui.layout import friendly_errors

SHOWN = 5  # of the most, and of the least useful filters
_HEIGHT = 300  # pixels
_LEAST, _MOST, _NOW = 0, 1, 2  # places among the theme's chart colours


def ranking_of(run: Run, layer: str) -> LayerUsefulness | None:
    """Return how useful the filters of a layer are; None until that can be told."""
    try:
        if state(run, USEFULNESS, cache.run_store()).state != DONE:
            return None
        return _usefulness_of(run).get(layer)
    except FmnistError:  # said below, by `draw_ranking`
        return None


def draw_ranking(
    run: Run, operation: Operation, ranking: LayerUsefulness | None, accuracy: float
) -> None:
    """Draw the ranking of a layer; else how it can be had.

    Args:
        run: Whose layer it is.
        operation: What is off in the layer.
        ranking: Of its filters, where that is there.
        accuracy: With what is off.
    """
    st.subheader("Most and least useful filters", anchor=False)
    if operation.noun != "filter":
        st.caption("Only the filters of convolutions are ranked. Choose a convolution above.")
        return
    with friendly_errors():
        if ranking is not None:
            _draw(operation, ranking, accuracy)
        elif state(run, USEFULNESS, cache.run_store()).state == DONE:
            _usefulness_of(run)  # it is there, but cannot be read: it says why
        else:
            offer(
                run,
                USEFULNESS,
                label="Rank the filters",
                why="Switches off each filter of all convolutions alone, once a run.",
                seconds=likely_seconds(run),
            )


def _draw(operation: Operation, ranking: LayerUsefulness, accuracy: float) -> None:
    order = ranking.order.tolist()
    shown = min(SHOWN, max(1, len(order) // 2))
    lists, curves = st.columns(2, gap="medium")
    with lists:
        for title, channels in (
            ("Most useful", order[::-1][:shown]),
            ("Least useful", order[: min(shown, len(order) - shown)]),
        ):
            st.markdown(f"**{title}**")
            for channel in channels:
                _line(operation, ranking, channel)
    with curves:
        st.markdown("**Accuracy with ever more filters off**")
        _curves(operation, ranking, accuracy)
        st.caption(
            "Each filter was switched off alone, on "
            f"{count(ranking.images, 'validation image')}: by how much the mean loss rises, with a "
            "95 % interval, and how the accuracy changes, in points. The curves go on from there, "
            "on the same images, which flatters “least useful first” a little."
        )


def _line(operation: Operation, ranking: LayerUsefulness, channel: int) -> None:
    """Draw a filter's figures on a button that switches it off, or on again."""
    rise, error = float(ranking.loss_rise[channel]), float(ranking.loss_error[channel])
    change = points(float(ranking.accuracy_change[channel]))
    off = channel in operation.off
    st.button(
        f"{operation.noun.capitalize()} {channel}: loss {signed(rise)} ± {Z_95 * error:.3f}, "
        f"accuracy {change}",
        key=f"inside-surgery-rank-{channel}",
        icon=":material/visibility_off:" if off else ":material/visibility:",
        help=f"Switches filter {channel} {'on again' if off else 'off'}.",
        on_click=toggle,
        args=(operation, channel),
        width="stretch",
    )


def _curves(operation: Operation, ranking: LayerUsefulness, accuracy: float) -> None:
    filters = len(ranking.order)
    x = stops(filters).tolist()
    lines = [
        _curve("Least useful first", x, ranking.least_first / ranking.images, _LEAST),
        _curve("Most useful first", x, ranking.most_first / ranking.images, _MOST),
    ]
    now = _curve("Now", [len(operation.off)], np.array([accuracy]), _NOW)
    lines.append(now | {"mode": "markers", "marker": {"size": 13, "symbol": "diamond"}})
    axes = layout(
        {"tickformat": ".0%", "range": [0, 1], "title": {"text": "Accuracy"}},
        xaxis={"title": {"text": "Filters off", "standoff": 4}},
    )
    half = filters // 2
    near = min(range(len(x)), key=lambda place: abs(x[place] - half))
    plotly_live(
        {"data": lines, "layout": axes | {"height": _HEIGHT}},
        key="inside-surgery-curves",
        revision=operation.layer,
        alt=(
            f"Accuracy with ever more filters off. With {x[near]} of {filters} off it is "
            f"{percent(float(lines[0]['y'][near]), 0)} without the least useful, and "
            f"{percent(float(lines[1]['y'][near]), 0)} without the most useful ones."
        ),
    )


def _curve(name: str, x: list[int], shares: np.ndarray, color: int) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": x,
        "y": shares.round(5).tolist(),
        "line": {"width": 2},
        "marker": {"size": 6},
        "meta": {"color": color},
        "hovertemplate": "%{y:.1%}",
    }


def _usefulness_of(run: Run) -> dict[str, LayerUsefulness]:
    """Return how useful the filters of a run are, by the names of their layers, read once.

    Raises:
        DerivedError: That has not been computed yet.
        StoreError: It is damaged, or the run has no weights yet.
    """
    return _read(run.run_id, str(load(run, USEFULNESS, cache.run_store())))


@st.cache_resource(show_spinner=False, max_entries=16)
def _read(run_id: str, folder: str) -> dict[str, LayerUsefulness]:
    return load_usefulness(cache.run_store().get(run_id), cache.run_store())
