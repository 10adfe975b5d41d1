"""The queue's front door: what pages, the command line and scripts call to train."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path

from fmnist_core.exceptions import StoreError, TrainingError
from fmnist_core.jobs.executors import start_detached
from fmnist_core.jobs.memory_check import check_memory
from fmnist_core.runs.locks import is_held
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import FAILED, INTERRUPTED, Status
from fmnist_core.runs.store import RunStore
from fmnist_core.specs import Experiment

LOCK_NAME = ".supervisor.lock"
LOG_NAME = ".supervisor.log"
IN_USE_NAME = ".in-use"  # touched in the store by pages from which runs are started
IN_USE_SECONDS = 300.0
POLL_SECONDS = 0.2


def launch(experiment: Experiment, store: RunStore) -> Run:
    """Queue an experiment and make sure that somebody works the queue.

    Raises:
        ModelError: The network cannot be trained.
        TooLargeError: It needs more memory than this machine has.
        StoreError: The run cannot be saved.
    """
    check_memory(experiment)
    run = store.create(experiment)
    ensure_supervisor(store.root)
    return run


def ensure_supervisor(root: Path) -> None:
    """Start the supervisor of a store, detached, unless it is alive; cheap to call often."""
    if is_held(root / LOCK_NAME):
        return
    try:
        start_detached(["fmnist_core.jobs.supervisor", str(root)], log=root / LOG_NAME)
    except OSError as error:
        raise StoreError(
            f"The supervisor that starts runs could not be started: {error.strerror}."
        ) from error


def mark_in_use(root: Path) -> None:
    """Say that somebody may soon start a run, so that a worker is kept warm for it."""
    with contextlib.suppress(OSError):  # a folder that is missing or read-only has no runs to come
        (root / IN_USE_NAME).touch()


def is_in_use(root: Path) -> bool:
    """Say whether somebody may soon start a run."""
    try:
        return time.time() - os.stat(root / IN_USE_NAME).st_mtime < IN_USE_SECONDS
    except OSError:
        return False


def wait(run: Run, *, on_tick: Callable[[Status], None] | None = None) -> Status:
    """Wait until a run has ended, and return its last status.

    Args:
        run: A run of any state.
        on_tick: Called a few times a second with the status so far.
    """
    while True:
        status = run.status
        if on_tick:
            on_tick(status)
        if not status.live:
            return status
        ensure_supervisor(run.folder.parent)
        time.sleep(POLL_SECONDS)


def train(experiment: Experiment, *, store: RunStore | None = None) -> Run:
    """Train an experiment in a worker process, wait for it and return the run.

    Args:
        experiment: What to train.
        store: Where to keep the run; by default where the app keeps its runs.

    Raises:
        ModelError: The network cannot be trained.
        TooLargeError: It needs more memory than this machine has.
        StoreError: The run cannot be saved.
        TrainingError: The run failed or was interrupted; the message says why.
    """
    run = launch(experiment, store or RunStore())
    status = wait(run)
    if status.state in (FAILED, INTERRUPTED):
        raise TrainingError(f"Run {run.run_id} {status.state}. {status.message}")
    return run
