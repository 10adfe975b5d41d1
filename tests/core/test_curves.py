"""ROC and precision-recall curves of a class."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import precision_score, recall_score

from fmnist_core.analysis.curves import precision_recall, roc
from tests.predicted import predicted

# Of class 0 at 0.9 and 0.4; of class 1 at 0.6 and 0.1.
Y_TRUE = np.array([0, 1, 0, 1])
Y_PROBA = np.array([[0.9, 0.1], [0.6, 0.4], [0.4, 0.6], [0.1, 0.9]])


def test_roc_of_four_images():
    curve = roc(Y_TRUE, Y_PROBA, 0)

    points = list(zip(curve.x.tolist(), curve.y.tolist(), strict=True))
    assert points == [(0, 0), (0, 0.5), (0.5, 0.5), (0.5, 1), (1, 1)]
    assert curve.thresholds.tolist() == [np.inf, 0.9, 0.6, 0.4, 0.1]
    assert curve.area == 0.75  # three of the four pairs of one image each are in order


def test_precision_and_recall_of_four_images():
    curve = precision_recall(Y_TRUE, Y_PROBA, 0)

    assert curve.thresholds.tolist() == [np.inf, 0.9, 0.6, 0.4, 0.1]
    assert curve.x.tolist() == [0, 0.5, 0.5, 1, 1]
    assert curve.y == pytest.approx([1, 1, 1 / 2, 2 / 3, 1 / 2])
    assert curve.area == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)


def test_a_class_without_images_or_others_has_no_curve():
    for y_true in (np.zeros(4, int), np.ones(4, int)):
        assert roc(y_true, Y_PROBA, 0) is None
    assert precision_recall(np.ones(4, int), Y_PROBA, 0) is None


@settings(max_examples=25)
@given(predicted(), st.integers(0, 9))
def test_points_are_the_figures_at_their_thresholds(found, label):
    is_label = found.y_true == label
    of_label = found.y_proba[:, label].astype(np.float64)
    curves = {kind: kind(found.y_true, found.y_proba, label) for kind in (roc, precision_recall)}

    for kind, curve in curves.items():
        if curve is None:
            assert not is_label.any() or is_label.all()
            continue
        assert (np.diff(curve.thresholds) < 0).all() and 0 <= curve.area <= 1
        for x, y, threshold in list(zip(*curve[:3], strict=True))[1:]:
            counts = of_label >= threshold
            recall = recall_score(is_label, counts)
            if kind is roc:
                assert (x, y) == pytest.approx((counts[~is_label].mean(), recall))
            else:
                assert (x, y) == pytest.approx((recall, precision_score(is_label, counts)))
