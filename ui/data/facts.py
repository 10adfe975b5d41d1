"""What the Data page works out of the images, once for all sessions."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fmnist_core.analysis.class_images import ClassImages, Typicality, class_images, typicality
from fmnist_core.analysis.twins import nearest_in_other_file
from fmnist_core.data.parts import OF_SPLIT, part_indices
from fmnist_core.specs import DataSpec
from ui import cache


def indices_of(part: str, spec: DataSpec) -> np.ndarray:
    """Return which images a part holds, int32 (N,); a split is drawn once.

    Raises:
        DataError: The data set is not there.
    """
    return _indices(part, spec if part in OF_SPLIT else DataSpec())


@st.cache_resource(show_spinner="Drawing the split …", max_entries=16)  # 0.3 MB each
def _indices(part: str, spec: DataSpec) -> np.ndarray:
    return part_indices(part, cache.data_set().labels, spec)


@st.cache_resource(show_spinner=False)
def training_classes() -> ClassImages:
    """Return mean and standard deviation of the classes, of the training file; 0.1 s."""
    data = cache.data_set()
    return class_images(data.x_train, data.y_train)


@st.cache_resource(show_spinner=False)
def typical() -> Typicality:
    """Return how typical all images are; 0.3 s."""
    data = cache.data_set()
    return typicality(data.images, data.labels, training_classes().mean)


@st.cache_data(show_spinner=False, max_entries=512)
def nearest_other(index: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest images of the other file with their distances; up to 0.2 s."""
    return nearest_in_other_file(cache.data_set().images, index, k)
