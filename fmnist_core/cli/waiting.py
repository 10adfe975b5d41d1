"""Waiting for a run that a command has queued, with its progress."""

from __future__ import annotations

import sys

from fmnist_core.cli import text
from fmnist_core.exceptions import TrainingError
from fmnist_core.jobs import wait
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import FAILED, INTERRUPTED


def watch(run: Run) -> None:
    """Wait until a run has ended; Ctrl-C ends the waiting, not the run.

    Raises:
        TrainingError: It failed or was interrupted.
    """
    try:
        with text.progress_of(run) as on_tick:
            status = wait(run, on_tick=on_tick)
    except KeyboardInterrupt:
        print(f"\nTraining goes on. To end it: fmnist stop {run.run_id}", file=sys.stderr)
        raise
    if status.state in (FAILED, INTERRUPTED):
        raise TrainingError(f"Run {run.run_id} {status.state}. {status.message}")
