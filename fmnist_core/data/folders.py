"""The folders in which the four files may lie, on this machine and in this order."""

from __future__ import annotations

import os
from pathlib import Path

from fmnist_core.data.idx import IDX_FILES
from fmnist_core.exceptions import DataError

DEBIAN_FOLDER = Path("/usr/share/datasets/fashion-mnist")  # package dataset-fashion-mnist


def find_folders() -> list[Path]:
    """List the folders that hold four files of the right names, best first; nothing is read.

    `FMNIST_DATA_DIR` is the only one where it is set. Otherwise: the Debian package, Keras's
    cache, then our own. Each file may be packed (`.gz`) or not.

    Raises:
        DataError: `FMNIST_DATA_DIR` is set, and a file is missing there.
    """
    if chosen := chosen_folder():
        if not chosen.is_dir():
            raise chosen_folder_error(f"there is no folder {chosen}")
        if missing := _missing(chosen):
            raise chosen_folder_error(f"{chosen} holds no {missing[0]}.gz")
        return [chosen]
    keras_home = Path(os.environ.get("KERAS_HOME") or "~/.keras").expanduser()
    folders = (DEBIAN_FOLDER, keras_home / "datasets" / "fashion-mnist", own_cache())
    return [folder for folder in folders if not _missing(folder)]


def find_file(folder: Path, name: str) -> Path | None:
    """Find one file, packed or not; the packed one first, because that is what a download mends."""
    for path in (folder / f"{name}.gz", folder / name):
        if os.path.isfile(path):  # unlike Path.is_file, False in a folder of somebody else
            return path
    return None


def own_cache() -> Path:
    """Name the folder that downloads go to."""
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "fmnist-lab"


def chosen_folder() -> Path | None:
    """Name the folder in `FMNIST_DATA_DIR`, absolute; None where that is unset or empty."""
    chosen = os.environ.get("FMNIST_DATA_DIR")
    return Path(chosen).expanduser().absolute() if chosen else None


def chosen_folder_error(fault: str) -> DataError:
    """Say what is wrong with the folder in `FMNIST_DATA_DIR`, and what to do."""
    return DataError(
        f"FMNIST_DATA_DIR is set, but {fault}: put the four files of Fashion-MNIST there, "
        "or unset FMNIST_DATA_DIR to have them found or downloaded."
    )


def _missing(folder: Path) -> list[str]:
    """Name the files that a folder lacks."""
    return [file.name for file in IDX_FILES if not find_file(folder, file.name)]
