"""The colours of the matrix: what stands on them can be read, and more is never paler."""

from __future__ import annotations

import pytest

from fmnist_core.figures.scale import STEPS, color_of, ink, luminance, mix, scale_css

ALL = [
    (step, dark, signed)
    for signed in (False, True)
    for dark in (False, True)
    for step in range(-STEPS if signed else 0, STEPS + 1)
]


def contrast(one, other) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(("step", "dark", "signed"), ALL)
def test_numbers_can_be_read_on_every_step(step, dark, signed):
    color = color_of(step, dark=dark, signed=signed)

    assert contrast(color, ink(color)) >= 4.5


@pytest.mark.parametrize("signed", (False, True))
@pytest.mark.parametrize("side", (-1, 1))
def test_each_step_stands_out_more_from_nothing(side, signed):
    for dark in (False, True):
        steps = [
            color_of(side * step if signed else step, dark=dark, signed=signed)
            for step in range(STEPS + 1)
        ]
        contrasts = [contrast(color, steps[0]) for color in steps]
        assert contrasts == sorted(contrasts)


def test_luminance_is_that_of_wcag():
    # #777777 on white has the well-known contrast of 4.48
    assert luminance((255, 255, 255)) == pytest.approx(1)
    assert contrast((0x77, 0x77, 0x77), (255, 255, 255)) == pytest.approx(4.48, abs=0.005)


def test_half_way_is_the_mean():
    assert mix((0, 100, 200), (100, 0, 200), 0.5) == (50, 50, 200)


def test_there_is_a_rule_for_every_step():
    assert scale_css().count("light-dark(") == 2 * (STEPS + 1 + 2 * STEPS + 1)
