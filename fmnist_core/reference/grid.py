"""A report's grid of runs: which of them are there, and what it says of some of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from statistics import fmean
from typing import Any

from fmnist_core.reference.claims import GridClaim, Report
from fmnist_core.reference.measured import OPEN, judge, went_through
from fmnist_core.runs.summary import RunSummary, recipe
from fmnist_core.runs.sweeps import preset_sweep
from fmnist_core.specs import Experiment


@dataclass(frozen=True, kw_only=True)
class GridMeasured:
    """What the runs of a grid say of a claim.

    Attributes:
        claim: The claim.
        cells: How many cells it speaks of.
        accuracies: Of the test images, one for each of these cells with runs, in [0, 1], the lowest
            first; the mean of the runs where there are several.
        verdict: One of those of `measured`; that of the cell furthest away.
        reason: Why, a sentence.
    """

    claim: GridClaim
    cells: int
    accuracies: tuple[float, ...]
    verdict: str
    reason: str


def grid_experiments(report: Report) -> list[Experiment]:
    """Return the experiments of all cells of a report that made a sweep."""
    return [experiment for _, experiment, _ in _cells(report.sweep)]


@cache
def _cells(sweep: str) -> list[tuple[dict[str, Any], Experiment, str]]:
    """Return the varied values of each cell, its experiment and that one's recipe."""
    spec = preset_sweep(sweep)
    pairs = zip(spec.combinations(), spec.experiments(), strict=True)
    return [(values, experiment, recipe(experiment)) for values, experiment in pairs]


def grid_rows(report: Report, rows: Iterable[RunSummary]) -> list[RunSummary]:
    """Return the runs that went through and repeat a cell of a report's grid, in their order."""
    recipes = {key for _, _, key in _cells(report.sweep)}
    return [row for row in rows if went_through(row) and row.recipe in recipes]


def measure_grid(report: Report, rows: Iterable[RunSummary]) -> list[GridMeasured]:
    """Set each claim of a report's grid beside the runs that repeat its cells.

    Args:
        report: One that made a sweep.
        rows: All runs of a store.
    """
    by_recipe = defaultdict(list)
    for row in grid_rows(report, rows):
        by_recipe[row.recipe].append(row)
    cells = [(values, by_recipe[key]) for values, _, key in _cells(report.sweep)]
    return [
        _measure(claim, [found for values, found in cells if claim.where.items() <= values.items()])
        for claim in report.grid
    ]


def _measure(claim: GridClaim, cells: list[list[RunSummary]]) -> GridMeasured:
    tests = [[row.result.test for row in found if row.result] for found in cells if found]
    means = sorted(fmean(test.accuracy for test in found) for found in tests)
    verdict, reason = OPEN, "No run repeats it yet."
    if means:
        middle = (claim.low + claim.high) / 2
        furthest = max(means, key=lambda mean: abs(mean - middle))
        verdict, reason = judge(claim, furthest, tests[0][0].images)
    return GridMeasured(
        claim=claim, cells=len(cells), accuracies=tuple(means), verdict=verdict, reason=reason
    )
