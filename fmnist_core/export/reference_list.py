"""What reports claim beside what was measured, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from fmnist_core.format import count, percent, points
from fmnist_core.reference import digits, figures, timing
from fmnist_core.reference.claims import Claim, Report
from fmnist_core.reference.grid import GridMeasured, grid_rows, measure_grid
from fmnist_core.reference.measured import OPEN, REPRODUCED, Measured, measure, run_ids_of
from fmnist_core.reference.reports import REPORTS
from fmnist_core.runs.columns import COLUMNS
from fmnist_core.runs.cross_table import cross_table
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore
from fmnist_core.runs.summary import RunSummary
from fmnist_core.runs.sweeps import preset_sweep

GRID_HEADINGS = ("in its grid", "the report says", "measured", "cells", "verdict")
HEADINGS = ("what", "the report says", "measured", "95 % interval", "runs", "verdict")


def claimed(claim: Claim) -> str:
    """Write what a claim says: 91.37 %, or 87.20–89.93 % (validation)."""
    text = _span(claim.low, claim.high)
    return text if claim.part == "test" else f"{text} ({claim.part})"


def _span(low: float, high: float) -> str:
    """Write two shares as one text, or the one that they are."""
    first, last = percent(low), percent(high)
    return last if first == last else f"{first.removesuffix(' %')}–{last}"


def found(measured: Measured) -> str:
    """Write what was measured, with the standard deviation between seeds; a dash for nothing."""
    text = percent(measured.accuracy)
    return text if measured.deviation is None else f"{text} ± {points(measured.deviation)[1:]}"


def bounds(measured: Measured) -> str:
    """Write the 95 % interval; a dash where nothing was measured."""
    if measured.interval is None:
        return percent(None)
    low, high = measured.interval
    return f"{100 * low:.1f}–{100 * high:.1f} %"


def why(measured: Measured) -> str:
    """Say what there is to say of a claim that was measured, or that needs no measuring."""
    reason = "" if measured.verdict in (OPEN, REPRODUCED) else measured.reason
    return " ".join(filter(None, (reason, measured.claim.note)))


def report_table(report: Report, rows: Iterable[RunSummary]) -> list[tuple[str, ...]]:
    """Return a report's rows under `HEADINGS`."""
    rows = list(rows)
    return [_row(measure(claim, rows)) for claim in report.claims]


def _row(measured: Measured) -> tuple[str, ...]:
    claim = measured.claim
    figures = (claimed(claim), found(measured), bounds(measured))
    return (claim.label, *figures, f"{len(measured.runs):,}", measured.verdict)


def grid_table(report: Report, rows: Iterable[RunSummary]) -> list[tuple[str, ...]]:
    """Return the rows under `GRID_HEADINGS` of a report that made a sweep."""
    return [_grid_row(each) for each in measure_grid(report, rows)]


def grid_reasons(report: Report, rows: Iterable[RunSummary]) -> list[tuple[str, str]]:
    """Return what is to be said of rows of `grid_table`: the label of each, and why."""
    said = measure_grid(report, rows)
    return [
        (each.claim.label, each.reason) for each in said if each.verdict not in (OPEN, REPRODUCED)
    ]


def _grid_row(measured: GridMeasured) -> tuple[str, ...]:
    claim, found = measured.claim, measured.accuracies
    text = _span(found[0], found[-1]) if found else percent(None)
    cells = f"{len(found)} of {measured.cells}"
    return (claim.label, _span(claim.low, claim.high), text, cells, measured.verdict)


def reference_markdown(store: RunStore) -> str:
    """Return all reports as one Markdown page, with the figures of the runs that repeat them."""
    rows = store.summaries()
    parts = [
        "# What five reports say, and what came out here",
        "Made by `python -m fmnist_core reference table --markdown`. Test accuracy unless it says "
        "validation; intervals are 95 % Wilson intervals on that many images; ± is the standard "
        "deviation between seeds. “reproduced”: so near that two runs of one recipe, each judged "
        "by images of its own, would differ by more in one of twenty cases. In the tables of runs, "
        "accuracy and loss are of the test images; precision, recall and F1 are means over the "
        "classes, weighted by their images.",
    ]
    for report in REPORTS:
        measured = [measure(claim, rows) for claim in report.claims]
        parts += [f"## {report.title}", report.question]
        parts += [_table(HEADINGS, map(_row, measured))]
        said = [(each.claim.label, why(each)) for each in measured]
        parts += ["\n".join(f"- **{label}**: {reason}" for label, reason in said if reason)]
        parts += [report.answer] if report.answer else []
        if digits.CLAIM in report.claims:
            parts.append(digits.sentence(digits.read_result(store.root)))
        if run_ids := run_ids_of(measured):
            lines = [figures.figures(Run(store.root / run_id)) for run_id in run_ids]
            parts += [_table(figures.HEADINGS, lines)]
        parts += _grid(report, rows)
        parts += _times(timing.timings(report.timed, store))
    return "\n\n".join(filter(None, parts)) + "\n"


def _grid(report: Report, rows: list[RunSummary]) -> list[str]:
    """Return what a report says of its grid, and the grid itself; nothing where no run is there."""
    found = grid_rows(report, rows) if report.sweep else []
    if not found:
        return []
    down, across = preset_sweep(report.sweep).axes
    table = cross_table(found, across, down)
    lines = [
        (f"{value}", *(percent(cell.mean("test_accuracy")) for cell in line))
        for value, line in zip(table.y_values, table.cells, strict=True)
    ]
    headings = (f"{COLUMNS[down].label.lower()}", *map(str, table.x_values))
    return [
        _table(GRID_HEADINGS, grid_table(report, rows)),
        "\n".join(f"- **{label}**: {reason}" for label, reason in grid_reasons(report, rows)),
        f"Its grid, the accuracy on the test images by {COLUMNS[down].label.lower()} and "
        f"{COLUMNS[across].label.lower()}; {count(len(found), 'run')}.",
        _table(headings, lines),
    ]


def _times(found: list[timing.Timing]) -> list[str]:
    """Return the table of what was timed, and by what; nothing where nothing was."""
    results = [each.found.result for each in found if each.found.result]
    if not results:
        return []
    machine = timing.timed_by(results)
    said = f"An epoch with its validation, timed by `fmnist reference times`: {machine}."
    return [_table(timing.HEADINGS, timing.timing_table(found)), said]


def _table(headings: Iterable[str], lines: Iterable[tuple[str, ...]]) -> str:
    headings = list(headings)
    rows = [headings, ["---"] * len(headings), *lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)
