"""Fashion-MNIST in memory: found on this machine or downloaded, and the same bytes in any case.

`python -m fmnist_core.data.files` makes sure that the data set is there, and says where.
"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fmnist_core.data.download import Progress, download_files
from fmnist_core.data.folders import (
    chosen_folder,
    chosen_folder_error,
    find_file,
    find_folders,
    own_cache,
)
from fmnist_core.data.idx import (
    DATA_SET_CHECKSUM,
    TEST_IMAGES,
    TEST_LABELS,
    TRAIN_IMAGES,
    TRAIN_LABELS,
    read_idx,
)
from fmnist_core.exceptions import DataError, FmnistError
from fmnist_core.specs.data import NUM_TEST_FILE, NUM_TRAIN_FILE


@dataclass(frozen=True, kw_only=True, eq=False)
class FashionMnist:
    """The data set, read-only; the training file comes first, then the test file.

    Attributes:
        images: Grey pixels, uint8, 0 (background) to 255, shape (70000, 28, 28).
        labels: Classes 0 to 9, uint8, shape (70000,).
        source: The folder it was read from.
        checksum: One SHA-256 (hex) over the four files' digests: names this data set in a run.
    """

    images: np.ndarray
    labels: np.ndarray
    source: Path
    checksum: str

    @property
    def x_train(self) -> np.ndarray:
        """Images of the training file, a view, shape (60000, 28, 28)."""
        return self.images[:NUM_TRAIN_FILE]

    @property
    def y_train(self) -> np.ndarray:
        """Labels of the training file, a view, shape (60000,)."""
        return self.labels[:NUM_TRAIN_FILE]

    @property
    def x_test(self) -> np.ndarray:
        """Images of the test file, a view, shape (10000, 28, 28)."""
        return self.images[NUM_TRAIN_FILE:]

    @property
    def y_test(self) -> np.ndarray:
        """Labels of the test file, a view, shape (10000,)."""
        return self.labels[NUM_TRAIN_FILE:]


def load(*, progress: Progress | None = None) -> FashionMnist:
    """Read and check the data set (about 0.25 s, 55 MB); download it first where it is missing.

    Args:
        progress: Told about a download: file name, bytes so far, all bytes or None.

    Returns:
        The data set; its bytes are the same whatever the source.

    Raises:
        DataError: `FMNIST_DATA_DIR` leads to something else; or no folder holds the data set whole
            and it cannot be downloaded.
    """
    faults = []
    for folder in find_folders():
        try:
            return _read_folder(folder)
        except DataError as error:
            faults.append(str(error))
    if chosen_folder():
        raise chosen_folder_error(faults[0])
    return _download(faults, progress)


def _read_folder(folder: Path) -> FashionMnist:
    """Read the four files into one array of images and one of labels, so that nothing is copied."""
    images = np.empty((NUM_TRAIN_FILE + NUM_TEST_FILE, *TRAIN_IMAGES.shape[1:]), np.uint8)
    labels = np.empty(NUM_TRAIN_FILE + NUM_TEST_FILE, np.uint8)
    targets = {
        TRAIN_LABELS: labels[:NUM_TRAIN_FILE],
        TEST_LABELS: labels[NUM_TRAIN_FILE:],
        TRAIN_IMAGES: images[:NUM_TRAIN_FILE],
        TEST_IMAGES: images[NUM_TRAIN_FILE:],
    }
    for file, target in targets.items():
        read_idx(find_file(folder, file.name) or folder / file.name, file, target)
    images.flags.writeable = labels.flags.writeable = False
    return FashionMnist(images=images, labels=labels, source=folder, checksum=DATA_SET_CHECKSUM)


def _download(faults: list[str], progress: Progress | None) -> FashionMnist:
    """Download into our own cache and read it from there; `faults` say what was wrong elsewhere."""
    try:
        download_files(own_cache(), progress)
        return _read_folder(own_cache())
    except DataError as error:
        found = f"damaged on this machine ({faults[0]})" if faults else "not on this machine"
        raise DataError(
            f"Fashion-MNIST is {found} and could not be downloaded ({error}): "
            "run `apt-get install dataset-fashion-mnist`, or set FMNIST_DATA_DIR to a folder "
            "with its four files, or start once with an internet connection."
        ) from error


def main() -> int:
    """Make sure that the data set is there; return 0, or 1 where a problem was shown."""
    try:
        data = _load_with_bar()
    except FmnistError as error:
        print(f"fmnist: {error}", file=sys.stderr)
        return 1
    print(f"Fashion-MNIST: {len(data.images):,} images, checked, in {data.source}")
    return 0


def _load_with_bar() -> FashionMnist:
    """Load the data set; a download draws one bar a file on the terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, TaskID, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    bars = Bars(*columns, console=Console(stderr=True))
    tasks: dict[str, TaskID] = {}
    with ExitStack() as stack:

        def show(name: str, received: int, total: int | None) -> None:
            if not tasks:
                stack.enter_context(bars)  # not before: bars without a task leave an empty line
            if name not in tasks:
                tasks[name] = bars.add_task(name)
            bars.update(tasks[name], completed=received, total=total)

        return load(progress=show)


if __name__ == "__main__":
    sys.exit(main())
