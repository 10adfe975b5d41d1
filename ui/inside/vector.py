"""The values of a layer that is no map: a bar a unit."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fmnist_core.figures.training import layout
from fmnist_core.labels import CLASS_NAMES
from ui.components.plotly_live import plotly_live
from ui.format import significant

FEW = 32  # bars at first
MOST = 1024  # more bars than a screen has room for
_HEIGHT = 300  # pixels


def draw_vector(values: np.ndarray, *, last: bool) -> None:
    """Draw the values of a vector, the largest first.

    Args:
        values: float32 (units,).
        last: It is what the network says of the classes, so units bear their names.
    """
    number = len(values)
    every = number > FEW and st.toggle(
        f"Show all {number:,} units", key="inside-units-all", persist_state="session"
    )
    most = min(number, MOST) if every else FEW
    ranked = np.argsort(-np.abs(values), kind="stable")[:most]
    if last:
        ranked = np.arange(number)
    names = [CLASS_NAMES[unit] if last else str(unit) for unit in ranked]
    bars = {
        "type": "bar",
        "x": names,
        "y": [float(f"{values[unit]:.4g}") for unit in ranked],
        "meta": {"color": 0},
        "hovertemplate": "%{x}: %{y:.4g}<extra></extra>",
    }
    title = "" if last else "Unit, the largest absolute values first"
    axes = layout(
        {"title": {"text": "Value"}}, xaxis={"type": "category", "title": {"text": title}}
    )
    plotly_live(
        {"data": [bars], "layout": axes | {"height": _HEIGHT, "showlegend": False, "bargap": 0.2}},
        key="inside-units",
        revision=f"{number}-{most}",
        alt=_alt(values, ranked, names),
    )
    if len(ranked) < number:
        st.caption(f"The {len(ranked):,} largest of {number:,} units.")


def _alt(values: np.ndarray, ranked: np.ndarray, names: list[str]) -> str:
    first = [
        f"{name} {significant(float(values[unit]))}"
        for name, unit in zip(names[:10], ranked[:10], strict=True)
    ]
    return f"Values of {len(names)} of {len(values)} units: {', '.join(first)}."
