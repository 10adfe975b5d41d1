"""Scores and intervals, against scikit-learn, Keras and SciPy."""

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.metrics import confusion_matrix

from fmnist_core.analysis.intervals import wilson_interval
from fmnist_core.analysis.metrics import confusion, score


@given(st.integers(1, 20_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_wilson_interval_is_that_of_scipy(counts):
    correct, total = counts
    theirs = binomtest(correct, total).proportion_ci(method="wilson")

    assert wilson_interval(correct, total) == pytest.approx((theirs.low, theirs.high), abs=1e-12)


def test_9200_of_10000_right_is_91_45_to_92_52_percent():
    low, high = wilson_interval(9200, 10_000)

    assert (round(low, 4), round(high, 4)) == (0.9145, 0.9252)


@pytest.mark.parametrize(("correct", "total"), [(1, 0), (-1, 10), (11, 10)])
def test_what_is_no_share_has_no_interval(correct, total):
    with pytest.raises(ValueError, match=f"{correct} of {total} is no share"):
        wilson_interval(correct, total)


def test_three_of_four_right_is_accuracy_075():
    y_true = np.array([0, 0, 1, 2])
    y_proba = np.full((4, 10), 0.01)
    y_proba[[0, 1, 2, 3], [0, 1, 1, 2]] = 0.91  # the second is taken for class 1

    found = score(y_true, y_proba)

    assert (found.correct, found.images, found.accuracy) == (3, 4, 0.75)
    assert found.classes[0]["precision"] == 1.0
    assert found.classes[0]["recall"] == 0.5
    assert found.classes[0]["f1"] == pytest.approx(2 / 3)
    assert found.classes[0]["support"] == 2
    assert found.classes[1]["precision"] == 0.5
    # Recall 1/2, 1 and 1 for the classes that occur: 2, 1 and 1 images.
    assert found.weighted["recall"] == pytest.approx(0.75)
    assert found.loss == pytest.approx(-(3 * np.log(0.91) + np.log(0.01)) / 4, rel=1e-4)


def test_loss_is_the_cross_entropy_of_keras():
    rng = np.random.default_rng(0)
    y_true = rng.integers(0, 10, 500)
    y_proba = rng.dirichlet(np.ones(10), 500).astype(np.float32)

    theirs = keras.losses.sparse_categorical_crossentropy(y_true, y_proba)

    assert score(y_true, y_proba).loss == pytest.approx(float(np.mean(theirs)), rel=1e-5)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1))
def test_confusion_counts_as_scikit_learn_does(pairs):
    y_true, y_pred = np.array(pairs).T

    theirs = confusion_matrix(y_true, y_pred, labels=range(10))

    assert np.array_equal(confusion(y_true, y_pred), theirs)
