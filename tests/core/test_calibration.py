"""Calibration: by hand, and against scikit-learn."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import accuracy_score, log_loss

from fmnist_core.analysis.calibration import (
    EQUAL,
    apply_temperature,
    brier_score,
    coverage,
    expected_calibration_error,
    fit_temperature,
    negative_log_likelihood,
    reliability,
)
from fmnist_core.analysis.intervals import wilson_interval
from fmnist_core.analysis.predictions import load_predictions
from fmnist_core.runs.store import RunStore
from tests.predicted import predicted

SHIPPED = RunStore(Path(__file__).parents[2] / "saved_runs")

# Confidences 0.75 (three of four right) and 0.95 (one of two right), always for class 0.
SIX_PROBA = np.array([[0.75, 0.25]] * 4 + [[0.95, 0.05]] * 2)
SIX_TRUE = np.array([0, 0, 0, 1, 0, 1])


def test_bins_of_six_images():
    low, high = reliability(SIX_TRUE, SIX_PROBA, 5)

    assert (low.low, low.high) == pytest.approx((0.6, 0.8))
    assert (low.images, low.correct, low.accuracy) == (4, 3, 0.75)
    assert low.confidence == pytest.approx(0.75)
    assert low.interval == wilson_interval(3, 4)
    assert (high.low, high.high) == pytest.approx((0.8, 1.0))
    assert (high.images, high.correct) == (2, 1)


def test_ece_is_the_gap_of_each_bin_by_its_images():
    # The four at 0.75 have no gap; the two at 0.95 have 0.45: 2 / 6 × 0.45 = 0.15.
    assert expected_calibration_error(SIX_TRUE, SIX_PROBA, 5) == pytest.approx(0.15)
    # In one bin: confidence (4 × 0.75 + 2 × 0.95) / 6 = 4.9 / 6, accuracy 4 / 6.
    assert expected_calibration_error(SIX_TRUE, SIX_PROBA, 1) == pytest.approx(0.9 / 6)


def test_bins_of_equal_mass_hold_as_many_images_each():
    confidence = np.linspace(0.51, 0.99, 12)
    y_proba = np.stack([confidence, 1 - confidence], axis=1)

    found = reliability(np.zeros(12, int), y_proba, 4, equal="mass")

    assert [each.images for each in found] == [3, 3, 3, 3]
    assert found[0].low == pytest.approx(0.51) and found[-1].high == pytest.approx(0.99)


def test_images_of_one_confidence_share_a_bin():
    found = reliability(SIX_TRUE, np.tile([0.75, 0.25], (6, 1)), 3, equal="mass")

    assert [each.images for each in found] == [6]


@given(predicted(), st.integers(1, 20), st.sampled_from(EQUAL))
def test_bins_are_those_of_scikit_learn(found, bins, equal):
    accuracy, confidence = calibration_curve(
        ~found.wrong,
        found.confidence.astype(np.float64).clip(max=1),
        n_bins=bins,
        strategy={"width": "uniform", "mass": "quantile"}[equal],
    )

    ours = reliability(found.y_true, found.y_proba, bins, equal=equal)

    assert [each.accuracy for each in ours] == pytest.approx(list(accuracy))
    assert [each.confidence for each in ours] == pytest.approx(list(confidence))
    assert sum(each.images for each in ours) == len(found)


@given(predicted(), st.integers(1, 20))
def test_ece_is_that_of_a_loop_over_images(found, bins):
    gaps = np.zeros(bins)
    for confidence, wrong in zip(found.confidence.tolist(), found.wrong, strict=True):
        place = next(n for n in range(bins) if confidence <= (n + 1) / bins or n == bins - 1)
        gaps[place] += min(confidence, 1) - (not wrong)

    ours = expected_calibration_error(found.y_true, found.y_proba, bins)

    assert ours == pytest.approx(np.abs(gaps).sum() / len(found), abs=1e-9)


@pytest.mark.parametrize(("bins", "equal"), [(0, "width"), (5, "height")])
def test_bins_that_cannot_be_made_are_refused(bins, equal):
    with pytest.raises(ValueError, match=f"{bins} bins of equal '{equal}' cannot be made"):
        reliability(SIX_TRUE, SIX_PROBA, bins, equal=equal)


@pytest.mark.parametrize("count", [0, 5])
def test_lengths_that_differ_or_are_0_are_refused(count):
    for measure in (expected_calibration_error, fit_temperature):
        with pytest.raises(ValueError, match=f"{count} labels do not fit"):
            measure(SIX_TRUE[:count], SIX_PROBA[: count and 6])


def test_likelihood_and_brier_score_of_two_images():
    y_true, y_proba = np.array([0, 1]), np.array([[0.8, 0.2], [0.5, 0.5]])

    assert negative_log_likelihood(y_true, y_proba) == pytest.approx(-np.log(0.8 * 0.5) / 2)
    assert brier_score(y_true, y_proba) == pytest.approx((2 * 0.2**2 + 2 * 0.5**2) / 2)


@given(predicted())
def test_the_brier_score_is_the_squared_distance_from_the_truth(found):
    expected = ((found.y_proba - np.eye(10)[found.y_true]) ** 2).sum(axis=1).mean()

    assert brier_score(found.y_true, found.y_proba) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_a_temperature_is_found_again(temperature):
    rng = np.random.default_rng(7)
    honest = rng.dirichlet(np.full(10, 0.3), size=20_000)
    y_true = np.array([rng.choice(10, p=row) for row in honest])
    too_sure = apply_temperature(honest, 1 / temperature)

    assert fit_temperature(y_true, too_sure) == pytest.approx(temperature, rel=0.03)


def test_a_temperature_of_2_takes_the_root_of_the_odds():
    # Odds 9 to 1 become 3 to 1.
    assert apply_temperature(np.array([[0.9, 0.1]]), 2)[0] == pytest.approx([0.75, 0.25])


@pytest.mark.parametrize("temperature", [0, -1, float("nan")])
def test_a_temperature_not_above_0_is_refused(temperature):
    with pytest.raises(ValueError, match="is not above 0"):
        apply_temperature(SIX_PROBA, temperature)


def test_a_network_that_is_always_right_is_made_as_sure_as_can_be():
    assert fit_temperature(np.zeros(4, int), SIX_PROBA[:4]) == pytest.approx(0.05, rel=0.01)


@given(predicted())
def test_a_fitted_temperature_never_makes_the_loss_higher_nor_changes_an_answer(found):
    temperature = fit_temperature(found.y_true, found.y_proba)
    scaled = apply_temperature(found.y_proba, temperature)

    before, after = (
        log_loss(found.y_true, proba / proba.sum(axis=1, keepdims=True), labels=range(10))
        for proba in (found.y_proba.astype(np.float64), scaled)
    )
    assert 0.05 <= temperature <= 20
    assert after <= before + 1e-5
    of_answer = scaled[np.arange(len(found)), found.y_pred]
    assert of_answer == pytest.approx(scaled.max(axis=1))


def test_answering_less_often_by_hand():
    always, sure, never = coverage(SIX_TRUE, SIX_PROBA, [0, 0.8, 1])

    assert (always.images, always.of, always.correct, always.coverage) == (6, 6, 4, 1)
    assert (sure.images, sure.correct, sure.accuracy) == (2, 1, 0.5)
    assert sure.coverage == pytest.approx(1 / 3) and sure.interval == wilson_interval(1, 2)
    assert (never.images, never.coverage, never.accuracy, never.interval) == (0, 0, None, None)


@given(predicted(), st.lists(st.floats(0, 1), max_size=5))
def test_coverage_and_accuracy_are_those_of_the_images_that_are_left(found, thresholds):
    thresholds = [*thresholds, float(found.confidence[0])]  # one on the border

    for each, threshold in zip(
        coverage(found.y_true, found.y_proba, thresholds), thresholds, strict=True
    ):
        left = np.minimum(found.confidence.astype(np.float64), 1) >= min(threshold, 1)
        assert each.images == left.sum()
        if each.images:
            expected = accuracy_score(found.y_true[left], found.y_pred[left])
            assert each.accuracy == pytest.approx(expected)


def test_the_temperature_of_validation_mends_the_test_figures_of_a_shipped_run():
    run = SHIPPED.get(SHIPPED.run_ids()[0])
    validation, test = (load_predictions(run, part) for part in ("validation", "test"))
    scaled = apply_temperature(test.y_proba, fit_temperature(validation.y_true, validation.y_proba))

    for measure in (negative_log_likelihood, expected_calibration_error):
        assert measure(test.y_true, scaled) < measure(test.y_true, test.y_proba)
    assert negative_log_likelihood(test.y_true, test.y_proba) == pytest.approx(
        run.result.test.loss, abs=1e-6
    )
