"""What a run's features and validation images tell of a picture, looked up once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st

from fmnist_core.analysis.familiarity import Verdict, load_familiarity, verdict_of
from fmnist_core.analysis.neighbours import Neighbours, nearest_to
from fmnist_core.derived.kinds import FAMILIARITY, FEATURES
from fmnist_core.derived.results import load
from fmnist_core.runs.run import Run
from ui import cache
from ui.errors.analyses import features_of
from ui.inference import ask

SHOWN = 8  # neighbours


def verdict_on(run: Run, pixels: np.ndarray) -> Verdict:
    """Judge whether a picture, uint8 (28, 28), is like what a run was trained on.

    Raises:
        StoreError: The run has no weights, or its results are damaged.
        DerivedError: What is needed has not been computed yet.
        InferenceError: The network could not be asked.
    """
    folders = tuple(str(load(run, kind, cache.run_store())) for kind in (FAMILIARITY, FEATURES))
    return _verdict(run.run_id, folders, _answer(run, pixels))


def nearest_of(run: Run, pixels: np.ndarray) -> Neighbours:
    """Return the images of the training file nearest to a picture, uint8 (28, 28).

    Raises:
        StoreError: The run has no weights, or its features are damaged.
        DerivedError: The features have not been computed yet.
        InferenceError: The network could not be asked.
    """
    folder = str(load(run, FEATURES, cache.run_store()))
    return _nearest(run.run_id, folder, _answer(run, pixels)["vectors"])


def _answer(run: Run, pixels: np.ndarray) -> Mapping[str, np.ndarray]:
    return ask("familiarity", run, {"images": pixels[np.newaxis]}).arrays


@st.cache_data(show_spinner=False, max_entries=256)
def _verdict(run_id: str, folders: tuple[str, ...], answer: Mapping[str, np.ndarray]) -> Verdict:
    run = cache.run_store().get(run_id)
    known = load_familiarity(run, cache.run_store())
    return verdict_of(known, features_of(run), cache.split_of(run).train, answer)


@st.cache_data(show_spinner=False, max_entries=256)
def _nearest(run_id: str, folder: str, vectors: np.ndarray) -> Neighbours:
    features = features_of(cache.run_store().get(run_id))
    return nearest_to(features, vectors, cache.data_set().labels, k=SHOWN)
