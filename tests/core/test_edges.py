"""What saliency maps are held against."""

import numpy as np
import pytest

from fmnist_core.analysis.edges import rank_correlation, sobel


def test_the_edge_of_a_step_is_where_it_steps():
    image = np.zeros((28, 28), np.uint8)
    image[:, 14:] = 255
    found = sobel(image)

    # The kernel weighs three rows by 1, 2, 1 and spans two columns: a step of 1 gives 4.
    assert found[10, 12:16].tolist() == [0, 4, 4, 0]
    assert found[10, :12].sum() == 0


def test_maps_are_compared_by_where_they_are_large():
    ramp = np.arange(784.0).reshape(28, 28)

    assert rank_correlation(ramp, ramp**3) == pytest.approx(1)
    assert rank_correlation(ramp, -ramp) == pytest.approx(1)  # signs do not matter
    assert rank_correlation(ramp, 783 - ramp) == pytest.approx(-1)
    assert rank_correlation(ramp, np.zeros((28, 28))) is None
