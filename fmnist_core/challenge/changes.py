"""Changes of the challenge set: one after the other, and each there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from fmnist_core.exceptions import ChallengeStopped
from fmnist_core.runs.files import sync_folder
from fmnist_core.runs.locks import take

LOCK_NAME = ".challenge.lock"  # whoever changes the set holds it
LOCK_SECONDS = 5.0  # a change takes some milliseconds
_NEW, _GOING = ".new-", ".going-"  # begin the names of what is not there yet, and no longer


@contextlib.contextmanager
def turn(root: Path) -> Iterator[None]:
    """Let nobody else change the set; what a killed one left behind is cleared away.

    Raises:
        ChallengeStopped: Others take too long, or the folder cannot be written, also in the block.
    """
    lock = None
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock = take(root / LOCK_NAME, seconds=LOCK_SECONDS)
        if lock is None:
            raise ChallengeStopped(
                "The challenge set is being changed by others just now. Try again in a moment."
            )
        _sweep(root)
        yield
    except OSError as error:
        raise unusable(root, error) from error
    finally:
        if lock:
            lock.release()


@contextlib.contextmanager
def appearing(root: Path, name: str) -> Iterator[Path]:
    """Yield an empty folder that appears under its name when the block ends well; in one's turn."""
    draft = root / f"{_NEW}{name}"
    draft.mkdir()
    yield draft
    os.rename(draft, root / name)
    sync_folder(root)


def remove(root: Path, name: str) -> None:
    """Take a folder out of sight by one rename, then delete it; in one's turn."""
    going = root / f"{_GOING}{name}"
    os.rename(root / name, going)
    shutil.rmtree(going, ignore_errors=True)


def unusable(root: Path, error: OSError) -> ChallengeStopped:
    """Say what is wrong with the folder of the set and what to do."""
    return ChallengeStopped(
        f"The challenge set in {root} cannot be used: {error.strerror or error}. Make the folder "
        "writable, free some space, or set FMNIST_CHALLENGE_DIR to another one."
    )


def _sweep(root: Path) -> None:
    """Delete drafts and what was being deleted: whoever has just got the turn has none."""
    with os.scandir(root) as found:
        rest = [each.path for each in found if each.name.startswith((_NEW, _GOING))]
    for path in rest:
        shutil.rmtree(path, ignore_errors=True)
