"""Nearest images of the other file: exact, whatever single precision makes of the sums."""

from __future__ import annotations

import numpy as np
import pytest

from fmnist_core.analysis import twins
from fmnist_core.analysis.twins import (
    Twins,
    find_twins,
    load_twins,
    nearest_in_other_file,
    squared_lengths,
    twin_counts,
)
from fmnist_core.data.files import load
from fmnist_core.derived.kinds import TWINS
from fmnist_core.derived.place import result_path
from fmnist_core.derived.subject import DATA_SET
from fmnist_core.exceptions import DerivedError, StoreError
from fmnist_core.runs.store import RunStore


@pytest.fixture(scope="module")
def data():
    return load()


def brute(images: np.ndarray, image: np.ndarray) -> np.ndarray:
    return np.square(images.astype(np.int64) - image.astype(np.int64)).sum(axis=(1, 2))


def test_the_nearest_is_that_of_whole_numbers(data, monkeypatch):
    monkeypatch.setattr(twins, "_BLOCK", 7)  # several blocks, the last one smaller
    train, test, told = data.x_train[:3_000], data.x_test[:20], []
    found = find_twins(train, test, lambda *step: told.append(step))
    for row, image in enumerate(test):
        exact = brute(train, image)
        assert (found.index[row], found.squared[row]) == (exact.argmin(), exact.min())
    assert told == [(0, 20), (7, 20), (14, 20), (20, 20)]


def test_of_images_that_single_precision_cannot_tell_apart_the_nearest_is_taken():
    test = np.full((1, 28, 28), 250, np.uint8)
    train = test.repeat(3, axis=0)
    train[:, 0, 0] -= np.array([10, 5, 8], np.uint8)
    found = find_twins(train, test, lambda done, total: None)
    assert (found.index[0], found.squared[0]) == (1, 25)


def test_of_two_as_near_the_first_is_taken_and_the_distance_is_of_0_to_1():
    train = np.zeros((3, 28, 28), np.uint8)
    test = np.zeros((1, 28, 28), np.uint8)
    test[0, 0, :4] = 255
    found = find_twins(train, test, lambda done, total: None)
    assert (found.index[0], found.distance[0]) == (0, 2.0)


@pytest.mark.parametrize("index", (5, 60_005))
def test_the_nearest_of_the_other_file_come_in_order(data, index):
    found, distance = nearest_in_other_file(
        data.images, index, 4, lengths=squared_lengths(data.images)
    )
    other = slice(60_000, None) if index < 60_000 else slice(60_000)
    exact = brute(data.images[other], data.images[index])
    order = np.argsort(exact, kind="stable")[:4]
    assert found.tolist() == (order + (other.start or 0)).tolist()
    assert distance == pytest.approx(np.sqrt(exact[order]) / 255)


@pytest.mark.slow
def test_the_known_twins_of_the_data_set(data):
    # An earlier count in single precision had 546: the pair of test image 8,912 lies 1.99997 apart.
    found = find_twins(data.x_train, data.x_test, lambda done, total: None)
    rows = twin_counts(found, data.labels)
    assert [(row.images, row.conflicts) for row in rows] == [(16, 0), (82, 0), (547, 11)]
    assert found.squared[8_912] == 260_093 < (2 * 255) ** 2


def test_twins_are_counted_at_three_distances(data):
    labels = data.labels
    own = np.flatnonzero(labels[:60_000] == labels[60_000])[0]
    other = np.flatnonzero(labels[:60_000] != labels[60_001])[0]
    index, squared = np.full(10_000, own, np.int32), np.full(10_000, 9 * 255**2, np.int64)
    index[1] = other
    squared[:3] = 1, 510**2 - 1, 510**2  # nearer than 1, just nearer than 2, and just not
    rows = twin_counts(Twins(index=index, squared=squared), labels)
    assert [(row.images, row.conflicts) for row in rows] == [(1, 0), (1, 0), (2, 1)]


def keep_twins(store, **changes):
    folder = result_path(store.root, DATA_SET, TWINS)
    folder.mkdir(parents=True)
    known = {"index": np.zeros(10_000, np.int32), "squared": np.ones(10_000, np.int64)}
    np.savez(folder / "twins.npz", **{**known, **changes})


def test_twins_lie_with_the_results_of_the_data_set(tmp_path):
    store = RunStore(tmp_path)
    with pytest.raises(DerivedError) as refused:
        load_twins(store)
    assert str(refused.value) == (
        "Of the data set, the nearest training image of each test image are not computed yet: "
        '"fmnist data compute twins" does it.'
    )
    keep_twins(store)
    assert load_twins(store).distance[0] == pytest.approx(1 / 255)


@pytest.mark.parametrize(
    "wrong",
    [
        {"index": np.zeros(3, np.int32)},
        {"index": np.full(10_000, 60_000, np.int32)},
        {"squared": np.full(10_000, -1, np.int64)},
        {"squared": np.ones(10_000, np.float64)},
    ],
)
def test_damaged_twins_are_said(tmp_path, wrong):
    keep_twins(RunStore(tmp_path), **wrong)
    with pytest.raises(StoreError, match=r"are damaged .* Delete that folder"):
        load_twins(RunStore(tmp_path))
