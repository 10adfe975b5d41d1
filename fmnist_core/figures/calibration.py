"""Figures of calibration: confidence against accuracy, and coverage against accuracy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fmnist_core.analysis.calibration import Answered, Bin
from fmnist_core.figures.training import layout

TRAINED, SCALED = 0, 2  # places among the theme's chart colours
_PERFECT = {"type": "line", "x0": 0, "y0": 0, "x1": 1, "y1": 1, "line": {"width": 1, "dash": "dot"}}
_SHARE = {"tickformat": ".0%"}


def reliability_figure(trained: Sequence[Bin], scaled: Sequence[Bin]) -> dict[str, Any]:
    """Draw accuracy by confidence with 95 % intervals, as trained and with a temperature."""
    axis = {**_SHARE, "range": [0, 1.03]}
    return {
        "data": [
            _bins("as trained", trained, TRAINED),
            _bins("with temperature", scaled, SCALED),
        ],
        "layout": layout(_titled("Accuracy", axis), xaxis=_titled("Confidence", axis))
        | {"shapes": [_PERFECT], "hovermode": "closest"},
    }


def coverage_figure(curve: Sequence[Answered], chosen: Answered) -> dict[str, Any]:
    """Draw accuracy by the share of images that are answered, and mark the chosen threshold."""
    answered = [point for point in curve if point.accuracy is not None]
    line = {
        "type": "scatter",
        "mode": "lines",
        "name": "all thresholds",
        "x": [round(point.coverage, 4) for point in answered],
        "y": [round(point.accuracy or 0.0, 4) for point in answered],
        "text": [f"above {100 * point.threshold:.0f} %" for point in answered],
        "hovertemplate": "%{text}: %{x:.1%} answered, %{y:.2%} right<extra></extra>",
        "meta": {"color": TRAINED},
    }
    return {
        "data": [line, *([_chosen(chosen)] if chosen.images else [])],
        "layout": layout(
            _titled("Accuracy", _SHARE),
            xaxis=_titled("Images answered", {**_SHARE, "range": [-0.02, 1.03]}),
        )
        | {"hovermode": "closest"},
    }


def _titled(text: str, axis: dict[str, Any]) -> dict[str, Any]:
    return {**axis, "title": {"text": text, "standoff": 4}, "automargin": True}


def _bins(name: str, bins: Sequence[Bin], color: int) -> dict[str, Any]:
    return {
        **_points(name, [bin_.confidence for bin_ in bins], bins, color),
        "mode": "markers",
        "text": [f"{bin_.correct:,} of {bin_.images:,} images right" for bin_ in bins],
        "hovertemplate": "confidence %{x:.1%}, accuracy %{y:.1%}<br>%{text}",
    }


def _chosen(point: Answered) -> dict[str, Any]:
    return {
        **_points("chosen", [point.coverage], [point], 1),
        "mode": "markers",
        "marker": {"size": 11},
        "hovertemplate": "%{x:.1%} answered, %{y:.2%} right",
    }


def _points(
    name: str, x: Sequence[float], measured: Sequence[Bin | Answered], color: int
) -> dict[str, Any]:
    """Draw accuracies with their intervals."""
    parts = [(each.accuracy or 0.0, each.interval or (0.0, 0.0)) for each in measured]
    return {
        "type": "scatter",
        "name": name,
        "x": [round(value, 4) for value in x],
        "y": [round(accuracy, 4) for accuracy, _ in parts],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [round(high - accuracy, 4) for accuracy, (_, high) in parts],
            "arrayminus": [round(accuracy - low, 4) for accuracy, (low, _) in parts],
            "thickness": 1,
            "width": 3,
        },
        "marker": {"size": 7},
        "meta": {"color": color},
    }
