"""Precision, recall and F1 of each class, and their intervals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import classification_report
from statsmodels.stats.proportion import proportion_confint

from fmnist_core.analysis.class_scores import class_scores, f1_interval
from tests.predicted import predicted


def test_figures_of_four_images():
    # Class 0: three images, two found, one other taken for it. Class 2 does not occur.
    first, second, third = class_scores(
        np.array([0, 0, 0, 1]), np.array([0, 0, 1, 0]), num_classes=3
    )

    assert first[:4] == (0, 3, 3, 2)
    assert (first.precision, first.recall, first.f1) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert second[:4] == (1, 1, 1, 0)
    assert (second.precision, second.recall, second.f1) == (0, 0, 0)
    assert second.recall_interval[1] > 0.7  # one image says little
    assert third == (2, 0, 0, 0, 0, None, 0, None, 0, None)


def test_a_class_that_is_never_predicted_has_a_recall_but_no_precision():
    score = class_scores(np.array([1, 1]), np.array([0, 0]), num_classes=2)[1]

    assert score.precision_interval is None
    assert score.recall_interval is not None and score.f1_interval is not None


@given(predicted())
def test_figures_are_those_of_scikit_learn_and_statsmodels(found):
    report = classification_report(
        found.y_true, found.y_pred, labels=range(10), output_dict=True, zero_division=0
    )

    for score in class_scores(found.y_true, found.y_pred, num_classes=10):
        row = report[str(score.label)]
        assert score.support == row["support"]
        assert (score.precision, score.recall, score.f1) == pytest.approx(
            (row["precision"], row["recall"], row["f1-score"])
        )
        for of, interval in (
            (score.predicted, score.precision_interval),
            (score.support, score.recall_interval),
        ):
            if of:
                expected = proportion_confint(score.correct, of, method="wilson")
                assert interval == pytest.approx(expected, abs=1e-9)


@given(st.integers(0, 50), st.integers(0, 50), st.integers(0, 50))
def test_f1_lies_in_its_interval(correct, extra, missed):
    interval = f1_interval(correct, extra, missed)

    if correct + extra + missed == 0:
        assert interval is None
    else:
        f1 = 2 * correct / (2 * correct + extra + missed)
        assert 0 <= interval[0] <= f1 + 1e-12 and f1 - 1e-12 <= interval[1] <= 1


def test_the_interval_of_f1_is_that_of_images_drawn_again():
    counts = np.array([700, 150, 180, 8970])  # correct, extra, missed, none of these
    drawn = np.random.default_rng(7).multinomial(10_000, counts / 10_000, size=20_000)
    f1 = 2 * drawn[:, 0] / (2 * drawn[:, 0] + drawn[:, 1] + drawn[:, 2])

    expected = np.quantile(f1, [0.025, 0.975])

    assert f1_interval(700, 150, 180) == pytest.approx(tuple(expected), abs=0.002)
