"""Deleting with undo: a deleted run lies in the store's trash for a week."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from fmnist_core.derived.place import forget_results
from fmnist_core.exceptions import FmnistError, RunNotFound, StoreError
from fmnist_core.runs.files import sync_folder
from fmnist_core.runs.locks import take
from fmnist_core.runs.run import Run
from fmnist_core.runs.status import read_status

FOLDER = ".trash"
KEEP_SECONDS = 7 * 24 * 3600.0
LOCK_NAME = ".trash.lock"  # one a store: whoever moves a run in or out holds it
LOCK_SECONDS = 5.0  # of the trash and of a worker that is leaving
# Milliseconds since 1970 at which the run was deleted, and its id: one rename moves and dates it.
_ENTRY = re.compile(r"(?P<time>[0-9]{13})-(?P<run_id>[0-9]{8}-[0-9]{6}-[0-9a-f]{6})")
_GOING = ".going-"  # begins the name of what is being purged, so that nobody restores half of it


@dataclass(frozen=True, kw_only=True)
class Deleted:
    """A run in the trash.

    Attributes:
        run_id: The id it had, and has again once it is restored.
        deleted: When, in seconds since 1970.
        folder: Where it lies now.
    """

    run_id: str
    deleted: float
    folder: Path

    @property
    def title(self) -> str:
        """What the run is called; its id where that cannot be read."""
        try:
            return Run(self.folder).title
        except FmnistError:
            return self.run_id

    @property
    def goes(self) -> float:
        """When it is deleted for good, in seconds since 1970."""
        return self.deleted + KEEP_SECONDS


class Trash:
    """The trash of a store."""

    def __init__(self, root: Path) -> None:
        """Look after the trash of the store at `root`; its folder is made when it is needed."""
        self.root = root
        self.folder = root / FOLDER

    def put(self, run: Run) -> Deleted:
        """Move a run into the trash, whole.

        Raises:
            StoreError: It is live, held by its worker, gone already, or cannot be moved.
        """
        with _turn(self.root), _not_held(run.folder):
            _refuse_live(run)
            deleted = time.time()
            place = self.folder / f"{int(deleted * 1000):013d}-{run.run_id}"
            try:
                self.folder.mkdir(exist_ok=True)
                os.rename(run.folder, place)
                sync_folder(self.root)
            except OSError as error:
                raise StoreError(
                    f"Run {run.run_id} could not be deleted: {error.strerror or error}. Make the "
                    f"folder {self.root} writable."
                ) from error
        return Deleted(run_id=run.run_id, deleted=deleted, folder=place)

    def entries(self) -> list[Deleted]:
        """Return what lies in the trash, deleted last first."""
        try:
            names = sorted(os.listdir(self.folder), reverse=True)
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise StoreError(
                f"The trash in {self.root} cannot be read: {error.strerror}. Check the folder."
            ) from error
        return [
            Deleted(
                run_id=found["run_id"],
                deleted=int(found["time"]) / 1000,
                folder=self.folder / name,
            )
            for name in names
            if (found := _ENTRY.fullmatch(name))
        ]

    def restore(self, run_id: str) -> Run:
        """Put the run of that id, or of the id that begins so, back where it was.

        Raises:
            RunNotFound: None or several in the trash do.
            StoreError: There is a run of that id again, or it cannot be moved.
        """
        with _turn(self.root):
            entry = self._find(run_id)
            place = self.root / entry.run_id
            try:
                os.rename(entry.folder, place)
                sync_folder(self.root)
            except OSError as error:
                raise StoreError(
                    f"Run {entry.run_id} could not be restored: {error.strerror or error}."
                ) from error
        return Run(place)

    def _find(self, run_id: str) -> Deleted:
        matches = [each for each in self.entries() if run_id and each.run_id.startswith(run_id)]
        if len({each.run_id for each in matches}) != 1:
            many = (
                f"{len(matches)} runs in the trash begin"
                if matches
                else "No run in the trash begins"
            )
            raise RunNotFound(
                f'{many} with "{run_id[:40]}". "fmnist trash" lists them; what has been there for '
                "a week is gone."
            )
        return matches[0]

    def purge(self, now: float | None = None) -> int:
        """Delete for good what has lain here for a week; return how many runs that were."""
        now = time.time() if now is None else now
        old = [entry for entry in self.entries() if entry.goes <= now]
        for entry in old:
            with contextlib.suppress(OSError):  # another process was faster, or read-only
                os.rename(entry.folder, self.folder / f"{_GOING}{entry.folder.name}")
                forget_results(self.root, entry.run_id)
        for rest in self.folder.glob(f"{_GOING}*"):  # also of a purge that was cut short
            shutil.rmtree(rest, ignore_errors=True)
        return len(old)


def _refuse_live(run: Run) -> None:
    try:
        state = read_status(run.folder)
    except StoreError:
        return  # damaged: nobody works on it, as its lock is free
    if state.live:
        raise StoreError(
            f"Run {run.run_id} is {state.state} and cannot be deleted. Stop it first; what it has "
            "learned is kept until then."
        )


@contextlib.contextmanager
def _turn(root: Path) -> Iterator[None]:
    """Let one after the other move runs, so that nobody locks a folder that is just leaving."""
    try:
        lock = take(root / LOCK_NAME, seconds=LOCK_SECONDS)
    except OSError as error:
        raise StoreError(
            f"Nothing can be deleted or restored in {root}: {error.strerror}. Make the folder "
            "writable."
        ) from error
    with _released(lock, "Other runs are being deleted just now. Try again in a moment."):
        yield


@contextlib.contextmanager
def _not_held(folder: Path) -> Iterator[None]:
    """Keep workers away meanwhile; a folder without a lock file never had one."""
    if not folder.is_dir():
        raise StoreError(f"Run {folder.name} is not there any more: it has been deleted already.")
    path = folder / "worker.lock"
    if not path.exists():
        yield
        return
    lock = take(path, seconds=LOCK_SECONDS)
    with _released(lock, f"Run {folder.name} is still held by its worker. Try again in a moment."):
        yield


@contextlib.contextmanager
def _released(lock: FileLock | None, otherwise: str) -> Iterator[None]:
    """Hold a lock that was taken until the block ends; `otherwise` says that it was not."""
    if lock is None:
        raise StoreError(otherwise)
    try:
        yield
    finally:
        lock.release()
