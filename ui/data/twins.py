"""Images of the test file that have almost the same image in the training file, in pairs."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from fmnist_core.analysis.twins import LIMITS, Twins, load_twins, twin_counts
from fmnist_core.derived.kinds import TWINS
from fmnist_core.derived.place import result_path
from fmnist_core.derived.results import DONE, load, state
from fmnist_core.derived.subject import DATA_SET
from fmnist_core.labels import CLASS_NAMES
from fmnist_core.specs.data import NUM_TRAIN_FILE
from ui import cache
from ui.data.gallery import gallery
from ui.data.saving import csv_button
from ui.derived import offer
from ui.pager import page_of

PAIRS = 24  # on a page
_ONLY = "data-twins-conflicts"


def twins() -> None:
    """Draw counts and pairs, or the button that has them searched for."""
    store = cache.run_store()
    if state(DATA_SET, TWINS, store).state != DONE:
        offer(
            DATA_SET,
            TWINS,
            label="Search for twins",
            why="Compares every test image with every training image, once for good: 600 million "
            "pairs.",
            seconds=None,
        )
        return
    load(DATA_SET, TWINS, store)  # notes that it is in use
    found = _twins(str(result_path(store.root, DATA_SET, TWINS)))
    labels = cache.data_set().labels
    _table(found, labels)
    _pairs(found, labels)


@st.cache_resource(show_spinner=False, max_entries=2)
def _twins(folder: str) -> Twins:
    return load_twins(cache.run_store())


def _table(found: Twins, labels: np.ndarray) -> None:
    rows = twin_counts(found, labels)
    st.table(
        pd.DataFrame(
            {
                "Nearer than": [f"{row.nearer_than:.1f}" for row in rows],
                "Test images, of 10,000": [f"{row.images:,}" for row in rows],
                "With another label": [f"{row.conflicts:,}" for row in rows],
            }
        ).set_index("Nearer than")
    )
    st.caption(
        "Test images that have a training image nearer than this (Euclidean, pixels 0 to 1; every "
        "pair was looked at). Below 1.5 two pictures can hardly be told apart: there a network is "
        "asked what it has been told. No two images of the data set are the same."
    )


def _pairs(found: Twins, labels: np.ndarray) -> None:
    near = np.flatnonzero(found.distance < LIMITS[-1])
    other = labels[found.index] != labels[NUM_TRAIN_FILE:]
    if st.toggle("Only pairs with different labels", key=_ONLY, persist_state="session"):
        near = near[other[near]]
    order = near[np.argsort(found.squared[near], kind="stable")]
    shown = page_of(order, -1, len(order), key="data-twins-pages", size=PAIRS)
    pairs = np.stack([NUM_TRAIN_FILE + shown, found.index[shown]], axis=1).ravel()
    notes = [
        text for place in shown for text in (f"test · {found.distance[place]:.2f}", "training")
    ]
    name = "Twins in pairs"
    gallery(pairs, name=name, key="data-pairs", notes=notes, leads_away=True, pairs=True)
    csv_button(
        "twins",
        lambda: {
            "test image": NUM_TRAIN_FILE + np.arange(len(found.index)),
            "class": np.array(CLASS_NAMES)[labels[NUM_TRAIN_FILE:]],
            "training image": found.index,
            "its class": np.array(CLASS_NAMES)[labels[found.index]],
            "distance": found.distance.round(4),
        },
    )
