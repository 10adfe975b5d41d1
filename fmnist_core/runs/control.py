"""What a person can tell a run, in each of its states; `Run` has these as methods."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

from fmnist_core.exceptions import StoreError
from fmnist_core.runs import checkpoints, commands
from fmnist_core.runs.locks import take
from fmnist_core.runs.status import (
    FAILED,
    FINISHED,
    INTERRUPTED,
    PAUSED,
    QUEUED,
    RUNNING,
    STARTING,
    STOPPED,
    Status,
    read_status,
)
from fmnist_core.settings import Number

WAKE_NAME = ".wake"  # touched in the store when a run that had ended is queued again
LOCK_SECONDS = 5.0  # a worker needs about one to leave after its last word
TRAINING = (STARTING, RUNNING, PAUSED)
RESUMABLE = (PAUSED, INTERRUPTED, STOPPED, FAILED)
EXTENDABLE = (*TRAINING, FINISHED, STOPPED)
ADDED_EPOCHS = Number(
    label="Epochs to add",
    help="Epochs that the run trains beyond where it would end, or has ended.",
    default=5,
    minimum=1,
    maximum=1000,
    integer=True,
)


def stop(folder: Path) -> None:
    """Ask a live run to end and to keep what it has learned."""
    status = read_status(folder)
    if not status.live:
        raise StoreError(f"Run {folder.name} has already ended: it is {status.state}.")
    commands.send(folder, commands.STOP)
    _wake(folder)


def pause(folder: Path) -> None:
    """Ask a run that trains to wait."""
    _check(folder, (STARTING, RUNNING), "be paused")
    commands.send(folder, commands.PAUSE)


def step_epoch(folder: Path) -> None:
    """Ask a run to train to the end of its epoch, and to wait then."""
    status = _check(folder, TRAINING, "train one epoch")
    commands.send(folder, commands.STEP, status.epoch + 1)
    _wake(folder)


def set_learning_rate(folder: Path, learning_rate: float) -> None:
    """Ask a run to go on at this learning rate."""
    _check(folder, TRAINING, "take another learning rate")
    commands.send(folder, commands.RATE, learning_rate)


def resume(folder: Path, start: str) -> None:
    """Let a run go on that is paused, was interrupted or stopped, or has failed."""
    status = _check(folder, RESUMABLE, "be resumed")
    if status.state == STOPPED and start != commands.ZERO and not checkpoints.paths(folder):
        raise StoreError(
            f"Run {folder.name} has no checkpoint. Resume it from zero to train it anew."
        )
    commands.send(folder, commands.RESUME, start)
    if status.state != PAUSED:
        _queue_again(folder, RESUMABLE, "be resumed")
    _wake(folder)


def add_epochs(folder: Path, epochs: int, *, steps_per_epoch: int, total_steps: int) -> None:
    """Let a run train longer than planned, or on after its end."""
    added = int(ADDED_EPOCHS.check(ADDED_EPOCHS.label, epochs) or 0)
    status = _check(folder, EXTENDABLE, "train longer")
    if status.live:
        plans = [each.value for each in commands.pending(folder) if each.name == commands.PLAN]
        planned = max([total_steps, *plans]) + added * steps_per_epoch
        commands.send(folder, commands.PLAN, planned)
        return
    if not checkpoints.paths(folder):
        raise StoreError(
            f"Run {folder.name} has no checkpoint to go on from. Train it anew with more epochs."
        )
    planned = status.step + added * steps_per_epoch
    _queue_again(folder, EXTENDABLE, "train longer", planned_steps=planned)
    _wake(folder)


def _check(folder: Path, states: tuple[str, ...], what: str) -> Status:
    status = read_status(folder)
    if status.state not in states:
        raise StoreError(
            f"Run {folder.name} is {status.state} and cannot {what}; a run that is "
            f"{_listed(states)} can."
        )
    return status


def _listed(states: tuple[str, ...]) -> str:
    *others, last = states
    return f"{', '.join(others)} or {last}"


def _queue_again(folder: Path, states: tuple[str, ...], what: str, **changes: int) -> None:
    """Put a run that has ended back into the queue, while no worker can take or leave it."""
    lock = take(folder / "worker.lock", seconds=LOCK_SECONDS)
    if lock is None:
        raise StoreError(f"Run {folder.name} is still held by its worker. Try again in a moment.")
    try:
        status = _check(folder, states, what)
        fresh = {"state": QUEUED, "message": "", "time": time.time(), **changes}
        replace(status, **fresh).write(folder)  # type: ignore[arg-type]
    finally:
        lock.release()


def _wake(folder: Path) -> None:
    """Let a living supervisor look again at runs that it had done with."""
    (folder.parent / WAKE_NAME).touch()
