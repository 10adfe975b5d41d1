"""Parallel coordinates: an axis for each setting that differs, a line for each run.

The axes lie flat, one below the other, so that what is written at them fits on a phone too.
"""

from __future__ import annotations

import math
from typing import Any

from fmnist_core.runs.columns import COLUMNS
from fmnist_core.runs.selection import same_in_all
from fmnist_core.runs.summary import RunSummary
from ui.format import percent
from ui.run_colors import RunStyle
from ui.run_curves import LEGEND

AXIS_HEIGHT = 62  # pixels
MAX_AXES = 9  # with that of the accuracy
MAX_LABELS = 4  # values that are written at an axis
_LOG_FROM = 10
_CANDIDATES = ("model", "parameters", *(name for name, each in COLUMNS.items() if each.setting))
_LAST = "val_accuracy"

Columns = dict[str, list[Any]]
Places = dict[str, list[float | None]]


def differing(rows: list[RunSummary]) -> list[str]:
    """Return the columns that were chosen before the training and are not equal in all runs."""
    equal = same_in_all(rows, _CANDIDATES)
    return [name for name in _CANDIDATES if name not in equal]


def places(values: list[Any]) -> list[float | None]:
    """Place values on an axis from 0 to 1.

    Numbers stand by their size, or by its logarithm where the largest is 10 times the smallest;
    words in their order; None nowhere.
    """
    known = [value for value in values if value is not None]
    if not all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in known):
        words = sorted({str(value) for value in known})
        by_word = {word: _between(place, 0, len(words) - 1) for place, word in enumerate(words)}
        return [None if value is None else by_word[str(value)] for value in values]
    if not known:
        return [None] * len(values)
    low, high = min(known), max(known)
    if low > 0 and high / low >= _LOG_FROM:
        low, high = math.log(low), math.log(high)
        return [None if v is None else _between(math.log(v), low, high) for v in values]
    return [None if value is None else _between(value, low, high) for value in values]


def _between(value: float, low: float, high: float) -> float:
    return (value - low) / (high - low) if high > low else 0.5


def parallel_figure(
    rows: list[RunSummary], names: dict[str, str], styles: dict[str, RunStyle]
) -> dict[str, Any]:
    """Draw a line a run through the settings that differ, to its validation accuracy.

    Args:
        rows: At least two runs.
        names: By run id.
        styles: By run id.
    """
    axes = [*differing(rows)[: MAX_AXES - 1], _LAST]
    columns = {name: [COLUMNS[name].read(row) for row in rows] for name in axes}
    found = {name: places(values) for name, values in columns.items()}
    data = [
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": names[row.run_id],
            "x": [found[name][number] for name in axes],
            "y": list(range(len(axes))),
            "text": [f"{COLUMNS[n].label}: {written(columns[n][number], n)}" for n in axes],
            "hovertemplate": "%{text}",
            "connectgaps": False,
            "line": {"width": 2, "dash": styles[row.run_id].dash},
            "marker": {"size": 8, "symbol": styles[row.run_id].symbol},
            "meta": {"color": styles[row.run_id].color},
        }
        for number, row in enumerate(rows)
    ]
    return {"data": data, "layout": _layout(axes, columns, found)}


def written(value: Any, name: str) -> str:
    """Write a value as at an axis."""
    if value is None:
        return "none"
    if COLUMNS[name].share:
        return percent(value)
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:,.6g}" if isinstance(value, float) else str(value)


def _layout(axes: list[str], columns: Columns, found: Places) -> dict[str, Any]:
    lines = [
        {"type": "line", "x0": 0, "x1": 1, "y0": at, "y1": at, "line": {"width": 1}}
        for at in range(len(axes))
    ]
    headings = [
        _words(0, at, f"<b>{COLUMNS[name].label}</b>", "left", 26) for at, name in enumerate(axes)
    ]
    labels = [
        _words(place, at, text, _anchor(place), 10)
        for at, name in enumerate(axes)
        for place, text in _labels(name, columns[name], found[name])
    ]
    return {
        "height": AXIS_HEIGHT * len(axes) + 90,
        "margin": {"l": 12, "r": 12, "t": 8, "b": 12},
        "hovermode": "closest",
        "showlegend": True,
        "legend": LEGEND,
        "shapes": lines,
        "annotations": [*headings, *labels],
        "xaxis": {"visible": False, "range": [-0.02, 1.02]},
        "yaxis": {"visible": False, "range": [len(axes) - 0.8, -0.7]},  # the first one on top
    }


def _words(x: float, y: float, text: str, xanchor: str, yshift: int) -> dict[str, Any]:
    """Write above the place of an axis."""
    words = {"x": x, "y": y, "text": text, "showarrow": False}
    return {**words, "xanchor": xanchor, "yshift": yshift}


def _anchor(place: float) -> str:
    return "left" if place < 0.1 else "right" if place > 0.9 else "center"


def _labels(name: str, values: list[Any], found: list[float | None]) -> list[tuple[float, str]]:
    """Return what is written at an axis: each value once, or the ends where they are many."""
    pairs = {place: written(value, name) for value, place in zip(values, found, strict=True)}
    known = sorted((place, text) for place, text in pairs.items() if place is not None)
    return known if len(known) <= MAX_LABELS else [known[0], known[-1]]
