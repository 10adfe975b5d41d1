"""Families of runs, and what each step changed and gave."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import confint_proportions_2indep

from fmnist_core.analysis.intervals import difference_interval
from fmnist_core.analysis.predictions import Predictions
from fmnist_core.exceptions import StoreError
from fmnist_core.model.presets import load
from fmnist_core.runs.lineage import Gain, edge_text, families, gain
from fmnist_core.runs.summary import RunSummary
from tests.ended import outcome

EXPERIMENT = load("small").experiment


def run_id(number):
    return f"20260101-00000{number}-aaaaaa"


def row(number, parent=None, correct=None):
    return RunSummary(
        run_id=run_id(number),
        parent=run_id(parent) if parent else "",
        result=outcome(correct, 6_000) if correct else None,
    )


def tree(rows, *numbers):
    found = families(rows, [run_id(number) for number in numbers])
    return [(int(each.row.run_id[14]), each.depth) for each in found]


def test_a_family_is_found_from_any_of_its_members_elder_first():
    # 1 → 2 → 4, 1 → 3; 5 stands alone; 7 descends from a run that is gone.
    rows = [row(4, 2), row(3, 1), row(2, 1), row(1), row(5), row(7, 6)]
    whole = [(1, 0), (2, 1), (4, 2), (3, 1)]

    for number in (1, 2, 3, 4):
        assert tree(rows, number) == whole
    assert tree(rows, 5) == [(5, 0)]
    assert tree(rows, 7) == [(7, 0)]
    assert tree(rows, 4, 5, 2) == [*whole, (5, 0)]
    assert tree(rows, 9) == []


def test_parents_in_a_circle_end():
    assert sorted(tree([row(1, 2), row(2, 1), row(3, 3)], 1, 3)) == [(1, 1), (2, 0), (3, 0)]


@given(st.lists(st.none() | st.integers(1, 8), min_size=8, max_size=8))
def test_every_run_stands_in_its_family_once(parents):
    rows = [row(number, parent) for number, parent in enumerate(parents, start=1)]
    found = families(rows, [each.run_id for each in rows])

    assert sorted(each.row.run_id for each in found) == [each.run_id for each in rows]
    for each in found:
        assert (each.parent is None) == (each.depth == 0)
        assert each.parent is None or each.parent.run_id == each.row.parent


shares = st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(shares, shares)
def test_the_interval_of_a_difference_is_newcombes(before, after):
    expected = confint_proportions_2indep(*after, *before, method="newcomb", compare="diff")

    assert difference_interval(*before, *after) == pytest.approx(expected, abs=1e-9)


def test_a_gain_in_the_noise_is_told_from_one_that_is_not():
    # The interval of a share of 6,000 near 90 % is about ± 0.76 points; of a difference 1.07.
    small, large = (
        gain(row(1, correct=5_400), row(2, correct=5_430), unreadable),
        gain(row(1, correct=5_400), row(2, correct=5_520), unreadable),
    )

    assert (small.points, large.points) == (pytest.approx(0.5), pytest.approx(2))
    assert small.in_noise and not large.in_noise
    assert (large.low, large.high) == (pytest.approx(0.98, abs=0.01), pytest.approx(3.02, abs=0.01))
    assert not large.paired
    assert gain(row(1), row(2, correct=5_400), unreadable) is None


def unreadable(run_id):
    raise StoreError(f"Run {run_id} has no predictions yet.")


def predicted(wrong, *, first=0):
    """1,000 images, each taken for what it is but for these places."""
    label = np.arange(1_000) % 10
    taken = label.copy()
    taken[list(wrong)] = (label[list(wrong)] + 1) % 10
    return Predictions(
        part="validation",
        index=np.arange(first, first + 1_000, dtype=np.int32),
        y_true=label.astype(np.uint8),
        y_proba=np.eye(10, dtype=np.float32)[taken],
    )


def test_a_gain_on_the_same_images_goes_by_what_was_fixed_and_broken():
    # 30 of 1,000 fixed, 10 broken: 2 points. As separate samples the interval would cover 0.
    before, after = row(1, correct=900), row(2, correct=920)
    found = {run_id(1): predicted(range(100)), run_id(2): predicted(range(30, 110))}
    same = gain(before, after, found.get)

    assert (same.paired, same.points) == (True, pytest.approx(2))
    assert (same.low, same.high) == (pytest.approx(0.8, abs=0.15), pytest.approx(3.2, abs=0.15))
    found[run_id(2)] = predicted(range(30, 110), first=5)
    assert not gain(before, after, found.get).paired


def test_an_edge_names_what_changed_and_marks_what_cannot_be_told():
    def changed(**train):
        return dataclasses.replace(EXPERIMENT, train=dataclasses.replace(EXPERIMENT.train, **train))

    clear = Gain(points=2, low=0.98, high=3.02, paired=True)
    noise = Gain(points=-0.5, low=-1.6, high=0.6)
    assert edge_text(EXPERIMENT, changed(epochs=20), clear) == (
        "epochs 5 → 20: +2.00 points (+1.0 to +3.0)"
    )
    assert edge_text(EXPERIMENT, changed(epochs=20, seed=8), noise) == (
        "epochs 5 → 20, seed 7 → 8 [2 changes at once]: −0.50 points (−1.6 to +0.6, within the "
        "noise, as of separate images)"
    )
    many = changed(epochs=20, seed=8, batch_size=64, momentum=0.9, threads=1)
    assert edge_text(EXPERIMENT, many, None) == (
        "epochs 5 → 20, batch size 128 → 64, momentum 0 → 0.9 and 2 more [5 changes at once]: not "
        "known yet"
    )
    assert edge_text(EXPERIMENT, EXPERIMENT, None) == "nothing changed: not known yet"
