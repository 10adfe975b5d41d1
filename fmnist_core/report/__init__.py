"""Reports to take home: a run, or two runs against each other, as one HTML file."""

from fmnist_core.report.comparison import comparison_report
from fmnist_core.report.run import run_report
from fmnist_core.runs.run import Run

__all__ = ["comparison_report", "report_name", "run_report"]


def report_name(run: Run, other: Run | None = None) -> str:
    """Return what to call the file of a report, of two runs where there is another one."""
    return f"{run.run_id}-against-{other.run_id}.html" if other else f"{run.run_id}.html"
