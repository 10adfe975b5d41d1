"""Where a worker's attempt at a run begins: at its newest checkpoint, or at zero."""

from __future__ import annotations

import secrets
from dataclasses import replace
from pathlib import Path

from fmnist_core.exceptions import CheckpointError
from fmnist_core.runs import checkpoints, commands
from fmnist_core.runs.checkpoints import Checkpoint
from fmnist_core.runs.run import MODEL, PREDICTIONS, Run
from fmnist_core.runs.status import Status


def starting_point(run: Run) -> Checkpoint | None:
    """Read the checkpoint to go on from, and delete what an earlier attempt did beyond it.

    Returns:
        None for a run that begins at zero: it has no checkpoint yet, or was told to.

    Raises:
        CheckpointError: The newest checkpoint cannot be gone on from, and nobody said what to do.
    """
    asked = [each for each in commands.pending(run.folder) if each.name == commands.RESUME]
    checkpoint = _read(run, asked[-1].value if asked else commands.NEWEST)
    _tidy(run.folder, checkpoint.manifest.epoch if checkpoint else 0)
    commands.done(run.folder, commands.RESUME)
    return checkpoint


def _read(run: Run, wanted: str) -> Checkpoint | None:
    if wanted == commands.ZERO:
        checkpoints.drop(run.folder, keep=0)
    found = checkpoints.paths(run.folder)
    for path in found:
        try:
            return checkpoints.read(path, run.experiment)
        except CheckpointError:
            if wanted != commands.PREVIOUS:
                raise
            path.unlink()
    if found:
        raise CheckpointError("None of its checkpoints can be gone on from.")
    return None


def _tidy(folder: Path, epoch: int) -> None:
    """Delete the results of a run that goes on, and the moments of epochs that come again."""
    for name in ("result.json", PREDICTIONS):
        (folder / name).unlink(missing_ok=True)
    for path in (folder / "moments").glob("epoch-*.npz"):
        if path.name > f"epoch-{epoch:04d}.npz":
            path.unlink()
    if not epoch:
        (folder / MODEL).unlink(missing_ok=True)


def ways_out(run: Run) -> str:
    """Say how a run can be resumed whose newest checkpoint cannot be gone on from."""
    for path in checkpoints.paths(run.folder)[1:]:
        try:
            step = checkpoints.read(path, run.experiment).manifest.step
        except CheckpointError:
            continue
        return f"Resume it from the checkpoint before (step {step:,}), or from the beginning."
    return "Resume it from the beginning, or leave it as it is."


def attempt_from(checkpoint: Checkpoint | None, status: Status) -> Status:
    """Return the first status of an attempt that begins there."""
    begun = replace(status, attempt=status.attempt + 1, token=secrets.token_hex(8))
    if checkpoint is None:
        return replace(begun, step=0, epoch=0, val_accuracy=None)
    there = checkpoint.manifest
    return replace(begun, step=there.step, epoch=there.epoch, val_accuracy=there.val_accuracy)
