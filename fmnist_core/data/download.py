"""Downloading the four files: each is fetched aside, checked, and only then given its name."""

from __future__ import annotations

import http.client
import tempfile
import urllib.request
from collections.abc import Callable
from pathlib import Path

from fmnist_core.data.idx import IDX_FILES, IdxFile, read_idx
from fmnist_core.exceptions import DataError

# Source: keras/src/datasets/fashion_mnist.py of Keras 3.15.
BASE_URL = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
TIMEOUT = 10  # seconds without a byte from the host
BLOCK = 1 << 16  # bytes between two reports of progress

# Called with a file's name, the bytes so far, and all its bytes (None: the host does not say).
Progress = Callable[[str, int, int | None], None]


def download_files(folder: Path, progress: Progress | None = None) -> None:
    """Fetch those of the four packed files (31 MB together) that `folder` does not hold whole.

    Args:
        folder: Where they go; made if it is missing. Several processes may do this at once.
        progress: Told about every 64 KiB; an exception it raises ends the download cleanly.

    Raises:
        DataError: The host cannot be reached, the folder cannot be written, or something else
            arrived. The text ends without a full stop, like that of `read_idx`.
    """
    for expected in IDX_FILES:
        path = folder / f"{expected.name}.gz"
        if not _is_whole(path, expected):
            _download(path, expected, progress)


def _is_whole(path: Path, expected: IdxFile) -> bool:
    """Tell whether the file is there and right."""
    try:
        read_idx(path, expected)
    except DataError:
        return False
    return True


def _download(path: Path, expected: IdxFile, progress: Progress | None) -> None:
    """Fetch one file into a folder beside its place, check it there, and move it."""
    url = BASE_URL + path.name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".download-", dir=path.parent) as aside:
            part = Path(aside) / path.name
            _fetch(url, part, progress)
            try:
                read_idx(part, expected)
            except DataError as error:
                raise DataError(str(error).replace(str(part), url)) from error
            part.replace(path)
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None) or error  # of a URLError: the cause in plain words
        raise DataError(f"{url} did not arrive: {reason}") from error


def _fetch(url: str, part: Path, progress: Progress | None) -> None:
    """Copy what the host sends into the file `part`, whole or not."""
    with urllib.request.urlopen(url, timeout=TIMEOUT) as response, part.open("wb") as stream:
        total = response.length
        received = 0
        while block := response.read(BLOCK):
            stream.write(block)
            received += len(block)
            if progress:
                progress(part.name, received, total)
