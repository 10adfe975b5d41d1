"""A heat map over two settings, with the figures of runs in its cells."""

from __future__ import annotations

from typing import Any

import streamlit as st

from fmnist_core.runs.columns import COLUMNS
from fmnist_core.runs.cross_table import Cell, CrossTable, cross_table, what_follows_last
from fmnist_core.runs.summary import RunSummary
from ui.components.plotly_live import plotly_live
from ui.format import count, duration, percent, share_interval
from ui.run_parallel import differing, written

CELL_HEIGHT = 44  # pixels
MANY = 7  # columns; the figures of more are smaller, for a phone
# What cells can show: columns, and whether less of it is better.
FIGURES = {"val_accuracy": False, "val_loss": True, "test_accuracy": False, "time": True}
_CHOOSING = " Whoever chooses by test figures makes them too good to be true."
_COLOR = 0  # place among the theme's chart colours of the far end of the scale


def heat_view(rows: list[RunSummary], *, key: str) -> None:
    """Draw the choice of two settings that differ between runs, and the map over them.

    Args:
        rows: Sound runs.
        key: Of the widgets, another one for each place of the page.
    """
    axes = what_follows_last(rows, differing(rows)) if len(rows) > 1 else []
    if len(axes) < 2:
        st.info("A heat map needs runs that differ in two settings. Tick others, or see Settings.")
        return
    mark = f"{key}-{','.join(axes)}"  # other settings, other widgets
    with st.container(horizontal=True):
        x = _axis("Across", axes, f"{mark}-x")
        y = _axis("Down", [name for name in axes if name != x], f"{mark}-y-{x}")
        name = _axis("Figure", list(FIGURES), f"{key}-figure")
    table = cross_table(rows, x, y)
    ended = sum(len(cell.figures(name)) for line in table.cells for cell in line)
    others = " Where several runs share a cell, it shows their mean and how many they are."
    shared = any(len(cell.rows) > 1 for line in table.cells for cell in line)
    st.caption(
        f"{_heading(name)} of {ended:,} of {count(len(rows), 'run')}"
        f"{'; the others have not ended with figures' if ended < len(rows) else ''}. "
        f"The stronger the colour, the better.{others if shared else ''}"
        f"{_CHOOSING if name == 'test_accuracy' else ''}"
    )
    with st.container(border=True):
        plotly_live(
            heat_figure(table, name),
            key=f"{key}-heat",
            revision=f"{x}-{y}-{name}",
            alt=_alt(table, name, ended),
        )


def _axis(label: str, names: list[str], key: str) -> str:
    return st.selectbox(
        label,
        names,
        format_func=lambda name: COLUMNS[name].label,
        key=key,
        persist_state="session",
        width=220,
    )


def heat_figure(table: CrossTable, name: str = "val_accuracy") -> dict[str, Any]:
    """Draw a figure of a table, a key of `FIGURES`; cells without an ended run are empty."""
    across = [written(value, table.x) for value in table.x_values]
    down = [written(value, table.y) for value in table.y_values]
    sign = -1 if FIGURES[name] else 1  # the better, the stronger the colour
    means = [
        [None if (mean := cell.mean(name)) is None else sign * mean for cell in line]
        for line in table.cells
    ]
    known = [mean for line in means for mean in line if mean is not None]
    trace = {
        "type": "heatmap",
        "x": across,
        "y": down,
        "z": [[None if mean is None else round(mean, 6) for mean in line] for line in means],
        "zmin": min(known, default=0) - 0.001,  # one value alone has a colour too
        "zmax": max(known, default=1),
        "text": [[_text(cell, name) for cell in line] for line in table.cells],
        "texttemplate": "%{text}",
        "textfont": {"size": 12 if len(across) <= MANY else 9},
        "hovertext": [
            [_sentence(cell, name, one, two) for one, cell in zip(across, line, strict=True)]
            for two, line in zip(down, table.cells, strict=True)
        ],
        "hovertemplate": "%{hovertext}<extra></extra>",
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "meta": {"color": _COLOR},
    }
    return {"data": [trace], "layout": _layout(table)}


def _layout(table: CrossTable) -> dict[str, Any]:
    axis = {"type": "category", "showgrid": False, "automargin": True}
    return {
        "height": CELL_HEIGHT * len(table.y_values) + 90,
        "margin": {"l": 12, "r": 12, "t": 12, "b": 12},
        "xaxis": {**axis, "title": {"text": COLUMNS[table.x].label}},
        "yaxis": {**axis, "title": {"text": COLUMNS[table.y].label}, "autorange": "reversed"},
    }


def _text(cell: Cell, name: str) -> str:
    mean = cell.mean(name)
    if mean is None:
        return ""
    number = len(cell.figures(name))
    several = f"<br>{number} runs" if number > 1 else ""
    return f"{_number(mean, name).removesuffix(' %')}{several}"


def _number(value: float, name: str) -> str:
    """Write a figure: 91.37 %, 0.256, 3 min 20 s."""
    if COLUMNS[name].share:
        return percent(value)
    return duration(value) if name == "time" else f"{value:.3f}"


def _sentence(cell: Cell, name: str, across: str, down: str) -> str:
    return f"{across}, {down}: {_figures(cell, name)}"


def _figures(cell: Cell, name: str) -> str:
    found = cell.figures(name)
    if not cell.rows:
        return "no run"
    if not found:
        return f"{count(len(cell.rows), 'run')}, none ended"
    if len(found) > 1:
        mean, low = _number(cell.mean(name) or 0, name), _number(min(found), name)
        ends = f"{low.removesuffix(' %')} to {_number(max(found), name)}"
        return f"{mean} in the mean of {len(found)} of {len(cell.rows)} runs, {ends}"
    of = f", 1 of {len(cell.rows)} runs" if len(cell.rows) > 1 else ""
    return f"{_number(found[0], name)}{_judged_by(cell, name)}{of}"


def _judged_by(cell: Cell, name: str) -> str:
    """Say on how many images an accuracy rests, with its interval; nothing of other figures."""
    (result,) = (row.result for row in cell.rows if row.result)
    part = {"val_accuracy": result.validation, "test_accuracy": result.test}.get(name)
    if part is None:
        return ""
    return f" ({share_interval(part.correct, part.images)}) of {part.images:,} images"


def _heading(name: str) -> str:
    return f"{COLUMNS[name].label}{' in %' if COLUMNS[name].share else ''}"


def _alt(table: CrossTable, name: str, ended: int) -> str:
    """Say what the map shows, with its best cell."""
    cells = [
        (mean, one, two)
        for two, line in zip(table.y_values, table.cells, strict=True)
        for one, cell in zip(table.x_values, line, strict=True)
        if (mean := cell.mean(name)) is not None
    ]
    words = f"{COLUMNS[name].label} of {count(ended, 'run')} by {COLUMNS[table.x].label.lower()} "
    words += f"and {COLUMNS[table.y].label.lower()}"
    if not cells:
        return words
    best = min if FIGURES[name] else max
    mean, one, two = best(cells, key=lambda cell: cell[0])
    return f"{words}; best: {written(one, table.x)}, {written(two, table.y)}, {_number(mean, name)}"
