"""Files that are whole or not there: written under a temporary name, synced, then renamed."""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np

from fmnist_core.exceptions import StoreError

# What NumPy, zipfile and zlib raise on damaged files; a TypeError is an npy file, without a zip.
_NPZ_ERRORS = (
    *(OSError, EOFError, ValueError, TypeError, RuntimeError, MemoryError),
    *(zipfile.BadZipFile, zlib.error),
)
MAX_JSON_BYTES = 16 * 2**20  # far above any file of ours; a foreign one is not read into memory


@contextmanager
def replacing(path: Path, *, durable: bool = True) -> Iterator[IO[bytes]]:
    """Open a temporary file beside `path` that takes its place when the block ends well.

    Args:
        path: What to write; its folder must exist.
        durable: Sync file and folder, so that a power cut leaves the old or the new file.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            if durable:
                os.fsync(file.fileno())
        os.chmod(name, 0o644)  # mkstemp makes it private
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    if durable:
        sync_folder(path.parent)


def write_json(path: Path, data: dict[str, Any], *, durable: bool = True) -> None:
    """Write a JSON object that a reader finds whole, old or new, at any moment."""
    with replacing(path, durable=durable) as file:
        file.write(json.dumps(data, allow_nan=False, indent=1).encode() + b"\n")


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object; {} where there is no file.

    Raises:
        StoreError: The file is there but holds no JSON object.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_JSON_BYTES + 1)
        if len(raw) > MAX_JSON_BYTES:
            raise ValueError("too large")
        data = json.loads(raw)
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise StoreError(f"{path.parent.name}/{path.name} cannot be read ({error}).") from error
    if not isinstance(data, dict):
        raise StoreError(f"{path.parent.name}/{path.name} holds no JSON object.")
    return data


def read_arrays(path: Path, *, compressed: bool = True) -> dict[str, np.ndarray]:
    """Read the arrays of an npz file.

    Args:
        path: The file.
        compressed: It may unfold to more than its size.

    Raises:
        StoreError: The file is missing, damaged or no npz file.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            unfolded = sum(member.file_size for member in arrays.zip.infolist())
            if not compressed and unfolded > path.stat().st_size:
                raise ValueError("it is compressed")
            return dict(arrays)
    except _NPZ_ERRORS as error:
        raise StoreError(f"{path.parent.name}/{path.name} cannot be read ({error}).") from error


def sync_folder(folder: Path) -> None:
    """Make renames in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
