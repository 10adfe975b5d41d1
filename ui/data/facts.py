"""What the Data page works out of the images, once for all sessions."""

from __future__ import annotations

import numpy as np
import streamlit as st

from fmnist_core.analysis.class_images import (
    ClassImages,
    Typicality,
    class_images,
    facing_left,
    typicality,
)
from fmnist_core.analysis.pca import pca
from fmnist_core.analysis.pixel_sample import pixel_vectors, sample_indices
from fmnist_core.analysis.pixel_values import pixel_histogram
from fmnist_core.analysis.twins import nearest_in_other_file, squared_lengths
from fmnist_core.data.label_noise import noisy_labels
from fmnist_core.data.normalisation import PixelStatistics, pixel_statistics
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


@st.cache_resource(show_spinner=False, max_entries=8)  # 70 kB each
def labels_of(spec: DataSpec) -> np.ndarray:
    """Return all labels as a run with these settings has them, noise and all, uint8 (70000,)."""
    return noisy_labels(cache.data_set().labels, indices_of("training", spec), spec)


@st.cache_resource(show_spinner=False, max_entries=8)
def statistics_of(spec: DataSpec) -> PixelStatistics | None:
    """Return what the network takes away and divides by; None where pixels stay in 0 to 1."""
    return pixel_statistics(cache.data_set().images, indices_of("training", spec), spec)


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


def most_typical(label: int) -> int:
    """Return the image of the training file that is nearest to the mean of its class."""
    index = class_indices(label)
    return int(index[typical().distance[index].argmin()])


@st.cache_data(show_spinner=False, max_entries=512)
def nearest_other(index: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest images of the other file with their distances; up to 0.1 s."""
    return nearest_in_other_file(cache.data_set().images, index, k, lengths=_lengths())


@st.cache_resource(show_spinner=False)
def _lengths() -> np.ndarray:
    return squared_lengths(cache.data_set().images)


def class_indices(label: int) -> np.ndarray:
    """Return the images of a class in the training file, ascending, int64 (6000,)."""
    return np.flatnonzero(cache.data_set().y_train == label)


@st.cache_resource(show_spinner=False, max_entries=16)
def histogram_of(label: int | None) -> np.ndarray:
    """Return how many pixels of the training file have each grey level, int64 (256,)."""
    images = cache.data_set().x_train
    return pixel_histogram(images if label is None else images[class_indices(label)])


@st.cache_resource(show_spinner=False, max_entries=16)
def facing_of(label: int) -> np.ndarray:
    """Say which images of a class in the training file face as its mean does, bool (6000,)."""
    images = cache.data_set().images[class_indices(label)]
    return facing_left(images, training_classes().mean[label])


@st.cache_resource(show_spinner="Computing the main directions of the pixels …")
def pca_map() -> tuple[np.ndarray, np.ndarray, float]:
    """Return the sample, int32 (N,), its places by PCA, float32 (N, 2), and what these hold."""
    data = cache.data_set()
    index = sample_indices(data.labels)
    flat, explained = pca(pixel_vectors(data.images[index]))
    return index, flat[:, :2], explained
