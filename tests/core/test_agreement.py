"""What several runs say together."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mode

from fmnist_core.analysis.agreement import agree
from fmnist_core.analysis.predictions import Predictions
from fmnist_core.exceptions import ComparisonError
from tests.predicted import predicted


def said(y_true, rows, *, first=0):
    """What a run says: of each image its class and how sure it is; class 9 has the rest."""
    y_proba = np.zeros((len(rows), 10), np.float32)
    for row, (label, confidence) in zip(y_proba, rows, strict=True):
        row[9] = 1 - confidence
        row[label] = confidence
    return Predictions(
        part="test",
        index=np.arange(first, first + len(rows), dtype=np.int32),
        y_true=np.array(y_true, np.uint8),
        y_proba=y_proba,
    )


def test_three_runs_on_three_images():
    # Image 0: all right. Image 1: one of three right. Image 2: none, and each says another class.
    found = agree(
        [
            said([0, 0, 0], [(0, 0.9), (1, 0.9), (1, 0.6)]),
            said([0, 0, 0], [(0, 0.6), (0, 0.9), (2, 0.8)]),
            said([0, 0, 0], [(0, 0.6), (1, 0.6), (3, 0.7)]),
        ]
    )

    assert found.runs == 3
    assert found.right.tolist() == [3, 1, 0]
    assert found.wrong_in_all.tolist() == [False, False, True]
    assert found.majority.tolist() == [0, 1, 2]  # the last by mean probability, 0.8 / 3
    assert found.y_proba[0, [0, 9]] == pytest.approx([0.7, 0.3])


def test_a_vote_counts_more_than_any_probability():
    sure = said([0], [(0, 1.0)])
    y_proba = np.full((1, 10), 0.09, np.float32)
    y_proba[0, 1] = 0.19  # on average class 0 has 0.39 and class 1 has 0.13
    unsure = dataclasses.replace(sure, y_proba=y_proba)

    assert agree([sure, unsure, unsure]).majority.tolist() == [1]


def test_only_images_that_all_predicted_are_counted():
    one = said([0, 1, 2], [(0, 0.9), (1, 0.9), (2, 0.9)])
    other = said([1, 2, 3], [(1, 0.9), (0, 0.9), (3, 0.9)], first=1)

    found = agree([one, other])

    assert found.index.tolist() == [1, 2]
    assert found.y_true.tolist() == [1, 2] and found.right.tolist() == [2, 1]


def test_runs_that_share_no_image_or_no_labels_are_refused():
    one = said([0], [(0, 0.9)])

    with pytest.raises(ComparisonError, match="predicted 1 test, 1 test images, and no image by"):
        agree([one, said([0], [(0, 0.9)], first=5)])
    with pytest.raises(ComparisonError, match="different labels for some of their 1 common"):
        agree([one, one, said([1], [(0, 0.9)])])


@given(predicted(), st.lists(st.permutations(range(10)), max_size=4))
def test_the_majority_is_the_mode_and_one_run_is_itself(one, orders):
    mixed = [
        Predictions(
            part=one.part, index=one.index, y_true=one.y_true, y_proba=one.y_proba[:, order]
        )
        for order in orders
    ]
    runs = [one, *mixed]

    found = agree(runs)

    said_by_all = np.array([run.y_pred for run in runs])
    assert (found.votes.sum(axis=1) == len(runs)).all()
    most = mode(said_by_all, axis=0).count
    assert np.array_equal(found.votes[np.arange(len(one)), found.majority], most)
    assert np.array_equal(found.right, (said_by_all == one.y_true).sum(axis=0))
    if not orders:
        assert np.array_equal(found.majority, one.y_pred)
