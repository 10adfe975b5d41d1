"""What a probe's figures mean for an epoch, and which plans fit a time."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist_core.jobs.plans import MIN_SUBSET, plans
from fmnist_core.jobs.probe_result import ProbeResult
from fmnist_core.specs import DataSpec
from tests.strategies import data_specs

DATA = DataSpec()  # 54,000 images train, 6,000 validate, 10,000 test


def result(step=0.1, *, batch_size=100, validation=0.0, start=0.0):
    """A network that takes `step` seconds for 100 images, and nothing else unless said."""
    return ProbeResult(
        batch_size=batch_size,
        batches=20,
        seconds_per_step=step,
        fast_step=0.9 * step,
        slow_step=1.2 * step,
        seconds_per_validation_image=validation,
        start_seconds=start,
        peak_bytes=10**9,
        live_runs=0,
        time=0.0,
    )


def short(found):
    return [(plan.epochs, plan.subset) for plan in found]


def test_an_epoch_takes_its_steps_and_its_validation():
    # 540 steps of 0.1 s, and 6,000 images of 1 ms.
    assert result(validation=0.001).epoch_seconds(54_000, 6_000) == pytest.approx(54 + 6)


def test_a_last_batch_that_is_smaller_takes_its_share_only():
    assert result().epoch_seconds(150, 0) == pytest.approx(0.15)


def test_the_range_is_that_of_fast_and_slow_steps():
    # 90 % and 120 % of 54 s of steps; the validation's 6 s stay.
    fast, slow = result(validation=0.001).epoch_range(54_000, 6_000)

    assert (fast, slow) == pytest.approx((48.6 + 6, 64.8 + 6))


def test_a_training_starts_and_ends_with_the_scores_of_validation_and_test():
    # 5 s to start, 2 epochs of 60 s, and 16,000 images of 1 ms at the end.
    whole = result(validation=0.001, start=5).total_seconds(2, DATA.sizes)

    assert whole == pytest.approx(5 + 120 + 16)


def test_three_minutes_are_a_few_epochs_on_all_images_or_five_times_as_many_on_fewer():
    # An epoch on all takes 54 s: 3 of them fit in 180 s. 15 epochs in 180 s are 12 s each, enough
    # for 12,000 images; the round number below is 10,000.
    found = plans(result(), DATA, 3)

    assert short(found) == [(3, None), (15, 10_000)]
    assert [plan.seconds for plan in found] == pytest.approx([162, 150])
    assert [plan.train_size for plan in found] == [54_000, 10_000]


def test_a_fast_network_needs_no_subset():
    # 5.4 s an epoch: 33 of them fit. With 18 s, 10 do: enough; with 20 s only 9.
    assert short(plans(result(0.01), DATA, 3)) == [(33, None)]
    assert short(plans(result(0.033), DATA, 3)) == [(10, None)]
    assert short(plans(result(0.037), DATA, 3)) == [(9, None), (45, 10_000)]


def test_where_no_epoch_on_all_images_fits_only_the_subset_is_planned():
    # 10 ms an image: 540 s an epoch on all, but 5 epochs on 3,000 images take 150 s; in 7 minutes
    # 8,400 images would do, and 8,000 is the round number below.
    assert short(plans(result(1.0), DATA, 3)) == [(5, 3_000)]
    assert short(plans(result(1.0), DATA, 7)) == [(5, 8_000)]


def test_a_slow_network_gets_fewer_epochs_rather_than_too_few_images():
    # 50 ms an image: 1,000 images take 50 s, so 3 epochs fit in 3 minutes and 1 in one.
    assert short(plans(result(5.0), DATA, 3)) == [(3, 1_000)]
    assert short(plans(result(5.0), DATA, 1)) == [(1, 1_000)]


def test_a_network_too_slow_for_a_thousand_images_gets_no_plan():
    assert plans(result(10.0), DATA, 1) == ()


def test_a_subset_is_no_smaller_than_a_batch():
    # 10 ms an image are 6,000 images a minute: 1,200 five times, 2,000 three times.
    assert short(plans(result(10.0, batch_size=1_000), DATA, 1)) == [(5, 1_000)]
    assert short(plans(result(20.0, batch_size=2_000), DATA, 1)) == [(3, 2_000)]
    assert plans(result(70.0, batch_size=7_000), DATA, 1) == ()


def test_the_subset_that_is_set_now_plays_no_part():
    assert plans(result(), replace(DATA, subset=500), 3) == plans(result(), DATA, 3)


def test_validation_and_start_leave_less_time_to_train():
    # 60 s an epoch with its validation, 16 s at the end, 5 s to start: 2 epochs in 3 minutes.
    assert plans(result(validation=0.001, start=5), DATA, 3)[0].epochs == 2


def test_augmented_copies_take_so_many_times_as_long():
    # 18 epochs of 10 s fit into 3 minutes; with a second copy of every image, 9 do.
    fast = result(1 / 54)
    (once,), (twice, _) = plans(fast, DATA, 3), plans(fast, DATA, 3, copies=2)

    assert (once.epochs, twice.epochs) == (18, 9)


@given(
    st.floats(1e-4, 100),
    st.integers(1, 5_000),
    st.floats(0, 0.01),
    data_specs,
    st.sampled_from([1, 3, 10, 60]),
)
def test_every_plan_fits_its_time_and_its_data(step, batch_size, validation, data, minutes):
    probed = result(step, batch_size=batch_size, validation=validation, start=5)

    for plan in plans(probed, data, minutes):
        planned = replace(data, subset=plan.subset)
        assert plan.seconds <= 60 * minutes
        assert planned.sizes.train == plan.train_size
        assert 1 <= plan.epochs <= 1000
        assert plan.subset is None or plan.subset >= max(MIN_SUBSET, batch_size)


@pytest.mark.parametrize(
    "wrong",
    [
        {"batch_size": 0},
        {"batches": 0},
        {"peak_bytes": -1},
        {"live_runs": -1},
        {"seconds_per_step": 0.0, "fast_step": 0.0},
        {"fast_step": 2.0},
        {"slow_step": 0.01},
        {"seconds_per_validation_image": -1.0},
        {"start_seconds": -1.0},
        {"time": -1.0},
    ],
)
def test_figures_that_no_probe_measures_are_refused(wrong):
    with pytest.raises(TypeError):
        replace(result(), **wrong)
