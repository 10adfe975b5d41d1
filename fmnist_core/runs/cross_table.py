"""Runs by two settings: a cell for each pair of values, with its runs and their figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fmnist_core.runs.columns import COLUMNS
from fmnist_core.runs.summary import RunSummary


@dataclass(frozen=True)
class Cell:
    """The runs with one pair of values, none or several."""

    rows: tuple[RunSummary, ...]

    def figures(self, name: str) -> list[float]:
        """Return a column of `COLUMNS` that holds numbers, of the runs that have ended."""
        return [COLUMNS[name].read(row) for row in self.rows if row.result]

    def mean(self, name: str) -> float | None:
        """Return the mean of a column; None where no run has ended."""
        found = self.figures(name)
        return sum(found) / len(found) if found else None


@dataclass(frozen=True)
class CrossTable:
    """Cells by two columns of runs.

    Attributes:
        x, y: Names in `COLUMNS`.
        x_values, y_values: The values of each, numbers by size, words by the alphabet, None last.
        cells: A row for each value of y, with a cell for each value of x.
    """

    x: str
    y: str
    x_values: list[Any]
    y_values: list[Any]
    cells: list[list[Cell]]


def cross_table(rows: Iterable[RunSummary], x: str, y: str) -> CrossTable:
    """Sort runs into the cells of two columns; damaged ones are left out."""
    found: dict[tuple[Any, Any], list[RunSummary]] = defaultdict(list)
    for row in rows:
        if not row.problem:
            found[COLUMNS[x].read(row), COLUMNS[y].read(row)].append(row)
    x_values = sorted({pair[0] for pair in found}, key=_order)
    y_values = sorted({pair[1] for pair in found}, key=_order)
    cells = [[Cell(tuple(found.get((one, two), ()))) for one in x_values] for two in y_values]
    return CrossTable(x, y, x_values, y_values, cells)


def what_follows_last(rows: Iterable[RunSummary], names: Iterable[str]) -> list[str]:
    """Order columns so that those come last whose values follow from another one's.

    A learning rate that is each optimizer's own says less of the runs than their optimizers.
    """
    known = [row for row in rows if not row.problem]
    values = {name: [COLUMNS[name].read(row) for row in known] for name in names}

    def follows(name: str) -> bool:
        return any(
            len(set(values[name]))
            < len(set(found))
            == len(set(zip(found, values[name], strict=True)))
            for found in values.values()
        )

    return sorted(values, key=follows)


def _order(value: Any) -> tuple[bool, bool, Any]:
    word = isinstance(value, str)
    return value is None, word, 0 if value is None else value
