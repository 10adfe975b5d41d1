"""Figures of a training: loss and accuracy by step, as plain Plotly dicts."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from fmnist_core.runs.metrics_log import History

MAX_POINTS = 1000  # more than a chart has pixels
HEIGHT = 300  # pixels
EVENTS = {
    "reduce_lr": "rate lowered",
    "early_stop": "stopped early",
    "stop": "stopped",
    "pause": "paused",
    "resume": "resumed",
    "learning_rate": "rate set",
    "plan": "epochs added",
    "start": "went on",
}
TRAIN, VALIDATION, BATCH = 0, 1, 5  # places among the theme's chart colours


def bucket_means(
    steps: list[int], values: list[float], limit: int = MAX_POINTS
) -> tuple[np.ndarray, np.ndarray]:
    """Shorten a line to at most `limit` points, each the mean of as many neighbours.

    Args:
        steps: Positions, rising, N of them.
        values: One a step.
        limit: At least 1.

    Returns:
        Mean positions and mean values, both float64, of the same length; the last bucket may be
        smaller than the others.
    """
    if not steps:
        return np.empty(0), np.empty(0)
    size = -(-len(steps) // limit)
    starts = np.arange(0, len(steps), size)
    counts = np.diff(np.append(starts, len(steps)))
    columns = (np.asarray(steps, np.float64), np.asarray(values, np.float64))
    x, y = (np.add.reduceat(column, starts) / counts for column in columns)
    return x, y


def loss_figure(history: History) -> dict[str, Any]:
    """Draw the loss of each batch, and of each epoch on training and validation images."""
    lines = _lines(history, history.losses, "loss", hover=".4f")
    marks = _event_marks(history, at="top")
    return {"data": lines, "layout": layout({"rangemode": "tozero"}, xaxis=_STEPS) | marks}


def accuracy_figure(history: History) -> dict[str, Any]:
    """Draw the accuracy of each batch, and of each epoch on training and validation images."""
    lines = _lines(history, history.accuracies, "accuracy", hover=".2%")
    marks = _event_marks(history, at="bottom")
    return {"data": lines, "layout": layout({"tickformat": ".0%"}, xaxis=_STEPS) | marks}


def _lines(history: History, batches: list[float], name: str, *, hover: str) -> list[Any]:
    steps, means = bucket_means(history.steps, batches)
    ends = [row["step"] for row in history.epochs]
    train = [row[name] for row in history.epochs]
    validation = [row[f"val_{name}"] for row in history.epochs]
    return [
        _line("batches", np.round(steps), np.round(means, 5), BATCH, hover) | _THIN,
        _line("training", ends, train, TRAIN, hover),
        _line("validation", ends, validation, VALIDATION, hover),
    ]


_THIN = {"mode": "lines", "line": {"width": 1}, "opacity": 0.6}


def _line(name: str, x: Any, y: Any, color: int, hover: str) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": list(x),
        "y": list(y),
        "line": {"width": 2},
        "marker": {"size": 6},
        "meta": {"color": color},
        "hovertemplate": f"%{{y:{hover}}}",
    }


_STEPS = {"title": {"text": "Step", "standoff": 4}, "rangemode": "tozero"}


def layout(yaxis: dict[str, Any], *, xaxis: dict[str, Any]) -> dict[str, Any]:
    """Return what all figures share: size, margins, and the legend above."""
    return {
        "height": HEIGHT,
        "margin": {"l": 44, "r": 8, "t": 28, "b": 44},
        "hovermode": "x unified",
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
        "xaxis": xaxis,
        "yaxis": yaxis,
    }


def _event_marks(history: History, *, at: Literal["top", "bottom"]) -> dict[str, Any]:
    """Mark what happened on the way by dotted lines, with words where no curve is."""
    marked = _events_by_step(history)
    lines = [
        {
            "type": "line",
            "x0": step,
            "x1": step,
            "y0": 0,
            "y1": 1,
            "yref": "paper",
            "line": {"width": 1, "dash": "dot"},
        }
        for step in marked
    ]
    words = [
        {
            "x": step,
            "y": 1 if at == "top" else 0,
            "yref": "paper",
            "yanchor": at,
            "xanchor": "right",
            "text": ", ".join(words),
            "textangle": -90,
            "showarrow": False,
        }
        for step, words in marked.items()
    ]
    return {"shapes": lines, "annotations": words}


def _events_by_step(history: History) -> dict[int, list[str]]:
    """Return the words for each step at which something happened, each once; not for the start."""
    marked: dict[int, list[str]] = {}
    for event in history.events:
        word, step = EVENTS.get(event["event"]), event["step"]
        if word and (event["event"], step) != ("start", 0):
            words = marked.setdefault(step, [])
            words += [] if word in words else [word]
    return marked
