"""Figures of how well each class is told from all others: ROC, and precision against recall."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from fmnist_core.analysis.curves import Curve, precision_recall, roc
from fmnist_core.analysis.predictions import Predictions
from fmnist_core.figures.class_colors import CLASS_COLORS, class_dash
from fmnist_core.figures.training import layout
from fmnist_core.format import NONE
from fmnist_core.labels import CLASS_NAMES, NUM_CLASSES

MAX_POINTS = 400  # of a line; a chart has few more pixels
HEIGHT = 400


@dataclass(frozen=True)
class Kind:
    """A kind of curve.

    Attributes:
        name: Of the curve.
        area: What the area is called.
        x, y: Titles of the axes.
        curve_of: Returns the curve of a class from labels and probabilities.
    """

    name: str
    area: str
    x: str
    y: str
    curve_of: Callable[[np.ndarray, np.ndarray, int], Curve | None]


KINDS = {
    "roc": Kind("ROC", "AUC", "False positive rate", "True positive rate", roc),
    "pr": Kind(
        "Precision and recall", "Average precision", "Recall", "Precision", precision_recall
    ),
}


def class_curves(predictions: Predictions, kind: Kind) -> list[Curve | None]:
    """Return the curve of each class against all others, in label order; None without images."""
    y_true, y_proba = predictions.y_true, predictions.y_proba
    return [kind.curve_of(y_true, y_proba, label) for label in range(NUM_CLASSES)]


def curves_figure(curves: list[Curve | None], kind: Kind) -> dict[str, Any]:
    """Draw the curves of all classes, each with its area in the legend."""
    axis = {"tickformat": ".0%", "range": [-0.02, 1.02], "automargin": True}
    title = {"standoff": 4}
    shared = layout(
        {**axis, "title": {"text": kind.y, **title}},
        xaxis={**axis, "title": {"text": kind.x, **title}},
    )
    own = {
        "height": HEIGHT,
        "hovermode": "closest",
        "margin": {"l": 44, "r": 8, "t": 8, "b": 44},
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": -0.16, "yanchor": "top"},
    }
    return {
        "data": [
            _line(label, curve, kind) for label, curve in enumerate(curves) if curve is not None
        ],
        "layout": shared | own,
    }


def thinned(curve: Curve, limit: int = MAX_POINTS) -> Curve:
    """Leave out points so that at most `limit` are left, both ends among them.

    Points are taken at equal distances along the curve, so that its corners stay where they are
    within a pixel or so.

    Args:
        curve: Of M points.
        limit: At least 2.
    """
    if len(curve.x) <= limit:
        return curve
    way = np.append(0, np.cumsum(np.abs(np.diff(curve.x)) + np.abs(np.diff(curve.y))))
    kept = np.unique(np.searchsorted(way, np.linspace(0, way[-1], limit)))
    return curve._replace(x=curve.x[kept], y=curve.y[kept], thresholds=curve.thresholds[kept])


def area_text(curve: Curve | None) -> str:
    """Write an area with its interval: 0.9912 (0.9897–0.9925); without what is not known."""
    if curve is None:
        return NONE
    if curve.interval is None:
        return f"{curve.area:.4f}"
    low, high = curve.interval
    return f"{curve.area:.4f} ({low:.4f}–{high:.4f})"


def _line(label: int, curve: Curve, kind: Kind) -> dict[str, Any]:
    few = thinned(curve)
    return {
        "type": "scatter",
        "mode": "lines",
        "name": f"{CLASS_NAMES[label]} {curve.area:.4f}",
        "x": few.x.round(5).tolist(),
        "y": few.y.round(5).tolist(),
        "text": [_threshold(each) for each in few.thresholds.tolist()],
        "line": {"width": 2, "dash": class_dash(label)},
        "meta": {"color": list(CLASS_COLORS[label])},
        "hovertemplate": (
            f"{CLASS_NAMES[label]}, %{{text}}<br>{kind.y.lower()} %{{y:.2%}}, "
            f"{kind.x.lower()} %{{x:.2%}}<extra></extra>"
        ),
    }


def _threshold(value: float) -> str:
    return f"from {value:.3f} on" if value <= 1 else "never"
