"""Four figures of calibration, with intervals by bootstrap."""

import numpy as np
import pytest
from scipy.stats import bootstrap

from fmnist_core.analysis.calibration import (
    brier_score,
    expected_calibration_error,
    negative_log_likelihood,
)
from fmnist_core.analysis.calibration_measures import Measure, measures


@pytest.fixture(scope="module")
def drawn():
    """1,000 images of 10 classes, predicted with some skill."""
    rng = np.random.default_rng(3)
    y_true = rng.integers(0, 10, 1_000)
    scores = rng.normal(size=(1_000, 10)) + 2 * np.eye(10)[y_true]
    y_proba = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    return y_true, y_proba


def test_the_figures_are_those_of_their_functions(drawn):
    found = measures(*drawn)

    assert found["ece_width"].value == expected_calibration_error(*drawn)
    assert found["ece_mass"].value == expected_calibration_error(*drawn, equal="mass")
    assert found["nll"].value == negative_log_likelihood(*drawn)
    assert found["brier"].value == brier_score(*drawn)


@pytest.mark.parametrize("name", ("nll", "brier"))
def test_intervals_of_means_are_those_of_scipy(drawn, name):
    y_true, y_proba = drawn
    each = {
        "nll": -np.log(y_proba[np.arange(1_000), y_true]),
        "brier": ((y_proba - np.eye(10)[y_true]) ** 2).sum(axis=1),
    }[name]
    expected = bootstrap((each,), np.mean, method="percentile", rng=1).confidence_interval
    width = expected.high - expected.low

    assert measures(y_true, y_proba)[name].interval == pytest.approx(expected, abs=0.08 * width)


def test_an_ece_lies_in_its_interval_and_the_interval_is_always_the_same(drawn):
    found = measures(*drawn)
    for name in ("ece_width", "ece_mass"):
        low, high = found[name].interval
        assert 0 <= low < found[name].value < high < 1
    assert found == measures(*drawn)


def test_of_images_that_are_all_alike_nothing_can_vary():
    # 0.75 sure and right: 0.25 off, 0.2877 nats, 0.25² + 0.25² of Brier, however they are drawn.
    y_proba = np.tile([0.75, 0.25], (8, 1))
    found = measures(np.zeros(8, int), y_proba)

    assert found["ece_width"].text == "25.00 % (25.00–25.00)"
    assert found["nll"].text == "0.2877 (0.2877–0.2877)"
    assert found["brier"] == Measure(
        "Brier score (0 to 2)", pytest.approx(0.125), pytest.approx((0.125, 0.125))
    )


def test_without_images_there_is_nothing_to_measure():
    with pytest.raises(ValueError, match="do not fit"):
        measures(np.zeros(0, int), np.zeros((0, 10)))
