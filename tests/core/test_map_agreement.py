"""Neighbours in a space and on a map, on points that can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.manifold import trustworthiness

from fmnist_core.analysis.map_agreement import by_class, kept, mean_share, nearest, same_class

# Two groups of three on a line: the two nearest of each are its own group.
LINE = np.array([0.0, 1, 2, 10, 11, 12])[:, np.newaxis]


def test_the_nearest_are_the_others_of_a_group_nearest_first():
    found = nearest(LINE, 2)

    assert [set(row) for row in found.tolist()] == [
        *({1, 2}, {0, 2}, {0, 1}),
        *({4, 5}, {3, 5}, {3, 4}),
    ]
    assert found[0].tolist() == [1, 2]


def test_points_at_the_same_place_are_neighbours_and_none_is_its_own():
    found = nearest(np.zeros((20, 3)), 15)

    assert not (found == np.arange(20)[:, np.newaxis]).any()
    assert all(len(set(row)) == 15 for row in found.tolist())


def test_neighbours_of_the_same_class_are_counted():
    labels = np.array([7, 7, 0, 1, 1, 1], np.uint8)

    # Of the first group, 0 and 1 have each other; 2 has nobody. The second is all alike.
    assert same_class(nearest(LINE, 2), labels).tolist() == [1, 1, 0, 2, 2, 2]


def test_a_map_that_swaps_two_points_keeps_what_can_be_counted():
    # 2 and 3 change places: 0 and 1 keep each other and lose 2; 2 finds none of its own.
    swapped = LINE[[0, 1, 3, 2, 4, 5]]

    assert kept(nearest(LINE, 2), nearest(swapped, 2)).tolist() == [1, 1, 0, 0, 1, 1]


@pytest.mark.parametrize("size", [2, 64])
def test_a_map_that_is_its_space_keeps_all_and_a_shuffled_one_next_to_nothing(size):
    rng = np.random.default_rng(7)
    space = rng.normal(size=(400, size))
    shuffled = rng.permutation(space)

    own = nearest(space)
    assert (kept(own, nearest(space)) == 15).all()
    assert trustworthiness(space, space, n_neighbors=15) == pytest.approx(1)
    # By chance 15 of 399 others, of 15: 0.56.
    assert kept(own, nearest(shuffled)).mean() == pytest.approx(15 * 15 / 399, abs=0.15)
    assert trustworthiness(space, shuffled, n_neighbors=15) == pytest.approx(0.5, abs=0.05)


def test_more_noise_keeps_fewer_as_scikit_learns_trustworthiness_says_too():
    rng = np.random.default_rng(7)
    space = rng.normal(size=(400, 2))
    maps = [space + noise * rng.normal(size=space.shape) for noise in (0.01, 0.1, 0.5)]

    own = nearest(space)
    shares = [kept(own, nearest(each)).mean() for each in maps]
    trusted = [trustworthiness(space, each, n_neighbors=15) for each in maps]
    assert shares == sorted(shares, reverse=True) and trusted == sorted(trusted, reverse=True)
    sets = [set(row) for row in own.tolist()], [set(row) for row in nearest(maps[1]).tolist()]
    by_hand = [len(a & b) for a, b in zip(*sets, strict=True)]
    assert kept(own, nearest(maps[1])).tolist() == by_hand


def test_each_class_has_its_mean_and_one_without_images_none():
    found = by_class(np.array([15, 0, 3], np.uint8), np.array([4, 4, 9], np.uint8))

    assert (found[4].images, found[4].same) == (2, 0.5)
    assert (found[9].images, found[9].same) == (1, pytest.approx(0.2))
    assert (found[0].images, found[0].same) == (0, None)
    assert mean_share(np.empty(0)) is None
