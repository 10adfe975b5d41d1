"""What all sessions of the server share: the run store, and what was read of its runs so far."""

from __future__ import annotations

import threading
from collections import OrderedDict
from copy import copy
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from fmnist_core.analysis.predictions import Predictions, load_predictions
from fmnist_core.analysis.trajectories import Trajectories, load_trajectories
from fmnist_core.data.files import FashionMnist, load
from fmnist_core.data.splits import Split, split_indices
from fmnist_core.labels import NUM_CLASSES
from fmnist_core.runs.image_tags import FILE_NAME, ImageTags, read_tags
from fmnist_core.runs.metrics_log import History
from fmnist_core.runs.run import PREDICTIONS, Run
from fmnist_core.runs.store import RunStore, default_root
from fmnist_core.specs import Experiment

Stamp = tuple[int, int, int]  # of a file: changes with it

MAX_HISTORIES = 32  # a long run's takes about 5 MB


def run_store() -> RunStore:
    """Return the store that all sessions read."""
    return _store(default_root())


@st.cache_resource(show_spinner=False, max_entries=4)
def _store(root: Path) -> RunStore:
    return RunStore(root)


@st.cache_resource(show_spinner=False)
def data_set() -> FashionMnist:
    """Return all images and labels, read once a server.

    Raises:
        DataError: The data set is not there, or damaged.
    """
    return load()


def experiment_of(run_id: str) -> Experiment:
    """Return what a run was asked to be, which never changes.

    Raises:
        FmnistError: There is no such run, or its file is damaged.
    """
    return _experiment(default_root(), run_id)


@st.cache_resource(show_spinner=False, max_entries=64)
def _experiment(root: Path, run_id: str) -> Experiment:
    return _store(root).get(run_id).experiment


def history_of(run: Run) -> History:
    """Return a run's metrics; only what was appended since the last call is read."""
    return _histories().read(run.folder)


@st.cache_resource(show_spinner=False)
def _histories() -> _Histories:
    return _Histories()


class _Histories:
    """The histories that were read last, each extended by one session at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[Path, tuple[threading.Lock, History]] = OrderedDict()

    def read(self, folder: Path) -> History:
        """Return a snapshot that no other session changes."""
        with self._lock:
            lock, history = self._known.setdefault(folder, (threading.Lock(), History()))
            self._known.move_to_end(folder)
            while len(self._known) > MAX_HISTORIES:
                self._known.popitem(last=False)
        with lock:
            history.update(folder)
            return _snapshot(history)


def _snapshot(history: History) -> History:
    values: dict[str, Any] = {
        name: copy(value) for name, value in vars(history).items() if isinstance(value, list)
    }
    return History(**values, unreadable=history.unreadable)


def confusion_of(run: Run, epoch: int) -> np.ndarray | None:
    """Return the validation confusion after an epoch, int (10, 10), rows true; None if unknown."""
    return _confusion(str(run.folder), epoch)


@st.cache_data(show_spinner=False, max_entries=64)
def _confusion(folder: str, epoch: int) -> np.ndarray | None:
    moment = Run(Path(folder)).moment(epoch) or {}
    counts = moment.get("confusion", np.empty(0))
    return counts if counts.shape == (NUM_CLASSES, NUM_CLASSES) else None


def predictions_of(run: Run, part: str) -> Predictions:
    """Return what a run predicted on a part, read again only when its file has changed.

    Raises:
        StoreError: The run has no predictions, or they are damaged.
    """
    return _predictions(str(run.folder), part, stamp_of(run))


def trajectories_of(run: Run) -> Trajectories:
    """Return how the predictions of a run's validation images moved, read once.

    Raises:
        StoreError: The run has not ended, or has recorded nothing of the kind.
    """
    return _trajectories(str(run.folder), stamp_of(run))


def split_of(run: Run) -> Split:
    """Return which images trained, validated and tested a run, drawn once.

    Raises:
        FmnistError: Its experiment is damaged, or the data set is not there.
    """
    return _split(str(run.folder))


def image_tags() -> ImageTags:
    """Return the tags of images, read again only when their file has changed.

    Raises:
        StoreError: The file is damaged.
    """
    root = default_root()
    return _image_tags(root, file_stamp(root / FILE_NAME))


def stamp_of(run: Run) -> Stamp:
    """Return what changes when the predictions of a run are written anew."""
    return file_stamp(run.folder / PREDICTIONS)


def file_stamp(path: Path) -> Stamp:
    """Return what changes when a file is written anew; zeros where there is none."""
    try:
        found = path.stat()
    except OSError:  # reading it says what is wrong
        return (0, 0, 0)
    return (found.st_mtime_ns, found.st_ino, found.st_size)


@st.cache_resource(show_spinner=False, max_entries=16)  # 0.3 MB each
def _split(folder: str) -> Split:
    return split_indices(data_set().labels, Run(Path(folder)).experiment.data)


@st.cache_resource(show_spinner=False, max_entries=4)
def _image_tags(root: Path, stamp: Stamp) -> ImageTags:
    return read_tags(root)


@st.cache_resource(show_spinner=False, max_entries=4)  # up to 7 MB each for 50 epochs
def _trajectories(folder: str, stamp: Stamp) -> Trajectories:
    return load_trajectories(Run(Path(folder)))


@st.cache_resource(show_spinner=False, max_entries=64)  # half a megabyte each
def _predictions(folder: str, part: str, stamp: Stamp) -> Predictions:
    return load_predictions(Run(Path(folder)), part)
