"""What an operation costs, in numbers that can be checked in the head."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fmnist_core.analysis.channels import MAX_TEXT, MOST, channels_text, read_channels
from fmnist_core.analysis.surgery import (
    QUICK_NUMBERS,
    affordable,
    judge,
    mult_adds_behind,
    noun_of,
    operable,
    verdict,
)
from fmnist_core.exceptions import ComparisonError
from fmnist_core.model import presets
from fmnist_core.model.shapes import convolutions
from fmnist_core.specs import LayerSpec, ModelSpec


def proba(*labels, sure=0.91):
    """Probabilities that take images for these classes, float32 (N, 10)."""
    rows = np.full((len(labels), 10), (1 - sure) / 9, np.float32)
    rows[np.arange(len(labels)), labels] = sure
    return rows


def operated(y_true, before, after):
    index = np.arange(len(y_true), dtype=np.int32)
    return judge(index, np.array(y_true, np.uint8), proba(*before), proba(*after))


def test_what_is_fixed_and_what_is_broken():
    # Of four shirts and four bags, one shirt is found that was not, and three bags are lost.
    found = operated([6] * 4 + [8] * 4, [6, 6, 6, 0] + [8] * 4, [6, 6, 6, 6, 8, 0, 0, 2])

    assert (found.gain.fixed, found.gain.broken, found.gain.gain) == (1, 3, -0.25)
    low, high = found.gain.interval
    assert low < -0.25 < high
    assert found.gain.p_value == pytest.approx(0.625)  # 1 of 4, two-sided: (1 + 4) / 16 · 2
    before, after = found.taken_for(8)
    assert before.tolist() == [0] * 8 + [4, 0]
    assert after.tolist() == [2, 0, 1] + [0] * 5 + [1, 0]
    assert [(each.true, each.gain.gain) for each in found.classes] == [(6, 0.25), (8, -0.75)]


def test_the_loss_rises_by_the_mean_of_the_paired_differences():
    # One of two images is lost: its loss rises from −ln 0.91 to −ln 0.01.
    found = operated([0, 1], [0, 1], [0, 2]).loss
    rise = np.log(0.91) - np.log(0.01)

    assert (found.before, found.after) == (
        pytest.approx(-np.log(0.91), abs=1e-5),
        pytest.approx(-np.log(0.91) + rise / 2, abs=1e-5),
    )
    assert found.rise == pytest.approx(rise / 2, abs=1e-5)
    # The differences are 0 and rise: standard deviation rise / √2, of a mean of two rise / 2.
    assert found.interval == pytest.approx(
        (rise / 2 - 1.95996 * rise / 2, rise / 2 + 1.95996 * rise / 2), abs=1e-4
    )


def test_one_image_has_no_interval_but_a_point():
    found = operated([0], [0], [1])

    assert found.loss.interval == (found.loss.rise, found.loss.rise)
    with pytest.raises(ComparisonError):
        operated([], [], [])


@pytest.mark.parametrize(
    ("after", "sentence"),
    [
        (
            [0] * 20,
            "With 1 of 4 filters off, the network is right and wrong on 20 validation images as "
            "before: 0 fixed, 0 broken.",
        ),
        (
            [1] * 10 + [0] * 10,
            "With 1 of 4 filters off, the network is worse by 50.00 points on 20 validation "
            "images; 0 fixed, 10 broken; p = 0.002: more than chance.",
        ),
        (
            [1] + [0] * 19,
            "With 1 of 4 filters off, the network is worse by 5.00 points on 20 validation images; "
            "0 fixed, 1 broken; p = 1.000: may be chance.",
        ),
    ],
)
def test_a_sentence_says_whether_it_is_more_than_chance(after, sentence):
    assert verdict(operated([0] * 20, [0] * 20, after), "1 of 4 filters off") == sentence


def test_as_much_fixed_as_broken_is_a_sentence_of_its_own():
    found = operated([0, 0], [0, 1], [1, 0])

    assert verdict(found, "1 of 4 filters off") == (
        "With 1 of 4 filters off, the network is right as often as before on 2 validation images: "
        "1 fixed, 1 broken."
    )


def test_layers_that_change_something_can_be_operated_on_but_not_the_last():
    small = presets.load("small").experiment.model

    assert [shape.name for shape in operable(small)] == [
        "conv2d_1",
        "max_pooling2d_1",
        "conv2d_2",
        "max_pooling2d_2",
        "dense_1",
    ]
    assert [shape.name for shape in convolutions(small)] == ["conv2d_1", "conv2d_2"]
    names = ("conv2d_1", "max_pooling2d_1", "dense_1")
    assert [noun_of(small, name) for name in names] == ["filter", "map", "unit"]
    only = LayerSpec(type="Dense", name="scores", settings={"units": 10})
    flat = ModelSpec(layers=(LayerSpec(type="Flatten", name="flat"), only))
    assert operable(flat) == convolutions(flat) == []


def test_of_costly_images_fewer_can_be_looked_at():
    small = presets.load("small").experiment.model

    # 11·11·3·3·16·32 + 800·64 + 64·10 multiply-adds follow the first convolution.
    assert mult_adds_behind(small, "conv2d_1") == 557_568 + 51_200 + 640
    # Images of 10 multiply-adds: 2,000 need 20,000, 1,000 need 10,000.
    assert [affordable(10, limit) for limit in (20_000, 19_999, 5_000, 1)] == [
        2_000,
        1_000,
        500,
        500,
    ]
    assert [affordable(cost, 1, QUICK_NUMBERS) for cost in (0.1, 0.005, 0.0001)] == [
        100,
        200,
        2_000,
    ]


@given(st.sets(st.integers(0, MOST - 1), max_size=30))
def test_numbers_are_read_as_they_are_written(numbers):
    assert read_channels(channels_text(numbers)) == sorted(numbers)


def test_neighbours_are_written_as_ranges():
    assert channels_text([9, 0, 1, 2, 11, 12]) == "0-2,9,11-12"
    assert read_channels(" 3, 1-2,2") == [1, 2, 3]
    assert (channels_text([]), read_channels("")) == ("", [])


@pytest.mark.parametrize(
    "text", ["-1", "1-", "2-1", "1.5", "a", "10000", "²", ",", "0-99999", "1," * MAX_TEXT]
)
def test_what_are_no_numbers_is_refused(text):
    with pytest.raises(ValueError, match=r"number|range|characters"):
        read_channels(text)
