"""Asking for a later result, looking how far it is, reading it, and calling it off."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from fmnist_core.derived.kinds import Kind
from fmnist_core.derived.place import DRAFT, FOLDER, record_path, result_path, stamp
from fmnist_core.derived.record import DerivedRecord, read_record
from fmnist_core.derived.subject import DataSet, Subject
from fmnist_core.exceptions import DerivedError, StoreError
from fmnist_core.jobs.background import at_work, begin, end
from fmnist_core.runs.locks import take
from fmnist_core.runs.store import RunStore

MODULE = "fmnist_core.derived.worker"
POLL_SECONDS = 0.2
LOCK_NAME = ".ask.lock"  # whoever asks for a result, or calls it off, holds it
LOCK_SECONDS = 5.0  # starting a process takes a few milliseconds

NONE, RUNNING, DONE, FAILED = "none", "running", "done", "failed"
GONE = (
    "The process that computed it ended without a word: it was killed, or the memory was full. "
    "Close other programs, then try again."
)


@dataclass(frozen=True)
class DerivedState:
    """How far a result is.

    Attributes:
        state: NONE, RUNNING, DONE or FAILED.
        queued: Whether a RUNNING one waits for others that are computed before it.
        done, total: How much of a RUNNING one is computed; total is 0 before it has begun.
        seconds: Since it was asked for, while it is RUNNING.
        left: Seconds that it will likely still take; None while that cannot be told.
        message: Why it FAILED, for a person.
    """

    state: str
    queued: bool = False
    done: int = 0
    total: int = 0
    seconds: float = 0.0
    left: float | None = None
    message: str = ""


def compute(
    run: Subject,
    kind: Kind,
    store: RunStore,
    *,
    on_tick: Callable[[DerivedState], None] = lambda state: None,
) -> Path:
    """Return the folder of a result; where it is not there yet, have it computed and wait.

    Args:
        run: One that has weights, or the data set.
        kind: What of it.
        store: Where the run lies.
        on_tick: Called now and then while it is computed.

    Raises:
        StoreError: The run has no weights yet, or the store cannot be written.
        DerivedError: It could not be computed, or was called off; the message says why.
    """
    request(run, kind, store)
    while (found := state(run, kind, store)).state == RUNNING:
        on_tick(found)
        time.sleep(POLL_SECONDS)
    if found.state != DONE:
        raise DerivedError(found.message or "It was called off.")
    return load(run, kind, store)


def request(run: Subject, kind: Kind, store: RunStore) -> None:
    """Have a result computed, unless it is there or under way.

    Raises:
        StoreError: The run has no weights yet, or the store cannot be written.
    """
    path = record_path(store.root, run.run_id, kind)
    with _turn(store.root):
        if state(run, kind, store).state in (RUNNING, DONE):
            return
        path.parent.mkdir(exist_ok=True)
        if old := read_record(path):
            end(old.handle)  # it computes what belongs to older weights
        handle = begin(
            [MODULE, str(store.root), run.run_id, kind.name], store.root / FOLDER / "log.txt"
        )
        asked = DerivedRecord(stamp=stamp(run, kind), handle=handle, asked=time.time())
        asked.write(path)


def state(run: Subject, kind: Kind, store: RunStore) -> DerivedState:
    """Say how far a result is; reads one small file.

    Raises:
        StoreError: The run has no weights yet.
    """
    # In this order: the worker deletes the record when the result is there.
    record = read_record(record_path(store.root, run.run_id, kind))
    if result_path(store.root, run, kind).is_dir():
        return DerivedState(DONE)
    if record is None or record.stamp != stamp(run, kind):
        return DerivedState(NONE)
    if record.failure:
        return DerivedState(FAILED, message=record.failure)
    if at_work(record.handle):
        return _progress(record)
    if result_path(store.root, run, kind).is_dir():  # it was completed in this moment
        return DerivedState(DONE)
    return DerivedState(FAILED, message=GONE)


def _progress(record: DerivedRecord) -> DerivedState:
    now, left = time.time(), None
    if 0 < record.done <= record.total:
        pace = (record.told - record.began) / record.done
        left = max(0.0, pace * (record.total - record.done) - (now - record.told))
    return DerivedState(
        RUNNING,
        queued=record.queued,
        done=min(record.done, record.total),
        total=record.total,
        seconds=max(0.0, now - record.asked),
        left=left,
    )


def load(run: Subject, kind: Kind, store: RunStore) -> Path:
    """Return the folder of a result that is there, and note that it is in use.

    Raises:
        StoreError: The run has no weights yet.
        DerivedError: It has not been computed yet.
    """
    path = result_path(store.root, run, kind)
    if not path.is_dir():
        raise DerivedError(
            f"{_of_whom(run)}{kind.title} are not computed yet: "
            f'"fmnist {command(run, kind)}" does it.'
        )
    with contextlib.suppress(OSError):  # a store that can only be read
        os.utime(path)
    return path


def command(run: Subject, kind: Kind) -> str:
    """Return the words after "fmnist" that have a result computed."""
    if isinstance(run, DataSet):
        return f"data compute {kind.name}"
    return f"compute {run.run_id} {kind.name}"


def _of_whom(run: Subject) -> str:
    return "Of the data set, " if isinstance(run, DataSet) else f"Of run {run.run_id}, "


def cancel(run: Subject, kind: Kind, store: RunStore) -> None:
    """Call off a result that is being computed, or forget its failure; one that is there stays.

    Raises:
        StoreError: The store cannot be written.
    """
    path = record_path(store.root, run.run_id, kind)
    with _turn(store.root):
        if record := read_record(path):
            end(record.handle)
            path.unlink(missing_ok=True)
            for draft in path.parent.glob(f"{DRAFT}{kind.name}-*"):
                shutil.rmtree(draft, ignore_errors=True)


@contextlib.contextmanager
def _turn(root: Path) -> Iterator[None]:
    """Let one after the other ask, so that two who do so at once start one process."""
    lock = None
    try:
        (root / FOLDER).mkdir(parents=True, exist_ok=True)
        lock = take(root / FOLDER / LOCK_NAME, seconds=LOCK_SECONDS)
        if lock is None:
            raise StoreError("Other results are being asked for just now. Try again in a moment.")
        yield
    except OSError as error:
        raise StoreError(
            f"Nothing can be computed in {root / FOLDER}: {error.strerror or error}. Make the "
            "folder writable, or set FMNIST_RUNS_DIR to another one."
        ) from error
    finally:
        if lock:
            lock.release()
