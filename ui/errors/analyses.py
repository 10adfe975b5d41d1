"""What the Errors page works out of predictions and features, once, for all sessions."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import streamlit as st

from fmnist_core.analysis.calibration import apply_temperature, fit_temperature
from fmnist_core.analysis.calibration_measures import Measure, measures
from fmnist_core.analysis.comparison import Comparison, compare
from fmnist_core.analysis.curves import Curve
from fmnist_core.analysis.fault_evidence import Evidence, Surroundings, gather
from fmnist_core.analysis.features import VECTORS_NAME, load_features
from fmnist_core.analysis.neighbours import Features, Neighbours, nearest_many
from fmnist_core.analysis.surroundings import surroundings
from fmnist_core.derived.kinds import FEATURES
from fmnist_core.derived.results import load as load_derived
from fmnist_core.figures.class_curves import KINDS, class_curves
from fmnist_core.runs.run import Run
from ui import cache

MAX_JUDGED = 16  # runs and parts


def temperature_of(run: Run) -> float:
    """Return the temperature that fits a run's validation images best, fitted once.

    Raises:
        StoreError: The run has no predictions, or they are damaged.
    """
    return _temperature(str(run.folder), cache.stamp_of(run))


def measures_of(run: Run, part: str, *, scaled: bool) -> dict[str, Measure]:
    """Return how far confidence is from accuracy, worked out once.

    Args:
        run: The run.
        part: "validation" or "test".
        scaled: At the temperature that fits its validation images.

    Raises:
        StoreError: The run has no predictions, or they are damaged.
    """
    return _measures(str(run.folder), part, scaled, cache.stamp_of(run))


def class_curves_of(run: Run, part: str, kind: str) -> list[Curve | None]:
    """Return the curve of each class, of a kind in `KINDS`, computed once.

    Raises:
        StoreError: The run has no predictions, or they are damaged.
    """
    return _class_curves(str(run.folder), part, kind, cache.stamp_of(run))


def comparison_of(a: Run, b: Run, part: str) -> Comparison:
    """Return how the second run differs from the first on a part, computed once.

    Raises:
        ComparisonError: They cannot be set against each other.
        StoreError: One has no predictions, or they are damaged.
    """
    return _comparison(str(a.folder), str(b.folder), part, (cache.stamp_of(a), cache.stamp_of(b)))


def evidence_of(runs: Sequence[Run], part: str, *, features: bool) -> list[Evidence]:
    """Return what there is to judge the mistakes of the first run by, collected once.

    Args:
        runs: Those that are asked, the judged one first.
        part: "validation" or "test".
        features: Take what lies near the mistakes into account too.

    Raises:
        ComparisonError: They did not predict the same images.
        StoreError: One has no predictions, or they are damaged; or the features are.
        DerivedError: The features of the first run are not computed yet.
    """
    folders = tuple(str(run.folder) for run in runs)
    place = str(load_derived(runs[0], FEATURES, cache.run_store())) if features else ""
    stamps = tuple(cache.stamp_of(run) for run in runs)
    found = _evidence(folders, part, stamps, place)
    _judged().note(folders[0], part, _Judged(dict(zip(folders, stamps, strict=True)), found))
    return found


def known_evidence(run: Run, part: str) -> list[Evidence]:
    """Return what `evidence_of` gave last for a run, whoever asked; nothing where it is outdated.

    Nothing is computed.
    """
    judged = _judged().last(str(run.folder), part)
    if judged is None or any(
        cache.stamp_of(Run(Path(folder))) != stamp for folder, stamp in judged.stamps.items()
    ):
        return []
    return judged.evidence


def surroundings_of(run: Run, part: str) -> list[Surroundings | None]:
    """Return what lies near each mistake of a run, looked up once.

    Raises:
        StoreError: The run has no predictions or no weights, or its features are damaged.
        DerivedError: Its features are not computed yet.
    """
    place = str(load_derived(run, FEATURES, cache.run_store()))
    return _surroundings(str(run.folder), part, cache.stamp_of(run), place)


def features_of(run: Run) -> Features:
    """Return the features of a run's images, opened once.

    Raises:
        DerivedError: They have not been computed yet.
        StoreError: They are damaged, or the run has no weights yet.
    """
    folder = load_derived(
        run, FEATURES, cache.run_store()
    )  # each time: it notes that they are in use
    return _features(run.run_id, str(folder), cache.file_stamp(folder / VECTORS_NAME))


def nearest_of(run: Run, image: int, k: int) -> Neighbours:
    """Return the k nearest training images of one image, searched for once.

    Raises:
        DerivedError: The run's features have not been computed yet.
        StoreError: They are damaged, or the run has no weights yet.
    """
    folder = load_derived(run, FEATURES, cache.run_store())
    return _nearest(run.run_id, str(folder), image, k)


@st.cache_data(show_spinner=False, max_entries=64)
def _temperature(folder: str, stamp: cache.Stamp) -> float:
    found = cache.predictions_of(Run(Path(folder)), "validation")
    return fit_temperature(found.y_true, found.y_proba)


@st.cache_data(show_spinner=False, max_entries=64)
def _measures(folder: str, part: str, scaled: bool, stamp: cache.Stamp) -> dict[str, Measure]:
    run = Run(Path(folder))
    found = cache.predictions_of(run, part)
    y_proba = found.y_proba
    return measures(
        found.y_true, apply_temperature(y_proba, temperature_of(run)) if scaled else y_proba
    )


@st.cache_resource(show_spinner=False, max_entries=16)  # up to 2 megabytes each
def _class_curves(folder: str, part: str, kind: str, stamp: cache.Stamp) -> list[Curve | None]:
    return class_curves(cache.predictions_of(Run(Path(folder)), part), KINDS[kind])


@st.cache_resource(show_spinner=False, max_entries=16)
def _comparison(a: str, b: str, part: str, stamps: tuple[cache.Stamp, cache.Stamp]) -> Comparison:
    return compare(
        cache.predictions_of(Run(Path(a)), part), cache.predictions_of(Run(Path(b)), part)
    )


@st.cache_resource(show_spinner="Checking the labels of the mistakes …", max_entries=MAX_JUDGED)
def _evidence(
    folders: tuple[str, ...], part: str, stamps: tuple[cache.Stamp, ...], features: str
) -> list[Evidence]:
    runs = [Run(Path(folder)) for folder in folders]
    return gather(
        [cache.predictions_of(run, part) for run in runs],
        [temperature_of(run) for run in runs],
        surroundings_of(runs[0], part) if features else None,
    )


@dataclass(frozen=True)
class _Judged:
    """What the mistakes of a run were judged by, and the stamps of the asked runs, by folder."""

    stamps: Mapping[str, cache.Stamp]
    evidence: list[Evidence]


class _LastJudged:
    """What the mistakes of the runs that were judged last were judged by."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, str], _Judged] = OrderedDict()

    def note(self, folder: str, part: str, judged: _Judged) -> None:
        with self._lock:
            self._known[folder, part] = judged
            self._known.move_to_end((folder, part))
            while len(self._known) > MAX_JUDGED:
                self._known.popitem(last=False)

    def last(self, folder: str, part: str) -> _Judged | None:
        with self._lock:
            return self._known.get((folder, part))


@st.cache_resource(show_spinner=False)
def _judged() -> _LastJudged:
    return _LastJudged()


@st.cache_resource(show_spinner="Looking up what lies near the mistakes …", max_entries=16)
def _surroundings(
    folder: str, part: str, stamp: cache.Stamp, features: str
) -> list[Surroundings | None]:
    run = Run(Path(folder))
    return surroundings(cache.predictions_of(run, part), features_of(run), cache.data_set().labels)


@st.cache_resource(show_spinner=False, max_entries=8)
def _features(run_id: str, folder: str, stamp: cache.Stamp) -> Features:
    return load_features(cache.run_store().get(run_id), cache.run_store())


@st.cache_data(show_spinner=False, max_entries=1024)
def _nearest(run_id: str, folder: str, image: int, k: int) -> Neighbours:
    features = features_of(cache.run_store().get(run_id))
    return nearest_many(features, np.array([image]), cache.data_set().labels, k=k)
