"""A report as a download: one HTML file, written when it is asked for."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from fmnist_core.report import comparison_report, report_name, run_report
from fmnist_core.runs.run import Run
from ui import cache

_HELP = "One HTML file of 5 MB that opens without the app and without a network."


def report_button(run: Run, part: str, *, before: Run | None = None, key: str) -> None:
    """Offer the report of a run, or of what it changes against another one.

    Args:
        run: The run.
        part: What it is judged by, "validation" or "test".
        before: The run that it is compared with; None for a report of the run alone.
        key: Same key, same button.
    """
    write = (
        partial(comparison_report, before, run, _images, part=part)
        if before
        else partial(run_report, run, _images, part=part)
    )
    st.download_button(
        "Report of the comparison" if before else "Report",
        write,
        file_name=report_name(run, before),
        mime="text/html",
        key=key,
        on_click="ignore",
        icon=":material/lab_profile:",
        help=_HELP,
    )


def _images() -> np.ndarray:
    return cache.data_set().images
