"""Computes one later result, as `python -m fmnist_core.derived.worker STORE SUBJECT KIND`.

At low priority, one in a store at a time; the others wait for their turn. TensorFlow is imported
last. What goes wrong becomes the record's sentence; a result is there whole or not at all.
"""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import tempfile
import time
import traceback
from dataclasses import replace
from pathlib import Path

from fmnist_core.derived.kinds import DATA_KINDS, KINDS, Kind
from fmnist_core.derived.place import (
    DRAFT,
    FOLDER,
    keep_within,
    record_path,
    result_path,
    stamp,
    sweep_out,
)
from fmnist_core.derived.record import DerivedRecord, read_record
from fmnist_core.derived.subject import DATA_SET, DataSet, Subject
from fmnist_core.exceptions import DerivedError, FmnistError
from fmnist_core.format import duration
from fmnist_core.jobs.background import own_record, time_limit
from fmnist_core.jobs.unexpected import is_disk_full, is_memory_full, unexpected
from fmnist_core.runs.files import sync_folder
from fmnist_core.runs.locks import take
from fmnist_core.runs.store import RunStore

TURN_SECONDS = 6 * 3600.0  # the longest wait for the results before this one
TELL_SECONDS = 0.5  # between two words of how far it is
NICENESS = 10  # a training, or the page, goes first


def main(argv: list[str]) -> int:
    """Compute what the command line names; 0 unless that failed."""
    store, run_id = RunStore(Path(argv[0])), argv[1]
    kind = {**KINDS, **DATA_KINDS}[argv[2]]
    path = record_path(store.root, run_id, kind)
    record = own_record(path, read_record)
    if record is None:
        print("nobody has asked this process to compute anything", flush=True)
        return 3
    os.nice(NICENESS)
    failure = _failure(store, run_id, kind, record)
    if failure:
        _tell(path, replace(record, failure=failure))
    elif _names(path, record):
        path.unlink(missing_ok=True)  # the result speaks for itself
    return int(bool(failure))


def _failure(store: RunStore, run_id: str, kind: Kind, record: DerivedRecord) -> str:
    """Compute; return for a person why that could not be done, or ""."""
    try:
        _in_turn(store, run_id, kind, record)
    except FmnistError as error:
        return str(error)
    except Exception as error:
        traceback.print_exc()  # into the log
        return _describe(error)
    return ""


def _in_turn(store: RunStore, run_id: str, kind: Kind, record: DerivedRecord) -> None:
    path, turn = record_path(store.root, run_id, kind), store.root / FOLDER / ".lock"
    lock = take(turn, seconds=0)
    if lock is None:
        _tell(path, replace(record, queued=True))
        lock = take(turn, seconds=TURN_SECONDS)
        _tell(path, record)
    if lock is None:
        raise DerivedError("Other results were being computed all the while. Try again.")
    known = [*store.run_ids(), *(deleted.run_id for deleted in store.trash.entries())]
    sweep_out(store.root, known)
    run = DATA_SET if run_id == DATA_SET.run_id else store.get(run_id)
    if stamp(run, kind) != record.stamp:
        raise DerivedError("The run has trained on meanwhile. Try again.")
    on_progress = Progress(path, record)
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # its start-up chatter is no news
    for each in (*kind.needs, kind):
        _make(store, run, each, on_progress)


def _make(store: RunStore, run: Subject, kind: Kind, on_progress: Progress) -> None:
    """Compute a result, unless it is there: another kind may have needed it meanwhile."""
    place = result_path(store.root, run, kind)
    if place.is_dir():
        return
    draft = Path(tempfile.mkdtemp(dir=place.parent, prefix=f"{DRAFT}{kind.name}-"))
    try:
        # By name, so that nothing here, and nothing that lists the kinds, imports TensorFlow.
        with time_limit(kind.limit_seconds, lambda: on_progress.give_up(run, kind, draft)):
            importlib.import_module(kind.module).compute(run, draft, on_progress)
        _publish(draft, place)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    keep_within(store.root, place)


class Progress:
    """Writes into the record how far it is, twice a second at most."""

    def __init__(self, path: Path, record: DerivedRecord) -> None:
        """Write on in `record`, which lies at `path`."""
        self._path, self._record = path, record
        self._next = 0.0
        self._so_far = "at 0"

    def __call__(self, done: int, total: int) -> None:
        """Say that so much of all is done."""
        now = time.time()
        if not self._record.began:
            self._record = replace(self._record, began=now)
        self._so_far = f"at {done:,} of {total:,}"
        if time.monotonic() >= self._next:
            _tell(self._path, replace(self._record, done=done, total=total, told=now))
            self._next = time.monotonic() + TELL_SECONDS

    def give_up(self, run: Subject, kind: Kind, draft: Path) -> None:
        """Say that a kind took too long, what stays, and what to do; delete what there is of it."""
        shutil.rmtree(draft, ignore_errors=True)
        smaller = "" if isinstance(run, DataSet) else ", or choose a run with a smaller network"
        failure = (
            f"Computing {kind.title} took longer than {duration(kind.limit_seconds)}, so it was "
            f"given up {self._so_far} {kind.unit}. Nothing of it was kept; results that were "
            f"complete are still there. Try again when the machine has less to do{smaller}."
        )
        _tell(self._path, replace(self._record, failure=failure))


def _tell(path: Path, record: DerivedRecord) -> None:
    """Write the record, unless another process is named there by now."""
    if _names(path, record):
        record.write(path)


def _names(path: Path, record: DerivedRecord) -> bool:
    named = read_record(path)
    return named is not None and named.handle == record.handle


def _publish(draft: Path, place: Path) -> None:
    """Let a complete result appear."""
    for file in draft.iterdir():
        with file.open("rb") as opened:
            os.fsync(opened.fileno())
    sync_folder(draft)
    os.chmod(draft, 0o755)  # mkdtemp makes it private
    os.rename(draft, place)
    sync_folder(place.parent)


def _describe(error: Exception) -> str:
    """Say what an unexpected error means for the user."""
    if is_disk_full(error):
        return "The disk is full: the result could not be written. Free some space, then try again."
    if is_memory_full(error):
        return "The memory is full: close other programs, then try again."
    return unexpected(error, "The store's .derived/log.txt says more.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
