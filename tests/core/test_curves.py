"""ROC and precision-recall curves of a class."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import precision_score, recall_score

from fmnist_core.analysis.curves import precision_recall, roc
from fmnist_core.analysis.intervals import Z_95
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


@settings(max_examples=50)
@given(predicted(), st.integers(0, 9))
def test_the_interval_of_an_area_under_roc_is_that_of_all_pairs(found, label):
    curve = roc(found.y_true, found.y_proba, label)
    if curve is None or curve.interval is None:
        own = int((found.y_true == label).sum())
        assert curve is None or curve.area in (0, 1) or min(own, len(found) - own) < 2
        return
    scores = found.y_proba[:, label]
    own, others = scores[found.y_true == label], scores[found.y_true != label]
    pairs = (own[:, np.newaxis] > others) + 0.5 * (own[:, np.newaxis] == others)
    variance = sum(
        pairs.mean(axis=axis).var(ddof=1) / pairs.shape[1 - axis] for axis in range(2)
    )  # DeLong's, by the definition
    error = np.sqrt(variance) / (curve.area * (1 - curve.area))
    low, high = (np.log(end / (1 - end)) for end in curve.interval)
    assert (high - low) / 2 == pytest.approx(Z_95 * error, rel=1e-6)
    assert curve.interval[0] <= curve.area <= curve.interval[1]


def test_intervals_of_areas_are_those_of_a_bootstrap():
    # 100 of a class and 400 others, resampled 2,000 times, each kind by itself.
    rng = np.random.default_rng(5)
    of_class = np.arange(500) < 100
    scores = 1 / (1 + np.exp(-rng.normal(np.where(of_class, 1.5, 0.0), 1.0)))
    y_true, y_proba = np.where(of_class, 0, 1), np.stack([scores, 1 - scores], axis=1)
    own, others = rng.integers(100, size=(2_000, 100)), rng.integers(100, 500, (2_000, 400))
    drawn = np.hstack([own, others])
    falling = np.take_along_axis(of_class[drawn], np.argsort(-scores[drawn], axis=1), axis=1)
    above = np.cumsum(falling, axis=1)  # of the class, down to each rank
    areas = {
        roc: (above * ~falling).sum(axis=1) / (100 * 400),
        precision_recall: (above / np.arange(1, 501) * falling).sum(axis=1) / 100,
    }

    for kind, found in areas.items():
        low, high = np.percentile(found, [2.5, 97.5])
        interval = kind(y_true, y_proba, 0).interval
        assert interval == pytest.approx((low, high), abs=0.2 * (high - low))


def test_where_all_images_are_in_order_or_one_is_alone_there_is_no_interval():
    y_proba = np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.1, 0.9]])

    for kind in (roc, precision_recall):
        assert kind(np.array([0, 0, 1, 1]), y_proba, 0)[3:] == (1, None)
    assert roc(np.array([1, 0, 1, 1]), y_proba, 0)[3:] == (pytest.approx(2 / 3), None)
