"""Reports to take home: a run, or two runs against each other, as one HTML file."""

from fmnist_core.report.comparison import comparison_report
from fmnist_core.report.run import run_report

__all__ = ["comparison_report", "run_report"]
