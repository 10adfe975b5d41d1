"""Nearest training images: by hand, and against scikit-learn's search."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neighbors import NearestNeighbors

from fmnist_core.analysis.neighbours import (
    NO_LABEL,
    NOTHING,
    Features,
    nearest_many,
    used_as,
)
from fmnist_core.data.splits import Split

LABELS = (np.arange(70_000) % 10).astype(np.uint8)


def features_of(vectors: np.ndarray) -> Features:
    return Features(vectors=vectors, layer="dense", size=vectors.shape[1], projected=False)


def drawn(seed: int, size: int = 6) -> Features:
    vectors = np.random.default_rng(seed).normal(size=(70_000, size))
    return features_of(
        (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)
    )


def test_the_image_that_points_the_same_way_is_the_nearest_but_never_the_image_itself():
    # All lie along (1, 0) but images 3 and 7, along (0, 1), and 60,005, at 36.9° from that.
    vectors = np.zeros((70_000, 2), np.float16)
    vectors[:, 0] = 1
    vectors[[3, 7]] = [0, 1]
    vectors[60_005] = [0.6, 0.8]

    found = nearest_many(features_of(vectors), np.array([3, 60_005]), LABELS, k=2)

    assert found.index[0, 0] == 7
    assert found.similarity[0].tolist() == [1, 0]
    assert found.label[0, 0] == 7
    assert found.index[1].tolist() == [3, 7]
    assert found.similarity[1] == pytest.approx([0.8, 0.8], abs=1e-3)
    assert (found.index.dtype, found.similarity.dtype, found.label.dtype) == (
        np.int32,
        np.float32,
        np.uint8,
    )


def test_an_image_of_the_test_file_is_no_neighbour():
    vectors = np.zeros((70_000, 2), np.float16)
    vectors[:, 0] = 1
    vectors[60_000:] = [0, 1]

    assert nearest_many(features_of(vectors), np.array([69_999]), LABELS, k=2).index.max() < 60_000


def test_an_image_of_which_the_network_says_nothing_has_no_neighbours():
    vectors = drawn(1).vectors.copy()
    vectors[5] = 0

    found = nearest_many(features_of(vectors), np.array([5, 6]), LABELS, k=4)

    assert found.index[0].tolist() == [NOTHING] * 4
    assert found.similarity[0].tolist() == [0] * 4
    assert found.label[0].tolist() == [NO_LABEL] * 4
    assert found.index[1].min() >= 0
    assert 5 not in found.index[1]


def test_no_images_have_no_neighbours():
    found = nearest_many(drawn(1), np.array([], np.int32), LABELS, k=4)

    assert found.index.shape == found.similarity.shape == found.label.shape == (0, 4)


@settings(max_examples=6)
@given(seed=st.integers(0, 2**32), k=st.integers(1, 20), size=st.integers(2, 12))
def test_it_finds_what_scikit_learn_finds(seed, k, size):
    features = drawn(seed, size)
    index = np.random.default_rng(seed).choice(70_000, 5, replace=False)
    train = features.vectors[:60_000].astype(np.float32)
    theirs = NearestNeighbors(n_neighbors=k + 1, metric="cosine", algorithm="brute").fit(train)
    distance, places = theirs.kneighbors(features.vectors[index].astype(np.float32))

    ours = nearest_many(features, index, LABELS, k=k)

    assert np.array_equal(ours.label, LABELS[ours.index])
    for row, image in enumerate(index):
        other = places[row] != image
        # Rows in float16 have a length of 1 to three digits only.
        assert ours.similarity[row] == pytest.approx(1 - distance[row][other][:k], abs=2e-3)
        assert image not in ours.index[row]
        assert len(set(ours.index[row].tolist())) == k


def test_blocks_do_not_change_what_is_found():
    # More images than a block holds, of a few directions only.
    features = drawn(3, 4)
    many = np.arange(58_000, 61_000)

    whole = nearest_many(features, many, LABELS, k=5)

    for image in (58_000, 60_047, 60_048, 60_999):
        alone = nearest_many(features, np.array([image]), LABELS, k=5)
        assert alone.index[0].tolist() == whole.index[image - 58_000].tolist()


def test_what_a_run_used_an_image_for_is_told():
    split = Split(np.array([1, 2]), np.array([5]), np.array([60_000]))

    assert used_as(np.array([[2, 5], [7, NOTHING]]), split).tolist() == [
        ["training", "validation"],
        ["", ""],
    ]
