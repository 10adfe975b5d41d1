"""Figures of the data set: images a class, and pixels a grey level."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from fmnist_core.figures.training import layout
from fmnist_core.labels import CLASS_NAMES


def counts_figure(counts: Mapping[str, np.ndarray]) -> dict[str, Any]:
    """Draw how many images of each class some parts hold, as bars side by side.

    Args:
        counts: int (10,) by the name of the part, at most six.
    """
    bars = [
        {
            "type": "bar",
            "name": name,
            "x": list(CLASS_NAMES),
            "y": found.tolist(),
            "meta": {"color": place},
            "hovertemplate": "%{y:,} images",
        }
        for place, (name, found) in enumerate(counts.items())
    ]
    axes = layout(
        {"title": {"text": "Images", "standoff": 4}, "tickformat": ","}, xaxis={"automargin": True}
    )
    return {"data": bars, "layout": axes | {"bargap": 0.25}}


def histogram_figure(histogram: np.ndarray, *, name: str) -> dict[str, Any]:
    """Draw how many pixels have each grey level, on a logarithmic scale: half of them are 0.

    Args:
        histogram: int (256,).
        name: Whose pixels they are.
    """
    bars = {
        "type": "bar",
        "name": name,
        "x": list(range(len(histogram))),
        "y": histogram.tolist(),
        "meta": {"color": 0},
        "hovertemplate": "grey level %{x}: %{y:,} pixels<extra></extra>",
    }
    axes = layout(
        {"type": "log", "title": {"text": "Pixels", "standoff": 4}, "dtick": 1},
        xaxis={"title": {"text": "Grey level", "standoff": 4}, "range": [-2, 257]},
    )
    return {"data": [bars], "layout": axes | {"bargap": 0, "showlegend": False}}
