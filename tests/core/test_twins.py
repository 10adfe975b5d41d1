"""Nearest images of the other file: exact, whatever single precision makes of the sums."""

from __future__ import annotations

import numpy as np
import pytest

from fmnist_core.analysis import twins
from fmnist_core.analysis.twins import find_twins, nearest_in_other_file
from fmnist_core.data.files import load


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


def test_of_two_as_near_the_first_is_taken_and_the_distance_is_of_0_to_1():
    train = np.zeros((3, 28, 28), np.uint8)
    test = np.zeros((1, 28, 28), np.uint8)
    test[0, 0, :4] = 255
    found = find_twins(train, test, lambda done, total: None)
    assert (found.index[0], found.distance[0]) == (0, 2.0)


@pytest.mark.parametrize("index", (5, 60_005))
def test_the_nearest_of_the_other_file_come_in_order(data, index):
    found, distance = nearest_in_other_file(data.images, index, 4)
    other = slice(60_000, None) if index < 60_000 else slice(60_000)
    exact = brute(data.images[other], data.images[index])
    order = np.argsort(exact, kind="stable")[:4]
    assert found.tolist() == (order + (other.start or 0)).tolist()
    assert distance == pytest.approx(np.sqrt(exact[order]) / 255)
