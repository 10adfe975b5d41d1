"""The view of health: the weights, outputs and gradients of each layer, and what looks wrong."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st
from streamlit import column_config as columns

from fmnist_core.analysis.health import ALL_WELL, can_be_silent, findings
from fmnist_core.figures.training import layout
from fmnist_core.inference.messages import Message
from fmnist_core.model.shapes import LayerShape, trace
from fmnist_core.specs.model import LayerSpec
from ui.components.plotly_live import plotly_live
from ui.format import NONE, count, escape, percent
from ui.inference import ask
from ui.inside import choice
from ui.inside.image import Subject

_HEIGHT = 240  # pixels
_COLUMNS: dict[str, Any] = {
    "layer": columns.TextColumn("Layer"),
    "shape": columns.TextColumn("Output", width=90),
    "parameters": columns.NumberColumn("Parameters", format="localized", width=90),
    "weights": columns.NumberColumn(
        "Weights, RMS", format="%.4f", help="Root mean square of the kernel.", width=95
    ),
    "outputs": columns.TextColumn("Outputs", help="Mean ± standard deviation.", width=120),
    "zeros": columns.NumberColumn(
        "Exactly 0", format="%.0f %%", help="Share of the outputs.", width=80
    ),
    "silent": columns.TextColumn(
        "Silent units", help="Channels or units that are 0 for every image.", width=95
    ),
    "gradient": columns.NumberColumn(
        "Gradient, RMS",
        format="%.1e",
        help="Root mean square of the loss's gradient by the kernel, on 128 training images.",
        width=105,
    ),
}


def health(subject: Subject) -> None:
    """Draw the view for a run; the image does not matter to it."""
    found = ask("health", subject.run)
    spec = subject.run.experiment.model
    shapes = {shape.name: shape for shape in trace(spec).layers}
    specs = {layer.name: layer for layer in spec.layers}
    layers = [each for each in found.values["layers"] if each["name"] in shapes]
    wrong = findings(layers, specs)
    for sentence in wrong:
        st.warning(escape(sentence), icon=":material/monitor_heart:")
    if not wrong:
        st.success(ALL_WELL, icon=":material/check_circle:")
    st.dataframe(
        pd.DataFrame([_row(each, shapes[each["name"]], specs[each["name"]]) for each in layers]),
        hide_index=True,
        column_config=_COLUMNS,
        height="content",
        placeholder=NONE,
        alt="Weights, outputs and gradients of each layer.",
    )
    st.caption(
        f"Outputs on {count(found.values['images'], 'validation image')}, with the best weights; "
        "dropout is off."
    )
    _histograms(found, layers)


def _row(each: dict[str, Any], shape: LayerShape, spec: LayerSpec) -> dict[str, Any]:
    silent = f"{len(each['silent'])} of {each['units']}" if can_be_silent(spec) else None
    return {
        "layer": f"{each['name']} ({spec.type})",
        "shape": "×".join(str(length) for length in shape.output),
        "parameters": shape.cost.trainable + shape.cost.non_trainable,
        "weights": each["weight_std"],
        "outputs": f"{each['mean']:.2f} ± {each['std']:.2f}".replace("-", "−"),
        "zeros": 100 * each["zeros"],
        "silent": silent,
        "gradient": each["gradient"],
    }


def _histograms(found: Message, layers: list[dict[str, Any]]) -> None:
    """Draw how the weights and the outputs of a layer are spread."""
    names = [each["name"] for each in layers]
    chosen = choice.current().layer
    with_weights = next((each["name"] for each in layers if each["weight_std"]), names[0])
    st.session_state["inside-health-layer"] = chosen if chosen in names else with_weights
    with st.container(width=260):
        name = st.selectbox(
            "Layer",
            names,
            key="inside-health-layer",
            on_change=lambda: choice.change(layer=st.session_state["inside-health-layer"]),
        )
    for column, kind in zip(st.columns(2), ("weights", "outputs"), strict=True):
        with column, st.container(border=True):
            st.markdown(f"**{kind.capitalize()} of {escape(name)}**")
            if f"{name}/{kind}" in found.arrays:
                _histogram(found, name, kind)
            else:
                st.caption("It has none.")


def _histogram(found: Message, name: str, kind: str) -> None:
    counts = found.arrays[f"{name}/{kind}"]
    edges = found.arrays[f"{name}/{kind}-edges"].astype(float)
    zeros = float(counts.max() / max(1, counts.sum()))
    bars = {
        "type": "bar",
        "x": ((edges[:-1] + edges[1:]) / 2).round(5).tolist(),
        "y": counts.tolist(),
        "meta": {"color": 0 if kind == "weights" else 2},
        "hovertemplate": "about %{x:.3g}: %{y:,}<extra></extra>",
    }
    axes = layout(
        {"title": {"text": "Number"}, "type": "log", "dtick": 1},
        xaxis={"title": {"text": "Value", "standoff": 4}},
    )
    plotly_live(
        {"data": [bars], "layout": axes | {"height": _HEIGHT, "showlegend": False, "bargap": 0.05}},
        key=f"inside-health-{kind}",
        revision=name,
        alt=(
            f"{kind.capitalize()} of {name}, from {edges[0]:.3g} to {edges[-1]:.3g}; "
            f"{percent(zeros, 0)} lie in one of {len(counts)} bars. Logarithmic."
        ),
    )
