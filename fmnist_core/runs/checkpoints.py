"""Checkpoints of a run: the last two, each one file that is whole or not there.

`checkpoint/000017.npz` holds the arrays of a snapshot and, as the bytes of a JSON object called
"manifest", everything else: which experiment and which versions it belongs to, where the training
stood, and a SHA-256 over all arrays.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from fmnist_core.exceptions import CheckpointError, StoreError
from fmnist_core.runs.files import MAX_JSON_BYTES, read_arrays, replacing
from fmnist_core.runs.records import as_type
from fmnist_core.runs.status import FORMAT
from fmnist_core.specs import Experiment

FOLDER = "checkpoint"
GENERATIONS = 2
_NAME = re.compile(r"([0-9]{6})\.npz")
_MANIFEST = "manifest"


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a checkpoint belongs to, and where the training stood.

    Attributes:
        experiment: SHA-256 of what was asked for, without names.
        versions: Of what computes: a step by another version may differ in its last bits.
        step, epoch: Batches and epochs done.
        val_accuracy: Best so far, in [0, 1]; None before the first epoch.
        state: The training's numbers.
        sha256: Over names, types, shapes and bytes of the arrays.
    """

    experiment: str
    versions: dict[str, str]
    step: int
    epoch: int
    val_accuracy: float | None
    state: dict[str, Any]
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """A checkpoint in memory: its manifest, and arrays by name."""

    manifest: Manifest
    arrays: dict[str, np.ndarray]


def fingerprint(experiment: Experiment) -> str:
    """Return the SHA-256 of what decides how a training goes: network, data and training."""
    parts = experiment.to_dict()
    wanted = {name: parts[name] for name in ("model", "data", "train", "augment")}
    return hashlib.sha256(json.dumps(wanted, sort_keys=True).encode()).hexdigest()


def computing_versions() -> dict[str, str]:
    """Return the versions of what computes a step, without importing it."""
    found: dict[str, str] = {}
    for name in ("tensorflow-cpu", "tensorflow", "keras", "numpy"):
        try:
            found.setdefault(name.removesuffix("-cpu"), version(name))
        except PackageNotFoundError:
            continue
    return found


def write(
    folder: Path,
    arrays: dict[str, np.ndarray],
    *,
    before: Callable[[], None] = lambda: None,
    **facts: Any,
) -> None:
    """Write a new checkpoint of a run folder; once it is whole, the oldest goes.

    Args:
        folder: The run folder.
        arrays: By name.
        before: Called when the file is complete and not yet in its place.
        facts: The other fields of `Manifest`.
    """
    place = folder / FOLDER
    place.mkdir(exist_ok=True)
    for draft in place.glob(".*"):  # of a writer that was killed
        draft.unlink()
    manifest = Manifest(sha256=_digest(arrays), **facts)
    text = json.dumps({"format": FORMAT, **asdict(manifest)}, allow_nan=False).encode()
    numbers = [int(path.stem) for path in paths(folder)]
    with replacing(place / f"{max(numbers, default=0) + 1:06d}.npz") as file:
        np.savez(file, **{_MANIFEST: np.frombuffer(text, np.uint8)}, **arrays)  # type: ignore[arg-type]
        before()
    drop(folder, keep=GENERATIONS)


def paths(folder: Path) -> list[Path]:
    """Return the checkpoints of a run folder, newest first."""
    found = [path for path in (folder / FOLDER).glob("*.npz") if _NAME.fullmatch(path.name)]
    return sorted(found, reverse=True)


def drop(folder: Path, *, keep: int) -> None:
    """Delete all but the newest checkpoints."""
    for path in paths(folder)[keep:]:
        path.unlink()


def read(path: Path, experiment: Experiment) -> Checkpoint:
    """Read a checkpoint and check that this experiment can go on from it, exactly.

    Raises:
        CheckpointError: It is damaged, or belongs to another experiment or other versions.
    """
    try:
        arrays = read_arrays(path, compressed=False)
        manifest = _manifest(arrays.pop(_MANIFEST, None))
        if _digest(arrays) != manifest.sha256:
            raise ValueError("its checksum is wrong")
    except (StoreError, ValueError, TypeError, RecursionError) as error:
        reason = error.__cause__ or error
        raise CheckpointError(f"Its checkpoint {path.name} is damaged ({reason}).") from error
    if manifest.experiment != fingerprint(experiment):
        raise CheckpointError(
            "Its checkpoint was made by another experiment than experiment.json asks for."
        )
    for name, here in computing_versions().items():
        there = manifest.versions.get(name, "unknown")
        if there != here:
            raise CheckpointError(
                f"Its checkpoint was made with {name} {there}, and this is {here}: to go on would "
                "not be exact."
            )
    return Checkpoint(manifest=manifest, arrays=arrays)


def _manifest(raw: np.ndarray | None) -> Manifest:
    if raw is None or raw.dtype != np.uint8 or raw.size > MAX_JSON_BYTES:
        raise ValueError("it has no manifest")
    data = json.loads(raw.tobytes())
    if not isinstance(data, dict) or data.pop("format", None) != FORMAT:
        raise ValueError(f"it is not of format {FORMAT}")
    manifest: Manifest = as_type(data, Manifest)
    return manifest


def _digest(arrays: dict[str, np.ndarray]) -> str:
    """Return the SHA-256 over names, types, shapes and bytes."""
    found = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        found.update(f"{name} {array.dtype.str} {arrays[name].shape}\n".encode())
        found.update(array.reshape(-1).view(np.uint8).data)
    return found.hexdigest()
