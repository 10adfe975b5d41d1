"""What all sessions of the server share: the run store, and what was read of its runs so far."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from copy import copy
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st

from fmnist_core.analysis.calibration import fit_temperature
from fmnist_core.analysis.comparison import Comparison, compare
from fmnist_core.analysis.curves import Curve
from fmnist_core.analysis.fault_evidence import Evidence, Surroundings, gather
from fmnist_core.analysis.features import VECTORS_NAME, load_features
from fmnist_core.analysis.neighbours import Features, Neighbours, nearest_many
from fmnist_core.analysis.predictions import Predictions, load_predictions
from fmnist_core.analysis.surroundings import surroundings
from fmnist_core.analysis.time_machine import TimeMachine, load_time_machine
from fmnist_core.analysis.trajectories import Trajectories, load_trajectories
from fmnist_core.analysis.usefulness import LayerUsefulness, load_usefulness
from fmnist_core.data.files import FashionMnist, load
from fmnist_core.data.splits import Split, split_indices
from fmnist_core.derived.kinds import FEATURES, USEFULNESS
from fmnist_core.derived.results import load as load_derived
from fmnist_core.figures.class_curves import KINDS, class_curves
from fmnist_core.labels import NUM_CLASSES
from fmnist_core.runs.image_tags import FILE_NAME, ImageTags, read_tags
from fmnist_core.runs.metrics_log import History
from fmnist_core.runs.run import Run
from fmnist_core.runs.store import RunStore, default_root
from fmnist_core.specs import Experiment

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
        StoreError: The run has no predictions yet, or they are damaged.
    """
    return _predictions(str(run.folder), part, _stamp(run))


def temperature_of(run: Run) -> float:
    """Return the temperature that fits a run's validation images best, fitted once.

    Raises:
        StoreError: The run has no predictions yet, or they are damaged.
    """
    return _temperature(str(run.folder), _stamp(run))


def trajectories_of(run: Run) -> Trajectories:
    """Return how the predictions of a run's validation images moved, read once.

    Raises:
        StoreError: The run has not ended, or has recorded nothing of the kind.
    """
    return _trajectories(str(run.folder), _stamp(run))


def time_machine_of(run: Run) -> TimeMachine:
    """Return what a run's network knew after each epoch, read once for each epoch it has trained.

    Raises:
        StoreError: No epoch was recorded.
    """
    return _time_machine(str(run.folder), (*_stamp(run), run.status.epoch))


def class_curves_of(run: Run, part: str, kind: str) -> list[Curve | None]:
    """Return the curve of each class, of a kind in `KINDS`, computed once.

    Raises:
        StoreError: The run has no predictions yet, or they are damaged.
    """
    return _class_curves(str(run.folder), part, kind, _stamp(run))


def comparison_of(a: Run, b: Run, part: str) -> Comparison:
    """Return how the second run differs from the first on a part, computed once.

    Raises:
        ComparisonError: They cannot be set against each other.
        StoreError: One has no predictions yet, or they are damaged.
    """
    return _comparison(str(a.folder), str(b.folder), part, (_stamp(a), _stamp(b)))


def evidence_of(runs: Sequence[Run], part: str, *, features: bool) -> list[Evidence]:
    """Return what there is to judge the mistakes of the first run by, collected once.

    Args:
        runs: Those that are asked, the judged one first.
        part: "validation" or "test".
        features: Take what lies near the mistakes into account too.

    Raises:
        ComparisonError: They did not predict the same images.
        StoreError: One has no predictions yet, or they are damaged; or the features are.
        DerivedError: The features of the first run are not computed yet.
    """
    folders = tuple(str(run.folder) for run in runs)
    place = str(load_derived(runs[0], FEATURES, run_store())) if features else ""
    return _evidence(folders, part, tuple(_stamp(run) for run in runs), place)


def surroundings_of(run: Run, part: str) -> list[Surroundings | None]:
    """Return what lies near each mistake of a run, looked up once.

    Raises:
        StoreError: The run has no predictions or no weights, or its features are damaged.
        DerivedError: Its features are not computed yet.
    """
    place = str(load_derived(run, FEATURES, run_store()))
    return _surroundings(str(run.folder), part, _stamp(run), place)


def features_of(run: Run) -> Features:
    """Return the features of a run's images, opened once.

    Raises:
        DerivedError: They have not been computed yet.
        StoreError: They are damaged, or the run has no weights yet.
    """
    folder = load_derived(run, FEATURES, run_store())  # each time: it notes that they are in use
    return _features(run.run_id, str(folder), _file_stamp(folder / VECTORS_NAME))


def nearest_of(run: Run, image: int, k: int) -> Neighbours:
    """Return the k nearest training images of one image, searched for once.

    Raises:
        DerivedError: The run's features have not been computed yet.
        StoreError: They are damaged, or the run has no weights yet.
    """
    folder = load_derived(run, FEATURES, run_store())
    return _nearest(run.run_id, str(folder), image, k)


def usefulness_of(run: Run) -> dict[str, LayerUsefulness]:
    """Return how useful the filters of a run are, by the names of their layers, read once.

    Raises:
        DerivedError: That has not been computed yet.
        StoreError: It is damaged, or the run has no weights yet.
    """
    return _usefulness(run.run_id, str(load_derived(run, USEFULNESS, run_store())))


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
    return _image_tags(root, _file_stamp(root / FILE_NAME))


_Stamp = tuple[int, int, int]


def _stamp(run: Run) -> _Stamp:
    """Return what changes when the predictions of a run are written anew."""
    return _file_stamp(run.folder / "predictions.npz")


def _file_stamp(path: Path) -> _Stamp:
    try:
        found = path.stat()
    except OSError:  # reading it says what is wrong
        return (0, 0, 0)
    return (found.st_mtime_ns, found.st_ino, found.st_size)


@st.cache_resource(show_spinner=False, max_entries=8)
def _features(run_id: str, folder: str, stamp: _Stamp) -> Features:
    return load_features(run_store().get(run_id), run_store())


@st.cache_resource(show_spinner=False, max_entries=16)
def _usefulness(run_id: str, folder: str) -> dict[str, LayerUsefulness]:
    return load_usefulness(run_store().get(run_id), run_store())


@st.cache_data(show_spinner=False, max_entries=1024)
def _nearest(run_id: str, folder: str, image: int, k: int) -> Neighbours:
    features = features_of(run_store().get(run_id))
    return nearest_many(features, np.array([image]), data_set().labels, k=k)


@st.cache_resource(show_spinner=False, max_entries=16)  # 0.3 MB each
def _split(folder: str) -> Split:
    return split_indices(data_set().labels, Run(Path(folder)).experiment.data)


@st.cache_resource(show_spinner=False, max_entries=4)
def _image_tags(root: Path, stamp: _Stamp) -> ImageTags:
    return read_tags(root)


@st.cache_resource(show_spinner=False, max_entries=16)
def _comparison(a: str, b: str, part: str, stamps: tuple[_Stamp, _Stamp]) -> Comparison:
    return compare(predictions_of(Run(Path(a)), part), predictions_of(Run(Path(b)), part))


@st.cache_resource(show_spinner=False, max_entries=4)  # up to 7 MB each for 50 epochs
def _trajectories(folder: str, stamp: _Stamp) -> Trajectories:
    return load_trajectories(Run(Path(folder)))


@st.cache_resource(show_spinner=False, max_entries=8)  # about a megabyte each
def _time_machine(folder: str, stamp: tuple[object, ...]) -> TimeMachine:
    return load_time_machine(Run(Path(folder)))


@st.cache_resource(show_spinner=False, max_entries=16)  # up to 2 megabytes each
def _class_curves(folder: str, part: str, kind: str, stamp: _Stamp) -> list[Curve | None]:
    return class_curves(predictions_of(Run(Path(folder)), part), KINDS[kind])


@st.cache_resource(show_spinner="Checking the labels of the mistakes …", max_entries=16)
def _evidence(
    folders: tuple[str, ...], part: str, stamps: tuple[_Stamp, ...], features: str
) -> list[Evidence]:
    runs = [Run(Path(folder)) for folder in folders]
    return gather(
        [predictions_of(run, part) for run in runs],
        [temperature_of(run) for run in runs],
        surroundings_of(runs[0], part) if features else None,
    )


@st.cache_resource(show_spinner="Looking up what lies near the mistakes …", max_entries=16)
def _surroundings(
    folder: str, part: str, stamp: _Stamp, features: str
) -> list[Surroundings | None]:
    run = Run(Path(folder))
    return surroundings(predictions_of(run, part), features_of(run), data_set().labels)


@st.cache_data(show_spinner=False, max_entries=64)
def _temperature(folder: str, stamp: _Stamp) -> float:
    found = predictions_of(Run(Path(folder)), "validation")
    return fit_temperature(found.y_true, found.y_proba)


@st.cache_resource(show_spinner=False, max_entries=64)  # half a megabyte each
def _predictions(folder: str, part: str, stamp: _Stamp) -> Predictions:
    return load_predictions(Run(Path(folder)), part)
