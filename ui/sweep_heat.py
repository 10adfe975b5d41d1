"""A heat map of validation accuracy over two settings, with the figures in its cells."""

from __future__ import annotations

from typing import Any

import streamlit as st

from fmnist_core.runs.columns import COLUMNS
from fmnist_core.runs.cross_table import Cell, CrossTable, cross_table
from fmnist_core.runs.summary import RunSummary
from ui.components.plotly_live import plotly_live
from ui.format import count, percent, share_interval
from ui.run_parallel import differing, written

CELL_HEIGHT = 44  # pixels
MANY = 7  # columns; the figures of more are smaller, for a phone
_COLOR = 0  # place among the theme's chart colours of the far end of the scale


def heat_view(rows: list[RunSummary], *, key: str) -> None:
    """Draw the choice of two settings that differ between runs, and the map over them.

    Args:
        rows: Sound runs.
        key: Of the widgets, another one for each place of the page.
    """
    axes = differing(rows) if len(rows) > 1 else []
    if len(axes) < 2:
        st.info("A heat map needs runs that differ in two settings. Tick others, or see Settings.")
        return
    mark = f"{key}-{','.join(axes)}"  # other settings, other widgets
    with st.container(horizontal=True):
        x = _axis("Across", axes, f"{mark}-x")
        y = _axis("Down", [name for name in axes if name != x], f"{mark}-y-{x}")
    table = cross_table(rows, x, y)
    ended = sum(len(cell.accuracies) for line in table.cells for cell in line)
    others = " Where several runs share a cell, it shows their mean and how many they are."
    shared = any(len(cell.rows) > 1 for line in table.cells for cell in line)
    st.caption(
        f"Validation accuracy in % of {ended:,} of {count(len(rows), 'run')}"
        f"{'; the others have not ended with figures' if ended < len(rows) else ''}. "
        f"The stronger the colour, the better.{others if shared else ''}"
    )
    with st.container(border=True):
        plotly_live(
            heat_figure(table), key=f"{key}-heat", revision=f"{x}-{y}", alt=_alt(table, ended)
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


def heat_figure(table: CrossTable) -> dict[str, Any]:
    """Draw a table; cells without an ended run are empty."""
    across = [written(value, table.x) for value in table.x_values]
    down = [written(value, table.y) for value in table.y_values]
    means = [[cell.mean for cell in line] for line in table.cells]
    known = [mean for line in means for mean in line if mean is not None]
    trace = {
        "type": "heatmap",
        "x": across,
        "y": down,
        "z": [[None if mean is None else round(mean, 6) for mean in line] for line in means],
        "zmin": min(known, default=0) - 0.001,  # one value alone has a colour too
        "zmax": max(known, default=1),
        "text": [[_text(cell) for cell in line] for line in table.cells],
        "texttemplate": "%{text}",
        "textfont": {"size": 12 if len(across) <= MANY else 9},
        "hovertext": [
            [_sentence(cell, one, two) for one, cell in zip(across, line, strict=True)]
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


def _text(cell: Cell) -> str:
    if cell.mean is None:
        return ""
    several = f"<br>{len(cell.accuracies)} runs" if len(cell.accuracies) > 1 else ""
    return f"{100 * cell.mean:.2f}{several}"


def _sentence(cell: Cell, across: str, down: str) -> str:
    return f"{across}, {down}: {_figures(cell)}"


def _figures(cell: Cell) -> str:
    found = cell.accuracies
    if not cell.rows:
        return "no run"
    if not found:
        return f"{count(len(cell.rows), 'run')}, none ended"
    if len(found) > 1:
        ends = f"{100 * min(found):.2f} to {percent(max(found))}"
        return f"{percent(cell.mean)} in the mean of {len(found)} of {len(cell.rows)} runs, {ends}"
    (part,) = (row.result.validation for row in cell.rows if row.result)
    interval = share_interval(part.correct, part.images)
    of = f", 1 of {len(cell.rows)} runs" if len(cell.rows) > 1 else ""
    return f"{percent(part.accuracy)} ({interval}) of {part.images:,} images{of}"


def _alt(table: CrossTable, ended: int) -> str:
    """Say what the map shows, with its best cell."""
    cells = [
        (cell.mean, one, two)
        for two, line in zip(table.y_values, table.cells, strict=True)
        for one, cell in zip(table.x_values, line, strict=True)
        if cell.mean is not None
    ]
    words = f"Validation accuracy of {count(ended, 'run')} by {COLUMNS[table.x].label.lower()} and "
    words += COLUMNS[table.y].label.lower()
    if not cells:
        return words
    mean, one, two = max(cells, key=lambda cell: cell[0])
    return f"{words}; best: {written(one, table.x)}, {written(two, table.y)}, {percent(mean)}"
