"""Where later results lie in the store, and what of them is thrown away."""

from __future__ import annotations

import functools
import hashlib
import shutil
from collections.abc import Collection
from pathlib import Path

from fmnist_core.derived.kinds import Kind
from fmnist_core.derived.subject import DATA_SET, DataSet, Subject
from fmnist_core.exceptions import StoreError
from fmnist_core.runs.run import Run

FOLDER = ".derived"
DRAFT = ".draft-"  # begins the name of a result that is not complete
MAX_BYTES = 2 * 2**30  # of all results together; features of 128 numbers take 18 MB


def folder_of(root: Path, run_id: str) -> Path:
    """Return the folder of the results of a run, or of the data set, in the store at `root`."""
    return root / FOLDER / run_id


def record_path(root: Path, run_id: str, kind: Kind) -> Path:
    """Return the file that says who computes a result."""
    return folder_of(root, run_id) / f"{kind.name}.json"


def result_path(root: Path, run: Subject, kind: Kind) -> Path:
    """Return the folder of the result that belongs to a run's weights as they are now.

    Raises:
        StoreError: The run has no weights yet.
    """
    return folder_of(root, run.run_id) / f"{kind.name}-{stamp(run, kind)}"


def stamp(run: Subject, kind: Kind) -> str:
    """Name what a result depends on: its kind's version, and the run's best weights or the data.

    Raises:
        StoreError: The run has no weights yet.
    """
    digest = run.checksum[:16] if isinstance(run, DataSet) else weights_digest(run)
    return f"{kind.version}-{digest}"


def weights_digest(run: Run) -> str:
    """Return what stands for a run's best weights: 16 hexadecimal digits of their SHA-256.

    By their bytes, not their file's time: a copy of a run finds what its original has.

    Raises:
        StoreError: The run has no weights yet.
    """
    path = run.model_path
    try:
        found = path.stat()
        return _digest(path, (found.st_mtime_ns, found.st_size, found.st_ino))
    except OSError as error:
        raise StoreError(run.why_no_model) from error


@functools.lru_cache(maxsize=256)
def _digest(path: Path, file_stamp: tuple[int, int, int]) -> str:
    """Return the first 16 hexadecimal digits of a file's SHA-256; read again once it changed."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def forget_results(root: Path, run_id: str) -> None:
    """Delete all later results of a run."""
    shutil.rmtree(folder_of(root, run_id), ignore_errors=True)


def sweep_out(root: Path, run_ids: Collection[str]) -> None:
    """Delete what belongs to no run of these, and the drafts of processes that were killed.

    The results of the data set stay.

    Only for a process that holds the turn: nobody else is writing a draft then.
    """
    for folder in (root / FOLDER).glob("[!.]*"):
        if folder.is_dir() and folder.name not in (*run_ids, DATA_SET.run_id):
            shutil.rmtree(folder, ignore_errors=True)
    for draft in (root / FOLDER).glob(f"*/{DRAFT}*"):
        shutil.rmtree(draft, ignore_errors=True)


def keep_within(root: Path, newest: Path) -> None:
    """Delete older results of the newest one's kind and run, then those unused for longest.

    Until all together take at most `MAX_BYTES`; the newest one stays in any case.
    """
    kind = newest.name.partition("-")[0]
    for result in newest.parent.glob(f"{kind}-*"):
        if result != newest:
            shutil.rmtree(result, ignore_errors=True)
    sizes = {path: _size(path) for path in (root / FOLDER).glob("*/*-*") if path.is_dir()}
    total = sum(sizes.values())
    for result in sorted(sizes, key=lambda path: path.stat().st_mtime):
        if total > MAX_BYTES and result != newest:
            shutil.rmtree(result, ignore_errors=True)
            total -= sizes[result]


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())
