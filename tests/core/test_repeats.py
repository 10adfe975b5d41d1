"""Repeats with other seeds, and how far their figures lie apart."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.weightstats import DescrStatsW

from fmnist_core.analysis.spread import spread
from fmnist_core.exceptions import SpecError
from fmnist_core.model.presets import load
from fmnist_core.runs.repeats import repeats, siblings
from fmnist_core.runs.store import RunStore

EXPERIMENT = load("small").experiment


def seeded(seed, **changes):
    return dataclasses.replace(
        EXPERIMENT, train=dataclasses.replace(EXPERIMENT.train, seed=seed, **changes)
    )


@pytest.fixture
def store(tmp_path):
    return RunStore(tmp_path)


def test_repeats_are_children_with_the_next_seeds_that_are_free(store):
    run = store.create(seeded(7))
    store.create(seeded(8))
    store.create(seeded(9, epochs=99))  # another experiment: its seed is free here
    found = repeats(run, store.summaries(), 3)

    assert [each.train.seed for each in found] == [9, 10, 11]
    assert [each.name for each in found] == [f"small seed {seed}" for seed in (9, 10, 11)]
    assert {each.parent for each in found} == {run.run_id}
    for each in found:
        undone = dataclasses.replace(each, name="", parent="", train=EXPERIMENT.train)
        assert undone == dataclasses.replace(EXPERIMENT, name="")


def test_siblings_differ_in_name_and_seed_alone(store):
    store.create(seeded(7))
    store.create(dataclasses.replace(seeded(8), name="other", parent="x", owner="eve"))
    store.create(seeded(7, epochs=99))
    first = store.summaries()[-1]

    assert sorted(row.title for row in siblings(store.summaries(), first)) == ["other", "small"]


def test_after_the_last_seed_comes_the_first(store):
    run = store.create(seeded(2**31 - 1))

    assert [each.train.seed for each in repeats(run, store.summaries(), 2)] == [0, 1]


@pytest.mark.parametrize("seeds", (0, 21, 1.5, "many", None))
def test_another_number_is_refused(store, seeds):
    run = store.create(EXPERIMENT)
    with pytest.raises(SpecError, match="Seeds must be a whole number from 1 to 20; you gave"):
        repeats(run, store.summaries(), seeds)


def test_a_long_name_still_fits(store):
    run = store.create(dataclasses.replace(EXPERIMENT, name="n" * 60))

    assert repeats(run, store.summaries(), 1)[0].name == "n" * 40 + " seed 8"


def test_a_spread_of_three():
    # Deviations from the mean 0.5 are -0.1, 0 and 0.1: the root of 0.02 / 2 is 0.1.
    found = spread([0.4, 0.5, 0.6])

    assert (found.runs, found.smallest, found.largest) == (3, 0.4, 0.6)
    assert (found.mean, found.deviation) == (pytest.approx(0.5), pytest.approx(0.1))
    assert found.high - found.mean == pytest.approx(4.3027 * 0.1 / 3**0.5, abs=1e-4)


def test_one_figure_has_no_spread():
    with pytest.raises(ValueError, match="two figures or more"):
        spread([0.5])


@given(st.lists(st.floats(0, 1), min_size=2, max_size=20))
def test_the_interval_of_the_mean_is_that_of_statsmodels(figures):
    found = spread(figures)
    expected = DescrStatsW(figures).tconfint_mean()

    assert (found.low, found.high) == (
        pytest.approx(expected[0], abs=1e-9),
        pytest.approx(expected[1], abs=1e-9),
    )
