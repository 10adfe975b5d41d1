"""Other runs that predicted the same images: which there are, and which of them are asked."""

from __future__ import annotations

import streamlit as st

from fmnist_core.analysis.companions import MAX_RUNS, companions
from fmnist_core.analysis.predictions import Predictions
from fmnist_core.runs.run import Run
from fmnist_core.runs.summary import RunSummary
from ui import cache
from ui.run_choice import run_title


def known_runs(predictions: Predictions, others: list[RunSummary]) -> dict[str, str]:
    """Return the titles of those that predicted all these images, by id, the best first.

    Args:
        predictions: Of the run whose mistakes are looked at.
        others: Runs that have ended, the best first.
    """
    root = cache.run_store().root
    found = companions(
        predictions,
        [row.run_id for row in others],
        lambda run_id: cache.predictions_of(Run(root / run_id), predictions.part),
    )
    return {row.run_id: run_title(row) for row in others if row.run_id in found}


def choose_asked(run: Run, predictions: Predictions, others: list[RunSummary]) -> list[Run]:
    """Let the person choose which other runs are asked about the mistakes of a run.

    Returns:
        The run itself, then those that are asked: all that are known where none was chosen yet.
    """
    titles = known_runs(predictions, others)
    if not titles:
        return [run]
    chosen = st.multiselect(
        "Other runs that are asked",
        list(titles),
        default=list(titles),
        format_func=lambda run_id: titles.get(run_id, run_id),
        key=f"errors-asked-{run.run_id}-{predictions.part}-{'-'.join(titles)}",
        persist_state="session",
        placeholder="none: only this run",
        help=(
            "They predicted the same images, which none of them was trained on. At most "
            f"{MAX_RUNS - 1} are offered, the best by validation accuracy."
        ),
    )
    root = cache.run_store().root
    return [run, *(Run(root / run_id) for run_id in titles if run_id in chosen)]
