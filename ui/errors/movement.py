"""How the prediction of an image moved from epoch to epoch, as a small chart."""

from __future__ import annotations

from typing import Any

import streamlit as st

from fmnist_core.analysis.trajectories import Trajectory
from fmnist_core.exceptions import StoreError
from fmnist_core.figures.training import layout
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.runs.run import Run
from ui import cache
from ui.components.plotly_live import plotly_live
from ui.format import count, escape

MAX_CLASSES = 3  # the true one, and those it was most often taken for
HEIGHT = 210  # pixels
# Place among the theme's chart colours, and dash: the true class, then what it was taken for.
_LOOKS = ((2, "solid"), (1, "dash"), (3, "dot"))


def movement(run: Run, part: str, image: int) -> None:
    """Draw how the network came to its prediction, or say why that is not known.

    Args:
        run: One that has ended.
        part: "validation" or "test".
        image: Index into the 70,000 pooled images.
    """
    st.markdown("**Over the epochs**")
    try:
        trajectory = cache.trajectories_of(run).of(image)
    except StoreError as error:
        st.caption(escape(str(error), 300))
        return
    if trajectory is None:
        st.caption(
            f"Recorded for the validation images; a {part} image is looked at once, at the end."
        )
        return
    sentence = _sentence(trajectory)
    plotly_live(_figure(trajectory), key="errors-movement", revision=f"{image}", alt=sentence)
    st.caption(sentence)


def _sentence(trajectory: Trajectory) -> str:
    epochs, right = len(trajectory.epochs), trajectory.right
    name = CLASS_NAMES[trajectory.label]
    text = f"Taken for {name}, which it is, after {right} of {count(epochs, 'epoch')}"
    if trajectory.last_change is None:
        always = "always for" if epochs > 1 else "for"
        return f"{text}; {always} {CLASS_NAMES[trajectory.y_pred[-1]]}."
    return f"{text}; the prediction changed last with epoch {trajectory.last_change}."


def _figure(trajectory: Trajectory) -> dict[str, Any]:
    """Draw the probability of the true class and of those it was taken for."""
    epochs = trajectory.epochs.tolist()
    lines = [
        {
            "type": "scatter",
            "mode": "lines+markers" if len(epochs) <= 20 else "lines",
            "name": CLASS_NAMES[label] + (" (true)" if label == trajectory.label else ""),
            "x": epochs,
            "y": [round(float(value), 3) for value in trajectory.y_proba[:, label]],
            "line": {"width": 2, "dash": dash},
            "marker": {"size": 5},
            "meta": {"color": color},
            "hovertemplate": "%{y:.0%}",
        }
        for label, (color, dash) in zip(trajectory.classes[:MAX_CLASSES], _LOOKS, strict=False)
    ]
    axes = layout(
        {"tickformat": ".0%", "range": [-0.03, 1.03]},
        xaxis={"title": {"text": "Epoch", "standoff": 4}, "tickformat": "d"},
    )
    return {"data": lines, "layout": axes | {"height": HEIGHT}}
