"""Validation accuracy against what a run costs, with the front of those that none beats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fmnist_core.analysis.intervals import wilson_interval
from fmnist_core.analysis.pareto import pareto_front
from fmnist_core.runs.columns import COLUMNS
from fmnist_core.runs.summary import RunSummary
from ui.run_colors import RunStyle
from ui.run_curves import LEGEND

HEIGHT = 420  # pixels
COSTS = {"time": "Seconds of training", "parameters": "Parameters", "mult_adds": "Multiply-adds"}
_GREY = 5  # place among the theme's chart colours
_LOG_FROM = 10  # times as much at one end as at the other: a logarithmic axis


@dataclass(frozen=True)
class Point:
    """A run in the plane: what it costs, and how good it is, with its 95 % interval."""

    row: RunSummary
    name: str
    cost: float
    accuracy: float
    low: float
    high: float


def points(rows: list[RunSummary], names: dict[str, str], cost: str) -> list[Point]:
    """Return the runs that have ended and whose cost is known.

    Args:
        rows: The runs.
        names: By run id.
        cost: One of `COSTS`.
    """
    found = []
    for row in rows:
        value = COLUMNS[cost].read(row)
        if row.result and value:
            part = row.result.validation
            low, high = wilson_interval(part.correct, part.images)
            found.append(Point(row, names[row.run_id], float(value), part.accuracy, low, high))
    return found


def front(found: list[Point]) -> list[Point]:
    """Return the runs that no other one beats in cost and accuracy at once, cheapest first."""
    places = pareto_front([each.cost for each in found], [each.accuracy for each in found])
    return [found[place] for place in places]


def scatter_figure(found: list[Point], styles: dict[str, RunStyle], cost: str) -> dict[str, Any]:
    """Draw a sign for each run, with its interval, and the front as steps behind them."""
    costs = [each.cost for each in found]
    wide = max(costs) / min(costs) >= _LOG_FROM
    best = front(found)
    line = {
        "type": "scatter",
        "mode": "lines",
        "name": "not beaten by any",
        "x": [each.cost for each in best],
        "y": [each.accuracy for each in best],
        "line": {"width": 1, "dash": "dash", "shape": "hv"},
        "marker": {},
        "meta": {"color": _GREY},
        "hoverinfo": "skip",
    }
    signs = [_sign(each, styles[each.row.run_id]) for each in found]
    return {
        "data": [line, *signs],
        "layout": {
            "height": HEIGHT,
            "margin": {"l": 52, "r": 8, "t": 8, "b": 44},
            "showlegend": True,
            "legend": LEGEND,
            "xaxis": {
                "title": {"text": COSTS[cost], "standoff": 4},
                "type": "log" if wide else "linear",
                **({"dtick": 1} if wide else {"rangemode": "tozero"}),
            },
            "yaxis": {"tickformat": ".1%"},
        },
    }


def _sign(point: Point, style: RunStyle) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": point.name,
        "x": [point.cost],
        "y": [point.accuracy],
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": [point.high - point.accuracy],
            "arrayminus": [point.accuracy - point.low],
            "thickness": 1,
        },
        "line": {},
        "marker": {"size": 11, "symbol": style.symbol},
        "meta": {"color": style.color},
        "hovertemplate": f"%{{y:.2%}} ({point.low:.1%}–{point.high:.1%}) for %{{x:,.4~g}}",
    }
