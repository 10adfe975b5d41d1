"""Curves of several runs laid over each other, as plain Plotly dicts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from fmnist_core.figures.training import bucket_means
from fmnist_core.runs.metrics_log import History
from ui.run_colors import RunStyle

HEIGHT = 420  # pixels
LEGEND = {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"}
EPOCH, STEP, SECONDS = AXES = ("Epoch", "Step", "Seconds")


@dataclass(frozen=True)
class Metric:
    """What can be drawn over the training.

    Attributes:
        name: Of the figure in an epoch's row, or of the column of the history.
        by_batch: One value a batch, not an epoch.
        share: In [0, 1], shown in percent.
    """

    name: str
    by_batch: bool = False
    share: bool = False


METRICS = {
    "Validation accuracy": Metric("val_accuracy", share=True),
    "Validation loss": Metric("val_loss"),
    "Training accuracy by epoch": Metric("accuracy", share=True),
    "Training loss by epoch": Metric("loss"),
    "Training accuracy by batch": Metric("accuracies", by_batch=True, share=True),
    "Training loss by batch": Metric("losses", by_batch=True),
    "Learning rate": Metric("learning_rates", by_batch=True),
}


@dataclass(frozen=True)
class RunLine:
    """A run to be drawn: its name, its look, and what it went through.

    Attributes:
        steps_per_epoch: Batches of an epoch, at least 1.
    """

    name: str
    style: RunStyle
    history: History
    steps_per_epoch: int


def smooth(values: np.ndarray, weight: float) -> np.ndarray:
    """Return the running average in which each earlier value counts `weight` times the next.

    Args:
        values: float, shape (N,).
        weight: In [0, 1); 0 leaves the values as they are.

    Returns:
        float64, shape (N,); the start is not drawn towards 0.
    """
    total = share = 0.0
    found = np.empty(len(values))
    for place, value in enumerate(values):
        total = weight * total + (1 - weight) * value
        share = weight * share + (1 - weight)
        found[place] = total / share
    return found


def positions(line: RunLine, steps: np.ndarray, axis: str) -> np.ndarray:
    """Return where steps stand on an axis: as epochs, as steps, or as seconds of training.

    Args:
        line: The run.
        steps: Batches done, float, shape (N,).
        axis: One of `AXES`.

    Returns:
        float64, shape (N,). Within an epoch, time passes evenly; beyond the last one, at its pace;
        NaN where no epoch has ended yet.
    """
    if axis != SECONDS:
        return steps / line.steps_per_epoch if axis == EPOCH else steps * 1.0
    ends = np.array([0.0, *(row["step"] for row in line.history.epochs)])
    seconds = np.array([0.0, *np.cumsum([row["seconds"] for row in line.history.epochs])])
    if len(ends) < 2 or ends[-1] <= ends[-2]:
        return np.full(len(steps), np.nan)
    pace = (seconds[-1] - seconds[-2]) / (ends[-1] - ends[-2])
    beyond = np.maximum(steps - ends[-1], 0) * pace
    return np.interp(steps, ends, seconds) + beyond


def curves_figure(
    lines: list[RunLine], metric: Metric, axis: str, weight: float = 0.0
) -> dict[str, Any]:
    """Draw one curve a run; a smoothed one with the raw one faintly behind it.

    Args:
        lines: The runs.
        metric: One of `METRICS`.
        axis: One of `AXES`.
        weight: Of the smoothing, in [0, 1).
    """
    data = [trace for line in lines for trace in _traces(line, metric, axis, weight)]
    return {"data": data, "layout": _layout(axis, metric)}


def _points(line: RunLine, metric: Metric) -> tuple[np.ndarray, np.ndarray]:
    if metric.by_batch:
        return bucket_means(line.history.steps, getattr(line.history, metric.name))
    rows = line.history.epochs
    steps = [float(row["step"]) for row in rows]
    return np.array(steps), np.array([float(row[metric.name]) for row in rows])


def _traces(line: RunLine, metric: Metric, axis: str, weight: float) -> list[dict[str, Any]]:
    steps, values = _points(line, metric)
    x = positions(line, steps, axis)
    known = np.isfinite(x)
    raw = _trace(line, metric, x[known], values[known])
    if not weight:
        return [raw]
    smoothed = _trace(line, metric, x[known], smooth(values, weight)[known])
    faint = {"opacity": 0.25, "showlegend": False, "hoverinfo": "skip", "hovertemplate": None}
    return [raw | faint, smoothed]


def _trace(line: RunLine, metric: Metric, x: np.ndarray, y: np.ndarray) -> dict[str, Any]:
    few = not metric.by_batch
    return {
        "type": "scatter",
        "mode": "lines+markers" if few else "lines",
        "name": line.name,
        "legendgroup": line.name,
        "x": np.round(x, 3).tolist(),
        "y": np.round(y, 6).tolist(),
        "line": {"width": 2, "dash": line.style.dash},
        "marker": {"size": 6, "symbol": line.style.symbol},
        "meta": {"color": line.style.color},
        "hovertemplate": "%{y:.2%}" if metric.share else "%{y:.4g}",
    }


def _layout(axis: str, metric: Metric) -> dict[str, Any]:
    return {
        "height": HEIGHT,
        "margin": {"l": 52, "r": 8, "t": 8, "b": 44},
        "hovermode": "x unified",
        "showlegend": True,
        "legend": LEGEND,
        "xaxis": {"title": {"text": axis, "standoff": 4}, "rangemode": "tozero"},
        "yaxis": {"tickformat": ".0%"} if metric.share else {},
    }
