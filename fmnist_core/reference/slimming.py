"""Making the files of a finished run smaller, so that many runs fit into the repository.

What is lost lies below what any page shows: kernels keep 11 significant bits, probabilities 14, and
loss and accuracy of a batch 4 decimals.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import h5py
import numpy as np

_WEIGHTS = "model.weights.h5"
_LARGE = 1_000  # numbers; biases and the statistics of normalisations have fewer
_LOST_BITS = 10  # of the 24 significant ones of a float32
_ROUNDED = ("loss", "accuracy")
_COLUMNS = (*_ROUNDED, "learning_rate")
_DECIMALS = 4


def slim_model(source: Path, target: Path) -> None:
    """Copy a model with its large arrays in half precision; it loads as before.

    Args:
        source: A file that Keras wrote, ".keras".
        target: Where the smaller one goes.

    Raises:
        OSError: The one cannot be read or the other not be written.
        KeyError: The file holds no weights.
    """
    with zipfile.ZipFile(source) as old:
        members = {name: old.read(name) for name in old.namelist()}
    members[_WEIGHTS] = _halved(members[_WEIGHTS])
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in members.items():
            new.writestr(name, data)


def _halved(weights: bytes) -> bytes:
    """Return such an HDF5 file with its large float32 arrays as float16."""
    buffer = io.BytesIO()
    with h5py.File(io.BytesIO(weights)) as old, h5py.File(buffer, "w") as new:

        def copy(name: str, item: h5py.Group | h5py.Dataset) -> None:
            if isinstance(item, h5py.Dataset):
                large = item.dtype == np.float32 and item.size > _LARGE
                made = new.create_dataset(name, data=item[()].astype("f2") if large else item[()])
            else:
                made = new.create_group(name)
            made.attrs.update(item.attrs)

        new.attrs.update(old.attrs)
        old.visititems(copy)
    return buffer.getvalue()


def slim_predictions(source: Path, target: Path) -> None:
    """Copy predictions with 14 significant bits a probability: wrong by 0.00006 of it at most.

    They are packed with bzip2, which takes a fifth less room for them than what NumPy uses, and
    which NumPy reads.

    Args:
        source: A run's `predictions.npz`.
        target: Where the smaller one goes.

    Raises:
        OSError: The one cannot be read or the other not be written.
    """
    with np.load(source, allow_pickle=False) as arrays:
        found = {name: _rounded(arrays[name]) for name in arrays.files}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_BZIP2) as packed:
        for name, values in found.items():
            with packed.open(f"{name}.npy", "w") as member:
                np.lib.format.write_array(member, values, allow_pickle=False)


def _rounded(values: np.ndarray) -> np.ndarray:
    """Round float32 of any shape, not negative, to fewer significant bits; leave all else."""
    if values.dtype != np.float32:
        return values
    bits = values.view(np.uint32).astype(np.uint64) + (1 << (_LOST_BITS - 1))
    return ((bits >> _LOST_BITS) << _LOST_BITS).astype(np.uint32).view(np.float32)


def slim_metrics(source: Path, target: Path, *, all_batches: bool = True) -> None:
    """Copy a metrics log with the batches of an epoch in one line, and fewer decimals for them.

    Args:
        source: A run's `metrics.jsonl`.
        target: Where the smaller one goes.
        all_batches: Else only the last batch of each line is kept.

    Raises:
        OSError: The one cannot be read or the other not be written.
        ValueError: A line is damaged.
    """
    with source.open(encoding="utf-8") as old, target.open("w", encoding="utf-8") as new:
        for row in _joined(_rounded_batches(json.loads(line)) for line in old):
            kept = row if all_batches or row["kind"] != "batches" else _last(row)
            new.write(json.dumps(kept, allow_nan=False, separators=(",", ":")) + "\n")


def _rounded_batches(row: dict[str, Any]) -> dict[str, Any]:
    """Round the figures of batches; what an epoch says stays as it is."""
    if row["kind"] != "batches":
        return row
    return row | {name: [round(value, _DECIMALS) for value in row[name]] for name in _ROUNDED}


def _last(row: dict[str, Any]) -> dict[str, Any]:
    """Return a line of batches with the last of them alone."""
    step = row["step"] + len(row["loss"]) - 1
    return row | {"step": step} | {name: row[name][-1:] for name in _COLUMNS}


def _joined(rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    last: dict[str, Any] | None = None
    for row in rows:
        if last and _follows(row, last):
            for name in _COLUMNS:
                last[name] += row[name]
            continue
        if last:
            yield last
        last = row
    if last:
        yield last


def _follows(row: dict[str, Any], last: dict[str, Any]) -> bool:
    """Whether a line holds the batches right after those of another one."""
    if not row["kind"] == last["kind"] == "batches":
        return False
    same = all(row[name] == last[name] for name in ("attempt", "epoch"))
    return same and row["step"] == last["step"] + len(last["loss"])
