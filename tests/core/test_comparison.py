"""Two runs against each other: by hand, and against statsmodels and SciPy."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import bootstrap
from sklearn.metrics import accuracy_score
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests

from fmnist_core.analysis.comparison import compare, p_text, points_text, verdict
from fmnist_core.analysis.metrics import confusion
from fmnist_core.analysis.paired import holm, likely_real, paired_gain
from fmnist_core.analysis.predictions import Predictions, load_predictions
from fmnist_core.exceptions import ComparisonError
from fmnist_core.runs.store import RunStore
from tests.predicted import predicted

SHIPPED = RunStore(Path(__file__).parents[2] / "saved_runs")


def said(y_true, y_pred, *, first=0, part="validation"):
    """What a run says that is sure of `y_pred`, on images from `first` on."""
    return Predictions(
        part=part,
        index=np.arange(first, first + len(y_true), dtype=np.int32),
        y_true=np.array(y_true, np.uint8),
        y_proba=np.eye(10, dtype=np.float32)[list(y_pred)],
    )


def rng():
    return np.random.default_rng(7)


def test_eight_images_by_hand():
    # Six shirts (6) and two bags (8). The second run mends three shirts, breaks one, and takes a
    # bag that both had wrong for a sandal (5) instead of a shirt.
    y_true = [6, 6, 6, 6, 6, 6, 8, 8]
    found = compare(said(y_true, [0, 0, 2, 6, 6, 6, 8, 6]), said(y_true, [6, 6, 6, 0, 6, 6, 8, 5]))

    assert (found.correct_a, found.correct_b, found.same_images) == (4, 6, True)
    assert found.index[found.fixed].tolist() == [0, 1, 2]
    assert found.index[found.broken].tolist() == [3]
    assert found.overall[:4] == (8, 3, 1, 0.25)
    # Of four images that differ, three or more on one side: 2 × (4 + 1) / 16.
    assert found.overall.p_value == pytest.approx(10 / 16)
    assert [(each.true, *each.gain[:3]) for each in found.classes] == [(6, 6, 3, 1), (8, 2, 0, 0)]
    assert [each.predicted for each in found.classes] == [None, None]
    assert sorted((each.true, each.predicted, *each.gain[:3]) for each in found.pairs) == [
        (6, 0, 6, 2, 1),
        (6, 2, 6, 1, 0),
        (8, 5, 2, 0, 1),
        (8, 6, 2, 1, 0),
    ]


def test_the_largest_changes_of_pairs_come_first():
    found = compare(said([6] * 6, [0, 0, 0, 2, 2, 4]), said([6] * 6, [6] * 6))

    assert [(each.predicted, each.gain.fixed) for each in found.pairs] == [(0, 3), (2, 2), (4, 1)]


@st.composite
def two_runs(draw):
    one = draw(predicted())
    seed = draw(st.integers(0, 2**32))
    order = np.random.default_rng(seed).permutation(10)
    mixed = np.where(
        np.random.default_rng(seed).random((len(one), 1)) < draw(st.floats(0, 1)),
        one.y_proba[:, order],
        one.y_proba,
    )
    return one, dataclasses.replace(one, y_proba=mixed)


@given(two_runs())
@settings(max_examples=5, deadline=None)
def test_figures_are_those_of_scikit_learn_and_statsmodels(runs):
    one, other = runs

    found = compare(one, other)

    gain = found.overall
    assert gain.gain == pytest.approx(
        accuracy_score(other.y_true, other.y_pred) - accuracy_score(one.y_true, one.y_pred)
    )
    if gain.fixed + gain.broken:
        table = [[0, gain.broken], [gain.fixed, 0]]
        assert gain.p_value == pytest.approx(mcnemar(table, exact=True).pvalue)
    for gains in (found.classes, found.pairs):
        raw = [each.gain.p_value for each in gains]
        if raw:
            expected = multipletests(raw, method="holm")[1]
            assert [each.adjusted_p for each in gains] == pytest.approx(list(expected))
    change = confusion(one.y_true, one.y_pred) - confusion(other.y_true, other.y_pred)
    np.fill_diagonal(change, 0)
    for each in found.pairs:
        assert change[each.true, each.predicted] == each.gain.fixed - each.gain.broken
        change[each.true, each.predicted] = 0
    assert not change.any()  # every pair that changed is listed


@given(two_runs())
@settings(max_examples=20, deadline=None)
def test_turned_round_fixed_is_broken(runs):
    one, other = runs

    forth, back = compare(one, other), compare(other, one)

    assert (forth.overall.fixed, forth.overall.broken) == (back.overall.broken, back.overall.fixed)
    assert forth.overall.gain == -back.overall.gain
    assert forth.overall.p_value == pytest.approx(back.overall.p_value)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
@settings(max_examples=15, deadline=None)
def test_holm_is_that_of_statsmodels(p_values):
    assert holm(p_values) == pytest.approx(list(multipletests(p_values, method="holm")[1]))


def test_holm_of_three():
    # Times 3, 2 and 1, never below one before it, never above 1.
    assert holm([0.03, 0.01, 0.9]) == pytest.approx([0.06, 0.03, 0.9])
    assert holm([0.02, 0.025]) == pytest.approx([0.04, 0.04])
    assert holm([0.6, 0.7]) == [1, 1]
    assert holm([]) == []


def test_the_interval_is_that_of_the_paired_bootstrap_of_scipy():
    before = np.repeat([0, 1, 1], [212, 171, 5617])
    after = np.repeat([1, 0, 1], [212, 171, 5617])
    theirs = bootstrap(
        (after, before),
        lambda b, a, axis: np.mean(b, axis=axis) - np.mean(a, axis=axis),
        paired=True,
        vectorized=True,
        n_resamples=1_000,
        method="percentile",
        rng=rng(),
        batch=100,
    ).confidence_interval

    ours = paired_gain(6000, 212, 171, rng()).interval

    assert ours == pytest.approx((theirs.low, theirs.high), abs=6e-4)


def test_the_same_seed_gives_the_same_interval():
    one = said([0] * 70_000, [0] * 50_000 + [1] * 20_000)
    other = said([0] * 70_000, [1] * 19_000 + [0] * 51_000)

    first, again, another = (compare(one, other, seed).overall.interval for seed in (1, 1, 2))

    assert first == again
    assert first != another


def test_runs_that_differ_nowhere_have_no_gain():
    gain = paired_gain(100, 0, 0, rng())

    assert gain == (100, 0, 0, 0, (0, 0), 1)


def test_only_common_images_are_compared():
    found = compare(said([0] * 6, [0] * 6), said([0] * 8, [0, 1] * 4, first=4))

    assert found.index.tolist() == [4, 5]
    assert (found.images_a, found.images_b, found.same_images) == (6, 8, False)
    assert "on the 2 images that both predicted, of 6 and 8;" in verdict(found, "A", "B")


def test_runs_without_common_images_are_refused():
    with pytest.raises(ComparisonError) as caught:
        compare(said([0] * 3, [0] * 3), said([0] * 3, [0] * 3, first=60_000, part="test"))

    assert str(caught.value) == (
        "The 2 runs predicted 3 validation, 3 test images, and no image by all. Choose runs "
        "with the same split, or the test images of each."
    )


def test_runs_with_other_labels_are_refused():
    with pytest.raises(ComparisonError, match="different labels for some of their 2 common images"):
        compare(said([0, 1], [0, 1]), said([0, 2], [0, 1]))


def counted(fixed, broken, images):
    rest = images - fixed - broken
    return compare(
        said([0] * images, [1] * fixed + [0] * (broken + rest)),
        said([0] * images, [0] * fixed + [1] * broken + [0] * rest),
    )


@pytest.mark.parametrize(
    ("fixed", "broken", "sentence"),
    [
        (212, 171, "B is better than A by 0.41 points on 10,000 validation images; 212 fixed, "
         "171 broken; p = 0.041: likely real."),
        (171, 212, "B is worse than A by 0.41 points on 10,000 validation images; 171 fixed, "
         "212 broken; p = 0.041: likely real."),
        (5, 3, "B is better than A by 0.02 points on 10,000 validation images; 5 fixed, "
         "3 broken; p = 0.727: may be chance."),
        (100, 10, "B is better than A by 0.90 points on 10,000 validation images; 100 fixed, "
         "10 broken; p < 0.001: likely real."),
        (4, 4, "B is right as often as A on 10,000 validation images: 4 fixed, 4 broken."),
        (0, 0, "B and A are right and wrong alike on 10,000 validation images: 0 fixed, 0 broken."),
    ],
)  # fmt: skip
def test_the_verdict_is_one_sentence(fixed, broken, sentence):
    assert verdict(counted(fixed, broken, 10_000), "A", "B") == sentence


@given(st.floats(0, 1))
def test_what_is_called_likely_real_is_shown_below_005(p_value):
    shown = p_text(p_value)

    assert likely_real(p_value) == (shown == "p < 0.001" or float(shown[4:]) < 0.05)


def test_a_small_difference_is_not_written_as_none():
    assert points_text(0.0041) == "0.41 points"
    assert points_text(-0.0041) == "-0.41 points"
    assert points_text(1 / 70_000) == "0.001 points"
    assert points_text(0) == "0.00 points"


def test_shipped_runs_are_compared_on_what_their_results_say():
    runs = [SHIPPED.get(run_id) for run_id in sorted(SHIPPED.run_ids())[:2]]

    found = compare(*(load_predictions(run, "test") for run in runs))

    correct = tuple(run.result.test.correct for run in runs)
    assert (found.correct_a, found.correct_b) == correct
    assert found.overall.fixed - found.overall.broken == correct[1] - correct[0]
    low, high = found.overall.interval
    assert low <= found.overall.gain <= high
    assert len(found.classes) == 10
