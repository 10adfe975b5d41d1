"""What reports claim beside what was measured, as Markdown."""

from __future__ import annotations

from collections.abc import Iterable

from fmnist_core.format import percent, points
from fmnist_core.reference.claims import REPORTS, Claim, Report
from fmnist_core.reference.measured import Measured, measure
from fmnist_core.runs.summary import RunSummary

HEADINGS = ("what", "the report says", "measured", "95 % interval", "runs", "verdict")


def claimed(claim: Claim) -> str:
    """Write what a claim says: 91.37 %, or 87.20–89.93 % (validation)."""
    low, high = percent(claim.low), percent(claim.high)
    text = low if low == high else f"{low.removesuffix(' %')}–{high}"
    return text if claim.part == "test" else f"{text} ({claim.part})"


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


def report_table(report: Report, rows: Iterable[RunSummary]) -> list[tuple[str, ...]]:
    """Return a report's rows under `HEADINGS`."""
    rows = list(rows)
    return [_row(measure(claim, rows)) for claim in report.claims]


def _row(measured: Measured) -> tuple[str, ...]:
    claim = measured.claim
    figures = (claimed(claim), found(measured), bounds(measured))
    return (claim.label, *figures, f"{len(measured.runs):,}", measured.verdict)


def reference_markdown(rows: Iterable[RunSummary]) -> str:
    """Return all reports as one Markdown page."""
    rows = list(rows)
    parts = [
        "# What five reports say, and what came out here",
        "Made by `python -m fmnist_core reference table --markdown`. Test accuracy unless it says "
        "validation; intervals are 95 % Wilson intervals on that many images; ± is the standard "
        "deviation between seeds. “reproduced”: so near that two runs of one recipe, each judged "
        "by images of its own, would differ by more in one of twenty cases.",
    ]
    for report in REPORTS:
        parts += [f"## {report.title}", report.question]
        parts += [f"| {' | '.join(HEADINGS)} |\n|{'---|' * len(HEADINGS)}"]
        parts[-1] += "".join(f"\n| {' | '.join(row)} |" for row in report_table(report, rows))
        parts += [report.answer] if report.answer else []
    return "\n\n".join(parts) + "\n"
